"""意见建议: what staff (金点子) and the public (直通车) propose, until it is answered (效能10).

效能10 “征集机制、创新企业群众意见建议”, 效能10 “探索建立办事对象二次回访机制”.
An idea that is adopted becomes a 优化工作建议单 (order_models.py). 涉廉材料 are no ideas: "no copy,
export, index, notice with content; handed over offline with a content-free 移送单; contents erased
after receipt; readers are named 纪检 persons" (HALL.md 6.1). What was erased can't come back.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import false as sa_false
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, Json, UtcDateTime, enum_column
from app.workflow.records import Flowing


class IdeaKind(StrEnum):
    """Who proposes: somebody of the hall, or anybody else."""

    STAFF = "staff"
    PUBLIC = "public"


IDEA_KIND_LABELS = {IdeaKind.STAFF: "金点子", IdeaKind.PUBLIC: "直通车"}


class IdeaChannel(StrEnum):
    """Where it came in: 渠道 of the plan and its footnotes.

    12345 and 好差评 are none: they have platforms and clocks of their own (HALL.md 1.6), and come
    here only as sources of a 建议单.
    """

    SITE = "site"
    ONLINE = "online"
    SCAN = "scan"
    SLIP = "slip"
    PHONE = "phone"
    FEEDBACK_WINDOW = "feedback_window"
    OPEN_DAY = "open_day"
    MESSAGE_BOARD = "message_board"
    OUTSIDE_FORM = "outside_form"


IDEA_CHANNEL_LABELS = {
    IdeaChannel.SITE: "工作人员提交",
    IdeaChannel.ONLINE: "网上提交",
    IdeaChannel.SCAN: "现场扫码",
    IdeaChannel.SLIP: "纸质意见单",
    IdeaChannel.PHONE: "来电",
    IdeaChannel.FEEDBACK_WINDOW: "“办不成事”反映窗口",
    IdeaChannel.OPEN_DAY: "政府公开日",
    IdeaChannel.MESSAGE_BOARD: "政策留言板",
    IdeaChannel.OUTSIDE_FORM: "外部表单",
}
# What somebody without an account may say of himself.
PUBLIC_CHANNELS = (
    IdeaChannel.ONLINE,
    IdeaChannel.SCAN,
    IdeaChannel.OPEN_DAY,
    IdeaChannel.MESSAGE_BOARD,
)
# What is typed in by hand.
RECORDED_CHANNELS = (
    IdeaChannel.SLIP,
    IdeaChannel.PHONE,
    IdeaChannel.FEEDBACK_WINDOW,
    IdeaChannel.OPEN_DAY,
    IdeaChannel.MESSAGE_BOARD,
)


class IdeaState(StrEnum):
    """Where an idea stands; 待受理 of both kinds is waited for by different people."""

    STAFF_WAITING = "staff_waiting"
    PUBLIC_WAITING = "public_waiting"
    HANDLING = "handling"
    EXTENDING = "extending"
    MERGED = "merged"
    REFUSED = "refused"
    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    ERASED = "erased"


class IdeaOutcome(StrEnum):
    """What was answered: 采纳 and 部分采纳 have a 建议单 from the same moment."""

    ADOPTED = "adopted"
    PARTLY = "partly"
    DECLINED = "declined"


IDEA_OUTCOME_LABELS = {
    IdeaOutcome.ADOPTED: "采纳",
    IdeaOutcome.PARTLY: "部分采纳",
    IdeaOutcome.DECLINED: "不采纳",
}


class IdeaRating(StrEnum):
    """What the sender thinks of the answer."""

    SATISFIED = "satisfied"
    FAIR = "fair"
    DISSATISFIED = "dissatisfied"


IDEA_RATING_LABELS = {
    IdeaRating.SATISFIED: "满意",
    IdeaRating.FAIR: "基本满意",
    IdeaRating.DISSATISFIED: "不满意",
}

_NOTHING_LEFT = (
    "title = '' AND problem = '' AND proposal = '' AND contact = '' AND finding = '' "
    "AND answer = '' AND reason = '' AND extension_reason = '' AND extension_opinion = '' "
    "AND picture_id IS NULL AND department_id IS NULL AND service_item_id IS NULL "
    "AND outcome IS NULL"
)


class Idea(Flowing, Base):
    """One idea or opinion, with the answer that it got."""

    __tablename__ = "idea"
    __table_args__ = (
        CheckConstraint(f"erased_at IS NULL OR ({_NOTHING_LEFT})", name="erased_is_empty"),
        CheckConstraint("(state = 'erased') = (erased_at IS NOT NULL)", name="erased_by_receipt"),
        CheckConstraint("erased_at IS NOT NULL OR problem <> ''", name="says_something"),
        CheckConstraint(
            "(kind = 'staff') = (author_id IS NOT NULL)", name="staff_sign_their_ideas"
        ),
        CheckConstraint("kind = 'public' OR (contact = '' AND code_hash IS NULL)", name="by_code"),
        CheckConstraint("(contact = '') = (consented_at IS NULL)", name="contact_with_consent"),
        CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered_once"),
        CheckConstraint(
            "answered_at IS NULL OR state IN ('answered', 'handed_over')", name="answer_stands"
        ),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answer_has_outcome"),
        CheckConstraint("answered_at IS NULL OR answer <> ''", name="answer_in_words"),
        CheckConstraint(
            "outcome IS NULL OR outcome = 'adopted' OR reason <> ''", name="refusal_has_reason"
        ),
        CheckConstraint("state <> 'refused' OR reason <> ''", name="not_taken_has_reason"),
        CheckConstraint("state <> 'merged' OR merged_into_id IS NOT NULL", name="merged_into_one"),
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("triaged_by_id <> author_id", name="author_takes_no_own_idea"),
        CheckConstraint("answered_by_id <> author_id", name="author_answers_no_own_idea"),
        CheckConstraint(
            "(outside_source IS NULL) = (outside_number IS NULL)", name="number_with_source"
        ),
        UniqueConstraint("outside_source", "outside_number"),
        Index(None, "state", "due_at"),
        {"info": INTERNAL},
    )

    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    kind: Mapped[IdeaKind] = mapped_column(enum_column(IdeaKind, "kind_valid"))
    channel: Mapped[IdeaChannel] = mapped_column(enum_column(IdeaChannel, "channel_valid"))
    state: Mapped[IdeaState] = mapped_column(enum_column(IdeaState, "state_valid"))
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True, info=PERSONAL
    )
    received_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(60))
    problem: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str] = mapped_column(Text)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    service_item_id: Mapped[int | None] = mapped_column(ForeignKey("service_item.id"))
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    # Given by the sender so that somebody calls back, with his consent.
    contact: Mapped[str] = mapped_column(String(40), info=SENSITIVE)
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Of the code that its sender follows it by; the code itself is nowhere.
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info=SENSITIVE)
    # Which outside form gave it which number, so that no import takes it twice.
    outside_source: Mapped[str | None] = mapped_column(String(40))
    outside_number: Mapped[str | None] = mapped_column(String(60))
    triaged_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    triaged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("idea.id"), index=True)
    is_hard: Mapped[bool] = mapped_column(default=False, server_default=sa_false())
    is_extended: Mapped[bool] = mapped_column(default=False, server_default=sa_false())
    extension_reason: Mapped[str] = mapped_column(Text)
    extension_opinion: Mapped[str] = mapped_column(Text)
    # Until when it was to be answered before an extension was asked for.
    before_extension_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[IdeaOutcome | None] = mapped_column(enum_column(IdeaOutcome, "outcome_valid"))
    finding: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When its sender first read the answer.
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[IdeaRating | None] = mapped_column(enum_column(IdeaRating, "rating_valid"))
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def headline(self) -> str:
        """Give its title, or how it begins where the public gave none."""
        text = self.title or " ".join(self.problem.split())
        return text if len(text) <= MAX_HEADLINE else f"{text[: MAX_HEADLINE - 1]}…"

    @property
    def is_gone(self) -> bool:
        """Tell whether it was handed over, so that nobody here reads it any more."""
        return self.state in {IdeaState.HANDED_OVER, IdeaState.ERASED}


MAX_HEADLINE = 30


class IdeaMessage(Base):
    """A question of whoever handles an idea, or what its sender answers to that."""

    __tablename__ = "idea_message"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), index=True)
    # Who asks; none is the sender.
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdeaHandover(Base):
    """移送单: that something was handed over to one named 纪检 person; not a word of what it says.

    Its key and its number are drawn: neither tells how many there are.
    """

    __tablename__ = "idea_handover"
    __table_args__ = (
        CheckConstraint("handed_by_id <> receiver_id", name="received_by_another"),
        Index(None, "receiver_id"),
        Index(None, "handed_by_id"),
        {"info": INTERNAL},
    )

    public_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    idea_id: Mapped[int] = mapped_column(ForeignKey("idea.id"), unique=True)
    slip_number: Mapped[str] = mapped_column(String(20), unique=True)
    handed_on: Mapped[date]
    handed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdeaImportState(StrEnum):
    """What became of a file from an outside form."""

    PREVIEWED = "previewed"
    APPLIED = "applied"
    ERASED = "erased"


IDEA_IMPORT_STATE_LABELS = {
    IdeaImportState.PREVIEWED: "待确认",
    IdeaImportState.APPLIED: "已导入",
    IdeaImportState.ERASED: "已清除",
}


class IdeaImport(Base):
    """A file of an outside form, read and shown; its rows are kept only until it is taken in."""

    __tablename__ = "idea_import"
    __table_args__ = (
        CheckConstraint("state = 'previewed' OR rows = '[]'", name="rows_not_kept"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    file_name: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    # 外部表单的名称: each counts by itself.
    source: Mapped[str] = mapped_column(String(40))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[IdeaImportState] = mapped_column(enum_column(IdeaImportState, "state_valid"))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json, info=SENSITIVE)
    added: Mapped[int] = mapped_column(default=0)


# The engine still clears the due time after the state; whatever says something stays empty.
_SAID = (
    "state, title, problem, proposal, contact, finding, answer, reason, extension_reason, "
    "extension_opinion, outcome, picture_id, department_id, service_item_id, erased_at"
)

TRIGGERS = [
    *refuse_change(
        "idea_erased",
        "idea",
        f"UPDATE OF {_SAID}",
        "what was handed over stays erased",
        when="OLD.erased_at IS NOT NULL",
    ),
    *refuse_change("idea_kept", "idea", "DELETE", "an idea is never deleted"),
    *refuse_change(
        "idea_handover_received",
        "idea_handover",
        "UPDATE; DELETE",
        "a hand-over that was received is never changed",
        when="OLD.received_at IS NOT NULL",
    ),
]
