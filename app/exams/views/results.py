"""Pages of organisers after an exam: who sat, what marks, which late answers."""

from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.audit.exports import answer_export
from app.audit.service import record_read
from app.exams import attendance
from app.exams.answer_shapes import write_answer
from app.exams.forms import ReasonForm
from app.exams.models import (
    STANDING_LABELS,
    Exam,
    ExamPhase,
    Sitting,
    SittingResult,
    SittingStanding,
)
from app.exams.service import grading, results, sittings
from app.exams.views import blueprint, result_page
from app.exams.views.papers import load
from app.kernel import clock, formats, htmx, listing
from app.kernel.acts import move
from app.kernel.declared import require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read


@dataclass(frozen=True, kw_only=True)
class RollRow:
    """One person on the roll of an exam."""

    exam: Exam
    sitting: Sitting
    person: Person
    department: Department
    result: SittingResult | None


def name_cell(row: RollRow) -> listing.Cell | str:
    """Show the name; with a result it leads to it."""
    if row.result is None:
        return row.person.name
    url = url_for("exams.show_person_result", exam_id=row.exam.id, public_id=row.sitting.public_id)
    return listing.Cell(text=row.person.name, href=url)


def verdict(row: RollRow) -> listing.Cell | str:
    """Show whether somebody passed."""
    if row.result is None:
        return "—"
    return listing.Cell(
        text="合格" if row.result.is_passed else "不合格",
        kind="tag-green" if row.result.is_passed else "tag-amber",
    )


STATES = (
    ("absent", "未参加、缺考"),
    ("begun", "作答中"),
    ("ended", "已交卷"),
    *((each.value, STANDING_LABELS[each]) for each in attendance.EXCUSED),
)


def roll_listing(exam: Exam) -> listing.Listing[RollRow]:
    """Declare the list of everybody on an exam's roll."""
    now = clock.now()
    departments = [(str(each.id), each.name) for each in accounts.list_departments()]
    return listing.Listing(
        id="result-list",
        noun="人",
        title="应考与成绩",
        row=lambda found: RollRow(
            exam=exam, sitting=found[0], person=found[1], department=found[2], result=found[3]
        ),
        columns=[
            listing.Column(
                name="name", label="姓名", cell=name_cell, sort=Person.name_key, is_short=True
            ),
            listing.Column(
                name="number",
                label="工号",
                cell=lambda row: row.person.staff_number,
                sort=Person.staff_number,
                is_short=True,
            ),
            listing.Column(
                name="department",
                label="部门",
                cell=lambda row: row.department.name,
                sort=Department.position,
            ),
            listing.Column(
                name="state",
                label="状态",
                cell=lambda row: attendance.state_of(row.exam, row.sitting, now),
                sort=Sitting.handed_in_at,
            ),
            listing.Column(
                name="marks",
                label="成绩",
                cell=lambda row: formats.marks(row.result.marks) if row.result else "—",
                export=lambda row: row.result.marks if row.result else None,
                align="right",
            ),
            listing.Column(name="verdict", label="结果", cell=verdict),
        ],
        search=(Person.name, Person.staff_number),
        search_label="姓名或工号",
        filters=[
            listing.Filter(
                name="department",
                label="部门",
                options=departments,
                where=lambda value: Sitting.department_id == int(value),
            ),
            listing.Filter(
                name="state",
                label="状态",
                options=[*STATES],
                where=state_is,
            ),
        ],
        default_sort="department",
        tie_break=(Person.name_key, Person.staff_number),
        empty_text="还没有应考人员。",
    )


def state_is(value: str) -> listing.Condition:
    """Filter by how far a sitting is."""
    if value in {each.value for each in attendance.EXCUSED}:
        return Sitting.standing == SittingStanding(value)
    if value == "absent":
        return attendance.has_not_come()
    if value == "begun":
        return Sitting.started_at.is_not(None) & ~results.has_ended(clock.now())
    return results.has_ended(clock.now())


@blueprint.get("/papers/<int:exam_id>/results")
@require(Permission.EXAMS_RESULT_READ)
def list_results(exam_id: int) -> ResponseReturnValue:
    """List the roll with marks, and the figures above it with their denominators."""
    exam = load(exam_id)
    view = listing.show(
        roll_listing(exam),
        results.select_sittings(exam),
        request.args,
        url=url_for("exams.list_results", exam_id=exam_id),
        export_url=url_for("exams.export_results", exam_id=exam_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "exams/list_results.html",
        exam=exam,
        listing=view,
        figures=results.read_figures(exam),
        is_graded=exam.graded_run > 0,
        is_closed=exam.phase(clock.now()) not in {ExamPhase.SCHEDULED, ExamPhase.OPEN},
        late_count=len(results.list_late(exam_id)),
    )


@blueprint.get("/papers/<int:exam_id>/results/export")
@require(Permission.EXAMS_RESULT_READ)
def export_results(exam_id: int) -> ResponseReturnValue:
    """Give the roll as an Excel file."""
    exam = load(exam_id)
    return answer_export(
        roll_listing(exam),
        results.select_sittings(exam),
        what="exam-results",
        name=f"{exam.title}成绩.xlsx",
        user=signed_in(),
    )


@blueprint.get("/papers/<int:exam_id>/results/<string:public_id>")
@require(Permission.EXAMS_RESULT_READ)
def show_person_result(exam_id: int, public_id: str) -> ResponseReturnValue:
    """Show somebody's result; that I looked is written down first."""
    exam = load(exam_id)
    found = results.get_sitting_of(exam_id, public_id)
    if found is None:
        abort(404)
    sitting, person = found
    result = results.get_result(exam, sitting, hidden=questions.hidden_from(signed_in()))
    if result is None:
        abort(404)
    record_read(person_id=signed_in().person_id, object_type="sitting", object_id=sitting.public_id)
    record_keys_read(signed_in(), [each.question_id for each in result.items])
    may_correct = signed_in().can(Permission.EXAMS_CORRECTION_CHECK)
    return result_page.render_of(person, result, may_correct=may_correct)


@blueprint.get("/papers/<int:exam_id>/late-answers")
@require(Permission.EXAMS_RESULT_READ)
def list_late_answers(exam_id: int) -> ResponseReturnValue:
    """Show the answers that came after the grace, and what was decided about them."""
    return render_late(load(exam_id), ReasonForm())


def render_late(
    exam: Exam, form: ReasonForm, *, failed_id: int | None = None, status: int = 200
) -> ResponseReturnValue:
    """Render the page of late answers."""
    may_admit = signed_in().can(Permission.EXAMS_ANSWER_ADMIT)
    page = render_template(
        "exams/list_late_answers.html",
        exam=exam,
        late=results.list_late(exam.id),
        form=form,
        failed_id=failed_id,
        may_admit=may_admit and exam.phase(clock.now()) is not ExamPhase.RELEASED,
        kinds={each.number: each.kind for each in sittings.list_questions(exam.id)},
        write_answer=write_answer,
    )
    return page, status


@blueprint.post("/papers/<int:exam_id>/late-answers/<int:late_answer_id>")
@require(Permission.EXAMS_ANSWER_ADMIT)
def admit_late_answer(exam_id: int, late_answer_id: int) -> ResponseReturnValue:
    """Let a late answer count, with a reason."""
    exam = load(exam_id)
    if late_answer_id not in {late.id for late, _, _ in results.list_late(exam_id)}:
        abort(404)
    form = ReasonForm()
    if not form.validate():
        return render_late(exam, form, failed_id=late_answer_id, status=422)

    def act() -> None:
        grading.admit_late_answer(
            late_answer_id=late_answer_id,
            reason=text_in(form.reason),
            admitted_by_id=signed_in().person_id,
        )

    back = url_for("exams.list_late_answers", exam_id=exam_id)
    return move(act, done="已采纳，会重新评卷。", to=back)
