"""Both flows as data: random walks on the pure engine, and some through the database."""

import itertools
from random import Random

import pytest
from sqlalchemy import func, select

from app.accounts import service as accounts
from app.files import service as files
from app.kernel import clock, db
from app.kernel.permissions import Grant, Role
from app.suggestions import ideas
from app.suggestions.idea_effects import Answer
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import IdeaChannel, IdeaOutcome, IdeaState
from app.suggestions.order_effects import Feedback, Visit
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import (
    ImprovementOrder,
    OrderEvidence,
    OrderState,
    OrderVerdict,
    VisitResult,
    VisitWay,
)
from app.suggestions.settings import REVISIT_AFTER
from app.workflow.definition import Waiting
from app.workflow.engine import Actor
from tests.settings.factories import set_value
from tests.suggestions import world
from tests.support import cast
from tests.workflow.walks import blank_record, walk, walk_all

ROLES = [
    Role.STAFF, Role.CLERK, Role.OFFICE, Role.LEADER, Role.WINDOW_LEAD, Role.SECTION_CHIEF,
    Role.FEEDBACK_OFFICER, Role.DISCIPLINE,
]  # fmt: skip


# Until every move was made there may have to be more walks than usual.
MOST = 6000


def crowd(random):
    """Give people with one to three roles each, so that they come into conflict with themselves."""
    found = []
    for person_id in range(1, 12):
        roles = random.sample(ROLES, random.randint(1, 3))
        grants = frozenset(Grant(role=role, department_id=None) for role in roles)
        found.append(Actor(person_id=person_id, grants=grants))
    return found


def seeds(rounds):
    seed = Random().randrange(10**6)
    print(f"SEED={seed}")
    return (Random(seed + place) for place in range(rounds))


def until_all(flow, names, rounds):
    """Draw until every move of a flow was made; `names` are those that were."""
    wanted = {each.name for each in flow.moves}
    for place, random in enumerate(seeds(MOST)):
        if place >= rounds and names == wanted:
            return
        yield random
    assert names == wanted


def test_pure_walks_of_an_idea(rounds):
    ended, names = set(), set()
    for random in until_all(IDEA_FLOW, names, rounds):
        people = crowd(random)
        author = random.choice(people).person_id
        idea = blank_record(
            IDEA_FLOW, author_id=author, department_id=None, before_extension_at=None
        )
        idea.state = random.choice([IdeaState.STAFF_WAITING, IdeaState.PUBLIC_WAITING])
        made = walk(IDEA_FLOW, idea, people, random, steps=60)
        for name, person_id in made:
            assert person_id != author, name
        names |= {name for name, _ in made}
        ended.add(str(idea.state))
    assert rounds < 100 or ended >= {"answered", "refused", "merged"}


def test_pure_walks_of_an_order(rounds):
    ended, names = set(), set()
    for random in until_all(ORDER_FLOW, names, rounds):
        people = crowd(random)
        drafter = random.choice(people).person_id
        order = blank_record(
            ORDER_FLOW, drafted_by_id=drafter, edited_by_id=drafter, department_id=None
        )
        made = walk(ORDER_FLOW, order, people, random, steps=600, prepare=empty, check=check_duties)
        names |= {name for name, _ in made}
        ended.add(str(order.state))
    assert rounds < 100 or ended >= {"closed", "declined"}


def empty(move, order, _actor):
    """Do what the effect does where a 建议单 is carried out once more."""
    if move.name in {"reopen", "recur"}:
        order.verified_by_id = order.visited_by_id = order.revisited_by_id = None


def check_duties(order):
    """Nobody decides on what he drafted or carried out; the second visitor is another."""
    authors = {order.drafted_by_id, order.edited_by_id, order.submitted_by_id}
    carriers = {order.carried_by_id, order.feedback_by_id}
    apart = [
        (order.issued_by_id, authors),
        (order.confirmed_by_id, {order.feedback_by_id}),
        (order.verified_by_id, authors | carriers),
        (order.visited_by_id, carriers),
        (order.revisited_by_id, carriers | {order.visited_by_id}),
    ]
    for person_id, others in apart:
        assert person_id is None or person_id not in others
    if order.state in {OrderState.VISITING, OrderState.REVISITING, OrderState.CLOSED}:
        assert None not in {order.verified_by_id, order.carried_by_id}


@pytest.mark.parametrize("flow", [IDEA_FLOW, ORDER_FLOW], ids=["idea", "order"])
def test_every_state_has_an_owner_and_days_or_is_an_end(flow):
    for state in flow.states:
        is_open = state.waiting is Waiting.OPEN
        assert is_open == (state.owner is not None) == (state.days is not None), state.value
        out = [move for move in flow.moves if str(state.value) in {str(s) for s in move.sources}]
        assert bool(out) == (state.waiting is not Waiting.CLOSED), state.value


def people_of_the_cast():
    members = ("staff", "clerk", "chief", "lead", "officer", "office", "leader", "discipline")
    return [cast.principal(who) for who in (*members, "officer2")]


@pytest.mark.db
def test_database_walks_of_an_order(app, now, second_officer, rounds):
    del second_officer
    with app.app_context():
        set_value(REVISIT_AFTER.key, "1")
        random = next(seeds(1))
        walk_all(
            ORDER_FLOW,
            lambda: world.draft().id,
            people_of_the_cast(),
            random,
            least=max(3, rounds // 60),
            steps=40,
            prepare=prepare,
            check=check_order,
        )


def prepare(move, record):
    """Fill in what a page of this move asks for."""
    if move.name in {"adopt", "decline"}:
        verdict = OrderVerdict.DECLINED if move.name == "decline" else OrderVerdict.ADOPTED
        feedback = Feedback(
            verdict=verdict,
            reason="理由。",
            measures="措施。",
            responsible="某人",
            finish_on=clock.today(),
        )
        return {"feedback": feedback}
    if move.name in {"visit", "reopen", "revisit", "recur"}:
        late = move.name in {"revisit", "recur"}
        on = record.revisit_from if late and record.revisit_from else clock.today()
        result = VisitResult.UNSOLVED if move.name in {"reopen", "recur"} else VisitResult.SOLVED
        return {"visit": Visit(on=min(on, clock.today()), way=VisitWay.PHONE, result=result)}
    if move.name == "finish":
        add_evidence(record)
        return {"result": "已落实。"}
    return {}


counter = itertools.count()


def add_evidence(record):
    """Put a picture beside a 建议单, in the open write."""
    file = files.add_file(
        sha256=f"{next(counter):064d}", size=1, media_type="image/jpeg", name="佐证.jpg"
    )
    db.session.add(
        OrderEvidence(
            order_id=record.id,
            file_id=file.id,
            added_by_id=cast.person_id("lead"),
            added_at=clock.now(),
        )
    )
    db.session.flush()


def check_order(order):
    """What is closed was shown by evidence and checked by somebody else."""
    check_duties(order)
    if order.state in {OrderState.VISITING, OrderState.REVISITING, OrderState.CLOSED}:
        assert db.session.scalar(select(func.count()).where(OrderEvidence.order_id == order.id))
    assert (order.number is not None) == (order.issued_at is not None)
    if order.state is OrderState.CARRYING:
        # Nothing of the round before bars anybody from the next.
        assert {order.verified_by_id, order.visited_by_id, order.revisited_by_id} == {None}


@pytest.mark.db
def test_database_walks_of_an_idea(app, now, rounds):
    with app.app_context():
        random = next(seeds(1))
        into = []

        def begin():
            into.append(world.submit("").id)
            return (world.submit("") if random.random() < 0.5 else record(random)).id

        walk_all(
            IDEA_FLOW,
            begin,
            handlers(),
            random,
            least=max(3, rounds // 25),
            steps=30,
            prepare=lambda move, _record: idea_data(move, into[-1]),
            check=check_idea,
        )


def handlers():
    members = ("staff", "other", "clerk", "chief", "officer", "office", "leader", "discipline")
    return [cast.principal(who) for who in members]


def record(random):
    """Enter what the public has said."""
    with db.write():
        return ideas.record(
            content=ideas.Content(problem=f"希望延长服务{random.random()}。"),
            channel=IdeaChannel.PHONE,
            received_on=clock.today(),
            user=cast.principal("clerk"),
        )


def idea_data(move, into):
    """Fill in what a page of this move asks for."""
    answer = Answer(
        outcome=IdeaOutcome.ADOPTED,
        finding="看过。",
        text="采纳。",
        department_id=accounts.list_departments()[0].id,
        title="引导",
        problem="无人引导。",
        cause="没有引导岗。",
        demand="请改进。",
        user=cast.principal("chief"),
    )
    return {"answer": answer, "reason": "理由。", "into_id": into}


def check_idea(idea):
    """No adopted idea without its 建议单."""
    orders = db.session.scalars(
        select(ImprovementOrder).where(ImprovementOrder.idea_id == idea.id)
    ).all()
    is_adopted = idea.outcome in {IdeaOutcome.ADOPTED, IdeaOutcome.PARTLY}
    assert len(orders) == int(is_adopted)
    assert idea.author_id not in {idea.answered_by_id, idea.triaged_by_id} - {None}
