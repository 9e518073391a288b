"""The live board: how far everybody on the roll is, in one query.

"Live board for whoever watches: not started, working, idle, offline, handed in, unsaved, last
save". It shows no answer and no mark; whether a question was answered is only counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import func, or_, select

from app.accounts.models import Department, Person
from app.exams.models import (
    GRACE,
    Answer,
    CallBack,
    Exam,
    ExamControl,
    Sitting,
    SittingPresence,
    SittingStanding,
)
from app.exams.service.running import AWAY, CONTROL_LABELS
from app.kernel import clock, db

# A page asks every four seconds and is written down every twenty.
SILENCE = timedelta(seconds=45)


class LiveState(StrEnum):
    """How far somebody is, as a watcher sees it."""

    WAITING = "waiting"
    WORKING = "working"
    IDLE = "idle"
    OFFLINE = "offline"
    CALLED_BACK = "called_back"
    PAUSED = "paused"
    ENDED = "ended"
    EXCUSED = "excused"


LIVE_LABELS = {
    LiveState.WAITING: "未开始",
    LiveState.WORKING: "作答中",
    LiveState.IDLE: "暂离",
    LiveState.OFFLINE: "断线",
    LiveState.CALLED_BACK: "已叫回",
    LiveState.PAUSED: "已暂停",
    LiveState.ENDED: "已交卷",
    LiveState.EXCUSED: "缓考免考",
}


@dataclass(frozen=True, kw_only=True)
class LiveRow:
    """One person on the board."""

    public_id: str
    name: str
    department_id: int
    department: str
    state: LiveState
    answered: int
    unsaved: int
    last_saved_at: datetime | None
    ends_at: datetime | None
    # The same as people read them; made here, where it costs little for six hundred lines.
    saved: str
    ends: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """The board at a moment; `mark` is the same as long as nothing on it has changed."""

    rows: Sequence[LiveRow]
    counts: Counter[LiveState]
    mark: str


def read_board(
    exam: Exam,
    *,
    now: datetime,
    idle: timedelta,
    state: str = "",
    department: str = "",
    only: str = "",
) -> Board:
    """Read how far all are; the rows narrowed to a state, a department or one sitting."""
    found = [row_of(each, now, idle) for each in db.session.execute(board_of(exam.id))]
    rows = [
        each
        for each in found
        if state in {"", each.state}
        and department in {"", str(each.department_id)}
        and only in {"", each.public_id}
    ]
    counts = Counter(each.state for each in found)
    shown = repr((rows, sorted(counts.items()), exam.paused_at, exam.phase(now)))
    return Board(rows=rows, counts=counts, mark=sha256(shown.encode()).hexdigest()[:16])


def board_of(exam_id: int) -> Any:  # noqa: ANN401 - a Select of many columns.
    """Select everybody on the roll with what was heard and saved; columns, for speed."""
    answers = (
        select(
            Answer.sitting_id,
            func.count().filter(Answer.chosen != []).label("answered"),
            func.max(Answer.saved_at).label("last_saved_at"),
        )
        .join(Sitting, Sitting.id == Answer.sitting_id)
        .where(Sitting.exam_id == exam_id)
        .group_by(Answer.sitting_id)
        .subquery()
    )
    return (
        select(
            Sitting.public_id,
            Sitting.standing,
            Sitting.started_at,
            Sitting.deadline_at,
            Sitting.stopped_at,
            Sitting.handed_in_at,
            Sitting.department_id,
            Person.name,
            Department.name.label("department"),
            SittingPresence.seen_at,
            SittingPresence.unsaved,
            answers.c.answered,
            answers.c.last_saved_at,
            CallBack.id.label("call_back_id"),
        )
        .join(Person, Person.id == Sitting.person_id)
        .join(Department, Department.id == Sitting.department_id)
        .outerjoin(SittingPresence, SittingPresence.sitting_id == Sitting.id)
        .outerjoin(answers, answers.c.sitting_id == Sitting.id)
        .outerjoin(CallBack, (CallBack.sitting_id == Sitting.id) & CallBack.state.in_(AWAY))
        .where(Sitting.exam_id == exam_id)
        .order_by(Department.position, Person.staff_number)
    )


def row_of(found: Any, now: datetime, idle: timedelta) -> LiveRow:  # noqa: ANN401 - a database row.
    """Make a line of the board."""
    state = state_of(found, now, idle)
    is_open = state not in {LiveState.ENDED, LiveState.WAITING, LiveState.EXCUSED}
    ends_at = found.deadline_at if is_open and found.stopped_at is None else None
    return LiveRow(
        public_id=found.public_id,
        name=found.name,
        department_id=found.department_id,
        department=found.department,
        state=state,
        answered=found.answered or 0,
        unsaved=(found.unsaved or 0) if is_open else 0,
        last_saved_at=found.last_saved_at,
        ends_at=ends_at,
        saved=second(found.last_saved_at),
        ends=second(ends_at),
    )


def second(value: datetime | None) -> str:
    """Write a time of this exam to the second."""
    return clock.local(value).strftime("%H:%M:%S") if value else "—"


def state_of(found: Any, now: datetime, idle: timedelta) -> LiveState:  # noqa: ANN401, PLR0911 - a database row; one line for each state.
    """Tell how far somebody is."""
    if found.started_at is None:
        is_due = found.standing is SittingStanding.DUE
        return LiveState.WAITING if is_due else LiveState.EXCUSED
    if found.handed_in_at is not None:
        return LiveState.ENDED
    if found.stopped_at is not None:
        return LiveState.PAUSED if found.call_back_id is None else LiveState.CALLED_BACK
    if now > found.deadline_at + GRACE:
        return LiveState.ENDED
    heard = [each for each in (found.seen_at, found.last_saved_at, found.started_at) if each]
    if now - max(heard) > SILENCE:
        return LiveState.OFFLINE
    if now - (found.last_saved_at or found.started_at) > idle:
        return LiveState.IDLE
    return LiveState.WORKING


def list_departments(exam_id: int) -> list[tuple[str, str]]:
    """Give the departments on the roll, as (id, name) for a filter."""
    rows = db.session.execute(
        select(Department.id, Department.name)
        .where(Department.id.in_(select(Sitting.department_id).where(Sitting.exam_id == exam_id)))
        .order_by(Department.position)
    )
    return [(str(each.id), each.name) for each in rows]


def list_acts(exam_id: int, sitting_id: int) -> list[tuple[str, str, datetime, str]]:
    """Give what was done for one person or for all: act, words, when, by whom; newest first."""
    rows = db.session.execute(
        select(ExamControl, Person.name)
        .join(Person, Person.id == ExamControl.made_by_id)
        .where(
            ExamControl.exam_id == exam_id,
            or_(ExamControl.sitting_id.is_(None), ExamControl.sitting_id == sitting_id),
        )
        .order_by(ExamControl.id.desc())
    )
    return [(act_text(row), row.text, row.made_at, name) for row, name in rows]


def act_text(row: ExamControl) -> str:
    """Name an act with its minutes, and whether it was for all."""
    minutes = f"{row.minutes}分钟" if row.minutes else ""
    return f"{CONTROL_LABELS[row.kind]}{minutes}{'（全部）' if row.sitting_id is None else ''}"
