"""Forms are forms: the whole way goes without JavaScript as well."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.kernel import clock
from tests.support import cast

PLAIN = {"java_script_enabled": False}


def sign_in(page: Page, staff_number: str, target: str) -> None:
    page.goto(target)
    page.fill("#staff_number", staff_number)
    page.fill("#password", cast.PASSWORD)
    page.click("button[type=submit]")


def test_somebody_signs_in_sits_saves_and_hands_in(take_seat, hall):
    seat = take_seat(**PLAIN)
    page = seat.page
    page.context.clear_cookies()
    sign_in(page, seat.person.staff_number, f"/exams/{seat.exam_id}")
    page.get_by_role("link", name="继续作答").click()
    # All questions stand on the page, with buttons of their own.
    for number in (1, 2, 10):
        expect(page.locator(f"#q{number}")).to_be_visible()
    page.check("#q1-B")
    page.check("#q2-A")
    page.check("#q2-C")
    page.get_by_role("button", name="保存答案").click()
    expect(page.locator("main")).to_contain_text("已保存2道题的修改。")
    assert seat.stored() == {1: "B", 2: "AC"}
    expect(page.locator("#q2-C")).to_be_checked()
    page.check("#q3-A")
    page.get_by_role("button", name="保存并交卷").click()
    expect(page.locator("h1")).to_have_text("确认交卷？")
    expect(page.locator("main")).to_contain_text("还有7道题未作答")
    page.get_by_role("button", name="确认交卷").click()
    expect(page.locator("h1")).to_have_text("交卷回执")
    expect(page.locator("main")).to_contain_text("3/10题")
    assert seat.stored() == {1: "B", 2: "AC", 3: "true"}


def test_an_older_page_overwrites_nothing(take_seat, new_person, open_window):
    seat = take_seat(**PLAIN)
    first, second = seat.page, seat.page.context.new_page()
    first.goto(f"/exams/sittings/{seat.public_id}")
    second.goto(f"/exams/sittings/{seat.public_id}")
    second.check("#q1-B")
    second.get_by_role("button", name="保存答案").click()
    first.check("#q1-D")
    first.get_by_role("button", name="保存答案").click()
    expect(first.locator("main")).to_contain_text("有的题在另一个窗口改过，没有覆盖")
    assert seat.stored() == {1: "B"}


@pytest.mark.usefixtures("bank")
def test_a_clerk_drafts_and_submits_a_paper(open_window, hall):
    page = open_window(**PLAIN)
    sign_in(page, cast.CAST["clerk"][0], "/exams/papers/new")
    now = clock.local(hall.now())
    page.fill("#title", "不用脚本的考试")
    page.fill("#opens_at", f"{now:%Y-%m-%dT%H:%M}")
    page.fill("#closes_at", f"{now + timedelta(hours=2):%Y-%m-%dT%H:%M}")
    page.check("input[name=department_ids] >> nth=0")
    page.fill("#pass_marks", "10")
    page.get_by_role("button", name="保存，去选题").click()
    # Other tests have put a case into the bank, of which two questions are chosen at once.
    page.goto(f"{page.url}?q=道题")
    for count in (1, 2):
        page.locator("button[name=add]").first.click()
        expect(page.locator("#chosen-title")).to_contain_text(f"已选{count}题")
    page.locator("button[name=up]").first.click()
    page.get_by_role("link", name="选好了，去送审").click()
    page.get_by_role("button", name="送审").click()
    expect(page.locator("h1")).to_have_text(re.compile("待审核"))


def test_lists_are_searched_and_turned_by_links(open_window, hall, bank):
    with hall.acting():
        page = open_window(cast.person_id("clerk"), **PLAIN)
    page.goto("/questions")
    page.fill("input[type=search]", "第7道题")
    page.get_by_role("button", name="查询").click()
    expect(page.locator("main")).to_contain_text("共1道题")
    assert bank
