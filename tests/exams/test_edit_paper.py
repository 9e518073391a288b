"""The settings of an exam: typed in, refused beside their fields, changed while it is a draft."""

from datetime import datetime
from decimal import Decimal

import pytest

from app.audit.models import AuditEvent
from app.exams.models import Exam, ExamState
from app.exams.service import choosing, papers
from app.kernel import clock, db
from tests.accounts.factories import grant
from tests.exams.factories import draft, events, get_exam, publish_exam, submit
from tests.support import cast

NEW = "/exams/papers/new"
FORM = {
    "title": "2026年12月一月一考",
    "opens_at": "2026-12-18T09:00",
    "closes_at": "2026-12-21T18:00",
    "minutes": "40",
    "pass_marks": "60",
    "notice": "办件优先。",
}


def local(*parts):
    return clock.from_local(datetime(*parts))  # noqa: DTZ001 - from_local gives the zone.


def send(browse, status=303, **values):
    clerk = browse("clerk")
    page = clerk.get(NEW)
    boxes = [each.get("value") for each in page.all("[name=department_ids]")]
    return clerk.submit(page, {**FORM, "department_ids": boxes, **values}, status=status)


def exams(app):
    with app.app_context():
        return db.session.query(Exam).all()


@pytest.mark.db
def test_a_draft_keeps_what_was_typed(browse, app):
    answer = send(browse, pass_marks="62.5")
    [exam] = exams(app)
    assert answer.location == f"/exams/papers/{exam.id}/questions"
    assert (exam.title, exam.notice, exam.minutes) == (FORM["title"], FORM["notice"], 40)
    assert exam.opens_at == local(2026, 12, 18, 9)
    assert exam.closes_at == local(2026, 12, 21, 18)
    assert (exam.state, exam.pass_marks) == (ExamState.DRAFT, Decimal("62.5"))
    assert exam.releases_when_complete is False
    with app.app_context():
        assert exam.drafted_by_id == cast.person_id("clerk")
        assert papers.list_department_names(exam.id) == list(cast.DEPARTMENTS)
        [entry] = events(AuditEvent.WORKFLOW_BEGUN)
        assert entry.person_id == cast.person_id("clerk")


def test_the_form_comes_with_what_a_month_usually_needs(browse):
    page = browse("clerk").get(NEW)
    assert page.one("[name=minutes]").get("value") == "40"
    assert page.one("[name=pass_marks]").get("value") == "60"
    assert "办件优先" in page.one("[name=notice]").text


@pytest.mark.parametrize(
    ("typed", "field", "advice"),
    [
        ({"title": ""}, "title", "请写考试名称。"),
        ({"title": " 　"}, "title", "请写考试名称。"),
        ({"title": "长" * 81}, "title", "80"),
        ({"opens_at": ""}, "opens_at", "请选开放时间。"),
        ({"opens_at": "明天"}, "opens_at", ""),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at", "年份不对"),
        ({"closes_at": "9999-12-31T23:59"}, "closes_at", "年份不对"),
        ({"closes_at": "2026-12-18T09:00"}, "closes_at", "结束时间要晚于开放时间。"),
        ({"closes_at": "2026-12-17T18:00"}, "closes_at", "结束时间要晚于开放时间。"),
        ({"closes_at": "2026-12-18T09:39"}, "minutes", "限时比开放的时间还长"),
        ({"minutes": "0"}, "minutes", "限时在1至240分钟之间。"),
        ({"minutes": "241"}, "minutes", "限时在1至240分钟之间。"),
        ({"minutes": "四十"}, "minutes", ""),
        ({"minutes": "9" * 5000}, "minutes", ""),
        ({"pass_marks": ""}, "pass_marks", "请写合格分。"),
        ({"pass_marks": "-1"}, "pass_marks", "合格分不能是负数。"),
        ({"pass_marks": "60.005"}, "pass_marks", "两位小数"),
        ({"pass_marks": "sNaN"}, "pass_marks", ""),
        ({"pass_marks": "Infinity"}, "pass_marks", ""),
        ({"department_ids": []}, "department_ids", "请至少选一个参加考试的部门。"),
        ({"department_ids": ["4711"]}, "department_ids", "请至少选一个参加考试的部门。"),
        ({"department_ids": ["x"]}, "department_ids", ""),
        ({"notice": "\n "}, "notice", "请写须知。"),
        ({"notice": "长" * 1001}, "notice", "1000"),
    ],
)
def test_a_refusal_stands_beside_its_field_and_nothing_is_stored(browse, app, typed, field, advice):
    answer = send(browse, 422, **typed)
    assert advice in answer.text_of(f"#{field}-error")
    assert exams(app) == []


def test_what_was_typed_stays_in_a_refused_form(browse, app):
    with app.app_context():
        second = str(cast.department_ids()[1])
    typed = {"minutes": "0", "department_ids": [second], "releases_when_complete": "y"}
    answer = send(browse, 422, **typed)
    for name in ("title", "opens_at", "closes_at", "pass_marks"):
        assert answer.one(f"[name={name}]").get("value") == FORM[name]
    assert answer.one("[name=minutes]").get("value") == "0"
    assert answer.one("[name=department_ids][checked]").get("value") == second
    assert answer.all("[name=releases_when_complete][checked]")
    assert answer.one("[name=notice]").text.strip() == FORM["notice"]


@pytest.fixture
def exam_id(app):
    with app.app_context():
        return draft()


def url(exam_id):
    return f"/exams/papers/{exam_id}/edit"


@pytest.mark.db
def test_a_draft_can_be_changed(browse, app, exam_id):
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    with app.app_context():
        before = get_exam(exam_id)
        first = cast.department_ids()[0]
    assert page.one("[name=opens_at]").get("value") == "2026-11-20T10:00"
    values = {"title": "改名", "minutes": "30", "department_ids": [str(first)]}
    clerk.submit(page, values)
    with app.app_context():
        after = get_exam(exam_id)
        assert (after.title, after.minutes) == ("改名", 30)
        assert after.version == before.version + 1
        assert (after.opens_at, after.closes_at) == (before.opens_at, before.closes_at)
        assert papers.list_department_names(exam_id) == [cast.DEPARTMENTS[0]]
        assert choosing.read_order(exam_id)


@pytest.mark.db
def test_a_stale_edit_shows_what_is_stored_and_keeps_what_was_typed(browse, app, exam_id):
    clerk = browse("clerk")
    mine, theirs = clerk.get(url(exam_id)), clerk.get(url(exam_id))
    clerk.submit(theirs, {"title": "别人的名称", "minutes": "30"})
    answer = clerk.submit(mine, {"title": "我的名称"}, status=409)
    assert "别人的名称" in answer.text_of(".alert-warning")
    assert "30分钟" in answer.text_of(".alert-warning")
    assert "公布方式" in answer.text_of(".alert-warning")
    assert answer.one("[name=title]").get("value") == "我的名称"
    with app.app_context():
        assert get_exam(exam_id).title == "别人的名称"
    clerk.submit(answer)
    with app.app_context():
        assert (get_exam(exam_id).title, get_exam(exam_id).minutes) == ("我的名称", 40)


def test_choosing_a_question_makes_an_open_form_stale(browse, exam_id):
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    questions = clerk.get(f"/exams/papers/{exam_id}/questions")
    clerk.submit(questions, form="#choose", button="remove")
    clerk.submit(page, status=409)


@pytest.mark.parametrize("version", ["", "junk", "0", "-1", "９", "9" * 30])
def test_a_forged_version_is_a_stale_one(browse, exam_id, version):
    clerk = browse("clerk")
    clerk.submit(clerk.get(url(exam_id)), {"version": version}, status=409)


@pytest.mark.parametrize("state", ["submitted", "published"])
def test_what_was_sent_for_approval_can_not_be_changed(browse, app, exam_id, state):
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    with app.app_context():
        if state == "submitted":
            submit(exam_id)
        else:
            exam_id = publish_exam()
            page = clerk.get(url(exam_id))
    answer = clerk.submit(page, {"title": "改名"}, status=422)
    assert papers.NOT_A_DRAFT in answer.text_of("#error-summary")
    with app.app_context():
        assert get_exam(exam_id).title != "改名"


@pytest.mark.parametrize("who", ["staff", "chief"])
def test_only_a_clerk_drafts(browse, app, exam_id, who):
    person = browse(who)
    sent = {**FORM, "department_ids": ["1"], "csrf_token": person.token()}
    for path in (NEW, url(exam_id)):
        person.get(path, status=403)
        person.post(path, sent, status=403)
    assert [exam.title for exam in exams(app)] == ["2026年11月一月一考"]


def test_what_does_not_exist_is_not_found(browse):
    browse("clerk").get(url(4711), status=404)


def test_whoever_sits_an_exam_does_not_organise_it(browse, app):
    """EX9: who is on the roll gets no page of an organiser, whatever role he is given later."""
    with app.app_context():
        exam_id = publish_exam()
        grant("staff", cast.CAST["clerk"][4][0])
    staff = browse("staff")
    for path in ("", "/edit", "/questions", "/preview", "/results", "/late-answers"):
        staff.get(f"/exams/papers/{exam_id}{path}", status=404)
    for path in ("submit", "grade"):
        sent = {"csrf_token": staff.token()}
        staff.post(f"/exams/papers/{exam_id}/{path}", sent, status=404)


def test_what_is_no_field_changes_nothing(browse, app):
    clerk = browse("clerk")
    page = clerk.get(NEW)
    boxes = [each.get("value") for each in page.all("[name=department_ids]")]
    forged = {"state": "published", "drafted_by_id": "1", "graded_run": "3", "paper_hash": "x"}
    sent = {**FORM, **forged, "department_ids": boxes, "csrf_token": clerk.token()}
    clerk.post(NEW, sent)
    [exam] = exams(app)
    with app.app_context():
        assert exam.drafted_by_id == cast.person_id("clerk")
    assert (exam.state, exam.graded_run, exam.paper_hash) == (ExamState.DRAFT, 0, "")
