"""A Chromium of 2020 sits the exam: `./manage test --old-chromium` collects this file, nothing else does.

Playwright drives it by `evaluate` alone: what it would do for a click asks for functions that this
browser does not have yet.
"""

import os
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.conftest import Guard, session_cookie
from tests.faults.papers import publish_exam
from tests.support import cast
from tests.support.chromium import DESK, PHONE, Size, launched, new_context
from tests.support.server import Hall, wait_until

VERSION = re.compile(r"^88\.")
CLICK = "(selector) => document.querySelector(selector).click()"
CHOOSE = """
(key) => document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
"""


@pytest.fixture(scope="module")
def old_chrome(driver: Playwright) -> Iterator[Browser]:
    with launched(driver, os.environ["OLD_CHROMIUM"]) as browser:
        assert VERSION.match(browser.version), browser.version
        yield browser


def click(page: Page, selector: str) -> None:
    page.evaluate(CLICK, selector)


def press(page: Page, key: str) -> None:
    page.evaluate(
        "(key) => document.querySelector('.question.is-shown').dispatchEvent("
        "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))",
        key,
    )


def text(page: Page, selector: str) -> str:
    return page.evaluate("(selector) => document.querySelector(selector).textContent", selector)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_2020_chromium_sits_the_exam(
    old_chrome: Browser, hall: Hall, bank: list[int], new_person, guard: Guard, size: Size
) -> None:
    person = new_person()
    publish_exam(
        hall, bank, [person.person_id], title="旧浏览器的一月一考", lasts=timedelta(hours=2)
    )
    context = new_context(old_chrome, size, base_url=hall.base)
    guard.watch(context)
    context.add_cookies([session_cookie(hall, person.person_id)])
    page = context.new_page()
    page.goto("/")
    with page.expect_navigation():
        click(page, ".task a.btn")
    with page.expect_navigation():
        click(page, "main form button")
    wait_until(
        lambda: page.evaluate("() => document.documentElement.classList.contains('is-ready')"),
        "the script of the sitting runs",
    )
    public_id = page.url.rsplit("/", 1)[1]
    # Kinds stand together: the singles, the multiples, then what is true or false.
    in_order = ((1, 4, 7, 10), "b"), ((2, 5, 8), "abc"), ((3, 6, 9), "a")
    for number, keys in ((number, keys) for numbers, keys in in_order for number in numbers):
        for key in keys:
            press(page, key)
        wait_until(
            lambda n=number: text(page, f"#q{n}-saved").endswith("已保存"), f"{number} is saved"
        )
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        if number != 9:
            press(page, "ArrowRight")
    assert text(page, "#counts") == "已答10 · 标记0 · 未答0"
    click(page, "#hand-in-open")
    assert page.evaluate("() => document.querySelector('#hand-in').open")
    with page.expect_navigation(url="**/receipt"):
        click(page, "#hand-in-yes")
    assert "10/10题" in text(page, "main")
    rows = hall.ask("SELECT handed_in_by FROM sitting WHERE public_id = :id", id=public_id)
    assert rows == [("person",)]
    assert page.evaluate("() => localStorage.length") == 0
    context.close()


def test_its_htmx_swaps_a_list(
    old_chrome: Browser, hall: Hall, bank: list[int], guard: Guard
) -> None:
    assert bank
    context = new_context(old_chrome, base_url=hall.base)
    guard.watch(context)
    with hall.acting():
        clerk = cast.person_id("clerk")
    context.add_cookies([session_cookie(hall, clerk)])
    page = context.new_page()
    page.goto("/questions")
    page.evaluate("() => { document.querySelector('input[type=search]').value = '第7道题'; }")
    page.evaluate("() => { window.isSamePage = true; }")
    click(page, "#question-list-search")
    wait_until(lambda: "共1道题" in text(page, "main"), "the list was swapped")
    assert page.evaluate("() => window.isSamePage"), "the page was loaded anew"
    context.close()
