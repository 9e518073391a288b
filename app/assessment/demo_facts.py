"""What happened in the two quarters that the demonstration assesses, beside rounds and classes.

Made through the services of their rooms, so that every point of a portrait opens a record: an exam
in each month (一月一考), somebody who was ill for most of the newer quarter, a transfer in its
middle. "One bad quarter": in the older one more people failed.
"""

import random
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.demo_days import at, weekday
from app.accounts.models import Department, Person
from app.accounts.roster import people
from app.accounts.roster.models import AbsenceKind, Post
from app.exams import demo as exams_demo
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.workdays import service as workdays

CLERK = "QY0103"
SHOWN, STAND_IN, SECOND = "QY0301", "QY0402", "QY1003"
MOVED, AWAY = "QY1005", "QY1004"
TRANSFER_AFTER = 40
MONTHS, EXAM_DAY = 3, 19
# Share of those who fail, and how many tenths the shown people lose, in the bad quarter.
BAD_FAILED, BAD_WRONG = 0.2, 4
# Of each month of a quarter: how many tenths the shown people lose.
WRONG = (1, 2, 1)


def person_of(number: str) -> int:
    """Give somebody by his 工号."""
    return db.session.scalars(select(Person.id).where(Person.staff_number == number)).one()


def happen(older: Span, newer: Span) -> None:
    """Let it all happen: who was away comes first, because exams ask for it."""
    be_away(newer)
    move_one(newer)
    sit(older, failed=BAD_FAILED, wrong=(BAD_WRONG,) * MONTHS)
    sit(newer, failed=exams_demo.FAILED, wrong=WRONG)


def be_away(span: Span) -> None:
    """Let one be ill for most of the quarter: he has too few days for a total."""
    with clock.frozen(at(weekday(span.first), 9)), db.write():
        people.add_absence(
            person_id=person_of(AWAY),
            kind=AbsenceKind.SICK,
            starts_on=span.first,
            ends_on=span.last - timedelta(days=14),
            covered_by_id=None,
            by_id=person_of(CLERK),
        )


def move_one(span: Span) -> None:
    """Transfer one in the middle of the quarter, from 业务科 to 督查科."""
    day = weekday(span.first + timedelta(days=TRANSFER_AFTER))
    home = select(Department.id).where(Department.name == "督查科")
    post = select(Post.id).where(Post.name == "后台")
    with clock.frozen(at(day - timedelta(days=1), 9)), db.write():
        people.transfer(
            person_id=person_of(MOVED),
            place=people.Place(
                department_id=db.session.scalars(home).one(),
                window_id=None,
                post_id=db.session.scalars(post).one(),
            ),
            starts_on=day,
            by_id=person_of(CLERK),
        )


def sit(span: Span, *, failed: float, wrong: tuple[int, ...]) -> None:
    """Let each month of a quarter have its exam, sat by everybody who was there."""
    for month, missed in enumerate(wrong):
        day = exam_day(span.first, month)
        chance = random.Random(day.toordinal())  # noqa: S311 - invented answers, not secrets.
        exams_demo.make_finished(day, chance, failed=failed, wrong_of_cast=missed)


def exam_day(first: date, month: int) -> date:
    """Give the working day near the 20th of a month of the quarter on which its exam began."""
    day = (first + timedelta(days=31 * month)).replace(day=EXAM_DAY)
    return workdays.get_calendar().last_workday(day)
