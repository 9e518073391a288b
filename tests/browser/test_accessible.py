"""Every page of the way: axe finds nothing, nothing overflows, in both sizes, light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import begin

pytestmark = pytest.mark.browser

PAGES = {
    None: ["/demo/", "/sign-in", "/not-there"],
    "staff": ["/", "/exams", "/exams/{exam}"],
    "clerk": [
        "/",
        "/questions",
        "/questions/new",
        "/questions/1",
        "/exams/papers",
        "/exams/papers/new",
        "/exams/papers/{exam}",
        "/exams/papers/{exam}/preview",
        "/exams/papers/{exam}/results",
        "/exams/papers/{exam}/late-answers",
        "/workdays",
        "/gallery",
    ],
}
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def complaints(page) -> list[str]:
    """Give what axe finds, with the elements."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'][:120] for node in each['nodes'][:3]]}" for each in found]


@pytest.fixture(params=["light", "dark"])
def scheme(request) -> str:
    return request.param


@pytest.mark.parametrize("size", ["desk", "phone"])
@pytest.mark.parametrize("who", PAGES)
def test_axe_finds_nothing(exam, open_page, guard, who, size, *, scheme):
    guard.allowed.append("404 (NOT FOUND)")
    page = open_page(who, size=size, color_scheme=scheme)
    found = {}
    for url in PAGES[who]:
        page.goto(url.format(exam=exam))
        found[url] = complaints(page)
        assert page.evaluate(OVERFLOW) == 0, f"{url} is wider than the screen"
    assert {url: each for url, each in found.items() if each} == {}


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_axe_finds_nothing_in_a_sitting(exam, open_page, size, scheme):
    page = open_page("staff", size=size, color_scheme=scheme)
    begin(page, exam)
    page.keyboard.press("b")
    page.keyboard.press("f")
    page.wait_for_selector("#q1-saved:has-text('已保存')")
    assert complaints(page) == []
    page.click("#hand-in-open")
    assert complaints(page) == []
    page.click("#hand-in-yes")
    page.wait_for_url("**/receipt")
    assert complaints(page) == []
    assert page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize(("width", "height"), [(683, 384), (320, 640)])
def test_nothing_overflows_at_two_hundred_percent(exam, open_page, width, height):
    page = open_page("clerk")
    page.set_viewport_size({"width": width, "height": height})
    for url in PAGES["clerk"]:
        page.goto(url.format(exam=exam))
        assert page.evaluate(OVERFLOW) == 0, f"{url} is wider than {width}"
