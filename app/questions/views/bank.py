"""The list of the bank."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from app.audit.exports import answer_export
from app.kernel import formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.questions import service
from app.questions.kinds import QUESTION_KIND_LABELS, QuestionKind
from app.questions.models import (
    QUESTION_CATEGORY_LABELS,
    QUESTION_STATE_LABELS,
    Question,
    QuestionCategory,
    QuestionState,
    QuestionVersion,
)
from app.questions.question_flow import KINDS
from app.questions.views.base import blueprint

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
                href=url_for("questions.show_question", record_id=row.question.id),
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
            cell=lambda row: formats.marks(row.version.marks) if row.version.marks else "—",
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
                kind=f"tag-{KINDS[row.question.state]}" if KINDS[row.question.state] else "tag",
            ),
            sort=Question.state,
        ),
    ],
    search=(QuestionVersion.searched, QuestionVersion.stem),
    search_label="题干、选项、依据、解析",
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
    return render_template(
        "questions/list_questions.html",
        listing=view,
        may_edit=may_edit,
        export_action=listing.read_state(QUESTIONS, request.args).url(
            url_for("questions.order_export"), sort=""
        ),
    )


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
