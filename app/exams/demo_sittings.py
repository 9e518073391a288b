"""Many sittings at once: the rows and events of start, save and hand-in, a statement for each kind.

For the demonstration, where a month's exam has been sat by the whole hall. Nothing here checks what
a sitting is allowed: who asks for it has made the story.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, insert, update

from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import Answer, Exam, HandedInBy, Sitting
from app.kernel import clock, db


@dataclass(frozen=True, kw_only=True)
class Sat:
    """How somebody sat: when he began, what he answered when, and when he handed in.

    Without an end the clock ends it. `answers` hold what was chosen and when, by number.
    """

    sitting: Sitting
    started_at: datetime
    answers: Mapping[int, tuple[Sequence[str], datetime]]
    ended_at: datetime | None


def write_sittings(exam: Exam, sat: Sequence[Sat]) -> None:
    """Write sittings that have not begun into the open write: started, answered, handed in."""
    table = cast("Table", Sitting.__table__)
    of_sitting = update(table).where(table.c.id == bindparam("sitting"))
    limit = timedelta(minutes=exam.minutes)
    execute(
        of_sitting.values(started_at=bindparam("at"), deadline_at=bindparam("until")),
        [
            {
                "sitting": each.sitting.id,
                "at": each.started_at,
                "until": min(each.started_at + limit, exam.closes_at),
            }
            for each in sat
        ],
    )
    execute(insert(cast("Table", Answer.__table__)), [row for each in sat for row in answers(each)])
    execute(
        of_sitting.values(handed_in_at=bindparam("at"), handed_in_by=HandedInBy.PERSON),
        [{"sitting": each.sitting.id, "at": each.ended_at} for each in sat if each.ended_at],
    )
    log(sat)


def execute(statement: object, rows: Sequence[Mapping[str, object]]) -> None:
    """Execute a statement once for all rows."""
    if rows:
        db.session.connection().execute(statement, rows)  # type: ignore[call-overload]


def answers(sat: Sat) -> Iterator[Mapping[str, object]]:
    """Give the rows of the answers of one sitting."""
    for number, (chosen, saved_at) in sat.answers.items():
        yield {
            "sitting_id": sat.sitting.id,
            "number": number,
            "chosen": list(chosen),
            "is_flagged": False,
            "revision": 1,
            "saved_at": saved_at,
        }


def log(sat: Sequence[Sat]) -> None:
    """Write down who began and who handed in, in the order in which they did."""
    begun = [(each.started_at, AuditEvent.EXAMS_STARTED, each.sitting) for each in sat]
    ended = [
        (each.ended_at, AuditEvent.EXAMS_HANDED_IN, each.sitting) for each in sat if each.ended_at
    ]
    for moment, event, sitting in sorted([*begun, *ended], key=lambda found: found[0]):
        by = {"by": HandedInBy.PERSON} if event is AuditEvent.EXAMS_HANDED_IN else {}
        with clock.frozen(moment):
            append(
                event,
                person_id=sitting.person_id,
                object_type="sitting",
                object_id=sitting.public_id,
                **by,
            )
