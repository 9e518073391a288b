"""What a sitting's page asks every few seconds: its time, whether it stands still, what is new.

"message, extra time for one or all taking effect within 5 s". That the page was heard of is written
down for the live board, at most every 20 seconds or when the number of unsaved answers changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.exams.models import (
    ControlKind,
    Exam,
    ExamControl,
    Sitting,
    SittingPresence,
)
from app.exams.service import running
from app.kernel import db

WRITE_EVERY = timedelta(seconds=20)
TOLD = (ControlKind.MESSAGE, ControlKind.EXTRA_TIME)
MOST_DIGITS = 4
PAUSE, CALL_BACK = "pause", "call_back"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an organiser let somebody know."""

    text: str
    at: datetime


def list_notices(exam: Exam, sitting: Sitting, known: int) -> list[Told]:
    """Give messages and extra time beyond the first `known` acts of an exam, oldest first."""
    if known >= exam.control_count:
        return []
    rows = db.session.scalars(
        select(ExamControl)
        .where(ExamControl.exam_id == exam.id)
        .order_by(ExamControl.id)
        .offset(known)
    )
    return [
        Told(text=text_of(row), at=row.made_at)
        for row in rows
        if row.kind in TOLD and row.sitting_id in {None, sitting.id}
    ]


def text_of(row: ExamControl) -> str:
    """Say an act to whom it is about; why he got more time is not for the others to read."""
    return row.text if row.kind is ControlKind.MESSAGE else f"已给你加时{row.minutes}分钟。"


def stopped_by(sitting: Sitting) -> str:
    """Say why a clock stands still; empty where it runs."""
    if sitting.stopped_at is None:
        return ""
    return CALL_BACK if running.is_away(sitting.id) else PAUSE


def is_news(sitting: Sitting, unsaved: int, now: datetime) -> bool:
    """Tell whether it is time to write down that a page was heard of."""
    known = db.session.get(SittingPresence, sitting.id)
    return known is None or known.unsaved != unsaved or now - known.seen_at >= WRITE_EVERY


def note(*, sitting_id: int, unsaved: int, at: datetime) -> None:
    """Write down that a page was heard of; two tabs that ask at once make one row."""
    row = {"seen_at": at, "unsaved": unsaved}
    db.session.execute(
        db.insert(SittingPresence)
        .values(sitting_id=sitting_id, **row)
        .on_conflict_do_update(index_elements=[SittingPresence.sitting_id], set_=row)
    )


def clean_count(text: str) -> int:
    """Read a small number that a page sends; junk is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return int(text) if is_number else 0
