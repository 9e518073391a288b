"""The plan of a pair, as a text that can be agreed on, and its numbered changes.

While a pair is a draft its plan is simply edited; from the approval on every change is a numbered
变更 with the whole text before and after, so that the old one stays readable. What the master has
signed 独立 is never taken out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select

from app.accounts import service as accounts
from app.accounts.roster.models import ServiceItem
from app.accounts.roster.placements import is_open
from app.audit.models import AuditEvent
from app.audit.service import append
from app.inbox import service as inbox
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal
from app.mentoring import months, people
from app.mentoring.models import MentoringChange, MentoringItem, MentoringPair, PairState
from app.workflow import service as workflow

NO_ITEM = "计划里至少要有一个事项。"
NO_REASON = "请写明变更的原因。"
NOT_IN_TERM = "计划月要在结对期限之内。"
NOT_NOW = "这一对现在不能改计划。"
SIGNED = "师傅已经签过独立的事项不能去掉，也不用再改计划月。"
UNCHANGED = "计划没有变化。"
MOST_ITEMS = 40


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was agreed, in words: the text that a change replaces and that stays readable."""

    term: str
    goals: str
    assessor: str
    # 事项 and the month in which 独立 is planned.
    items: Sequence[tuple[str, str]]

    def as_json(self) -> dict[str, Any]:
        """Give it as it is stored."""
        return {
            "term": self.term,
            "goals": self.goals,
            "assessor": self.assessor,
            "items": [list(each) for each in self.items],
        }


def terms_from(stored: Mapping[str, Any]) -> Terms:
    """Read a stored text."""
    return Terms(
        term=stored["term"],
        goals=stored["goals"],
        assessor=stored["assessor"],
        items=tuple((name, month) for name, month in stored["items"]),
    )


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a person fills in: the months by 事项; one without a month is not part of the plan."""

    goals: str
    assessor_id: int
    months: Mapping[int, date] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class ItemRow:
    """An item with its 事项."""

    item: MentoringItem
    service_item: ServiceItem


def list_items(pair_id: int) -> list[ItemRow]:
    """Give the items of a plan, by month and name."""
    rows = db.session.execute(
        select(MentoringItem, ServiceItem)
        .join(ServiceItem, ServiceItem.id == MentoringItem.service_item_id)
        .where(MentoringItem.pair_id == pair_id)
        .order_by(MentoringItem.planned_on, ServiceItem.name, MentoringItem.id)
    )
    return [ItemRow(item=item, service_item=service_item) for item, service_item in rows]


def terms_of(pair: MentoringPair) -> Terms:
    """Write down what a pair says now."""
    return Terms(
        term=f"{formats.day(pair.starts_on)}至{formats.day(pair.ends_on)}",
        goals=pair.goals,
        assessor=accounts.names_of({pair.assessor_id})[pair.assessor_id],
        items=tuple(
            (each.service_item.name, months.label(each.item.planned_on))
            for each in list_items(pair.id)
        ),
    )


def list_changes(pair_id: int) -> list[MentoringChange]:
    """Give the agreement, as number 0, and its changes."""
    return list(
        db.session.scalars(
            select(MentoringChange)
            .where(MentoringChange.pair_id == pair_id)
            .order_by(MentoringChange.number)
        )
    )


def agreed_terms(pair: MentoringPair) -> Terms:
    """Give the text that was signed; while nothing is agreed yet, the one that is proposed."""
    changes = list_changes(pair.id)
    return terms_from(changes[0].after) if changes else terms_of(pair)


def list_open_items(department_id: int) -> list[ServiceItem]:
    """Give all 事项 in use, those of a department first."""
    found = db.session.scalars(
        select(ServiceItem)
        .where(is_open(ServiceItem, clock.today()))
        .order_by(ServiceItem.name, ServiceItem.id)
    ).all()
    return sorted(found, key=lambda each: each.department_id != department_id)


def propose_months(pair: MentoringPair) -> dict[int, date]:
    """Name the 高频 事项 of the apprentice's department, spread over the term; people change it."""
    items = [
        each
        for each in list_open_items(pair.department_id)
        if each.department_id == pair.department_id and each.is_frequent
    ][:MOST_ITEMS]
    within = list(months.months_from(pair.starts_on, pair.ends_on))
    # The last month is left for the assessment.
    usable = within[:-1] or within
    return {
        each.id: usable[min((place + 1) * len(usable) // (len(items) + 1), len(usable) - 1)]
        for place, each in enumerate(items)
    }


def may_change(pair: MentoringPair, user: Principal) -> bool:
    """Tell whether somebody may change a plan now: who drafts here, and once it runs the master."""
    if pair.state not in {PairState.DRAFT, PairState.RUNNING}:
        return False
    is_drafter = user.can(Permission.MENTORING_PAIR_DRAFT, department_id=pair.department_id)
    return is_drafter or (pair.state is PairState.RUNNING and pair.master_id == user.person_id)


def change_plan(*, pair_id: int, plan: Plan, seen_version: int, user: Principal) -> None:
    """Change a plan: in place while it is a draft, later as a numbered 变更.

    Raises StaleEditError, RefusedError.
    """
    pair = db.session.get_one(MentoringPair, pair_id, with_for_update=True)
    if pair.version != seen_version:
        raise StaleEditError
    if not may_change(pair, user):
        raise RefusedError(form=NOT_NOW)
    check_plan(pair, plan)
    before = terms_of(pair)
    pair.goals, pair.assessor_id = plan.goals, plan.assessor_id
    set_months(pair, plan.months)
    if terms_of(pair) == before:
        raise RefusedError(form=UNCHANGED)
    workflow.touch(pair)
    if not pair.is_draft:
        add_change(pair, before=before, reason=plan.reason, by_id=user.person_id)
        tell_change(pair, user)
    note(pair, user.person_id)


def check_plan(pair: MentoringPair, plan: Plan) -> None:
    """Refuse a plan that can't be; raises RefusedError."""
    if not pair.is_draft and not plan.reason:
        raise RefusedError(reason=NO_REASON)
    if not plan.months:
        raise RefusedError(form=NO_ITEM)
    within = set(months.months_from(pair.starts_on, pair.ends_on))
    if not set(plan.months.values()) <= within:
        raise RefusedError(form=NOT_IN_TERM)
    people.check_assessor(
        assessor_id=plan.assessor_id,
        master_id=pair.master_id,
        apprentice_id=pair.apprentice_id,
        department_id=pair.department_id,
    )


def set_months(pair: MentoringPair, wanted: Mapping[int, date]) -> None:
    """Let the items of a plan be these; raises RefusedError for one that is signed already."""
    present = {each.item.service_item_id: each.item for each in list_items(pair.id)}
    for service_item_id, item in present.items():
        month = wanted.get(service_item_id)
        if item.signed_on is not None:
            if month != item.planned_on:
                raise RefusedError(form=SIGNED)
        elif month is None:
            db.session.delete(item)
        else:
            item.planned_on = month
    for service_item_id in wanted.keys() - present.keys():
        db.session.add(
            MentoringItem(
                pair_id=pair.id, service_item_id=service_item_id, planned_on=wanted[service_item_id]
            )
        )
    db.session.flush()


def add_change(
    pair: MentoringPair, *, before: Terms | None, reason: str, by_id: int | None
) -> None:
    """Add what was agreed, or its next numbered change, to the open write."""
    last = db.session.scalar(
        select(func.max(MentoringChange.number)).where(MentoringChange.pair_id == pair.id)
    )
    db.session.add(
        MentoringChange(
            pair_id=pair.id,
            number=0 if last is None else last + 1,
            reason=reason,
            before=before.as_json() if before else {},
            after=terms_of(pair).as_json(),
            made_by_id=by_id,
            made_at=clock.now(),
        )
    )
    db.session.flush()


def tell_change(pair: MentoringPair, user: Principal) -> None:
    """Let the others of a pair know that the plan is another one."""
    others = {pair.master_id, pair.apprentice_id, pair.assessor_id} - {user.person_id}
    inbox.tell(
        others,
        f"结对协议{pair.number}的计划有变更，请看。",
        endpoint="mentoring.show_pair",
        arguments={"public_id": pair.public_id},
    )


def note(pair: MentoringPair, by_id: int) -> None:
    """Write a change of a plan down in the log."""
    append(
        AuditEvent.MENTORING_PLAN_CHANGED,
        person_id=by_id,
        object_type="mentoring_pair",
        object_id=pair.id,
        items=len(list_items(pair.id)),
    )
