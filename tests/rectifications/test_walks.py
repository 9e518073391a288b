"""Random walks of 整改通知单 (ROUNDS): duties stay apart, nothing is closed unchecked."""

import random
from collections import Counter

import pytest

from app.files import service as files
from app.kernel import db
from app.kernel.permissions import Grant, Role
from app.rectifications.models import Cause, OrderPhoto, OrderState
from app.rectifications.workflow import FLOW
from app.workflow import engine
from app.workflow.engine import Actor
from tests.inspections import factories as going
from tests.rectifications import factories
from tests.support import cast, inside
from tests.workflow import walks

HERE = 1
CLERK = 99
DATABASE_WALKS = 4
# People who hold several roles at once, so that only the record keeps them from acting twice.
CROWD = tuple(
    Actor(
        person_id=person_id,
        grants=frozenset(Grant(role=role, department_id=None) for role in roles),
    )
    for person_id, roles in enumerate(
        (
            (Role.INSPECTOR, Role.SECTION_CHIEF),
            (Role.INSPECTOR, Role.WINDOW_LEAD, Role.LEADER),
            (Role.SECTION_CHIEF, Role.LEADER, Role.WINDOW_LEAD),
            (Role.INSPECTOR, Role.SECTION_CHIEF, Role.LEADER, Role.WINDOW_LEAD),
            (Role.SECTION_CHIEF, Role.INSPECTOR),
        ),
        start=1,
    )
)


def fill_in(move, record, actor):
    """Write what the room's own page and effects write."""
    if move.name == "reply":
        record.responsible_id = actor.person_id
    if move.name in {"pass", "fail"}:
        record.is_passed = move.name == "pass"


def check_apart(record):
    """What the database refuses too."""
    pairs = (
        ("signed_by", "drafted_by"), ("signed_by", "found_by"),
        ("rechecked_by", "found_by"), ("rechecked_by", "found_with"), ("rechecked_by", "led_by"),
        ("rechecked_by", "drafted_by"), ("rechecked_by", "repaired_by"),
        ("closed_by", "drafted_by"), ("closed_by", "repaired_by"), ("closed_by", "rechecked_by"),
        ("decided_by", "found_by"), ("decided_by", "found_with"), ("decided_by", "led_by"),
        ("decided_by", "drafted_by"), ("decided_by", "signed_by"), ("decided_by", "appealed_by"),
    )  # fmt: skip
    for one, other in pairs:
        first, second = getattr(record, f"{one}_id"), getattr(record, f"{other}_id")
        assert first is None or first != second, f"{one} and {other} by the same"
    if record.state == OrderState.CLOSED:
        assert record.is_passed is True
        assert None not in {record.repaired_by_id, record.rechecked_by_id}


def test_walks_keep_duties_apart_and_reach_every_end(rounds):
    seed = random.SystemRandom().randrange(10**9)
    chance, ends, made = random.Random(seed), Counter(), Counter()
    for _ in range(rounds * 5):
        # The mate may have drafted what the other found; a clerk drafts for somebody else.
        finder, mate, leader = (each.person_id for each in chance.sample(CROWD, 3))
        record = walks.blank_record(
            FLOW, department_id=HERE, is_passed=None, found_by_id=finder, found_with_id=mate,
            led_by_id=leader, drafted_by_id=chance.choice((finder, mate, CLERK)),
        )  # fmt: skip
        record.responsible_id = None
        walked = walks.walk(
            FLOW, record, CROWD, chance, steps=60, prepare=fill_in, check=check_apart
        )
        made.update(name for name, _ in walked)
        ends[record.state] += 1
    assert ends[OrderState.CLOSED], f"seed {seed}: no walk came to the end"
    assert ends[OrderState.REVOKED], f"seed {seed}: nothing was revoked"
    assert set(made) == {each.name for each in FLOW.moves}, f"seed {seed}: moves never made"


def test_nobody_alone_brings_an_order_to_its_end():
    """Whatever one person holds, he does not close what he found."""
    everything = frozenset(
        Grant(role=role, department_id=None)
        for role in (Role.INSPECTOR, Role.SECTION_CHIEF, Role.WINDOW_LEAD, Role.LEADER)
    )
    alone = Actor(person_id=1, grants=everything)
    chance = random.Random(1)
    for _ in range(50):
        record = walks.blank_record(
            FLOW, department_id=HERE, drafted_by_id=1, found_by_id=1, is_passed=None
        )
        record.responsible_id = None
        walks.walk(FLOW, record, [alone], chance, steps=80, prepare=fill_in)
        assert record.state not in {OrderState.CLOSED, OrderState.TO_CLOSE}


def test_flow_is_sound_and_every_open_state_has_owner_and_days():
    assert engine.faults_of(FLOW) == []


@pytest.mark.db
def test_walks_in_the_database_rebuild_and_refuse_whole(app):
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    inside.use(app)
    mates = inside.write(lambda: [going.add_inspector(f"SY06{place}") for place in (1, 2)])
    with app.app_context():
        people = [
            *(cast.principal(who) for who in ("inspector", "chief", "lead", "leader")),
            *(going.principal(each) for each in mates),
        ]
        walks.walk_all(
            FLOW,
            lambda: factories.issue()[0],
            people,
            chance,
            least=DATABASE_WALKS,
            steps=30,
            prepare=write_reply,
            check=check_apart,
        )


def write_reply(move, order):
    """Write what the room's own page writes before the 回执, with a photo."""
    if move.name != "reply":
        return {}
    content = going.photo()
    order.cause, order.measure = Cause.RULE, "补充制度。"
    order.responsible_id = cast.person_id("staff")
    file = files.add_file(
        sha256=content.sha256, size=content.size, media_type="image/jpeg", name="a.jpg"
    )
    db.session.add(
        OrderPhoto(
            public_id=going.new_id()[:24],
            order_id=order.id,
            file_id=file.id,
            cycle=order.cycle,
            added_by_id=cast.person_id("lead"),
            added_at=order.moved_at,
        )
    )
    return {}
