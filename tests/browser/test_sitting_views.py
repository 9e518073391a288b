"""The sitting page as people look about in it: one question or all, the answer card, what is open."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_pages import AXE, axe_faults, too_wide
from tests.support.chromium import DESK, NARROW, PHONE, ZOOMED
from tests.support.server import wait_until

# Kinds stand together: of the ten questions the singles come first (1, 4, 7, 10), then 2, 5, 8, then 3, 6, 9.


def show_all(page: Page) -> None:
    page.get_by_role("button", name="全部题目").click()
    expect(page.locator("#q10")).to_be_visible()


def is_in_sight(page: Page, selector: str) -> bool:
    """Tell whether the middle of something is what lies on top there."""
    return page.evaluate(
        """selector => {
          const element = document.querySelector(selector);
          const { left, top, width, height } = element.getBoundingClientRect();
          const found = document.elementFromPoint(left + width / 2, top + height / 2);
          return element.contains(found);
        }""",
        selector,
    )


def test_one_question_is_shown_until_somebody_wants_all_and_the_browser_remembers(take_seat):
    seat = take_seat()
    page = seat.page
    expect(page.locator("#q1")).to_be_visible()
    expect(page.locator("#q2")).to_be_hidden()
    show_all(page)
    expect(page.get_by_role("button", name="全部题目")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#live")).to_have_text("全部10道题都在本页。")
    seat.open()
    expect(page.locator("#q1")).to_be_visible()
    expect(page.locator("#q10")).to_be_visible()
    page.get_by_role("button", name="一题一页").click()
    expect(page.locator("#q10")).to_be_hidden()
    seat.open()
    expect(page.locator("#q10")).to_be_hidden()


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_in_the_view_of_all_the_card_leads_to_the_question_and_keys_answer_it(take_seat, size):
    seat = take_seat(size)
    page = seat.page
    show_all(page)
    if size == PHONE:
        page.click(".answers-head")
    page.locator(".boxes button").nth(6).click()
    expect(page.locator("#q8-A")).to_be_focused()
    wait_until(lambda: is_in_sight(page, "#q8 legend"), "the seventh question is in sight")
    page.keyboard.press("b")
    seat.wait_saved(8)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("b")
    seat.wait_saved(3)
    assert seat.stored() == {8: "B", 3: "false"}


def test_keys_never_answer_a_question_that_was_scrolled_away(take_seat):
    seat = take_seat()
    page = seat.page
    show_all(page)
    page.mouse.wheel(0, 20_000)
    at_the_end = "scrollY + innerHeight > document.documentElement.scrollHeight - 2"
    page.wait_for_function(f"() => {at_the_end}")
    # What is in sight is told with the next frame but one.
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 100)))")
    page.keyboard.press("a")
    wait_until(lambda: len(seat.stored()) == 1, "one answer is stored")
    [number] = seat.stored()
    assert number != 1
    last = f"#q{number} .option:last-of-type .text"
    assert is_in_sight(page, f"#q{number} legend") or is_in_sight(page, last)


def test_in_the_view_of_all_every_question_has_its_own_flag(take_seat):
    seat = take_seat()
    page = seat.page
    show_all(page)
    page.get_by_role("button", name="标记第3题").click()
    seat.wait_saved(7)
    expect(page.get_by_role("button", name="标记第3题")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-box='7'] button")).to_have_attribute(
        "aria-label", "第3题，当前题，未答，已标记"
    )
    page.get_by_role("button", name="一题一页").click()
    # What was in sight last may be another question: a busy browser tells it late.
    page.locator("[data-box='7'] button").click()
    expect(page.locator("#q7")).to_be_visible()
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("view", ["one", "all"])
def test_before_handing_in_every_open_question_is_a_button_that_leads_there(take_seat, view):
    seat = take_seat()
    page = seat.page
    if view == "all":
        show_all(page)
    page.keyboard.press("b")
    page.keyboard.press("f")
    seat.wait_saved(1)
    page.click("#hand-in-open")
    open_ones = page.locator("#hand-in-missing button")
    expect(open_ones).to_have_text([str(place) for place in range(2, 11)])
    expect(page.locator("#hand-in-flagged button")).to_have_text(["1"])
    page.locator("#hand-in").get_by_role("button", name="去第6题").click()
    expect(page.locator("#hand-in")).to_be_hidden()
    expect(page.locator("#q5-A")).to_be_focused()
    assert is_in_sight(page, "#q5 legend")
    page.click("#hand-in-open")
    page.locator("#hand-in").get_by_role("button", name="去第1题").click()
    expect(page.locator("#q1-B")).to_be_focused()


@pytest.mark.parametrize("view", ["one", "all"])
def test_both_views_are_accessible_and_fit(take_seat, view):
    page = take_seat().page
    if view == "all":
        show_all(page)
    page.keyboard.press("b")
    page.keyboard.press("f")
    page.evaluate(AXE)
    faults = []
    for size in (DESK, PHONE, ZOOMED, NARROW):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        faults += too_wide(page, size)
        if size in {DESK, PHONE}:
            faults += [f"{size}: {fault}" for fault in axe_faults(page)]
    page.click("#hand-in-open")
    faults += axe_faults(page)
    assert not faults, "\n".join(faults)
