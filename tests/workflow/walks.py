"""Random walks over a workflow: on the pure engine often, through the services seldom.

What holds at every step of every walk: an open state has somebody who must act and a number of
days; nobody makes a move that the record bars him from, in his own name or in another's; a refusal
changes nothing; the path rebuilds the state and the due time; an open step stands exactly where
somebody must act.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.workflow import engine, service
from app.workflow.definition import Flow, Move, Waiting
from app.workflow.engine import Actor

Prepare = Callable[[Move, Any], Mapping[str, Any]]
Check = Callable[[Any], None]
MOST_WALKS = 60


def accept(record: Any) -> None:
    """Find nothing wrong."""
    del record


def blank_record(flow: Flow, **columns: Any) -> SimpleNamespace:
    """Give a record without a database, in the first state; all that moves read is None."""
    names = {name for move in flow.moves for name in move.not_by}
    names |= {f"{move.stamp}_by_id" for move in flow.moves if move.stamp}
    first = {"id": 1, "version": 1, "state": flow.states[0].value, "due_at": None}
    return SimpleNamespace(**{**dict.fromkeys(names), **first, **columns})


def walk(
    flow: Flow,
    record: Any,
    actors: Sequence[Actor],
    random: Any,
    *,
    steps: int = 30,
    prepare: Callable[[Move, Any, Actor], None] | None = None,
    check: Check = accept,
) -> list[tuple[str, int | None]]:
    """Walk without a database; gives the moves with who decided.

    `prepare` fills in what a room's own page writes before a move, such as who carries it out.
    Guards and effects are not called: they may ask the database. `check` looks at the record after
    every move.
    """
    made: list[tuple[str, int | None]] = []
    for _ in range(steps):
        check_state(flow, record)
        move, actor = random.choice(flow.moves), random.choice(actors)
        before = dict(vars(record))
        try:
            decider = engine.find_decider(flow, move, record, actor)
        except RefusedError:
            assert vars(record) == before, "a refusal has changed something"
            continue
        barred = engine.barred_from(move, record)
        assert decider.person_id not in barred
        assert decider.for_person_id not in barred
        if prepare is not None:
            prepare(move, record, actor)
        engine.apply(move, record, decider, clock.now())
        made.append((move.name, decider.person_id))
        check(record)
    return made


def check_state(flow: Flow, record: Any) -> None:
    """An open state has an owner and days, and no other has."""
    state = flow.state(record.state)
    is_open = state.waiting is Waiting.OPEN
    assert is_open == (state.owner is not None) == (state.days is not None), state


def walk_all(
    flow: Flow,
    begin: Callable[[], int],
    people: Sequence[Principal],
    random: Any,
    *,
    least: int,
    but: Sequence[str] = (),
    **options: Any,
) -> None:
    """Walk through the service until every move was made, but those of the site itself.

    `begin` makes a record and gives its id. At least so many walks are made.
    """
    made: Counter[str] = Counter()
    wanted = {each.name for each in flow.moves} - set(but)
    for place in range(MOST_WALKS):
        if place >= least and wanted <= set(made):
            break
        walk_database(flow, begin(), people, random, made=made, **options)
    assert wanted <= set(made), f"never made: {wanted - set(made)}"


def walk_database(
    flow: Flow,
    record_id: int,
    people: Sequence[Principal],
    random: Any,
    *,
    steps: int = 12,
    prepare: Prepare | None = None,
    check: Check = accept,
    made: Counter[str] | None = None,
) -> Counter[str]:
    """Walk through the service, some hours between the moves; counts the moves that were made.

    Inside an application context. `prepare` runs in the write of a move and gives what its effect
    reads; what it wrote goes with a refusal. `check` looks at the record after every move.
    """
    made = Counter() if made is None else made
    moment = clock.now()
    actors = [(each, service.actor_of(each)) for each in people]
    for _ in range(steps):
        check_database(flow, record_id)
        record = db.session.get(flow.model, record_id)
        if not flow.moves_from(record.state):
            break
        move, user = draw(flow, record, actors, random, made)
        before = snapshot(flow, record_id)
        moment += timedelta(hours=random.randint(1, 30))
        with clock.frozen(moment):
            try:
                with db.write():
                    locked = service.get_locked(flow, record_id)
                    data = prepare(move, locked) if prepare else {}
                    service.execute(
                        flow,
                        record_id=record_id,
                        name=move.name,
                        user=user,
                        reason="按例会意见。" if move.reason else "",
                        data=data,
                    )
            except RefusedError:
                assert snapshot(flow, record_id) == before, "a refusal has changed something"
                continue
            made[move.name] += 1
            check_database(flow, record_id)
            check(db.session.get(flow.model, record_id))
    return made


def draw(
    flow: Flow,
    record: Any,
    actors: Sequence[tuple[Principal, Actor]],
    random: Any,
    made: Counter[str],
) -> tuple[Move, Principal]:
    """Draw a move and who tries it: often one that may be made and seldom was, else anything."""
    may = [(move, user) for user, actor in actors for move in engine.doable(flow, record, actor)]
    if may and random.random() < 2 / 3:
        least = min(made[move.name] for move, _ in may)
        return random.choice([each for each in may if made[each[0].name] == least])
    moves = [*flow.moves_from(record.state), random.choice(flow.moves)]
    return random.choice(moves), random.choice(actors)[0]


def snapshot(flow: Flow, record_id: int) -> tuple[Any, ...]:
    """Give a record with all its columns, and how long its path is."""
    db.session.expire_all()
    record = db.session.get(flow.model, record_id)
    columns = [getattr(record, each.key) for each in flow.model.__mapper__.column_attrs]
    step = inbox.get_open(flow.name, record_id)
    return (*columns, service.last_step(flow, record_id), step.id if step else None)


def check_database(flow: Flow, record_id: int) -> None:
    """The path rebuilds the record, and a step is open exactly where somebody must act."""
    db.session.expire_all()
    record = db.session.get(flow.model, record_id)
    state = flow.state(record.state)
    assert service.rebuild_state(flow, record_id) == (str(record.state), record.due_at)
    step = inbox.get_open(flow.name, record_id)
    assert (step is not None) == (state.waiting is Waiting.OPEN)
    assert (record.due_at is not None) == (state.waiting is Waiting.OPEN)
    if step is not None:
        assert step.due_at >= step.opened_at
        assert (step.person_id is None) != (step.permission is None)
    check_state(flow, record)
