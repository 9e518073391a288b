"""What 一月一考 says for the assessment: marks of full marks, and who did not come.

清廉8 “一月一考”. A released exam counts, marks in the run that counts. Whoever was away on every
day on which it was open (leave, errands, duty) was not expected. 缺考 is no mark of nought: it is a
fact of its own, which only costs something where the scheme says so; 缓考 and 免考 are none.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.roster.models import Absence
from app.exams import attendance
from app.exams.models import Exam, Sitting
from app.exams.monthly import is_monthly
from app.exams.service import makeups
from app.kernel import clock, db, formats
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.workdays import service as workdays
from app.workdays.calendar import Calendar

MARK = EvidenceRule(
    name="exams.mark",
    version=1,
    label="一月一考成绩",
    unit="次",
    kind=EvidenceKind.SHARE,
    basis="清廉8 “一月一考”",
)
ABSENT = EvidenceRule(
    name="exams.absent",
    version=1,
    label="一月一考缺考",
    unit="次",
    kind=EvidenceKind.FAULT,
    basis="清廉8 “一月一考”",
)
RULES = (MARK, ABSENT)
# No exam is open for longer.
LONGEST_OPEN = timedelta(days=62)
CLAUSE = "任务举措8“一月一考”"


def read(span: Span) -> Iterator[Evidence]:
    """Give a fact for each sitting of the exams that closed in a span and are released."""
    since, until = span.moments
    rows: Any = db.session.execute(
        select(Exam, Sitting)
        .join(Sitting, Sitting.exam_id == Exam.id)
        .where(
            Exam.released_at.is_not(None),
            # Tests after a class are facts of the room `training`; a 补考 counts in the month of
            # the exam for which it makes up.
            is_monthly(),
            Exam.closes_at >= since,
            Exam.closes_at < until,
        )
        .order_by(Exam.closes_at, Sitting.id)
    )
    away, calendar = Away(since), workdays.get_calendar()
    counted: dict[int, Mapping[int, makeups.Counted]] = {}
    for exam, sitting in rows.all():
        if exam.id not in counted:
            counted[exam.id] = makeups.counted_marks(exam)
        its = counted[exam.id].get(sitting.person_id)
        if its is not None:
            yield mark_of(exam, its)
        elif attendance.is_absent(exam, sitting, until) and not away.is_excused(
            exam, sitting, calendar
        ):
            yield absence_of(exam, sitting)


class Away:
    """Who was on leave when; read once for all exams of a span."""

    def __init__(self, since: datetime) -> None:
        self.leaves: dict[int, list[Absence]] = {}
        first = clock.local(since).date() - LONGEST_OPEN
        found = select(Absence).where(Absence.ends_on >= first, Absence.cancelled_at.is_(None))
        for each in db.session.scalars(found):
            self.leaves.setdefault(each.person_id, []).append(each)

    def is_excused(self, exam: Exam, sitting: Sitting, calendar: Calendar) -> bool:
        """Tell whether somebody was away on every working day on which an exam was open."""
        day, last = clock.local(exam.opens_at).date(), clock.local(exam.closes_at).date()
        days = [
            each
            for each in (day + timedelta(days=count) for count in range((last - day).days + 1))
            if calendar.is_workday(each)
        ]
        mine = self.leaves.get(sitting.person_id, [])
        return bool(days) and all(
            any(leave.starts_on <= each <= leave.ends_on for leave in mine) for each in days
        )


def mark_of(exam: Exam, its: makeups.Counted) -> Evidence:
    """Give the marks that count of somebody who sat, be it in the 补考."""
    which = "" if its.sitting.exam_id == exam.id else "（补考）"
    earned, full = formats.marks(its.marks), formats.marks(its.full_marks)
    return Evidence(
        rule=MARK.name,
        person_id=its.sitting.person_id,
        occurred_on=clock.local(exam.closes_at).date(),
        amount=its.marks,
        denominator=its.full_marks,
        event_key=f"exam:{exam.id}",
        text=f"{exam.title}{which}：{earned}分，满分{full}分。",
        clause=CLAUSE,
        endpoint="exams.show_mark",
        values={"public_id": its.sitting.public_id},
    )


def absence_of(exam: Exam, sitting: Sitting) -> Evidence:
    """Give that somebody did not come."""
    return Evidence(
        rule=ABSENT.name,
        person_id=sitting.person_id,
        occurred_on=clock.local(exam.closes_at).date(),
        amount=Decimal(1),
        event_key=f"exam:{exam.id}",
        text=f"{exam.title}：开放期间没有参加。",
        clause=CLAUSE,
        endpoint="exams.show_mark",
        values={"public_id": sitting.public_id},
    )
