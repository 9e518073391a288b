"""叫回窗口: the clock stands still when the lead confirms it, and runs on; once in an exam."""

import json

import pytest

from app.audit.models import AuditEvent
from app.exams.models import CallBack, CallBackState, HandedInBy
from app.exams.service import call_backs, running
from app.exams.service.running import ControlKind
from app.inbox import service as inbox
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import grant
from tests.exams.factories import answers_of, at_once, events, sitting_of, sweep, twins
from tests.support import cast

pytestmark = pytest.mark.db


def ask(examinee):
    """Ask by the page that asks once more; gives the sitting page that follows."""
    page = examinee.browser.get(f"{examinee.url}/call-back")
    return examinee.browser.follow(examinee.browser.submit(page, form="main form"))


def press(examinee, word, follow=True):
    """Press a button of the stopped page: resume or cancel."""
    answer = examinee.browser.submit(examinee.page(), form=f"#call-back form[action$={word}]")
    return examinee.browser.follow(answer) if follow else answer


def linger(staff, now, minutes):
    """Let time pass without the session going stale."""
    while minutes > 0:
        now.move(minutes=min(20, minutes))
        minutes -= 20
        staff.browser.get("/inbox")


def found(exam_id):
    return db.session.query(CallBack).filter_by(sitting_id=sitting_of(exam_id, "staff").id).one()


def decide(browse, app, exam_id, move, who="lead", **values):
    """Let the lead make a move, from the page to which his inbox leads."""
    with app.app_context():
        url = f"/exams/call-backs/{found(exam_id).id}"
    person = browse(who)
    if move == "confirm":
        return person.follow(person.submit(person.get(url), form="form[action$=confirm]"))
    page = person.get(f"{url}/{move}")
    return person.follow(person.submit(page, values))


def pulse(examinee):
    answer = examinee.browser.client.post(
        f"{examinee.url}/pulse", data={"csrf_token": examinee._token, "known": "0"}
    )
    return json.loads(answer.get_data())


def test_asking_stops_the_clock_and_keeps_what_is_answered(app, now, exam_id, enter):
    staff = enter()
    staff.save(1, ["C"], 1)
    now.move(minutes=10)
    page = ask(staff)
    assert "等窗口负责人确认" in page.text_of("#call-back")
    linger(staff, now, 50)
    said = pulse(staff)
    assert (said["stopped"], said["seconds_left"], said["over"]) == ("call_back", 1800, False)
    assert staff.save(1, ["A"], 2, status=409)["error"] == "stopped"
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        assert answers_of(sitting.id)[1] == (["C"], 1)
        sweep()
        db.session.expire_all()
        assert sitting_of(exam_id, "staff").handed_in_at is None


def test_confirmed_the_clock_runs_on_where_it_stopped(app, now, exam_id, enter, browse):
    staff = enter()
    now.move(minutes=10)
    called = now.now
    ask(staff)
    now.move(minutes=5)
    decide(browse, app, exam_id, "confirm")
    linger(staff, now, 120)
    assert "计时接着走" in press(staff, "resume").text
    assert pulse(staff)["seconds_left"] == 1800
    assert staff.save(1, ["C"], 1)["saved"]
    with app.app_context():
        record = found(exam_id)
        assert (record.state, record.called_at) == (CallBackState.RESUMED, called)
        assert record.resumed_at == now.now
        assert record.confirmed_by_id == cast.person_id("lead")
        assert inbox.get_open("exams.call_back", found(exam_id).id) is None
    path = browse("lead").get(f"/exams/call-backs/{record.id}").text
    assert "10:10" in path
    assert "12:15" in path


def test_it_waits_in_the_inbox_of_the_lead_and_not_of_the_clerk(app, exam_id, enter, browse):
    ask(enter())
    assert "确认叫回" in browse("lead").get("/inbox").text
    assert "确认叫回" not in browse("clerk").get("/inbox").text


def test_a_clerk_confirms_where_the_department_has_no_lead(app, now, exam_id, enter, browse):
    ask(enter("other"))
    with app.app_context():
        sitting_id = sitting_of(exam_id, "other").id
        record_id = db.session.query(CallBack).filter_by(sitting_id=sitting_id).one().id
    clerk = browse("clerk")
    page = clerk.get(f"/exams/call-backs/{record_id}")
    clerk.follow(clerk.submit(page, form="form[action$=confirm]"))
    with app.app_context():
        assert db.session.get_one(CallBack, record_id).state is CallBackState.CONFIRMED
    browse("lead").get(f"/exams/call-backs/{record_id}", status=404)


def test_nobody_confirms_his_own(app, exam_id, enter, browse):
    staff = enter()
    with app.app_context():
        grant("staff", Role.WINDOW_LEAD)
    ask(staff)
    with app.app_context():
        url = f"/exams/call-backs/{found(exam_id).id}"
    assert not browse("staff").get(url).all("form[action$=confirm]")


def test_declined_the_clock_has_never_stopped(app, now, exam_id, enter, browse):
    staff = enter()
    now.move(minutes=10)
    ask(staff)
    now.move(minutes=10)
    decide(browse, app, exam_id, "decline", reason="窗口没有叫人。")
    said = pulse(staff)
    assert (said["stopped"], said["seconds_left"]) == ("", 1200)
    assert "窗口没有叫人" in browse("staff").get("/notices").text
    assert staff.save(1, ["C"], 1)["saved"]


def test_taken_back_it_cannot_be_asked_again(app, now, exam_id, enter):
    staff = enter()
    ask(staff)
    now.move(minutes=3)
    assert "没有停过" in press(staff, "cancel").text
    assert pulse(staff)["seconds_left"] == 37 * 60
    assert staff.browser.client.get(f"{staff.url}/call-back").status_code == 303
    with app.app_context(), pytest.raises(Exception, match="每场只有一次"), db.write():
        call_backs.ask(sitting_id=sitting_of(exam_id, "staff").id, user=cast.principal("staff"))


def test_declined_too_late_the_time_is_over(app, now, exam_id, enter, browse):
    staff = enter()
    staff.save(1, ["C"], 1)
    ask(staff)
    linger(staff, now, 50)
    decide(browse, app, exam_id, "decline", reason="没有这回事。")
    assert pulse(staff)["over"]
    assert staff.save(1, ["A"], 2, status=409)["error"] == "late"


def test_the_close_cuts_what_was_left(app, now, exam_id, enter, browse):
    staff = enter()
    now.move(minutes=10)
    ask(staff)
    decide(browse, app, exam_id, "confirm")
    linger(staff, now, 460)
    page = press(staff, "resume")
    assert "剩余时间按到那时为止计算" in page.text
    assert pulse(staff)["seconds_left"] == 600


def test_after_the_close_nobody_returns_and_the_answers_count(app, now, exam_id, enter, browse):
    now.move(hours=7, minutes=30)
    staff = enter()
    staff.save(1, ["C"], 1)
    ask(staff)
    linger(staff, now, 31)
    decide(browse, app, exam_id, "confirm")
    assert "不能再返回" in press(staff, "resume").text
    now.move(minutes=2)
    with app.app_context():
        sweep()
        assert sitting_of(exam_id, "staff").handed_in_by is HandedInBy.SYSTEM


def test_what_nobody_confirmed_lapses_when_it_is_collected(app, now, exam_id, enter):
    ask(enter())
    now.move(hours=8, minutes=3)
    with app.app_context():
        sweep()
        call_backs.lapse()
        assert found(exam_id).state is CallBackState.CANCELLED
        assert inbox.get_open("exams.call_back", found(exam_id).id) is None


def test_declined_during_a_pause_the_clock_waits_for_the_end_of_it(
    app, now, exam_id, enter, browse
):
    staff = enter()
    now.move(minutes=10)
    ask(staff)
    now.move(minutes=5)
    control(app, exam_id, ControlKind.PAUSE)
    now.move(minutes=5)
    decide(browse, app, exam_id, "decline", reason="窗口没有叫人。")
    said = pulse(staff)
    assert (said["stopped"], said["seconds_left"]) == ("pause", 25 * 60)
    control(app, exam_id, ControlKind.RESUME)
    assert pulse(staff)["seconds_left"] == 25 * 60


def test_nobody_returns_during_a_pause(app, now, exam_id, enter, browse):
    staff = enter()
    ask(staff)
    decide(browse, app, exam_id, "confirm")
    control(app, exam_id, ControlKind.PAUSE)
    assert "正在暂停" in press(staff, "resume").text
    control(app, exam_id, ControlKind.RESUME)
    assert pulse(staff)["stopped"] == "call_back"
    press(staff, "resume")
    assert pulse(staff)["seconds_left"] == 40 * 60


def control(app, exam_id, kind):
    with app.app_context(), db.write():
        running.control(exam_id=exam_id, kind=kind, made_by_id=cast.person_id("clerk"))


def test_asked_twice_at_once_it_is_one(app, exam_id, enter):
    staff = enter()
    page = staff.browser.get(f"{staff.url}/call-back")
    token = page.one("main form input[name=csrf_token]").get("value")
    made = twins(staff.browser, 6)
    for each in made:
        mark = staff.browser.client.get_cookie("exam-device", path="/exams")
        each.client.set_cookie("exam-device", mark.value, path="/exams")
    at_once(
        [
            lambda one=each: (
                one.client.post(f"{staff.url}/call-back", data={"csrf_token": token}).status_code
            )
            for each in made
        ]
    )
    with app.app_context():
        assert found(exam_id).state is CallBackState.ASKED
        begun = [
            each for each in events(AuditEvent.WORKFLOW_BEGUN) if each.object_type == "call_back"
        ]
        assert len(begun) == 1


def test_another_device_takes_over_before_it_returns(app, now, exam_id, enter, browse):
    staff = enter()
    ask(staff)
    decide(browse, app, exam_id, "confirm")
    second = browse("staff")
    page = second.get(staff.url)
    assert "正在另一台设备上作答" in page.text
    second.follow(second.submit(page, form="form[action$=take-over]"))
    page = second.get(staff.url)
    second.follow(second.submit(page, form="form[action$=resume]"))
    with app.app_context():
        assert found(exam_id).state is CallBackState.RESUMED
