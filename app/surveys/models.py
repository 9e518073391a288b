"""满意度调查: questionnaires in versions, surveys, and who was asked apart from what was answered.

"通过参训人员满意度、训后测试反馈、个人绩效跟踪三方面强化对培训成效的评估" (效能11). "Roll and
ballots are two tables with no shared key, order or time": `SurveyRoll` says whom a survey was
opened for and, once it is closed, who took part; `SurveyBallot` and `SurveyComment` hold what was
answered and nothing of anybody. While a survey is open both wait in the urn (urn.py), and nothing
here changes. There is no column that says whether a survey is anonymous: there are no others.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, UtcDateTime, enum_column
from app.workflow.records import Flowing

LEAST = 5
LONGEST_TITLE = 60
LONGEST_TEXT = 200


class QuestionnaireState(StrEnum):
    """How far a version of the questionnaire is."""

    DRAFT = "draft"
    REVIEW = "review"
    IN_USE = "in_use"
    REPLACED = "replaced"
    DROPPED = "dropped"


QUESTIONNAIRE_STATE_LABELS = {
    QuestionnaireState.DRAFT: "起草中",
    QuestionnaireState.REVIEW: "待审核",
    QuestionnaireState.IN_USE: "在用",
    QuestionnaireState.REPLACED: "已更新",
    QuestionnaireState.DROPPED: "不再起草",
}


class Questionnaire(Flowing, Base):
    """One version of the questionnaire on trainings. Once approved nothing of it changes.

    `questions` is a list as questions.py reads it. `is_by_department`: results are also told by
    department, which is declared here and never after.
    """

    __tablename__ = "questionnaire"
    __table_args__ = (
        CheckConstraint("approved_by_id <> drafted_by_id", name="approved_by_another"),
        CheckConstraint(
            "state NOT IN ('in_use', 'replaced')"
            " OR (edition IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="in_use_when_approved",
        ),
        UniqueConstraint("edition"),
        Index(
            "ix_questionnaire_one_in_use",
            "state",
            unique=True,
            sqlite_where=text("state = 'in_use'"),
            postgresql_where=text("state = 'in_use'"),
        ),
        {"info": INTERNAL},
    )

    state: Mapped[QuestionnaireState] = mapped_column(
        enum_column(QuestionnaireState, "state_valid"), default=QuestionnaireState.DRAFT
    )
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    is_by_department: Mapped[bool]
    edition: Mapped[int | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def nobody_id(self) -> None:
        """Name nobody: what is his to do only the site itself does."""
        return


class Survey(Base):
    """One survey of those who took part in something. All but its end is fixed when it opens.

    `source` and `source_id` name what it is about, once. `counted` is how many ballots there were
    when it was closed; fewer than LEAST are destroyed unread, with this number kept.
    """

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        CheckConstraint(f"invited >= {LEAST}", name="enough_invited"),
        CheckConstraint("(closed_at IS NULL) = (counted IS NULL)", name="counted_when_closed"),
        CheckConstraint("counted >= 0 AND counted <= invited", name="counted_within"),
        CheckConstraint("closed_at >= closes_at", name="closed_after_its_time"),
        CheckConstraint(
            "(comments_released_at IS NULL) = (comments_released_by_id IS NULL)",
            name="released_by_somebody",
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(16), unique=True)
    source: Mapped[str] = mapped_column(String(40))
    source_id: Mapped[int]
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaire.id"))
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    # The labels under which results are also told; none where that was not declared.
    groups: Mapped[list[str]] = mapped_column(Json)
    invited: Mapped[int]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    counted: Mapped[int | None]
    comments_released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comments_released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    @property
    def is_shown(self) -> bool:
        """Tell whether there were ballots enough for any result."""
        return self.counted is not None and self.counted >= LEAST


class SurveyRoll(Base):
    """Whom a survey was opened for. All rows are made at its opening; one bit changes, at its end.

    No time and no key of its own. `group_label` is where results by department put this person.
    """

    __tablename__ = "survey_roll"
    __table_args__ = {"info": PERSONAL, "sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True, info=INTERNAL)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    group_label: Mapped[str] = mapped_column(String(40))
    has_answered: Mapped[bool] = mapped_column(default=False)


class SurveyBallot(Base):
    """What one person answered, without anything of him: a drawn key, no time, no order.

    SQLite keeps such a table in the order of its keys, which are random.
    """

    __tablename__ = "survey_ballot"
    __table_args__ = {"info": SENSITIVE, "sqlite_with_rowid": False}  # noqa: RUF012

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    group_label: Mapped[str] = mapped_column(String(40))
    answers: Mapped[dict[str, Any]] = mapped_column(Json)


class SurveyComment(Base):
    """One answer in words, cut off from the ballot that it came with."""

    __tablename__ = "survey_comment"
    __table_args__ = {"info": SENSITIVE, "sqlite_with_rowid": False}  # noqa: RUF012

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    question: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(String(LONGEST_TEXT))


_FIXED = (
    "public_id, source, source_id, title, questionnaire_id, questions, groups, invited,"
    " opened_by_id, opened_at, closes_at"
)
TRIGGERS = [
    *refuse_change(
        "survey_fixed", "survey", f"UPDATE OF {_FIXED}", "a survey is fixed at its opening"
    ),
    *refuse_change("survey_kept", "survey", "DELETE", "a survey is never deleted"),
    *refuse_change(
        "survey_ended",
        "survey",
        "UPDATE OF closed_at, counted",
        "a survey is closed once",
        when="OLD.closed_at IS NOT NULL",
    ),
    *refuse_change(
        "survey_roll_fixed",
        "survey_roll",
        "UPDATE OF survey_id, person_id, group_label; DELETE",
        "whom a survey asks is fixed at its opening",
    ),
    *refuse_change(
        "survey_ballot_kept", "survey_ballot", "UPDATE; DELETE", "a ballot is never changed"
    ),
    *refuse_change(
        "questionnaire_fixed",
        "questionnaire",
        "UPDATE OF title, questions, is_by_department",
        "an approved questionnaire is fixed",
        when="OLD.edition IS NOT NULL",
    ),
]
