"""Typed answers: nothing that was written is lost, and no key of the page gets in between."""

import json

import pytest
from playwright.sync_api import Page, expect

from app.questions.kinds import QuestionKind
from tests.browser.test_pages import AXE, axe_faults, too_wide
from tests.exams.every_kind import NUMBERS, add_every_kind
from tests.support.chromium import DESK, NARROW, PHONE, ZOOMED
from tests.support.server import wait_until

CUT_OFF = (r"ERR_INTERNET_DISCONNECTED", r"ERR_CONNECTION_REFUSED", r"ERR_CONNECTION_RESET")
OVERTAKEN = r"status of 409"
BAR, STATE = "#offline-bar", "#save-state"
SINGLE, BLANK, NUMERIC, SHORT, ESSAY = (
    NUMBERS[kind]
    for kind in (
        QuestionKind.SINGLE,
        QuestionKind.BLANK,
        QuestionKind.NUMERIC,
        QuestionKind.SHORT,
        QuestionKind.ESSAY,
    )
)


@pytest.fixture
def every_kind(hall):
    """A question of each kind, for one test."""
    with hall.acting():
        return add_every_kind()


@pytest.fixture
def take_place(take_seat, every_kind):
    """Let somebody sit a paper with every kind of question."""

    def make(*options, **named):
        return take_seat(*options, questions=every_kind, **named)

    return make


def go_to(page: Page, number: int) -> None:
    page.locator(f"[data-box='{number}'] button").click()


def test_what_is_typed_is_stored_after_a_pause_and_at_leaving_the_field(take_place):
    seat = take_place()
    page = seat.page
    go_to(page, BLANK)
    expect(page.locator(f"#q{BLANK}-1")).to_be_focused()
    page.keyboard.type("15")
    wait_until(lambda: seat.texts() == {BLANK: ["15", ""]}, "the first blank is stored by itself")
    page.keyboard.press("Tab")
    page.keyboard.type("回执")
    page.keyboard.press("Tab")
    seat.wait_saved(BLANK)
    assert seat.texts() == {BLANK: ["15", "回执"]}
    expect(page.locator(STATE)).to_have_text("全部已保存")
    expect(page.locator(f"[data-box='{BLANK}'] button")).to_have_attribute(
        "aria-label", "第4题，当前题，已答"
    )


def test_keys_of_the_page_are_letters_while_somebody_types(take_place):
    seat = take_place()
    page = seat.page
    go_to(page, ESSAY)
    page.keyboard.type("abcd F")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("e")
    expect(page.locator(f"#q{ESSAY}-1")).to_have_value("abcd eF")
    expect(page.locator(f"#q{ESSAY}")).to_be_visible()
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(f"#q{ESSAY} .count b, #q{ESSAY} .hint b")).to_have_text("7")
    wait_until(lambda: seat.texts() == {ESSAY: ["abcd eF"]}, "the text is stored")


def test_changing_the_question_saves_without_waiting_for_the_pause(take_place):
    seat = take_place(clock=True)
    page = seat.page
    go_to(page, NUMERIC)
    # The page's clock stands still: only leaving the question can send it.
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    page.keyboard.type("15")
    page.click("#next")
    wait_until(lambda: seat.texts() == {NUMERIC: ["15"]}, "the number is stored")


def test_the_network_is_cut_while_typing_and_comes_back(take_place, guard):
    guard.expect(*CUT_OFF)
    seat = take_place(PHONE)
    page = seat.page
    page.click(".answers-head")
    go_to(page, BLANK)
    page.context.set_offline(True)
    page.keyboard.type("15")
    expect(page.locator(BAR)).to_be_visible()
    page.click("#next")
    page.locator(f"#q{NUMERIC}-1").fill("十五")
    page.click("#next")
    page.locator(f"#q{SHORT}-1").fill("写明缺什么\n写明怎么补")
    expect(page.locator(STATE)).to_have_text("3题暂存本机")
    assert seat.texts() == {}
    kept = {number: entry["chosen"] for number, entry in json.loads(seat.outbox).items()}
    assert kept == {
        str(BLANK): ["15", ""],
        str(NUMERIC): ["十五"],
        str(SHORT): ["写明缺什么\n写明怎么补"],
    }
    page.context.set_offline(False)
    expect(page.locator(BAR)).to_be_hidden()
    wait_until(lambda: len(seat.texts()) == 3, "all three are stored")
    assert seat.texts()[SHORT] == ["写明缺什么\n写明怎么补"]
    expect(page.locator(STATE)).to_have_text("全部已保存")


def test_a_browser_that_is_killed_in_mid_word_has_the_word_when_it_opens_again(take_place, guard):
    guard.expect(*CUT_OFF)
    seat = take_place()
    page = seat.page
    go_to(page, SHORT)
    let_go = seat.hold_saves()
    page.keyboard.type("写明缺什么材料，怎么补")
    # Written down long before the second after which it is sent.
    wait_until(lambda: "怎么补" in (seat.outbox or ""), "the words lie in the browser")
    assert seat.texts() == {}
    # The dead page says nothing any more; a new one finds what it has written down.
    page = seat.page = page.context.new_page()
    seat.open()
    expect(page.locator(f"#q{SHORT}-1")).to_have_value("写明缺什么材料，怎么补")
    let_go()
    wait_until(lambda: seat.texts() == {SHORT: ["写明缺什么材料，怎么补"]}, "the words are stored")


def test_handing_in_takes_the_last_word_along(take_place):
    seat = take_place()
    page = seat.page
    go_to(page, ESSAY)
    page.keyboard.type("减环节")
    page.click("#hand-in-open")
    page.click("#hand-in-yes")
    page.wait_for_url("**/receipt")
    assert seat.texts() == {ESSAY: ["减环节"]}


def test_half_a_word_of_an_input_method_is_no_answer(take_place):
    seat = take_place()
    page = seat.page
    go_to(page, SHORT)
    typing = page.context.new_cdp_session(page)
    typing.send("Input.imeSetComposition", {"text": "xie", "selectionStart": 3, "selectionEnd": 3})
    expect(page.locator(f"#q{SHORT}-1")).to_have_value("xie")
    page.wait_for_timeout(400)
    assert seat.outbox is None
    typing.send("Input.insertText", {"text": "写"})
    wait_until(lambda: seat.texts() == {SHORT: ["写"]}, "the whole word is stored")


def test_what_an_older_window_has_written_stays_in_sight_and_can_be_taken(take_place, guard):
    guard.expect(OVERTAKEN)
    seat = take_place()
    first, second = seat.page, seat.page.context.new_page()
    seat.open(second)
    for page in (first, second):
        page.bring_to_front()
        go_to(page, SHORT)
    second.keyboard.type("新窗口写的")
    wait_until(lambda: seat.texts() == {SHORT: ["新窗口写的"]}, "the newer text is stored")
    second.keyboard.type("，又改过")
    wait_until(lambda: seat.texts() == {SHORT: ["新窗口写的，又改过"]}, "and the next")
    first.bring_to_front()
    first.locator(f"#q{SHORT}-1").focus()
    first.keyboard.insert_text("旧窗口写的")
    expect(first.locator(f"#q{SHORT}-1")).to_have_value("新窗口写的，又改过")
    expect(first.locator(f"#q{SHORT} .aside-text")).to_contain_text("旧窗口写的")
    first.get_by_role("button", name="换成这一份").click()
    wait_until(lambda: seat.texts() == {SHORT: ["旧窗口写的"]}, "the older text counts now")


def test_a_case_stands_above_each_of_its_questions_or_once_above_all(take_place):
    page = take_place().page
    for number in (NUMERIC, SHORT):
        go_to(page, number)
        expect(page.locator(f"#q{number} .case")).to_be_visible()
    page.get_by_role("button", name="全部题目").click()
    expect(page.locator(f"#q{NUMERIC} .case")).to_be_visible()
    expect(page.locator(f"#q{SHORT} .case")).to_be_hidden()
    expect(page.locator(f"#q{SHORT} .case-see")).to_have_text("材料见第5题。")


def test_a_picture_of_a_stem_is_drawn(take_place):
    page = take_place().page
    picture = page.locator(f"#q{SINGLE} img")
    expect(picture).to_have_attribute("alt", "题图1")
    page.wait_for_function(f"() => document.querySelector('#q{SINGLE} img').naturalWidth > 0")


@pytest.mark.parametrize("view", ["one", "all"])
def test_fields_are_accessible_and_fit_in_both_views(take_place, view):
    page = take_place().page
    page.evaluate(AXE)
    faults = []
    if view == "all":
        page.get_by_role("button", name="全部题目").click()
    for number in (BLANK, NUMERIC, SHORT, ESSAY) if view == "one" else (ESSAY,):
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        go_to(page, number)
        page.locator(f"#q{number}-1").fill("很长的一段答案" * 20)
        for size in (DESK, PHONE, ZOOMED, NARROW):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            faults += too_wide(page, size)
            if size in {DESK, PHONE}:
                faults += [f"{number} {size}: {fault}" for fault in axe_faults(page)]
    assert not faults, "\n".join(faults)
