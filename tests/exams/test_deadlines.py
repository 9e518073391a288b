"""EX2: the server's clock decides, to the second, about the window and about each deadline."""

from datetime import timedelta

import pytest

from app.exams.models import GRACE, HandedInBy
from app.exams.service.sittings import SaveOutcome
from app.kernel import db
from tests.exams.factories import (
    MINUTES,
    Examinee,
    answers_of,
    late_of,
    publish_exam,
    results_of,
    save,
    sit,
    sitting_of,
    sweep,
    twins,
)


def to(now, moment):
    """Move the clock to an instant without letting the session go idle."""
    now.now = moment


def deadline_of(app, exam_id, who="staff"):
    with app.app_context():
        return sitting_of(exam_id, who).deadline_at


@pytest.mark.db
@pytest.mark.parametrize("seconds", [-1, 0, 1, 60, 61])
def test_an_answer_counts_until_a_minute_after_the_deadline(app, now, exam_id, enter, seconds):
    is_kept = seconds <= 60
    staff = enter()
    deadline = deadline_of(app, exam_id)
    assert deadline == now.now + timedelta(minutes=MINUTES)
    now.move(minutes=20)
    staff.page()
    to(now, deadline + timedelta(seconds=seconds))
    answer = staff.save(1, ["C"], 1, status=200 if is_kept else 409)
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        if is_kept:
            assert answer["saved"] is True
            assert answers_of(sitting.id) == {1: (["C"], 1)}
            assert late_of(sitting.id) == []
        else:
            assert (answer["error"], answer["kept"]) == ("late", True)
            assert answers_of(sitting.id) == {}
            assert late_of(sitting.id) == [(1, ["C"], 1)]


@pytest.mark.db
@pytest.mark.parametrize("seconds", [-1, 60, 61])
def test_handing_in_counts_until_a_minute_after_the_deadline(app, now, exam_id, enter, seconds):
    by = HandedInBy.PERSON if seconds <= 60 else HandedInBy.SYSTEM
    staff = enter()
    deadline = deadline_of(app, exam_id)
    now.move(minutes=20)
    staff.page()
    to(now, deadline + timedelta(seconds=seconds))
    page = staff.hand_in()
    assert ("系统已按最后保存的答案交卷" in page.text) == (by is HandedInBy.SYSTEM)
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        assert sitting.handed_in_by is by
        at = deadline if by is HandedInBy.SYSTEM else now.now
        assert sitting.handed_in_at == at


@pytest.mark.db
def test_the_end_of_the_window_cuts_the_time_short(app, now, browse):
    with app.app_context():
        exam_id = publish_exam(closes_at=now.now + timedelta(hours=1))
    closes = now.now + timedelta(hours=1)
    now.move(minutes=20)
    Examinee(browse("staff"), exam_id).start()
    assert deadline_of(app, exam_id) == closes
    to(now, closes - timedelta(seconds=1))
    page = Examinee(browse("other"), exam_id).start()
    assert deadline_of(app, exam_id, "other") == closes
    assert page.one("#exam").get("data-seconds") == "1"


@pytest.mark.db
@pytest.mark.parametrize(("seconds", "is_open"), [(-1, False), (0, True)])
def test_nobody_begins_before_the_exam_opens(app, now, browse, seconds, is_open):
    opens = now.now + timedelta(minutes=5)
    with app.app_context():
        exam_id = publish_exam(opens_at=opens, closes_at=opens + timedelta(hours=1))
    staff = browse("staff")
    to(now, opens + timedelta(seconds=seconds))
    check_start(app, staff, exam_id, is_open)


@pytest.mark.db
@pytest.mark.parametrize(("seconds", "is_open"), [(-1, True), (0, False), (30, False)])
def test_nobody_begins_once_the_exam_has_closed(app, now, browse, seconds, is_open):
    closes = now.now + timedelta(minutes=45)
    with app.app_context():
        exam_id = publish_exam(closes_at=closes)
    to(now, closes + timedelta(seconds=seconds))
    check_start(app, browse("staff"), exam_id, is_open)


def check_start(app, staff, exam_id, is_open):
    """Look whether the notice offers the way in, and whether the server lets somebody in."""
    notice = staff.get(f"/exams/{exam_id}")
    assert bool(notice.all("form[action$=start]")) == is_open
    answer = staff.post(f"/exams/{exam_id}/start", {"csrf_token": staff.token()})
    assert ("/sittings/" in answer.location) == is_open
    if not is_open:
        assert "没有开放" in staff.follow(answer).text
    with app.app_context():
        assert (sitting_of(exam_id, "staff").started_at is not None) == is_open


def test_coming_back_does_not_give_more_time(app, now, exam_id, enter, browse):
    examinee = enter()
    deadline = deadline_of(app, exam_id)
    now.move(minutes=25)
    [again] = twins(examinee.browser, 1)
    page = again.follow(again.post(f"/exams/{exam_id}/start", {"csrf_token": again.token()}))
    assert page.one("#exam").get("data-seconds") == str(15 * 60)
    assert deadline_of(app, exam_id) == deadline


@pytest.mark.parametrize(("minutes", "low"), [(3, 45), (10, 150), (40, 300), (240, 300)])
def test_the_page_warns_when_time_is_short(app, browse, minutes, low):
    with app.app_context():
        exam_id = publish_exam(minutes=minutes)
    page = Examinee(browse("staff"), exam_id).start()
    assert page.one("#exam").get("data-low") == str(low)
    assert page.one("#exam").get("data-seconds") == str(minutes * 60)


def test_the_clock_on_the_page_never_shows_less_than_nothing(app, now, exam_id, enter):
    staff = enter()
    now.move(minutes=20)
    staff.page()
    now.move(minutes=20, seconds=30)
    page = staff.page()
    assert page.one("#exam").get("data-seconds") == "0"
    assert page.text_of("[data-timer]") == "00:00"


@pytest.mark.db
def test_waiting_for_the_gate_costs_nobody_his_answer(app, now, exam_id):
    """The request came in time; only its turn to write came after the grace."""
    with app.app_context():
        sit(exam_id, "staff", {}, hand_in=False)
        sitting = sitting_of(exam_id, "staff")
        arrived = sitting.deadline_at + GRACE
        now.now = arrived + timedelta(seconds=4)
        with db.write():
            saved = save(sitting.id, 1, ["C"], at=arrived)
        assert saved.outcome is SaveOutcome.SAVED
        assert answers_of(sitting.id) == {1: (["C"], 1)}


@pytest.mark.db
@pytest.mark.parametrize("is_at_close", [False, True])
def test_nothing_is_sealed_while_a_save_that_came_in_time_may_wait(app, now, exam_id, is_at_close):
    """It arrived in the last second of the grace and waits at the gate when the sweep comes by."""
    with app.app_context():
        if is_at_close:
            now.move(hours=7, minutes=30)
        sit(exam_id, "staff", {}, hand_in=False)
        sitting = sitting_of(exam_id, "staff")
        arrived = sitting.deadline_at + GRACE
        now.now = arrived + timedelta(seconds=db.GATE_TIMEOUT_SECONDS)
        sweep()
        with db.write():
            saved = save(sitting.id, 1, ["C"], at=arrived)
        assert saved.outcome is SaveOutcome.SAVED
        assert results_of(exam_id) == []
        now.move(seconds=2)
        sweep()
        assert sitting_of(exam_id, "staff").handed_in_by is HandedInBy.SYSTEM
        assert [row[4] for row in results_of(exam_id)] == ([1] if is_at_close else [])
