"""Who and what there is to act with in the demonstration's rounds."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.roster.models import ServiceWindow
from app.inspections.findings import Photo
from app.kernel import db
from app.workdays import service as workdays


@dataclass
class Stage:
    """Who and what there is to act with; `orders` are those that the rounds opened, by how many
    working days ago that was, that of the holiday's eve under EVE.
    """

    day: date
    inspectors: list[int]
    leader: int
    decider: int
    chief: int
    clerk: int
    windows: Sequence[ServiceWindow]
    photo: Photo
    orders: dict[int, int] = field(default_factory=dict)

    def day_before(self, days: int) -> date:
        """Give the day so many working days ago."""
        calendar, found = workdays.get_calendar(), self.day
        for _ in range(days):
            found = calendar.last_workday(found - timedelta(days=1))
        return found


def person_of(staff_number: str) -> int:
    """Give one of the cast."""
    return db.session.scalars(select(Person.id).where(Person.staff_number == staff_number)).one()


def new_id() -> str:
    """Give an id such as a form brings."""
    return str(uuid.uuid4())
