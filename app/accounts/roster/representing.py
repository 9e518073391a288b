"""代理审批: whose decisions somebody makes today, because he is the B角 of one who is away.

"代理审批 for absence (A/B角, with dates)": both must be registered, the pair and the absence, and
both must hold on the day. A B角 acts with the roles of the one who is away and of nobody whom that
one represents in turn.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, or_, select

from app.accounts import service
from app.accounts.models import Person
from app.accounts.roster.models import Absence, Deputy
from app.accounts.roster.placements import absent, not_left
from app.kernel import db
from app.kernel.permissions import Grant


@dataclass(frozen=True, kw_only=True)
class Represented:
    """Somebody who is away today, with the roles that he holds."""

    person_id: int
    name: str
    grants: frozenset[Grant]


def list_represented(person_id: int, today: date) -> list[Represented]:
    """Give those in whose place a person may decide today."""
    is_away = exists().where(Absence.person_id == Person.id, *absent(today))
    rows = db.session.execute(
        select(Person.id, Person.name)
        .join(Deputy, Deputy.person_id == Person.id)
        .where(
            Deputy.deputy_id == person_id,
            Deputy.cancelled_at.is_(None),
            Deputy.starts_on <= today,
            or_(Deputy.ends_on.is_(None), Deputy.ends_on >= today),
            not_left(today),
            is_away,
        )
        .order_by(Person.id)
    ).all()
    return [
        Represented(person_id=each, name=name, grants=service.read_grants(each, today))
        for each, name in rows
    ]
