"""值班表: who goes round on which day and in which period, with the 带班领导 and the areas.

"大厅开放日和时段 (周六延时服务, 午间不间断) for screens, 值班表 and exam batches." On a day on
which the hall is closed nobody is on duty.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.inspections import people
from app.inspections.models import DutyEntry, DutyPeriod
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.workdays import service as workdays

MOST_DAYS = 31
WEEK = timedelta(days=7)
First, Second, Leader = (aliased(Person, name=name) for name in ("first", "second", "leader"))


@dataclass(frozen=True, kw_only=True)
class Duty:
    """What is typed about a duty, from a day to another one."""

    since: date
    until: date
    period: DutyPeriod
    first_id: int
    second_id: int
    leader_id: int
    areas: str


@dataclass(frozen=True, kw_only=True)
class DutyRow:
    """A line of the 值班表 with the names in it."""

    entry: DutyEntry
    first: str
    second: str
    leader: str


def select_duties() -> Statement:
    """Select the whole 值班表."""
    return (
        select(DutyEntry, First.name, Second.name, Leader.name)
        .join(First, First.id == DutyEntry.first_id)
        .join(Second, Second.id == DutyEntry.second_id)
        .join(Leader, Leader.id == DutyEntry.leader_id)
    )


def row_of(found: tuple[DutyEntry, str, str, str]) -> DutyRow:
    """Name the parts of a result row."""
    entry, first, second, leader = found
    return DutyRow(entry=entry, first=first, second=second, leader=leader)


def get_duty(entry_id: int) -> DutyRow | None:
    """Give one line."""
    found = db.session.execute(select_duties().where(DutyEntry.id == entry_id)).one_or_none()
    return None if found is None else row_of(found)


def list_today(person_id: int) -> list[DutyRow]:
    """Give the duties that somebody has today, in the order of the day."""
    mine = or_(DutyEntry.first_id == person_id, DutyEntry.second_id == person_id)
    found = db.session.execute(
        select_duties().where(DutyEntry.day == clock.today(), mine).order_by(DutyEntry.id)
    ).all()
    return [row_of(each) for each in found]


def check_people(duty: Duty) -> None:
    """Refuse whoever may not inspect or lead on the first day; raises RefusedError."""
    inspectors = {each.id for each in people.list_inspectors(duty.since)}
    if duty.first_id == duty.second_id:
        raise RefusedError(second_id="两名巡查人不能是同一个人。")
    for name in ("first_id", "second_id"):
        if getattr(duty, name) not in inspectors:
            raise RefusedError(**{name: "请选择巡查员。"})
    if duty.leader_id not in {each.id for each in people.list_leaders(duty.since)}:
        raise RefusedError(leader_id="请选择带班领导。")


def add_duties(*, duty: Duty, added_by_id: int) -> int:
    """Put a duty into every open day of a span; gives how many days. Raises RefusedError."""
    if not duty.since <= duty.until <= duty.since + timedelta(days=MOST_DAYS):
        raise RefusedError(until=f"结束日期应在开始日期之后{MOST_DAYS}天以内。")
    check_people(duty)
    calendar = workdays.get_calendar()
    span = [duty.since + timedelta(days=n) for n in range((duty.until - duty.since).days + 1)]
    days = [day for day in span if calendar.is_open(day)]
    if not days:
        raise RefusedError(since="这几天大厅都不开放，不用排值班。")
    if taken := find_taken(days, duty.period):
        raise RefusedError(since=f"{formats.month_day(taken)}这个时段已经排了值班，请修改那一条。")
    for day in days:
        db.session.add(
            DutyEntry(
                day=day, period=duty.period, first_id=duty.first_id, second_id=duty.second_id,
                leader_id=duty.leader_id, areas=duty.areas,
            )
        )  # fmt: skip
    db.session.flush()
    note(added_by_id, f"{duty.since.isoformat()}/{duty.until.isoformat()}", days=len(days))
    return len(days)


def find_taken(days: list[date], period: DutyPeriod) -> date | None:
    """Give the first of these days that has a duty in the period."""
    return db.session.scalar(
        select(DutyEntry.day)
        .where(DutyEntry.day.in_(days), DutyEntry.period == period)
        .order_by(DutyEntry.day)
        .limit(1)
    )


def change_duty(*, entry_id: int, seen_version: int, duty: Duty, changed_by_id: int) -> None:
    """Change one line; raises StaleEditError and RefusedError. A past day is not rewritten."""
    entry = db.session.get_one(DutyEntry, entry_id, with_for_update=True)
    if entry.version != seen_version:
        raise StaleEditError
    if entry.day < clock.today():
        raise RefusedError(form="这一天已经过去，不再改。")
    check_people(duty)
    entry.first_id, entry.second_id = duty.first_id, duty.second_id
    entry.leader_id, entry.areas = duty.leader_id, duty.areas
    db.session.flush()
    note(changed_by_id, str(entry_id), day=entry.day.isoformat())


def copy_week(*, monday: date, copied_by_id: int) -> int:
    """Copy the week before into a week: open days without a duty yet; gives how many lines.

    Raises RefusedError where there is nothing to be copied.
    """
    rows = db.session.scalars(
        select(DutyEntry)
        .where(DutyEntry.day >= monday - WEEK, DutyEntry.day < monday)
        .order_by(DutyEntry.day, DutyEntry.id)
    ).all()
    calendar, count = workdays.get_calendar(), 0
    for row in rows:
        day = row.day + WEEK
        if not calendar.is_open(day) or find_taken([day], row.period) is not None:
            continue
        db.session.add(
            DutyEntry(
                day=day, period=row.period, first_id=row.first_id, second_id=row.second_id,
                leader_id=row.leader_id, areas=row.areas,
            )
        )  # fmt: skip
        db.session.flush()
        count += 1
    if not count:
        raise RefusedError(form="没有可以复制的：上一周没有值班，或者这一周已经排好。")
    note(copied_by_id, monday.isoformat(), copied=count)
    return count


def note(person_id: int, object_id: str, **data: object) -> None:
    """Write a change of the 值班表 down in the log."""
    append(
        AuditEvent.INSPECTIONS_DUTY_CHANGED,
        person_id=person_id,
        object_type="duty_entry",
        object_id=object_id,
        **data,
    )
