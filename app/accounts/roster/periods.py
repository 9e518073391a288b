"""What holds for a person from a day to a day and may be taken back: A/B角 and 事项授权.

Both begin on a day, end on one or never, can be ended and, before they begin, cancelled; their
state is derived from the dates. The rules of each stand in deputies.py and authorisations.py.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import Department, Person
from app.accounts.roster.models import Authorisation, Deputy
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.listing import Cell, Column, Filter

Period = Deputy | Authorisation
STATES = (("valid", "有效"), ("coming", "未开始"), ("past", "已结束"))


def in_force(model: type[Period], day: date) -> ColumnElement[bool]:
    """Give the condition that a period holds on a day."""
    return (
        model.cancelled_at.is_(None)
        & (model.starts_on <= day)
        & or_(model.ends_on.is_(None), model.ends_on >= day)
    )


def overlapping(
    model: type[Period], starts_on: date, ends_on: date | None
) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that a period shares a day with another one."""
    return (
        model.cancelled_at.is_(None),
        model.starts_on <= (ends_on or date.max),
        or_(model.ends_on.is_(None), model.ends_on >= starts_on),
    )


def state_of(period: Period, today: date) -> tuple[str, str]:
    """Say how far a period is, and the kind of tag that shows it."""
    if period.cancelled_at is not None:
        return "已取消", "tag"
    if period.ends_on is not None and period.ends_on < today:
        return "已结束", "tag"
    return ("未开始", "tag-blue") if period.starts_on > today else ("有效", "tag-green")


def state_cell(period: Period) -> Cell:
    """Show how far a period is."""
    text, kind = state_of(period, clock.today())
    return Cell(text=text, kind=kind)


def state_filter(model: type[Period]) -> Filter:
    """Give the filter by how far a period is; what was cancelled counts as over."""

    def where(value: str) -> ColumnElement[bool]:
        today = clock.today()
        coming = model.cancelled_at.is_(None) & (model.starts_on > today)
        if value == "coming":
            return coming
        return in_force(model, today) if value == "valid" else ~(in_force(model, today) | coming)

    return Filter(name="state", label="状态", options=STATES, where=where)


def department_filter(
    column: InstrumentedAttribute[int], departments: frozenset[int] | None, label: str = "部门"
) -> Filter:
    """Give the filter by department: those of a scope, in the hall's 序列."""
    statement = select(Department.id, Department.name).order_by(Department.position)
    if departments is not None:
        statement = statement.where(Department.id.in_(departments))
    return Filter(
        name="department",
        label=label,
        options=[(str(row.id), row.name) for row in db.session.execute(statement)],
        where=lambda value: column == int(value),
    )


def period_columns(
    model: type[Period], of: Callable[[Any], Period]
) -> tuple[Column[Any], Column[Any]]:
    """Give the columns of first and last day; `of` gives what a row is about."""
    starts = Column[Any](
        name="starts",
        label="开始日期",
        cell=lambda row: formats.day(of(row).starts_on),
        sort=model.starts_on,
        export=lambda row: of(row).starts_on,
        is_short=True,
    )
    ends = Column[Any](
        name="ends",
        label="结束日期",
        cell=lambda row: formats.day(last) if (last := of(row).ends_on) else "",
        sort=model.ends_on,
        export=lambda row: of(row).ends_on,
        is_short=True,
    )
    return starts, ends


def days(period: Period) -> str:
    """Write the days of a period."""
    start = formats.day(period.starts_on)
    return f"{start}至{formats.day(period.ends_on)}" if period.ends_on else f"{start}起"


def lock_people(ids: Collection[int]) -> Sequence[Person]:
    """Hold people for this write, always in the same order; gives them as they were asked for."""
    rows = db.session.scalars(
        select(Person).where(Person.id.in_(ids)).order_by(Person.id).with_for_update()
    )
    found = {row.id: row for row in rows}
    return [found[each] for each in ids]


def check_days(starts_on: date, ends_on: date | None) -> None:
    """Refuse a period that ends before it begins; raises RefusedError."""
    if ends_on is not None and ends_on < starts_on:
        raise RefusedError(ends_on="结束日期不能早于开始日期。")


def check_in_service(person: Person, starts_on: date, ends_on: date | None) -> None:
    """Refuse days on which a person is not in service; raises RefusedError with what to do."""
    if starts_on < person.joined_on:
        raise RefusedError(
            starts_on=f"{person.name}{formats.day(person.joined_on)}入职，"
            "请把开始日期改到这一天或以后。"
        )
    if person.left_on is not None and (ends_on is None or ends_on > person.left_on):
        raise RefusedError(
            ends_on=f"{person.name}的最后在岗日是{formats.day(person.left_on)}，"
            "请把结束日期填到这一天或以前。"
        )


def end(period: Period, ends_on: date) -> None:
    """Let a period end on a day, not later than it would; raises RefusedError."""
    if period.cancelled_at is not None or is_over(period, clock.today()):
        raise RefusedError(form="这一项已经结束或者取消，不用再办。")
    check_days(period.starts_on, ends_on)
    if period.ends_on is not None and ends_on > period.ends_on:
        raise RefusedError(
            ends_on=f"原定{formats.day(period.ends_on)}结束，只能提前；要延长的，请另登记一段。"
        )
    period.ends_on = ends_on
    db.session.flush()


def is_over(period: Period, today: date) -> bool:
    """Tell whether the last day of a period is past."""
    return period.ends_on is not None and period.ends_on < today


def cancel(period: Period) -> None:
    """Take back a period that has not begun; the row stays. Raises RefusedError."""
    if period.cancelled_at is not None:
        raise RefusedError(form="这一项已经取消，不用再办。")
    if period.starts_on <= clock.today():
        raise RefusedError(form="已经开始的不能取消，请填结束日期。")
    period.cancelled_at = clock.now()
    db.session.flush()
