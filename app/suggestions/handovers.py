"""转纪检: 涉廉材料 that came in all the same go to named 纪检 persons and leave nothing here.

"handed over offline with a content-free 移送单 (序号, 日期, 来源渠道, 移交人, 接收人, 签收),
contents erased after receipt; readers are named 纪检 persons, never a role that the subject may
hold; counts appear nowhere" (HALL.md 6.1). Whatever was merged into it goes with it, each with its
own 移送单.
"""

from dataclasses import dataclass

from sqlalchemy import false, select
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.suggestions.idea_effects import list_merged
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import Idea, IdeaHandover, IdeaState
from app.workflow.service import execute


@dataclass(frozen=True, kw_only=True)
class HandoverRow:
    """One 移送 with the names that stand on its paper; without a word of its content."""

    handover: IdeaHandover
    idea: Idea
    handed_by: str
    received_by: str


def select_all() -> Statement:
    """Select what was handed over, with the names of both sides."""
    handed_by, received_by = aliased(Person), aliased(Person)
    return (
        select(IdeaHandover, Idea, handed_by.name, received_by.name)
        .join(Idea, Idea.id == IdeaHandover.idea_id)
        .join(handed_by, handed_by.id == IdeaHandover.handed_by_id)
        .outerjoin(received_by, received_by.id == IdeaHandover.received_by_id)
    )


def select_handovers_for(user: Principal) -> Statement:
    """Select what was handed over, for 纪检 persons only."""
    may_receive = user.can(Permission.SUGGESTIONS_HANDOVER_RECEIVE)
    return select_all() if may_receive else select_all().where(false())


def has_handed(user: Principal, handover_id: int) -> bool:
    """Tell whether somebody has handed this over himself."""
    handover = db.session.get(IdeaHandover, handover_id)
    return handover is not None and handover.handed_by_id == user.person_id


def row_of(found: tuple[IdeaHandover, Idea, str, str | None]) -> HandoverRow:
    """Put a result row into words."""
    handover, idea, handed_by, received_by = found
    return HandoverRow(
        handover=handover, idea=idea, handed_by=handed_by, received_by=received_by or ""
    )


def get_handover_for(user: Principal, handover_id: int) -> HandoverRow | None:
    """Give one that somebody receives, or that he handed over himself: its paper says nothing."""
    statement = select_all() if has_handed(user, handover_id) else select_handovers_for(user)
    found = db.session.execute(statement.where(IdeaHandover.id == handover_id)).one_or_none()
    return None if found is None else row_of(tuple(found))


def find_handover(idea: Idea) -> IdeaHandover | None:
    """Give the 移送 of an idea."""
    return db.session.scalar(select(IdeaHandover).where(IdeaHandover.idea_id == idea.id))


def find_handed(user: Principal, public_id: str) -> IdeaHandover | None:
    """Give the 移送 of an idea that somebody has handed over himself."""
    return db.session.scalar(
        select(IdeaHandover)
        .join(Idea, Idea.id == IdeaHandover.idea_id)
        .where(Idea.public_id == public_id, IdeaHandover.handed_by_id == user.person_id)
    )


def hand_over(*, idea_id: int, seen_version: int | None, user: Principal) -> None:
    """Hand an idea over with all that was merged into it, in the open write.

    Raises RefusedError.
    """
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    merged = list_merged(idea)
    execute(IDEA_FLOW, record_id=idea_id, name="hand-over", user=user, seen_version=seen_version)
    for each in merged:
        execute(IDEA_FLOW, record_id=each.id, name="hand-over", user=user)


def receive(*, handover_id: int, user: Principal) -> None:
    """Sign for a 移送 and erase its content for good, in the open write; raises RefusedError."""
    handover = db.session.get_one(IdeaHandover, handover_id, with_for_update=True)
    if handover.handed_by_id == user.person_id:
        raise RefusedError(form="移交人不能自己签收，请由其他纪检人员签收。")
    execute(IDEA_FLOW, record_id=handover.idea_id, name="sign-for", user=user)


def is_waiting(row: HandoverRow) -> bool:
    """Tell whether it is still to be signed for."""
    return row.idea.state is IdeaState.HANDED_OVER
