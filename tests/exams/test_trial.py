"""An exam that grades and releases itself once everybody on its roll has handed in."""

from datetime import timedelta

import pytest

from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import ExamPhase
from app.exams.service import sittings
from app.kernel import clock, db
from tests.exams.factories import (
    KEY,
    Examinee,
    at_once,
    events,
    get_exam,
    jobs_of,
    publish_exam,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)

pytestmark = pytest.mark.db


def trial(app, **values):
    with app.app_context():
        return publish_exam(releases_when_complete=True, **values)


def phase(app, exam_id):
    with app.app_context():
        return get_exam(exam_id).phase(clock.now())


def test_the_only_examinee_has_his_marks_a_moment_later(app, browse):
    exam_id = trial(app, only=["staff"])
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    for number, labels in KEY.items():
        staff.save(number, labels, 1)
    page = staff.hand_in()
    state = page.one("#release-state")
    assert state.get("hx-get") == f"{staff.url}/receipt"
    assert state.get("hx-trigger") == "every 1s"
    waiting = staff.browser.get(f"{staff.url}/receipt", fragment=True)
    assert waiting.one("#release-state").get("hx-get") == f"{staff.url}/receipt"
    assert f"{staff.url}/result" not in waiting.links()
    with app.app_context():
        run_jobs()
    done = staff.browser.get(f"{staff.url}/receipt", fragment=True, status=286)
    assert done.one("#release-state").get("hx-get") is None
    assert "30分" in staff.browser.get(f"{staff.url}/result").text
    with app.app_context():
        assert events(AuditEvent.WORKFLOW_MOVED)[-1].person_id is None
        assert get_exam(exam_id).released_by_id is None
        assert get_exam(exam_id).release_version == 1


def test_it_waits_for_the_last_one(app):
    exam_id = trial(app)
    with app.app_context():
        sit(exam_id, "staff", KEY)
        sweep()
        assert jobs_of(GRADE_JOB) == []
        assert phase(app, exam_id) is ExamPhase.OPEN
        sit(exam_id, "other", {})
        assert len(jobs_of(GRADE_JOB)) == 1
        run_jobs()
    assert phase(app, exam_id) is ExamPhase.RELEASED


def test_it_does_not_wait_for_whoever_let_his_time_run_out(app, now):
    exam_id = trial(app)
    with app.app_context():
        sit(exam_id, "staff", KEY)
        sit(exam_id, "other", {}, hand_in=False)
        now.move(minutes=41, seconds=6)
        sweep()
        assert phase(app, exam_id) is ExamPhase.OPEN
        now.move(seconds=1)
        sweep()
    assert phase(app, exam_id) is ExamPhase.RELEASED


def test_whoever_never_came_holds_it_up_until_the_end(app, now):
    exam_id = trial(app)
    with app.app_context():
        sit(exam_id, "staff", KEY)
        now.now = get_exam(exam_id).closes_at + timedelta(seconds=66)
        sweep()
        assert phase(app, exam_id) is ExamPhase.CLOSED
        now.move(seconds=1)
        sweep()
    assert phase(app, exam_id) is ExamPhase.RELEASED


def test_two_who_hand_in_last_at_the_same_moment_are_both_seen(app):
    exam_id = trial(app)
    with app.app_context():
        for who in ("staff", "other"):
            sit(exam_id, who, KEY, hand_in=False)
        ids = [sitting_of(exam_id, who).id for who in ("staff", "other")]

    def end(sitting_id):
        def act():
            with app.app_context(), db.write():
                sittings.hand_in(sitting_id=sitting_id, received_at=clock.now())

        return act

    at_once([end(each) for each in ids])
    with app.app_context():
        assert len(jobs_of(GRADE_JOB)) == 1


def test_an_ordinary_exam_waits_for_its_end_and_for_a_chief(app, now, exam_id):
    with app.app_context():
        for who in ("staff", "other"):
            sit(exam_id, who, KEY)
        sweep()
        assert jobs_of(GRADE_JOB) == []
        now.move(hours=8, seconds=67)
        sweep()
        assert events(AuditEvent.EXAMS_RELEASED) == []
    assert phase(app, exam_id) is ExamPhase.GRADED
