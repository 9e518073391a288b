"""What the tables of the exams themselves refuse, beside what stands with its subject."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.exams.models import GRACE, HandedInBy
from app.kernel import clock, db
from tests.exams.factories import direct, get_exam, sit, sitting_of
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exam SET closes_at = opens_at",
        "UPDATE exam SET minutes = 0",
        "UPDATE exam SET minutes = 241",
        "UPDATE exam SET pass_marks = -1",
        "UPDATE exam SET published_at = NULL",
        "UPDATE exam SET published_by_id = NULL",
        "UPDATE exam SET state = 'graded'",
        "UPDATE exam SET state = 'released'",
        "UPDATE exam SET state = 'marked'",
        "UPDATE exam SET form_count = 0",
        "UPDATE exam SET form_count = 401",
        "UPDATE exam SET reuse_months = 0",
        "UPDATE exam SET most_exposure = 101",
        "UPDATE exam SET part_rule = 'per_option'",
        "UPDATE exam SET option_marks = 50",
        "UPDATE exam SET makeup_of_id = id",
        "UPDATE exam SET started_at = opens_at",
        "UPDATE exam SET reviewed_by_id = submitted_by_id",
        "UPDATE exam SET approved_by_id = submitted_by_id",
        "UPDATE exam SET approved_by_id = reviewed_by_id",
        "UPDATE paper_form SET numbers = '[]'",
        "DELETE FROM paper_form",
        "UPDATE sitting SET form_code = 2",
        "UPDATE sitting SET batch = 'C'",
        "UPDATE sitting SET standing = 'exempt'",
        "UPDATE sitting SET stopped_at = '2026-11-20 03:00:00' WHERE started_at IS NULL",
        "UPDATE exam SET released_at = drafted_at",
        "UPDATE exam SET drafted_by_id = reviewed_by_id",
        "UPDATE exam SET submitted_by_id = reviewed_by_id",
        "UPDATE sitting SET started_at = deadline_at",
        "UPDATE sitting SET deadline_at = NULL",
        "UPDATE sitting SET deadline_at = started_at",
        "UPDATE sitting SET handed_in_at = started_at",
        "UPDATE sitting SET handed_in_by = 'person'",
        "UPDATE sitting SET handed_in_by = 'robot', handed_in_at = started_at",
        "UPDATE sitting SET person_id = 4711",
        "UPDATE sitting SET person_id = (SELECT min(person_id) FROM sitting)",
        "UPDATE sitting SET public_id = 'the same for all'",
        "UPDATE answer SET revision = 0",
        "UPDATE answer SET sitting_id = 4711",
    ],
)
def test_the_database_refuses(exam_id, statement):
    sit(exam_id, "staff", {1: ["C"]}, hand_in=False)
    with pytest.raises(IntegrityError):
        direct(statement)


def test_a_sitting_is_handed_in_only_after_it_was_begun(exam_id):
    with pytest.raises(IntegrityError):
        direct("UPDATE sitting SET handed_in_at = '2026-11-20 03:00:00', handed_in_by = 'system'")


def test_one_person_has_one_sitting_of_an_exam(exam_id):
    first = sitting_of(exam_id, "staff")
    copy = {
        "public_id": "another-sitting1",
        "exam_id": exam_id,
        "person_id": cast.person_id("staff"),
        "department_id": first.department_id,
        "receipt": "X",
    }
    with pytest.raises(IntegrityError), db.write():
        db.session.add(type(first)(**copy))


@pytest.mark.parametrize(
    ("seconds", "is_over"), [(-1, False), (0, False), (60, False), (60.001, True), (90, True)]
)
def test_a_sitting_is_over_when_its_grace_has_passed(exam_id, seconds, is_over):
    sit(exam_id, "staff", {}, hand_in=False)
    sitting = sitting_of(exam_id, "staff")
    assert sitting.is_over(sitting.deadline_at + timedelta(seconds=seconds)) is is_over
    assert not sitting_of(exam_id, "other").is_over(clock.now() + timedelta(days=9))
    assert timedelta(seconds=60) == GRACE


def test_a_sitting_that_was_handed_in_is_over_at_once(exam_id):
    sit(exam_id, "staff", {})
    sitting = sitting_of(exam_id, "staff")
    assert sitting.handed_in_by is HandedInBy.PERSON
    assert sitting.is_over(sitting.started_at)
    assert get_exam(exam_id).graded_run == 0
