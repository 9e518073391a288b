"""A result: one's own after release, anybody's for an organiser after grading, who is written down."""

import pytest

from app.audit.models import AuditEvent
from tests.exams.factories import (
    KEY,
    WRONG,
    Examinee,
    events,
    graded_exam,
    publish_exam,
    release,
    released_exam,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast

ANSWERS = {1: WRONG[1], 2: KEY[2]}


@pytest.fixture
def released(app, now):
    """The staff member has question 1 wrong, 2 right, and left 3 out."""
    with app.app_context():
        return released_exam(now, staff=ANSWERS)


def my_url(app, exam_id, who="staff"):
    with app.app_context():
        return f"/exams/sittings/{sitting_of(exam_id, who).public_id}/result"


@pytest.mark.db
def test_my_result_shows_what_was_wrong_and_what_it_rests_on(app, browse, released):
    page = browse("staff").get(my_url(app, released))
    assert "得分 10分" in page.text
    assert "不合格" in page.text
    assert "答错或未答的2道题" in page.text
    first, third = page.all("main > .result-item")
    texts = ["".join(each.itertext()) for each in (first, third)]
    assert "你的答案：A" in texts[0]
    assert "正确答案：C" in texts[0]
    assert "依据：2023年清廉窗口创建实施方案三（四）10" in texts[0]
    assert "解析：承诺要写明多长时间。" in texts[0]
    assert "得0/10分" in texts[0]
    assert "你的答案：未作答" in texts[1]
    assert "正确答案：正确" in texts[1]
    [right] = page.all("details .result-item")
    assert right.get("aria-label") == "第2题"


@pytest.mark.db
def test_before_release_the_result_leads_back_to_the_notice(app, browse, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=ANSWERS)
    staff = browse("staff")
    url = my_url(app, exam_id)
    assert staff.get(url, status=303).location == f"/exams/{exam_id}"
    staff.get(url.replace("result", "sheet.pdf"), status=404)
    sent = {"csrf_token": staff.token()}
    staff.post(url.replace("result", "sheet"), sent, status=409)


def test_everything_right_is_said(app, browse, now):
    with app.app_context():
        exam_id = released_exam(now, staff=KEY)
    page = browse("staff").get(my_url(app, exam_id))
    assert "全部答对" in page.text
    assert not page.all("main > .result-item")


def test_whoever_did_not_come_has_no_result_and_is_told_so(app, browse, released):
    other = browse("other")
    page = other.get(my_url(app, released, "other"))
    assert "没有参加" in page.text
    assert not page.all("form[action$=sheet]")
    sent = {"csrf_token": other.token()}
    url = my_url(app, released, "other").replace("result", "sheet")
    other.post(url, sent, status=409)


def test_the_notice_leads_to_the_result(app, browse, released):
    page = browse("staff").get(f"/exams/{released}")
    assert my_url(app, released) in page.links()


def test_my_list_shows_my_marks_with_the_verdict(app, browse, released):
    page = browse("staff").get("/exams?released=yes")
    assert "10分，不合格" in page.text
    assert my_url(app, released) in page.links()
    assert "还没有" not in page.text
    assert "没有符合条件的记录" in browse("staff").get("/exams?released=no").text


@pytest.mark.db
def test_an_organiser_who_opens_a_result_is_written_down(app, browse, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=ANSWERS)
        public_id = sitting_of(exam_id, "staff").public_id
    clerk = browse("clerk")
    [href] = {
        each
        for each in clerk.get(f"/exams/papers/{exam_id}/results").links()
        if each.endswith(public_id)
    }
    page = clerk.get(href)
    assert f"{cast.name_of('staff')}的成绩" in page.text
    assert "作答：A" in page.text
    assert not page.all("form[action$=sheet]")
    with app.app_context():
        [entry] = [each for each in events(AuditEvent.RECORD_READ) if each.object_type == "sitting"]
        assert entry.person_id == cast.person_id("clerk")
        assert (entry.object_type, entry.object_id) == ("sitting", public_id)


def test_looking_at_ones_own_result_is_not_written_down(app, browse, released):
    browse("staff").get(my_url(app, released))
    with app.app_context():
        assert events(AuditEvent.RECORD_READ) == []


def test_what_has_no_result_is_not_found_and_not_written_down(app, browse, released):
    clerk = browse("clerk")
    with app.app_context():
        absent = sitting_of(released, "other").public_id
        other_exam = publish_exam()
        sat = sitting_of(released, "staff").public_id
    for path in (f"{released}/results/{absent}", f"{other_exam}/results/{sat}"):
        clerk.get(f"/exams/papers/{path}", status=404)
    clerk.get(f"/exams/papers/{released}/results/nobodys-sitting1", status=404)
    with app.app_context():
        assert events(AuditEvent.RECORD_READ) == []


def test_staff_can_not_open_the_organisers_page_of_their_own_result(app, browse, released):
    with app.app_context():
        public_id = sitting_of(released, "staff").public_id
    browse("staff").get(f"/exams/papers/{released}/results/{public_id}", status=403)


def test_a_sitting_that_ran_out_of_time_has_a_result(app, browse, now):
    with app.app_context():
        exam_id = publish_exam()
        sit(exam_id, "staff", {1: KEY[1]}, hand_in=False)
        now.move(hours=8, seconds=67)
        sweep()
        release(exam_id)
    assert "得分 10分" in browse("staff").get(my_url(app, exam_id)).text


def test_the_receipt_leads_to_the_result_once_it_is_out(app, browse, released):
    url = my_url(app, released).replace("result", "receipt")
    staff = browse("staff")
    assert my_url(app, released) in staff.get(url).links()
    fragment = staff.get(url, fragment=True, status=286)
    assert my_url(app, released) in fragment.links()


def test_somebody_else_never_sees_my_result(app, browse, released):
    other = browse("other")
    for end in ("result", "receipt", "sheet.pdf"):
        other.get(my_url(app, released).replace("result", end), status=404)
    mine = Examinee(other, released)
    assert mine.browser.get(my_url(app, released, "other")).status == 200
