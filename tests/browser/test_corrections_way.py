"""题目纠错 in the browser: doubted, looked at, checked, decided, marked again; axe on every page."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import hand_in_for
from tests.browser.test_pages import faults_of
from tests.faults.papers import publish_exam
from tests.support import cast
from tests.support.chromium import DESK, PHONE
from tests.support.server import wait_until


@pytest.fixture
def released(hall, bank, new_person):
    """A released exam that one person sat: the first two of ten right; gives him and its address."""
    person = new_person()
    exam_id = publish_exam(hall, bank, [person.person_id], releases_when_complete=True)
    hand_in_for(hall, exam_id, right=2)
    state = "SELECT state FROM exam WHERE id = :id"
    wait_until(lambda: hall.ask(state, id=exam_id) == [("released",)], f"released\n{hall.log()}")
    [(public_id,)] = hall.ask("SELECT public_id FROM sitting WHERE exam_id = :id", id=exam_id)
    return person, f"/exams/sittings/{public_id}/result"


def looked_at(page):
    """Look at a page in both colours and every width, and find nothing."""
    faults = faults_of(page)
    page.emulate_media(color_scheme="light")
    assert faults == [], page.url


@pytest.mark.parametrize("size", [pytest.param(DESK, id="desk"), pytest.param(PHONE, id="phone")])
def test_a_doubt_becomes_other_marks(size, hall, released, open_window, guard):
    guard.expect(r"status of 422")
    person, result = released
    with hall.acting():
        clerk, chief = cast.person_id("clerk"), cast.person_id("chief")
    own = open_window(person.person_id, size)
    own.goto(result)
    expect(own.locator(".figure").first).to_contain_text("20")
    own.get_by_role("link", name="对本题有疑问").first.click()
    own.get_by_role("button", name="提交疑问").click()
    expect(own.locator(".error-summary")).to_contain_text("请写明疑问在哪里")
    own.get_by_label("疑问").fill("依据里没有这一条。")
    looked_at(own)
    own.get_by_role("button", name="提交疑问").click()
    expect(own.locator("main")).to_contain_text("你对本题的疑问：依据里没有这一条。")
    looked_at(own)
    page = open_window(clerk, size)
    page.goto("/exams/corrections?state=raised")
    page.locator("#correction-list tbody a").first.click()
    expect(page.locator("main")).to_contain_text("依据里没有这一条。")
    page.get_by_role("link", name="核对，报决定").click()
    page.get_by_label("本题作废，都得满分").check()
    page.get_by_role("button", name="先看影响").click()
    expect(page.locator("main")).to_contain_text("1人答过这道题，1人成绩变动")
    looked_at(page)
    page.get_by_label("理由").fill("这一条已经废止。")
    page.get_by_role("button", name="报决定").click()
    expect(page.locator("main")).to_contain_text("已核对，等业务科室负责人决定")
    deciding = open_window(chief, size)
    deciding.goto(page.url)
    looked_at(deciding)
    deciding.get_by_role("link", name="同意更正，重新评卷").click()
    deciding.get_by_role("button", name="同意更正，重新评卷").click()
    expect(deciding.locator("main")).to_contain_text("已更正")
    own.goto(result)
    wait_until(lambda: own.reload() and "成绩第2版" in own.content(), "marked again")
    expect(own.locator(".figure").first).to_contain_text("30")
    expect(own.locator("main")).to_contain_text("本题作废，答卷的人都得满分")
    looked_at(own)
