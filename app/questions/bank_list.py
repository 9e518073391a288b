"""The bank as a list: its columns, and the filters by which a person finds questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import url_for
from markupsafe import Markup
from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.engine import Row

from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.kernel import clock, db, formats, listing
from app.questions import service
from app.questions.faces import audience_of
from app.questions.kinds import (
    DIFFICULTY_LABELS,
    QUESTION_KIND_LABELS,
    QuestionDifficulty,
    QuestionKind,
)
from app.questions.models import (
    QUESTION_CATEGORY_LABELS,
    QUESTION_STATE_LABELS,
    Question,
    QuestionCategory,
    QuestionState,
    QuestionTag,
    QuestionVersion,
)
from app.questions.question_flow import KINDS, waiting_among, waits_on_sheet

SHORT_STEM = 60
NONE = "-"
NO_TAG, NO_DIFFICULTY = "未标知识点", "未定"
# A question that no paper has used for so long is due again.
IDLE = timedelta(days=92)
REVIEWING, REVIEWING_LABEL = "reviewing", "送审中"
DRAWABLE, KEPT = "drawable", "kept"
POST_ANY = "post-any"
ONLY_IN_FILE = frozenset({"marks", "basis"})


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """A question in the list."""

    question: Question
    version: QuestionVersion
    tags: Sequence[str]
    is_waiting: bool


def read_rows(found: Sequence[Row[Question, QuestionVersion]]) -> list[QuestionRow]:
    """Read what a page of the list says: tags and open sheets in a query each."""
    ids = [question.id for question, _ in found]
    tags, waiting = service.tags_of(ids), waiting_among(ids)
    return [
        QuestionRow(
            question=question,
            version=version,
            tags=tags[question.id],
            is_waiting=question.id in waiting,
        )
        for question, version in found
    ]


# ---------- filters


def kind_is(value: str) -> ColumnElement[bool]:
    """Filter by kind."""
    return QuestionVersion.kind == QuestionKind(value)


def audience_is(value: str) -> ColumnElement[bool]:
    """Filter by whom a question is meant for: everybody, any post, one group of posts."""
    if value == POST_ANY:
        is_post = QuestionVersion.category == QuestionCategory.POST
        return is_post & QuestionVersion.post_group.is_(None)
    if value in {each.value for each in QuestionCategory}:
        return QuestionVersion.category == QuestionCategory(value)
    return QuestionVersion.post_group == PostGroup(value.removeprefix("post-"))


def difficulty_is(value: str) -> ColumnElement[bool]:
    """Filter by difficulty."""
    if value == NONE:
        return QuestionVersion.difficulty.is_(None)
    return QuestionVersion.difficulty == QuestionDifficulty(value)


def tag_is(value: str) -> ColumnElement[bool]:
    """Filter by a tag, or by having none."""
    has = exists().where(QuestionTag.question_id == Question.id)
    return ~has if value == NONE else has.where(QuestionTag.tag == value)


def bank_is(value: str) -> ColumnElement[bool]:
    """Filter by bank."""
    return Question.bank == value


def basis_is(value: str) -> ColumnElement[bool]:
    """Filter by what it rests on."""
    if value == "cited":
        return QuestionVersion.article_id.is_not(None)
    return QuestionVersion.basis == "" if value == "none" else QuestionVersion.basis != ""


def state_is(value: str) -> ColumnElement[bool]:
    """Filter by state; what waits on a sheet is shown apart from what nobody has sent."""
    if value == DRAWABLE:
        return service.drawable()
    if value == KEPT:
        return Question.state != QuestionState.RETIRED
    if value == REVIEWING:
        return waits_on_sheet()
    is_state = Question.state == QuestionState(value)
    return is_state & ~waits_on_sheet() if value == QuestionState.DRAFT else is_state


def use_is(value: str) -> ColumnElement[bool]:
    """Filter by when a paper used it last."""
    if value == "never":
        return Question.used_on.is_(None)
    if value == "used":
        return Question.used_on.is_not(None)
    return or_(Question.used_on.is_(None), Question.used_on < clock.today() - IDLE)


def tags_in_use() -> list[str]:
    """Give all tags."""
    return list(db.session.scalars(select(QuestionTag.tag).distinct().order_by(QuestionTag.tag)))


AUDIENCES = (
    *((each.value, label) for each, label in QUESTION_CATEGORY_LABELS.items()),
    (POST_ANY, "岗位题：不分岗位"),
    *((f"post-{each.value}", f"岗位题：{label}") for each, label in POST_GROUP_LABELS.items()),
)
STATES = (
    (QuestionState.DRAFT.value, QUESTION_STATE_LABELS[QuestionState.DRAFT]),
    (REVIEWING, REVIEWING_LABEL),
    *((each.value, QUESTION_STATE_LABELS[each]) for each in list(QuestionState)[1:]),
    (DRAWABLE, "可选入试卷"),
    (KEPT, "停用以外"),
)


def make_filters() -> list[listing.Filter]:
    """Make the filters, with the tags and banks that there are now."""
    kinds = [(each.value, label) for each, label in QUESTION_KIND_LABELS.items()]
    hardness = [(each.value, label) for each, label in DIFFICULTY_LABELS.items()]
    tags = [(NONE, NO_TAG), *((each, each) for each in tags_in_use() if each != NONE)]
    banks = [(each, each) for each in service.list_banks()]
    bases = [("any", "有依据"), ("none", "没有依据"), ("cited", "引用制度条文")]
    uses = [("never", "从未使用"), ("used", "用过"), ("idle", "近三个月没有用过")]
    make = listing.Filter
    found = [
        make(name="kind", label="题型", options=kinds, where=kind_is),
        make(name="category", label="类别", options=AUDIENCES, where=audience_is),
        make(
            name="difficulty",
            label="难度",
            options=[*hardness, (NONE, NO_DIFFICULTY)],
            where=difficulty_is,
        ),
        make(name="tag", label="知识点", options=tags, where=tag_is),
        make(name="basis", label="依据", options=bases, where=basis_is),
        make(name="state", label="状态", options=STATES, where=state_is),
        make(name="use", label="使用", options=uses, where=use_is),
    ]
    if len(banks) > 1:
        found.append(make(name="bank", label="题库", options=banks, where=bank_is))
    return found


# ---------- cells


def tick(row: QuestionRow) -> listing.Cell:
    """Give the number of a question with a box that chooses it; the form stands below the list."""
    template = Markup(
        '<label class="tick"><input type="checkbox" form="selected" name="question" value="{}">'
        '<span class="sr-only">选第</span>{}<span class="sr-only">题</span></label>'
    )
    return listing.Cell(text=template.format(row.question.id, row.question.id), kind="actions")


def state_cell(row: QuestionRow) -> listing.Cell:
    """Draw the state of a question."""
    if row.is_waiting:
        return listing.Cell(text=REVIEWING_LABEL, kind="tag-amber")
    kind = KINDS[row.question.state]
    text = QUESTION_STATE_LABELS[row.question.state]
    return listing.tag(text, kind)


def stem_cell(row: QuestionRow) -> listing.Cell:
    """Draw the way to a question."""
    return listing.Cell(
        text=formats.shorten(row.version.stem, SHORT_STEM),
        href=url_for("questions.show_question", record_id=row.question.id),
    )


QUESTIONS: listing.Listing[QuestionRow] = listing.Listing(
    id="question-list",
    noun="道题",
    title="题库",
    row=lambda found: read_rows([found])[0],
    rows=read_rows,
    columns=[
        listing.Column(
            name="stem", label="题干", cell=stem_cell, sort=QuestionVersion.stem,
            export=lambda row: row.version.stem,
        ),
        listing.Column(
            name="number", label="题号", sort=Question.id, is_short=True,
            cell=lambda row: str(row.question.id), export=lambda row: row.question.id,
        ),
        listing.Column(
            name="kind", label="题型", sort=QuestionVersion.kind, is_short=True,
            cell=lambda row: QUESTION_KIND_LABELS[row.version.kind],
        ),
        listing.Column(
            name="category", label="类别", sort=QuestionVersion.category,
            cell=lambda row: audience_of(row.version),
        ),
        listing.Column(
            name="difficulty", label="难度", is_short=True,
            cell=lambda row: DIFFICULTY_LABELS[row.version.difficulty]
            if row.version.difficulty else NO_DIFFICULTY,
        ),
        listing.Column(name="tags", label="知识点", cell=lambda row: "、".join(row.tags)),
        listing.Column(name="state", label="状态", sort=Question.state, cell=state_cell),
        listing.Column(
            name="used", label="最近使用", sort=Question.used_on, is_short=True, is_wide=True,
            cell=lambda row: formats.day(row.question.used_on) if row.question.used_on else "",
        ),
        listing.Column(
            name="marks", label="分值", align="right",
            cell=lambda row: formats.marks(row.version.marks) if row.version.marks else "",
            export=lambda row: row.version.marks,
        ),
        listing.Column(
            name="basis", label="依据", cell=lambda row: row.version.basis, is_wide=True,
        ),
    ],
    search=(QuestionVersion.searched, QuestionVersion.stem),
    search_label="题干、选项、依据、解析",
    default_sort="-number",
    tie_break=Question.id.desc(),
    empty_text="题库里还没有题。",
)  # fmt: skip


def make_list(*, is_chosen_from: bool = False) -> listing.Listing[QuestionRow]:
    """Make the list for one request; `is_chosen_from` gives each row a box to tick.

    Some columns stand in the file alone: on the page they have no room.
    """
    columns = [
        replace(each, cell=tick) if is_chosen_from and each.name == "number" else each
        for each in QUESTIONS.columns
        if each.name not in ONLY_IN_FILE
    ]
    return replace(QUESTIONS, columns=columns, filters=make_filters())


def make_export() -> listing.Listing[QuestionRow]:
    """Make the list as a file holds it."""
    return replace(QUESTIONS, filters=make_filters())
