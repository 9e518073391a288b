"""Random walks of both workflows: no state without owner and days, nobody decides on his own, the
path rebuilds the state; on the pure engine often, on the database a few.
"""

import itertools
import random

import pytest
from sqlalchemy import select

from app.commitments.models import ModelPost, PlateState, SheetState
from app.commitments.workflow import PLATE_FLOW, SHEET_FLOW
from app.kernel import db
from app.kernel.permissions import Role
from app.workflow import engine
from tests.commitments import factories
from tests.support import cast
from tests.workflow.slips import absent, actor
from tests.workflow.walks import blank_record, walk, walk_all

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
# Moves that only a timer or another move makes.
BY_THE_SITE = ("end-moved", "update", "expire", "lapse")
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
        assert name not in BY_THE_SITE, "only the site does that"


@pytest.mark.parametrize("flow", [SHEET_FLOW, PLATE_FLOW], ids=lambda flow: flow.name)
def test_table_of_the_flow_has_no_fault(flow):
    assert engine.faults_of(flow) == []


@pytest.mark.db
def test_walks_of_sheets_on_the_database(app, rounds):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    numbers = itertools.count()
    with app.app_context():
        walk_all(
            SHEET_FLOW,
            lambda: factories.draft(factories.add_window(f"W{next(numbers):02d}")),
            [cast.principal(who) for who in PEOPLE],
            random.Random(seed),
            least=max(4, rounds // 25),
            but=BY_THE_SITE,
            steps=30,
            check=check_sheet,
        )


def check_sheet(version):
    """What is public was approved, has its number and its code; nobody did two of three."""
    is_approved = version.state in {SheetState.PUBLIC, SheetState.WITHDRAWN}
    assert is_approved == bool(version.check_code)
    assert is_approved == (version.edition is not None)
    check_apart(version.drafted_by_id, version.reviewed_by_id, version.approved_by_id)


def check_apart(*people):
    """Nobody stands here twice."""
    known = [each for each in people if each is not None]
    assert len(set(known)) == len(known)


@pytest.mark.db
def test_walks_of_plates_on_the_database(app, rounds):
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    with app.app_context():
        walk_all(
            PLATE_FLOW,
            begin_plate,
            [cast.principal(who) for who in PEOPLE],
            random.Random(seed),
            least=max(4, rounds // 25),
            but=BY_THE_SITE,
            steps=20,
            check=check_plate,
        )


def begin_plate():
    """Ask for a plate once the one before is over: nobody has two."""
    for plate in db.session.scalars(select(ModelPost)).all():
        if plate.state is PlateState.ASKED:
            factories.move_plate(plate.id, "refuse", reason="重来。")
        if plate.state is PlateState.CONFIRMED:
            factories.move_plate(plate.id, "end", reason="重来。")
    return factories.ask_for_plate()


def check_plate(plate):
    """What hangs was confirmed, by another than who asked and who is meant."""
    assert (plate.state in {PlateState.CONFIRMED, PlateState.ENDED}) == (
        plate.confirmed_by_id is not None
    )
    assert plate.confirmed_by_id is None or plate.confirmed_by_id not in {
        plate.drafted_by_id, plate.person_id,
    }  # fmt: skip
