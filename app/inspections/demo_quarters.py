"""Rounds of the two quarters whose assessment the demonstration shows: each window twice or so.

"One bad quarter": in the older one much was found. In the newer one a few people are found wanting
at windows where they stand in (替岗), each time with a photo: whoever stood in was there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from app.accounts.acting import acting
from app.accounts.demo_days import assessed_quarters, at
from app.accounts.models import Person
from app.accounts.roster import people
from app.accounts.roster.models import Absence, AbsenceKind, Placement, ServiceWindow
from app.accounts.roster.placements import placed
from app.inspections import checklists, findings, rounds
from app.inspections.demo_stage import Stage, new_id, person_of
from app.inspections.findings import Found
from app.inspections.models import ChecklistItem, DutyPeriod, InspectionWay, Opinion, Track
from app.inspections.rounds import Start
from app.kernel import clock, db
from app.kernel.evidence import Span
from app.rectifications.models import Severity
from app.workdays import service as workdays

# He sits at a window of his own; the others have none, and stand in for a day.
SHOWN, STAND_IN, SECOND = "QY0301", "QY0402", "QY1003"
CLERK = "QY0103"
WINDOWS = 13
AREAS = "A区至J区"
MINUTES = 62
# What rounds find anywhere, one after the other: item and phrase.
FAULTS = (
    ("dress", 0), ("display", 2), ("words", 0), ("paused", 0), ("dress", 1), ("queue", 2),
    ("words", 1), ("dress", 2), ("first_asked", 1), ("paused", 1),
)  # fmt: skip
# Days from the first of the quarter.
DAYS = (6, 14, 21, 28, 35, 43, 50, 57, 64, 71, 78)


@dataclass(frozen=True)
class Shown:
    """Somebody who was at a window in a round, and what was found there: item and phrase."""

    number: str
    faults: tuple[tuple[str, int], ...]


BAD = {
    21: Shown(SHOWN, (("dress", 0), ("display", 2))),
    43: Shown(SECOND, (("words", 0),)),
    50: Shown(SHOWN, (("words", 0),)),
    57: Shown(STAND_IN, (("dress", 1),)),
    71: Shown(SHOWN, (("paused", 1), ("first_asked", 1))),
}
BETTER = {
    14: Shown(SHOWN, (("dress", 0),)),
    28: Shown(STAND_IN, (("dress", 0),)),
    35: Shown(SECOND, (("words", 0), ("dress", 1))),
    43: Shown(SHOWN, (("paused", 0),)),
    57: Shown(STAND_IN, (("paused", 0),)),
    64: Shown(SHOWN, (("words", 1),)),
    71: Shown(SECOND, ()),
}
# How many of the other windows of a round something is found at.
OFTEN, SELDOM = 4, 1


def first_day(day: date) -> date:
    """Give the day before all of them."""
    return assessed_quarters(day)[0].first


def go_rounds(stage: Stage, until: datetime) -> None:
    """Go all rounds that were before the room's own ones, in the order of their days."""
    older, newer = assessed_quarters(stage.day)
    for span, shown, faults in ((older, BAD, OFTEN), (newer, BETTER, SELDOM)):
        seats = single_seats(span)
        for place, after in enumerate(DAYS):
            moment = at(workday_from(span.first + timedelta(days=after)), 9, 20)
            if moment < until:
                with clock.frozen(moment):
                    go_round(stage, seats, place, shown.get(after), faults)


def workday_from(day: date) -> date:
    """Give a day, or the next one on which the hall works."""
    calendar = workdays.get_calendar()
    return day if calendar.is_workday(day) else calendar.next_workday(day)


def go_round(
    stage: Stage, seats: Sequence[tuple[ServiceWindow, int]], place: int, shown: Shown | None,
    faults: int,
) -> None:  # fmt: skip
    """Look at some windows, somebody who is shown at the first of them."""
    turned = [seats[(place * WINDOWS + each) % len(seats)] for each in range(WINDOWS)]
    found: dict[int, Sequence[tuple[str, int]]] = {}
    first = seat_of(shown, seats, turned) if shown else None
    if shown and first:
        turned = [first, *(each for each in turned if each[0].id != first[0].id)]
        found[first[0].id] = shown.faults
    others = [window for window, person in turned[1:] if person != person_of(SHOWN)]
    for number, window in enumerate(others[:: max(1, len(others) // faults)][:faults]):
        found[window.id] = (FAULTS[(place * faults + number) % len(FAULTS)],)
    look(stage, [window for window, _ in turned], found)


def seat_of(
    shown: Shown, seats: Sequence[tuple[ServiceWindow, int]],
    turned: Sequence[tuple[ServiceWindow, int]],
) -> tuple[ServiceWindow, int] | None:  # fmt: skip
    """Give the seat at which somebody is: his own, or one at which he stands in for the day."""
    person_id = person_of(shown.number)
    own = [each for each in seats if each[1] == person_id]
    if own or shown.number == SHOWN:
        return own[0] if own else None
    seat = next(each for each in turned if each[1] != person_of(SHOWN))
    with db.write():
        people.add_absence(
            person_id=seat[1],
            kind=AbsenceKind.ANNUAL,
            starts_on=clock.today(),
            ends_on=clock.today(),
            covered_by_id=person_id,
            by_id=person_of(CLERK),
        )
    return seat


def single_seats(span: Span) -> list[tuple[ServiceWindow, int]]:
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
    return [(window, person_id) for window, person_id in rows]


def look(
    stage: Stage, windows: Sequence[ServiceWindow], found: dict[int, Sequence[tuple[str, int]]]
) -> None:
    """Make one round: a reminder with a photo for each thing found, all else normal."""
    begun, pair = clock.now(), stage.inspectors[:2]
    with db.write():
        user = acting(pair[0])
        start = Start(
            period=DutyPeriod.MORNING,
            way=InspectionWay.ON_SITE,
            second_id=pair[1],
            leader_id=stage.leader,
            areas=AREAS,
        )
        made = rounds.start(start=start, client_id=new_id(), user=user)
        items = {each.code: each for each in checklists.list_items(made.checklist_id)}
        for place, window in enumerate(windows):
            with clock.frozen(begun + timedelta(minutes=4 * place + 2)):
                for fact in facts_at(window, found, items):
                    findings.add_finding(
                        inspection_id=made.id, found=fact, photo=stage.photo, client_id=new_id(),
                        user=user,
                    )  # fmt: skip
                if not found.get(window.id):
                    rounds.check_normal(inspection_id=made.id, window_id=window.id, user=user)
        with clock.frozen(begun + timedelta(minutes=MINUTES)):
            rounds.finish(inspection_id=made.id, opinion=Opinion.AGREED, opinion_note="", user=user)


def facts_at(
    window: ServiceWindow,
    found: dict[int, Sequence[tuple[str, int]]],
    items: Mapping[str, ChecklistItem],
) -> Iterator[Found]:
    """Give what is found at a window."""
    for code, phrase in found.get(window.id, ()):
        yield Found(
            window_id=window.id,
            item_id=items[code].id,
            phrase=items[code].phrases[phrase],
            addition="",
            track=Track.REMINDER,
            severity=Severity.MINOR,
        )
