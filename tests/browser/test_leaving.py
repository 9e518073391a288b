"""What stays in the browser when somebody leaves: nothing that another person could see or send."""

import json

from playwright.sync_api import expect

from tests.support import cast
from tests.support.server import wait_until

CUT_OFF = (r"ERR_INTERNET_DISCONNECTED", r"ERR_FAILED", r"ERR_CONNECTION_REFUSED")
# htmx notes the address of the page that a tab shows, for the tab itself; nothing else may be kept.
EVERYTHING_KEPT = """() => [
  ...Object.keys(localStorage),
  ...Object.keys(sessionStorage).filter((name) => name !== 'htmx-current-path-for-history'),
]"""


def test_htmx_runs_with_the_strict_settings(open_window, hall):
    with hall.acting():
        page = open_window(cast.person_id("staff"))
    page.goto("/exams")
    settings = page.evaluate("() => htmx.config")
    wanted = {
        "allowEval": False,
        "allowScriptTags": False,
        "selfRequestsOnly": True,
        "historyCacheSize": 0,
        "refreshOnHistoryMiss": True,
        "includeIndicatorStyles": False,
    }
    assert {name: settings[name] for name in wanted} == wanted
    assert settings["responseHandling"] == [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ]
    assert page.evaluate("() => htmx.version") == "2.0.11"


def test_nothing_of_an_exam_stays_in_the_browser(take_seat):
    seat = take_seat()
    page = seat.page
    page.keyboard.press("b")
    seat.wait_saved(1)
    page.click("#hand-in-open")
    page.click("#hand-in-yes")
    page.wait_for_url("**/receipt")
    assert page.evaluate(EVERYTHING_KEPT) == []


def test_back_after_signing_out_shows_no_exam(take_seat):
    seat = take_seat()
    page = seat.page
    stem = page.locator("#q1 legend").inner_text()
    page.goto("/exams")
    page.get_by_role("button", name="退出").click()
    expect(page).to_have_url(f"{seat.hall.base}/sign-in")
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state()
        assert stem not in page.content()
        expect(page.locator("h1")).to_have_text("登录")
    assert page.evaluate(EVERYTHING_KEPT) == []


def test_unsent_answers_stay_bound_to_the_person_who_gave_them(take_seat, new_person, hall, guard):
    """Two people share a PC: the second one sees and sends nothing of the first one's."""
    guard.expect(*CUT_OFF)
    seat = take_seat()
    page = seat.page
    posts = []
    page.context.on(
        "request", lambda request: posts.append(request.url) if request.method == "POST" else None
    )
    # Saves don't get through, all else does; he leaves nevertheless.
    let_go = seat.hold_saves()
    page.keyboard.press("b")
    expect(page.locator("#offline-bar")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/")
    page.get_by_role("button", name="退出").click()
    expect(page.locator("h1")).to_have_text("登录")
    assert json.loads(seat.outbox)["1"]["chosen"] == ["B"]
    let_go()
    posts.clear()

    second = new_person()
    page.fill("#staff_number", second.staff_number)
    page.fill("#password", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(second.name)
    guard.expect("status of 404")
    answer = page.goto(f"/exams/sittings/{seat.public_id}")
    assert answer.status == 404
    for path in ("/", "/exams"):
        page.goto(path)
        assert seat.public_id not in page.content()
    assert [url for url in posts if "/sign-in" not in url] == []
    assert seat.stored() == {}
    assert json.loads(seat.outbox)["1"]["chosen"] == ["B"]

    page.get_by_role("button", name="退出").click()
    page.fill("#staff_number", seat.person.staff_number)
    page.fill("#password", cast.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".who")).to_contain_text(seat.person.name)
    seat.open()
    wait_until(lambda: seat.stored() == {1: "B"}, "his answer is stored now that he is back")
    page.wait_for_function("() => localStorage.length === 0")
