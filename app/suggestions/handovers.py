"""转纪检: 涉廉材料 that came in all the same go to one named 纪检 person and leave nothing here.

"handed over offline with a content-free 移送单 (序号, 日期, 来源渠道, 移交人, 接收人, 签收),
contents erased after receipt; readers are named 纪检 persons, never a role that the subject may
hold; counts appear nowhere" (HALL.md 6.1). It is no move of the workflow: a line of the path, an
event, an open step or a notice could each be counted. Numbers and addresses are drawn. Whatever was
merged into an idea goes with it, each with its own 移送单.
"""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.accounts.roster.holders import list_holders
from app.files import service as files
from app.files.models import StoredFile
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal, roles_with
from app.suggestions.idea_effects import list_merged
from app.suggestions.idea_flow import IDEA_FLOW, OWN
from app.suggestions.models import Idea, IdeaHandover, IdeaMessage, IdeaState
from app.suggestions.order_models import ImprovementOrder
from app.workflow import engine
from app.workflow import service as workflow
from app.workflow.definition import Holders
from app.workflow.numbering import draw_number

RECEIVE = Permission.SUGGESTIONS_HANDOVER_RECEIVE
TRIAGERS = Holders(permission=Permission.SUGGESTIONS_IDEA_TRIAGE)
PUBLIC_ID_BYTES = 12


@dataclass(frozen=True, kw_only=True)
class HandoverRow:
    """One 移送 with the names that stand on its paper."""

    handover: IdeaHandover
    idea: Idea
    giver: str
    receiver: str

    @property
    def is_waiting(self) -> bool:
        """Tell whether it is still to be signed for."""
        return self.handover.received_at is None


def list_receivers(on: date, but: int) -> list[Person]:
    """Give the named persons of 派驻纪检组, without the one who hands over, by pinyin."""
    return [each for each in list_holders(roles_with(RECEIVE), on) if each.id != but]


def select_handovers_for(user: Principal) -> Statement:
    """Select what somebody handed over himself, or receives by name while he is of 派驻纪检组."""
    giver, receiver = aliased(Person), aliased(Person)
    mine = [IdeaHandover.handed_by_id == user.person_id]
    if user.can(RECEIVE):
        mine.append(IdeaHandover.receiver_id == user.person_id)
    return (
        select(IdeaHandover, Idea, giver.name, receiver.name)
        .join(Idea, Idea.id == IdeaHandover.idea_id)
        .join(giver, giver.id == IdeaHandover.handed_by_id)
        .join(receiver, receiver.id == IdeaHandover.receiver_id)
        .where(or_(*mine))
    )


def list_handovers_for(user: Principal, most: int) -> list[HandoverRow]:
    """Give the newest of somebody's own."""
    newest = (IdeaHandover.handed_on.desc(), IdeaHandover.slip_number)
    found = db.session.execute(select_handovers_for(user).order_by(*newest).limit(most))
    return [row_of(tuple(each)) for each in found]


def row_of(found: tuple[IdeaHandover, Idea, str, str]) -> HandoverRow:
    """Put a result row into words."""
    handover, idea, giver, receiver = found
    return HandoverRow(handover=handover, idea=idea, giver=giver, receiver=receiver)


def get_handover_for(user: Principal, public_id: str) -> HandoverRow | None:
    """Give a 移送 to its two people only."""
    return find_for(user, IdeaHandover.public_id == public_id)


def find_handover_for(user: Principal, idea_public_id: str) -> HandoverRow | None:
    """Give the 移送 of an idea to its two people only."""
    return find_for(user, Idea.public_id == idea_public_id)


def find_for(user: Principal, condition: ColumnElement[bool]) -> HandoverRow | None:
    """Give the one 移送 of somebody's that meets a condition."""
    found = db.session.execute(select_handovers_for(user).where(condition)).one_or_none()
    return None if found is None else row_of(tuple(found))


def may_read(row: HandoverRow, user: Principal) -> bool:
    """Tell whether somebody reads what was handed over: the named receiver, until he signs."""
    return row.is_waiting and row.handover.receiver_id == user.person_id and user.can(RECEIVE)


def may_hand_over(idea: Idea, user: Principal) -> bool:
    """Tell whether somebody may hand an idea over, in whatever state it is."""
    is_own = idea.author_id == user.person_id
    return not idea.is_gone and not is_own and triages(idea, user)


def triages(idea: Idea, user: Principal) -> bool:
    """Tell whether somebody takes in ideas of that department."""
    return engine.holds(user.grants, TRIAGERS, idea.department_id)


def hand_over(*, idea_id: int, receiver_id: int, seen_version: int | None, user: Principal) -> str:
    """Hand an idea over with all that was merged into it, in the open write.

    Gives the address of its 移送单. Raises RefusedError.
    """
    idea = db.session.get_one(Idea, idea_id, with_for_update=True)
    if seen_version is not None and seen_version != idea.version:
        raise RefusedError(form=workflow.STALE)
    if idea.author_id == user.person_id:
        raise RefusedError(form=OWN)
    if not may_hand_over(idea, user):
        raise RefusedError(form=engine.NOT_YOURS)
    if receiver_id not in {each.id for each in list_receivers(clock.today(), user.person_id)}:
        raise RefusedError(receiver_id="请选择接收人。")
    public_ids = [hand(each, receiver_id, user) for each in (idea, *list_merged(idea))]
    db.session.flush()
    return public_ids[0]


def hand(idea: Idea, receiver_id: int, user: Principal) -> str:
    """Hide one idea from everybody but its receiver; gives the address of its 移送单."""
    inbox.close_step(IDEA_FLOW.name, idea.id)
    idea.state, idea.moved_at = IdeaState.HANDED_OVER, clock.now()
    idea.due_at = idea.merged_into_id = None
    workflow.touch(idea)
    # A 建议单 that came of it goes on by itself: a link into nothing would tell.
    db.session.execute(
        update(ImprovementOrder).where(ImprovementOrder.idea_id == idea.id).values(idea_id=None)
    )
    today = clock.today()
    handover = IdeaHandover(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        slip_number=draw_number("移送", on=today),
        idea_id=idea.id,
        handed_on=today,
        handed_by_id=user.person_id,
        receiver_id=receiver_id,
    )
    db.session.add(handover)
    return handover.public_id


def receive(*, public_id: str, user: Principal) -> None:
    """Sign for a 移送 and erase its content for good, in the open write; raises RefusedError."""
    handover = db.session.get_one(IdeaHandover, public_id, with_for_update=True)
    if handover.receiver_id != user.person_id:
        raise RefusedError(form="只有移送单上写明的接收人能签收。")
    if handover.received_at is not None:
        raise RefusedError(form="已经签收过了，内容已经清除。")
    erase(db.session.get_one(Idea, handover.idea_id, with_for_update=True))
    handover.received_at = clock.now()
    db.session.flush()


def erase(idea: Idea) -> None:
    """Erase for good whatever was said, with picture, contact and questions."""
    # Emptied before anything is asked: the database takes the new state and the emptiness together.
    picture_id = blank(idea)
    db.session.execute(delete(IdeaMessage).where(IdeaMessage.idea_id == idea.id))
    if picture_id is not None:
        files.erase_file(db.session.get_one(StoredFile, picture_id))


def blank(idea: Idea) -> int | None:
    """Empty every column that says something; gives the picture that must go as well."""
    picture_id = idea.picture_id
    idea.state, idea.erased_at = IdeaState.ERASED, clock.now()
    workflow.touch(idea)
    idea.title = idea.problem = idea.proposal = idea.contact = ""
    idea.finding = idea.answer = idea.reason = ""
    idea.extension_reason = idea.extension_opinion = ""
    idea.picture_id = idea.department_id = idea.service_item_id = None
    idea.consented_at = idea.answered_at = idea.answered_by_id = idea.outcome = None
    return picture_id
