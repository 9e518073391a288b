"""An exam that runs, in the organiser's hands: start, message, extra time, pause, collect.

"message, extra time for one or all taking effect within 5 s, pause, collect; audited". Every act is
one row that nobody changes, written with what it does: whoever starts later reads his extra time
off these rows. No act touches an answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_, select, update

from app.audit.models import AuditEvent
from app.exams.models import (
    FROZEN_STATES,
    GRACE,
    CallBack,
    CallBackState,
    ControlKind,
    Exam,
    ExamControl,
    ExamPhase,
    ExamState,
    HandedInBy,
    Sitting,
)
from app.exams.service import extra_time, grading
from app.exams.service.papers import get_locked, log
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal

NOT_RUNNING = "这场考试没有在进行，不能这样操作。"
NOT_YET = "还没有到开放时间，只能发消息、加时或到时开考。"
ALREADY_PAUSED = "已经暂停，不用再暂停。"
NOT_PAUSED = "没有暂停，不用继续。"
WHOLE_PAUSED = "整场考试正在暂停，请先让全部继续。"
NOT_SITTING = "这个人没有在作答，刷新后再看。"
CALLED_BACK = "这个人被叫回窗口，计时已经停住；由他本人返回后继续。"
NO_BUTTON = "这场考试按时间开放，不用开考。"
ALREADY_STARTED = "已经开考。"
CONTROL_LABELS = {
    ControlKind.START: "开考",
    ControlKind.MESSAGE: "发消息",
    ControlKind.EXTRA_TIME: "加时",
    ControlKind.PAUSE: "暂停",
    ControlKind.RESUME: "继续",
    ControlKind.COLLECT: "收卷",
}
BEFORE_OPENING = frozenset({ControlKind.START, ControlKind.MESSAGE, ControlKind.EXTRA_TIME})
AWAY = (CallBackState.ASKED, CallBackState.CONFIRMED)


@dataclass(frozen=True, kw_only=True)
class Order:
    """What an organiser wants done: to all (`sitting` is None) or to one."""

    exam: Exam
    sitting: Sitting | None
    minutes: int | None
    now: datetime


def select_watched(principal: Principal) -> Select[Exam]:
    """Select the published exams that somebody may watch; never one that he sits himself."""
    mine = select(Sitting.exam_id).where(Sitting.person_id == principal.person_id)
    may = principal.can(Permission.EXAMS_SITTING_WATCH)
    return select(Exam).where(
        Exam.state.in_(FROZEN_STATES), Exam.id.not_in(mine), *([] if may else [false()])
    )


def get_watched(principal: Principal, exam_id: int) -> Exam | None:
    """Give an exam to somebody who may watch it."""
    found: Exam | None = db.session.scalar(select_watched(principal).where(Exam.id == exam_id))
    return found


def select_open(principal: Principal) -> Select[Exam]:
    """Select the exams that somebody may watch and that are not marked yet."""
    return select_watched(principal).where(Exam.state == ExamState.PUBLISHED, Exam.graded_run == 0)


def is_in_phase(phase: ExamPhase, now: datetime) -> ColumnElement[bool]:
    """Give the condition that a published exam is scheduled, open or closed (`Exam.phase`)."""
    if phase is ExamPhase.CLOSED:
        return Exam.closes_at <= now
    begun = and_(
        Exam.opens_at <= now, or_(Exam.starts_by_button.is_(False), Exam.started_at.is_not(None))
    )
    return and_(Exam.closes_at > now, begun if phase is ExamPhase.OPEN else not_(begun))


def get_sitting_in(exam_id: int, public_id: str) -> Sitting | None:
    """Give a sitting of an exam by its public id."""
    found: Sitting | None = db.session.scalar(
        select(Sitting).where(Sitting.exam_id == exam_id, Sitting.public_id == public_id)
    )
    return found


def control(
    *,
    exam_id: int,
    kind: ControlKind,
    made_by_id: int,
    sitting_id: int | None = None,
    minutes: int | None = None,
    text: str = "",
) -> None:
    """Do one act to all or to one sitting, with its row and its event; raises RefusedError."""
    now = clock.now()
    exam = get_locked(exam_id)
    check_runs(exam, kind, now)
    sitting = None
    if sitting_id is not None:
        sitting = db.session.get_one(Sitting, sitting_id, with_for_update=True)
    ACTS[kind](Order(exam=exam, sitting=sitting, minutes=minutes, now=now))
    db.session.add(
        ExamControl(
            exam_id=exam_id,
            sitting_id=sitting_id,
            kind=kind,
            minutes=minutes,
            text=text,
            made_by_id=made_by_id,
            made_at=now,
        )
    )
    exam.control_count += 1
    whom = {} if sitting is None else {"sitting": sitting.public_id}
    more = {} if minutes is None else {"minutes": minutes}
    why = {"reason": text} if text else {}
    label = CONTROL_LABELS[kind]
    log(AuditEvent.EXAMS_CONTROLLED, exam, made_by_id, control=label, **whom, **more, **why)
    if kind is ControlKind.COLLECT:
        grading.order_if_complete(exam_id)


def check_runs(exam: Exam, kind: ControlKind, now: datetime) -> None:
    """Refuse an act that the exam has no use for now."""
    if exam.state is not ExamState.PUBLISHED or exam.graded_run:
        raise RefusedError(form=NOT_RUNNING)
    if exam.phase(now) is ExamPhase.SCHEDULED and kind not in BEFORE_OPENING:
        raise RefusedError(form=NOT_YET)


def open_exam(order: Order) -> None:
    """Open an exam that waits for the button."""
    if not order.exam.starts_by_button:
        raise RefusedError(form=NO_BUTTON)
    if order.exam.started_at is not None:
        raise RefusedError(form=ALREADY_STARTED)
    if not order.exam.opens_at <= order.now < order.exam.closes_at:
        raise RefusedError(form=NOT_YET)
    order.exam.started_at = order.now


def say(order: Order) -> None:
    """Do nothing beside the row: the pages ask for what is new."""
    if order.sitting is not None and order.sitting.handed_in_at is not None:
        raise RefusedError(form=NOT_SITTING)


def give_time(order: Order) -> None:
    """Move the deadlines of those who sit; whoever starts later reads it off the rows."""
    if order.sitting is not None and order.sitting.is_over(order.now):
        raise RefusedError(form=NOT_SITTING)
    for sitting in list_running(order):
        if sitting.deadline_at is not None:
            sitting.deadline_at += timedelta(minutes=order.minutes or 0)


def pause(order: Order) -> None:
    """Stop the clock of those who sit; who was called back stands still already."""
    if order.sitting is None:
        if order.exam.paused_at is not None:
            raise RefusedError(form=ALREADY_PAUSED)
        order.exam.paused_at = order.now
    elif order.sitting.stopped_at is not None:
        raise RefusedError(form=CALLED_BACK if is_away(order.sitting.id) else ALREADY_PAUSED)
    elif not is_running(order.sitting, order.now):
        raise RefusedError(form=NOT_SITTING)
    for sitting in list_running(order):
        in_time = sitting.deadline_at is not None and sitting.deadline_at > order.now
        if sitting.stopped_at is None and in_time:
            sitting.stopped_at = order.now


def resume(order: Order) -> None:
    """Let the clock run on; the time that it stood still is given back."""
    exam, sitting = order.exam, order.sitting
    if sitting is None:
        if exam.paused_at is None:
            raise RefusedError(form=NOT_PAUSED)
        since, exam.paused_at = exam.paused_at, None
        stopped = [each for each in list_running(order) if each.stopped_at == since]
    else:
        if exam.paused_at is not None:
            raise RefusedError(form=WHOLE_PAUSED)
        if sitting.stopped_at is None:
            raise RefusedError(form=NOT_PAUSED)
        if is_away(sitting.id):
            raise RefusedError(form=CALLED_BACK)
        stopped = [sitting]
    away = list_away(exam.id)
    extra = extra_time.read_all(exam.id)
    for each in stopped:
        if each.id not in away:
            run_on(each, exam, extra.of(each.id), order.now)


def run_on(sitting: Sitting, exam: Exam, extra: timedelta, now: datetime) -> bool:
    """Start a clock again with what was left; tell whether the close has cut something off."""
    if sitting.stopped_at is None or sitting.deadline_at is None:
        return False
    wanted = sitting.deadline_at + (now - sitting.stopped_at)
    latest = max(exam.closes_at + extra, sitting.deadline_at)
    sitting.deadline_at = min(wanted, latest)
    sitting.stopped_at = None
    return wanted > latest


def collect(order: Order) -> None:
    """Hand in for those who sit, as of now; whoever has run out of time stays with his deadline."""
    if order.sitting is not None and not is_running(order.sitting, order.now):
        raise RefusedError(form=NOT_SITTING)
    ids = [each.id for each in list_running(order)]
    db.session.execute(
        update(Sitting)
        .where(Sitting.id.in_(ids), Sitting.handed_in_at.is_(None))
        .values(handed_in_at=order.now, handed_in_by=HandedInBy.ORGANISER, stopped_at=None)
    )


def is_running(sitting: Sitting, now: datetime) -> bool:
    """Tell whether somebody has begun and may still answer, now or when his clock runs on."""
    return sitting.started_at is not None and not sitting.is_over(now)


def list_running(order: Order) -> Sequence[Sitting]:
    """Give the sittings that an act is about: begun and not over; held until the commit."""
    wanted = [
        Sitting.exam_id == order.exam.id,
        Sitting.handed_in_at.is_(None),
        or_(Sitting.deadline_at >= order.now - GRACE, Sitting.stopped_at.is_not(None)),
    ]
    if order.sitting is not None:
        wanted.append(Sitting.id == order.sitting.id)
    found = select(Sitting).where(*wanted).order_by(Sitting.id).with_for_update()
    return list(db.session.scalars(found))


def list_away(exam_id: int) -> frozenset[int]:
    """Give the sittings whose people have been called back to the window."""
    return frozenset(
        db.session.scalars(
            select(CallBack.sitting_id)
            .join(Sitting, Sitting.id == CallBack.sitting_id)
            .where(Sitting.exam_id == exam_id, CallBack.state.in_(AWAY))
        )
    )


def is_away(sitting_id: int) -> bool:
    """Tell whether somebody has been called back to the window and is not back yet."""
    found = select(CallBack.id).where(CallBack.sitting_id == sitting_id, CallBack.state.in_(AWAY))
    return db.session.scalar(found) is not None


ACTS: dict[ControlKind, Callable[[Order], None]] = {
    ControlKind.START: open_exam,
    ControlKind.MESSAGE: say,
    ControlKind.EXTRA_TIME: give_time,
    ControlKind.PAUSE: pause,
    ControlKind.RESUME: resume,
    ControlKind.COLLECT: collect,
}
