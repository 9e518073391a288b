"""What happened in the demonstration's last finished quarter: an exam, rounds, leave, a transfer.

Made through the services of their rooms, so that every point of a portrait opens a record. 梁静怡
stands in at a window on the days of three rounds: whoever stood in was there (替岗).
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from app.accounts.demo_days import at, weekday
from app.accounts.models import Department, Person
from app.accounts.roster import people
from app.accounts.roster.models import Absence, AbsenceKind, Placement, Post, ServiceWindow
from app.accounts.roster.placements import placed
from app.exams import demo as exams_demo
from app.inspections import checklists, findings, rounds
from app.inspections import demo as inspections_demo
from app.inspections.findings import Found
from app.inspections.models import DutyPeriod, InspectionWay, Opinion, Track
from app.inspections.rounds import Start
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.questions.models import Question
from app.rectifications.models import Severity

CLERK = "QY0103"
STAND_IN, SECOND = "QY0402", "QY1003"
MOVED, AWAY = "QY1005", "QY1004"
# Days from the quarter's first: round, at whose window, what was found (item, phrase).
ROUNDS = (
    (14, STAND_IN, (("dress", 0),)),
    (28, SECOND, (("words", 0), ("dress", 1))),
    (42, STAND_IN, (("paused", 0),)),
    (63, STAND_IN, (("words", 1),)),
    (70, SECOND, ()),
)
EXAM_AFTER, TRANSFER_AFTER = 50, 40
WINDOWS = 10


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A window at which one person sits, and who sits there."""

    window: ServiceWindow
    person_id: int


def person_of(number: str) -> int:
    """Give somebody by his 工号."""
    return db.session.scalars(select(Person.id).where(Person.staff_number == number)).one()


def happen(day: date, span: Span) -> None:
    """Let it all happen: who was away comes first, because exams and rounds ask for it."""
    be_away(span)
    move_one(span)
    sit(span)
    go_round(day, span)


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


def sit(span: Span) -> None:
    """Let the quarter have an exam that everybody sat who was there."""
    bank = list(db.session.scalars(select(Question.id).order_by(Question.id)))
    day = weekday(span.first + timedelta(days=EXAM_AFTER))
    chance = random.Random(day.toordinal())  # noqa: S311 - invented answers, not secrets.
    exams_demo.make_finished(day, bank[20:30] if len(bank) >= 30 else bank[:10], chance)  # noqa: PLR2004


def go_round(day: date, span: Span) -> None:
    """Let rounds look at ten windows each, one of them with somebody who stands in."""
    stage = inspections_demo.set_stage(day, inspections_demo.draw_photo())
    seats = single_seats(span)
    for place, (after, number, finds) in enumerate(ROUNDS):
        moment = at(weekday(span.first + timedelta(days=after)), 9, 20)
        seat = seats[place % len(seats)]
        others = [each.window for each in seats if each is not seat][:WINDOWS]
        with clock.frozen(moment):
            stand_in(seat, person_of(number))
            look(stage, seat.window, others, finds)


def single_seats(span: Span) -> list[Seat]:
    """Give the windows at which exactly one person sits all quarter, who is never away."""
    away = select(Absence.person_id).where(
        Absence.starts_on <= span.last, Absence.ends_on >= span.first
    )
    single = (
        select(Placement.window_id)
        .where(*placed(span.first), Placement.window_id.is_not(None))
        .group_by(Placement.window_id)
        .having(func.count() == 1)
    )
    rows = db.session.execute(
        select(ServiceWindow, Placement.person_id)
        .join(Placement, Placement.window_id == ServiceWindow.id)
        .join(Person, Person.id == Placement.person_id)
        .where(
            ServiceWindow.id.in_(single),
            *placed(span.first),
            Placement.ends_on.is_(None),
            Person.left_on.is_(None),
            Placement.person_id.not_in(away),
        )
        .order_by(ServiceWindow.number)
    )
    return [Seat(window=window, person_id=person_id) for window, person_id in rows]


def stand_in(seat: Seat, person_id: int) -> None:
    """Let somebody stand in for a day."""
    with db.write():
        people.add_absence(
            person_id=seat.person_id,
            kind=AbsenceKind.ANNUAL,
            starts_on=clock.today(),
            ends_on=clock.today(),
            covered_by_id=person_id,
            by_id=person_of(CLERK),
        )


def look(
    stage: inspections_demo.Stage,
    window: ServiceWindow,
    others: Sequence[ServiceWindow],
    finds: Sequence[tuple[str, int]],
) -> None:
    """Make one round: reminders with a photo at one window, all others normal."""
    begun, pair = clock.now(), stage.inspectors[:2]
    with db.write():
        user = inspections_demo.acting(pair[0])
        start = Start(
            period=DutyPeriod.MORNING,
            way=InspectionWay.ON_SITE,
            second_id=pair[1],
            leader_id=stage.leader,
            areas=inspections_demo.AREAS,
        )
        made = rounds.start(start=start, client_id=inspections_demo.new_id(), user=user)
        items = {each.code: each for each in checklists.list_items(made.checklist_id)}
        for code, phrase in finds:
            found = Found(
                window_id=window.id,
                item_id=items[code].id,
                phrase=items[code].phrases[phrase],
                addition="",
                track=Track.REMINDER,
                severity=Severity.MINOR,
            )
            findings.add_finding(
                inspection_id=made.id,
                found=found,
                photo=stage.photo,
                client_id=inspections_demo.new_id(),
                user=user,
            )
        for each in others if finds else [window, *others]:
            rounds.check_normal(inspection_id=made.id, window_id=each.id, user=user)
        with clock.frozen(begun + timedelta(minutes=62)):
            rounds.finish(inspection_id=made.id, opinion=Opinion.AGREED, opinion_note="", user=user)
