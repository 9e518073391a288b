"""Random walks of both workflows: no state without owner and days, nobody decides on his own, the
path rebuilds the state; on the pure engine often, on the database a few.
"""

import random

import pytest

from app.commitments.models import PlateState, SheetState
from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.kernel.permissions import Role
from app.workflow import engine
from tests.commitments import factories
from tests.support import cast
from tests.workflow.slips import absent, actor
from tests.workflow.walks import blank_record, walk, walk_database

DEPARTMENT = 1
# Everybody who may do anything, one who holds all roles, and two who act in another's place.
ALL = (Role.CLERK, Role.SECTION_CHIEF, Role.LEADER, Role.OFFICE, Role.PARTY_BRANCH)
ACTORS = (
    actor(1, Role.CLERK),
    actor(2, Role.SECTION_CHIEF),
    actor(3, Role.LEADER),
    actor(4, Role.OFFICE),
    actor(5, *ALL),
    actor(6, Role.WINDOW_LEAD, department_id=DEPARTMENT),
    actor(7, Role.WINDOW_LEAD, department_id=DEPARTMENT + 1),
    actor(8, Role.STAFF, represented=[absent(3, Role.LEADER)]),
    actor(1, Role.CLERK, represented=[absent(2, Role.SECTION_CHIEF)]),
    actor(9, Role.PARTY_BRANCH),
    actor(10),
)
PEOPLE = ("clerk", "chief", "leader", "office", "lead", "branch", "staff")


@pytest.fixture
def in_department(monkeypatch):
    """Let a record without a database belong to a department."""
    for flow in (SHEET_FLOW, PLATE_FLOW):
        monkeypatch.setitem(vars(flow), "department", lambda record: record.department_id)


@pytest.mark.parametrize(("flow", "person"), [(SHEET_FLOW, None), (PLATE_FLOW, 9)])
def test_walks_on_the_engine(flow, person, in_department, rounds):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    ends = set()
    for _ in range(rounds):
        drafter = chance.choice([1, 5, 6])
        record = blank_record(
            flow,
            drafted_by_id=drafter,
            department_id=DEPARTMENT,
            nobody_id=None,
            person_id=person,
        )
        made = walk(flow, record, ACTORS, chance, steps=40)
        check_separation(flow, made, drafter, person)
        ends.add(str(record.state))
    assert len(ends) > 2, "the walks go nowhere"


def check_separation(flow, made, drafter, person):
    """Whoever drafted, reviewed or is meant does not decide."""
    deciding = {"review", "approve", "confirm"}
    assert drafter not in {who for name, who in made if name in deciding}
    reviewer = None
    for name, who in made:
        reviewer = who if name == "review" else reviewer
        assert name != "approve" or who != reviewer
        assert name != "confirm" or who != person
        assert name not in {"update", "expire", "lapse"}, "only the site does that"


@pytest.mark.parametrize("flow", [SHEET_FLOW, PLATE_FLOW], ids=lambda flow: flow.name)
def test_table_of_the_flow_has_no_fault(flow):
    assert engine.faults_of(flow) == []


@pytest.mark.db
def test_walks_of_sheets_on_the_database(app, rounds):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    with app.app_context():
        people = [cast.principal(who) for who in PEOPLE]
        ends = set()
        for place in range(max(4, rounds // 25)):
            record_id = factories.draft(factories.add_window(f"W{place:02d}"))
            walk_database(SHEET_FLOW, record_id, people, chance, steps=30)
            version = factories.get(record_id)
            is_approved = version.state in {SheetState.PUBLIC, SheetState.WITHDRAWN}
            assert is_approved == bool(version.check_code)
            assert is_approved == (version.edition is not None)
            ends.add(version.state)
        assert SheetState.DRAFT not in ends or len(ends) > 1


@pytest.mark.db
def test_walks_of_plates_on_the_database(app, rounds):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    chance = random.Random(seed)
    with app.app_context():
        people = [cast.principal(who) for who in PEOPLE]
        for _ in range(max(4, rounds // 25)):
            record_id = factories.ask_for_plate()
            walk_database(PLATE_FLOW, record_id, people, chance, steps=20)
            plate = factories.get_plate(record_id)
            assert (plate.state in {PlateState.CONFIRMED, PlateState.ENDED}) == (
                plate.confirmed_by_id is not None
            )
            if plate.state is PlateState.ASKED:
                factories.move_plate(record_id, "refuse", reason="重来。")
            if plate.state is PlateState.CONFIRMED:
                factories.move_plate(record_id, "end", reason="重来。")
