"""What was printed and still stands on a desk or hangs on a wall; what is to be collected.

"撤下": a page is gone at once, paper is not. Whoever prints is written down with what he prints, so
that the page of a version that is no longer public lists what somebody has to fetch.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.commitments.models import (
    PRINT_KIND_LABELS,
    PrintKind,
    SheetPrint,
    SheetState,
    SheetVersion,
)
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


def note_print(*, record_id: int, kind: PrintKind, printed_by_id: int) -> None:
    """Write down that somebody prints a version; raises RefusedError where it is not public."""
    version = db.session.get_one(SheetVersion, record_id, with_for_update=True)
    if version.state is not SheetState.PUBLIC:
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
