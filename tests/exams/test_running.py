"""An exam in the organiser's hands: extra time, pause, collect, message, start by button."""

from datetime import timedelta

import pytest

from app.audit.models import AuditEvent
from app.exams.models import ExamControl, HandedInBy, Sitting
from app.exams.service import grading
from app.kernel import clock, db
from tests.exams.factories import (
    answers_of,
    direct,
    draft,
    events,
    get_exam,
    late_of,
    publish,
    publish_exam,
    results_of,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)
from tests.exams.running import act, pulse
from tests.support import cast

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clerk(browse):
    """Sign in anew for each act: between two of them a session may run out."""
    return lambda: browse("clerk")


def one(app, exam_id, who="staff"):
    with app.app_context():
        return sitting_of(exam_id, who)


@pytest.mark.db
def test_extra_time_for_all_moves_who_sits_and_waits_for_who_comes_later(
    app, exam_id, enter, clerk, now
):
    staff = enter()
    now.move(minutes=20)
    act(clerk, exam_id, "extra-time", minutes="15", text="停电。")
    assert pulse(staff)["seconds_left"] == 35 * 60
    assert pulse(enter("other"))["seconds_left"] == 55 * 60
    with app.app_context():
        assert get_exam(exam_id).control_count == 1
        [entry] = events(AuditEvent.EXAMS_CONTROLLED)
        assert entry.data == {"control": "加时", "minutes": 15, "reason": "停电。"}


@pytest.mark.db
def test_extra_time_for_one_is_his_alone_also_before_he_begins(app, exam_id, enter, clerk):
    staff = enter()
    act(
        clerk, exam_id, "extra-time", one(app, exam_id, "other").public_id, minutes="9", text="慢。"
    )
    assert pulse(staff)["seconds_left"] == 40 * 60
    assert pulse(staff)["notices"] == []
    other = enter("other")
    assert pulse(other)["seconds_left"] == 49 * 60
    assert [each["text"] for each in pulse(other)["notices"]] == ["已给你加时9分钟。"]


@pytest.mark.db
def test_grading_waits_for_extra_time_past_the_close(app, exam_id, enter, clerk, now):
    now.move(hours=7, minutes=40)
    staff = enter()
    act(clerk, exam_id, "extra-time", minutes="10", text="停电。")
    now.move(minutes=25)
    assert staff.save(1, ["C"], 1)["saved"]
    now.move(minutes=4)
    with app.app_context():
        sweep()
        assert results_of(exam_id) == []
        now.move(minutes=3)
        sweep()
        assert len(results_of(exam_id)) == 1


@pytest.mark.db
def test_a_pause_stops_every_save_and_costs_no_time(app, exam_id, enter, clerk, now):
    staff = enter()
    staff.save(1, ["A"], 1)
    now.move(minutes=10)
    act(clerk, exam_id, "pause", text="消防演练。")
    assert staff.save(1, ["C"], 2, status=409) == {"error": "stopped"}
    now.move(minutes=25)
    assert pulse(staff) == {
        "seconds_left": 30 * 60,
        "stopped": "pause",
        "controls": 1,
        "notices": [],
        "over": False,
        "taken": False,
    }
    with app.app_context():
        sweep()
        assert answers_of(sitting_of(exam_id, "staff").id) == {1: (["A"], 1)}
        assert late_of(sitting_of(exam_id, "staff").id) == []
    act(clerk, exam_id, "resume")
    assert pulse(staff)["seconds_left"] == 30 * 60
    assert staff.save(1, ["C"], 2)["saved"]


@pytest.mark.db
def test_nobody_begins_while_the_exam_is_paused(browse, exam_id, clerk):
    act(clerk, exam_id, "pause", text="消防演练。")
    browser = browse("staff")
    notice = browser.get(f"/exams/{exam_id}")
    answer = browser.submit(notice, form="form[action$=start]")
    assert "正在暂停" in browser.follow(answer).text_of("body")
    act(clerk, exam_id, "resume")
    assert browser.submit(notice, form="form[action$=start]").location.startswith("/exams/sittings")


def test_nobody_hands_in_while_the_clock_stands_still(exam_id, enter, clerk, app):
    staff = enter()
    act(clerk, exam_id, "pause", text="消防演练。")
    answer = staff.browser.post(f"{staff.url}/hand-in", {"csrf_token": staff.browser.token()})
    assert answer.location == staff.url
    assert "考试暂停，计时停住" in staff.browser.follow(answer).text_of("body")
    assert one(app, exam_id).handed_in_at is None


@pytest.mark.db
def test_what_a_pause_gives_back_ends_at_the_close(app, exam_id, enter, clerk, now):
    now.move(hours=7, minutes=40)
    staff = enter()
    act(clerk, exam_id, "pause", text="消防演练。")
    now.move(minutes=15)
    act(clerk, exam_id, "resume")
    assert pulse(staff)["seconds_left"] == 5 * 60
    assert one(app, exam_id).deadline_at == get_in(app, exam_id).closes_at


def put_on_roll(exam_id, who):
    home = cast.department_ids()[0]
    with db.write():
        db.session.add(
            Sitting(
                public_id="0" * 16,
                receipt="X",
                exam_id=exam_id,
                person_id=cast.person_id(who),
                department_id=home,
            )
        )


def get_in(app, exam_id):
    with app.app_context():
        return get_exam(exam_id)


@pytest.mark.db
def test_a_pause_of_one_is_his_alone(app, exam_id, enter, clerk, now):
    staff, other = enter(), enter("other")
    key = one(app, exam_id).public_id
    act(clerk, exam_id, "pause", key, text="核对身份。")
    now.move(minutes=5)
    assert other.save(1, ["C"], 1)["saved"]
    assert staff.save(1, ["C"], 1, status=409) == {"error": "stopped"}
    # Everybody goes on after a pause of all; he was stopped for another reason.
    act(clerk, exam_id, "pause", text="消防演练。")
    act(clerk, exam_id, "resume")
    assert pulse(staff)["stopped"] == "pause"
    act(clerk, exam_id, "resume", key)
    assert pulse(staff)["seconds_left"] == 40 * 60


@pytest.mark.db
def test_who_stands_still_is_ended_only_after_the_close(app, exam_id, enter, clerk, now):
    staff = enter()
    staff.save(1, ["C"], 1)
    act(clerk, exam_id, "pause", text="消防演练。")
    now.move(hours=7, minutes=59)
    with app.app_context():
        grading.sweep()
        assert sitting_of(exam_id, "staff").handed_in_at is None
        now.move(minutes=2, seconds=8)
        sweep()
        run_jobs()
        assert sitting_of(exam_id, "staff").handed_in_by is HandedInBy.SYSTEM
        assert len(results_of(exam_id)) == 1


@pytest.mark.db
def test_collecting_hands_in_as_of_now_and_keeps_the_answers(app, exam_id, enter, clerk, now):
    staff = enter()
    staff.save(1, ["C"], 1)
    act(clerk, exam_id, "pause", text="消防演练。")
    now.move(minutes=3)
    act(clerk, exam_id, "collect", text="提前结束。")
    assert pulse(staff)["over"]
    assert staff.save(2, ["A"], 1, status=409)["error"] == "late"
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        assert (sitting.handed_in_by, sitting.handed_in_at) == (HandedInBy.ORGANISER, clock.now())
        assert answers_of(sitting.id) == {1: (["C"], 1)}
        assert sitting_of(exam_id, "other").started_at is None
    assert "已交卷" in clerk().get(f"/exams/papers/{exam_id}/live").text_of("main")


@pytest.mark.db
def test_the_last_collected_paper_orders_the_grading(app, clerk):
    with app.app_context():
        exam_id = publish_exam(only=["staff"], releases_when_complete=True)
        sit(exam_id, "staff", {1: ["C"]}, hand_in=False)
    act(clerk, exam_id, "collect", text="提前结束。")
    with app.app_context():
        run_jobs()
        assert len(results_of(exam_id)) == 1


def test_a_message_reaches_its_reader_once_he_asks_and_nobody_else(app, exam_id, enter, clerk):
    staff, other = enter(), enter("other")
    act(clerk, exam_id, "message", text="还有二十分钟。")
    act(clerk, exam_id, "message", one(app, exam_id).public_id, text="请看第3题。")
    said = pulse(staff)
    assert [each["text"] for each in said["notices"]] == ["还有二十分钟。", "请看第3题。"]
    assert [each["text"] for each in pulse(other)["notices"]] == ["还有二十分钟。"]
    assert said["controls"] == 2
    assert pulse(staff, known="2")["notices"] == []
    assert [each["text"] for each in pulse(staff, known="1")["notices"]] == ["请看第3题。"]


@pytest.mark.db
def test_an_exam_with_a_button_opens_by_it_alone(app, browse, clerk):
    with app.app_context():
        exam_id = draft()
        direct("UPDATE exam SET starts_by_button = true WHERE id = :id", id=exam_id)
        publish(exam_id)
    assert not browse("staff").get(f"/exams/{exam_id}").all("form[action$=start]")
    act(clerk, exam_id, "start")
    assert browse("staff").get(f"/exams/{exam_id}").all("form[action$=start]")
    again = act(clerk, exam_id, "start", status=422)
    assert "已经开考" in again.text_of("main")


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("message", {"text": ""}, "请写消息"),
        ("extra-time", {"minutes": "0", "text": "停电。"}, "1至240分钟"),
        ("extra-time", {"minutes": "", "text": "停电。"}, "请写加几分钟"),
        ("extra-time", {"minutes": "5", "text": ""}, "请写原因"),
        ("collect", {"text": ""}, "请写原因"),
        ("resume", {}, "没有暂停"),
        ("start", {}, "不用开考"),
    ],
)
def test_an_act_without_what_it_needs_does_nothing(app, exam_id, enter, clerk, name, values, said):
    enter()
    page = act(clerk, exam_id, name, status=422, **values)
    assert said in page.text_of("main")
    with app.app_context():
        assert get_exam(exam_id).control_count == 0
        assert db.session.query(ExamControl).count() == 0


def test_nobody_acts_on_an_exam_that_he_sits(app, browse):
    with app.app_context():
        exam_id = publish_exam()
        put_on_roll(exam_id, "chief")
    for path in ("", "/acts/message"):
        browse("chief").get(f"/exams/papers/{exam_id}/live{path}", status=404)
        browse("clerk").get(f"/exams/papers/{exam_id}/live{path}")
