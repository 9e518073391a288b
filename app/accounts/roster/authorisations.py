"""事项授权: who may handle a 事项 by himself, from when, until when, by whom.

"Authorisations (person x 事项, from, until, by whom) as a table beside 事项目录". Whoever answers
for the department whose 事项 it is gives it, as 业务科室负责人 or 窗口负责人, never to himself; a
person of another department may get it, as 综窗 do. Departure ends it that day (departures.py).
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Department, Person
from app.accounts.roster import people, periods, placements
from app.accounts.roster.models import Authorisation, Placement, ServiceItem
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal

READ = Permission.ACCOUNTS_AUTHORISATION_READ
GIVE = Permission.ACCOUNTS_AUTHORISATION_GIVE
MOST_SHOWN = 50
Giver = aliased(Person, name="giver")
# Where the person works, which need not be the department of the 事项.
Home = aliased(Department, name="home")


@dataclass(frozen=True, kw_only=True)
class AuthorisationRow:
    """An authorisation as lists show it; `department` is that of the 事项, `home` the person's."""

    authorisation: Authorisation
    person: Person
    item: ServiceItem
    department: Department
    home: Department
    giver: Person


def select_authorisations() -> Statement:
    """Select all authorisations with what belongs to them."""
    return (
        select(Authorisation, Person, ServiceItem, Department, Home, Giver)
        .join(Person, Person.id == Authorisation.person_id)
        .join(ServiceItem, ServiceItem.id == Authorisation.service_item_id)
        .join(Department, Department.id == ServiceItem.department_id)
        .join(Placement, placements.standing(clock.today()))
        .join(Home, Home.id == Placement.department_id)
        .join(Giver, Giver.id == Authorisation.granted_by_id)
    )


def select_authorisations_for(principal: Principal) -> Statement:
    """Select those of the 事项, and of the people, of the departments that a principal reads."""
    departments = principal.departments_of(READ)
    statement = select_authorisations()
    if departments is None:
        return statement
    return statement.where(
        or_(
            ServiceItem.department_id.in_(departments),
            Placement.department_id.in_(departments),
        )
    )


def row_of(
    found: tuple[Authorisation, Person, ServiceItem, Department, Department, Person],
) -> AuthorisationRow:
    """Name the parts of a result row."""
    authorisation, person, item, department, home, giver = found
    return AuthorisationRow(
        authorisation=authorisation,
        person=person,
        item=item,
        department=department,
        home=home,
        giver=giver,
    )


def get_authorisation_for(principal: Principal, authorisation_id: int) -> AuthorisationRow | None:
    """Give an authorisation that this principal may see."""
    found = db.session.execute(
        select_authorisations_for(principal).where(Authorisation.id == authorisation_id)
    ).one_or_none()
    return None if found is None else row_of(found)


@dataclass(frozen=True, kw_only=True)
class AuthorisationLine:
    """One line of a person's page."""

    authorisation: Authorisation
    item: ServiceItem
    giver: str
    days: str
    state: str
    kind: str


def list_authorisations(principal: Principal, person_id: int) -> list[AuthorisationLine]:
    """Give what a person is authorised for as far as this principal may see, the latest first."""
    rows = db.session.execute(
        select_authorisations_for(principal)
        .where(Authorisation.person_id == person_id, Authorisation.cancelled_at.is_(None))
        .order_by(Authorisation.starts_on.desc(), Authorisation.id.desc())
        .limit(MOST_SHOWN)
    )
    return [line_of(row_of(each), clock.today()) for each in rows]


def line_of(row: AuthorisationRow, today: date) -> AuthorisationLine:
    """Write an authorisation as the page of the person shows it."""
    state, kind = periods.state_of(row.authorisation, today)
    return AuthorisationLine(
        authorisation=row.authorisation,
        item=row.item,
        giver=row.giver.name,
        days=periods.days(row.authorisation),
        state=state,
        kind=kind,
    )


def count_authorised(day: date) -> ScalarSelect[int]:
    """Give how many people are authorised on a day, as a column beside each 事项."""
    return (
        select(func.count())
        .select_from(Authorisation)
        .where(
            Authorisation.service_item_id == ServiceItem.id, periods.in_force(Authorisation, day)
        )
        .correlate(ServiceItem)
        .scalar_subquery()
    )


def list_items_to_give(principal: Principal) -> list[ServiceItem]:
    """Give the 事项 in use that this principal may authorise for, by name."""
    statement = select(ServiceItem).where(placements.is_open(ServiceItem, clock.today()))
    departments = principal.departments_of(GIVE)
    if departments is not None:
        statement = statement.where(ServiceItem.department_id.in_(departments))
    return list(db.session.scalars(statement.order_by(ServiceItem.name, ServiceItem.id)))


def give_authorisation(
    *,
    person_id: int,
    service_item_id: int,
    starts_on: date,
    ends_on: date | None,
    granted_by_id: int,
) -> int:
    """Authorise a person for a 事项, from a day on; returns its id. Raises RefusedError."""
    periods.check_days(starts_on, ends_on)
    if person_id == granted_by_id:
        raise RefusedError(staff_number="不能给本人授权，请由本部门或业务科室的另一位负责人办理。")
    [person] = periods.lock_people([person_id])
    periods.check_in_service(person, starts_on, ends_on)
    check_item(db.session.get_one(ServiceItem, service_item_id), ends_on)
    refuse_second(person_id, service_item_id, starts_on, ends_on)
    authorisation = Authorisation(
        person_id=person_id,
        service_item_id=service_item_id,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_by_id=granted_by_id,
    )
    db.session.add(authorisation)
    people.flush_or_refuse(starts_on="这几天已经授权过，请先看已有的记录。")
    note(AuditEvent.ACCOUNTS_AUTHORISATION_GIVEN, authorisation, granted_by_id)
    return authorisation.id


def check_item(item: ServiceItem, ends_on: date | None) -> None:
    """Refuse days on which a 事项 is no longer in use; raises RefusedError."""
    if item.closed_on is not None and (ends_on is None or ends_on >= item.closed_on):
        raise RefusedError(
            ends_on=f"这个事项从{formats.day(item.closed_on)}起停用，请把结束日期填到这一天以前。"
        )


def refuse_second(
    person_id: int, service_item_id: int, starts_on: date, ends_on: date | None
) -> None:
    """Refuse a second authorisation for the same 事项 and days; raises RefusedError."""
    other = db.session.scalar(
        select(Authorisation)
        .where(
            Authorisation.person_id == person_id,
            Authorisation.service_item_id == service_item_id,
            *periods.overlapping(Authorisation, starts_on, ends_on),
        )
        .order_by(Authorisation.starts_on)
        .limit(1)
    )
    if other is not None:
        raise RefusedError(
            starts_on=f"这个人已经有这个事项的授权（{periods.days(other)}），请核对日期；"
            "要改期限的，先结束原来的。"
        )


def end_authorisation(*, authorisation_id: int, ends_on: date, ended_by_id: int) -> None:
    """Let an authorisation end on a day; raises RefusedError."""
    authorisation = db.session.get_one(Authorisation, authorisation_id, with_for_update=True)
    refuse_own(authorisation, ended_by_id)
    periods.end(authorisation, ends_on)
    note(AuditEvent.ACCOUNTS_AUTHORISATION_ENDED, authorisation, ended_by_id)


def cancel_authorisation(*, authorisation_id: int, cancelled_by_id: int) -> None:
    """Take back an authorisation that has not begun; raises RefusedError."""
    authorisation = db.session.get_one(Authorisation, authorisation_id, with_for_update=True)
    refuse_own(authorisation, cancelled_by_id)
    periods.cancel(authorisation)
    note(AuditEvent.ACCOUNTS_AUTHORISATION_CANCELLED, authorisation, cancelled_by_id)


def refuse_own(authorisation: Authorisation, by_id: int) -> None:
    """Let nobody decide about his own authorisation; raises RefusedError."""
    if authorisation.person_id == by_id:
        raise RefusedError(form="不能办理本人的授权，请由本部门或业务科室的另一位负责人办理。")


def note(event: AuditEvent, authorisation: Authorisation, by_id: int) -> None:
    """Write down an act on an authorisation."""
    ends_on = authorisation.ends_on
    append(
        event,
        person_id=by_id,
        object_type="authorisation",
        object_id=authorisation.id,
        for_person=authorisation.person_id,
        service_item=authorisation.service_item_id,
        starts_on=authorisation.starts_on.isoformat(),
        ends_on=ends_on.isoformat() if ends_on else None,
    )
