"""现场巡查: 值班表, checklist, rounds (清廉8 “现场巡查、电子监察、投诉反馈、明察暗访”).

"Three tracks: 现场提醒 (recorded; first time not scored) · 立行立改 (before and after photo,
closed on the spot, confirmed by the window) · 整改通知单 (formal: only this one has a deadline and
another re-checker). Every checklist item starts at 正常: tap exceptions only." What comes of a
整改通知单 stands in `rectifications`. A finished round is never changed: corrections are remarks.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.triggers import refuse_change, refuse_if_exists
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, Json, UtcDateTime, enum_column

PUBLIC_ID_LENGTH = 24
CLIENT_ID_LENGTH = 36


class DutyPeriod(StrEnum):
    """时段: which part of a day a duty or a round belongs to."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    WHOLE_DAY = "whole_day"


DUTY_PERIOD_LABELS = {
    DutyPeriod.MORNING: "上午",
    DutyPeriod.AFTERNOON: "下午",
    DutyPeriod.WHOLE_DAY: "全天",
}


class InspectionWay(StrEnum):
    """方式 of a round."""

    ON_SITE = "on_site"
    UNANNOUNCED = "unannounced"


INSPECTION_WAY_LABELS = {
    InspectionWay.ON_SITE: "现场巡查",
    InspectionWay.UNANNOUNCED: "明察暗访",
}


class Track(StrEnum):
    """What is done about a finding."""

    REMINDER = "reminder"
    ON_THE_SPOT = "on_the_spot"
    ORDER = "order"


TRACK_LABELS = {
    Track.REMINDER: "现场提醒",
    Track.ON_THE_SPOT: "立行立改",
    Track.ORDER: "整改通知单",
}


class Opinion(StrEnum):
    """被查人意见: whether those who were inspected agree; 拒签 is noted."""

    AGREED = "agreed"
    STATED = "stated"
    REFUSED = "refused"


OPINION_LABELS = {
    Opinion.AGREED: "无异议",
    Opinion.STATED: "有说明",
    Opinion.REFUSED: "拒签",
}


class DutyEntry(Base):
    """A line of the 值班表: two inspectors and the 带班领导 of a period, and their areas."""

    __tablename__ = "duty_entry"
    __table_args__ = (
        UniqueConstraint("day", "period"),
        CheckConstraint("first_id <> second_id", name="two_inspectors"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date]
    period: Mapped[DutyPeriod] = mapped_column(enum_column(DutyPeriod, "period_valid"))
    first_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    areas: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads a plain dict.


class Checklist(Base):
    """One version of the checklist; a round keeps the one that it began with."""

    __tablename__ = "checklist"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"), {"info": PUBLIC})

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), info=INTERNAL)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChecklistItem(Base):
    """What is looked at, with ready sentences of fact and the rule that it rests on.

    `code` is the same in every version: by it a second finding is told from a first one.
    `shows_absence`: leave and 替岗 are shown before anything counts (空岗).
    """

    __tablename__ = "checklist_item"
    __table_args__ = (
        UniqueConstraint("checklist_id", "position"),
        UniqueConstraint("checklist_id", "code"),
        {"info": PUBLIC},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(200))
    article_id: Mapped[int | None] = mapped_column(ForeignKey("regulation_article.id"))
    phrases: Mapped[list[Any]] = mapped_column(Json)
    shows_absence: Mapped[bool]


class Inspection(Base):
    """One round. `client_id` is made by the form, so that a double tap begins one round."""

    __tablename__ = "inspection"
    __table_args__ = (
        CheckConstraint("second_id <> inspector_id", name="two_inspectors"),
        CheckConstraint("ended_at >= started_at", name="ended_after_start"),
        CheckConstraint("(ended_at IS NULL) = (opinion IS NULL)", name="opinion_at_end"),
        CheckConstraint("opinion <> 'stated' OR opinion_note <> ''", name="statement_given"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    client_id: Mapped[str] = mapped_column(String(CLIENT_ID_LENGTH), unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    day: Mapped[date] = mapped_column(index=True)
    period: Mapped[DutyPeriod] = mapped_column(enum_column(DutyPeriod, "period_valid"))
    way: Mapped[InspectionWay] = mapped_column(enum_column(InspectionWay, "way_valid"))
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"))
    inspector_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    leader_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    areas: Mapped[str] = mapped_column(String(60))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[Opinion | None] = mapped_column(enum_column(Opinion, "opinion_valid"))
    opinion_note: Mapped[str] = mapped_column(String(300), default="")

    @property
    def is_over(self) -> bool:
        """Tell whether the round is finished, so that nothing of it changes any more."""
        return self.ended_at is not None


class WindowCheck(Base):
    """A window that a round looked at, and who was there; 全部正常 where nothing was found."""

    __tablename__ = "window_check"
    __table_args__ = (
        UniqueConstraint("inspection_id", "window_id"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"))
    window_id: Mapped[int] = mapped_column(ForeignKey("service_window.id"), index=True)
    # As it was then: windows change hands.
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    on_duty: Mapped[list[int]] = mapped_column(Json)
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Finding(Base):
    """A fact at a window. `is_first` is 首次提醒: it is recorded and never scored.

    A 立行立改 that is fixed has its photo and names who confirmed it; a 整改通知单 is an order.
    """

    __tablename__ = "finding"
    __table_args__ = (
        CheckConstraint("(track = 'order') = (order_id IS NOT NULL)", name="order_where_formal"),
        CheckConstraint("NOT is_first OR track = 'reminder'", name="first_is_reminder"),
        CheckConstraint(
            "(fixed_at IS NULL) = (after_file_id IS NULL) AND "
            "(fixed_at IS NULL) = (confirmed_by_id IS NULL)",
            name="fixed_with_photo",
        ),
        CheckConstraint(
            "track <> 'on_the_spot' OR before_file_id IS NOT NULL", name="seen_before_fixed"
        ),
        CheckConstraint("fixed_at IS NULL OR track = 'on_the_spot'", name="fixed_on_the_spot"),
        CheckConstraint("confirmed_by_id <> found_by_id", name="confirmed_by_another"),
        CheckConstraint("fact <> ''", name="fact_given"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), unique=True)
    client_id: Mapped[str] = mapped_column(String(CLIENT_ID_LENGTH), unique=True)
    check_id: Mapped[int] = mapped_column(ForeignKey("window_check.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("checklist_item.id"), index=True)
    fact: Mapped[str] = mapped_column(Text)
    # What the roster said of leave and 替岗 at that moment, where the item asks for it.
    absence_note: Mapped[str] = mapped_column(String(300), default="")
    track: Mapped[Track] = mapped_column(enum_column(Track, "track_valid"))
    is_first: Mapped[bool]
    found_at: Mapped[datetime] = mapped_column(UtcDateTime)
    found_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    before_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    after_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    fixed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("rectification_order.id"), unique=True)


class InspectionRemark(Base):
    """A correction of a finished round: what is right, and why; the record itself stays."""

    __tablename__ = "inspection_remark"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(200))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Handover(Base):
    """移送单, without content: 序号, 日期, 来源渠道, 移交人, 接收人; the 签收 is on the paper.

    It points at no round, window or person that it might be about, and nothing counts it.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("handed_by_id <> receiver_id", name="received_by_another"),
        Index(None, "receiver_id"),
        Index(None, "handed_by_id"),
        {"info": INTERNAL},
    )

    # Random, as the number is: neither tells how many there are.
    public_id: Mapped[str] = mapped_column(String(PUBLIC_ID_LENGTH), primary_key=True)
    client_id: Mapped[str] = mapped_column(String(CLIENT_ID_LENGTH), unique=True)
    slip_number: Mapped[str] = mapped_column(String(20), unique=True)
    handed_on: Mapped[date]
    channel: Mapped[str] = mapped_column(String(20))
    handed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)
    receiver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), info=PERSONAL)


_LOCKED = "a finished round is never changed"
_OVER = "SELECT 1 FROM inspection WHERE inspection.ended_at IS NOT NULL AND inspection.id = "
_CHECK_OVER = (
    "SELECT 1 FROM inspection JOIN window_check ON window_check.inspection_id = inspection.id "
    "WHERE inspection.ended_at IS NOT NULL AND window_check.id = NEW.check_id"
)
TRIGGERS = [
    *refuse_change(
        "inspection_locked", "inspection", "UPDATE", _LOCKED, "OLD.ended_at IS NOT NULL"
    ),
    *refuse_change("inspection_kept", "inspection", "DELETE", "a round is kept"),
    refuse_if_exists(
        "window_check_locked_insert", "window_check", "INSERT", _LOCKED,
        f"{_OVER}NEW.inspection_id",
    ),
    refuse_if_exists("finding_locked_insert", "finding", "INSERT", _LOCKED, _CHECK_OVER),
    refuse_if_exists("finding_locked_update", "finding", "UPDATE", _LOCKED, _CHECK_OVER),
    *refuse_change("finding_kept", "finding", "DELETE", "a finding is kept"),
    *refuse_change("window_check_kept", "window_check", "UPDATE; DELETE", "a check is kept"),
    *refuse_change("handover_kept", "handover", "UPDATE; DELETE", "a hand-over is kept"),
    *refuse_change(
        "inspection_remark_kept", "inspection_remark", "UPDATE; DELETE", "a remark is kept"
    ),
    *refuse_change(
        "checklist_item_kept", "checklist_item", "UPDATE; DELETE", "a version is never changed"
    ),
]  # fmt: skip
