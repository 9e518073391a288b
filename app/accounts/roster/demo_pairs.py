"""A/B角 and 事项授权 of the demonstration: in force, over, to begin, taken back."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.roster import authorisations, deputies
from app.accounts.roster.models import Authorisation, Deputy, Placement, ServiceItem
from app.kernel import db

if TYPE_CHECKING:
    from app.accounts.roster.demo import Act, Stage

# Department, A角 and B角 (the how-manieth of those who work alike there), first and last day told
# from the demonstration's. The last pair is taken back.
PAIRS = (
    ("区人力资源社会保障局", 1, 2, -90, None),
    ("区人力资源社会保障局", 2, 1, -90, None),
    ("区医疗保障局", 2, 1, -60, None),
    ("不动产登记中心", 1, 2, -30, 60),
    ("区市场监管局", 1, 2, -200, -20),
    ("区市场监管局", 1, 4, -19, None),
    ("区税务局", 1, 2, 15, 90),
    ("区公安分局", 1, 3, 30, None),
)
# Days from and until of 事项授权: without an end, with one, over, yet to begin.
PERIODS = ((-180, None), (-90, 180), (-300, -30), (20, None))
LATER = (45, None)
LONGEST_AGO = min(begin for begin, _ in PERIODS)
# How many 事项 have authorised people, and how many people each at most.
MOST_ITEMS, MOST_PEOPLE = 24, 3


def pairs(stage: "Stage") -> Iterator["Act"]:
    """Register A/B角, two of them for each other."""
    for department, first, second, begin, end in PAIRS:
        act = partial(
            deputies.add_deputy,
            person_id=stage.someone(department, first),
            deputy_id=stage.someone(department, second),
            starts_on=stage.day + timedelta(days=begin),
            ends_on=None if end is None else stage.day + timedelta(days=end),
            added_by_id=stage.clerk,
        )
        yield stage.moment_of(min(begin, -2) - 1), act
    yield stage.moment_of(-1), partial(cancel_last_pair, stage)


def cancel_last_pair(stage: "Stage") -> None:
    """Take back the pair that was registered last."""
    found = db.session.scalars(
        select(Deputy.id).where(Deputy.person_id == stage.someone(PAIRS[-1][0], PAIRS[-1][1]))
    ).one()
    deputies.cancel_deputy(deputy_id=found, cancelled_by_id=stage.clerk)


def authorise(stage: "Stage") -> Iterator["Act"]:
    """Let the section chief authorise people at the windows of each 事项's department."""
    people = at_windows(stage.day + timedelta(days=LONGEST_AGO))
    items = db.session.scalars(select(ServiceItem).order_by(ServiceItem.code)).all()[:MOST_ITEMS]
    wanted = [
        (person_id, item.id, PERIODS[(count + place) % len(PERIODS)])
        for count, item in enumerate(items)
        for place, person_id in enumerate(people.get(item.department_id, ())[:MOST_PEOPLE])
    ]
    # The last is taken back.
    wanted.append((wanted[0][0], items[-1].id, LATER))
    for person_id, item_id, (begin, end) in wanted:
        act = partial(
            authorisations.give_authorisation,
            person_id=person_id,
            service_item_id=item_id,
            starts_on=stage.day + timedelta(days=begin),
            ends_on=None if end is None else stage.day + timedelta(days=end),
            granted_by_id=stage.chief,
        )
        yield stage.moment_of(min(begin, -2) - 1), act
    yield stage.moment_of(-1), partial(cancel_authorisation, stage, items[-1].id, wanted[0][0])


def cancel_authorisation(stage: "Stage", item_id: int, person_id: int) -> None:
    """Take back an authorisation that has not begun."""
    found = db.session.scalars(
        select(Authorisation.id).where(
            Authorisation.service_item_id == item_id, Authorisation.person_id == person_id
        )
    ).one()
    authorisations.cancel_authorisation(authorisation_id=found, cancelled_by_id=stage.chief)


def at_windows(since: date) -> dict[int, list[int]]:
    """Give who has worked at the windows of each department for long."""
    found: dict[int, list[int]] = {}
    rows = db.session.scalars(
        select(Placement)
        .join(Person, Person.id == Placement.person_id)
        .where(
            Placement.window_id.is_not(None), Placement.ends_on.is_(None), Person.joined_on <= since
        )
        .order_by(Placement.id)
    )
    for row in rows:
        found.setdefault(row.department_id, []).append(row.person_id)
    return found
