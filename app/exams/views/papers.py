"""Pages of organisers: papers in a list, one with its path, drafting, choosing questions."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.exams import attendance
from app.exams.exam_flow import FLOW, NOT_YOUR_OWN
from app.exams.forms import PaperForm
from app.exams.models import EXAM_PHASE_LABELS, Exam, ExamPhase, ExamState, Sitting
from app.exams.paper_html import paper_blocks
from app.exams.rule_lines import rule_lines
from app.exams.service import (
    batches,
    choosing,
    copying,
    drafting,
    grading,
    hand_answers,
    makeups,
    papers,
    results,
    sittings,
)
from app.exams.service.frozen import paper_of
from app.exams.service.lines import line_of
from app.exams.views import blueprint, pictures
from app.exams.views.exam_columns import PHASE_TAGS, phase_column, time_columns, title_column
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read
from app.questions.key_text import write_key
from app.questions.kinds import QUESTION_KIND_LABELS, QuestionKind
from app.questions.models import Question, QuestionVersion
from app.workflow.lists import state_options
from app.workflow.panels import panel_of

MAX_VERSION_DIGITS = 9
MOST_NAMED = 8
MADE_UP = "由安排补考的人员参加，不分部门"
NAMED = "由课堂的签到人员参加，不分部门"
# Who decides on a paper in which state.
DECIDES = {
    ExamState.SUBMITTED: Permission.EXAMS_PAPER_REVIEW,
    ExamState.REVIEWED: Permission.EXAMS_PAPER_APPROVE,
}


@dataclass(frozen=True, kw_only=True)
class PaperRow:
    """A paper in the list."""

    exam: Exam
    drafted_by: str


@dataclass(frozen=True, kw_only=True)
class BankRow:
    """A question of the bank, to be chosen for a paper."""

    question: Question
    version: QuestionVersion


def exam_of(row: PaperRow) -> Exam:
    """Give the exam of a line."""
    return row.exam


PAPERS: listing.Listing[PaperRow] = listing.Listing(
    id="paper-list",
    noun="场考试",
    title="一月一考",
    row=lambda found: PaperRow(exam=found[0], drafted_by=found[1]),
    columns=[
        title_column(exam_of, "exams.show_paper"),
        phase_column(exam_of),
        *time_columns(exam_of),
        listing.Column(
            name="questions",
            label="题数",
            cell=lambda row: str(row.exam.question_count or "—"),
            sort=Exam.question_count,
            export=lambda row: row.exam.question_count,
            align="right",
            is_wide=True,
        ),
        listing.Column(
            name="drafter", label="起草人", cell=lambda row: row.drafted_by, is_wide=True
        ),
    ],
    search=(Exam.title,),
    search_label="考试名称",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=state_options(FLOW),
            where=lambda value: Exam.state == ExamState(value),
        )
    ],
    default_sort="-closes",
    tie_break=Exam.id.desc(),
    empty_text="还没有起草过考试。",
)

BANK: listing.Listing[BankRow] = listing.Listing(
    id="bank-list",
    noun="道题",
    row=lambda found: BankRow(question=found[0], version=found[1]),
    columns=[
        listing.Column(
            name="stem", label="题干", cell=lambda row: row.version.stem, sort=QuestionVersion.stem
        ),
        listing.Column(
            name="kind",
            label="题型",
            cell=lambda row: QUESTION_KIND_LABELS[row.version.kind],
            sort=QuestionVersion.kind,
        ),
        listing.Column(
            name="marks",
            label="分值",
            cell=lambda row: formats.marks(row.version.marks),
            sort=QuestionVersion.marks,
            align="right",
        ),
        listing.Column(
            name="add",
            label="操作",
            cell=lambda row: listing.button(
                form="choose",
                name="add",
                value=row.question.id,
                label="选入",
                about=f"第{row.question.id}题",
            ),
        ),
    ],
    search=(QuestionVersion.stem, QuestionVersion.basis),
    search_label="题干或依据",
    filters=[
        listing.Filter(
            name="kind",
            label="题型",
            options=[(kind.value, label) for kind, label in QUESTION_KIND_LABELS.items()],
            where=lambda value: QuestionVersion.kind == QuestionKind(value),
        )
    ],
    tie_break=Question.id.desc(),
    per_page=10,
    empty_text="题库里没有可以选入的题。",
)


@blueprint.get("/papers")
@require(Permission.EXAMS_PAPER_READ)
def list_papers() -> ResponseReturnValue:
    """List all papers, drafts included."""
    user = signed_in()
    may_draft = user.can(Permission.EXAMS_PAPER_DRAFT)
    view = listing.show(
        PAPERS,
        papers.select_papers_for(user),
        request.args,
        url=url_for("exams.list_papers"),
        export_url=url_for("exams.export_papers"),
        empty_action=("起草第一场考试", url_for("exams.new_paper")) if may_draft else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "exams/list_papers.html",
        listing=view,
        may_draft=may_draft,
        newest_id=newest(user) if may_draft else None,
    )


def newest(user: Principal) -> int | None:
    """Give the exam that 复制上期 takes, if it is one that this person may see."""
    exam_id = copying.newest_exam_id()
    return exam_id if exam_id and papers.get_paper_for(user, exam_id) else None


@blueprint.get("/papers/export")
@require(Permission.EXAMS_PAPER_READ)
def export_papers() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        PAPERS, papers.select_papers_for(user), what="exam", name="一月一考.xlsx", user=user
    )


@blueprint.route("/papers/new", methods=["GET", "POST"])
@require(Permission.EXAMS_PAPER_DRAFT)
def new_paper() -> ResponseReturnValue:
    """Draft a paper: first its settings."""
    form = paper_form()
    if request.method != "POST":
        return show_form(form)
    user = signed_in()

    def draft() -> int:
        return drafting.draft_paper(settings=form.settings(), drafted_by_id=user.person_id)

    exam_id = save(form, draft)
    if exam_id is None:
        return show_form(form, status=422)
    flash("已保存。接下来选题，选好后送审。", "success")
    return redirect(url_for("exams.choose_questions", exam_id=exam_id), 303)


@blueprint.route("/papers/<int:exam_id>/edit", methods=["GET", "POST"])
@require(Permission.EXAMS_PAPER_DRAFT)
def edit_paper(exam_id: int) -> ResponseReturnValue:
    """Change a draft's settings."""
    exam = load(exam_id)
    form = paper_form()
    if request.method != "POST":
        form.fill(exam, papers.list_department_ids(exam_id))
        return show_form(form, exam=exam)
    user = signed_in()

    def edit() -> bool:
        papers.edit_paper(
            exam_id=exam_id,
            seen_version=form.version.data,
            settings=form.settings(),
            edited_by_id=user.person_id,
        )
        return True

    try:
        is_saved = save(form, edit)
    except StaleEditError:
        form.add_errors(
            {"": "别人在你打开之后改过这场考试，你的修改还没有保存。请对照上面的最新内容再保存。"}
        )
        form.version.data = exam.version
        return show_form(form, exam=exam, is_stale=True, status=409)
    if not is_saved:
        return show_form(form, exam=exam, status=422)
    flash("已保存。", "success")
    return redirect(paper_url(exam_id), 303)


@blueprint.get("/papers/<int:exam_id>")
@require(Permission.EXAMS_PAPER_READ)
def show_paper(exam_id: int) -> ResponseReturnValue:
    """Show a paper, its path, and the move that comes next."""
    exam = load(exam_id)
    user = signed_in()
    now = clock.now()
    phase = exam.phase(now)
    panel = panel_of(FLOW, exam, user)
    items, hidden = papers.list_items(exam.id), questions.hidden_from(user)
    if not exam.is_frozen:
        record_keys_read(user, {each.question.id for each in items} - hidden)
    decides = exam.state in DECIDES and user.can(DECIDES[exam.state])
    return render_template(
        "exams/show_paper.html",
        exam=exam,
        lines=[line_of(each) for each in items],
        hidden=hidden,
        departments=department_text(exam.id),
        panel=panel,
        path=panel.path,
        phase_label=EXAM_PHASE_LABELS[phase],
        phase_tag=PHASE_TAGS[phase],
        progress=results.count_progress(exam.id),
        counts=attendance.count(None, Sitting.exam_id == exam.id),
        windows=[str(batches.read(each)) for each in batches.list_windows(exam.id)],
        kinds=QUESTION_KIND_LABELS,
        key_text=write_key,
        related=makeups.list_related(exam, user),
        is_drawn=bool(papers.list_rows(exam_id)),
        form_count=len(papers.list_forms(exam_id)),
        barred_text=NOT_YOUR_OWN if decides and papers.is_author(exam_id, user.person_id) else "",
        hand=hand_answers.list_progress(exam_id, user.person_id) if exam.is_frozen else [],
        may_mark=user.can(Permission.EXAMS_ANSWER_MARK),
        may_edit=user.can(Permission.EXAMS_PAPER_DRAFT) and exam.state is ExamState.DRAFT,
        may_copy=user.can(Permission.EXAMS_PAPER_DRAFT)
        and not exam.is_for_named
        and exam.makeup_of_id is None,
        may_watch=user.can(Permission.EXAMS_SITTING_WATCH)
        and phase in {ExamPhase.SCHEDULED, ExamPhase.OPEN, ExamPhase.CLOSED},
        may_grade=user.can(Permission.EXAMS_RESULT_GRADE)
        and phase in {ExamPhase.CLOSED, ExamPhase.GRADED}
        and grading.is_finished(exam, now),
    )


@blueprint.get("/papers/<int:exam_id>/preview")
@require(Permission.EXAMS_PAPER_READ)
def preview_paper(exam_id: int) -> ResponseReturnValue:
    """Show a published paper as people sit it, without keys; for reading and printing."""
    exam = load(exam_id)
    frozen = list(paper_of(exam).questions.values())
    if not frozen:
        abort(404)
    return render_template(
        "exams/preview_paper.html",
        exam=exam,
        rules=rule_lines(exam, {each.kind for each in frozen}),
        blocks=paper_blocks(
            sittings.place_questions(exam, "", frozen), {}, pictures.of_paper(exam_id)
        ),
    )


@blueprint.route("/papers/<int:exam_id>/questions", methods=["GET", "POST"])
@require(Permission.EXAMS_PAPER_DRAFT)
def choose_questions(exam_id: int) -> ResponseReturnValue:
    """Choose the questions of a draft: add, take out, move up."""
    exam = load(exam_id)
    if exam.state is not ExamState.DRAFT:
        return leave_choice(exam)
    if request.method == "POST":
        try:
            with db.write():
                change_items(exam_id)
        except RefusedError as refused:
            flash(str(refused), "error")
        return redirect(listing.read_state(BANK, request.args).url(request.path), 303)
    items = papers.list_items(exam_id)
    view = listing.show(
        BANK,
        questions.select_questions_for(signed_in()).where(
            questions.drawable(),
            Question.id.not_in([item.question.id for item in items]),
        ),
        request.args,
        url=url_for("exams.choose_questions", exam_id=exam_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "exams/choose_questions.html",
        exam=exam,
        items=items,
        listing=view,
        full_marks=sum(item.marks for item in items),
        kinds=QUESTION_KIND_LABELS,
    )


def leave_choice(exam: Exam) -> ResponseReturnValue:
    """Lead away from choosing what can't be chosen any more: the bank may have changed since."""
    if request.method == "POST":
        flash(papers.NOT_A_DRAFT, "error")
    if exam.is_frozen:
        return redirect(url_for("exams.preview_paper", exam_id=exam.id), 303)
    return redirect(paper_url(exam.id), 303)


def change_items(exam_id: int) -> None:
    """Do what the pressed button says, in the open write; junk changes nothing."""
    user = signed_in()
    acts = {"add": choosing.add_item, "remove": choosing.remove_item, "up": choosing.move_item_up}
    for name, act in acts.items():
        text = request.form.get(name, "")
        if text.isascii() and text.isdigit() and len(text) <= MAX_VERSION_DIGITS:
            act(exam_id=exam_id, question_id=int(text), edited_by_id=user.person_id)


def paper_url(exam_id: int) -> str:
    """Give the address of a paper's page."""
    return url_for("exams.show_paper", exam_id=exam_id)


def load(exam_id: int) -> Exam:
    """Load a paper that I may see as an organiser, or answer 404."""
    exam = papers.get_paper_for(signed_in(), exam_id)
    if exam is None:
        abort(404)
    return exam


def department_text(exam_id: int) -> str:
    """Name the departments that take part; all of a large hall are not named one by one."""
    if db.session.get_one(Exam, exam_id).is_for_named:
        return NAMED
    if db.session.get_one(Exam, exam_id).makeup_of_id is not None:
        return MADE_UP
    names = papers.list_department_names(exam_id)
    if len(names) > MOST_NAMED and names == [each.name for each in accounts.list_departments()]:
        return f"全部{len(names)}个部门"
    return "、".join(names)


def paper_form() -> PaperForm:
    """Give the form with the departments in the hall's 序列."""
    form = PaperForm()
    form.department_ids.choices = [
        SelectChoice(department.id, department.name) for department in accounts.list_departments()
    ]
    return form


def show_form(
    form: PaperForm, *, exam: Exam | None = None, is_stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    """Show the settings form; for a stale edit together with what is stored now."""
    departments = department_text(exam.id) if exam and is_stale else ""
    page = render_template(
        "exams/edit_paper.html", form=form, exam=exam, is_stale=is_stale, departments=departments
    )
    return page, status
