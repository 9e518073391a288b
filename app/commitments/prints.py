"""What was printed and still stands on a desk or hangs on a wall; what is to be collected.

"撤下": a page is gone at once, paper is not. Whoever prints is written down with what he prints, so
that the page of a version that is no longer public lists what somebody has to fetch.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.accounts.roster.models import Placement
from app.audit.models import AuditEvent
from app.audit.service import append
from app.commitments import disclosure
from app.commitments.models import (
    PRINT_KIND_LABELS,
    CommitmentSheet,
    ModelPost,
    PrintKind,
    SheetPrint,
    SheetState,
    SheetVersion,
)
from app.commitments.sheets import row_of
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError

NOT_PUBLIC = "这一版现在不公开，不能打印。"
COLLECTED = "这一份已经登记收回。"


@dataclass(frozen=True, kw_only=True)
class PrintLine:
    """One print of a version, in words."""

    print_id: int
    kind: str
    printed_by: str
    printed_at: datetime
    collected_by: str
    collected_at: datetime | None


def list_prints(version_id: int) -> list[PrintLine]:
    """Give what was printed of a version, oldest first."""
    printer, collector = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(SheetPrint, printer.name, collector.name)
        .join(printer, printer.id == SheetPrint.printed_by_id)
        .outerjoin(collector, collector.id == SheetPrint.collected_by_id)
        .where(SheetPrint.version_id == version_id)
        .order_by(SheetPrint.id)
    )
    return [
        PrintLine(
            print_id=each.id,
            kind=PRINT_KIND_LABELS[each.kind],
            printed_by=printed_by,
            printed_at=each.printed_at,
            collected_by=collected_by or "",
            collected_at=each.collected_at,
        )
        for each, printed_by, collected_by in rows
    ]


@dataclass(frozen=True, kw_only=True)
class Hanging:
    """A version before, of which prints still hang or stand somewhere."""

    version_id: int
    edition: int
    count: int


def list_hanging(version: SheetVersion) -> list[Hanging]:
    """Give the other versions of a sheet of which prints were not fetched."""
    rows = db.session.execute(
        select(SheetVersion.id, SheetVersion.edition, func.count(SheetPrint.id))
        .join(SheetPrint, SheetPrint.version_id == SheetVersion.id)
        .where(
            SheetVersion.sheet_id == version.sheet_id,
            SheetVersion.id != version.id,
            SheetPrint.collected_at.is_(None),
        )
        .group_by(SheetVersion.id, SheetVersion.edition)
        .order_by(SheetVersion.edition)
    )
    return [
        Hanging(version_id=version_id, edition=edition or 0, count=count)
        for version_id, edition, count in rows
    ]


def tell_printers(version: SheetVersion, text: str, *kinds: PrintKind) -> None:
    """Tell whoever printed a version what to fetch, in the open write; of some kinds, or of all."""
    rows = db.session.execute(
        select(SheetPrint.printed_by_id, func.count())
        .where(
            SheetPrint.version_id == version.id,
            SheetPrint.kind.in_(kinds or tuple(PrintKind)),
            SheetPrint.collected_at.is_(None),
        )
        .group_by(SheetPrint.printed_by_id)
    ).all()
    for person_id, count in rows:
        inbox.tell(
            [person_id],
            f"{text}：你打印的{count}件请收回，收回后登记。",
            endpoint="commitments.show_sheet",
            arguments={"record_id": version.id},
        )


def tell_of_plate(plate: ModelPost) -> None:
    """Tell whoever printed a desk card with a plate that has ended, in the open write."""
    placement = db.session.get_one(Placement, plate.placement_id)
    found = disclosure.select_in_force().where(
        CommitmentSheet.department_id == placement.department_id,
        or_(CommitmentSheet.window_id.is_(None), CommitmentSheet.window_id == placement.window_id),
    )
    for each in db.session.execute(found).all():
        row = row_of(each)
        tell_printers(row.version, f"{row.title}：有人的党员示范岗已摘牌", PrintKind.DESK_CARD)


def note_print(*, record_id: int, kind: PrintKind, printed_by_id: int) -> None:
    """Write down that somebody prints a version; raises RefusedError where it is not public."""
    version = db.session.get_one(SheetVersion, record_id, with_for_update=True)
    if version.state is not SheetState.PUBLIC or disclosure.get_in_force(record_id) is None:
        raise RefusedError(form=NOT_PUBLIC)
    db.session.add(
        SheetPrint(
            version_id=record_id, kind=kind, printed_by_id=printed_by_id, printed_at=clock.now()
        )
    )
    db.session.flush()
    append(
        AuditEvent.COMMITMENTS_SHEET_PRINTED,
        person_id=printed_by_id,
        object_type="sheet_version",
        object_id=record_id,
        kind=PRINT_KIND_LABELS[kind],
    )


def collect(*, print_id: int, record_id: int, collected_by_id: int) -> None:
    """Write down that a print was fetched; raises RefusedError the second time."""
    printed = db.session.get_one(SheetPrint, print_id, with_for_update=True)
    if printed.collected_at is not None or printed.version_id != record_id:
        raise RefusedError(form=COLLECTED)
    printed.collected_at, printed.collected_by_id = clock.now(), collected_by_id
    db.session.flush()
    append(
        AuditEvent.COMMITMENTS_PRINT_COLLECTED,
        person_id=collected_by_id,
        object_type="sheet_version",
        object_id=record_id,
        kind=PRINT_KIND_LABELS[printed.kind],
    )
