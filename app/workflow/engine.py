"""Deciding about a move without a database: who may make it, and what stands in the way.

"Separation of duties (who drafted may not approve, who repaired may not re-check) is enforced in
the workflow engine and by columns with a CHECK, never by hiding a button." A B角 decides in the
place of one who is away; neither of the two may be barred. Everything here is a pure function of
the flow, the record and the actor, so that random walks can be long.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.roster.representing import Represented
from app.kernel.forms import RefusedError
from app.kernel.permissions import GRANTS, Grant
from app.workflow.definition import Flow, Holders, Move, Named, Owner, Record, State, Waiting

WRONG_STATE = "这一项已经办到“{state}”，不能再{label}。请刷新后再看。"
NOT_HIS_SHEET = "签字的人那一天不在这个部门，请核对工号和日期。"
NOT_YOURS = "你没有办理这一步的权限，请由有权限的人办理。"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Whoever acts: a person with the roles that he holds, and those in whose place he decides.

    Without a person it is the site itself, which may make what no person has to.
    """

    person_id: int | None
    grants: frozenset[Grant] = frozenset()
    represented: tuple[Represented, ...] = ()


SITE = Actor(person_id=None)


@dataclass(frozen=True, kw_only=True)
class Decider:
    """Who decides, and in whose place, with the roles that allow it."""

    person_id: int | None
    for_person_id: int | None = None
    acted_as: str = "system"


def find_decider(flow: Flow, move: Move, record: Record, actor: Actor) -> Decider:
    """Give as whom an actor may make a move; raises RefusedError with what hinders."""
    check_state(flow, move, record)
    if actor.person_id is None:
        return Decider(person_id=None)
    barred = barred_from(move, record)
    if is_owner(flow, move.by, record, actor.person_id, actor.grants):
        if actor.person_id in barred:
            raise RefusedError(form=move.refused)
        return Decider(person_id=actor.person_id, acted_as=roles_text(actor.grants))
    absent = find_absent(flow, move, record, actor)
    if absent is None:
        raise RefusedError(form=NOT_YOURS)
    if barred & {actor.person_id, absent.person_id}:
        raise RefusedError(form=move.refused)
    return Decider(
        person_id=actor.person_id,
        for_person_id=absent.person_id,
        acted_as=roles_text(absent.grants),
    )


def paper_signer(move: Move, record: Record, signer: Actor, signed_on: date) -> Decider:
    """Give who signed a sheet that is no decision; raises RefusedError where he could not."""
    person_id = signer.person_id
    if move.paper is None or person_id is None or not move.paper(record, person_id, signed_on):
        raise RefusedError(signed_by=NOT_HIS_SHEET)
    if person_id in barred_from(move, record):
        raise RefusedError(signed_by=move.refused)
    return Decider(person_id=person_id, acted_as=roles_text(signer.grants))


def check_state(flow: Flow, move: Move, record: Record) -> None:
    """Refuse a move that does not lead out of the record's state; raises RefusedError."""
    if move not in flow.moves_of(record):
        label = flow.state(record.state).label
        raise RefusedError(form=WRONG_STATE.format(state=label, label=move.label))


def find_absent(flow: Flow, move: Move, record: Record, actor: Actor) -> Represented | None:
    """Give the one who is away and for whom this actor may decide."""
    if not move.is_approval:
        return None
    for each in actor.represented:
        if is_owner(flow, move.by, record, each.person_id, each.grants):
            return each
    return None


def is_owner(
    flow: Flow, owner: Owner, record: Record, person_id: int, grants: Iterable[Grant]
) -> bool:
    """Tell whether a step belongs to somebody: by name, or by a permission in the right scope."""
    if isinstance(owner, Named):
        return bool(getattr(record, owner.column) == person_id)
    return holds(grants, owner, flow.department(record))


def holds(grants: Iterable[Grant], owner: Holders, department_id: int | None) -> bool:
    """Tell whether a permission is held there; what belongs to the centre needs a grant for it."""
    return any(
        owner.permission in GRANTS[grant.role] and grant.department_id in {None, department_id}
        for grant in grants
    )


def barred_from(move: Move, record: Record) -> set[int]:
    """Give the persons who may not make a move because of what they did to the record before."""
    found = (getattr(record, column) for column in move.not_by)
    return {person_id for person_id in found if person_id is not None} | set(move.bars(record))


def apply(move: Move, record: Record, decider: Decider, now: datetime) -> None:
    """Put a record into the state to which a move leads, with its stamp."""
    record.state, record.moved_at = move.target, now
    record.version += 1
    if move.stamp:
        setattr(record, f"{move.stamp}_by_id", decider.person_id)
        setattr(record, f"{move.stamp}_at", now)


def doable(flow: Flow, record: Record, actor: Actor) -> list[Move]:
    """Give the moves that an actor may make now."""
    return [each for each in flow.moves_of(record) if may(flow, each, record, actor)]


def may(flow: Flow, move: Move, record: Record, actor: Actor) -> bool:
    """Tell whether an actor may make a move now, guards aside."""
    try:
        find_decider(flow, move, record, actor)
    except RefusedError:
        return False
    return True


def belongs(flow: Flow, move: Move, record: Record, actor: Actor) -> bool:
    """Tell whether a move is an actor's to make while a record waits for it; now or not."""
    if actor.person_id is None:
        return False
    is_mine = is_owner(flow, move.by, record, actor.person_id, actor.grants)
    return is_mine or find_absent(flow, move, record, actor) is not None


def barred_from_step(flow: Flow, record: Record) -> set[int]:
    """Give who can make none of the moves for which the record waits: it isn't shown to them.

    The moves that count are those of the state's owner; somebody who is barred from one but may
    make another, such as sending back, still sees it.
    """
    state = flow.state(record.state)
    if not isinstance(state.owner, Holders):
        return set()
    sets = [barred_from(each, record) for each in flow.moves_of(record) if each.by == state.owner]
    return set.intersection(*sets) if sets else set()


def is_decision(flow: Flow, state: State) -> bool:
    """Tell whether a state waits for a decision that a B角 may make."""
    return any(each.is_approval for each in flow.moves_from(state.value) if each.by == state.owner)


def roles_text(grants: Iterable[Grant]) -> str:
    """Write roles as the log does."""
    return ",".join(sorted({grant.role.value for grant in grants})) or "none"


def faults_of(flow: Flow) -> list[str]:
    """Give what is wrong with a flow as data, for the test that reads them all.

    Every open state has an owner and a number of working days, and a move for that owner; no
    closed state has a way out; every state can be reached; every move's states exist.
    """
    return [*state_faults(flow), *move_faults(flow), *reach_faults(flow)]


def state_faults(flow: Flow) -> Collection[str]:
    """Look at each state."""
    faults = []
    for each in flow.states:
        ways = flow.moves_from(each.value)
        is_open = each.waiting is Waiting.OPEN
        if is_open and (each.owner is None or each.days is None):
            faults.append(f"{each.value}: open, without owner or days")
        if is_open and not any(way.by == each.owner for way in ways):
            faults.append(f"{each.value}: its owner can do nothing")
        if not is_open and (each.owner is not None or each.days is not None):
            faults.append(f"{each.value}: waits for nobody, but has an owner or days")
        if each.waiting is Waiting.CLOSED and ways:
            faults.append(f"{each.value}: closed, but a move leads out")
    return faults


def move_faults(flow: Flow) -> Collection[str]:
    """Look at each move."""
    known = {str(each.value) for each in flow.states}
    faults = [
        f"{each.name}: unknown state"
        for each in flow.moves
        if not {str(one) for one in (*each.sources, each.target)} <= known
    ]
    if len({each.name for each in flow.moves}) != len(flow.moves):
        faults.append("two moves of one name")
    faults += [
        f"{each.name}: decided by a batch, but no approval"
        for each in flow.moves
        if each.is_batch and not each.is_approval
    ]
    faults += [
        f"{each.name}: an approval without separation"
        for each in flow.moves
        if each.is_approval and not each.not_by
    ]
    return faults


def reach_faults(flow: Flow) -> Collection[str]:
    """Look for states to which no way leads from where a record begins."""
    reached = {str(flow.states[0].value), *map(str, flow.begins)}
    for _ in flow.states:
        reached |= {
            str(each.target)
            for each in flow.moves
            if reached & {str(source) for source in each.sources}
        }
    return [
        f"{each.value}: can't be reached" for each in flow.states if str(each.value) not in reached
    ]
