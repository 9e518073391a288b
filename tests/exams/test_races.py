"""EX3 and EX4: fifty requests of one person at once begin one sitting and end it once."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.audit.models import AuditEvent
from app.exams.exam_flow import GRADE_JOB
from app.exams.models import HandedInBy, Sitting
from app.exams.service import sittings
from app.exams.service.sittings import SaveOutcome
from app.files import papers
from app.kernel import clock, db
from tests.exams.factories import (
    KEY,
    Examinee,
    answers_of,
    at_once,
    events,
    jobs_of,
    late_of,
    publish_exam,
    released_exam,
    results_of,
    run_jobs,
    save,
    sit,
    sitting_of,
    twins,
)

pytestmark = pytest.mark.db

CROWD = 50


def post(url, **values):
    """Give the act of sending a form, for one of several browsers."""

    def with_browser(browser):
        def act():
            answer = browser.client.post(url, data=values)
            return answer.status_code, answer.headers.get("Location"), answer.get_data()

        return act

    return with_browser


def crowd(browser, act, size=CROWD):
    return at_once([act(each) for each in twins(browser, size)])


def test_fifty_starts_at_once_are_one_start(app, browse, exam_id):
    staff = browse("staff")
    answers = crowd(staff, post(f"/exams/{exam_id}/start", csrf_token=staff.token()))
    assert {status for status, _, _ in answers} == {303}
    [location] = {location for _, location, _ in answers}
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        assert location == f"/exams/sittings/{sitting.public_id}"
        assert db.session.query(Sitting).filter_by(person_id=sitting.person_id).count() == 1
        assert len(events(AuditEvent.EXAMS_STARTED)) == 1


def test_of_starts_at_once_the_first_fixes_the_deadline(app, now, exam_id):
    """Every request reads a later clock; the deadline is that of the one that began."""
    mutex = threading.Lock()

    def ticking():
        with mutex:
            return now.move(seconds=1)

    clock.set_source(ticking)

    def start():
        with app.app_context(), db.write():
            person = sitting_of(exam_id, "staff").person_id
            return sittings.start_sitting(exam_id=exam_id, person_id=person)

    assert len(set(at_once([start] * 20))) == 1
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        assert (sitting.deadline_at - sitting.started_at).total_seconds() == 40 * 60
        [entry] = events(AuditEvent.EXAMS_STARTED)
        # The event is written next to the start: no other request came in between.
        assert (entry.at - sitting.started_at).total_seconds() <= CROWD


def test_fifty_hand_ins_at_once_give_one_receipt_and_one_grading(app, browse):
    with app.app_context():
        exam_id = publish_exam(only=["staff"], releases_when_complete=True)
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    for number, labels in KEY.items():
        staff.save(number, labels, 1)
    token = staff.browser.token()
    answers = crowd(staff.browser, post(f"{staff.url}/hand-in", csrf_token=token))
    assert {(status, location) for status, location, _ in answers} == {
        (303, f"{staff.url}/receipt")
    }
    receipts = crowd(
        staff.browser,
        lambda browser: lambda: Examinee.receipt(browser, staff.url),
        5,
    )
    assert len(set(receipts)) == 1
    with app.app_context():
        assert sitting_of(exam_id, "staff").handed_in_by is HandedInBy.PERSON
        assert len(events(AuditEvent.EXAMS_HANDED_IN)) == 1
        assert len(events(AuditEvent.EXAMS_GRADING_ORDERED)) == 1
        assert len(jobs_of(GRADE_JOB)) == 1
        run_jobs()
        assert len(results_of(exam_id)) == 1
        assert len(events(AuditEvent.EXAMS_GRADED)) == 1


def test_saves_and_hand_ins_at_once_lose_nothing_that_was_promised(app, browse, exam_id):
    """A save that was acknowledged is stored; one that was not is refused as sealed."""
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    token = staff.browser.token()
    saving = post(f"{staff.url}/answers/1", answer="C", revision="1", csrf_token=token)
    ending = post(f"{staff.url}/hand-in", csrf_token=token)
    others = twins(staff.browser, 20)
    answers = at_once(
        [(saving if place % 2 else ending)(each) for place, each in enumerate(others)]
    )
    saves = answers[1::2]
    assert {status for status, _, _ in answers[::2]} == {303}
    assert {status for status, _, _ in saves} <= {200, 409}
    with app.app_context():
        stored = answers_of(sitting_of(exam_id, "staff").id)
    is_promised = 200 in {status for status, _, _ in saves}
    assert stored == ({1: (["C"], 1)} if is_promised else {})
    for status, _, body in saves:
        if status == 409:
            assert json.loads(body)["error"] == "sealed"


def test_a_save_that_overtakes_no_hand_in_waits_for_it(app, exam_id):
    """The hand-in is written but not committed yet: the save must not slip past it."""
    with app.app_context():
        sit(exam_id, "staff", {}, hand_in=False)
        sitting_id = sitting_of(exam_id, "staff").id
    written, may_commit = threading.Event(), threading.Event()

    def end():
        with app.app_context(), db.write():
            sittings.hand_in(sitting_id=sitting_id, received_at=clock.now())
            db.session.flush()
            written.set()
            assert may_commit.wait(10)

    def try_save():
        with app.app_context(), db.write():
            return save(sitting_id, 1, ["C"]).outcome

    with ThreadPoolExecutor(2) as pool:
        ending = pool.submit(end)
        assert written.wait(10)
        saving = pool.submit(try_save)
        threading.Timer(0.3, may_commit.set).start()
        assert saving.result(10) is SaveOutcome.SEALED
        ending.result(10)
    with app.app_context():
        assert answers_of(sitting_id) == {}


def test_older_and_newer_saves_at_once_leave_the_newest(app, browse, exam_id):
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    token = staff.browser.token()
    labels = {revision: "ABC"[revision % 3] for revision in range(1, 21)}
    acts = [
        post(f"{staff.url}/answers/1", answer=label, revision=str(revision), csrf_token=token)
        for revision, label in labels.items()
    ]
    browsers = twins(staff.browser, len(acts))
    answers = at_once([act(each) for act, each in zip(acts, browsers, strict=True)])
    assert answers[-1][0] == 200
    assert {status for status, _, _ in answers} <= {200, 409}
    with app.app_context():
        assert answers_of(sitting_of(exam_id, "staff").id) == {1: ([labels[20]], 20)}


def test_a_late_answer_sent_several_times_at_once_is_kept_once(app, browse, now, exam_id):
    staff = Examinee(browse("staff"), exam_id)
    staff.start()
    now.move(minutes=20)
    staff.page()
    token = staff.browser.token()
    now.move(minutes=22)
    act = post(f"{staff.url}/answers/1", answer="C", revision="1", csrf_token=token)
    assert {status for status, _, _ in crowd(staff.browser, act, 10)} == {409}
    with app.app_context():
        assert late_of(sitting_of(exam_id, "staff").id) == [(1, ["C"], 1)]


def test_a_sheet_ordered_several_times_at_once_is_one_job(app, browse, now):
    with app.app_context():
        exam_id = released_exam(now, staff=KEY)
        public_id = sitting_of(exam_id, "staff").public_id
    staff = browse("staff")
    act = post(f"/exams/sittings/{public_id}/sheet", csrf_token=staff.token())
    answers = crowd(staff, act, 10)
    assert len({location for _, location, _ in answers}) == 1
    with app.app_context():
        assert len(jobs_of(papers.JOB)) == 1
        assert len(events(AuditEvent.FILES_PAPER_ORDERED)) == 1
