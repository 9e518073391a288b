"""A/B角: who does the work of a person that is away, for a period.

"代理审批 for absence (A/B角, with dates)". A person has at most one B角 on a day, who is in service
over the whole period like himself; one may be the B角 of several. Departure of either ends it that
day (departures.py). Rows are ended or, before they begin, cancelled; never edited.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Department, Person
from app.accounts.roster import people, periods, placements
from app.accounts.roster.models import Deputy, Placement
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal

NOT_MINE = "没有这个工号，或者这个人不在你负责的部门，请核对工号。"
MOST_SHOWN = 20
StandIn = aliased(Person, name="stand_in")


@dataclass(frozen=True, kw_only=True)
class DeputyRow:
    """An A/B角 as lists show it: both people, and where the A角 works."""

    deputy: Deputy
    person: Person
    stand_in: Person
    department: Department


def select_deputies_for(principal: Principal) -> Statement:
    """Select the A/B角 of the people whom this principal may see."""
    statement = (
        select(Deputy, Person, StandIn, Department)
        .join(Person, Person.id == Deputy.person_id)
        .join(StandIn, StandIn.id == Deputy.deputy_id)
        .join(Placement, placements.standing(clock.today()))
        .join(Department, Department.id == Placement.department_id)
    )
    departments = principal.departments_of(Permission.ACCOUNTS_ROSTER_READ)
    if departments is not None:
        statement = statement.where(Placement.department_id.in_(departments))
    return statement


def row_of(found: tuple[Deputy, Person, Person, Department]) -> DeputyRow:
    """Name the parts of a result row."""
    deputy, person, stand_in, department = found
    return DeputyRow(deputy=deputy, person=person, stand_in=stand_in, department=department)


def get_deputy_for(principal: Principal, deputy_id: int) -> DeputyRow | None:
    """Give an A/B角 that this principal may see."""
    found = db.session.execute(
        select_deputies_for(principal).where(Deputy.id == deputy_id)
    ).one_or_none()
    return None if found is None else row_of(found)


@dataclass(frozen=True, kw_only=True)
class DeputyLine:
    """One line of a person's page: the other one of the pair, and whether that is the B角."""

    deputy: Deputy
    other: Person
    is_stand_in: bool
    days: str
    state: str
    kind: str


def list_deputies(person_id: int) -> list[DeputyLine]:
    """Give who stands in for a person and for whom he does, the latest first."""
    rows = db.session.execute(
        select(Deputy, Person, StandIn)
        .join(Person, Person.id == Deputy.person_id)
        .join(StandIn, StandIn.id == Deputy.deputy_id)
        .where(
            or_(Deputy.person_id == person_id, Deputy.deputy_id == person_id),
            Deputy.cancelled_at.is_(None),
        )
        .order_by(Deputy.starts_on.desc(), Deputy.id.desc())
        .limit(MOST_SHOWN)
    )
    return [line_of(deputy, person, other, person_id) for deputy, person, other in rows]


def line_of(deputy: Deputy, person: Person, stand_in: Person, seen_by: int) -> DeputyLine:
    """Write a pair as the page of one of the two shows it."""
    is_stand_in = deputy.person_id == seen_by
    state, kind = periods.state_of(deputy, clock.today())
    return DeputyLine(
        deputy=deputy,
        other=stand_in if is_stand_in else person,
        is_stand_in=is_stand_in,
        days=periods.days(deputy),
        state=state,
        kind=kind,
    )


def need_mine(principal: Principal, staff_number: str, *, field: str) -> int:
    """Give the person whose roster this principal keeps; raises RefusedError beside the field."""
    person_id = people.need_colleague(staff_number, field=field)
    row = people.get_person_for(principal, person_id)
    if row is None or not people.may_edit(principal, row.placement.department_id):
        raise RefusedError(**{field: NOT_MINE})
    return person_id


def add_deputy(
    *, person_id: int, deputy_id: int, starts_on: date, ends_on: date | None, added_by_id: int
) -> int:
    """Register who stands in for a person, from a day on; returns its id. Raises RefusedError."""
    periods.check_days(starts_on, ends_on)
    if person_id == deputy_id:
        raise RefusedError(deputy_number="B角不能是本人，请填另一个人的工号。")
    for each in periods.lock_people([person_id, deputy_id]):
        periods.check_in_service(each, starts_on, ends_on)
    refuse_second(person_id, deputy_id, starts_on, ends_on)
    deputy = Deputy(person_id=person_id, deputy_id=deputy_id, starts_on=starts_on, ends_on=ends_on)
    db.session.add(deputy)
    people.flush_or_refuse(starts_on="这几天已经有B角，请先看已有的记录。")
    note(AuditEvent.ACCOUNTS_DEPUTY_ADDED, deputy, added_by_id)
    return deputy.id


def refuse_second(person_id: int, deputy_id: int, starts_on: date, ends_on: date | None) -> None:
    """Refuse a second B角 for the same days; raises RefusedError that names the first."""
    found = db.session.execute(
        select(Deputy, Person)
        .join(Person, Person.id == Deputy.deputy_id)
        .where(Deputy.person_id == person_id, *periods.overlapping(Deputy, starts_on, ends_on))
        .order_by(Deputy.starts_on)
        .limit(1)
    ).one_or_none()
    if found is None:
        return
    other, stand_in = found
    days = periods.days(other)
    if other.deputy_id == deputy_id:
        raise RefusedError(
            starts_on=f"{stand_in.name}已经是B角（{days}），这一段不用再登记；请核对日期。"
        )
    raise RefusedError(
        starts_on=f"这几天的B角已经是{stand_in.name}（{days}）。一个人同一天只有一个B角："
        "请先结束原来的，或者改日期。"
    )


def end_deputy(*, deputy_id: int, ends_on: date, ended_by_id: int) -> None:
    """Let an A/B角 end on a day; raises RefusedError."""
    deputy = db.session.get_one(Deputy, deputy_id, with_for_update=True)
    periods.end(deputy, ends_on)
    note(AuditEvent.ACCOUNTS_DEPUTY_ENDED, deputy, ended_by_id)


def cancel_deputy(*, deputy_id: int, cancelled_by_id: int) -> None:
    """Take back an A/B角 that has not begun; raises RefusedError."""
    deputy = db.session.get_one(Deputy, deputy_id, with_for_update=True)
    periods.cancel(deputy)
    note(AuditEvent.ACCOUNTS_DEPUTY_CANCELLED, deputy, cancelled_by_id)


def note(event: AuditEvent, deputy: Deputy, by_id: int) -> None:
    """Write down an act on an A/B角."""
    append(
        event,
        person_id=by_id,
        object_type="deputy",
        object_id=deputy.id,
        for_person=deputy.person_id,
        stand_in=deputy.deputy_id,
        starts_on=deputy.starts_on.isoformat(),
        ends_on=deputy.ends_on.isoformat() if deputy.ends_on else None,
    )
