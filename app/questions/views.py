"""Pages of the question bank."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from app.audit.exports import answer_export
from app.kernel import db, formats, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.questions import service
from app.questions.forms import QuestionForm, write_key
from app.questions.models import (
    QUESTION_CATEGORY_LABELS,
    QUESTION_KIND_LABELS,
    QUESTION_STATE_LABELS,
    Question,
    QuestionCategory,
    QuestionKind,
    QuestionState,
    QuestionVersion,
)
from app.regulations import service as regulations

blueprint = Blueprint("questions", __name__, url_prefix="/questions")

SHORT_STEM = 60


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """A question in the list."""

    question: Question
    version: QuestionVersion


def kind_is(value: str) -> ColumnElement[bool]:
    """Filter by kind."""
    return QuestionVersion.kind == QuestionKind(value)


def category_is(value: str) -> ColumnElement[bool]:
    """Filter by category."""
    return QuestionVersion.category == QuestionCategory(value)


def state_is(value: str) -> ColumnElement[bool]:
    """Filter by state."""
    return Question.state == QuestionState(value)


def shorten(text: str) -> str:
    """Cut a long stem for the list."""
    return text if len(text) <= SHORT_STEM else f"{text[:SHORT_STEM]}…"


QUESTIONS: listing.Listing[QuestionRow] = listing.Listing(
    id="question-list",
    noun="道题",
    title="题库",
    row=lambda found: QuestionRow(question=found[0], version=found[1]),
    columns=[
        listing.Column(
            name="stem",
            label="题干",
            cell=lambda row: listing.Cell(
                text=shorten(row.version.stem),
                href=url_for("questions.show_question", question_id=row.question.id),
            ),
            sort=QuestionVersion.stem,
            export=lambda row: row.version.stem,
        ),
        listing.Column(
            name="number",
            label="题号",
            cell=lambda row: str(row.question.id),
            sort=Question.id,
            export=lambda row: row.question.id,
            align="right",
        ),
        listing.Column(
            name="kind",
            label="题型",
            cell=lambda row: QUESTION_KIND_LABELS[row.version.kind],
            sort=QuestionVersion.kind,
        ),
        listing.Column(
            name="category",
            label="类别",
            cell=lambda row: QUESTION_CATEGORY_LABELS[row.version.category],
            sort=QuestionVersion.category,
        ),
        listing.Column(
            name="marks",
            label="分值",
            cell=lambda row: formats.marks(row.version.marks),
            sort=QuestionVersion.marks,
            export=lambda row: row.version.marks,
            align="right",
        ),
        listing.Column(
            name="basis",
            label="依据",
            cell=lambda row: row.version.basis,
            is_wide=True,
        ),
        listing.Column(
            name="state",
            label="状态",
            cell=lambda row: listing.Cell(
                text=QUESTION_STATE_LABELS[row.question.state],
                kind="tag-green" if row.question.state is QuestionState.ACTIVE else "tag",
            ),
            sort=Question.state,
        ),
    ],
    search=(QuestionVersion.stem, QuestionVersion.basis),
    search_label="题干或依据",
    filters=[
        listing.Filter(
            name="kind",
            label="题型",
            options=[(kind.value, label) for kind, label in QUESTION_KIND_LABELS.items()],
            where=kind_is,
        ),
        listing.Filter(
            name="category",
            label="类别",
            options=[(each.value, label) for each, label in QUESTION_CATEGORY_LABELS.items()],
            where=category_is,
        ),
        listing.Filter(
            name="state",
            label="状态",
            options=[(each.value, label) for each, label in QUESTION_STATE_LABELS.items()],
            where=state_is,
        ),
    ],
    default_sort="-number",
    tie_break=Question.id.desc(),
    empty_text="题库里还没有题。",
)


@blueprint.get("")
@require(Permission.QUESTIONS_BANK_READ)
def list_questions() -> ResponseReturnValue:
    """List the questions that I may see with their keys."""
    user = signed_in()
    may_edit = user.can(Permission.QUESTIONS_QUESTION_EDIT)
    new_url = url_for("questions.new_question")
    view = listing.show(
        QUESTIONS,
        service.select_questions_for(user),
        request.args,
        url=url_for("questions.list_questions"),
        export_url=url_for("questions.export_questions"),
        empty_action=("录入第一道题", new_url) if may_edit else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("questions/list_questions.html", listing=view, may_edit=may_edit)


@blueprint.get("/export")
@require(Permission.QUESTIONS_BANK_READ)
def export_questions() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        QUESTIONS,
        service.select_questions_for(user),
        what="question",
        name="题库.xlsx",
        user=user,
    )


@blueprint.get("/<int:question_id>")
@require(Permission.QUESTIONS_BANK_READ)
def show_question(question_id: int) -> ResponseReturnValue:
    """Show a question with its key and its versions."""
    question, version = load(question_id)
    return render_template(
        "questions/show_question.html",
        question=question,
        version=version,
        key=write_key(version),
        versions=service.list_versions(question_id),
        cited=regulations.get_article(version.article_id),
        kind=QUESTION_KIND_LABELS[version.kind],
        category=QUESTION_CATEGORY_LABELS[version.category],
        state=QUESTION_STATE_LABELS[question.state],
        is_active=question.state is QuestionState.ACTIVE,
        may_edit=signed_in().can(Permission.QUESTIONS_QUESTION_EDIT),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@require(Permission.QUESTIONS_QUESTION_EDIT)
def new_question() -> ResponseReturnValue:
    """Type in a question."""
    form = QuestionForm()
    form.prepare_articles()
    if request.method != "POST":
        return show_form(form)
    user = signed_in()

    def create() -> int:
        return service.create_question(content=form.content(), created_by_id=user.person_id)

    question_id = save(form, create)
    if question_id is None:
        return show_form(form, status=422)
    flash(f"已保存为第{question_id}题。", "success")
    if "again" in request.form:
        return redirect(url_for("questions.new_question"), 303)
    return redirect(url_for("questions.show_question", question_id=question_id), 303)


@blueprint.route("/<int:question_id>/edit", methods=["GET", "POST"])
@require(Permission.QUESTIONS_QUESTION_EDIT)
def edit_question(question_id: int) -> ResponseReturnValue:
    """Change a question: a new version, the old one stays."""
    _, version = load(question_id)
    form = QuestionForm()
    form.prepare_articles(version.article_id)
    if request.method != "POST":
        form.fill(version)
        return show_form(form, question_id=question_id)
    user = signed_in()

    def revise() -> bool:
        service.revise_question(
            question_id=question_id,
            seen_version=form.version.data,
            content=form.content(),
            revised_by_id=user.person_id,
        )
        return True

    try:
        is_saved = save(form, revise)
    except StaleEditError:
        form.add_errors({"": service.STALE})
        return show_form(form, question_id=question_id, stored=version, status=409)
    if not is_saved:
        return show_form(form, question_id=question_id, status=422)
    flash("已保存为新版本。已发布的试卷不受影响。", "success")
    return redirect(url_for("questions.show_question", question_id=question_id), 303)


@blueprint.post("/<int:question_id>/state")
@require(Permission.QUESTIONS_QUESTION_EDIT)
def change_state(question_id: int) -> ResponseReturnValue:
    """Retire a question from new papers, or take it back."""
    load(question_id)
    state = request.form.get("state")
    if state not in set(QuestionState):
        abort(400)
    with db.write():
        service.set_state(
            question_id=question_id,
            state=QuestionState(state),
            changed_by_id=signed_in().person_id,
        )
    flash(f"这道题已{QUESTION_STATE_LABELS[QuestionState(state)]}。", "success")
    return redirect(url_for("questions.show_question", question_id=question_id), 303)


def load(question_id: int) -> tuple[Question, QuestionVersion]:
    """Load a question that I may see, or answer 404."""
    found = service.get_question_for(signed_in(), question_id)
    if found is None:
        abort(404)
    return found


def show_form(
    form: QuestionForm,
    *,
    question_id: int | None = None,
    stored: QuestionVersion | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """Show the form; for a stale edit together with what is stored now."""
    if stored is not None:
        form.version.data = stored.number
    page = render_template(
        "questions/edit_question.html",
        form=form,
        question_id=question_id,
        stored=stored,
        stored_key=write_key(stored) if stored else "",
    )
    return page, status
