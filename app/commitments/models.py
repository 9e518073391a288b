"""三亮: what a department or a window promises, by which standards, and who stands for it.

清廉10 "以“三亮”（亮身份、亮标准、亮承诺）行动为抓手": a `CommitmentSheet` is the 承诺公示牌 of one
department or window; each `SheetVersion` of it is drafted, reviewed and approved as a whole, and
the old one stays 公开中 until the new one is approved. Who is on duty is no part of it: "identity
belongs to whoever is on duty, the commitment to the window" (identity.py).
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, PUBLIC, UtcDateTime, enum_column
from app.workflow.records import Flowing

MOST_LINES = 5
LEAST_LINES = 3
LONGEST_LINE = 22
MOST_STANDARDS = 5


class SheetState(StrEnum):
    """How far a version of a sheet is."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVAL = "approval"
    PUBLIC = "public"
    UPDATED = "updated"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


SHEET_STATE_LABELS = {
    SheetState.DRAFT: "起草中",
    SheetState.REVIEW: "待科室初审",
    SheetState.APPROVAL: "待审定",
    SheetState.PUBLIC: "公开中",
    SheetState.UPDATED: "已更新",
    SheetState.WITHDRAWN: "已撤下",
    SheetState.DROPPED: "不再起草",
}
OPEN_STATES = (SheetState.DRAFT, SheetState.REVIEW, SheetState.APPROVAL)
APPROVED_STATES = (SheetState.PUBLIC, SheetState.UPDATED, SheetState.WITHDRAWN)


class PlateState(StrEnum):
    """How far a 党员示范岗 is."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"


PLATE_STATE_LABELS = {
    PlateState.ASKED: "待支部确认",
    PlateState.CONFIRMED: "已挂牌",
    PlateState.REFUSED: "未确认",
    PlateState.ENDED: "已摘牌",
}


class PrintKind(StrEnum):
    """What is printed of a sheet."""

    DESK_CARD = "desk_card"
    POSTER = "poster"
    NOTICE = "notice"


PRINT_KIND_LABELS = {
    PrintKind.DESK_CARD: "台卡（A5）",
    PrintKind.POSTER: "上墙海报（A3）",
    PrintKind.NOTICE: "亮标准公示（A4）",
}


class CommitmentSheet(Base):
    """承诺公示牌 of a whole department, or of one of its windows; one each.

    A window that goes over to another department has another sheet there: what the first one
    promised holds no longer, and stays under its name.
    """

    __tablename__ = "commitment_sheet"
    __table_args__ = (
        UniqueConstraint("window_id", "department_id"),
        Index(
            "ix_commitment_sheet_one_of_department",
            "department_id",
            unique=True,
            sqlite_where=text("window_id IS NULL"),
            postgresql_where=text("window_id IS NULL"),
        ),
        {"info": PUBLIC},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"), index=True)
    window_id: Mapped[int | None] = mapped_column(ForeignKey("service_window.id"))


class SheetVersion(Flowing, Base):
    """One version of a sheet, from its draft to its end. Once approved nothing of it changes.

    `edition` (第3版) counts what was approved, and `check_code` is the hash of what was: both are
    printed on everything that shows the sheet. `published_on` is 公开日期, `ended_on` the day on
    which it was withdrawn or gave way to the next.
    """

    __tablename__ = "sheet_version"
    __table_args__ = (
        CheckConstraint("reviewed_by_id <> drafted_by_id", name="reviewed_by_another"),
        CheckConstraint("approved_by_id <> drafted_by_id", name="approved_by_another"),
        CheckConstraint("approved_by_id <> reviewed_by_id", name="approved_by_a_third"),
        CheckConstraint(
            "state NOT IN ('public', 'updated', 'withdrawn') OR (edition IS NOT NULL"
            " AND published_on IS NOT NULL AND check_code <> '' AND approved_by_id IS NOT NULL)",
            name="public_when_approved",
        ),
        CheckConstraint("ended_on IS NULL OR ended_on >= published_on", name="ends_after_start"),
        UniqueConstraint("sheet_id", "edition"),
        Index(
            "ix_sheet_version_one_public",
            "sheet_id",
            unique=True,
            sqlite_where=text("state = 'public'"),
            postgresql_where=text("state = 'public'"),
        ),
        Index(
            "ix_sheet_version_one_open",
            "sheet_id",
            unique=True,
            sqlite_where=text("state IN ('draft', 'review', 'approval')"),
            postgresql_where=text("state IN ('draft', 'review', 'approval')"),
        ),
        {"info": INTERNAL},
    )

    sheet_id: Mapped[int] = mapped_column(ForeignKey("commitment_sheet.id"), index=True)
    state: Mapped[SheetState] = mapped_column(
        enum_column(SheetState, "state_valid"), default=SheetState.DRAFT
    )
    slogan: Mapped[str] = mapped_column(String(24), default="", info=PUBLIC)
    # 监督电话 of this sheet; empty where the hall's own holds.
    supervision_phone: Mapped[str] = mapped_column(String(20), default="", info=PUBLIC)
    # 受理人 of the 公示: a section or a post, never a person's name.
    receiver: Mapped[str] = mapped_column(String(20), default="", info=PUBLIC)
    edition: Mapped[int | None] = mapped_column(info=PUBLIC)
    published_on: Mapped[date | None] = mapped_column(info=PUBLIC)
    ended_on: Mapped[date | None] = mapped_column(info=PUBLIC)
    check_code: Mapped[str] = mapped_column(String(64), default="", info=PUBLIC)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def nobody_id(self) -> None:
        """Name nobody: what is his to do only the site itself does."""
        return


class CommitmentLine(Base):
    """亮承诺: one line of a sheet, cut where its number stands, which is shown large.

    `indicator` and `measure` say what the number measures and how it is told: "可操作、可量化".
    """

    __tablename__ = "commitment_line"
    __table_args__ = (
        CheckConstraint(f"place BETWEEN 1 AND {MOST_LINES}", name="place_within"),
        CheckConstraint(
            f"length(before) + length(number) + length(after) <= {LONGEST_LINE}",
            name="short_enough",
        ),
        CheckConstraint("number <> '' AND unit <> ''", name="has_number"),
        CheckConstraint("indicator <> '' AND measure <> ''", name="is_measured"),
        UniqueConstraint("version_id", "place"),
        {"info": PUBLIC},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("sheet_version.id"))
    place: Mapped[int]
    before: Mapped[str] = mapped_column(String(LONGEST_LINE))
    number: Mapped[str] = mapped_column(String(8))
    after: Mapped[str] = mapped_column(String(LONGEST_LINE))
    unit: Mapped[str] = mapped_column(String(8))
    indicator: Mapped[str] = mapped_column(String(20))
    measure: Mapped[str] = mapped_column(String(60))

    @property
    def sentence(self) -> str:
        """Give the line as it was typed."""
        return f"{self.before}{self.number}{self.after}"


class ServiceStandard(Base):
    """亮标准: one standard of a sheet, with the rule and article that it rests on."""

    __tablename__ = "service_standard"
    __table_args__ = (
        CheckConstraint(f"place BETWEEN 1 AND {MOST_STANDARDS}", name="place_within"),
        CheckConstraint("text <> '' AND basis <> ''", name="has_basis"),
        UniqueConstraint("version_id", "place"),
        {"info": PUBLIC},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("sheet_version.id"))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(String(56))


class RatingCode(Base):
    """好差评码 of a window: the official picture as it was uploaded, never made here."""

    __tablename__ = "rating_code"
    __table_args__ = {"info": INTERNAL}  # noqa: RUF012 - SQLAlchemy reads a plain dict.

    window_id: Mapped[int] = mapped_column(ForeignKey("service_window.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), unique=True)
    set_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SheetPrint(Base):
    """What was printed of a version: what is to be collected once that is withdrawn or updated."""

    __tablename__ = "sheet_print"
    __table_args__ = (
        CheckConstraint(
            "(collected_at IS NULL) = (collected_by_id IS NULL)", name="collected_by_somebody"
        ),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("sheet_version.id"), index=True)
    kind: Mapped[PrintKind] = mapped_column(enum_column(PrintKind, "kind_valid"))
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    printed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    collected_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    collected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ModelPost(Flowing, Base):
    """党员示范岗: a plate that the Party branch has confirmed, for one person at one post.

    It rests on the branch's word alone and is never told from 政治面貌. It ends with the placement
    for which it was confirmed: whoever leaves or is transferred has none from that day on.
    """

    __tablename__ = "model_post"
    __table_args__ = (
        CheckConstraint("confirmed_by_id <> drafted_by_id", name="confirmed_by_another"),
        CheckConstraint("confirmed_by_id <> person_id", name="nobody_confirms_himself"),
        CheckConstraint(
            "state NOT IN ('confirmed', 'ended') OR confirmed_by_id IS NOT NULL",
            name="confirmed_by_somebody",
        ),
        Index(
            "ix_model_post_one_each",
            "person_id",
            unique=True,
            sqlite_where=text("state IN ('asked', 'confirmed')"),
            postgresql_where=text("state IN ('asked', 'confirmed')"),
        ),
        {"info": INTERNAL},
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True, info=PERSONAL)
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), info=PERSONAL)
    state: Mapped[PlateState] = mapped_column(
        enum_column(PlateState, "state_valid"), default=PlateState.ASKED, info=PERSONAL
    )
    grounds: Mapped[str] = mapped_column(String(200), info=PERSONAL)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, info=PERSONAL)

    @property
    def nobody_id(self) -> None:
        """Name nobody: what is his to do only the site itself does."""
        return
