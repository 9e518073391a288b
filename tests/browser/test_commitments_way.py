"""A commitment in the browser only, in a hall that has none: the clerk registers the window and
drafts, the chief reviews, a leader approves; then the public reads it without a session, the card
is printed, and three clicks put it on a screen ("pairing in three clicks", HALL.md 7).
"""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from tests.support import cast
from tests.support.chromium import DESK, PHONE

LINES = (
    ("材料齐全，15分钟内完成收件", "收件用时", "叫号系统从叫号到收件"),
    ("所缺材料1次书面告知清楚", "补正次数", "补正通知书不超过一份"),
    ("一般登记3个工作日内办结", "办结用时", "业务系统的工作日数"),
)
CLICKS = 3
SLOGAN = "一次讲清 一次办成"
STANDARD = ("首次接待的人员负责到底", "首问负责制第二条")
# Each size has a department of its own: the two share the hall.
SIZES = [pytest.param(DESK, 0, id="desk"), pytest.param(PHONE, 1, id="phone")]


@pytest.mark.parametrize(("size", "place"), SIZES)
def test_from_a_draft_to_the_desk_card(open_window, hall, guard, size, place):
    department, number = cast.DEPARTMENTS[place], f"W{place}1"
    with hall.acting():
        people = {who: cast.person_id(who) for who in ("clerk", "chief", "leader")}
    guard.expect(r"422")
    clerk = open_window(people["clerk"], size)
    add_window(clerk, department, number)
    address = draft(clerk, f"{department}　{number}号窗口")
    decide(open_window(people["chief"], size), address, "初审通过")
    decide(open_window(people["leader"], size), address, "审定")
    read_as_the_public(open_window(None, size), department, number)
    text = print_card(clerk, address)
    typed = (*(each[0] for each in LINES), "".join(SLOGAN.split()))
    for word in (*typed, number, department, "暂停服务", "第1版"):
        assert word in text, word
    put_on_a_screen(clerk, department, f"hall-{place}")
    read_on_the_screen(open_window(None, size), department, number, f"hall-{place}")


def add_window(page, department, number):
    """Register a window of a department."""
    page.goto("/windows/new")
    page.get_by_label("窗口号").fill(number)
    page.get_by_label("窗口名称").fill("登记窗口")
    page.get_by_label("部门").select_option(label=department)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text(number)


def draft(page, place):
    """Draft with a vague word first, which is refused with everything kept; gives the address."""
    page.goto("/commitments")
    page.get_by_role("link", name="起草", exact=True).click()
    page.get_by_label("部门或窗口").select_option(label=place)
    press(page, "开始起草")
    for row, line in enumerate(LINES, start=1):
        for name, text in zip(("text", "indicator", "measure"), line, strict=True):
            page.locator(f"#{name}_{row}").fill(text)
    page.locator("#slogan").fill(SLOGAN)
    for name, text in zip(("text", "basis"), STANDARD, strict=True):
        page.locator(f"#standard_{name}_1").fill(text)
    page.locator("#text_1").fill("材料齐全的尽快办理")
    press(page, "保存")
    expect(page.locator("#text_1-error")).to_contain_text("「尽快」")
    expect(page.locator("#measure_3")).to_have_value(LINES[2][2])
    page.locator("#text_1").fill(LINES[0][0])
    press(page, "保存")
    no_sideways(page)
    press(page, "送审")
    expect(page.locator("p.flow-state")).to_contain_text("待科室初审")
    return re.sub(r"^https?://[^/]+", "", page.url)


def decide(page, address, label):
    """Decide from 待办, where it waits."""
    page.goto("/inbox")
    expect(page.locator("main")).to_contain_text("服务承诺")
    page.goto(address)
    page.locator("section.flow").get_by_role("link", name=label, exact=True).click()
    expect(page.locator("main")).to_contain_text(LINES[0][0])
    press(page, label)
    expect(page.locator("p.flow-state")).not_to_contain_text(f"待{label[:2]}")
    no_sideways(page)


def read_as_the_public(page, department, number):
    """Find the window on the public page and read it there; no cookie is set."""
    page.goto("/public/commitments")
    page.locator("#q").fill(number)
    page.get_by_role("button", name="查询").click()
    page.get_by_role("link", name=department).click()
    sheet = page.locator("section.sheet").filter(has_text=f"{number}号窗口")
    expect(sheet).to_contain_text("分钟内完成收件")
    expect(sheet.locator("li b").first).to_have_text("15")
    assert page.context.cookies() == []
    no_sideways(page)


def print_card(page, address):
    """Print the card and give the text of the PDF."""
    page.goto(address)
    press(page, "台卡 A5")
    link = page.locator("main").get_by_role("link", name="打开服务承诺台卡")
    link.wait_for(timeout=30_000)
    answer = page.context.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    command = ["pdftotext", "-", "-"]
    text = subprocess.run(command, input=answer.body(), capture_output=True, check=True).stdout
    return "".join(text.decode().split())


def put_on_a_screen(page, department, slug):
    """Register a screen; what is typed besides is no click."""
    page.goto("/")
    page.evaluate("window.name = 0")
    page.context.add_init_script(
        "addEventListener('click', event => event.isTrusted && window.name++, true)"
    )
    page.goto("/screens")
    page.get_by_role("link", name="登记大厅屏").click()
    page.get_by_label("名称").fill(f"{department}屏")
    page.get_by_label("网址末段").fill(slug)
    press(page, "保存")
    page.get_by_role("link", name=f"/public/screen/{slug}").wait_for()
    assert int(page.evaluate("window.name")) <= CLICKS, "pairing takes too many clicks"


def read_on_the_screen(page, department, number, slug):
    """Open the screen as its machine does; the window has its turn in what it was given."""
    page.goto(f"/public/screen/{slug}")
    expect(page.locator("main")).to_contain_text(department, timeout=30_000)
    given = page.context.request.get(f"/public/screen/{slug}/manifest").json()["items"]
    assert any(f"{number}号窗口" in item["html"] for item in given)
    assert page.context.cookies() == []


def press(page, name):
    """Press a button that leads to the next page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        if page.locator("#confirm-yes").is_visible():
            page.locator("#confirm-yes").click()


def no_sideways(page):
    """The page fits its width."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
