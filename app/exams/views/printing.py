"""Printing: the paper of an exam and its keys, the evidence of a sitting, everybody's papers."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.service import record_export
from app.exams.models import Exam, ExamPhase, PaperForm, Sitting
from app.exams.printing import (
    ANSWER_SHEET,
    EVIDENCE_PACK,
    KEY_PAPER,
    PAPER_A3,
    PAPER_A4,
    packages,
)
from app.exams.service import papers, results
from app.exams.views import blueprint
from app.exams.views.composing import group_text, name_others
from app.exams.views.papers import load
from app.files import papers as printed
from app.files import service as files
from app.kernel import clock, db
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read

READ, RESULTS = Permission.EXAMS_PAPER_READ, Permission.EXAMS_RESULT_READ
FORM = "/papers/<int:exam_id>/forms/<int:form_code>"


@dataclass(frozen=True, kw_only=True)
class FormTarget:
    """A form of a published paper, as its papers name it."""

    exam: Exam
    form: PaperForm

    @property
    def id(self) -> int:
        """Give the record of the paper."""
        return self.exam.id

    @property
    def part(self) -> int:
        """Give the part of the record."""
        return self.form.code


def load_form(exam_id: int, form_code: int) -> FormTarget:
    """Load a form of a published paper that I may see as an organiser, or answer 404."""
    exam = load(exam_id)
    forms = {each.code: each for each in papers.list_forms(exam_id)}
    if exam.published_at is None or form_code not in forms:
        abort(404)
    return FormTarget(exam=exam, form=forms[form_code])


def load_keyed_form(exam_id: int, form_code: int) -> FormTarget:
    """Load a form with its keys, and write down that I read them; 404 while one is hidden."""
    target, user = load_form(exam_id, form_code), signed_in()
    asked = papers.list_question_ids(exam_id, form_code)
    if not asked.isdisjoint(questions.hidden_from(user)):
        abort(404)
    record_keys_read(user, asked)
    return target


@blueprint.get("/papers/<int:exam_id>/print")
@require(READ)
def show_printing(exam_id: int) -> ResponseReturnValue:
    """Offer the papers of one form: for those who sit it on paper, and for those who mark it."""
    exam = load(exam_id)
    forms = papers.list_forms(exam_id)
    if exam.published_at is None or not forms:
        abort(404)
    others = name_others(forms)
    codes = {each.code for each in forms}
    chosen = request.args.get("form", "")
    code = int(chosen) if chosen.isdecimal() and int(chosen) in codes else min(codes)
    return render_template(
        "exams/show_printing.html",
        exam=exam,
        code=code,
        forms=[(each.code, f"第{each.code}卷　{group_text(each, others)}") for each in forms],
        is_open=exam.phase(clock.now()) in {ExamPhase.SCHEDULED, ExamPhase.OPEN},
    )


for kind in (PAPER_A4, PAPER_A3, ANSWER_SHEET):
    printed.add_routes(blueprint, kind, FORM, READ, load_form)
printed.add_routes(blueprint, KEY_PAPER, FORM, READ, load_keyed_form)


# ---------- the evidence of one sitting


def load_graded_sitting(exam_id: int, public_id: str) -> Sitting:
    """Load somebody's sitting with a result and all its keys, or answer 404."""
    exam, user = load(exam_id), signed_in()
    found = results.get_sitting_of(exam_id, public_id)
    if found is None or not results.has_result(exam, found[0]):
        abort(404)
    asked = papers.list_question_ids(exam_id, found[0].form_code)
    if not asked.isdisjoint(questions.hidden_from(user)):
        abort(404)
    record_keys_read(user, asked)
    return found[0]


printed.add_routes(
    blueprint,
    EVIDENCE_PACK,
    "/papers/<int:exam_id>/results/<string:public_id>",
    RESULTS,
    load_graded_sitting,
)


# ---------- everybody's papers


@blueprint.post("/papers/<int:exam_id>/package")
@require(RESULTS)
def order_package(exam_id: int) -> ResponseReturnValue:
    """Order the 通报 and the sheets of all departments and people as one zip."""
    exam, user = load(exam_id), signed_in()
    record_keys_read(user, results.list_question_ids(exam_id))
    try:
        with db.write():
            job = packages.order_package(exam=exam, ordered_by_id=user.person_id)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("exams.show_report", exam_id=exam_id), 303)
    return redirect(url_for("jobs.show_job", public_id=job), 303)


@blueprint.get("/packages/<string:public_id>")
@require(RESULTS)
def export_package(public_id: str) -> ResponseReturnValue:
    """Hand a zip over; the event is committed before its first byte goes."""
    package = packages.get_package(public_id)
    if package is None:
        abort(404)
    load(package.exam_id)
    response = files.answer_if_there(packages.file_of(package), is_inline=False)
    record_export(
        person_id=signed_in().person_id, what="exam_package", state=f"package={public_id}"
    )
    return response
