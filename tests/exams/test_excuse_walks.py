"""Random walks of 缓考 and 免考 (ROUNDS): who applied decides nothing; standing follows the state."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from app.exams.excuse_flow import FLOW
from app.exams.models import (
    ExamExcuse,
    ExcuseCause,
    ExcuseKind,
    ExcuseState,
    Sitting,
    SittingStanding,
)
from app.exams.service import excuses
from app.kernel import clock, db
from app.kernel.permissions import Grant, Role
from app.workflow.engine import Actor
from tests.exams.factories import publish_exam
from tests.support import cast
from tests.workflow import walks

DATABASE_WALKS = 6
CROWD = tuple(
    Actor(
        person_id=person_id,
        grants=frozenset(Grant(role=role, department_id=None) for role in roles),
    )
    for person_id, roles in enumerate(
        (
            (Role.WINDOW_LEAD, Role.SECTION_CHIEF),
            (Role.SECTION_CHIEF,),
            (Role.CLERK, Role.SECTION_CHIEF),
            (Role.CLERK,),
        ),
        start=1,
    )
)


def check_apart(record):
    assert record.approved_by_id is None or record.approved_by_id != record.drafted_by_id


def test_walks_keep_duties_apart(rounds):
    seed = random.SystemRandom().randrange(10**9)
    chance, made = random.Random(seed), set()
    for _ in range(rounds):
        drafter = chance.choice(CROWD).person_id
        record = walks.blank_record(FLOW, drafted_by_id=drafter, sitting_id=1)
        walked = walks.walk(still_here(), record, CROWD, chance, check=check_apart)
        made |= {name for name, _ in walked}
    assert made == {each.name for each in FLOW.moves}, seed


def still_here():
    """Give the flow without its department, which asks the database."""
    return replace(FLOW, department=lambda _record: None)


def check_standing(record):
    """Whoever is excused by it doesn't have to come, and whoever isn't has to."""
    sitting = db.session.get(Sitting, record.sitting_id)
    is_excused = sitting.standing is not SittingStanding.DUE
    assert is_excused == (record.state is ExcuseState.APPROVED)
    check_apart(record)


@pytest.mark.db
def test_walks_through_the_database_keep_the_standing(app):
    seed = random.SystemRandom().randrange(10**9)
    chance = random.Random(seed)
    with app.app_context():
        people = [cast.principal(who) for who in ("lead", "clerk", "chief", "other")]

        def begin():
            exam_id = publish_exam(closes_at=clock_later())
            wanted = excuses.Wanted(
                kind=chance.choice(list(ExcuseKind)),
                cause=ExcuseCause.OTHER,
                people="SY001",
                note="借调。",
            )
            applicant = chance.choice(people[:2])
            with db.write():
                return excuses.apply_excuses(exam_id=exam_id, wanted=wanted, user=applicant)[0]

        walks.walk_all(FLOW, begin, people, chance, least=DATABASE_WALKS, check=check_standing)
        assert db.session.query(ExamExcuse).count() >= DATABASE_WALKS


def clock_later():
    return clock.now() + timedelta(days=60)
