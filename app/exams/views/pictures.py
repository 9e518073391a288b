"""Pictures in the stems of frozen questions: for whoever sits the paper, for whoever previews it.

A person gets those of his own form only, from his first entry on. What is frozen never changes, so
a browser need not ask again while the exam lasts.
"""

from flask import abort, url_for
from flask.typing import ResponseReturnValue

from app.exams.service import papers, sittings
from app.exams.views import blueprint
from app.files import service as files
from app.files.models import StoredFile
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

# As long as the longest exam lasts; signing out takes it away sooner.
CACHE = "private, max-age=14400, immutable"


@blueprint.get("/sittings/<string:public_id>/pictures/<int:number>/<int:place>")
@require(Permission.EXAMS_SITTING_SIT)
def show_question_picture(public_id: str, number: int, place: int) -> ResponseReturnValue:
    """Give a picture of a question that I am asked; `place` counts from 1 among its pictures."""
    found = sittings.get_sitting_for(signed_in(), public_id)
    if found is None or found[1].started_at is None:
        abort(404)
    return answer_kept(sittings.get_picture(*found, number, place))


@blueprint.get("/papers/<int:exam_id>/pictures/<int:number>/<int:place>")
@require(Permission.EXAMS_PAPER_READ)
def show_paper_picture(exam_id: int, number: int, place: int) -> ResponseReturnValue:
    """Give a picture of a frozen question to an organiser."""
    if papers.get_paper_for(signed_in(), exam_id) is None:
        abort(404)
    return answer_kept(sittings.get_any_picture(exam_id, number, place))


def answer_kept(picture: StoredFile | None) -> ResponseReturnValue:
    """Answer with a picture that the browser keeps."""
    response = files.answer_if_there(picture, is_inline=True)
    response.headers["Cache-Control"] = CACHE
    return response


def of_sitting(public_id: str) -> str:
    """Give the address below which a sitting has its pictures."""
    address = url_for("exams.show_question_picture", public_id=public_id, number=0, place=0)
    return address.removesuffix("/0/0")


def of_paper(exam_id: int) -> str:
    """Give the address below which organisers have the pictures of a paper."""
    address = url_for("exams.show_paper_picture", exam_id=exam_id, number=0, place=0)
    return address.removesuffix("/0/0")
