"""覆盖情况: how many questions there are for each tag, each group of posts and each difficulty.

"coverage page: questions per tag, post group and difficulty". Counted by the database, without
reading a question. One with two tags counts in both rows; in the sum each counts once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.accounts.roster.models import POST_GROUP_LABELS
from app.kernel import db
from app.kernel.permissions import Principal
from app.questions import service
from app.questions.bank_list import NO_TAG, NONE, POST_ANY, bank_is, kind_is, state_is
from app.questions.kinds import DIFFICULTY_LABELS, QuestionDifficulty
from app.questions.models import Question, QuestionCategory, QuestionTag, QuestionVersion

SUM = "合计（每题一次）"
COLUMNS = (
    (QuestionCategory.COMMON.value, "公共题"),
    (POST_ANY, "岗位题：不分岗位"),
    *((f"post-{each.value}", label) for each, label in POST_GROUP_LABELS.items()),
)
WHERE = {"standing": state_is, "kind": kind_is, "bank": bank_is}


@dataclass(kw_only=True)
class Count:
    """How many questions, and how many of each difficulty."""

    total: int = 0
    parts: dict[QuestionDifficulty, int] = field(default_factory=dict)

    def add(self, difficulty: QuestionDifficulty | None, count: int) -> None:
        """Count some more."""
        self.total += count
        if difficulty is not None:
            self.parts[difficulty] = self.parts.get(difficulty, 0) + count

    @property
    def detail(self) -> str:
        """Say how many are of each difficulty, without those of which nobody knows."""
        return " ".join(
            f"{label}{self.parts.get(each, 0)}" for each, label in DIFFICULTY_LABELS.items()
        )


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """A tag with a count for each column, and over all of them. `tag` is as the list filters."""

    tag: str
    label: str
    cells: Mapping[str, Count]
    whole: Count


def read_coverage(*, chosen: Mapping[str, str], user: Principal) -> list[CoverageRow]:
    """Count the questions that a person may see; the last row is the sum."""
    conditions = [WHERE[name](value) for name, value in chosen.items() if name in WHERE]
    hidden = service.hidden_from(user)
    if hidden:
        conditions.append(Question.id.not_in(hidden))
    tagged = count_by_tag(conditions)
    by_tag: dict[str | None, list[tuple[Any, ...]]] = {}
    for tag, *rest in tagged:
        by_tag.setdefault(tag, []).append(tuple(rest))
    rows = [make_row(tag, tag, by_tag[tag]) for tag in sorted(each for each in by_tag if each)]
    if None in by_tag:
        rows.append(make_row(NONE, NO_TAG, by_tag[None]))
    return [*rows, make_row("", SUM, count_all(conditions))]


def count_by_tag(conditions: Sequence[ColumnElement[bool]]) -> list[tuple[Any, ...]]:
    """Count by tag, audience and difficulty; those without a tag under None."""
    kinds = (QuestionVersion.category, QuestionVersion.post_group, QuestionVersion.difficulty)
    rows = db.session.execute(
        select(QuestionTag.tag, *kinds, func.count())
        .select_from(Question)
        .join(QuestionVersion, service.of_current())
        .outerjoin(QuestionTag, QuestionTag.question_id == Question.id)
        .where(*conditions)
        .group_by(QuestionTag.tag, *kinds)
    )
    return [tuple(row) for row in rows]


def count_all(conditions: Sequence[ColumnElement[bool]]) -> list[tuple[Any, ...]]:
    """Count by audience and difficulty, each question once."""
    kinds = (QuestionVersion.category, QuestionVersion.post_group, QuestionVersion.difficulty)
    rows = db.session.execute(
        select(*kinds, func.count())
        .select_from(Question)
        .join(QuestionVersion, service.of_current())
        .where(*conditions)
        .group_by(*kinds)
    )
    return [tuple(row) for row in rows]


def make_row(tag: str, label: str, counted: Iterable[tuple[Any, ...]]) -> CoverageRow:
    """Put counts into their columns."""
    cells, whole = {name: Count() for name, _ in COLUMNS}, Count()
    for category, post_group, difficulty, count in counted:
        name = column_of(category, post_group)
        cells[name].add(difficulty, count)
        whole.add(difficulty, count)
    return CoverageRow(tag=tag, label=label, cells=cells, whole=whole)


def column_of(category: QuestionCategory, post_group: str | None) -> str:
    """Name the column to which a question belongs, as the list filters by it."""
    if category is QuestionCategory.COMMON:
        return QuestionCategory.COMMON.value
    return f"post-{post_group}" if post_group else POST_ANY
