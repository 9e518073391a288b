"""督促整改 and 宣传引导: what was done for a measure, one line each, kept for ever.

清廉四 “做到任务分解、工作实施、督促整改与宣传引导‘四个同步’”: the first two show by
themselves, from the assignment and the readings.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.measures.models import Measure, MeasureNote, NoteKind
from app.measures.readings import check_open


@dataclass(frozen=True, kw_only=True)
class NoteEntry:
    """What somebody writes down."""

    kind: NoteKind
    noted_on: date
    text: str


def add_note(*, measure_id: int, entry: NoteEntry, user: Principal) -> MeasureNote:
    """Add a line to the open write; raises RefusedError."""
    measure = db.session.get_one(Measure, measure_id, with_for_update=True)
    check_open(measure)
    if not measure.begins_on <= entry.noted_on <= clock.today():
        raise RefusedError(noted_on="日期应在任务开始之后、今天以前。")
    note = MeasureNote(
        measure_id=measure.id,
        kind=entry.kind,
        noted_on=entry.noted_on,
        text=entry.text,
        made_by_id=user.person_id,
        made_at=clock.now(),
    )
    db.session.add(note)
    db.session.flush()
    append(
        AuditEvent.MEASURES_NOTE_ADDED,
        person_id=user.person_id,
        object_type="measure",
        object_id=measure.id,
        kind=entry.kind,
    )
    return note


def list_notes(measure_id: int) -> list[MeasureNote]:
    """Give the lines of a measure, the newest first."""
    order = (MeasureNote.noted_on.desc(), MeasureNote.id.desc())
    found = select(MeasureNote).where(MeasureNote.measure_id == measure_id)
    return list(db.session.scalars(found.order_by(*order)))
