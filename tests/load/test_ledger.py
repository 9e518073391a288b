"""The ledger must be able to fail: every kind of broken promise is found, and only those."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import SignInThrottle
from app.exams.models import Sitting
from app.exams.service import sittings
from app.kernel import clock, db
from tests.load import data, ledger
from tests.load.persons import Person
from tests.load.record import Ledger, Save


@pytest.fixture
def person(app: Flask) -> Person:
    """Give somebody who has answered one question and has handed in."""
    with app.app_context():
        ids = frozenset(data.cast.add_staff(1))
        exam_id = data.publish_exam(data.add_questions(2), ids, releases_when_complete=False)
        found = data.list_people(app, exam_id)[0]
        sitting = db.session.scalars(select(Sitting)).one()
        with db.write():
            sittings.start_sitting(exam_id=exam_id, person_id=sitting.person_id)
        with db.write():
            answer(sitting.id, number=1, chosen=["B"], revision=3)
            sittings.hand_in(sitting_id=sitting.id, received_at=clock.now())
    return found


def answer(sitting_id: int, *, number: int, chosen: list[str], revision: int) -> None:
    sittings.save_answer(
        sitting_id=sitting_id,
        number=number,
        chosen=chosen,
        is_flagged=False,
        revision=revision,
        received_at=clock.now(),
    )


def saved(person: Person, **changed: object) -> Ledger:
    kept = {"sitting": person.sitting, "number": 1, "revision": 3, "chosen": ("B",)}
    return Ledger(saves=[Save(**(kept | changed))])


def receipt_of(app: Flask) -> str:
    with app.app_context():
        return db.session.scalars(select(Sitting.receipt)).one()


def test_what_was_kept_is_not_lost(app: Flask, person: Person):
    promised = saved(person)
    promised.hand_ins[person.sitting] = receipt_of(app)
    promised.sign_ins.append(person.cookie)
    verdict = ledger.compare(app, promised)
    assert verdict == ledger.Verdict(promised=3, lost=(), double=())


def test_an_answer_that_was_overwritten_later_is_not_lost(app: Flask, person: Person):
    assert not ledger.compare(app, saved(person, revision=2, chosen=("A",))).lost


@pytest.mark.parametrize("changed", [{"number": 2}, {"revision": 4}, {"chosen": ("A",)}])
def test_an_answer_that_is_not_there_is_lost(app: Flask, person: Person, changed: dict):
    assert len(ledger.compare(app, saved(person, **changed)).lost) == 1


def test_a_hand_in_with_another_receipt_is_lost(app: Flask, person: Person):
    assert ledger.compare(app, Ledger(hand_ins={person.sitting: "OTHER"})).lost


def test_a_hand_in_that_is_not_there_is_lost(app: Flask, person: Person):
    assert ledger.compare(app, Ledger(hand_ins={"nobody's": receipt_of(app)})).lost


def test_a_sign_in_without_session_is_lost(app: Flask, person: Person):
    cookie = data.cookie_of(app, "a token that nobody has")
    assert ledger.compare(app, Ledger(sign_ins=[cookie])).lost


def test_a_right_password_that_was_counted_as_wrong_is_found(app: Flask, person: Person):
    with app.app_context(), db.write():
        db.session.add(SignInThrottle(login_name="sy1000", failures=1, last_failed_at=clock.now()))
    assert ledger.compare(app, Ledger()).lost


def test_a_second_event_of_handing_in_is_double(app: Flask, person: Person):
    with app.app_context(), db.write():
        data.papers.append(
            data.papers.AuditEvent.EXAMS_HANDED_IN,
            person_id=None,
            object_type="sitting",
            object_id=person.sitting,
        )
    assert len(ledger.compare(app, Ledger()).double) == 1
