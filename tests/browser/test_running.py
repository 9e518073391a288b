"""A sitting that an organiser reaches into: extra time, pause, message, collect, a second device."""

import pytest
from playwright.sync_api import expect

from app.exams.models import ControlKind, Sitting
from app.exams.service import running
from app.kernel import db
from tests.browser.conftest import Seat
from tests.browser.test_pages import AXE, axe_faults
from tests.faults.papers import publish_exam
from tests.support import cast
from tests.support.chromium import PHONE
from tests.support.server import wait_until

REFUSED = r"status of 409"
# "taking effect within 5 s", and a little for a busy machine.
SOON = 8000
ELSEWHERE = "这场考试正在另一台设备上作答"


@pytest.fixture
def act(hall):
    """Do what the board's forms do."""

    def make(seat, kind, **values):
        with hall.acting(), db.write():
            running.control(
                exam_id=seat.exam_id,
                kind=kind,
                made_by_id=cast.person_id("clerk"),
                **values,
            )

    return make


def faults(page):
    """Let axe look at a page that a person has just been led to."""
    page.evaluate(AXE)
    return axe_faults(page)


def minutes_on(page):
    return int(page.locator("[data-timer]").text_content().split(":")[0])


def test_extra_time_and_a_message_reach_the_open_page(take_seat, act):
    seat = take_seat()
    page = seat.page
    assert minutes_on(page) < 41
    act(seat, ControlKind.EXTRA_TIME, minutes=20, text="停电。")
    page.wait_for_function(
        "() => Number(document.querySelector('[data-timer]').textContent.split(':')[0]) > 50",
        timeout=SOON,
    )
    notices = page.locator("#notices")
    expect(notices).to_contain_text("已给你加时20分钟。")
    act(seat, ControlKind.MESSAGE, text="还有二十分钟，请注意检查。")
    expect(notices).to_contain_text("还有二十分钟，请注意检查。", timeout=SOON)
    assert faults(page) == []
    for _ in range(2):
        page.get_by_role("button", name="知道了").first.click()
    expect(notices).to_be_empty()
    seat.open()
    page.keyboard.press("b")
    seat.wait_saved(1)
    expect(notices).to_be_empty()


def test_a_pause_hides_the_paper_keeps_the_answer_and_goes_on_by_itself(take_seat, act, guard):
    guard.expect(REFUSED)
    seat = take_seat(PHONE)
    page = seat.page
    page.keyboard.press("a")
    seat.wait_saved(1)
    act(seat, ControlKind.PAUSE, text="消防演练。")
    page.keyboard.press("c")
    expect(page.locator("#stopped")).to_be_visible(timeout=SOON)
    expect(page.locator("#paper")).to_be_hidden()
    assert faults(page) == []
    shown = page.locator("[data-timer]").text_content()
    page.wait_for_timeout(1500)
    assert page.locator("[data-timer]").text_content() == shown
    assert seat.stored() == {1: "A"}
    act(seat, ControlKind.RESUME)
    expect(page.locator("#paper")).to_be_visible(timeout=SOON)
    wait_until(lambda: seat.stored() == {1: "C"}, "what was chosen meanwhile is stored")
    assert seat.outbox is None


def test_a_collected_sitting_leads_to_its_receipt(take_seat, act):
    seat = take_seat()
    act(seat, ControlKind.COLLECT, text="提前结束。")
    seat.page.wait_for_url(f"**/{seat.public_id}/receipt", timeout=SOON)


def test_a_device_that_was_taken_over_says_so_and_what_it_held_is_kept(
    take_seat, hall, open_window, guard
):
    guard.expect(REFUSED)
    seat = take_seat()
    hall_device = "0" * 64
    with hall.acting(), db.write():
        db.session.query(Sitting).filter_by(public_id=seat.public_id).one().device = hall_device
    seat.page.keyboard.press("b")
    expect(seat.page.locator("main")).to_contain_text(
        "这场考试正在另一台设备上作答", timeout=SOON + 4000
    )
    kept = hall.ask("SELECT chosen, cause FROM late_answer")
    assert [each[1] for each in kept][-1:] == ["taken_over"]
    seat.page.get_by_role("button", name="在这台设备继续").click()
    expect(seat.page.locator("#paper")).to_be_visible()
    assert faults(seat.page) == []


def test_a_call_to_the_window_costs_no_time_and_loses_nothing(take_seat, hall, open_window):
    seat = take_seat(PHONE)
    page = seat.page
    page.keyboard.press("a")
    seat.wait_saved(1)
    page.get_by_role("button", name="答题卡").click()
    page.get_by_role("link", name="叫回窗口").click()
    page.get_by_role("button", name="确认叫回，停住计时").click()
    expect(page.locator("#stopped")).to_contain_text("等窗口负责人确认")
    expect(page.locator("#paper")).to_be_hidden()
    assert faults(page) == []
    before = minutes_on(page)
    with hall.acting():
        lead = open_window(cast.person_id("lead"))
    lead.goto("/exams/call-backs")
    lead.get_by_role("link", name=seat.person.name).click()
    lead.get_by_role("button", name="确认叫回").click()
    expect(page.locator("#call-back")).to_contain_text("窗口负责人已经确认", timeout=SOON)
    assert faults(page) == []
    hall.move_clock(minutes=3)
    page.get_by_role("button", name="继续答题").click()
    expect(page.locator("#paper")).to_be_visible()
    assert before - 1 <= minutes_on(page) <= before
    expect(page.locator("#q1-A")).to_be_checked()
    page.wait_for_selector("html.is-ready")
    # It goes on at the first question without an answer.
    page.keyboard.press("b")
    seat.wait_saved(4)
    assert seat.stored() == {1: "A", 4: "B"}
    expect(page.get_by_role("link", name="叫回窗口")).to_have_count(0)


def test_two_browsers_of_one_person_never_answer_together(
    hall, bank, new_person, open_window, guard
):
    guard.expect(REFUSED)
    person = new_person()
    exam_id = publish_exam(hall, bank, [person.person_id])
    first, second = open_window(person.person_id), open_window(person.person_id, PHONE)
    first.goto(f"/exams/{exam_id}")
    first.get_by_role("button", name="开始答题").click()
    first.wait_for_selector("html.is-ready")
    seat = Seat(hall, person, exam_id, first.url.rsplit("/", 1)[1], first)
    first.keyboard.press("a")
    seat.wait_saved(1)
    second.goto(first.url)
    expect(second.locator("main")).to_contain_text(ELSEWHERE)
    assert faults(second) == []
    second.get_by_role("button", name="在这台设备继续").click()
    expect(second.locator("#q1-A")).to_be_checked()
    second.wait_for_selector("html.is-ready")
    second.keyboard.press("b")
    wait_until(lambda: seat.stored() == {1: "A", 4: "B"}, "the second device saves")
    expect(first.locator("main")).to_contain_text(ELSEWHERE, timeout=SOON + 4000)
    first.get_by_role("button", name="在这台设备继续").click()
    expect(first.locator("#q4-B")).to_be_checked()
    expect(second.locator("main")).to_contain_text(ELSEWHERE, timeout=SOON + 4000)
    assert seat.stored() == {1: "A", 4: "B"}
