"""One file of questions, what was read from it, and what became of each question; and exports.

"what is sure is taken, what is doubtful is shown side by side with the source, nothing is guessed".
The file itself is kept: a doubt about a key can be settled against it later.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.roster.models import PostGroup
from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, UtcDateTime, enum_column
from app.questions.models import MAX_BANK, QuestionCategory


class QuestionImportState(StrEnum):
    """How far the reading of a file is."""

    READING = "reading"
    UNREADABLE = "unreadable"
    READ = "read"


class ImportItemState(StrEnum):
    """What became of a question that was read."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    TAKEN = "taken"
    DROPPED = "dropped"


QUESTION_IMPORT_STATE_LABELS = {
    QuestionImportState.READING: "正在读取",
    QuestionImportState.UNREADABLE: "没有读成",
    QuestionImportState.READ: "已读取",
}
IMPORT_ITEM_LABELS = {
    ImportItemState.SURE: "可以采用",
    ImportItemState.DOUBTFUL: "有疑问",
    ImportItemState.TAKEN: "已采用",
    ImportItemState.DROPPED: "不采用",
}


class QuestionImport(Base):
    """One uploaded file; with `answers_file_id` a second one that holds only the key.

    `problems` are what belongs to no question: a gap in the numbers, a key without a question.
    """

    __tablename__ = "question_import"
    __table_args__ = (
        CheckConstraint("category = 'post' OR post_group IS NULL", name="group_of_post"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    answers_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), index=True)
    # What every question of the file becomes: in which bank, and for whom it is meant.
    bank: Mapped[str] = mapped_column(String(MAX_BANK))
    category: Mapped[QuestionCategory] = mapped_column(
        enum_column(QuestionCategory, "category_valid")
    )
    post_group: Mapped[PostGroup | None] = mapped_column(enum_column(PostGroup, "post_group_valid"))
    state: Mapped[QuestionImportState] = mapped_column(
        enum_column(QuestionImportState, "state_valid")
    )
    error: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[list[dict[str, str]]] = mapped_column(Json)
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, info=PERSONAL)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionImportItem(Base):
    """One question as it was read, beside the text of the file from which all of it was read.

    `parsed` is the contract's question; `problems` are {"severity", "message"}.
    """

    __tablename__ = "question_import_item"
    __table_args__ = (
        CheckConstraint("(state = 'taken') = (question_id IS NOT NULL)", name="taken_into_bank"),
        Index(None, "import_id", "state"),
        {"info": INTERNAL},
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("question_import.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[ImportItemState] = mapped_column(enum_column(ImportItemState, "state_valid"))
    # Where it stands in the file, in Chinese, and its text there.
    where: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(Text, info=SENSITIVE)
    stem: Mapped[str] = mapped_column(Text)
    parsed: Mapped[dict[str, Any]] = mapped_column(Json, info=SENSITIVE)
    problems: Mapped[list[dict[str, str]]] = mapped_column(Json)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)


class ImportPicture(Base):
    """A picture that stood in the stem of a question that was read, drawn anew."""

    __tablename__ = "question_import_picture"
    __table_args__ = ({"info": INTERNAL},)

    import_id: Mapped[int] = mapped_column(ForeignKey("question_import.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    marker: Mapped[str] = mapped_column(String(20), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)


class ImportGroup(Base):
    """A shared stem of a file that became a group of the bank: its questions stay together."""

    __tablename__ = "question_import_group"
    __table_args__ = ({"info": INTERNAL},)

    import_id: Mapped[int] = mapped_column(ForeignKey("question_import.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("question_group.id"), index=True)


class QuestionExport(Base):
    """A file of questions with keys that somebody ordered; it can be fetched for a day."""

    __tablename__ = "question_export"
    __table_args__ = (CheckConstraint("form IN ('xlsx', 'docx', 'json')", name="form_known"),
                      {"info": INTERNAL})  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    form: Mapped[str] = mapped_column(String(8))
    # Which questions stand in it: it is refused once one of them may not be seen any more.
    question_ids: Mapped[list[int]] = mapped_column(Json)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, info=PERSONAL)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
