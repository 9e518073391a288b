"""Reminders in the site: before a step falls due, and when it has.

"Escalation ladder: 到期前1个工作日 → 承办人; 逾期 → 科室/窗口负责人". Each rung is one notice for
each of those whom the step waits for, once, however often the sweep runs; no rule rests on it,
since the light is derived on read.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from app.accounts.models import Person, RoleGrant
from app.accounts.roster.placements import not_left
from app.accounts.service import in_force
from app.inbox import service
from app.inbox.models import BarredPerson, OpenStep
from app.kernel import clock, db, formats
from app.kernel.permissions import roles_with
from app.workdays import service as workdays
from app.workdays.calendar import Calendar

MOST_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One rung of the ladder that a step has reached."""

    name: str
    text: str


def remind() -> None:
    """Write the reminders that are due; called by the worker."""
    calendar = workdays.get_calendar()
    found = [(step, rung) for step in list_due(calendar) if (rung := rung_of(step, calendar))]
    told = [(step, rung, people_of(step)) for step, rung in found]
    with db.write():
        for step, rung, people in told:
            service.tell(
                people,
                f"{rung.text}：{step.noun}“{step.title}”，{step.label}。",
                endpoint=step.endpoint,
                arguments=step.arguments,
                key=f"step:{step.id}:{rung.name}",
            )


def list_due(calendar: Calendar) -> list[OpenStep]:
    """Give the open steps that fall due until the next working day is over."""
    tomorrow = calendar.next_workday(clock.today())
    until = clock.now() + timedelta(days=(tomorrow - clock.today()).days + 1)
    return list(
        db.session.scalars(
            select(OpenStep)
            .where(OpenStep.closed_at.is_(None), OpenStep.due_at < until)
            .order_by(OpenStep.due_at)
            .limit(MOST_AT_ONCE)
        )
    )


def rung_of(step: OpenStep, calendar: Calendar) -> Rung | None:
    """Give the rung that a step has reached; the due day itself is never overdue."""
    due_on, today = clock.local(step.due_at).date(), clock.today()
    if today > due_on:
        return Rung(name="late", text=f"已逾期（期限{formats.month_day(due_on)}）")
    if today == due_on:
        return Rung(name="today", text="今天到期")
    if due_on <= calendar.next_workday(today):
        return Rung(name="tomorrow", text=f"{formats.month_day(due_on)}到期")
    return None


def people_of(step: OpenStep) -> set[int]:
    """Give those for whom a step waits: the one person, or the holders of its permission there."""
    if step.person_id is not None:
        return {step.person_id}
    today = clock.today()
    roles = roles_with(step.permission or "")
    here: ColumnElement[bool] = RoleGrant.department_id.is_(None)
    if step.department_id is not None:
        here |= RoleGrant.department_id == step.department_id
    barred = select(BarredPerson.person_id).where(BarredPerson.step_id == step.id)
    return set(
        db.session.scalars(
            select(RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(
                RoleGrant.role.in_(roles),
                *in_force(today),
                here,
                not_left(today),
                RoleGrant.person_id.not_in(barred),
            )
        )
    )
