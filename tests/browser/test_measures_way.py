"""任务分解 in the browser only, in a hall that has no plan: loaded, given out, read by hand, on paper.

The office loads a plan and gives a row to a department; its lead signs for it and types readings
with evidence, one of them wrong and put right; the light says why it is what it is; the row is on
the board, in Excel and on the board's paper, with what was typed.
"""

import io
import re

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from python_calamine import CalamineWorkbook

from app.kernel import clock
from tests.support import cast
from tests.support.chromium import DESK, PHONE
from tests.support.server import make_hall, make_template

SIZES = [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")]
TITLE, LABEL = "首办成功率", "首办成功率"
URGED = "向综合窗口发了提醒，补一次材料清单培训。"
DONE = "每周抽查二十件，逐件讲评。"


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_template(tmp_path_factory.mktemp("measures") / "template")


@pytest.fixture
def hall(template, tmp_path_factory):
    """Give a hall of its own: a plan is loaded once."""
    hall = make_hall(template, tmp_path_factory.mktemp("way") / "var")
    hall.start()
    yield hall
    hall.stop()


@pytest.mark.parametrize("size", SIZES)
def test_a_plan_is_given_out_and_read_by_hand(open_window, hall, guard, size):
    guard.expect(r"status of 422", r"status of 404 .*/favicon.ico")
    with hall.acting():
        people = {who: cast.person_id(who) for who in ("office", "lead", "chief")}
        today = clock.today()
    office, lead = (open_window(people[who], size) for who in ("office", "lead"))
    url = give_out(office, today.replace(year=today.year + 1))
    lead.goto(url)
    press(lead, "签收")
    expect(lead.locator(".page-head")).to_contain_text("还没有读数，请牵头部门填报")
    read(lead, url, "96.2", evidence=True)
    correct(lead)
    expect(lead.locator(".page-head")).to_contain_text("没有达到目标（不低于90%）")
    read(lead, url, "92.4", day=today)
    expect(lead.locator(".page-head")).to_contain_text("达到目标（不低于90%）")
    note(lead, url)
    chief = open_window(people["chief"], size)
    look_at_the_board(chief)
    sheet = export(office)
    row = next(each for each in sheet if TITLE in " ".join(map(str, each)))
    assert any("92.4%" in str(cell) for cell in row), row
    words = print_board(office)
    for typed in (TITLE, "92.4%", "督促1次", "不动产登记中心", "效能"):
        assert typed in words, typed


def press(page: Page, name: str) -> None:
    """Press a button that leads to the next page, and see that nothing was refused."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        if page.locator("#confirm-yes").is_visible():
            page.locator("#confirm-yes").click()
    expect(page.locator(".error-summary")).to_have_count(0)
    fits(page)


def fits(page: Page) -> None:
    """The page fits its width."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), page.url


def give_out(page: Page, until) -> str:
    """Load the newest plan, find its row on the board, and give it to a department."""
    page.goto("/measures")
    expect(page.locator("main")).to_contain_text("计划与任务分解表")
    page.get_by_role("link", name="计划与任务分解表").first.click()
    press(page, "载入")
    page.goto("/measures")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator(".page-head")).to_contain_text("还没有分解到牵头部门")
    url = page.url
    page.locator("section.flow").get_by_role("link", name="分解").click()
    page.get_by_label("牵头部门").select_option(label="不动产登记中心")
    page.get_by_label("完成期限").fill(until.isoformat())
    press(page, "分解")
    expect(page.locator("main")).to_contain_text("等牵头部门签收")
    return url


def read(page: Page, url: str, value: str, *, evidence: bool = False, day=None) -> None:
    """Type a reading; a number that is none is refused with what was typed kept."""
    page.goto(url)
    page.get_by_role("link", name="填报读数").first.click()
    page.locator("#source").fill("平台月报")
    page.locator("#text").fill(DONE)
    page.locator("#value").fill(value)
    if day:
        page.locator("#read_on").fill(day.isoformat())
    if evidence:
        buffer = io.BytesIO()
        Image.new("RGB", (320, 240), (90, 130, 110)).save(buffer, "PNG")
        given = {"name": "月报.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
        page.locator("input[type=file]").set_input_files(given)
        page.get_by_label(re.compile("我已核对")).check()
    press(page, page.locator("#reading-form button[type=submit]").inner_text().strip())
    expect(page.locator("main")).to_contain_text(f"{value}%")
    if evidence:
        expect(page.get_by_role("link", name="佐证")).to_be_visible()


def correct(page: Page) -> None:
    """Put the reading right: the old one stays, crossed out, with the reason."""
    page.get_by_role("link", name=re.compile("^更正")).first.click()
    page.locator("#value").fill("88.1")
    page.locator("#source").fill("平台月报")
    page.get_by_label("更正原因").fill("重复计了一个窗口。")
    press(page, page.locator("main form button[type=submit]").last.inner_text().strip())
    expect(page.locator("main del")).to_contain_text("96.2%")
    expect(page.locator("main")).to_contain_text("重复计了一个窗口。")


def note(page: Page, url: str) -> None:
    """Write down that it was urged."""
    page.goto(url)
    page.get_by_role("link", name="记督促或宣传").click()
    page.get_by_label("督促整改").check()
    page.locator("main textarea").first.fill(URGED)
    press(page, "记下")
    expect(page.locator("main")).to_contain_text(URGED)


def look_at_the_board(page: Page) -> None:
    """Somebody else finds it on the board with its light, and comes to its course."""
    page.goto("/measures")
    expect(page.locator("main")).to_contain_text(re.compile(r"正常 1项"))
    expect(page.locator("main")).to_contain_text("92.4%")
    page.get_by_role("link", name=TITLE).first.click()
    expect(page.locator("blockquote")).to_contain_text("首办成功率不低于90%")
    fits(page)


def export(page: Page) -> list[list[object]]:
    """Give the rows of the board's Excel file."""
    page.goto("/measures")
    address = page.locator("a.export").first.get_attribute("href") or ""
    content = page.request.get(address).body()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


def print_board(page: Page) -> str:
    """Print the board; gives its text without blanks."""
    page.goto("/measures/plans")
    page.locator("main a.row-link").first.click()
    press(page, "打印看板")
    link = page.get_by_role("link", name=re.compile("打开.*看板"))
    expect(link).to_be_visible(timeout=60_000)
    answer = page.request.get(link.get_attribute("href") or "")
    document = pypdfium2.PdfDocument(answer.body())
    text = "".join(each.get_textpage().get_text_bounded() for each in document)
    document.close()
    return "".join(text.split())
