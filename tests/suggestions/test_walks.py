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
from app.suggestions.models import Idea, IdeaChannel, IdeaOutcome, IdeaState
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
from app.workflow.definition import Waiting
from app.workflow.engine import Actor
from tests.suggestions import world
from tests.support import cast
from tests.workflow.walks import blank_record, walk, walk_database

ROLES = [
    Role.STAFF, Role.CLERK, Role.OFFICE, Role.LEADER, Role.WINDOW_LEAD, Role.SECTION_CHIEF,
    Role.FEEDBACK_OFFICER, Role.DISCIPLINE,
]  # fmt: skip


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
    return [Random(seed + place) for place in range(rounds)]


def test_pure_walks_of_an_idea(rounds):
    ended = set()
    for random in seeds(rounds):
        people = crowd(random)
        author = random.choice(people).person_id
        idea = blank_record(
            IDEA_FLOW, author_id=author, department_id=None, before_extension_at=None
        )
        idea.state = random.choice([IdeaState.STAFF_WAITING, IdeaState.PUBLIC_WAITING])
        made = walk(IDEA_FLOW, idea, people, random)
        for name, person_id in made:
            assert person_id != author, name
        ended.add(str(idea.state))
    assert rounds < 100 or ended >= {"answered", "refused", "merged"}


def test_pure_walks_of_an_order(rounds):
    ended = set()
    for random in seeds(rounds):
        people = crowd(random)
        drafter = random.choice(people).person_id
        order = blank_record(
            ORDER_FLOW, drafted_by_id=drafter, edited_by_id=drafter, department_id=None
        )
        made = walk(ORDER_FLOW, order, people, random, steps=600)
        check_duties(order, made, drafter)
        ended.add(str(order.state))
    assert rounds < 100 or ended >= {"closed", "declined"}


def check_duties(order, made, drafter):
    """Nobody decides on what he drafted or carried out; the second visitor is another."""
    for name, person_id in made:
        assert name not in {"issue", "verify"} or person_id != drafter
    if order.state == OrderState.CLOSED:
        names = [name for name, _ in made]
        assert "verify" in names
        last = len(names) - 1 - names[::-1].index("verify")
        assert "finish" in names[:last]
        assert order.verified_by_id != order.carried_by_id
        if names[-1] == "revisit":
            assert order.revisited_by_id != order.visited_by_id


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
        people = people_of_the_cast()
        for random in seeds(max(3, rounds // 60)):
            order = world.draft()
            walk_database(ORDER_FLOW, order.id, people, random, steps=60, prepare=prepare)
            check_order(order.id)


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


def check_order(order_id):
    """What is closed was shown by evidence and checked by somebody else."""
    db.session.expire_all()
    order = db.session.get_one(ImprovementOrder, order_id)
    if order.state in {OrderState.VISITING, OrderState.REVISITING, OrderState.CLOSED}:
        assert db.session.scalar(select(func.count()).where(OrderEvidence.order_id == order_id))
        assert order.verified_by_id not in {
            None, order.drafted_by_id, order.carried_by_id, order.feedback_by_id,
        }  # fmt: skip
    assert (order.number is not None) == (order.issued_at is not None)


@pytest.mark.db
def test_database_walks_of_an_idea(app, now, rounds):
    with app.app_context():
        people = handlers()
        for random in seeds(max(3, rounds // 25)):
            idea = world.submit("") if random.random() < 0.5 else record(random)
            other = world.submit("")
            walk_database(
                IDEA_FLOW,
                idea.id,
                people,
                random,
                steps=40,
                prepare=lambda move, _record, into=other.id: idea_data(move, into),
            )
            check_ideas()


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


def check_ideas():
    """No adopted idea without its 建议单."""
    db.session.expire_all()
    for idea in db.session.scalars(select(Idea)):
        orders = db.session.scalars(
            select(ImprovementOrder).where(ImprovementOrder.idea_id == idea.id)
        ).all()
        is_adopted = idea.outcome in {IdeaOutcome.ADOPTED, IdeaOutcome.PARTLY}
        assert len(orders) == int(is_adopted)
        assert idea.answered_by_id is None or idea.answered_by_id != idea.author_id
