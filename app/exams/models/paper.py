"""The paper of an exam: what was chosen and what is to be drawn, the forms, and what was frozen.

公共题 + 岗位题. A form (一套题) is what one person answers; the frozen questions of all forms stand
together under the numbers by which answers and marks name them. The key lies in a table of its own,
which nothing on the sitting side reads.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.roster.models import PostGroup
from app.kernel.db import Base
from app.kernel.types import INTERNAL, SENSITIVE, Json, Marks, enum_column
from app.questions.kinds import QuestionDifficulty, QuestionKind
from app.questions.models import MAX_TAG, QuestionCategory


class ExamItem(Base):
    """A question chosen by hand: in every form, at its place; follows the bank until frozen."""

    __tablename__ = "exam_item"
    __table_args__ = (
        UniqueConstraint("exam_id", "number"),
        CheckConstraint("marks > 0", name="marks_positive"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True)
    number: Mapped[int]
    marks: Mapped[Decimal] = mapped_column(Marks)


class BlueprintRow(Base):
    """So many questions of a kind that are drawn: for everybody, or for each post its own."""

    __tablename__ = "blueprint_row"
    __table_args__ = (
        CheckConstraint("count BETWEEN 1 AND 100", name="count_within"),
        CheckConstraint("marks > 0", name="marks_positive"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    category: Mapped[QuestionCategory] = mapped_column(
        enum_column(QuestionCategory, "category_valid")
    )
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, "kind_valid"))
    # None where any will do.
    tag: Mapped[str] = mapped_column(String(MAX_TAG), default="")
    difficulty: Mapped[QuestionDifficulty | None] = mapped_column(
        enum_column(QuestionDifficulty, "difficulty_valid")
    )
    count: Mapped[int]
    marks: Mapped[Decimal] = mapped_column(Marks)


class PaperForm(Base):
    """卷: the questions of some people, as drawn; `numbers` are those of the frozen questions.

    Drawn while the paper is a draft, so that whoever reviews it reads what people will sit.
    """

    __tablename__ = "paper_form"
    __table_args__ = (
        CheckConstraint("code > 0", name="code_positive"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    code: Mapped[int] = mapped_column(primary_key=True)
    # For whom it is, where posts have their own questions; None is whoever's post has no group.
    post_group: Mapped[PostGroup | None] = mapped_column(enum_column(PostGroup, "post_group_valid"))
    question_ids: Mapped[list[int]] = mapped_column(Json)
    # The sum over its questions of marks times how hard they are (drawing.py).
    difficulty: Mapped[Decimal] = mapped_column(Marks)
    numbers: Mapped[list[int]] = mapped_column(Json, default=list)


class PaperQuestion(Base):
    """A question of a published paper as it is put to people: frozen, without its key."""

    __tablename__ = "paper_question"
    __table_args__ = (
        CheckConstraint("blank_count >= 0", name="blank_count_positive"),
        {"info": INTERNAL},
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    kind: Mapped[QuestionKind] = mapped_column(enum_column(QuestionKind, "kind_valid"))
    category: Mapped[QuestionCategory] = mapped_column(
        enum_column(QuestionCategory, "category_valid")
    )
    # The case to which it belongs, and the stem that its questions share.
    group_key: Mapped[int | None]
    group_stem: Mapped[str] = mapped_column(Text, default="")
    stem: Mapped[str] = mapped_column(Text)
    # Pictures in the stem, as {"marker": "[图1]", "file": id of the stored file}.
    pictures: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list, server_default="[]")
    options: Mapped[list[dict[str, str]]] = mapped_column(Json)
    # How many blanks are filled in; 0 for every other kind.
    blank_count: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    marks: Mapped[Decimal] = mapped_column(Marks)
    is_demonstration: Mapped[bool]
    content_hash: Mapped[str] = mapped_column(String(64))


class PaperKey(Base):
    """The key of a frozen question; read by grading, and by results after release."""

    __tablename__ = "paper_key"
    __table_args__ = (
        ForeignKeyConstraint(
            ["exam_id", "number"], ["paper_question.exam_id", "paper_question.number"]
        ),
        {"info": SENSITIVE},
    )

    exam_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[list[Any]] = mapped_column(Json)
    basis: Mapped[str] = mapped_column(Text)
    analysis: Mapped[str] = mapped_column(Text)
