"""The whole way of an exam by keyboard alone, on the office PC and on a phone's screen.

A clerk types in two questions and sends them for review, drafts an exam of ten with them and
submits it; the chief passes the questions and publishes the exam; somebody
from a window signs in, answers by letters and hands in; the exam closes; the chief releases; the
person sees the result and opens the printed sheet.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from app.kernel import clock
from tests.browser.conftest import QUESTIONS
from tests.browser.keys import Keyboard
from tests.browser.viewer import wait_until_drawn
from tests.support import cast
from tests.support.chromium import DESK, PHONE, PROGRAM, launched
from tests.support.server import Hall, wait_until

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
# A PDF names no icon of its own, so Chromium asks for the one that sites have by custom.
NO_ICON = r"status of 404 .*/favicon.ico"
TYPED = (
    # Kind (steps to the right of 单选题), stem, options, key; what is pressed to answer it.
    (0, "群众来窗口咨询，工作人员首先应当做什么？", "起身问候\n继续整理材料\n让群众等候", "A", "a"),
    (2, "窗口工作人员可以收受服务对象的土特产。", "", "错", "b"),
)
KNOWN = re.compile("|".join(("第.+道题", *(stem for _, stem, _, _, _ in TYPED))))
# The prepared questions by their stems, the newest first as the bank lists them; what answers them.
ANSWERS = {0: "b", 1: "abc", 2: "a"}


@pytest.fixture(scope="module")
def chrome(driver: Playwright) -> Iterator[Browser]:
    """The browser of the office PC, whole: at the end of the way it shows a PDF."""
    with launched(driver, PROGRAM) as browser:
        yield browser


@SIZES
def test_an_exam_from_the_first_question_to_the_printed_sheet(hall, bank, open_window, guard, size):
    del bank
    guard.expect(NO_ICON)
    title = f"{'桌面' if size == DESK else '手机'}的一月一考"
    clerk = sign_in(open_window(size=size), "clerk", "/")
    type_questions(clerk)
    send_for_review(clerk)
    chief = sign_in(open_window(size=size), "chief", "/")
    review(chief)
    draft_exam(hall, clerk, title)
    publish(chief, title)
    staff = open_window(size=size)
    public_id = sit(hall, staff, title)
    hall.move_clock(minutes=62)
    graded = "SELECT e.graded_run FROM exam e WHERE e.title = :title"
    wait_until(lambda: hall.ask(graded, title=title) == [(1,)], f"graded\n{hall.log()}")
    release(open_window(size=size), title)
    print_sheet(staff, title, public_id)


def sign_in(page: Page, who: str, target: str) -> Keyboard:
    """Open a page without a session, and come to it through the sign-in form."""
    page.goto(target)
    expect(page).to_have_url(re.compile(r"/sign-in\?next="))
    keys = Keyboard(page)
    keys.write("工号", cast.CAST[who][0])
    keys.write("密码", cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"^http://[^/]+{re.escape(target)}$"))
    return keys


def go(keys: Keyboard, entry: str) -> None:
    """Go to an entry of the navigation: by way of its section, where that is not open."""
    wanted = keys.page.locator("#side").get_by_role("link", name=entry, exact=True)
    if wanted.count() == 0:
        follow_in_side(keys, "学习考试")
    follow_in_side(keys, entry)


def follow_in_side(keys: Keyboard, entry: str) -> None:
    """Follow a link of the navigation, which a phone hides behind its menu."""
    menu = keys.page.locator(".menu")
    if menu.is_visible():
        keys.press(menu)
    keys.follow(keys.page.locator("#side").get_by_role("link", name=entry, exact=True))


def type_questions(keys: Keyboard) -> None:
    """Type in two questions: one of several options, one true or false."""
    go(keys, "题库")
    keys.follow(keys.page.get_by_role("link", name="录入题目").first)
    for place, (steps, stem, options, key, _) in enumerate(TYPED, start=1):
        keys.reach(keys.page.get_by_label("单选题"))
        for _ in range(steps):
            keys.page.keyboard.press("ArrowRight")
        keys.write("题干", stem)
        keys.write("选项", options)
        keys.write("答案", key)
        keys.write("依据", "2023年清廉窗口创建实施方案三（三）8")
        keys.press(keys.page.locator("summary").filter(has_text="分值"))
        keys.write("分值", "10")
        name = "保存，再录一题" if place < len(TYPED) else "保存"
        keys.follow(keys.page.get_by_role("button", name=name, exact=True))
        expect(keys.page.locator(".error-summary")).to_have_count(0)


def send_for_review(keys: Keyboard) -> None:
    """Tick the two that were just typed, which the bank lists first, and send them."""
    go(keys, "题库")
    for place in range(len(TYPED)):
        keys.tick(keys.page.locator("input[name=question]").nth(place))
    keys.follow(keys.page.get_by_role("button", name="送审勾选的题"))
    expect(keys.page.locator("h1")).to_contain_text("题目送审单")


def review(keys: Keyboard) -> None:
    """Find the sheet among what waits, read it and pass it."""
    keys.page.goto("/inbox")
    keys.follow(keys.page.get_by_role("link", name=re.compile("题审")).first)
    expect(keys.page.locator("main")).to_contain_text(TYPED[0][1])
    keys.follow(keys.page.get_by_role("link", name="审核通过"))
    keys.follow(keys.page.get_by_role("button", name="审核通过"))
    expect(keys.page.locator("main")).to_contain_text("已通过")


def draft_exam(hall: Hall, keys: Keyboard, title: str) -> None:
    """Draft an exam that is open now, choose ten questions and submit it."""
    page = keys.page
    go(keys, "一月一考")
    keys.follow(page.get_by_role("link", name="起草考试"))
    now = clock.local(hall.now())
    keys.write("考试名称", title)
    type_moment(keys, "开放时间", now - timedelta(minutes=2))
    type_moment(keys, "结束时间", now + timedelta(minutes=60))
    keys.write("限时", "40")
    for department in cast.DEPARTMENTS:
        keys.tick(page.get_by_label(department))
    keys.follow(page.get_by_role("button", name="保存，去选题"))
    chosen = page.url.partition("?")[0]
    for count in range(1, QUESTIONS + 1):
        # The two that were just typed come first, the prepared ones after them; what other walks
        # have put into the bank is left alone.
        known = page.locator("tr").filter(has_text=KNOWN)
        while not known.count():
            page.goto(
                f"{chosen}?page={int(parse_qs(urlsplit(page.url).query).get('page', ['1'])[0]) + 1}"
            )
        keys.follow(known.locator("button[name=add]").first)
        expect(page.locator("#chosen-title")).to_contain_text(f"已选{count}题")
    keys.follow(page.get_by_role("link", name="选好了，去送审"))
    keys.follow(page.get_by_role("button", name="送审"))
    expect(page.locator("h1")).to_contain_text("待审核")


def type_moment(keys: Keyboard, label: str, moment: datetime) -> None:
    """Type a date and time part by part, in the American order of this Chromium."""
    keys.reach(keys.page.get_by_label(label))
    keys.page.keyboard.type(f"{moment:%m%d%Y}")
    keys.page.keyboard.press("ArrowRight")
    keys.page.keyboard.type(f"{moment:%I%M%p}"[:5])
    typed = keys.page.get_by_label(label).input_value()
    assert typed == f"{moment:%Y-%m-%dT%H:%M}"


def publish(keys: Keyboard, title: str) -> None:
    """Find the paper that waits on the home page, approve and publish it."""
    page = keys.page
    page.goto("/inbox")
    keys.follow(page.get_by_role("link", name=title).first)
    keys.follow(page.get_by_role("link", name="审核通过"))
    keys.follow(page.get_by_role("button", name="审核通过"))
    keys.follow(page.get_by_role("link", name="发布", exact=True))
    expect(page.locator("main")).to_contain_text("题目和答案不能再改")
    keys.follow(page.get_by_role("button", name="确认发布"))
    expect(page.locator("h1")).to_contain_text("开放中")


def sit(hall: Hall, page: Page, title: str) -> str:
    """Sign in on the way to the home page, reach the first question in two steps, answer, hand in."""
    keys = sign_in(page, "staff", "/")
    task = page.locator(".task").filter(has_text=title)
    keys.follow(task.get_by_role("link", name="进入考试"))
    keys.follow(page.get_by_role("button", name="开始答题"))
    page.wait_for_selector("html.is-ready")
    expect(page.locator(".question:visible")).to_have_count(1)
    for number in range(1, QUESTIONS + 1):
        answer(keys, number)
        if number < QUESTIONS:
            page.keyboard.press("ArrowRight")
    expect(page.locator("#counts")).to_have_text(f"已答{QUESTIONS} · 标记1 · 未答0")
    keys.press(page.locator("#next"))
    expect(page.locator("#hand-in-text")).to_have_text("全部作答，1道题已标记。交卷后不能修改。")
    # A dialog has the focus and keeps it; Escape leads back to the question.
    page.keyboard.press("Escape")
    expect(page.locator("#hand-in")).to_be_hidden()
    expect(page.locator("#next")).to_be_focused()
    keys.press(page.locator("#hand-in-open"))
    keys.press(page.locator("#hand-in-yes"))
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text(f"{QUESTIONS}/{QUESTIONS}题")
    public_id = page.url.rsplit("/", 2)[1]
    receipt = hall.ask("SELECT receipt FROM sitting WHERE public_id = :id", id=public_id)[0][0]
    expect(page.locator("main")).to_contain_text(receipt)
    return public_id


def answer(keys: Keyboard, number: int) -> None:
    """Answer the shown question by letters, the first one wrong and the third one flagged."""
    page = keys.page
    shown = page.locator(".question:visible")
    stem = shown.locator("legend").inner_text()
    prepared = re.match(r"第(\d+)道题", stem)
    if prepared:
        letters = ANSWERS[(int(prepared[1]) - 1) % 3]
    else:
        letters = next(keys for _, typed, _, _, keys in TYPED if typed == stem)
    keys.type("b" if number == 1 and letters != "b" else "a" if number == 1 else letters)
    if number == 3:
        keys.type("f")
        expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    expect(shown.locator(".saved")).to_have_text(re.compile("已保存$"))


def release(page: Page, title: str) -> None:
    """Release the marks."""
    keys = sign_in(page, "chief", "/")
    page.goto("/inbox")
    keys.follow(page.get_by_role("link", name=title).first)
    expect(page.locator("h1")).to_contain_text("已评卷，待公布")
    keys.follow(page.get_by_role("link", name="公布成绩"))
    keys.follow(page.get_by_role("button", name="公布成绩"))
    expect(page.locator("h1")).to_contain_text("已公布")


def print_sheet(page: Page, title: str, public_id: str) -> None:
    """See the marks, wait for the sheet and open it in the browser."""
    keys = sign_in(page, "staff", "/")
    keys.follow(page.get_by_role("link", name=re.compile(title)))
    expect(page.locator("main")).to_contain_text("90分" if page.url.endswith("/result") else "")
    assert page.url.endswith(f"/{public_id}/result")
    expect(page.get_by_role("heading", name="答错或未答的1道题")).to_be_visible()
    keys.follow(page.get_by_role("button", name="打印成绩单"))
    expect(page).to_have_url(re.compile("/jobs/"))
    opened = page.get_by_role("link", name="打开个人成绩单")
    expect(opened).to_be_visible(timeout=20_000)
    keys.reach(opened)
    with page.expect_response(f"**/{public_id}/sheet.pdf") as answered:
        page.keyboard.press("Enter")
    assert answered.value.headers["content-type"] == "application/pdf"
    assert answered.value.headers["content-disposition"].startswith("inline")
    wait_until_drawn(page)


# ---------- the demonstration ----------


@SIZES
def test_three_minutes_from_the_entrance_to_mark_and_sheet(demo_hall, open_window, guard, size):
    guard.expect(NO_ICON)
    page = open_window(size=size)
    keys = Keyboard(page)
    page.goto(demo_hall.base)
    expect(page).to_have_url(re.compile("/demo/"))
    keys.follow(page.get_by_role("button", name="开始体验"))
    keys.follow(page.get_by_role("button", name="开始答题"))
    page.wait_for_selector("html.is-ready")
    for number in range(1, 6):
        keys.type("a")
        if number < 5:
            page.keyboard.press("ArrowRight")
    expect(page.locator("#counts")).to_have_text("已答5 · 标记0 · 未答0")
    keys.press(page.locator("#next"))
    keys.press(page.locator("#hand-in-yes"))
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text("5/5题")
    # Grading and release come by themselves, and the page sees them come.
    result = page.get_by_role("link", name="看成绩")
    expect(result).to_be_visible(timeout=20_000)
    keys.follow(result)
    keys.follow(page.get_by_role("button", name="打印成绩单"))
    opened = page.get_by_role("link", name="打开个人成绩单")
    expect(opened).to_be_visible(timeout=20_000)
    keys.press(opened)
    wait_until_drawn(page)


def test_the_entrance_leads_in_as_each_role(demo_hall, open_window):
    page = open_window()
    for name in ("沈知远", "梁静怡", "陆文博", "顾晓岚"):
        page.goto(f"{demo_hall.base}/demo/")
        page.get_by_role("button", name=f"以{name}的身份进入").click()
        expect(page.locator(".who")).to_contain_text(name)
        page.get_by_role("button", name="退出").click()
        expect(page.locator("h1")).to_be_visible()
