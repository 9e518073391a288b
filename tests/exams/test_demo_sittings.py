"""Writing many sittings at once leaves the rows and events of sitting one by one."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.audit import heads, verify
from app.audit.models import AuditEntry, Verdict
from app.exams.demo_sittings import Sat, write_sittings
from app.exams.models import Answer, Exam, Sitting
from app.exams.service import sittings
from app.kernel import clock, db
from tests.exams.factories import KEY, WRONG, publish_exam
from tests.support import cast

pytestmark = pytest.mark.db

OWN = {"id", "public_id", "person_id", "department_id", "receipt", "sitting_id"}
OF_PLACE = {"seq", "prev_hash", "hash", "object_id"}


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def sitting_of(exam_id, who):
    return db.session.scalars(
        select(Sitting).where(Sitting.exam_id == exam_id, Sitting.person_id == cast.person_id(who))
    ).one()


def values(row):
    kept = {column.name for column in row.__table__.columns} - OWN - OF_PLACE
    return {name: getattr(row, name) for name in kept}


def rows_of(exam_id, who):
    """Give what is stored of a sitting, with its events."""
    sitting = sitting_of(exam_id, who)
    answers = select(Answer).where(Answer.sitting_id == sitting.id).order_by(Answer.number)
    told = select(AuditEntry).where(AuditEntry.object_id == sitting.public_id)
    events = db.session.scalars(told.order_by(AuditEntry.seq)).all()
    assert {event.person_id for event in events} == {sitting.person_id}
    return [values(row) for row in (sitting, *db.session.scalars(answers), *events)]


def story(begin, chosen):
    """Give when something was saved, one minute after the other."""
    return {
        number: (labels, begin + timedelta(minutes=number)) for number, labels in chosen.items()
    }


def sit_by_services(sitting, begin, answers, end):
    with db.write():
        with clock.frozen(begin):
            sittings.start_sitting(exam_id=sitting.exam_id, person_id=sitting.person_id)
        for number, (chosen, at) in answers.items():
            sittings.save_answer(
                sitting_id=sitting.id,
                number=number,
                chosen=chosen,
                is_flagged=False,
                revision=1,
                received_at=at,
            )
        if end:
            with clock.frozen(end):
                sittings.hand_in(sitting_id=sitting.id, received_at=end)


def sit_at_once(exam_id, who, begin, answers, end):
    sat = Sat(sitting=sitting_of(exam_id, who), started_at=begin, answers=answers, ended_at=end)
    exam = db.session.get_one(Exam, exam_id)
    with db.write():
        write_sittings(exam, [sat])


@pytest.mark.parametrize("minutes", [5, None])
@pytest.mark.parametrize("hours", [1, 7.5])
def test_rows_and_events_are_those_of_the_services(minutes, hours):
    exam_id = publish_exam()
    begin = clock.now() + timedelta(hours=hours)
    end = begin + timedelta(minutes=minutes) if minutes else None
    answers = story(begin, {1: KEY[1], 2: [*reversed(WRONG[2])]})
    sit_by_services(sitting_of(exam_id, "staff"), begin, answers, end)
    sit_at_once(exam_id, "other", begin, answers, end)
    assert rows_of(exam_id, "other") == rows_of(exam_id, "staff")
    assert len(rows_of(exam_id, "other")) == (5 if minutes else 4)


def test_events_stand_in_the_order_of_the_acts_and_the_chain_is_whole():
    exam_id = publish_exam()
    now = clock.now()
    sat = [
        Sat(
            sitting=sitting_of(exam_id, who),
            started_at=now + timedelta(minutes=20 * place),
            answers={},
            ended_at=now + timedelta(minutes=20 * place + 10),
        )
        for place, who in enumerate(("other", "staff"), start=1)
    ]
    exam = db.session.get_one(Exam, exam_id)
    with db.write():
        write_sittings(exam, sat)
    told = select(AuditEntry).where(AuditEntry.object_type == "sitting").order_by(AuditEntry.seq)
    times = [entry.at for entry in db.session.scalars(told)]
    assert len(times) == 4
    assert times == sorted(times)
    assert verify.check(heads.read_heads()).verdict is Verdict.INTACT


def test_a_sitting_that_was_handed_in_is_not_written_again():
    exam_id = publish_exam()
    now = clock.now()
    sit_at_once(exam_id, "staff", now, story(now, KEY), now + timedelta(minutes=9))
    with pytest.raises(DBAPIError, match="handed in"):
        sit_at_once(exam_id, "staff", now, story(now, WRONG), now + timedelta(minutes=9))
