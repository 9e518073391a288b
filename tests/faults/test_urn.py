"""The worker dies while it takes a survey's ballots out of the urn: none is lost and none doubled."""

import pytest

from app.surveys import urn
from tests.support import cast
from tests.support.server import Hall, wait_until
from tests.surveys.factories import open_survey, put, put_in_use

PEOPLE = 6
WITHIN = 60
POINTS = [
    ("written:survey_roll", 0),
    ("written:survey_ballot", 0),
    ("committing:survey_ballot", 0),
    ("committed:survey_ballot", PEOPLE),
]
BALLOTS = "SELECT count(*) FROM survey_ballot"
MARKS = "SELECT count(*) FROM survey_roll WHERE has_answered"
CLOSED = "SELECT count(*) FROM survey WHERE closed_at IS NOT NULL"
EVENTS = "SELECT count(*) FROM audit_entry WHERE event = 'surveys.closed'"


@pytest.mark.db
def test_worker_that_dies_at_the_urn_loses_and_doubles_nothing(open_hall, store_kind: str):
    hall: Hall = open_hall(store_kind)
    with hall.acting():
        put_in_use()
        people = cast.add_staff(PEOPLE)
    for number, (point, held) in enumerate(POINTS):
        check_point(hall, people, number, point, held)


def check_point(hall: Hall, people: list[int], number: int, point: str, held: int) -> None:
    """Let the worker die at a point, and come back."""
    with hall.acting():
        public_id = open_survey(people, source_id=number)
        for place, person_id in enumerate(people):
            assert put(public_id, person_id, rate=place % 3)
    hall.move_clock(days=20)
    hall.arm(point)
    hall.worker.start()
    wait_until(lambda: hall.has_struck() and not hall.worker.is_alive(), point, WITHIN)
    before = number * PEOPLE
    assert hall.ask(BALLOTS) == hall.ask(MARKS) == [(before + held,)]
    assert waiting(hall, public_id) == (PEOPLE, PEOPLE)
    hall.worker.start()
    wait_until(
        lambda: waiting(hall, public_id) == (0, 0), f"the urn is empty\n{hall.log()}", WITHIN
    )
    hall.worker.kill9()
    assert hall.ask(BALLOTS) == hall.ask(MARKS) == [(before + PEOPLE,)]
    assert hall.ask(CLOSED) == hall.ask(EVENTS) == [(number + 1,)]


def waiting(hall: Hall, public_id: str) -> tuple[int, int]:
    """Count the names and the ballots in the urn."""
    with hall.acting(), urn.opened() as box:
        return len(box.read_names(public_id)), len(box.read_ballots(public_id))
