"""Questions and their versions. A version never changes: an exam that used it can be redone.

Each question says what it rests on (依据); a demonstration question is marked 演示题，未经审核
until a person has reviewed it. Papers and marks are the exams' business.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, Marks, UtcDateTime, enum_column

TRUE, FALSE = "true", "false"


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"


class QuestionState(StrEnum):
    """Whether a question may go into new papers."""

    ACTIVE = "active"
    RETIRED = "retired"


class QuestionCategory(StrEnum):
    """For whom a question is meant: everybody, or a post."""

    COMMON = "common"
    POST = "post"


QUESTION_KIND_LABELS = {
    QuestionKind.SINGLE: "单选题",
    QuestionKind.MULTIPLE: "多选题",
    QuestionKind.TRUE_FALSE: "判断题",
}
QUESTION_STATE_LABELS = {QuestionState.ACTIVE: "在用", QuestionState.RETIRED: "停用"}
QUESTION_CATEGORY_LABELS = {QuestionCategory.COMMON: "公共题", QuestionCategory.POST: "岗位题"}
TRUE_FALSE_OPTIONS = [{"label": TRUE, "text": "正确"}, {"label": FALSE, "text": "错误"}]


class Question(Base):
    """A question through all its versions."""

    __tablename__ = "question"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012

    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[QuestionState] = mapped_column(enum_column(QuestionState, "state_valid"))
    # The number of the version in force; also what a stale edit is recognised by.
    version: Mapped[int]
    is_demonstration: Mapped[bool]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionVersion(Base):
    """One wording of a question with its key. `key` holds option labels, or `true` or `false`."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("marks > 0", name="marks_positive"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, "kind_valid"))
    category: Mapped[QuestionCategory] = mapped_column(
        enum_column(QuestionCategory, "category_valid")
    )
    stem: Mapped[str] = mapped_column(Text)
    options: Mapped[list[dict[str, str]]] = mapped_column(Json)
    key: Mapped[list[str]] = mapped_column(Json, info=SENSITIVE)
    marks: Mapped[Decimal] = mapped_column(Marks)
    basis: Mapped[str] = mapped_column(Text)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("regulation_article.id"))
    analysis: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200))


TRIGGERS = refuse_change(
    "question_version_kept",
    "question_version",
    "UPDATE; DELETE",
    "a version of a question is never changed",
)
