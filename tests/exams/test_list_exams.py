"""My exams, what the home page says of them, and what organisers see of all papers."""

import io
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from app.audit.models import AuditEvent
from tests.exams.factories import (
    KEY,
    Examinee,
    draft,
    events,
    graded_exam,
    publish_exam,
    release,
    released_exam,
    sit,
    sitting_of,
    submit,
    sweep,
)
from tests.support import cast


def sheet(answer):
    header, *found = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    )
    return [dict(zip(header, row, strict=True)) for row in found]


def task(browse, who="staff"):
    found = browse(who).get("/").all(".task")
    return ["".join(each.itertext()) for each in found]


@pytest.mark.db
def test_the_home_page_leads_into_an_open_exam(app, browse, exam_id):
    staff = browse("staff")
    page = staff.get("/")
    assert page.one(".task a").get("href") == f"/exams/{exam_id}"
    for words in ("2026年11月一月一考", "开放至20日18:00", "限时40分钟", "未参加", "进入考试"):
        assert words in page.text_of(".task")
    examinee = Examinee(staff, exam_id)
    examinee.start()
    page = staff.get("/")
    assert page.one(".task a").get("href") == examinee.url
    assert "继续作答" in page.text_of(".task")
    examinee.hand_in()
    page = staff.get("/")
    assert not page.all(".task")
    assert "已交卷，等待公布成绩" in page.text
    assert f"{examinee.url}/receipt" in page.links()


def test_an_exam_that_has_not_opened_waits_in_silence(app, browse, now):
    with app.app_context():
        publish_exam(opens_at=now.now + timedelta(hours=1))
    page = browse("staff").get("/")
    assert not page.all(".task")
    assert "2026年11月一月一考" not in page.text
    assert "待开放" in browse("staff").get("/exams").text


def test_whoever_missed_an_exam_is_told_without_reproach(app, browse, now, exam_id):
    now.move(hours=8)
    page = browse("staff").get("/")
    assert "缺考" in page.text
    assert not page.all(".task")


@pytest.mark.db
def test_the_home_page_shows_marks_only_after_release(app, browse, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=KEY)
    page = browse("staff").get("/")
    assert "等待公布成绩" in page.text
    assert "30分" not in page.text
    assert "30分" not in browse("staff").get("/exams").text
    with app.app_context():
        release(exam_id)
        public_id = sitting_of(exam_id, "staff").public_id
    page = browse("staff").get("/")
    assert "30分，合格" in page.text
    assert f"/exams/sittings/{public_id}/result" in page.links()
    assert "30分，合格" in browse("staff").get("/exams").text


def test_an_organisers_home_page_says_what_waits_for_him(app, browse, now):
    with app.app_context():
        draft(title="甲考")
        submit(draft(title="乙考"))
    waiting = {who: browse(who).get("/").text_of("main") for who in ("clerk", "chief")}
    assert "甲考" in waiting["clerk"]
    assert "乙考" not in waiting["clerk"]
    assert "乙考" in waiting["chief"]
    assert "甲考" not in waiting["chief"]


def test_each_sees_his_own_exams_only(app, browse):
    with app.app_context():
        publish_exam(only=["staff"], title="单知远的考试")
    assert "单知远的考试" in browse("staff").get("/exams").text
    assert "单知远的考试" not in browse("other").get("/exams").text
    browse("clerk").get("/exams", status=403)


@pytest.mark.db
def test_my_list_can_be_exported_with_times_as_the_hall_reads_them(app, browse, now):
    with app.app_context():
        released_exam(now, staff=KEY)
        publish_exam(title="下一场")
    found = sheet(browse("staff").get("/exams/export?sort=title"))
    assert [row["考试"] for row in found] == ["2026年11月一月一考", "下一场"]
    assert found[0]["开放时间"] == "2026-11-20 10:00"
    assert [row["成绩"] for row in found] == ["30分，合格", "未公布"]
    with app.app_context():
        [entry] = events(AuditEvent.RECORD_EXPORTED)
        assert (entry.object_type, entry.person_id) == ("my-exams", cast.person_id("staff"))


@pytest.mark.db
def test_organisers_list_all_papers_by_state(app, browse, now):
    with app.app_context():
        draft(title="甲考")
        submit(draft(title="乙考"))
        publish_exam(title="丙考")
    chief = browse("chief")

    def titles(query):
        return [each.text.strip() for each in chief.get(f"/exams/papers{query}").all("tbody a")]

    assert sorted(titles("")) == ["丙考", "乙考", "甲考"]
    assert titles("?state=draft") == ["甲考"]
    assert titles("?state=submitted") == ["乙考"]
    assert titles("?state=published") == ["丙考"]
    assert titles("?q=丙") == ["丙考"]
    assert titles("?sort=questions&state=published") == ["丙考"]
    found = sheet(chief.get("/exams/papers/export?state=published"))
    assert [(row["考试"], row["题数"]) for row in found] == [("丙考", 3)]
    with app.app_context():
        [entry] = events(AuditEvent.RECORD_EXPORTED)
        assert entry.object_type == "exam"


def test_an_empty_list_leads_a_clerk_to_his_first_draft(browse):
    assert "/exams/papers/new" in browse("clerk").get("/exams/papers").links()
    assert "/exams/papers/new" not in browse("chief").get("/exams/papers").links()
    assert "还没有起草过考试。" in browse("chief").get("/exams/papers").text


def test_the_list_answers_htmx_with_the_list_alone(app, browse, exam_id):
    for who, path in (("staff", "/exams"), ("chief", "/exams/papers")):
        page = browse(who).get(f"{path}?q=一考", fragment=True)
        assert "<html" not in page.body
        assert len(page.all("tbody tr")) == 1


def test_of_several_open_exams_the_one_that_closes_first_stands_first(app, browse, now):
    with app.app_context():
        publish_exam(title="后结束", closes_at=now.now + timedelta(hours=9))
        publish_exam(title="先结束", closes_at=now.now + timedelta(hours=2))
    first, second = task(browse)
    assert "先结束" in first
    assert "后结束" in second
    with app.app_context():
        sit(publish_exam(title="已交"), "staff")
    assert len(task(browse)) == 2


@pytest.mark.db
def test_my_course_has_my_released_months_alone(app, browse, now):
    with app.app_context():
        for title, is_out in (("九月一月一考", True), ("十月一月一考", True), ("训后", False)):
            exam_id = publish_exam(title=title)
            sit(exam_id, "staff", KEY if title != "十月一月一考" else {1: KEY[1]})
            sit(exam_id, "other", {})
            now.move(hours=8, seconds=67)
            sweep()
            if is_out:
                release(exam_id)
            now.move(days=3)
    chart = browse("staff").get("/exams").one("#course svg")
    assert chart.get("aria-label") == "得分率：11月100，11月33"
    assert not browse("clerk").get("/exams/papers").all("#course")


def test_a_single_month_is_no_course(app, browse, now):
    with app.app_context():
        released_exam(now, staff=KEY)
    assert not browse("staff").get("/exams").all("#course")
