"""Proposing and reading pairs; their moves are made by the workflow (workflow.py).

"Pair proposed from a filtered list with reasons and chosen by people." Who may read a pair: the
two, their assessor, whoever answers for the department, and those who follow it for the hall.
"""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Department, Person
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.mentoring import months, people, plans
from app.mentoring.models import MentoringPair, PairState
from app.mentoring.settings import COPIES
from app.mentoring.workflow import PAIR_FLOW
from app.settings import service as settings
from app.workflow.service import begin

READ = Permission.MENTORING_PAIR_READ
PUBLIC_ID_BYTES = 12
# A term begins about when it is proposed: what was before can't be recorded any more.
EARLIEST, LATEST = timedelta(days=31), timedelta(days=92)
NOT_NEAR = "开始日期要在{first}到{last}之间。"
Master = aliased(Person, name="master")
Apprentice = aliased(Person, name="apprentice")


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """A pair as lists show it."""

    pair: MentoringPair
    master: Person
    apprentice: Person
    department: Department


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What whoever proposes a pair fills in."""

    master_id: int
    apprentice_id: int
    assessor_id: int
    starts_on: date
    months: int
    goals: str


def select_pairs() -> Statement:
    """Select all pairs with the two and the department."""
    return (
        select(MentoringPair, Master, Apprentice, Department)
        .join(Master, Master.id == MentoringPair.master_id)
        .join(Apprentice, Apprentice.id == MentoringPair.apprentice_id)
        .join(Department, Department.id == MentoringPair.department_id)
    )


def select_pairs_for(user: Principal) -> Statement:
    """Select the pairs of the departments that somebody follows."""
    departments = user.departments_of(READ)
    if departments is None:
        return select_pairs()
    return select_pairs().where(MentoringPair.department_id.in_(departments))


def select_own_pairs(user: Principal) -> Statement:
    """Select the pairs in which somebody is one of the two or the assessor, once it is proposed."""
    return select_pairs().where(is_party(user))


def is_party(user: Principal) -> ColumnElement[bool]:
    """Give the condition that somebody takes part in a pair that was put before its two."""
    mine = or_(
        MentoringPair.master_id == user.person_id,
        MentoringPair.apprentice_id == user.person_id,
        MentoringPair.assessor_id == user.person_id,
    )
    # Who was asked once still sees what came of it, also after it was sent back.
    return mine & MentoringPair.submitted_at.is_not(None)


def row_of(found: tuple[MentoringPair, Person, Person, Department]) -> PairRow:
    """Name the parts of a result row."""
    pair, master, apprentice, department = found
    return PairRow(pair=pair, master=master, apprentice=apprentice, department=department)


def get_pair_for(user: Principal, public_id: str) -> PairRow | None:
    """Give a pair that somebody may see; an administrator's account sees none."""
    readable = false() if user.is_administrator else is_party(user)
    if user.can(READ):
        departments = user.departments_of(READ)
        readable = or_(
            readable,
            MentoringPair.id.is_not(None)
            if departments is None
            else MentoringPair.department_id.in_(departments),
        )
    found = db.session.execute(
        select_pairs().where(MentoringPair.public_id == public_id, readable)
    ).one_or_none()
    return None if found is None else row_of(tuple(found))


def propose(*, proposal: Proposal, user: Principal) -> MentoringPair:
    """Propose a pair, with a plan to start from; raises RefusedError."""
    check_start(proposal.starts_on)
    candidate = people.need_candidate(proposal.apprentice_id, proposal.master_id)
    people.refuse_second_master(proposal.apprentice_id)
    department_id = people.department_of(proposal.apprentice_id)
    if not user.can(Permission.MENTORING_PAIR_DRAFT, department_id=department_id):
        raise RefusedError(form="只能为本部门的徒弟提出结对。")
    people.check_assessor(
        assessor_id=proposal.assessor_id,
        master_id=proposal.master_id,
        apprentice_id=proposal.apprentice_id,
        department_id=department_id,
    )
    pair = MentoringPair(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        state=PairState.DRAFT,
        master_id=proposal.master_id,
        apprentice_id=proposal.apprentice_id,
        assessor_id=proposal.assessor_id,
        department_id=department_id,
        starts_on=proposal.starts_on,
        ends_on=months.end_of_term(proposal.starts_on, proposal.months),
        goals=proposal.goals,
        reasons="；".join(candidate.reasons),
        copies=settings.get(COPIES),
    )
    db.session.add(pair)
    begin(PAIR_FLOW, pair, user=user)
    plans.set_months(pair, plans.propose_months(pair))
    return pair


def check_start(starts_on: date) -> None:
    """Refuse a term that begins far from today; raises RefusedError."""
    first, last = clock.today() - EARLIEST, clock.today() + LATEST
    if not first <= starts_on <= last:
        raise RefusedError(
            starts_on=NOT_NEAR.format(first=formats.day(first), last=formats.day(last))
        )
