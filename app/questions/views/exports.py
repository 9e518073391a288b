"""Questions with their keys as a file that imports again equal: ordered from the list, fetched."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.service import record_export
from app.files import service as files
from app.kernel import db, listing
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.questions import service
from app.questions.bank_list import make_export
from app.questions.imports import exporting
from app.questions.key_reading import record_keys_read
from app.questions.models import Question
from app.questions.views.base import blueprint

READ = Permission.QUESTIONS_BANK_READ


@blueprint.post("/export-files")
@require(READ)
def order_export() -> ResponseReturnValue:
    """Order a file of the questions that the list shows, all its pages."""
    user, form = signed_in(), request.form.get("form", "")
    bank = make_export()
    state = listing.read_state(bank, request.args)
    narrowed = listing.narrow(bank, service.select_questions_for(user), state)
    ids = list(db.session.scalars(narrowed.with_only_columns(Question.id)))
    try:
        with db.write():
            job_id = exporting.order_export(ids=ids, form=form, user=user)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(state.url(url_for("questions.list_questions")), 303)
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)


@blueprint.get("/export-files/<string:public_id>")
@require(READ)
def export_file(public_id: str) -> ResponseReturnValue:
    """Give a file that I ordered within the last day; first the event is committed."""
    user = signed_in()
    file = exporting.get_file_for(user, public_id)
    if file is None:
        abort(404)
    record_export(person_id=user.person_id, what="question_export", state=f"file={public_id}")
    record_keys_read(user, exporting.questions_in(public_id))
    return files.answer_if_there(file, is_inline=False)
