"""Events of the log. Rows are added and never changed: the database refuses it.

Each entry carries the hash of the one before and its own (app/audit/chain.py), so that whoever
gets at the file can't change one unseen. 日志留存不少于六个月: only what is older may go, behind a
cut that says where the chain goes on.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.feature import Trigger
from app.kernel.triggers import refuse_change, refuse_if_exists
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
    ACCOUNTS_HALL_OPENED = "accounts.hall_opened"
    ACCOUNTS_ADMINISTRATOR_REQUESTED = "accounts.administrator_requested"
    ACCOUNTS_ADMINISTRATOR_CONFIRMED = "accounts.administrator_confirmed"
    ACCOUNTS_ADMINISTRATOR_REFUSED = "accounts.administrator_refused"
    ACCOUNTS_ADMINISTRATOR_WITHDRAWN = "accounts.administrator_withdrawn"
    ACCOUNTS_ADMINISTRATOR_ACCEPTED = "accounts.administrator_accepted"
    ACCOUNTS_DUTIES_SEPARATED = "accounts.duties_separated"
    ACCOUNTS_KIND_CHANGED = "accounts.kind_changed"
    ACCOUNTS_ROLE_WITHDRAWN = "accounts.role_withdrawn"
    ACCOUNTS_ADMINISTRATOR_SET = "accounts.administrator_set"
    ACCOUNTS_DEMO_ENTERED = "accounts.demo_entered"
    ACCOUNTS_PERSON_CHANGED = "accounts.person_changed"
    ACCOUNTS_TRANSFERRED = "accounts.transferred"
    ACCOUNTS_TRANSFER_CANCELLED = "accounts.transfer_cancelled"
    ACCOUNTS_LEFT = "accounts.left"
    ACCOUNTS_LEAVING_CANCELLED = "accounts.leaving_cancelled"
    ACCOUNTS_ABSENCE_ADDED = "accounts.absence_added"
    ACCOUNTS_ABSENCE_CANCELLED = "accounts.absence_cancelled"
    ACCOUNTS_REGISTER_CHANGED = "accounts.register_changed"
    ACCOUNTS_ROLE_REQUESTED = "accounts.role_requested"
    ACCOUNTS_ROLE_GRANTED = "accounts.role_granted"
    ACCOUNTS_ROLE_REFUSED = "accounts.role_refused"
    ACCOUNTS_ROLE_ENDED = "accounts.role_ended"
    ACCOUNTS_ROSTER_UPLOADED = "accounts.roster_uploaded"
    ACCOUNTS_ROSTER_MATCHED = "accounts.roster_matched"
    ACCOUNTS_ROSTER_IMPORTED = "accounts.roster_imported"
    ACCOUNTS_ROSTER_UNDONE = "accounts.roster_undone"
    ACCOUNTS_ROSTER_ERASED = "accounts.roster_erased"
    WORKDAYS_DAY_CHANGED = "workdays.day_changed"
    WORKDAYS_HOURS_CHANGED = "workdays.hours_changed"
    WORKDAYS_YEAR_IMPORTED = "workdays.year_imported"
    QUESTIONS_CREATED = "questions.created"
    QUESTIONS_REVISED = "questions.revised"
    QUESTIONS_RETIRED = "questions.retired"
    QUESTIONS_STRUCK = "questions.struck"
    QUESTIONS_TAGGED = "questions.tagged"
    QUESTIONS_IMPORTED = "questions.imported"
    QUESTIONS_TAKEN = "questions.taken"
    QUESTIONS_DROPPED = "questions.dropped"
    QUESTIONS_EXPORT_ORDERED = "questions.export_ordered"
    EXAMS_DRAFTED = "exams.drafted"
    EXAMS_EDITED = "exams.edited"
    EXAMS_DRAWN = "exams.drawn"
    EXAMS_SUBMITTED = "exams.submitted"
    EXAMS_SENT_BACK = "exams.sent_back"
    EXAMS_PUBLISHED = "exams.published"
    EXAMS_STARTED = "exams.started"
    EXAMS_HANDED_IN = "exams.handed_in"
    EXAMS_LATE_ADMITTED = "exams.late_admitted"
    EXAMS_GRADING_ORDERED = "exams.grading_ordered"
    EXAMS_GRADED = "exams.graded"
    EXAMS_RELEASED = "exams.released"
    # Of older entries: a 成绩单 is ordered as all papers are, FILES_PAPER_ORDERED.
    EXAMS_SHEET_ORDERED = "exams.sheet_ordered"
    RECORD_READ = "record.read"
    RECORD_EXPORTED = "record.exported"
    SETTINGS_CHANGED = "settings.changed"
    ACCOUNTS_HALL_CHANGED = "accounts.hall_changed"
    ACCESS_REFUSED = "access.refused"
    AUDIT_VERIFICATION_ORDERED = "audit.verification_ordered"
    AUDIT_VERIFIED = "audit.verified"
    AUDIT_PURGED = "audit.purged"
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
    ACCOUNTS_DEPUTY_ADDED = "accounts.deputy_added"
    ACCOUNTS_DEPUTY_ENDED = "accounts.deputy_ended"
    ACCOUNTS_DEPUTY_CANCELLED = "accounts.deputy_cancelled"
    ACCOUNTS_AUTHORISATION_GIVEN = "accounts.authorisation_given"
    ACCOUNTS_AUTHORISATION_ENDED = "accounts.authorisation_ended"
    ACCOUNTS_AUTHORISATION_CANCELLED = "accounts.authorisation_cancelled"
    ACCOUNTS_PHOTO_SET = "accounts.photo_set"
    ACCOUNTS_PHOTO_REMOVED = "accounts.photo_removed"
    ACCOUNTS_COPY_ORDERED = "accounts.copy_ordered"
    ACCOUNTS_COPY_MADE = "accounts.copy_made"
    ACCOUNTS_COPY_ERASED = "accounts.copy_erased"
    ACCOUNTS_ANONYMISED = "accounts.anonymised"
    FILES_PAPER_ORDERED = "files.paper_ordered"
    WORKFLOW_BEGUN = "workflow.begun"
    WORKFLOW_MOVED = "workflow.moved"
    WORKFLOW_SIGNED = "workflow.signed"
    WORKFLOW_RECOUNTED = "workflow.recounted"
    WORKFLOW_BATCH_DRAFTED = "workflow.batch_drafted"
    WORKFLOW_BATCH_DECIDED = "workflow.batch_decided"
    WORKFLOW_BATCH_DROPPED = "workflow.batch_dropped"
    SCREENS_GROUP_ADDED = "screens.group_added"
    SCREENS_GROUP_CHANGED = "screens.group_changed"
    SCREENS_GROUP_STOPPED = "screens.group_stopped"
    SCREENS_GROUP_REOPENED = "screens.group_reopened"
    SCREENS_PACKAGE_ORDERED = "screens.package_ordered"
    SCREENS_PACKAGE_MADE = "screens.package_made"
    SCREENS_PACKAGE_ERASED = "screens.package_erased"
    INSPECTIONS_DUTY_CHANGED = "inspections.duty_changed"
    INSPECTIONS_CHECKLIST_CHANGED = "inspections.checklist_changed"
    INSPECTIONS_STARTED = "inspections.started"
    INSPECTIONS_WINDOW_CHECKED = "inspections.window_checked"
    INSPECTIONS_FINDING_ADDED = "inspections.finding_added"
    INSPECTIONS_FINDING_FIXED = "inspections.finding_fixed"
    INSPECTIONS_FINISHED = "inspections.finished"
    INSPECTIONS_REMARK_ADDED = "inspections.remark_added"
    RECTIFICATIONS_AMENDED = "rectifications.amended"
    RECTIFICATIONS_PHOTO_ADDED = "rectifications.photo_added"
    COMMITMENTS_SHEET_EDITED = "commitments.sheet_edited"
    COMMITMENTS_SHEET_PRINTED = "commitments.sheet_printed"
    COMMITMENTS_PRINT_COLLECTED = "commitments.print_collected"
    COMMITMENTS_CODE_SET = "commitments.code_set"
    COMMITMENTS_CODE_REMOVED = "commitments.code_removed"
    PUBLIC_FORM_LIMITED = "public.form_limited"
    SUGGESTIONS_QUESTION_ASKED = "suggestions.question_asked"
    SUGGESTIONS_REPLIED = "suggestions.replied"
    SUGGESTIONS_RATED = "suggestions.rated"
    SUGGESTIONS_ANSWER_SEEN = "suggestions.answer_seen"
    SUGGESTIONS_PICTURE_ADDED = "suggestions.picture_added"
    SUGGESTIONS_IMPORT_UPLOADED = "suggestions.import_uploaded"
    SUGGESTIONS_IMPORT_APPLIED = "suggestions.import_applied"
    SUGGESTIONS_IMPORT_ERASED = "suggestions.import_erased"
    SUGGESTIONS_ORDER_EDITED = "suggestions.order_edited"
    SUGGESTIONS_EVIDENCE_ADDED = "suggestions.evidence_added"
    SUGGESTIONS_CASE_MARKED = "suggestions.case_marked"
    REGULATIONS_RULE_WRITTEN = "regulations.rule_written"
    REGULATIONS_RISK_WRITTEN = "regulations.risk_written"
    REGULATIONS_LIST_CHANGED = "regulations.list_changed"
    REGULATIONS_CONFIRMED = "regulations.confirmed"
    SURVEYS_QUESTIONNAIRE_EDITED = "surveys.questionnaire_edited"
    SURVEYS_OPENED = "surveys.opened"
    SURVEYS_CLOSED = "surveys.closed"
    SURVEYS_COMMENTS_COVERED = "surveys.comments_covered"
    SURVEYS_COMMENTS_RELEASED = "surveys.comments_released"
    EXAMS_NAMED = "exams.named"
    EXAMS_BATCH_CHANGED = "exams.batch_changed"
    EXAMS_CONTROLLED = "exams.controlled"
    EXAMS_TAKEN_OVER = "exams.taken_over"
    EXAMS_DOUBT_RAISED = "exams.doubt_raised"
    EXAMS_NOTICE_WRITTEN = "exams.notice_written"
    EXAMS_PACKAGE_ORDERED = "exams.package_ordered"
    EXAMS_PACKAGE_MADE = "exams.package_made"
    EXAMS_PACKAGE_ERASED = "exams.package_erased"
    EXAMS_ANSWER_MARKED = "exams.answer_marked"
    TRAINING_PLANNED = "training.planned"
    TRAINING_PLAN_DROPPED = "training.plan_dropped"
    TRAINING_CLASS_EDITED = "training.class_edited"
    TRAINING_SEATS_BOOKED = "training.seats_booked"
    TRAINING_SEAT_FREED = "training.seat_freed"
    TRAINING_SIGNED_IN = "training.signed_in"
    TRAINING_SIGN_INS_CHANGED = "training.sign_ins_changed"
    TRAINING_MATERIAL_ADDED = "training.material_added"
    TRAINING_MATERIAL_REMOVED = "training.material_removed"
    TRAINING_RECORD_WRITTEN = "training.record_written"
    TRAINING_FIGURES_UPLOADED = "training.figures_uploaded"
    TRAINING_FIGURES_APPLIED = "training.figures_applied"
    TRAINING_FIGURES_ERASED = "training.figures_erased"
    MENTORING_PLAN_CHANGED = "mentoring.plan_changed"
    MENTORING_ITEM_SIGNED = "mentoring.item_signed"
    MENTORING_ITEM_ASSESSED = "mentoring.item_assessed"
    MEASURES_PLAN_LOADED = "measures.plan_loaded"
    MEASURES_PLAN_COPIED = "measures.plan_copied"
    MEASURES_PLAN_CLOSED = "measures.plan_closed"
    MEASURES_TARGET_CHANGED = "measures.target_changed"
    MEASURES_READING_ADDED = "measures.reading_added"
    MEASURES_READING_CORRECTED = "measures.reading_corrected"
    MEASURES_NOTE_ADDED = "measures.note_added"
    MEASURES_IMPORT_UPLOADED = "measures.import_uploaded"
    MEASURES_IMPORT_APPLIED = "measures.import_applied"
    ASSESSMENT_SCHEME_EDITED = "assessment.scheme_edited"
    ASSESSMENT_CYCLE_COLLECTED = "assessment.cycle_collected"
    ASSESSMENT_COMMENT_WRITTEN = "assessment.comment_written"
    ASSESSMENT_OPINION_WRITTEN = "assessment.opinion_written"
    ASSESSMENT_OWN_OPINION_WRITTEN = "assessment.own_opinion_written"
    ASSESSMENT_PACKAGE_ORDERED = "assessment.package_ordered"
    ASSESSMENT_PACKAGE_MADE = "assessment.package_made"
    ASSESSMENT_PACKAGE_ERASED = "assessment.package_erased"


class AuditResult(StrEnum):
    """How the act ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


# Whatever is not named here was done.
RESULT_OF = {
    AuditEvent.ACCOUNTS_SIGN_IN_FAILED: AuditResult.FAILED,
    AuditEvent.ACCOUNTS_PROOF_FAILED: AuditResult.FAILED,
    AuditEvent.ACCOUNTS_FACTOR_FAILED: AuditResult.FAILED,
    AuditEvent.ACCOUNTS_NETWORK_REFUSED: AuditResult.REFUSED,
    AuditEvent.ACCOUNTS_ADDRESS_LIMITED: AuditResult.REFUSED,
    AuditEvent.ACCESS_REFUSED: AuditResult.REFUSED,
    AuditEvent.PUBLIC_FORM_LIMITED: AuditResult.REFUSED,
}


class Verdict(StrEnum):
    """What verifying the chain found; each of the last four says at which entry."""

    INTACT = "intact"
    ALTERED = "altered"
    MISSING = "missing"
    TRUNCATED = "truncated"
    HEAD_MISMATCH = "head_mismatch"


# 网络安全法: at least six months. Nobody can set less: the database refuses it too.
LEAST_DAYS = 183
HASH_LENGTH = 64
# The hash before the first entry.
GENESIS = "0" * HASH_LENGTH


class AuditEntry(Base):
    """One event. `seq` has no gaps: it comes from the head, not from a sequence."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "event", "at"),
        Index(None, "person_id"),
        Index(None, "request_id"),
        {"info": INTERNAL},
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    event: Mapped[AuditEvent] = mapped_column(
        enum_column(AuditEvent, "event_valid", is_checked=False)
    )
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    # Roles he held, or the kind of account; see ACTED_AS_LABELS. Empty: from before it was kept.
    acted_as: Mapped[str] = mapped_column(String(200))
    request_id: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(45), info=PERSONAL)
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64))
    result: Mapped[AuditResult] = mapped_column(enum_column(AuditResult, "result_valid"))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    prev_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH))


class AuditHead(Base):
    """The end of the chain, one row; whoever appends holds its lock until his commit."""

    __tablename__ = "audit_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("seq >= 0", name="seq_counts"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH))


class AuditCut(Base):
    """Where old entries were taken away: those up to `seq`, all of them older than `older_than`.

    The chain vouches for it: an entry `audit.purged` repeats seq and hash.
    """

    __tablename__ = "audit_cut"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_counts"),
        CheckConstraint("older_than < at", name="older_than_past"),
        {"info": INTERNAL},
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    older_than: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditVerification(Base):
    """One verification of the chain with its verdict; the alert reads the last one."""

    __tablename__ = "audit_verification"
    __table_args__ = (
        CheckConstraint("checked >= 0 AND last_seq >= 0", name="figures_count"),
        CheckConstraint("verdict <> 'intact' OR broken_at IS NULL", name="intact_is_whole"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    verdict: Mapped[Verdict] = mapped_column(enum_column(Verdict, "verdict_valid"))
    broken_at: Mapped[int | None]
    detail: Mapped[str] = mapped_column(String(300))
    checked: Mapped[int]
    last_seq: Mapped[int]
    last_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))


_TOO_YOUNG = f"entries of the last {LEAST_DAYS} days are kept"
_CUT_HEAD = "CREATE TRIGGER audit_cut_old_enough BEFORE INSERT ON audit_cut FOR EACH ROW"

TRIGGERS = [
    *refuse_change("audit_entry_kept", "audit_entry", "UPDATE", "the audit log is append-only"),
    # The one way out: behind a cut, and older than the cut says.
    refuse_if_exists(
        "audit_entry_kept_delete",
        "audit_entry",
        "DELETE",
        "the audit log is append-only",
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM audit_cut "
        "WHERE OLD.seq <= audit_cut.seq AND OLD.at < audit_cut.older_than)",
    ),
    *refuse_change(
        "audit_head_forward", "audit_head", "UPDATE", "the head moves on", "NEW.seq <= OLD.seq"
    ),
    *refuse_change("audit_head_kept", "audit_head", "DELETE", "the head is kept"),
    *refuse_change("audit_cut_kept", "audit_cut", "UPDATE; DELETE", "a cut is kept"),
    # By its own date, because clocks are the site's business and a database has another one.
    Trigger(
        name="audit_cut_old_enough",
        table="audit_cut",
        sqlite=(
            f"{_CUT_HEAD} WHEN julianday(NEW.at) - julianday(NEW.older_than) < {LEAST_DAYS} "
            f"BEGIN SELECT RAISE(ABORT, '{_TOO_YOUNG}'); END"
        ),
        postgres=(
            f"{_CUT_HEAD} WHEN (NEW.older_than > NEW.at - interval '{LEAST_DAYS} days') "
            f"EXECUTE FUNCTION refuse('{_TOO_YOUNG}')"
        ),
    ),
    refuse_if_exists(
        "audit_cut_takes_old",
        "audit_cut",
        "INSERT",
        _TOO_YOUNG,
        "SELECT 1 FROM audit_entry WHERE seq <= NEW.seq AND at >= NEW.older_than",
    ),
    refuse_if_exists(
        "audit_cut_on_chain",
        "audit_cut",
        "INSERT",
        "a cut stands on an entry of the chain",
        "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM audit_entry "
        "WHERE audit_entry.seq = NEW.seq AND audit_entry.hash = NEW.hash)",
    ),
    *refuse_change(
        "audit_verification_kept",
        "audit_verification",
        "UPDATE; DELETE",
        "a verification is kept",
    ),
]
