"""A class from the year's plan to its effect on paper, through HTTP, as its users make it."""

import io

import pytest
from PIL import Image

from app.exams.models import Exam
from app.files.papers import find_kind
from app.jobs import service as jobs
from app.kernel import db
from app.kernel.evidence import Span
from app.surveys import service as surveys
from app.training import facts
from app.training.models import ClassState
from tests.site.exams_world import add_question
from tests.support import cast
from tests.training.factories import (
    FIELDS,
    add_crowd,
    announce,
    book,
    class_at,
    do,
    latest,
    new_class,
    publish_test,
    send_file,
    sit_test,
    state_of,
    tick,
)


def photo():
    """Give a small picture."""
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(content, "JPEG")
    return io.BytesIO(content.getvalue()), "照片.jpg"


@pytest.fixture
def asked(monkeypatch):
    """Keep for whom surveys were opened; nothing is asked by the room that is not here."""
    opened = []
    monkeypatch.setattr(surveys, "open_for", lambda **given: opened.append(given))
    return opened


@pytest.mark.db
def test_a_class_goes_from_draft_to_archive_with_a_test_for_those_who_were_there(
    browse, app, now, asked
):
    people = add_crowd(app, 6)
    with app.app_context():
        bank = [add_question(place) for place in (0, 1)]
    url = new_class(browse)
    assert state_of(app, url) is ClassState.REVIEW
    browse("clerk").get(f"{url}/approve", status=403)
    browser = browse("clerk")
    page = browser.get(url)
    browser.submit(page, form=f'form[action="{url}/test"]')
    exam_id = publish_test(app, url, bank)
    announce(browse, url)
    page = browse("lead").get("/notices")
    assert "请为本部门人员报名" in page.text
    book(browse, url, *people)
    now.move(days=6, hours=5, minutes=35)
    tick(browse, url, app, *people[:5])
    do(browse, "clerk", url, "hold")
    assert [each["person_ids"] for each in asked] == [sorted(people[:5])]
    page = browse("clerk").get(url)
    assert "缺席 1人" in page.text
    now.move(hours=2)
    assert sit_test(app, now, exam_id, right=4) == 5
    page = browse("office").get(f"{url}/effect")
    assert "80.0%（4/5）" in page.text
    assert "没有开启调查" in page.text
    do(browse, "clerk", url, "evaluate", reason="首次办成率有提高，下期增加演练。")
    do(browse, "office", url, "archive")
    assert state_of(app, url) is ClassState.ARCHIVED
    with app.app_context():
        assert_evidence(now, people)


def assert_evidence(now, people):
    """Check what the assessment gets: marks of those who sat, the class for its teacher."""
    day = now.now.date()
    found = list(facts.list_evidence(Span(first=day.replace(day=1), last=day)))
    marks = [each for each in found if each.rule == "training.post_test"]
    assert {each.person_id for each in marks} == set(people[:5])
    assert sorted((each.amount, each.denominator) for each in marks) == [
        (0, 20), (20, 20), (20, 20), (20, 20), (20, 20),
    ]  # fmt: skip
    taught = [each for each in found if each.rule == "training.taught"]
    assert [each.person_id for each in taught] == [cast.person_id("chief")]
    reading = next(
        each for each in facts.INDICATORS if each.name == "training.business_classes"
    ).read(Span(first=day.replace(day=1), last=day))
    assert reading is not None
    assert reading.value == 1


def test_the_branch_copies_the_last_class_from_the_plan_and_another_of_it_decides(
    browse, app, now, second_branch
):
    first = new_class(browse, "branch", kind="party", title="廉洁从业专题", teacher="区委党校 讲师")
    assert state_of(app, first) is ClassState.PARTY_REVIEW
    browse("chief").get(f"{first}/approve-party", status=403)
    browse("branch").get(f"{first}/approve-party", status=200)
    do(browse, "branch", first, "approve-party", status=422)
    do(browse, "branch2", first, "approve-party")
    browser = browse("branch")
    page = browser.get("/training/plan/new")
    values = {"month": "2026-12", "kind": "party", "title": "为民服务专题"}
    browser.submit(page, values, form="#plan-form")
    page = browser.get("/training/plan")
    # 年度计划、复制上期、保存并送审: three clicks from the plan, eight fields that need no change.
    copy = next(each for each in page.links() if "plan=" in each)
    url = new_class(browse, "branch", url=copy)
    page = browser.get(url)
    assert "为民服务专题" in page.text
    assert "2026年12月28日" in page.text
    assert state_of(app, url) is ClassState.PARTY_REVIEW
    assert "未开课" not in browser.get("/training/plan").text
    browser.get("/training/plan/1/drop", status=200)
    do(browse, "branch2", url, "send-back-party", reason="请换一天。")
    assert "2026年12月29日" in edited(browse, url, day="2026-12-29")


def edited(browse, url, **values):
    """Change a draft; gives its page."""
    browser = browse("branch")
    page = browser.get(f"{url}/edit")
    browser.submit(page, {**values, "act": "submit"}, form="#class-form")
    return browser.get(url).text


def test_what_was_copied_brings_its_test_along_and_a_stale_edit_is_shown(browse, app):
    with app.app_context():
        bank = [add_question(place) for place in (0, 1)]
    url = new_class(browse)
    browser = browse("clerk")
    browser.submit(browser.get(url), form=f'form[action="{url}/test"]')
    publish_test(app, url, bank)
    announce(browse, url)
    public_id = url.rpartition("/")[2]
    copy = new_class(browse, url=f"/training/classes/new?copy={public_id}&part=2", act="keep")
    with app.app_context():
        found = class_at(copy)
        exam = db.session.get_one(Exam, found.exam_id)
        assert found.title == f"{FIELDS['title']}（第二期）"
        assert exam.is_for_named
        assert exam.pass_marks == 12
    browser = browse("clerk")
    page = browser.get(f"{copy}/edit")
    browser.submit(page, {"place": "二楼", "act": "keep"}, form="#class-form")
    answer = browser.submit(page, {"place": "一楼", "act": "keep"}, form="#class-form", status=409)
    assert "别人刚改过" in answer.text
    assert latest(app).place == "二楼"


def test_another_organises_on_what_somebody_left_behind(browse, app, second_branch):
    url = new_class(browse, "branch", kind="party", title="廉洁从业专题")
    do(browse, "branch2", url, "send-back-party", reason="请换一天。")
    do(browse, "branch", url, "take-over-party", status=422)
    do(browse, "clerk", url, "take-over-party")
    assert "已由别人接手主办" in browse("branch").get("/notices").text
    browse("branch").get(f"{url}/edit", status=404)
    do(browse, "clerk", url, "submit-party")
    do(browse, "branch", url, "approve-party")
    # Who approved it doesn't organise it; another of the branch does.
    do(browse, "branch", url, "take-over-scheduled", status=422)
    do(browse, "branch2", url, "take-over-scheduled")
    do(browse, "branch2", url, "open")
    do(browse, "clerk", url, "take-over-booking")
    do(browse, "clerk", url, "cancel", reason="讲师出差。")
    assert "出训后测试卷" not in browse("clerk").get(url).text


def test_nobody_holds_a_class_early_and_a_past_one_is_not_announced(browse, app, now):
    people = add_crowd(app, 2)
    url = new_class(browse)
    announce(browse, url)
    book(browse, url, *people)
    assert "还没有到开课时间" in do(browse, "clerk", url, "hold", status=422).text
    now.move(days=6, hours=5, minutes=35)
    assert "还没有人签到" in do(browse, "clerk", url, "hold", status=422).text
    do(browse, "clerk", url, "cancel", reason="讲师出差。")
    past = new_class(browse, day="2026-11-20", starts="09:00", ends="09:30", act="keep")
    answer = do(browse, "clerk", past, "submit", status=422)
    assert "计划的时间已经过去" in answer.text
    assert state_of(app, past) is ClassState.DRAFT


def test_a_study_meeting_has_its_record_and_its_papers_are_printed(browse, app, now):
    people = add_crowd(app, 3)
    url = new_class(browse, kind="study", title="首问负责制学习会")
    announce(browse, url)
    book(browse, url, *people)
    printed(browse, app, url, "sign-sheet")
    now.move(days=6, hours=5, minutes=35)
    tick(browse, url, app, *people[:2], way="paper")
    do(browse, "clerk", url, "hold")
    answer = do(browse, "clerk", url, "evaluate", reason="已讲清。", status=422)
    assert "请先写学习会记录" in answer.text
    browser = browse("clerk")
    texts = {"chair": "葛书宁", "content": "学习首问负责制。", "points": "先接待，再转办。"}
    send_file(browser, f"{url}/record/edit", photo(), **texts, version="0")
    assert browser.get(f"{url}/photo").headers["Content-Type"] == "image/jpeg"
    printed(browse, app, url, "record")
    printed(browse, app, url, "effect")
    do(browse, "clerk", url, "evaluate", reason="已讲清。")
    with app.app_context():
        sheet = find_kind("training.record").snapshot(class_at(url).id)
    assert (sheet.chair, sheet.due, sheet.signed) == ("葛书宁", 3, 2)


def printed(browse, app, url, word):
    """Print a paper and open it."""
    browser = browse("clerk")
    shown = f"{url}/effect" if word == "effect" else url
    browser.submit(browser.get(shown), form=f'form[action="{url}/print-{word}"]')
    with app.app_context():
        for job_id in jobs.list_startable():
            jobs.run_job(job_id)
    assert browser.get(f"{url}/{word}.pdf").data.startswith(b"%PDF-")


def test_materials_are_for_those_on_the_list_and_can_be_taken_away(browse, app):
    with app.app_context():
        staff = cast.person_id("staff")
    url = new_class(browse)
    announce(browse, url)
    book(browse, url, staff)
    browser = browse("clerk")
    send_file(browser, f"{url}/materials/new", photo(), title="课件")
    page = browse("staff").get(url)
    material = next(each for each in page.links() if "/materials/" in each)
    assert browse("staff").get(material).headers["Content-Type"] == "image/jpeg"
    browse("other").get(material, status=404)
    browse("other").get(url, status=404)
    browser = browse("clerk")
    answer = browser.submit(browser.get(url), form=f'form[action="{material}/remove"]', status=200)
    browser.submit(answer)
    browse("staff").get(material, status=404)
