"""What becomes of a pair when somebody of it leaves: nobody waits for him, and nobody is blamed.

Before the approval the proposal is dropped: nothing was agreed. A pair that runs is put before
业务科室, who decide about its end; one whose apprentice has everything but the 出师考核 goes on
without his master. A 出师考核 waits for no assessor who has left. Nothing rests on this sweep but
the open steps: pages, months and evidence are told from the roster.
"""

from sqlalchemy import or_, select

from app.accounts.models import Person
from app.inbox import service as inbox
from app.kernel import clock, db
from app.mentoring import plans, presence, records
from app.mentoring.models import UNDER_WAY, EndReason, MentoringPair, PairState
from app.mentoring.workflow import PAIR_FLOW
from app.workflow import service as workflow

BEFORE = (PairState.DRAFT, PairState.TO_MASTER, PairState.TO_APPRENTICE, PairState.TO_APPROVE)
# The others go on without the master: what is left is not his to do.
WITHOUT_MASTER = (PairState.ASSESSING, PairState.TO_GRADUATE)
ASK_FINAL = "结对{number}：{text}计划里的事项都考核为独立了，请由部门申请出师考核。"


def sweep() -> None:
    """Let no pair wait for somebody who has left, and tell of who was moved; the worker calls it.

    It may be called often: what was done once is not done again.
    """
    for pair_id in list_touched():
        with db.write():
            settle(workflow.get_locked(PAIR_FLOW, pair_id))
    tell_of_moved()


def list_touched() -> list[int]:
    """Give the open pairs of whom somebody has left."""
    gone = select(Person.id).where(Person.left_on < clock.today())
    found = select(MentoringPair.id).where(
        MentoringPair.state.in_((*BEFORE, *UNDER_WAY)),
        or_(
            MentoringPair.master_id.in_(gone),
            MentoringPair.apprentice_id.in_(gone),
            MentoringPair.assessor_id.in_(gone),
        ),
    )
    return list(db.session.scalars(found.order_by(MentoringPair.id)))


def settle(pair: MentoringPair) -> None:
    """Make the move that a departure asks for, in the open write; none where none is needed."""
    text = presence.left_text(pair)
    if text:
        settle_party(pair, text)
    if pair.state is PairState.ASSESSING and presence.left_on(pair.assessor_id):
        make(pair, "assessor-left", presence.no_assessor_text(pair))


def settle_party(pair: MentoringPair, text: str) -> None:
    """Settle a pair of which master or apprentice has left."""
    if pair.state in BEFORE:
        make(pair, "leave-early", text)
        return
    records.close_open(pair)
    is_alone = presence.left_on(pair.apprentice_id) is None
    if is_alone and pair.state in WITHOUT_MASTER:
        return
    if is_alone and pair.state is PairState.RUNNING and is_ready(pair):
        tell_drafter(pair, text)
    elif pair.state is not PairState.ENDING:
        reason = EndReason.MASTER_MOVED if is_alone else EndReason.APPRENTICE_MOVED
        make(pair, "leave", text, reason=reason, note=text)


def make(pair: MentoringPair, name: str, text: str, **data: object) -> None:
    """Make a move as the site."""
    workflow.execute(PAIR_FLOW, record_id=pair.id, name=name, user=None, reason=text, data=data)


def is_ready(pair: MentoringPair) -> bool:
    """Tell whether only the 出师考核 is left."""
    items = plans.list_items(pair.id)
    return bool(items) and all(each.item.assessed_on is not None for each in items)


def tell_drafter(pair: MentoringPair, text: str) -> None:
    """Let who proposed a pair know that the department asks for the 出师考核; once."""
    inbox.tell(
        known(pair.drafted_by_id, pair.apprentice_id),
        ASK_FINAL.format(number=pair.number, text=text),
        endpoint="mentoring.show_pair",
        arguments={"public_id": pair.public_id},
        key=f"mentoring:alone:{pair.id}",
    )


def known(*people: int | None) -> set[int]:
    """Give those that are somebody."""
    return {each for each in people if each is not None}


def tell_of_moved() -> None:
    """Tell the two and who proposed them that one of them works elsewhere now; once each time."""
    pairs = db.session.scalars(
        select(MentoringPair).where(MentoringPair.state.in_(UNDER_WAY)).order_by(MentoringPair.id)
    ).all()
    found = [(pair, each) for pair in pairs for each in presence.list_moved(pair)]
    if not found:
        return
    with db.write():
        for pair, moved in found:
            inbox.tell(
                known(pair.master_id, pair.apprentice_id, pair.drafted_by_id),
                f"结对{pair.number}：{moved.text}",
                endpoint="mentoring.show_pair",
                arguments={"public_id": pair.public_id},
                key=f"mentoring:moved:{pair.id}:{moved.person_id}:{moved.starts_on.isoformat()}",
            )
