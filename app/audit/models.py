"""Events of the log. Rows are added and never changed: the database refuses it.

This is its first form: a closed list of events, appended inside the act. The chain of hashes, the
auditor's pages and retention come with the 审计管理员.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, Json, UtcDateTime, enum_column


class AuditEvent(StrEnum):
    """Everything that is worth proving later, as `room.object.what_happened`."""

    SITE_SET_UP = "site.set_up"
    SITE_PLAIN_HTTP_STARTED = "site.plain_http_started"
    ACCOUNTS_SIGNED_IN = "accounts.signed_in"
    ACCOUNTS_SIGN_IN_FAILED = "accounts.sign_in_failed"
    ACCOUNTS_LOCKED = "accounts.locked"
    ACCOUNTS_SIGNED_OUT = "accounts.signed_out"
    ACCOUNTS_PERSON_ADDED = "accounts.person_added"
    ACCOUNTS_PASSWORD_SET = "accounts.password_set"  # noqa: S105 - an event.
    ACCOUNTS_DEMO_ENTERED = "accounts.demo_entered"
    WORKDAYS_DAY_CHANGED = "workdays.day_changed"
    WORKDAYS_HOURS_CHANGED = "workdays.hours_changed"
    WORKDAYS_YEAR_IMPORTED = "workdays.year_imported"
    QUESTIONS_CREATED = "questions.created"
    QUESTIONS_REVISED = "questions.revised"
    QUESTIONS_RETIRED = "questions.retired"
    EXAMS_DRAFTED = "exams.drafted"
    EXAMS_EDITED = "exams.edited"
    EXAMS_SUBMITTED = "exams.submitted"
    EXAMS_SENT_BACK = "exams.sent_back"
    EXAMS_PUBLISHED = "exams.published"
    EXAMS_STARTED = "exams.started"
    EXAMS_HANDED_IN = "exams.handed_in"
    EXAMS_LATE_ADMITTED = "exams.late_admitted"
    EXAMS_GRADING_ORDERED = "exams.grading_ordered"
    EXAMS_GRADED = "exams.graded"
    EXAMS_RELEASED = "exams.released"
    EXAMS_SHEET_ORDERED = "exams.sheet_ordered"
    RECORD_READ = "record.read"
    RECORD_EXPORTED = "record.exported"
    ACCOUNTS_PASSWORD_CHANGED = "accounts.password_changed"  # noqa: S105 - an event.
    ACCOUNTS_PASSWORD_PROVEN = "accounts.password_proven"  # noqa: S105 - an event.
    ACCOUNTS_PROOF_FAILED = "accounts.proof_failed"
    ACCOUNTS_FIRST_STEP_PASSED = "accounts.first_step_passed"
    ACCOUNTS_CODE_ISSUED = "accounts.code_issued"
    ACCOUNTS_SLIPS_ORDERED = "accounts.slips_ordered"
    ACCOUNTS_SLIPS_PRINTED = "accounts.slips_printed"
    ACCOUNTS_SLIPS_ERASED = "accounts.slips_erased"
    ACCOUNTS_UNLOCKED = "accounts.unlocked"
    ACCOUNTS_DISABLED = "accounts.disabled"
    ACCOUNTS_ENABLED = "accounts.enabled"
    ACCOUNTS_SESSIONS_ENDED = "accounts.sessions_ended"
    ACCOUNTS_FACTOR_ADDED = "accounts.factor_added"
    ACCOUNTS_FACTOR_REMOVED = "accounts.factor_removed"
    ACCOUNTS_FACTOR_FAILED = "accounts.factor_failed"
    ACCOUNTS_RECOVERY_CODE_USED = "accounts.recovery_code_used"
    ACCOUNTS_NETWORK_REFUSED = "accounts.network_refused"
    ACCOUNTS_ADDRESS_LIMITED = "accounts.address_limited"


class AuditEntry(Base):
    """One event."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "event", "at"), Index(None, "person_id"), {"info": INTERNAL})

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[AuditEvent] = mapped_column(
        enum_column(AuditEvent, "event_valid", is_checked=False)
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    request_id: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(45), info=PERSONAL)
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(Json)


TRIGGERS = refuse_change(
    "audit_entry_kept", "audit_entry", "UPDATE; DELETE", "the audit log is append-only"
)
