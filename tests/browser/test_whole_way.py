"""The whole way by keyboard alone: draft, approve, sit, close, grade, release, result, PDF."""

from datetime import timedelta

import pytest

from app.kernel import clock
from tests.browser.conftest import keep_sessions, sitting_of
from tests.support import cast
from tests.support.server import wait_until

pytestmark = pytest.mark.browser

TABS_AT_MOST = 120


def tab_to(page, words: str) -> None:
    """Press Tab until the focus is on a control whose text, label or name holds the words."""
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement;
            if (!e.matches('a, button, input, select, textarea')) return '';
            const l = e.labels && e.labels.length ? e.labels[0].textContent : '';
            return [e.textContent, l, e.getAttribute('aria-label'), e.value].join(' '); }"""
        )
        if words in found:
            return
    raise AssertionError(f"no way by Tab to {words!r} on {page.url}")


def press(page, words: str) -> None:
    """Go to a button or link by Tab and press Enter; it leads to another page."""
    tab_to(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page, words: str, text: str) -> None:
    """Go to a field by Tab and type over what stands there."""
    tab_to(page, words)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def type_moment(page, words: str, moment) -> None:
    """Fill a date and time field that Tab has reached; the order of its parts is the browser's."""
    tab_to(page, words)
    name = page.evaluate("document.activeElement.id")
    page.locator(f"#{name}").fill(f"{clock.local(moment):%Y-%m-%dT%H:%M}")


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_an_exam_from_draft_to_printed_result_by_keyboard(hall, bank, open_page, size):
    title = f"键盘考试{size}"
    clerk = open_page("clerk", size=size)
    draft_question(clerk, size)
    exam_id = draft_exam(clerk, hall, title)
    choose_ten(clerk)
    press(clerk, "选好了，去送审")
    press(clerk, "送审")
    clerk.wait_for_selector("text=已送审")

    chief = open_page("chief", size=size)
    chief.goto("/")
    press(chief, title)
    press(chief, "审核通过，发布")
    chief.wait_for_selector("text=已发布")

    staff = open_page(size=size)
    sign_in(staff)
    press(staff, "进入考试" if staff.locator("text=进入考试").count() else title)
    press(staff, "开始答题")
    answer_all(staff)
    staff.wait_for_url("**/receipt")
    receipt = sitting_of(hall, exam_id, "staff")["receipt"]
    assert receipt in staff.inner_text("main")

    close_and_release(hall, chief, exam_id)
    staff.goto("/")
    press(staff, title)
    assert "得分" in staff.inner_text("main")
    press(staff, "制作成绩单")
    staff.wait_for_selector("text=打开成绩单", timeout=40_000)
    href = staff.get_by_role("link", name="打开成绩单").get_attribute("href")
    answer = staff.context.request.get(href)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.body()[:5] == b"%PDF-"


def draft_question(page, size: str) -> None:
    page.goto("/")
    press(page, "题库") if size == "desk" else page.goto("/questions")
    press(page, "录入题目")
    type_into(page, "题干", f"用键盘录入的题（{size}）：材料齐全的多长时间内完成收件？")
    type_into(page, "选项", "15分钟\n半天\n一天")
    type_into(page, "答案", "A")
    type_into(page, "依据", "2023年清廉窗口创建实施方案三（四）10")
    tab_to(page, "保存，再录一题")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("text=已保存为第")


def draft_exam(page, hall, title: str) -> int:
    page.goto("/exams/papers")
    press(page, "起草考试")
    type_into(page, "考试名称", title)
    now = hall.now()
    type_moment(page, "开放时间", now - timedelta(minutes=5))
    type_moment(page, "结束时间", now + timedelta(hours=3))
    for department in cast.DEPARTMENTS:
        tab_to(page, department)
        page.keyboard.press("Space")
    press(page, "保存，去选题")
    page.wait_for_url("**/questions")
    return int(page.url.split("/")[-2])


def choose_ten(page) -> None:
    for count in range(1, 11):
        press(page, "选入")
        page.wait_for_selector(f"text=已选{count}题")


def sign_in(page) -> None:
    page.goto("/sign-in?next=/")
    type_into(page, "工号", cast.CAST["staff"][0])
    type_into(page, "密码", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('首页')")


def answer_all(page) -> None:
    page.wait_for_selector(".is-ready")
    for number in range(1, 11):
        page.keyboard.press("a")
        page.wait_for_selector(f"#q{number}-saved:has-text('已保存')")
        if number < 10:
            page.keyboard.press("ArrowRight")
    tab_to(page, "去交卷")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] >> text=确认交卷？")
    tab_to(page, "确认交卷")
    page.keyboard.press("Enter")


def close_and_release(hall, chief, exam_id: int) -> None:
    hall.move_clock(hours=3, minutes=5)
    wait_until(
        lambda: hall.ask("SELECT graded_run FROM exam WHERE id = :id", id=exam_id) == [(1,)],
        "the worker has graded",
        60,
    )
    keep_sessions(hall)
    chief.goto(f"/exams/papers/{exam_id}")
    press(chief, "公布成绩")
    chief.wait_for_selector("text=已公布，每个人")
    hall.move_clock(hours=-3, minutes=-5)
