"""No rule waits for the sweep: what the clock decides is derived on reading, then written down."""

from datetime import timedelta

import pytest

from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import ExamPhase, HandedInBy
from app.exams.service import grading
from app.kernel import clock, db
from tests.accounts.factories import counted_writes
from tests.exams.factories import (
    KEY,
    answers_of,
    direct,
    events,
    get_exam,
    jobs_of,
    order_grading,
    publish_exam,
    results_of,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast


@pytest.fixture
def run_out(app, now, exam_id):
    """One has begun and let his time run out, one has never come; nothing is written down yet."""
    with app.app_context():
        sit(exam_id, "staff", {1: ["C"]}, hand_in=False)
        sitting = sitting_of(exam_id, "staff")
    now.now = sitting.deadline_at + timedelta(seconds=67)
    return sitting


def main_texts(browse, sitting):
    """Read all pages that tell how far somebody is."""
    paper = f"/exams/papers/{sitting.exam_id}"
    mine = f"/exams/sittings/{sitting.public_id}"
    places = {
        "staff": ["/", "/exams", f"/exams/{sitting.exam_id}", f"{mine}/receipt"],
        "clerk": [
            "/",
            paper,
            f"{paper}/results",
            f"{paper}/results?state=ended",
            f"{paper}/results?state=begun",
            f"{paper}/results?state=absent",
        ],
    }
    return {
        path: browser.get(path).text_of("main")
        for who, paths in places.items()
        for browser in [browse(who)]
        for path in paths
    }


@pytest.mark.db
def test_every_page_says_the_same_before_and_after_the_sweep(app, browse, run_out):
    before = main_texts(browse, run_out)
    with app.app_context():
        assert sitting_of(run_out.exam_id, "staff").handed_in_at is None
        grading.sweep()
        written = sitting_of(run_out.exam_id, "staff")
        assert written.handed_in_by is HandedInBy.SYSTEM
        assert written.handed_in_at == run_out.deadline_at
    assert main_texts(browse, run_out) == before
    results = f"/exams/papers/{run_out.exam_id}/results"
    assert "到时自动交卷" in before[results]
    assert cast.name_of("staff") in before[f"{results}?state=ended"]
    assert "没有符合条件的记录" in before[f"{results}?state=begun"]
    assert "已交卷1人" in before[f"/exams/papers/{run_out.exam_id}"]


@pytest.mark.db
def test_a_sitting_whose_grace_has_not_passed_is_left_alone(app, now, run_out):
    now.move(seconds=-1)
    with app.app_context():
        grading.sweep()
        assert sitting_of(run_out.exam_id, "staff").handed_in_at is None


def test_the_sweep_keeps_what_was_saved(app, run_out):
    with app.app_context():
        grading.sweep()
        assert answers_of(run_out.id) == {1: (["C"], 1)}


@pytest.mark.db
def test_the_sweep_orders_the_grading_of_a_closed_exam_once(app, now, exam_id):
    with app.app_context():
        sit(exam_id, "staff")
        now.now = get_exam(exam_id).closes_at + timedelta(seconds=66)
        grading.sweep()
        assert jobs_of(GRADE_JOB) == []
        now.move(seconds=1)
        for _ in range(3):
            grading.sweep()
        assert len(jobs_of(GRADE_JOB)) == 1
        run_jobs()
        for _ in range(3):
            sweep()
        assert len(jobs_of(GRADE_JOB)) == 1
        assert len(events(AuditEvent.EXAMS_GRADING_ORDERED)) == 1
        [entry] = events(AuditEvent.EXAMS_GRADED)
        assert (entry.person_id, entry.data) == (None, {"run": 1, "sittings": 1})


@pytest.mark.db
def test_a_first_grading_that_ended_since_the_look_is_not_repeated(app, now, exam_id, monkeypatch):
    """Between look and write another worker may have graded the exam."""
    now.move(hours=8, seconds=67)
    with app.app_context():
        look = grading.wants_grading

        def look_and_wait(*arguments):
            found = look(*arguments)
            db.session.close()
            direct("UPDATE exam SET graded_run = 1")
            return found

        monkeypatch.setattr(grading, "wants_grading", look_and_wait)
        grading.sweep()
        assert jobs_of(GRADE_JOB) == []
        assert get_exam(exam_id).graded_run == 1


def test_a_sweep_with_nothing_to_do_writes_nothing(app, exam_id):
    with app.app_context():
        sit(exam_id, "staff", {}, hand_in=False)
        with counted_writes() as written:
            grading.sweep()
        assert written == []


@pytest.mark.db
def test_more_than_a_batch_is_written_down_in_several_rounds(app, now, monkeypatch):
    monkeypatch.setattr(grading, "BATCH", 2)
    with app.app_context():
        people = cast.add_staff(5)
        exam_id = publish_exam(only=people)
        for person in people:
            sit(exam_id, person, {}, hand_in=False)
        now.move(minutes=41, seconds=7)
        open_after = []
        for _ in range(3):
            grading.sweep()
            still = [each for each in people if sitting_of(exam_id, each).handed_in_at is None]
            open_after.append(len(still))
        assert open_after == [3, 1, 0]


@pytest.mark.db
def test_grading_itself_ends_what_the_sweep_has_not_reached(app, now, exam_id):
    with app.app_context():
        sit(exam_id, "staff", {1: ["C"]}, hand_in=False)
        now.move(hours=8, seconds=67)
        order_grading(exam_id)
        run_jobs()
        assert len(results_of(exam_id)) == 1
        assert sitting_of(exam_id, "staff").handed_in_by is HandedInBy.SYSTEM
        assert sitting_of(exam_id, "other").handed_in_at is None


@pytest.mark.parametrize(
    ("hours", "phase"),
    [
        (-1, ExamPhase.SCHEDULED),
        (0, ExamPhase.OPEN),
        (7.999, ExamPhase.OPEN),
        (8, ExamPhase.CLOSED),
        (800, ExamPhase.CLOSED),
    ],
)
def test_the_phase_of_an_exam_is_read_off_the_clock(app, exam_id, hours, phase):
    with app.app_context():
        exam = get_exam(exam_id)
        assert exam.phase(exam.opens_at + timedelta(hours=hours)) is phase


def test_phases_after_the_end_are_read_off_the_record(app, now, exam_id):
    with app.app_context():
        sit(exam_id, "staff", KEY)
        now.move(hours=8, seconds=67)
        sweep()
        assert get_exam(exam_id).phase(clock.now()) is ExamPhase.GRADED
        with db.write():
            grading.release_results(exam_id=exam_id, released_by_id=cast.person_id("chief"))
        assert get_exam(exam_id).phase(clock.now()) is ExamPhase.RELEASED
