"""整改: one 整改通知单 from its draft to 销号 (清廉11 “盯住转办、回访、整改等重点环节”).

"整改通知单 (formal: only this one has a deadline and another re-checker)." Who re-checks or
decides an 申诉 was not on the round, did not draft and did not repair: the database refuses
anything else. The room knows no other room: whoever issues an order gives the address of what it
came from. Its moves stand in workflow.py.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime, enum_column
from app.workflow.records import Flowing

PUBLIC_ID_LENGTH = 24
NUMBER_LENGTH = 20


class OrderState(StrEnum):
    """How far an order is. 逾期 is a light and no state."""

    TO_SIGN = "to_sign"
    RETURNED = "returned"
    TO_RECEIVE = "to_receive"
    MENDING = "mending"
    APPEALED = "appealed"
    TO_RECHECK = "to_recheck"
    TO_CLOSE = "to_close"
    CLOSED = "closed"
    REVOKED = "revoked"
    NOT_ISSUED = "not_issued"


class Severity(StrEnum):
    """How grave a finding is; 现场提醒 and 立行立改 never become an order."""

    MINOR = "minor"
    SERIOUS = "serious"
    GRAVE = "grave"


SEVERITY_LABELS = {
    Severity.MINOR: "一般",
    Severity.SERIOUS: "较重",
    Severity.GRAVE: "严重",
}


class Cause(StrEnum):
    """原因 (人/流程/系统/制度)."""

    PERSON = "person"
    PROCESS = "process"
    SYSTEM = "system"
    RULE = "rule"


CAUSE_LABELS = {
    Cause.PERSON: "人",
    Cause.PROCESS: "流程",
    Cause.SYSTEM: "系统",
    Cause.RULE: "制度",
}

# What follows the signature carries a number; what was given up before it has none, and is not
# revoked either: only an 申诉 takes a finding away.
UNNUMBERED = "'to_sign', 'returned', 'not_issued'"


class RectificationOrder(Flowing, Base):
    """One 整改通知单 with its 回执 and 复查栏.

    `source_*` say what it came from, as the room that issued it gave them; `cause`, `measure`,
    `responsible` and `done_on` are the 回执. `found_by_id` is the finder, where a person was one;
    `mend_days` and `appeal_days` are what the notice promises, whatever the settings say later.
    `cycle` counts how often it has been mended: each time wants a new photo. `found_with_id` went
    round with him, `led_by_id` was 带班领导 of that round.
    """

    __tablename__ = "rectification_order"
    __table_args__ = (
        CheckConstraint("signed_by_id <> drafted_by_id", name="signed_by_another"),
        CheckConstraint("signed_by_id <> found_by_id", name="finder_does_not_sign"),
        CheckConstraint("rechecked_by_id <> found_by_id", name="finder_does_not_recheck"),
        CheckConstraint("rechecked_by_id <> found_with_id", name="mate_does_not_recheck"),
        CheckConstraint("rechecked_by_id <> led_by_id", name="leader_does_not_recheck"),
        CheckConstraint("rechecked_by_id <> drafted_by_id", name="drafter_does_not_recheck"),
        CheckConstraint("rechecked_by_id <> repaired_by_id", name="repairer_does_not_recheck"),
        CheckConstraint("rechecked_by_id <> responsible_id", name="responsible_does_not_recheck"),
        CheckConstraint("closed_by_id <> drafted_by_id", name="drafter_does_not_close"),
        CheckConstraint("closed_by_id <> repaired_by_id", name="repairer_does_not_close"),
        CheckConstraint("closed_by_id <> rechecked_by_id", name="rechecker_does_not_close"),
        CheckConstraint("decided_by_id <> found_by_id", name="finder_does_not_decide"),
        CheckConstraint("decided_by_id <> found_with_id", name="mate_does_not_decide"),
        CheckConstraint("decided_by_id <> led_by_id", name="leader_does_not_decide"),
        CheckConstraint("decided_by_id <> drafted_by_id", name="drafter_does_not_decide"),
        CheckConstraint("decided_by_id <> signed_by_id", name="signer_does_not_decide"),
        CheckConstraint("decided_by_id <> appealed_by_id", name="appellant_does_not_decide"),
        CheckConstraint(
            f"number IS NOT NULL OR state IN ({UNNUMBERED})", name="numbered_once_signed"
        ),
        CheckConstraint(
            "state <> 'closed' OR (rechecked_by_id IS NOT NULL AND is_passed IS NOT NULL "
            "AND is_passed AND repaired_by_id IS NOT NULL AND measure <> '')",
            name="closed_after_recheck",
        ),
        CheckConstraint(
            "state <> 'revoked' OR decided_by_id IS NOT NULL", name="revoked_by_decision"
        ),
        CheckConstraint("mend_days > 0 AND appeal_days > 0", name="days_positive"),
        CheckConstraint("cycle > 0", name="cycle_positive"),
        {"info": INTERNAL},
    )

    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    number: Mapped[str | None] = mapped_column(String(NUMBER_LENGTH), unique=True)
    state: Mapped[OrderState] = mapped_column(enum_column(OrderState, "state_valid"), index=True)
    severity: Mapped[Severity] = mapped_column(enum_column(Severity, "severity_valid"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    window_id: Mapped[int | None] = mapped_column(ForeignKey("service_window.id"), index=True)
    source_label: Mapped[str] = mapped_column(String(80))
    source_endpoint: Mapped[str] = mapped_column(String(100))
    source_arguments: Mapped[dict[str, Any]] = mapped_column(Json)
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Time, place, person, fact, and no judgement; the rule that it breaks; what is asked for.
    fact: Mapped[str] = mapped_column(Text, info=PERSONAL)
    basis: Mapped[str] = mapped_column(String(300))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("regulation_article.id"))
    requirement: Mapped[str] = mapped_column(Text)
    mend_days: Mapped[int]
    appeal_days: Mapped[int]
    found_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    found_with_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    led_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cause: Mapped[Cause | None] = mapped_column(enum_column(Cause, "cause_valid"))
    measure: Mapped[str] = mapped_column(Text, default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    done_on: Mapped[date | None]
    repaired_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    repaired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rechecked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    rechecked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_passed: Mapped[bool | None]
    cycle: Mapped[int] = mapped_column(default=1)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    appealed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    appealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def name(self) -> str:
        """Name an order by its number, or say that it has none yet."""
        return self.number or "未编号"


class OrderPhoto(Base):
    """佐证: a photo of what was mended."""

    __tablename__ = "rectification_photo"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("rectification_order.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    # Of which mending: what a re-check has sent back is no evidence for the next one.
    cycle: Mapped[int]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
