"""What waits for a person, and what he should know; written by the workflow engine.

"What waits for a person is no socket: the workflow engine writes open steps inside each move's
transaction; inbox, badge, calendar and escalation are one query on them." A step is seen by its one
person, or by whoever holds its permission in its department; by the B角 of one who is away, if it
is a decision; and by nobody whom the separation of duties bars from it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, update

from app.accounts.models import Department
from app.accounts.roster.representing import Represented, list_represented
from app.inbox.models import BarredPerson, Notice, OpenStep
from app.kernel import clock, db
from app.kernel.listing import Statement
from app.kernel.permissions import GRANTS, Grant, Principal
from app.workdays.calendar import Calendar
from app.workdays.lights import Light, light_of

MAX_TITLE = 200
MAX_TEXT = 300


@dataclass(frozen=True, kw_only=True)
class NewStep:
    """What waits from now on; `person_id` or `permission` says for whom."""

    flow: str
    record_id: int
    noun: str
    title: str
    label: str
    endpoint: str
    arguments: Mapping[str, Any]
    person_id: int | None
    permission: str | None
    department_id: int | None
    is_approval: bool
    is_returned: bool
    # Working days from now on, and the time that they give.
    days: int
    due_at: datetime
    barred: Collection[int] = ()


def open_step(new: NewStep) -> OpenStep:
    """Let a record wait, in the open write; its step before must have been closed."""
    now = clock.now()
    step = OpenStep(
        flow=new.flow,
        record_id=new.record_id,
        noun=new.noun,
        title=new.title[:MAX_TITLE],
        label=new.label,
        endpoint=new.endpoint,
        arguments=dict(new.arguments),
        person_id=new.person_id,
        permission=new.permission,
        department_id=new.department_id,
        is_approval=new.is_approval,
        is_returned=new.is_returned,
        opened_at=now,
        days=new.days,
        due_at=max(new.due_at, now),
    )
    db.session.add(step)
    db.session.flush()
    for person_id in sorted(set(new.barred)):
        db.session.add(BarredPerson(step_id=step.id, person_id=person_id))
    db.session.flush()
    return step


def close_step(flow: str, record_id: int) -> None:
    """Let a record wait no longer, in the open write."""
    db.session.execute(
        update(OpenStep)
        .where(*of_record(flow, record_id), OpenStep.closed_at.is_(None))
        .values(closed_at=clock.now())
    )


def retitle(flow: str, record_id: int, title: str) -> None:
    """Put another line in place of a record's title, in all that ever waited, in the open write.

    For an edit of a record that waits, and for one whose content must go.
    """
    db.session.execute(
        update(OpenStep).where(*of_record(flow, record_id)).values(title=title[:MAX_TITLE])
    )


def reword(endpoint: str, arguments: Mapping[str, Any], text: str) -> None:
    """Put another sentence in place of all notices about a record, in the open write.

    For one whose content must go: those who were told of it keep the notice, and what it told goes.
    """
    db.session.execute(
        update(Notice)
        .where(Notice.endpoint == endpoint, Notice.arguments == dict(arguments))
        .values(text=text[:MAX_TEXT])
    )


def of_record(flow: str, record_id: int) -> tuple[ColumnElement[bool], ...]:
    """Give the condition that a step belongs to a record."""
    return OpenStep.flow == flow, OpenStep.record_id == record_id


def get_open(flow: str, record_id: int) -> OpenStep | None:
    """Give the step that a record waits in, or None where nobody must act."""
    return db.session.scalar(
        select(OpenStep).where(*of_record(flow, record_id), OpenStep.closed_at.is_(None))
    )


def select_steps_for(user: Principal) -> Statement:
    """Select what waits for a person, his own and what he decides in the place of others."""
    everybody = [own_condition(user.person_id, user.grants)]
    everybody += [stand_in_condition(each, user.person_id) for each in represented_by(user)]
    if user.is_administrator:
        everybody = [false()]
    return (
        select(OpenStep, Department.name)
        .outerjoin(Department, Department.id == OpenStep.department_id)
        .where(OpenStep.closed_at.is_(None), or_(*everybody))
    )


def represented_by(user: Principal) -> list[Represented]:
    """Give those for whom somebody decides today; an administrator's account decides nothing."""
    return [] if user.is_administrator else list_represented(user.person_id, clock.today())


def own_condition(person_id: int, grants: Iterable[Grant]) -> ColumnElement[bool]:
    """Give the steps of one person: his by name, or by permission and not barred to him."""
    held = and_(held_condition(grants), not_barred(person_id))
    return or_(OpenStep.person_id == person_id, held)


def stand_in_condition(absent: Represented, person_id: int) -> ColumnElement[bool]:
    """Give the decisions of somebody who is away, for his B角: neither of them may be barred."""
    return and_(
        OpenStep.is_approval.is_(True),
        or_(
            OpenStep.person_id == absent.person_id,
            and_(held_condition(absent.grants), not_barred(absent.person_id)),
        ),
        not_barred(person_id),
    )


def held_condition(grants: Iterable[Grant]) -> ColumnElement[bool]:
    """Give the steps whose permission is held in their department, or for the whole centre."""
    conditions = []
    for grant in grants:
        allowed: ColumnElement[bool] = OpenStep.permission.in_(sorted(GRANTS[grant.role]))
        if grant.department_id is not None:
            allowed = and_(allowed, OpenStep.department_id == grant.department_id)
        conditions.append(allowed)
    return or_(false(), *conditions)


def not_barred(person_id: int) -> ColumnElement[bool]:
    """Give the steps from which a person is not barred."""
    barred = select(BarredPerson.step_id).where(BarredPerson.person_id == person_id)
    return OpenStep.id.not_in(barred)


def light_of_step(step: OpenStep, calendar: Calendar) -> Light:
    """Derive the light of a step."""
    return light_of(
        opened_at=step.opened_at,
        due_at=step.due_at,
        is_returned=step.is_returned,
        calendar=calendar,
        now=clock.now(),
    )


def count_steps(user: Principal) -> int:
    """Count what waits for a person, for the badge."""
    return (
        db.session.scalar(
            select(func.count()).select_from(select_steps_for(user).order_by(None).subquery())
        )
        or 0
    )


def tell(
    person_ids: Collection[int],
    text: str,
    *,
    endpoint: str,
    arguments: Mapping[str, Any],
    key: str | None = None,
) -> None:
    """Write a notice to each of some persons, in the open write.

    With a `key` each gets it once, however often this is called.
    """
    for person_id in sorted(set(person_ids)):
        row = {
            "person_id": person_id,
            "text": text[:MAX_TEXT],
            "endpoint": endpoint,
            "arguments": dict(arguments),
            "key": f"{key}:{person_id}" if key else None,
            "at": clock.now(),
        }
        db.session.execute(db.insert(Notice).values(row).on_conflict_do_nothing())


def was_told(key: str) -> bool:
    """Tell whether anybody has a notice with this key."""
    found = select(Notice.id).where(Notice.key.startswith(f"{key}:", autoescape=True))
    return db.session.scalar(found.limit(1)) is not None


def select_notices_for(user: Principal) -> Statement:
    """Select a person's notices."""
    return select(Notice).where(Notice.person_id == user.person_id)


def count_unread(user: Principal) -> int:
    """Count the notices that a person has not read."""
    statement = select(func.count(Notice.id)).where(
        Notice.person_id == user.person_id, Notice.read_at.is_(None)
    )
    return db.session.scalar(statement) or 0


def mark_read(*, person_id: int, notice_ids: Collection[int] | None = None) -> None:
    """Write down that a person has read his notices, all of them or some."""
    statement = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    if notice_ids is not None:
        statement = statement.where(Notice.id.in_(notice_ids))
    db.session.execute(statement.values(read_at=clock.now()))
