"""缓考, 免考 and batches of the demonstration: a dozen decided last month, two that wait now.

Nobody of the cast is excused. Whoever was on leave for the whole of an exam is 缓考 by that; the
others are drawn from the day's generator, as everything is.
"""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at
from app.accounts.models import Person
from app.accounts.roster.models import Absence, AbsenceKind
from app.exams.excuse_flow import FLOW
from app.exams.models import ExcuseCause, ExcuseKind, Sitting, SittingStanding
from app.exams.service import batches, excuses
from app.exams.service.batches import Window
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.workdays import service as workdays
from app.workflow import service as workflow

APPLIES, DECIDES, LEADS = "QY0103", "QY0201", "QY0302"
# How many are excused in last month's exam, those on leave included.
EXCUSED = 12
CAUSES = {
    AbsenceKind.MATERNITY: ExcuseCause.MATERNITY,
    AbsenceKind.SICK: ExcuseCause.SICK,
    AbsenceKind.ERRAND: ExcuseCause.ERRAND,
    AbsenceKind.DUTY: ExcuseCause.DUTY,
}
Reason = tuple[ExcuseKind, ExcuseCause, str]
# What the others are excused with, in turn.
REASONS = (
    (ExcuseKind.DEFERRAL, ExcuseCause.ERRAND, "参加省里的业务培训"),
    (ExcuseKind.DEFERRAL, ExcuseCause.DUTY, ""),
    (ExcuseKind.EXEMPTION, ExcuseCause.OTHER, "月底退休"),
    (ExcuseKind.DEFERRAL, ExcuseCause.SICK, ""),
    (ExcuseKind.DEFERRAL, ExcuseCause.ERRAND, "到乡镇上门办理"),
    (ExcuseKind.EXEMPTION, ExcuseCause.OTHER, "借调到外地，本季度不在窗口"),
    (ExcuseKind.DEFERRAL, ExcuseCause.DUTY, ""),
    (ExcuseKind.DEFERRAL, ExcuseCause.OTHER, "参加职业资格考试，时间冲突"),
    (ExcuseKind.DEFERRAL, ExcuseCause.SICK, ""),
)
FIRST_MINUTE, CLOSING_HOUR = time(0, 30), 18


def excuse_some(
    exam_id: int, day: date, crowd: Sequence[Sitting], on_leave: set[int], chance: random.Random
) -> None:
    """Let a dozen be excused the day before an exam opens: who is on leave first, then others."""
    away = [each for each in crowd if each.person_id in on_leave][:EXCUSED]
    others = [each for each in crowd if each.person_id not in on_leave]
    drawn = chance.sample(others, EXCUSED - len(away))
    wanted = [(each, reason_of_leave(each.person_id, day)) for each in away]
    wanted += [
        (each, REASONS[place % len(REASONS)])
        for place, each in enumerate(sorted(drawn, key=lambda one: one.id))
    ]
    applied = [
        excuse(exam_id, sitting, at(day - timedelta(days=2), 9, place), reason)
        for place, (sitting, reason) in enumerate(wanted)
    ]
    for place, excuse_id in enumerate(applied):
        with clock.frozen(at(day - timedelta(days=1), 15, place)), db.write():
            workflow.execute(
                FLOW, record_id=excuse_id, name="approve", user=one_of_cast(DECIDES, day)
            )


def reason_of_leave(person_id: int, day: date) -> Reason:
    """Give the reason of somebody who is on leave on a day."""
    kind = db.session.scalars(
        select(Absence.kind).where(
            Absence.person_id == person_id,
            Absence.cancelled_at.is_(None),
            Absence.starts_on <= day,
            Absence.ends_on >= day,
        )
    ).first()
    cause = CAUSES.get(kind) if kind else None
    if cause is None:
        return ExcuseKind.DEFERRAL, ExcuseCause.OTHER, "年休假已经批准"
    return ExcuseKind.DEFERRAL, cause, ""


def excuse(
    exam_id: int, sitting: Sitting, moment: datetime, reason: Reason, user: Principal | None = None
) -> int:
    """Apply for one person at a moment; returns the application's id."""
    number = db.session.get_one(Person, sitting.person_id).staff_number
    kind, cause, note = reason
    wanted = excuses.Wanted(kind=kind, cause=cause, people=number, note=note)
    by = user or one_of_cast(APPLIES, clock.local(moment).date())
    with clock.frozen(moment), db.write():
        return excuses.apply_excuses(exam_id=exam_id, wanted=wanted, user=by)[0]


def let_wait(exam_id: int, day: date, crowd: Sequence[Sitting]) -> set[int]:
    """Let two applications wait, one of them the lead's of the cast; gives whom they are for."""
    lead = one_of_cast(LEADS, day)
    mine = lead.departments_of(Permission.EXAMS_EXCUSE_APPLY) or frozenset()
    own = [each for each in crowd if each.department_id in mine]
    others = [each for each in crowd if each.department_id not in mine]
    moment = at(day - timedelta(days=1), 16)
    first, second = own[-1], others[-1]
    excuse(exam_id, first, moment, (ExcuseKind.DEFERRAL, ExcuseCause.SICK, ""), lead)
    moment += timedelta(minutes=25)
    excuse(exam_id, second, moment, (ExcuseKind.DEFERRAL, ExcuseCause.ERRAND, "到市里参加评审"))
    return {first.person_id, second.person_id}


def add_windows(exam_id: int, day: date, last: date, *, edited_by_id: int) -> None:
    """Give this month's draft its windows: A on the first day and through the night, B the next.

    The demonstration's day may be looked at by night or on a weekend: A stays open until then.
    """
    calendar = workdays.get_calendar()
    days = [day]
    while days[-1] < last:
        days.append(calendar.next_workday(days[-1]))
    opens = datetime.combine(day, FIRST_MINUTE, clock.SHANGHAI)
    windows = [Window(code="A", opens_at=opens, closes_at=at(days[1], 9))]
    windows += [
        Window(code="AB"[place % 2], opens_at=at(each, 9), closes_at=at(each, CLOSING_HOUR))
        for place, each in enumerate(days)
        if place
    ]
    for each in windows:
        batches.add(exam_id, each, edited_by_id=edited_by_id)


def put_into_a(exam_id: int, person_id: int, moment: datetime) -> None:
    """See that somebody of the cast comes on the first day: he changes with a colleague if not."""
    sitting = get_sitting(exam_id, person_id)
    if sitting.batch == "A":
        return
    colleagues = db.session.scalars(
        select(Sitting)
        .where(
            Sitting.exam_id == exam_id,
            Sitting.department_id == sitting.department_id,
            Sitting.batch == "A",
            Sitting.standing == SittingStanding.DUE,
        )
        .order_by(Sitting.id)
    ).all()
    for other in [each.public_id for each in colleagues]:
        try:
            with clock.frozen(moment), db.write():
                batches.swap(
                    exam_id=exam_id,
                    first=other,
                    second=sitting.public_id,
                    user=one_of_cast(APPLIES, clock.local(moment).date()),
                )
        except RefusedError:
            continue
        return


def get_sitting(exam_id: int, person_id: int) -> Sitting:
    """Give somebody's sitting of an exam."""
    found = select(Sitting).where(Sitting.exam_id == exam_id, Sitting.person_id == person_id)
    return db.session.scalars(found).one()
