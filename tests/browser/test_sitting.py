"""Sitting an exam while network, server, session or time run out: nothing that was chosen is lost."""

import json
import re

import pytest
from playwright.sync_api import Error, Page, expect
from sqlalchemy import select, update

from app.accounts.models import Account, SessionEnd, SignInSession
from app.kernel import clock, db
from tests.support import cast
from tests.support.chromium import PHONE
from tests.support.server import wait_until

CUT_OFF = (
    r"ERR_INTERNET_DISCONNECTED",
    r"ERR_CONNECTION_REFUSED",
    r"ERR_CONNECTION_RESET",
    r"ERR_EMPTY_RESPONSE",
)
NO_SESSION = r"status of 401"
OVERTAKEN = r"status of 409"
# Kinds stand together, so the second question that somebody sees is the fourth of the paper.
BAR = "#offline-bar"
STATE = "#save-state"


def box(page: Page, place: int):
    """Give the button of the answer card that leads to a question."""
    return page.locator(".boxes button").nth(place - 1)


def test_every_choice_is_stored_at_once_and_leaves_the_outbox(take_seat):
    seat = take_seat()
    seat.page.keyboard.press("b")
    seat.wait_saved(1)
    assert seat.stored() == {1: "B"}
    assert seat.outbox is None
    expect(seat.page.locator("#counts")).to_have_text("已答1 · 标记0 · 未答9")


def test_answers_wait_in_the_browser_while_the_network_is_cut(take_seat, guard):
    guard.expect(*CUT_OFF)
    seat = take_seat(PHONE)
    page = seat.page
    page.context.set_offline(True)
    page.keyboard.press("b")
    expect(page.locator(BAR)).to_be_visible()
    expect(page.locator("#live")).to_contain_text("答案暂存在本机，恢复后自动保存")
    expect(page.locator("#q1-saved")).to_have_text("暂存本机，恢复后自动保存")
    expect(page.locator(STATE)).to_have_text("1题暂存本机")
    expect(box(page, 1)).to_have_attribute("aria-label", "第1题，当前题，已答，未保存")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    page.keyboard.press("f")
    assert json.loads(seat.outbox)["1"]["chosen"] == ["B"]
    assert json.loads(seat.outbox)["4"] == {"chosen": ["A"], "flagged": True, "revision": 2}
    assert seat.stored() == {}
    page.context.set_offline(False)
    expect(page.locator(BAR)).to_be_hidden()
    expect(page.locator("#live")).to_have_text("已经连上服务器。")
    wait_until(lambda: seat.stored() == {1: "B", 4: "A"}, "both answers are stored")
    page.wait_for_function("() => localStorage.length === 0")
    expect(page.locator(STATE)).to_have_text("全部已保存")
    expect(box(page, 2)).to_have_attribute("aria-label", "第2题，当前题，已答，已标记")
    expect(box(page, 3)).to_have_attribute("aria-label", "第3题，未答")


def test_a_reload_without_server_asks_first_and_keeps_the_unsent_answers(take_seat, hall, guard):
    # The server is away for real here: Chromium lifts an emulated cut for a page that is being left.
    guard.expect(*CUT_OFF)
    seat = take_seat()
    page = seat.page
    page.keyboard.press("d")
    seat.wait_saved(1)
    hall.site.kill9()
    page.keyboard.press("b")
    expect(page.locator(BAR)).to_be_visible()
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    with pytest.raises(Error, match="ERR_CONNECTION_REFUSED"):
        page.reload()
    assert asked == ["beforeunload"]
    page.close()
    page = seat.page = page.context.new_page()
    hall.start_site()
    # No save gets through yet, so what is shown can come from nowhere but the browser.
    let_go = seat.hold_saves()
    seat.open()
    assert json.loads(seat.outbox)["1"]["chosen"] == ["B"]
    expect(page.locator("#q1-B")).to_be_checked()
    assert seat.stored() == {1: "D"}
    let_go()
    wait_until(lambda: seat.stored() == {1: "B"}, "the answer of the page that was left is stored")
    page.wait_for_function("() => localStorage.length === 0")


def test_answers_outlive_a_server_that_is_killed_and_started(take_seat, hall, guard):
    guard.expect(*CUT_OFF)
    seat = take_seat()
    page = seat.page
    page.keyboard.press("a")
    seat.wait_saved(1)
    hall.site.kill9()
    page.keyboard.press("b")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.locator(BAR)).to_be_visible()
    assert set(json.loads(seat.outbox)) == {"1", "4"}
    assert seat.stored() == {1: "A"}
    hall.start_site()
    expect(page.locator(BAR)).to_be_hidden(timeout=15_000)
    wait_until(lambda: seat.stored() == {1: "B", 4: "A"}, "both answers are stored")
    page.wait_for_function("() => localStorage.length === 0")


def test_handing_in_while_the_server_is_dead_ends_with_the_receipt(take_seat, hall, guard):
    guard.expect(*CUT_OFF)
    seat = take_seat()
    page = seat.page
    page.keyboard.press("a")
    seat.wait_saved(1)
    hall.site.kill9()
    page.keyboard.press("b")
    page.click("#hand-in-open")
    expect(page.locator("#hand-in-text")).to_have_text("还有9道题未作答。交卷后不能修改。")
    page.click("#hand-in-yes")
    expect(page.locator(BAR)).to_be_visible()
    hall.start_site()
    page.wait_for_url(f"**/exams/sittings/{seat.public_id}/receipt", timeout=20_000)
    assert seat.stored() == {1: "B"}
    handed_in = "SELECT handed_in_by FROM sitting WHERE public_id = :id"
    assert hall.ask(handed_in, id=seat.public_id) == [("person",)]


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (503, "application/json", '{"error": "busy"}'),
        (502, "text/html", "<h1>Bad Gateway</h1>"),
        (200, "text/html", "<h1>Please sign in to the network</h1>"),
        (403, "application/json", '{"error": "forbidden", "message": "blocked"}'),
        (404, "application/json", '{"error": "not_found"}'),
        (409, "application/json", '{"error": "conflict"}'),
        (200, "application/json", '{"ok": true}'),
    ],
    ids=["busy", "proxy", "not the site", "forbidden", "not found", "unknown", "no promise"],
)
def test_an_answer_that_is_no_promise_leaves_the_outbox_as_it_is(
    take_seat, guard, status, content_type, body
):
    guard.expect(r"status of (403|404|409|50[23])", r"^status 50[23]")
    seat = take_seat()
    page = seat.page
    elsewhere = "**/answers/*"
    page.route(
        elsewhere,
        lambda route: route.fulfill(status=status, content_type=content_type, body=body),
    )
    # Chromium begins to catch requests a moment after it was told to.
    probe = "() => fetch('/exams/answers/probe').then(answer => answer.text())"
    wait_until(lambda: page.evaluate(probe) == body, "requests are caught")
    page.keyboard.press("b")
    expect(page.locator(BAR)).to_be_visible()
    assert json.loads(seat.outbox)["1"]["chosen"] == ["B"]
    page.unroute(elsewhere)
    wait_until(lambda: seat.stored() == {1: "B"}, "the answer is stored")
    expect(page.locator(BAR)).to_be_hidden()
    page.wait_for_function("() => localStorage.length === 0")


def end_sessions(hall, person_id: int) -> None:
    """End somebody's sessions on the server, as an idle half hour does."""
    with hall.acting(), db.write():
        accounts = select(Account.id).where(Account.person_id == person_id)
        db.session.execute(
            update(SignInSession)
            .where(SignInSession.account_id.in_(accounts), SignInSession.ended_at.is_(None))
            .values(ended_at=clock.now(), end_reason=SessionEnd.REPLACED)
        )


def test_a_session_that_has_gone_asks_for_the_password_in_place(take_seat, hall, guard):
    guard.expect(NO_SESSION, r"status of 422")
    seat = take_seat()
    page = seat.page
    end_sessions(hall, seat.person.person_id)
    page.keyboard.press("b")
    dialog = page.locator("#again")
    expect(dialog).to_be_visible()
    expect(page.locator("#again-password")).to_be_focused()
    assert json.loads(seat.outbox)["1"]["chosen"] == ["B"]
    page.keyboard.type("not the password")
    page.keyboard.press("Enter")
    expect(page.locator("#again-error")).to_contain_text("工号或密码不正确")
    assert seat.stored() == {}
    page.fill("#again-password", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    seat.wait_saved(1)
    assert seat.stored() == {1: "B"}
    # The session is his again: the next answer goes through, and so does handing in.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    seat.wait_saved(4)
    page.click("#hand-in-open")
    page.click("#hand-in-yes")
    page.wait_for_url("**/receipt")


def test_a_session_that_goes_before_handing_in_asks_for_the_password(take_seat, hall, guard):
    guard.expect(NO_SESSION)
    seat = take_seat()
    page = seat.page
    page.keyboard.press("b")
    seat.wait_saved(1)
    end_sessions(hall, seat.person.person_id)
    page.click("#hand-in-open")
    page.click("#hand-in-yes")
    expect(page.locator("#again")).to_be_visible()
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt")
    handed_in = "SELECT handed_in_by FROM sitting WHERE public_id = :id"
    assert hall.ask(handed_in, id=seat.public_id) == [("person",)]


def test_closing_the_password_dialog_keeps_the_answers_and_the_next_choice_asks_again(
    take_seat, hall, guard
):
    guard.expect(NO_SESSION)
    seat = take_seat()
    page = seat.page
    end_sessions(hall, seat.person.person_id)
    page.keyboard.press("b")
    expect(page.locator("#again")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#again")).to_be_hidden()
    # The browser takes the focus out of a shut dialog with its next frame.
    page.wait_for_function("() => !document.activeElement.closest('dialog')")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("a")
    expect(page.locator("#again")).to_be_visible()
    page.keyboard.type(cast.PASSWORD)
    page.keyboard.press("Enter")
    wait_until(lambda: seat.stored() == {1: "B", 4: "A"}, "both answers are stored")


def test_an_older_window_never_overwrites_a_newer_answer(take_seat, guard):
    guard.expect(OVERTAKEN)
    seat = take_seat()
    first, second = seat.page, seat.page.context.new_page()
    seat.open(second)
    second.keyboard.press("b")
    second.wait_for_function(
        "() => document.querySelector('#q1-saved').textContent.endsWith('已保存')"
    )
    first.bring_to_front()
    first.keyboard.press("d")
    expect(first.locator("#q1-saved")).to_contain_text("第1题在另一个窗口改过")
    expect(first.locator("#q1-B")).to_be_checked()
    assert seat.stored() == {1: "B"}
    # Whoever chooses again, now that he has seen it, is obeyed.
    first.keyboard.press("d")
    seat.wait_saved(1)
    assert seat.stored() == {1: "D"}


def test_two_windows_without_network_keep_the_answers_of_both(take_seat, guard):
    guard.expect(*CUT_OFF)
    seat = take_seat()
    first, second = seat.page, seat.page.context.new_page()
    seat.open(second)
    first.context.set_offline(True)
    first.keyboard.press("b")
    expect(first.locator(BAR)).to_be_visible()
    second.bring_to_front()
    second.keyboard.press("ArrowRight")
    second.keyboard.press("c")
    expect(second.locator(BAR)).to_be_visible()
    kept = json.loads(seat.outbox)
    assert {number: entry["chosen"] for number, entry in kept.items()} == {"1": ["B"], "4": ["C"]}
    # Both windows are closed without ever having sent anything, as when the PC is switched off.
    context = first.context
    first.close(run_before_unload=False)
    second.close(run_before_unload=False)
    context.set_offline(False)
    seat.page = context.new_page()
    seat.open()
    wait_until(lambda: seat.stored() == {1: "B", 4: "C"}, "both answers are stored")
    seat.page.wait_for_function("() => localStorage.length === 0")


def test_the_paper_hands_itself_in_when_the_time_is_over(take_seat, hall):
    seat = take_seat(clock=True, minutes=30)
    page = seat.page
    page.keyboard.press("b")
    seat.wait_saved(1)
    hall.move_clock(minutes=26)
    page.clock.fast_forward("26:00")
    expect(page.locator(".time-low")).to_be_visible()
    # Whoever does nothing for half an hour is signed out, and asked for his password even here.
    page.keyboard.press("f")
    seat.wait_saved(1)
    hall.move_clock(minutes=4)
    page.clock.fast_forward("04:00")
    page.clock.run_for(6000)
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text("1/10题")
    assert seat.stored() == {1: "B"}


def test_an_answer_that_comes_too_late_is_kept_and_said_so(take_seat, hall, guard):
    guard.expect(*CUT_OFF, OVERTAKEN)
    seat = take_seat(minutes=20)
    page = seat.page
    page.keyboard.press("a")
    seat.wait_saved(1)
    page.context.set_offline(True)
    page.keyboard.press("b")
    expect(page.locator(BAR)).to_be_visible()
    hall.move_clock(minutes=22)
    page.context.set_offline(False)
    expect(page.locator("#q1-saved")).to_contain_text("已超过交卷时间", timeout=15_000)
    expect(page.locator("#q1-saved")).to_contain_text("已另行留存")
    assert seat.stored() == {1: "A"}
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text("交卷时间以后收到的修改（未经采纳，不计入答卷）")
    expect(page.locator("main")).to_contain_text("第1题")


def left(page: Page) -> int:
    """Give the seconds that the timer shows."""
    minutes, seconds = page.locator("[data-timer]").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def sleep(seat, hall, minutes: int) -> None:
    """Let the machine sleep: clocks on the wall run, the page's own stands still, nothing fires."""
    hall.move_clock(minutes=minutes)
    wall = seat.page.evaluate("Date.now()") + minutes * 60_000
    seat.page.clock.set_system_time(wall)


def test_after_a_sleep_the_timer_is_set_right(take_seat, hall):
    seat = take_seat(clock=True, minutes=40)
    page = seat.page
    before = left(page)
    sleep(seat, hall, 10)
    page.clock.run_for(1000)
    wait_until(lambda: left(page) < before - 590, "the timer has caught up")
    assert left(page) > before - 660


def test_coming_back_to_the_page_sets_the_timer_right(take_seat, hall):
    seat = take_seat(minutes=40)
    before = left(seat.page)
    hall.move_clock(minutes=10)
    seat.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: left(seat.page) < before - 590, "the timer has caught up")


def test_every_save_sets_the_timer_right(take_seat, hall):
    seat = take_seat(minutes=40)
    before = left(seat.page)
    hall.move_clock(minutes=10)
    seat.page.keyboard.press("b")
    seat.wait_saved(1)
    wait_until(lambda: left(seat.page) < before - 590, "the timer has caught up")


def test_a_machine_that_wakes_after_the_time_hands_in(take_seat, hall):
    seat = take_seat(clock=True, minutes=20)
    page = seat.page
    page.keyboard.press("b")
    seat.wait_saved(1)
    sleep(seat, hall, 25)
    page.clock.run_for(1000)
    page.wait_for_url("**/receipt")
    expect(page.locator("main")).to_contain_text("系统已按最后保存的答案交卷")
    assert seat.stored() == {1: "B"}


def test_time_is_short_said_once_and_the_title_is_never_cut(take_seat, hall):
    seat = take_seat(PHONE, clock=True, minutes=30)
    page: Page = seat.page
    # Both clocks go on: the page asks now and then what the server's says, and believes it.
    hall.move_clock(minutes=25.5)
    page.clock.fast_forward("25:30")
    expect(page.locator(".time-low")).to_be_visible()
    expect(page.locator("#live")).to_have_text(re.compile("剩余时间不到5分钟"))
    heading = page.locator(".exam-title h1")
    assert heading.evaluate("e => e.scrollWidth <= e.clientWidth")
