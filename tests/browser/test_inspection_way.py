"""A spot check in the browser alone, on an office PC, a phone and the hall's tablet, with its taps.

A clerk fills the roster; an inspector goes round (one tap where all is well, four for a finding,
nothing typed), mends one thing on the spot and opens an order; the chief signs, the lead receives
and replies, an inspector who was not on the round re-checks, the chief closes. What was tapped and typed stands in the
text of both papers.
"""

import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.workdays import service as workdays
from app.workdays.periods import Period
from tests.support import cast
from tests.support.chromium import DESK, PHONE
from tests.support.server import Hall

TABLET = (820, 1180)
WAYS = [
    pytest.param(DESK, "上午", "D", id="desk"),
    pytest.param(PHONE, "下午", "P", id="phone"),
    pytest.param(TABLET, "全天", "T", id="tablet"),
]
# Sentences that nobody typed, and what the department wrote.
PHRASE, MENDED, PAUSED = "未佩戴工牌", "桌面承诺牌缺失", "暂停服务未摆牌"
MEASURE = "班前逐窗检查暂停服务牌"
# A PDF names no icon of its own, so Chromium asks for the one that sites have by custom.
NO_ICON = r"status of 404 .*/favicon.ico"


@dataclass
class Taps:
    """Somebody before a page, whose taps are counted; typing is not done through it."""

    page: Page
    count: int = 0

    def tap(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def take_photo(self, file: Path, label: str) -> None:
        """Choose a photo: one tap, and the camera's own business."""
        self.count += 1
        self.page.get_by_label(label, exact=True).set_input_files(file)

    def start_anew(self) -> None:
        self.count = 0


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    Image.new("RGB", (1280, 960), (190, 200, 210)).save(path, "JPEG")
    return path


@pytest.fixture
def windows(hall: Hall) -> Callable[[str], list[str]]:
    """Give the hall three windows of one area."""

    def add(area: str) -> list[str]:
        numbers = [f"{area}{place}1" for place in range(1, 4)]
        with hall.acting():
            open_today()
        with hall.acting(), db.write():
            home = db.session.get_one(Department, cast.department_ids()[0])
            for number in numbers:
                db.session.add(ServiceWindow(number=number, name="登记", department_id=home.id))
        return numbers

    return add


def open_today() -> None:
    """Let the hall be open today, whatever day this is: nobody is on duty in a closed one."""
    today = clock.today()
    if workdays.get_calendar().is_open(today):
        return
    entry = replace(
        workdays.get_day(day=today), name="延时服务", periods=(Period(time(9), time(17)),)
    )
    with db.write():
        workdays.change_day(entry=entry, changed_by_id=None)


@pytest.mark.parametrize(("size", "period", "area"), WAYS)
def test_from_the_roster_to_the_closed_order(
    hall, windows, new_person, open_window, guard, photo, size, period, area
):
    guard.expect(NO_ICON)
    numbers = windows(area)
    people = {role: new_person(role) for role in (Role.CLERK, Role.SECTION_CHIEF, Role.WINDOW_LEAD)}
    inspector, mate = new_person(Role.INSPECTOR), new_person(Role.INSPECTOR)
    checker, witness = new_person(Role.INSPECTOR), new_person(Role.STAFF)
    fill_roster(open_window(people[Role.CLERK].person_id, size), period, inspector, mate)
    page = open_window(inspector.person_id, size)
    record = go_round(page, numbers, photo, witness.staff_number)
    for words in (numbers[0], PHRASE, MENDED, PAUSED, "首次提醒，不计分", witness.name):
        assert words in record, words
    order = page.evaluate("() => document.querySelector('main').innerText")
    assert "整改通知单" in order
    url = order_url(page)
    act(open_window(people[Role.SECTION_CHIEF].person_id, size), url, "签发")
    lead = open_window(people[Role.WINDOW_LEAD].person_id, size)
    act(lead, url, "签收")
    reply(lead, url, photo, witness.staff_number)
    act(open_window(checker.person_id, size), url, "复查通过", reason="现场查看，已摆牌。")
    chief = open_window(people[Role.SECTION_CHIEF].person_id, size)
    act(chief, url, "销号")
    expect(chief.locator("main")).to_contain_text("已销号")
    notice = print_paper(chief, "打印通知单", "打开整改通知单")
    for words in (PAUSED, MEASURE, witness.name, checker.name, "通过", "签收次日起3个工作日"):
        assert words in notice, words


def fill_roster(page: Page, period: str, inspector, mate) -> None:
    """Put both on duty today."""
    page.goto("/inspections/roster")
    page.get_by_role("link", name="排值班").click()
    page.get_by_label(period).check()
    page.get_by_label("巡查人", exact=True).select_option(str(inspector.person_id))
    page.get_by_label("巡查人（第二名）").select_option(str(mate.person_id))
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text(inspector.name)


def go_round(page: Page, numbers: list[str], photo: Path, witness: str) -> str:
    """Go round and print the record; gives its text."""
    taps = Taps(page)
    page.goto("/")
    taps.tap(page.get_by_role("link", name="开始巡查"))
    # Once for all photos of the round.
    taps.tap(page.get_by_label("这次巡查拍的每张照片都先核对"))
    taps.tap(page.get_by_role("button", name="开始巡查"))
    assert taps.count == 3, "from the home page to the windows"
    taps.start_anew()
    taps.tap(page.get_by_role("button", name=re.compile(f"全部正常.*{numbers[2]}窗口")))
    expect(spot(page, numbers[2])).to_contain_text("正常")
    assert taps.count == 1, "one tap where all is well"
    find(taps, numbers[0], "着装工牌党徽", photo, "现场提醒")
    assert taps.count == 4, "four taps for a finding, and no typing"
    expect(spot(page, numbers[0])).to_contain_text("1个问题")
    find(taps, numbers[1], "承诺牌与公示资料", photo, "立行立改")
    assert taps.count == 4
    # The window's own person confirms: a tap and the 工号.
    page.get_by_label("改后照片", exact=True).set_input_files(photo)
    page.get_by_label("窗口人员或窗口负责人的工号").fill(witness)
    page.get_by_role("button", name="窗口确认，已改好").click()
    find(taps, numbers[0], "暂停服务牌", photo, "整改通知单")
    assert taps.count == 4
    page.get_by_role("link", name="结束巡查").click()
    page.get_by_role("button", name="结束巡查").click()
    page.locator("#confirm-yes").click()
    expect(page.locator("main")).to_contain_text("巡查已结束")
    here = page.url
    words = print_paper(page, "打印记录表", "打开巡查记录表")
    page.goto(here)
    return words


def spot(page: Page, number: str) -> Locator:
    """Give a window on the list."""
    return page.locator("li.spot").filter(has_text=number)


def find(taps: Taps, number: str, item: str, photo: Path, track: str) -> None:
    """Record a finding: 有问题, the item, the photo, the track."""
    page = taps.page
    taps.start_anew()
    taps.tap(page.get_by_role("link", name=re.compile(f"有问题.*{number}窗口")))
    taps.tap(page.get_by_role("link", name=item, exact=True))
    taps.take_photo(photo, "照片")
    taps.tap(page.get_by_role("button", name=re.compile(f"^{track}")))
    expect(page.locator(".error-summary")).to_have_count(0)


def print_paper(page: Page, button: str, link: str) -> str:
    """Order a paper, wait for it, and give its text without blanks."""
    page.get_by_role("button", name=button).click()
    opened = page.get_by_role("link", name=link)
    expect(opened).to_be_visible(timeout=60_000)
    answer = page.request.get(opened.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    command = ["pdftotext", "-", "-"]
    printed = subprocess.run(command, input=answer.body(), capture_output=True, check=True)
    return "".join(printed.stdout.decode().split())


def order_url(page: Page) -> str:
    """Find the order from the finding that opened it."""
    page.get_by_role("link", name=re.compile(PAUSED)).click()
    page.get_by_role("link", name="看整改通知单").click()
    expect(page.locator("h1")).to_contain_text("整改通知单")
    return page.url


def act(page: Page, url: str, name: str, *, reason: str = "") -> None:
    """Make a move from the order's page; some have a page of their own."""
    page.goto(url)
    page.locator("main").get_by_role("link", name=name, exact=True).or_(
        page.locator("main").get_by_role("button", name=name, exact=True)
    ).first.click()
    if page.url != url:
        if reason:
            page.locator("main textarea").first.fill(reason)
        page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".error-summary")).to_have_count(0)
    expect(page).to_have_url(url)


def reply(page: Page, url: str, photo: Path, number: str) -> None:
    """Fill in the 回执 with a photo."""
    page.goto(url)
    page.locator("main").get_by_role("link", name="填写回执").click()
    page.get_by_label("整改后的照片", exact=True).set_input_files(photo)
    page.get_by_label("流程").check()
    page.get_by_label("整改措施").fill(MEASURE)
    page.get_by_label("责任人工号").fill(number)
    page.get_by_label("我已核对，这个文件不含涉密、内部、敏感内容").check()
    page.get_by_role("button", name="提交回执").click()
    expect(page.locator("main")).to_contain_text("回执已提交")
