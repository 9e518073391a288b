"""Questions and their versions. A version never changes: an exam that used it can be redone.

"versions kept for ever; tags, 岗位 group, difficulty, 依据 (document, article, year), 解析; states
draft, reviewed, in use, retired". Each question says what it rests on (依据); a demonstration
question is marked 演示题，未经审核 until a person has reviewed it. Sheets of review stand in
`reviews`, files that are read in `imports`; papers and marks are the exams' business.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.roster.models import PostGroup
from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, Marks, UtcDateTime, enum_column
from app.questions.kinds import FALSE, TRUE, QuestionDifficulty, QuestionKind
from app.workflow.records import Flowing

# The bank of what people type in, where they name no other.
USUAL_BANK = "综合题库"
MAX_BANK, MAX_TAG = 40, 20


class QuestionState(StrEnum):
    """How far a question is, and with it whether it may go into new papers."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    IN_USE = "in_use"
    RETIRED = "retired"


class QuestionCategory(StrEnum):
    """For whom a question is meant: everybody, or a post."""

    COMMON = "common"
    POST = "post"


QUESTION_STATE_LABELS = {
    QuestionState.DRAFT: "未审核",
    QuestionState.REVIEWED: "已审核",
    QuestionState.IN_USE: "在用",
    QuestionState.RETIRED: "停用",
}
QUESTION_CATEGORY_LABELS = {QuestionCategory.COMMON: "公共题", QuestionCategory.POST: "岗位题"}
TRUE_FALSE_OPTIONS = [{"label": TRUE, "text": "正确"}, {"label": FALSE, "text": "错误"}]


class Question(Flowing, Base):
    """A question through all its versions."""

    __tablename__ = "question"
    __table_args__ = (
        CheckConstraint("wording > 0", name="wording_positive"),
        CheckConstraint("used_times >= 0", name="used_times"),
        CheckConstraint("(used_times = 0) = (used_on IS NULL)", name="used_has_day"),
        Index(None, "bank"),
        Index(None, "state"),
        {"info": INTERNAL},
    )

    state: Mapped[QuestionState] = mapped_column(enum_column(QuestionState, "state_valid"))
    # The number of the version in force.
    wording: Mapped[int]
    bank: Mapped[str] = mapped_column(String(MAX_BANK))
    is_demonstration: Mapped[bool]
    # When it was last put into a paper that was published, and how often.
    used_on: Mapped[date | None]
    used_times: Mapped[int] = mapped_column(default=0)

    @property
    def nobody_id(self) -> None:
        """Name nobody: what is his to do only the site itself does."""
        return


class QuestionGroup(Base):
    """A stem that several questions share (共用题干, 案例). Another wording is another group."""

    __tablename__ = "question_group"
    __table_args__ = (CheckConstraint("stem <> ''", name="has_stem"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionVersion(Base):
    """One wording of a question with its key, as the contract of `questions parse` writes it.

    Labels of options, or `true` or `false`; for blanks a list of accepted texts each; for a number
    `{"value", "tolerance"}`; else the model answer. Without marks the paper gives them.
    """

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("marks > 0", name="marks_positive"),
        CheckConstraint("category = 'post' OR post_group IS NULL", name="group_of_post"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, "kind_valid"))
    category: Mapped[QuestionCategory] = mapped_column(
        enum_column(QuestionCategory, "category_valid")
    )
    post_group: Mapped[PostGroup | None] = mapped_column(enum_column(PostGroup, "post_group_valid"))
    difficulty: Mapped[QuestionDifficulty | None] = mapped_column(
        enum_column(QuestionDifficulty, "difficulty_valid")
    )
    stem: Mapped[str] = mapped_column(Text)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("question_group.id"), index=True)
    options: Mapped[list[dict[str, str]]] = mapped_column(Json)
    key: Mapped[list[Any]] = mapped_column(Json, info=SENSITIVE)
    marks: Mapped[Decimal | None] = mapped_column(Marks)
    basis: Mapped[str] = mapped_column(Text)
    article_id: Mapped[int | None] = mapped_column(ForeignKey("regulation_article.id"))
    analysis: Mapped[str] = mapped_column(Text)
    # Stem, shared stem, options, basis and analysis as lists search them: of one width and case.
    searched: Mapped[str] = mapped_column(Text)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str] = mapped_column(String(200))


class QuestionTag(Base):
    """A word by which a question is found and drawn; belongs to all its versions."""

    __tablename__ = "question_tag"
    __table_args__ = (
        CheckConstraint("tag <> ''", name="has_word"),
        Index(None, "tag"),
        {"info": INTERNAL},
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(MAX_TAG), primary_key=True)


class QuestionPicture(Base):
    """A picture in the stem of a version, drawn anew; `marker` is its place in the text, [图1]."""

    __tablename__ = "question_picture"
    __table_args__ = ({"info": INTERNAL},)

    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"), primary_key=True)
    marker: Mapped[str] = mapped_column(String(20), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)


TRIGGERS = [
    *refuse_change(
        "question_version_kept",
        "question_version",
        "UPDATE; DELETE",
        "a version of a question is never changed",
    ),
    *refuse_change(
        "question_group_kept",
        "question_group",
        "UPDATE; DELETE",
        "a shared stem is never changed",
    ),
    *refuse_change(
        "question_picture_kept",
        "question_picture",
        "UPDATE; DELETE",
        "a picture of a version is never changed",
    ),
]
