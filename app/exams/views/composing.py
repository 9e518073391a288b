"""Pages of 组卷: what is drawn, how, the drawing, and the forms that came of it."""

from collections.abc import Iterable, Sequence
from secrets import randbelow

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.roster.models import POST_GROUP_LABELS
from app.exams.blueprint_forms import RowForm, WayForm
from app.exams.drawing import Row, count_fitting
from app.exams.kinds import PART_RULE_LABELS
from app.exams.models import Exam, ExamState, PaperForm
from app.exams.service import blueprints, lines, papers, readiness
from app.exams.service.drafting import MOST_SEED
from app.exams.views import blueprint
from app.exams.views.papers import load, paper_url
from app.kernel import db
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.questions import service as questions
from app.questions.key_reading import record_keys_read
from app.questions.key_text import write_key
from app.questions.kinds import DIFFICULTY_LABELS, QUESTION_KIND_LABELS
from app.questions.models import QUESTION_CATEGORY_LABELS

DRAFT, READ = Permission.EXAMS_PAPER_DRAFT, Permission.EXAMS_PAPER_READ
STALE = "别人在你打开之后改过这张试卷，你的修改还没有保存。请核对后再保存。"
NO_POST, EVERYBODY = "没有岗位类别的人", "所有参加的人"
STALE_STATUS = 409
REFUSED = 422
MAX_DIGITS = 3


@blueprint.route("/papers/<int:exam_id>/blueprint", methods=["GET", "POST"])
@require(DRAFT)
def edit_blueprint(exam_id: int) -> ResponseReturnValue:
    """Show what is to be drawn; add a row."""
    exam, form = load(exam_id), row_form()
    if exam.state is not ExamState.DRAFT:
        return leave(exam)
    if request.method != "POST":
        return render(exam, rows_form=form)

    def add() -> bool:
        rows = blueprints.rows_of(exam_id)
        replace(exam, [*rows, form.row(len(rows) + 1)])
        return True

    if not save(form, add):
        return render(exam, rows_form=form, status=REFUSED)
    flash("已加一行。", "success")
    return redirect(url_for("exams.edit_blueprint", exam_id=exam_id), 303)


@blueprint.post("/papers/<int:exam_id>/blueprint/rows/<int:number>/remove")
@require(DRAFT)
def remove_row(exam_id: int, number: int) -> ResponseReturnValue:
    """Take a row out."""
    exam = load(exam_id)

    def act() -> None:
        replace(exam, [row for row in blueprints.rows_of(exam_id) if row.number != number])

    back = url_for("exams.edit_blueprint", exam_id=exam_id)
    return move(act, done="已删去这一行。", to=back)


@blueprint.post("/papers/<int:exam_id>/drawing")
@require(DRAFT)
def edit_drawing(exam_id: int) -> ResponseReturnValue:
    """Say how forms are drawn, put and marked."""
    exam, form = load(exam_id), WayForm()
    if exam.state is not ExamState.DRAFT:
        return leave(exam)

    def change() -> bool:
        blueprints.set_blueprint(
            exam_id=exam_id,
            seen_version=form.version.data,
            rows=blueprints.rows_of(exam_id),
            way=form.way(),
            edited_by_id=signed_in().person_id,
        )
        return True

    try:
        is_saved = save(form, change)
    except StaleEditError:
        form.add_errors({"": STALE})
        form.version.data = exam.version
        return render(exam, way_form=form, status=STALE_STATUS)
    if not is_saved:
        return render(exam, way_form=form, status=REFUSED)
    flash("已保存。", "success")
    return redirect(url_for("exams.edit_blueprint", exam_id=exam_id), 303)


@blueprint.post("/papers/<int:exam_id>/draw")
@require(DRAFT)
def draw_forms(exam_id: int) -> ResponseReturnValue:
    """Order the drawing; its job says what is short, or leads to the forms."""
    load(exam_id)
    try:
        with db.write():
            if request.form.get("again") == "1":
                blueprints.change_seed(
                    exam_id=exam_id, seed=randbelow(MOST_SEED), edited_by_id=signed_in().person_id
                )
            job_id = blueprints.order_drawing(exam_id=exam_id, ordered_by_id=signed_in().person_id)
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(paper_url(exam_id), 303)
    return redirect(url_for("jobs.show_job", public_id=job_id), 303)


@blueprint.get("/papers/<int:exam_id>/forms")
@require(READ)
def show_forms(exam_id: int) -> ResponseReturnValue:
    """List the forms of a paper, with for whom each is and how hard."""
    exam = load(exam_id)
    forms = papers.list_forms(exam_id)
    others = name_others(forms)
    return render_template(
        "exams/show_forms.html",
        exam=exam,
        forms=[
            (form.code, group_text(form, others), len(form.question_ids), form.difficulty)
            for form in forms
        ],
        count=readiness.count_questions(exam_id),
        full_marks=readiness.full_marks_of(exam_id),
        may_draw=exam.state is ExamState.DRAFT and signed_in().can(DRAFT),
    )


@blueprint.get("/papers/<int:exam_id>/forms/<int:form_code>")
@require(READ)
def show_form_questions(exam_id: int, form_code: int) -> ResponseReturnValue:
    """Show the questions of one form with their keys, but for those that I sit elsewhere."""
    exam = load(exam_id)
    forms = {each.code: each for each in papers.list_forms(exam_id)}
    form = forms.get(form_code)
    if form is None:
        abort(404)
    others = name_others(forms.values())
    found, hidden = lines.list_form_lines(exam, form), questions.hidden_from(signed_in())
    record_keys_read(signed_in(), {each.question_id for each in found} - hidden)
    return render_template(
        "exams/show_form_questions.html",
        exam=exam,
        code=form_code,
        group=group_text(form, others),
        lines=found,
        hidden=hidden,
        kinds=QUESTION_KIND_LABELS,
        key_text=write_key,
    )


def name_others(forms: Iterable[PaperForm]) -> str:
    """Name those who sit a form that is for no post group: everybody, where no form is for one."""
    return NO_POST if any(each.post_group for each in forms) else EVERYBODY


def group_text(form: PaperForm, others: str) -> str:
    """Say for whom a form is; `others` names those who sit one that is for no post group."""
    return others if form.post_group is None else POST_GROUP_LABELS[form.post_group]


def replace(exam: Exam, rows: Sequence[Row]) -> None:
    """Store other rows, drawn as before, in the open write."""
    now = papers.get_draft(exam.id)
    blueprints.set_blueprint(
        exam_id=exam.id,
        seen_version=now.version,
        rows=rows,
        way=blueprints.way_of(now),
        edited_by_id=signed_in().person_id,
    )


def row_form(*, empty: bool = False) -> RowForm:
    """Give the form of a row with the bank's tags; an empty one takes nothing of what was sent."""
    form = RowForm(formdata=None) if empty else RowForm()
    form.offer(blueprints.list_tags())
    return form


def stored_way(exam: Exam) -> WayForm:
    """Give the form of how it is drawn, as it is stored."""
    form = WayForm(formdata=None)
    form.fill(exam)
    return form


def leave(exam: Exam) -> ResponseReturnValue:
    """Lead away from changing what is no draft any more."""
    flash(papers.NOT_A_DRAFT, "error")
    return redirect(paper_url(exam.id), 303)


def render(
    exam: Exam,
    *,
    rows_form: RowForm | None = None,
    way_form: WayForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the page of 组卷."""
    plan = blueprints.plan_of(exam)
    fitting = count_fitting(plan, blueprints.list_candidates(exam))
    items = papers.list_items(exam.id)
    page = render_template(
        "exams/edit_blueprint.html",
        exam=exam,
        rows=list(zip(plan.rows, fitting, strict=True)),
        items=len(items),
        item_marks=sum(item.marks for item in items),
        count=readiness.count_questions(exam.id),
        full_marks=readiness.full_marks_of(exam.id),
        forms=len(papers.list_forms(exam.id)),
        form=rows_form or row_form(empty=True),
        way=way_form or stored_way(exam),
        categories=QUESTION_CATEGORY_LABELS,
        kinds=QUESTION_KIND_LABELS,
        difficulties=DIFFICULTY_LABELS,
        rules=PART_RULE_LABELS,
    )
    return page, status
