"""A flow made up for tests of the engine: a slip that one drafts, another approves, a third checks."""

from enum import StrEnum

from app.accounts.roster.representing import Represented
from app.kernel.permissions import Grant, Permission, Role
from app.workflow.definition import Flow, Holders, Move, Named, State, Waiting
from app.workflow.engine import Actor

HERE, ELSEWHERE = 1, 2


class SlipState(StrEnum):
    """How far a slip is."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    CARRIED = "carried"
    CLOSED = "closed"


DRAFTERS = Holders(permission=Permission.EXAMS_PAPER_DRAFT)
CHIEFS = Holders(permission=Permission.EXAMS_PAPER_PUBLISH)
LEADS = Holders(permission=Permission.ACCOUNTS_AUTHORISATION_GIVE)


def three_days(record):
    """Any record has three days."""
    del record
    return 3


FLOW = Flow(
    name="tests.slip",
    noun="单子",
    word="slip",
    model=object,
    object_type="slip",
    endpoint="tests.show_slip",
    arguments=lambda record: {"record_id": record.id},
    title=lambda record: f"单子{record.id}",
    department=lambda record: record.department_id,
    states=(
        State(
            value=SlipState.DRAFT,
            label="草稿",
            owner=Named(column="drafted_by_id"),
            days=three_days,
        ),
        State(
            value=SlipState.SUBMITTED, label="待审核", kind="amber", owner=CHIEFS, days=three_days
        ),
        State(value=SlipState.CARRIED, label="待办结", owner=LEADS, days=three_days),
        State(value=SlipState.CLOSED, label="已办结", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="submit",
            label="送审",
            sources=(SlipState.DRAFT,),
            target=SlipState.SUBMITTED,
            by=Named(column="drafted_by_id"),
            permission=Permission.EXAMS_PAPER_DRAFT,
            is_primary=True,
        ),
        Move(
            name="approve",
            label="同意",
            sources=(SlipState.SUBMITTED,),
            target=SlipState.CARRIED,
            by=CHIEFS,
            permission=Permission.EXAMS_PAPER_PUBLISH,
            stamp="approved",
            not_by=("drafted_by_id",),
            is_approval=True,
            is_batch=True,
        ),
        Move(
            name="send-back",
            label="退回",
            sources=(SlipState.SUBMITTED,),
            target=SlipState.DRAFT,
            by=CHIEFS,
            permission=Permission.EXAMS_PAPER_PUBLISH,
            not_by=("drafted_by_id",),
            reason="退回理由",
            is_return=True,
        ),
        Move(
            name="close",
            label="办结",
            sources=(SlipState.CARRIED,),
            target=SlipState.CLOSED,
            by=LEADS,
            permission=Permission.ACCOUNTS_AUTHORISATION_GIVE,
            not_by=("approved_by_id",),
        ),
    ),
)


def actor(person_id, *roles, department_id=None, represented=()):
    """Give somebody with roles, in one department or everywhere."""
    grants = frozenset(Grant(role=role, department_id=department_id) for role in roles)
    return Actor(person_id=person_id, grants=grants, represented=tuple(represented))


def absent(person_id, *roles, department_id=None):
    """Give somebody who is away, as his B角 represents him."""
    grants = frozenset(Grant(role=role, department_id=department_id) for role in roles)
    return Represented(person_id=person_id, name=f"员工{person_id}", grants=grants)


CLERK = actor(1, Role.CLERK)
CHIEF = actor(2, Role.SECTION_CHIEF)
LEAD = actor(3, Role.WINDOW_LEAD, department_id=HERE)
LEAD_ELSEWHERE = actor(4, Role.WINDOW_LEAD, department_id=ELSEWHERE)
CLERK_AND_CHIEF = actor(5, Role.CLERK, Role.SECTION_CHIEF)
STAND_IN = actor(6, Role.STAFF, represented=[absent(2, Role.SECTION_CHIEF)])
CLERK_STANDS_IN = actor(1, Role.CLERK, represented=[absent(2, Role.SECTION_CHIEF)])
NOBODY = actor(7)
EVERYBODY = (
    CLERK, CHIEF, LEAD, LEAD_ELSEWHERE, CLERK_AND_CHIEF, STAND_IN, CLERK_STANDS_IN, NOBODY,
)  # fmt: skip
