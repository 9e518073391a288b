"""「疑似涉廉，转纪检」: a 移送单 without content; the matter itself is told by word of mouth.

"handed over offline with a content-free 移送单 (序号, 日期, 来源渠道, 移交人, 接收人, 签收)";
"readers are named 纪检 persons, never a role that the subject may hold; counts appear nowhere." The
site takes no text, points at no round or window, writes no event and no notice, and gives numbers
that can't be counted. Only whoever handed over, and the named receiver, ever find one.
"""

import secrets
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import Person
from app.accounts.roster.holders import list_holders
from app.inspections.models import Handover
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal, roles_with
from app.workflow.numbering import draw_number

CHANNEL = "现场巡查"
RECEIVE = Permission.INSPECTIONS_HANDOVER_RECEIVE
Giver, Receiver = aliased(Person, name="giver"), aliased(Person, name="receiver")


def list_receivers(on: date, but: int) -> list[Person]:
    """Give the named persons of 派驻纪检组, without the one who hands over, by pinyin."""
    return [each for each in list_holders(roles_with(RECEIVE), on) if each.id != but]


def hand_over(*, receiver_id: int, client_id: str, user: Principal) -> Handover:
    """Give a number to a hand-over; the same `client_id` gives the same. Raises RefusedError."""
    db.session.get_one(Person, user.person_id, with_for_update=True)
    found = db.session.scalar(select(Handover).where(Handover.client_id == client_id))
    if found is not None:
        if found.handed_by_id != user.person_id:
            raise RefusedError(form="请重新打开这一页。")
        return found
    today = clock.today()
    if receiver_id not in {each.id for each in list_receivers(today, user.person_id)}:
        raise RefusedError(receiver_id="请选择接收人。")
    handover = Handover(
        public_id=secrets.token_urlsafe(12),
        client_id=client_id,
        slip_number=draw_number("移送", on=today),
        handed_on=today,
        channel=CHANNEL,
        handed_by_id=user.person_id,
        receiver_id=receiver_id,
    )
    db.session.add(handover)
    db.session.flush()
    return handover


def select_handovers_for(user: Principal) -> Statement:
    """Select what somebody handed over himself, or received while he is one of 派驻纪检组."""
    mine = [Handover.handed_by_id == user.person_id]
    if user.can(RECEIVE):
        mine.append(Handover.receiver_id == user.person_id)
    return (
        select(Handover, Giver.name, Receiver.name)
        .join(Giver, Giver.id == Handover.handed_by_id)
        .join(Receiver, Receiver.id == Handover.receiver_id)
        .where(or_(*mine))
    )


def get_handover_for(user: Principal, public_id: str) -> tuple[Handover, str, str] | None:
    """Give a hand-over with both names, to its two people only."""
    found = db.session.execute(
        select_handovers_for(user).where(Handover.public_id == public_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1], found[2])
