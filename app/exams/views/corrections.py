"""Pages of 题目纠错: the list, one question with what is said of it, checking, marking anew."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.exams.correction_flow import FLOW, exam_of, stem_of
from app.exams.correction_forms import FindingForm
from app.exams.faces import face_of
from app.exams.models import (
    CORRECTION_KIND_LABELS,
    CorrectionKind,
    CorrectionState,
    Exam,
    PaperQuestion,
    QuestionCorrection,
)
from app.exams.service import corrections, doubts, foresight, remarking
from app.exams.service.corrections import Questioned
from app.exams.service.foresight import Foresight
from app.exams.service.results import write_right
from app.exams.views import blueprint, pictures
from app.exams.views.papers import load
from app.kernel import db, formats, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read
from app.questions.kinds import QUESTION_KIND_LABELS
from app.workflow.lists import state_options, state_tag
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ, CHECK = Permission.EXAMS_RESULT_READ, Permission.EXAMS_CORRECTION_CHECK


@dataclass(frozen=True, kw_only=True)
class CorrectionRow:
    """One questioned question in the list."""

    correction: QuestionCorrection
    exam: Exam
    question: PaperQuestion
    doubts: int


def question_cell(row: CorrectionRow) -> listing.Cell:
    """Show how the question begins; it leads to the correction."""
    url = url_for("exams.show_correction", record_id=row.correction.id)
    return listing.Cell(text=stem_of(row.correction), href=url)


def finding_text(row: CorrectionRow) -> str:
    """Write what is proposed or decided."""
    return CORRECTION_KIND_LABELS[row.correction.kind] if row.correction.kind else "—"


def correction_listing() -> listing.Listing[CorrectionRow]:
    """Declare the list."""
    return listing.Listing(
        id="correction-list",
        noun="道题",
        title="题目纠错",
        row=lambda found: CorrectionRow(
            correction=found[0], exam=found[1], question=found[2], doubts=found[3]
        ),
        columns=[
            listing.Column(name="question", label="题目", cell=question_cell),
            listing.Column(
                name="exam", label="考试", cell=lambda row: row.exam.title, sort=Exam.closes_at
            ),
            listing.Column(
                name="kind",
                label="题型",
                cell=lambda row: QUESTION_KIND_LABELS[row.question.kind],
                sort=PaperQuestion.kind,
                is_short=True,
            ),
            listing.Column(
                name="doubts",
                label="疑问",
                cell=lambda row: f"{row.doubts}人",
                export=lambda row: row.doubts,
                align="right",
            ),
            listing.Column(name="finding", label="核对意见", cell=finding_text),
            listing.Column(
                name="state",
                label="状态",
                cell=lambda row: state_tag(FLOW, row.correction.state),
                sort=QuestionCorrection.state,
            ),
            listing.Column(
                name="at",
                label="提出时间",
                cell=lambda row: formats.short_moment(row.correction.drafted_at),
                sort=QuestionCorrection.drafted_at,
                export=lambda row: row.correction.drafted_at,
                is_wide=True,
            ),
        ],
        search=(Exam.title, PaperQuestion.stem),
        search_label="考试或题干",
        filters=[
            listing.Filter(
                name="state",
                label="状态",
                options=state_options(FLOW),
                where=lambda value: QuestionCorrection.state == CorrectionState(value),
            ),
            listing.Filter(
                name="finding",
                label="核对意见",
                options=[(each.value, label) for each, label in CORRECTION_KIND_LABELS.items()],
                where=lambda value: QuestionCorrection.kind == CorrectionKind(value),
            ),
        ],
        default_sort="-at",
        tie_break=QuestionCorrection.id.desc(),
        empty_text="还没有人对题目提出疑问。成绩公布后，参加考试的人可以在成绩页上提出。",
    )


@blueprint.get("/corrections")
@require(READ)
def list_corrections() -> ResponseReturnValue:
    """List the questions that were doubted or corrected."""
    view = listing.show(
        correction_listing(),
        corrections.select_corrections_for(signed_in()),
        request.args,
        url=url_for("exams.list_corrections"),
        export_url=url_for("exams.export_corrections"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_corrections.html", listing=view)


@blueprint.get("/corrections/export")
@require(READ)
def export_corrections() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        correction_listing(),
        corrections.select_corrections_for(user),
        what="corrections",
        name="题目纠错.xlsx",
        user=user,
    )


@blueprint.post("/papers/<int:exam_id>/corrections/<int:number>")
@require(CHECK)
def open_correction(exam_id: int, number: int) -> ResponseReturnValue:
    """Begin to correct a question that I have found wrong myself."""
    exam = load(exam_id)
    questioned = corrections.get_questioned(exam.id, number)
    if questioned is None or is_hidden(questioned):
        abort(404)
    try:
        with db.write():
            made = corrections.open_correction(exam_id=exam_id, number=number, user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("exams.list_results", exam_id=exam_id), 303)
    return redirect(url_for("exams.show_correction", record_id=made), 303)


@blueprint.get("/corrections/<int:record_id>")
@require(READ)
def show_correction(record_id: int) -> ResponseReturnValue:
    """Show a question with its key, what is said against it and decided, and who is affected."""
    correction = find(record_id)
    questioned = questioned_of(correction)
    if is_hidden(questioned):
        return render_template(
            "exams/hidden_correction.html", heading=FLOW.title(correction), exam=exam_of(correction)
        )
    record_keys_read(signed_in(), [questioned.question.question_id])
    is_waiting = correction.state is CorrectionState.CHECKED
    foreseen = foresight.foresee_correction(correction) if is_waiting else None
    return render_template(
        "exams/show_correction.html",
        correction=correction,
        heading=FLOW.title(correction),
        panel=panel_of(FLOW, correction, signed_in()),
        **effect_of(foreseen),
        is_behind=remarking.is_behind(exam_of(correction)),
        **context_of(correction, questioned),
    )


def context_of(correction: QuestionCorrection, questioned: Questioned) -> dict[str, object]:
    """Gather what every page about a correction shows of its question."""
    kind = questioned.question.kind
    return {
        "exam": exam_of(correction),
        "question": questioned.question,
        "question_face": face_of(questioned.question),
        "pictures_at": pictures.of_paper(correction.exam_id),
        "kind": QUESTION_KIND_LABELS[kind],
        "right": write_right(kind, questioned.key.key),
        "further": further_texts(questioned),
        "is_void": questioned.amendment.is_void,
        "basis": questioned.key.basis,
        "analysis": questioned.key.analysis,
        "proposed": write_right(kind, correction.further_key) if correction.further_key else "",
        "finding": CORRECTION_KIND_LABELS[correction.kind] if correction.kind else "",
        "reasons": doubts.list_reasons(correction),
    }


def effect_of(foreseen: Foresight | None) -> dict[str, object]:
    """Gather what a page shows of who would be affected."""
    if foreseen is None:
        return {"foreseen": None, "effect": "", "people": []}
    return {
        "foreseen": foreseen,
        "effect": foresight.write(foreseen),
        "people": foresight.name_people(foreseen),
    }


def further_texts(questioned: Questioned) -> Sequence[str]:
    """Write the answers that count beside the key since earlier corrections."""
    kind = questioned.question.kind
    return [write_right(kind, each) for each in questioned.amendment.further]


@blueprint.route("/corrections/<int:record_id>/check", methods=["GET", "POST"])
@require(CHECK)
def check_correction(record_id: int) -> ResponseReturnValue:
    """Say what is right; a second person decides. `preview` shows first who would be affected."""
    correction = load_correction(record_id=record_id)
    questioned = questioned_of(correction)
    record_keys_read(signed_in(), [questioned.question.question_id])
    form = FindingForm()
    if correction.state is not CorrectionState.RAISED:
        flash(corrections.NOTHING_TO_CHECK, "error")
        return redirect(url_for("exams.show_correction", record_id=record_id), 303)
    if request.method != "POST":
        form.fill(correction, questioned.question.kind)
        return show_check(correction, questioned, form)
    if "preview" in request.form:
        return preview(correction, questioned, form)

    def act() -> QuestionCorrection:
        return corrections.check_correction(
            correction_id=record_id,
            finding=form.finding(),
            seen_version=form.version.data,
            user=signed_in(),
        )

    if save(form, act) is None:
        return show_check(correction, questioned, form, status=422)
    flash(FLOW.move("check").done, "success")
    return redirect(url_for("exams.show_correction", record_id=record_id), 303)


def preview(
    correction: QuestionCorrection, questioned: Questioned, form: FindingForm
) -> ResponseReturnValue:
    """Show the form again, with what the typed finding would do; nothing is stored."""
    form.opinion.validators = []
    if not form.validate():
        return show_check(correction, questioned, form, status=422)
    finding = form.finding()
    try:
        key = corrections.read_further(questioned, finding)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_check(correction, questioned, form, status=422)
    foreseen = foresight.foresee(correction.exam_id, correction.number, finding.kind, key)
    return show_check(correction, questioned, form, foreseen=foreseen)


def show_check(
    correction: QuestionCorrection,
    questioned: Questioned,
    form: FindingForm,
    *,
    foreseen: Foresight | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form of a finding beside its question."""
    page = render_template(
        "exams/check_correction.html",
        correction=correction,
        heading=FLOW.title(correction),
        form=form,
        **effect_of(foreseen),
        **context_of(correction, questioned),
    )
    return page, status


@blueprint.post("/corrections/<int:record_id>/mark-again")
@require(Permission.EXAMS_RESULT_GRADE)
def mark_again(record_id: int) -> ResponseReturnValue:
    """Order the marking that a decision wants once more: the job before it has failed."""
    correction = load_correction(record_id=record_id)
    back = url_for("exams.show_correction", record_id=record_id)

    def act() -> None:
        remarking.order_again(correction.exam_id, ordered_by_id=signed_in().person_id)

    return move(act, done="已安排重新评卷。", to=back)


def is_hidden(questioned: Questioned) -> bool:
    """Tell whether I sit this question in an exam whose marks are not released."""
    return questioned.question.question_id in questions.hidden_from(signed_in())


def questioned_of(correction: QuestionCorrection) -> Questioned:
    """Give the question of a correction with its key."""
    return corrections.get_questioned(correction.exam_id, correction.number) or abort(404)


def find(record_id: int) -> QuestionCorrection:
    """Find a correction that I may see, or answer 404."""
    return corrections.get_correction_for(signed_in(), record_id) or abort(404)


def load_correction(*, record_id: int) -> QuestionCorrection:
    """Load a correction whose key I may see, or answer 404."""
    correction = find(record_id)
    return abort(404) if is_hidden(questioned_of(correction)) else correction


register_moves(blueprint, FLOW, rule="/corrections/<int:record_id>", load=load_correction)
