"""Grading: a job that a killed worker's successor goes on with, and that repeats itself exactly."""

import random
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB
from app.exams.marking import KeyedQuestion, Scheme, mark
from app.exams.models import SittingResult
from app.exams.service import grading
from app.exams.service.results import list_result_items
from app.jobs import service as jobs
from app.jobs.models import JobState
from app.kernel import db
from app.kernel.forms import RefusedError
from app.questions.kinds import QuestionKind
from tests.exams.factories import (
    BANK,
    KEY,
    WRONG,
    answers_of,
    direct,
    draft,
    events,
    get_exam,
    graded_exam,
    jobs_of,
    order_grading,
    publish_exam,
    release,
    results_of,
    run_jobs,
    sit,
    sitting_of,
)
from tests.support import cast

pytestmark = pytest.mark.db

LEASE_OVER = 21
KINDS = {1: QuestionKind.SINGLE, 2: QuestionKind.MULTIPLE, 3: QuestionKind.TRUE_FALSE}


class KilledError(BaseException):
    """Stands for kill -9: nothing in the site catches it."""


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


@pytest.fixture
def crowd():
    """A closed exam that seven people sat, each with other answers; returns exam and people."""
    chance = random.Random(7)
    people = cast.add_staff(7)
    exam_id = publish_exam(only=people)
    for person in people:
        chosen = {n: chance.choice([KEY[n], WRONG[n], []]) for n in KEY}
        sit(exam_id, person, chosen)
    return exam_id


def close(now, exam_id):
    now.move(hours=8, seconds=67)
    order_grading(exam_id)
    [job] = jobs_of(GRADE_JOB)
    return job.id


def expected(exam_id):
    """Mark all sittings here and now, past everything that is stored."""
    paper = [
        KeyedQuestion(number=number, kind=kind, marks=Decimal(10), key=KEY[number])
        for number, kind in KINDS.items()
    ]
    ids = grading.list_sittings(exam_id, is_open=False)
    marked = {}
    for each in ids:
        chosen = {number: labels for number, (labels, _) in answers_of(each).items()}
        marked[each] = mark(paper, Scheme(), chosen)
    return {each: (found.marks, found.correct_count) for each, found in marked.items()}


def stored(exam_id, run=1):
    return {row[0]: (row[2], row[4]) for row in results_of(exam_id) if row[1] == run}


def test_everybody_gets_the_marks_that_he_earned(now, crowd):
    jobs.run_job(close(now, crowd))
    assert stored(crowd) == expected(crowd)
    assert len(set(stored(crowd).values())) > 2
    [job] = jobs_of(GRADE_JOB)
    assert (job.state, job.done, job.total) == (JobState.DONE, 7, 7)
    assert job.result == {"graded": 7}
    exam = get_exam(crowd)
    assert (exam.graded_run, exam.graded_at) == (1, now.now)


def test_passing_begins_at_the_pass_mark(now):
    exam_id = publish_exam(pass_marks=Decimal(20))
    sit(exam_id, "staff", {1: KEY[1], 2: KEY[2]})
    sit(exam_id, "other", {1: KEY[1]})
    jobs.run_job(close(now, exam_id))
    passed = {row[0]: row[3] for row in results_of(exam_id)}
    assert passed == {
        sitting_of(exam_id, "staff").id: True,
        sitting_of(exam_id, "other").id: False,
    }


def test_whoever_did_not_begin_has_no_result(now, exam_id):
    sit(exam_id, "staff", {})
    jobs.run_job(close(now, exam_id))
    assert stored(exam_id) == {sitting_of(exam_id, "staff").id: (Decimal(0), 0)}


@pytest.mark.parametrize("moment", ["before the progress", "after the progress"])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_killed_grading_goes_on_and_stores_nothing_twice(now, crowd, monkeypatch, moment, step):
    monkeypatch.setattr(grading, "BATCH", 3)
    job_id = close(now, crowd)
    real, calls = jobs.Run.progress, []

    def kill(run, *, done, total):
        calls.append(done)
        if moment == "after the progress":
            real(run, done=done, total=total)
        if len(calls) == step:
            raise KilledError
        if moment == "before the progress":
            real(run, done=done, total=total)

    with monkeypatch.context() as patch:
        patch.setattr(jobs.Run, "progress", kill)
        with pytest.raises(KilledError):
            jobs.run_job(job_id)
    begun = results_of(crowd)
    assert len(begun) == min(7, 3 * step)
    assert get_exam(crowd).graded_run == 0
    assert events(AuditEvent.EXAMS_GRADED) == []

    run_jobs()
    assert results_of(crowd) == begun, "the dead worker's lease still holds"
    now.move(seconds=LEASE_OVER)
    run_jobs()
    assert results_of(crowd)[: len(begun)] == begun
    assert stored(crowd) == expected(crowd)
    [job] = jobs_of(GRADE_JOB)
    assert (job.state, job.tries, job.done) == (JobState.DONE, 2, 7)
    assert len(events(AuditEvent.EXAMS_GRADED)) == 1
    assert get_exam(crowd).graded_run == 1


def test_a_resumed_grading_marks_no_batch_that_was_written_down(now, crowd, monkeypatch):
    monkeypatch.setattr(grading, "BATCH", 3)
    job_id = close(now, crowd)
    real = jobs.Run.progress

    def kill(run, *, done, total):
        real(run, done=done, total=total)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(jobs.Run, "progress", kill)
        with pytest.raises(KilledError):
            jobs.run_job(job_id)
    now.move(seconds=LEASE_OVER)
    marked, mark_batch = [], grading.mark_batch

    def note(run, paper, sitting_ids):
        marked.extend(sitting_ids)
        return mark_batch(run, paper, sitting_ids)

    monkeypatch.setattr(grading, "mark_batch", note)
    jobs.run_job(job_id)
    assert marked == grading.list_sittings(crowd, is_open=False)[3:]


def test_a_grading_killed_at_its_very_end_is_completed_once(now, crowd, monkeypatch):
    job_id = close(now, crowd)

    def kill(run, *, result):
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "finish", kill)
        with pytest.raises(KilledError):
            jobs.run_job(job_id)
    assert get_exam(crowd).graded_run == 1
    now.move(seconds=LEASE_OVER)
    jobs.run_job(job_id)
    [job] = jobs_of(GRADE_JOB)
    assert job.state is JobState.DONE
    assert len(events(AuditEvent.EXAMS_GRADED)) == 1
    assert get_exam(crowd).graded_run == 1


def test_grading_again_gives_what_is_stored(now, crowd):
    jobs.run_job(close(now, crowd))
    for run in (2, 3):
        order_grading(crowd)
        run_jobs()
        assert get_exam(crowd).graded_run == run
        assert stored(crowd, run) == stored(crowd, 1)
    assert [entry.data["run"] for entry in events(AuditEvent.EXAMS_GRADED)] == [1, 2, 3]


def test_ordering_while_a_grading_waits_gives_the_same_job(now, crowd):
    close(now, crowd)
    assert order_grading(crowd) == order_grading(crowd)
    assert len(jobs_of(GRADE_JOB)) == 1
    assert len(events(AuditEvent.EXAMS_GRADING_ORDERED)) == 1


def test_after_release_nothing_is_graded_again(now):
    exam_id = graded_exam(now, staff=KEY)
    release(exam_id)
    with pytest.raises(RefusedError) as refusal:
        order_grading(exam_id)
    assert str(refusal.value) == grading.ALREADY_RELEASED


def test_a_draft_is_never_graded(exam_id, now):
    now.move(hours=9)
    other = draft(opens_at=now.now, closes_at=now.move(hours=1))
    now.move(hours=2)
    with pytest.raises(RefusedError) as refusal:
        order_grading(other)
    assert str(refusal.value) == grading.STILL_OPEN


def test_the_details_say_what_each_question_earned(now):
    exam_id = graded_exam(now, staff={1: KEY[1], 2: WRONG[2]})
    [(_, _, marks, _, correct, details)] = results_of(exam_id)
    assert {number: Decimal(each) for number, each in details.items()} == {
        "1": Decimal(10),
        "2": Decimal(0),
        "3": Decimal(0),
    }
    assert (marks, correct) == (Decimal(10), 1)
    items = list_result_items(get_exam(exam_id), sitting_of(exam_id, "staff"), details)
    assert [(each.chosen, each.key, each.is_right) for each in items] == [
        ("C", "C", True),
        ("AB", "ABC", False),
        ("未作答", "正确", False),
    ]
    assert len(items) == len(BANK)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE sitting_result SET marks = 3000",
        "UPDATE sitting_result SET is_passed = (1 = 1)",
        "DELETE FROM sitting_result",
        "INSERT INTO sitting_result SELECT * FROM sitting_result",
    ],
    ids=["marks", "verdict", "delete", "once more"],
)
def test_the_database_refuses_to_change_a_result(now, statement):
    exam_id = graded_exam(now, staff={})
    before = results_of(exam_id)
    with pytest.raises(IntegrityError):
        direct(statement)
    db.session.expire_all()
    assert results_of(exam_id) == before


def test_marks_are_never_below_nothing(now):
    exam_id = graded_exam(now, staff={})
    sitting_id = sitting_of(exam_id, "staff").id
    with pytest.raises(IntegrityError), db.write():
        db.session.add(
            SittingResult(
                sitting_id=sitting_id,
                run=9,
                marks=Decimal(-1),
                is_passed=False,
                correct_count=0,
                details={},
            )
        )
