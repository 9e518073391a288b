"""The site dies at each named point of a save and of a hand-in: afterwards the act is absent or whole.

The points are those of tests/support/served.py. Before the commit nothing may be left, after it all;
the same request sent again ends the same way in both cases.
"""

import json

import pytest

from tests.faults.examinees import NO_ANSWER, RECEIPT, Reply, Visitor
from tests.faults.papers import publish_exam, write_questions
from tests.support import cast
from tests.support.server import Hall, wait_until

SAVE, HAND_IN = "exams.save_answer", "exams.hand_in"
# Whether the row is there once the process has died.
SAVE_POINTS = [
    ("written:answer", False),
    ("committing:answer", False),
    ("committed:answer", True),
    (f"answering:{SAVE}", True),
    (f"half-answered:{SAVE}", True),
]
HAND_IN_POINTS = [
    ("written:sitting", False),
    ("written:audit_entry", False),
    ("written:job", False),
    ("committing:sitting", False),
    ("committed:sitting", True),
    ("before:wake", True),
    ("after:wake", True),
    (f"answering:{HAND_IN}", True),
]
ANSWER = "SELECT revision, chosen FROM answer a JOIN sitting s ON s.id = a.sitting_id WHERE s.public_id = :id"
HANDED_IN = "SELECT receipt FROM sitting WHERE public_id = :id AND handed_in_at IS NOT NULL"
EVENTS = "SELECT count(*) FROM audit_entry WHERE event = 'exams.handed_in' AND object_id = :id"


@pytest.fixture(scope="module")
def hall(open_hall, store_kind: str) -> Hall:
    hall = open_hall(store_kind)
    hall.start()
    return hall


@pytest.fixture(scope="module")
def question_ids(hall: Hall) -> list[int]:
    return write_questions(hall, 3)


@pytest.fixture(scope="module")
def visitor(hall: Hall) -> Visitor:
    visitor = Visitor(hall.port)
    visitor.sign_in(cast.CAST["staff"][0], cast.PASSWORD)
    return visitor


@pytest.fixture
def sitting(hall: Hall, question_ids: list[int], visitor: Visitor) -> str:
    """Begin a sitting of an exam that is graded as soon as its one examinee has handed in."""
    with hall.acting():
        person = cast.person_id("staff")
    exam_id = publish_exam(hall, question_ids, [person], releases_when_complete=True)
    return again(lambda: visitor.start(exam_id))


def again(act):
    """Do something until it is answered, as the page does."""
    answers = []

    def is_answered() -> bool:
        try:
            answers.append(act())
        except NO_ANSWER:
            return False
        return True

    wait_until(is_answered, "an answer")
    return answers[-1]


def die_at(hall: Hall, point: str, act) -> None:
    """Let the process die that does something; nobody gets an answer."""
    hall.arm(point)
    with pytest.raises(NO_ANSWER):
        act()
    assert hall.has_struck(), f"{point} was never reached\n{hall.log()}"


@pytest.mark.db
@pytest.mark.parametrize(("point", "is_whole"), SAVE_POINTS)
def test_a_save_is_absent_or_whole(hall, visitor, sitting, point, is_whole):
    die_at(hall, point, lambda: visitor.save(sitting, 2, ["A", "C"], 1))
    stored = [(number, json.loads(chosen)) for number, chosen in hall.ask(ANSWER, id=sitting)]
    assert stored == ([(1, ["A", "C"])] if is_whole else [])
    reply: Reply = again(lambda: visitor.save(sitting, 2, ["A", "C"], 1))
    assert (reply.status, reply.json["saved"], reply.json["revision"]) == (200, True, 1)
    assert len(hall.ask(ANSWER, id=sitting)) == 1


@pytest.mark.db
@pytest.mark.parametrize(("point", "is_whole"), HAND_IN_POINTS)
def test_a_hand_in_is_absent_or_whole(hall, visitor, sitting, point, is_whole):
    again(lambda: visitor.save(sitting, 1, ["B"], 1))
    die_at(hall, point, lambda: visitor.hand_in(sitting))
    assert len(hall.ask(HANDED_IN, id=sitting)) == is_whole
    assert hall.ask(EVENTS, id=sitting) == [(is_whole,)]
    codes = set()
    for _ in range(2):
        assert again(lambda: visitor.hand_in(sitting)).status == 303
        page = again(lambda: visitor.open(f"/exams/sittings/{sitting}/receipt"))
        codes.add(RECEIPT.search(page.text)[1])
    assert [(code,) for code in codes] == hall.ask(HANDED_IN, id=sitting)
    assert hall.ask(EVENTS, id=sitting) == [(1,)]
    check_graded_once(hall, sitting)


def check_graded_once(hall: Hall, sitting: str) -> None:
    """The exam that was complete is graded and released, though its wake-up may be lost."""
    exam = "SELECT e.id, e.graded_run, e.released_at FROM exam e JOIN sitting s ON s.exam_id = e.id WHERE s.public_id = :id"
    wait_until(lambda: hall.ask(exam, id=sitting)[0][2], f"released\n{hall.log()}")
    exam_id, run, _ = hall.ask(exam, id=sitting)[0]
    assert run == 1
    key = f"exams.grade:{exam_id}:1"
    assert hall.ask("SELECT count(*) FROM job WHERE key = :key", key=key) == [(1,)]
    graded = "SELECT count(*) FROM audit_entry WHERE event = 'exams.graded' AND object_id = :id"
    assert hall.ask(graded, id=str(exam_id)) == [(1,)]
    results = "SELECT count(*) FROM sitting_result r JOIN sitting s ON s.id = r.sitting_id WHERE s.public_id = :id"
    assert hall.ask(results, id=sitting) == [(1,)]


@pytest.mark.db
def test_a_200_is_a_row_that_a_new_connection_reads(hall, visitor, sitting):
    for revision in range(1, 31):
        chosen = [["A"], ["B"]][revision % 2]
        reply = again(lambda: visitor.save(sitting, 1, chosen, revision))  # noqa: B023 - used at once.
        assert reply.status == 200
        assert [(number, json.loads(kept)) for number, kept in hall.ask(ANSWER, id=sitting)] == [
            (revision, chosen)
        ]
