"""A hall screen in Chromium: whatever happens to the server, it is never blank and shows no error.

The real application is served from the test's own process, so that the server can be stopped,
started and made to answer nonsense; the page's clock is moved by the test.
"""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response

from app.kernel.slides import SlideLine
from app.screens import service
from app.screens.models import ScreenOrientation
from tests.conftest import NOW, StandingClock
from tests.kernel.test_slides import FOUR, LONG
from tests.screens.factories import act, add_group, offering, slide
from tests.support.chromium import new_context
from tests.support.server import free_port, wait_until

LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)
ADDRESS = "/public/screen/windows"
MANIFEST = f"{ADDRESS}/manifest"
MINUTE = 60_000
# What a browser notes by itself when nobody answers.
NOBODY = (r"ERR_CONNECTION_REFUSED", r"ERR_EMPTY_RESPONSE", r"ERR_CONNECTION_RESET")
# Where a person wants to see what it looks like.
PICTURES = os.environ.get("SCREEN_PICTURES")
SHOWN = "document.querySelector('.layer.is-shown')"


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log(self, *_args: object, **_options: object) -> None:
        pass


class Server:
    """The application on a port, which may be stopped or answer something else."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, free_port()
        self.answers: dict[str, Callable[[], Response]] = {}
        self.asked: list[str] = []
        self._server = self._thread = None
        self._working = 0
        self._changed = threading.Condition()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __call__(self, environ, start_response):
        path = environ["PATH_INFO"]
        self.asked.append(path)
        instead = self.answers.get(path) or self.answers.get("*")
        target = instead() if instead else self.app
        with self._changed:
            self._working += 1
        try:
            return target(environ, start_response)
        finally:
            with self._changed:
                self._working -= 1
                self._changed.notify_all()

    def start(self) -> None:
        self._server = make_server(
            "127.0.0.1", self.port, self, threaded=True, request_handler=Quiet
        )
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            # What was asked last may still read: the next test copies the database anew.
            with self._changed:
                assert self._changed.wait_for(lambda: self._working == 0, timeout=10)
            self._server = None

    def manifest(self) -> dict:
        """Give what the application would answer now."""
        return self.app.test_client().get(MANIFEST).get_json()


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    server = Server(app)
    server.start()
    yield server
    server.stop()


@contextmanager
def window(chrome: Browser, server: Server, guard, size=LANDSCAPE) -> Iterator[BrowserContext]:
    """Open the browser of a screen."""
    context = new_context(chrome, size, base_url=server.base)
    guard.watch(context)
    # A connection that Chromium had opened in advance and found closed: it opens another.
    guard.expect(r"ERR_SOCKET_NOT_CONNECTED")
    try:
        yield context
    finally:
        context.close()


@pytest.fixture
def screen(chrome, server, guard, app) -> Iterator[Page]:
    """A screen whose clock the test moves; nothing is shown yet."""
    add_group(app)
    with window(chrome, server, guard) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        yield page


def go(page: Page, path: str = ADDRESS) -> None:
    page.goto(path)


def text_shown(page: Page) -> str:
    """Give the text on the glass; there is always one layer, and always text on it."""
    text = page.evaluate(f"{SHOWN}.innerText")
    assert text.strip(), "the screen is blank"
    return text


def wait_for(page: Page, words: str) -> None:
    page.wait_for_function(f"words => {SHOWN}.innerText.includes(words)", arg=words)


def pass_time(page: Page, now: StandingClock, milliseconds: int, step: int = 10_000) -> list[str]:
    """Let time pass on both sides, and look at the screen all the while."""
    seen = []
    for _ in range(0, milliseconds, step):
        now.move(seconds=step / 1000)
        page.clock.run_for(step)
        seen.append(text_shown(page))
    return seen


def poll(page: Page, now: StandingClock, server: Server) -> None:
    """Let the next question be asked and its answer be read, before the page loses its patience."""
    before = server.asked.count(MANIFEST)
    for _ in range(20):
        pass_time(page, now, 3000, 3000)
        page.wait_for_timeout(50)
        if server.asked.count(MANIFEST) > before:
            page.wait_for_timeout(400)
            return
    raise AssertionError("the screen asks no more")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(600)
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


# ---------- playing ----------


def test_slides_take_turns_for_as_long_as_they_take_to_read(screen, server, app, now):
    with offering(app, slide(1), slide(2, valid_from=date(2026, 10, 8))):
        go(screen)
        wait_for(screen, "B1号窗口")
        pass_time(screen, now, 28_000, 1000)
        assert "B1号窗口" in text_shown(screen)
        pass_time(screen, now, 2000, 1000)
        assert "B2号窗口" in text_shown(screen)
        pass_time(screen, now, 29_000, 1000)
        assert "B1号窗口" in text_shown(screen)
    assert server.asked.count(MANIFEST) >= 2


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT, (1366, 768), (3840, 2160)], ids=str)
def test_every_page_is_legible_and_whole(size, chrome, server, guard, app):
    """No text is smaller than it may be, none is cut, and none lies over another."""
    is_tall = size[1] > size[0]
    add_group(
        app, orientation=ScreenOrientation.PORTRAIT if is_tall else ScreenOrientation.LANDSCAPE
    )
    given = [
        slide(1), slide(2, lines=(LONG,) * 5, badge=True),
        slide(3, window="", title="区人力资源和社会保障局就业促进中心", lines=FOUR * 2),
        slide(4, window="综合服务12号窗口", title="区市场监督管理局行政许可科", badge=True),
        slide(5, lines=(SlideLine(before="本窗口实行首问负责制，首位接待的人员负责到底，" * 4),)),
    ]  # fmt: skip
    with offering(app, *given), window(chrome, server, guard, size) as context:
        page = context.new_page()
        page.clock.install(time=NOW)
        go(page)
        wait_for(page, "B1号窗口")
        unit = min(size) / 1080
        for number, item in enumerate(server.manifest()["items"]):
            measured = page.evaluate(MEASURE)
            assert measured["smallest"] >= 50 * unit - 0.1, measured
            assert measured["title"] >= 104 * unit - 0.1
            assert measured["line"] >= 72 * unit - 0.1
            assert measured["faults"] == [], (number, measured["faults"])
            picture(page, f"{size[0]}x{size[1]}-{number}")
            page.clock.run_for(item["seconds"] * 1000)


MEASURE = """() => {
  const slide = document.querySelector('.layer.is-shown .slide');
  const box = (element) => element.getBoundingClientRect();
  const size = (css) => parseFloat(getComputedStyle(slide.querySelector(css)).fontSize);
  const texts = [...slide.querySelectorAll('p, b, span')].filter((each) => each.innerText.trim());
  const faults = [];
  const frame = box(slide);
  const style = getComputedStyle(slide);
  const bottom = frame.bottom - parseFloat(style.paddingBottom) + 1;
  const right = frame.right - parseFloat(style.paddingRight) + 1;
  for (const text of texts) {
    const at = box(text);
    if ((text.tagName === 'P' && at.bottom > bottom) || at.right > right) faults.push(`out of the margins: ${text.innerText}`);
    if (text.scrollWidth > text.clientWidth + 1 && getComputedStyle(text).display === 'block')
      faults.push(`cut: ${text.innerText}`);
  }
  const lines = [...slide.querySelectorAll('.slide-line')].map(box).filter((at) => at.height);
  const head = box(slide.querySelector('.slide-head')).bottom;
  const foot = box(slide.querySelector('.slide-foot')).top;
  for (const at of lines) if (at.top < head - 1 || at.bottom > foot + 1) faults.push('over head or foot');
  const name = slide.querySelector('.slide-window');
  const badge = slide.querySelector('.slide-badge');
  if (name && badge && getComputedStyle(badge).position !== 'static') {
    const range = document.createRange();
    range.selectNodeContents(name);
    const over = [...range.getClientRects()].some((at) => at.right > box(badge).left && at.bottom > box(badge).top + 5 && at.top < box(badge).bottom);
    if (over) faults.push('the name runs under the badge');
  }
  return {
    smallest: Math.min(...texts.map((each) => parseFloat(getComputedStyle(each).fontSize))),
    title: size('.slide-title'), line: size('.slide-line p'), faults,
  };
}"""


def test_nothing_grows_over_many_turns(screen, app):
    with offering(app, *(slide(number) for number in range(6))):
        go(screen)
        wait_for(screen, "B0号窗口")
        screen.clock.run_for(6 * 30_000)
        nodes = screen.evaluate("document.querySelectorAll('*').length")
        counts = set()
        for _ in range(40):
            screen.clock.run_for(6 * 29_000)
            counts.add(screen.evaluate("document.querySelectorAll('*').length"))
            text_shown(screen)
    assert counts == {nodes}
    assert screen.evaluate("document.querySelectorAll('.layer').length") == 3


# ---------- without the server ----------


def test_server_gone_for_half_an_hour_and_back(screen, server, app, now, guard):
    guard.expect(*NOBODY)
    with offering(app, slide(1), slide(2)) as offered:
        go(screen)
        wait_for(screen, "B1号窗口")
        server.stop()
        seen = pass_time(screen, now, 4 * MINUTE)
        assert screen.locator("#kept").is_hidden()
        seen += pass_time(screen, now, 26 * MINUTE)
        assert {"B1号窗口" in text or "B2号窗口" in text for text in seen} == {True}
        assert any("B2号窗口" in text for text in seen)
        expect(screen.locator("#kept")).to_have_text("内容更新于11月20日 10:00")
        picture(screen, "server-gone")
        offered[:] = [slide(3)]
        server.start()
        poll(screen, now, server)
        wait_for(screen, "B3号窗口")
        assert screen.locator("#kept").is_hidden()


def bad_answers(server: Server) -> dict[str, Response]:
    """Give what must never reach the glass."""
    good = server.manifest()
    page = "<!doctype html><title>登录</title><form>请登录</form>"

    def as_json(manifest: object) -> Response:
        return Response(json.dumps(manifest), content_type="application/json")

    older = {**good, "generated_at": (NOW - timedelta(hours=3)).isoformat()}
    return {
        "502": Response("<h1>502 Bad Gateway</h1>", status=502, content_type="text/html"),
        "sign-in": Response(page, content_type="text/html"),
        "sign-in as json": Response(page, content_type="application/json"),
        "truncated": Response(json.dumps(good)[:-40], content_type="application/json"),
        "nothing": Response("", content_type="application/json"),
        "null": as_json(None),
        "wrong hash": as_json({**good, "hash": "0" * 64}),
        "changed text": as_json({**good, "items": [{**good["items"][0], "html": "<p>别的</p>"}]}),
        "emptied": as_json({**good, "items": []}),
        "other schema": as_json({**good, "schema": 2}),
        "other group": as_json({**good, "group": "entrance"}),
        "older": as_json(older),
        "no time": as_json({**good, "server_now": "soon"}),
        "redirected": Response("", status=302, headers={"Location": "/sign-in"}),
    }


def test_nonsense_is_never_believed(screen, server, app, now, guard):
    guard.expect(r"status 502", r"Failed to load resource", r"ERR_FAILED", r"redirect")
    with offering(app, slide(1), slide(2)) as offered:
        go(screen)
        wait_for(screen, "B1号窗口")
        # Each is what a broken server would say of another playlist.
        offered[:] = [slide(3)]
        for name, answer in bad_answers(server).items():
            server.answers[MANIFEST] = lambda answer=answer: answer
            poll(screen, now, server)
            seen = pass_time(screen, now, 30_000)
            assert not [text for text in seen if "B3号窗口" in text or "号窗口" not in text], name
        server.answers.clear()
        poll(screen, now, server)
        wait_for(screen, "B3号窗口")


def test_a_server_whose_clock_was_set_back_is_believed_after_a_while(screen, server, app, now):
    """A cache repeats one old answer; a living server goes on."""
    with offering(app, slide(1)) as offered:
        go(screen)
        wait_for(screen, "B1号窗口")
        now.move(hours=-2)
        offered[:] = [slide(2)]
        poll(screen, now, server)
        assert "B1号窗口" in text_shown(screen)
        for _ in range(3):
            poll(screen, now, server)
        wait_for(screen, "B2号窗口")


def restart(screen: Page) -> None:
    """Switch the screen off and on: the page is loaded anew."""
    screen.reload()
    screen.wait_for_selector(".stage")


def wait_kept(screen: Page, words: str = "clean-window-player") -> None:
    """Wait until the page itself is kept, whole."""
    kept = "caches.match(location.pathname).then((found) => found ? found.text() : '')"
    wait_until(lambda: words in screen.evaluate(kept), "the page is kept")


def test_screen_that_is_switched_on_without_the_server_shows_the_last_content(
    screen, server, app, now, guard
):
    guard.expect(*NOBODY, r"Failed to load resource", r"script resource")
    with offering(app, slide(1), slide(2)) as offered:
        go(screen)
        wait_for(screen, "B1号窗口")
        wait_kept(screen)
        server.stop()
        for _ in range(2):
            restart(screen)
            wait_for(screen, "B1号窗口")
        now.move(minutes=10)
        pass_time(screen, now, 10 * MINUTE)
        offered[:] = [slide(3)]
        server.start()
        poll(screen, now, server)
        wait_for(screen, "B3号窗口")


@pytest.mark.parametrize("instead", ["502", "sign-in", "404"])
def test_a_page_of_somebody_else_is_never_shown(instead, screen, server, app, guard):
    """A proxy in front answers, with an error or with a page of its own."""
    guard.expect(r"status 502", r"Failed to load resource", r"script resource", r"ERR_")
    answers = {
        "502": lambda: Response("<h1>502 Bad Gateway</h1>", status=502, content_type="text/html"),
        "sign-in": lambda: Response("<h1>请登录上网认证</h1>", content_type="text/html"),
        "404": lambda: Response("<h1>not found</h1>", status=404, content_type="text/html"),
    }
    with offering(app, slide(1)):
        go(screen)
        wait_for(screen, "B1号窗口")
        wait_kept(screen)
        server.answers["*"] = answers[instead]
        restart(screen)
        wait_for(screen, "B1号窗口")


def test_without_a_worker_it_plays_on_as_long_as_it_is_open(chrome, server, guard, app, now):
    """As without HTTPS: the page of the group says that it can't be switched on without the server."""
    guard.expect(*NOBODY, r"blocked by Playwright")
    add_group(app)
    context = new_context(chrome, LANDSCAPE, base_url=server.base, service_workers="block")
    guard.watch(context)
    page = context.new_page()
    page.clock.install(time=NOW)
    with offering(app, slide(1), slide(2)) as offered:
        go(page)
        wait_for(page, "B1号窗口")
        server.stop()
        seen = pass_time(page, now, 10 * MINUTE)
        assert any("B2号窗口" in text for text in seen)
        offered[:] = [slide(3)]
        server.start()
        poll(page, now, server)
        wait_for(page, "B3号窗口")
    context.close()


def test_page_of_a_newer_version_takes_the_place_of_the_kept_one(screen, server, app, now, guard):
    """Only once it is there whole: until then the old one plays on, whatever comes in between."""
    guard.expect(r"Failed to load resource", r"status 502")
    with offering(app, slide(1)):
        go(screen)
        wait_for(screen, "B1号窗口")
        wait_kept(screen)
        newer = {**server.manifest(), "shell": "0123456789ab"}
        page = app.test_client().get(ADDRESS).get_data(as_text=True)
        shell = screen.evaluate("document.body.dataset.shell")
        tree = re.search(r"/static/([0-9a-f]{12})/", page)[1]
        for old, new in ((shell, "0123456789ab"), (tree, "0123456789ab"), ("政务", "新版")):
            page = page.replace(old, new)
        server.answers[MANIFEST] = lambda: Response(
            json.dumps({**newer, **times(now)}), content_type="application/json"
        )
        server.answers[ADDRESS] = lambda: Response(page, content_type="text/html")
        script = "/static/0123456789ab/screens/player.js"
        broken = Response("<h1>502 Bad Gateway</h1>", status=502, content_type="text/html")
        server.answers[script] = lambda: broken
        for name in ("player.css", "slide.css"):
            server.answers[f"/static/0123456789ab/screens/{name}"] = serving(app, tree, name)
        poll(screen, now, server)
        assert screen.evaluate("document.body.dataset.shell") == shell
        server.answers[script] = serving(app, tree, "player.js")
        poll(screen, now, server)
        screen.wait_for_function("() => document.body.dataset.shell === '0123456789ab'")
        wait_for(screen, "B1号窗口")
        wait_kept(screen, "新版服务热线")


@pytest.mark.parametrize("workers", ["allow", "block"])
def test_screens_that_are_turned_get_the_other_canvas(workers, chrome, server, app, now, guard):
    """With a worker and, as without HTTPS, without one: there only after it saw the new page."""
    guard.expect(r"Failed to load resource", r"status 502", r"blocked by Playwright")
    group = add_group(app)
    context = new_context(chrome, LANDSCAPE, base_url=server.base, service_workers=workers)
    guard.watch(context)
    page = context.new_page()
    page.clock.install(time=NOW)
    with offering(app, slide(1)):
        go(page)
        wait_for(page, "B1号窗口")
        if workers == "allow":
            wait_kept(page)
        with app.app_context():
            settings = replace(service.settings_of(group), orientation=ScreenOrientation.PORTRAIT)
        act(
            app, service.edit_group, group_id=group.id, seen_version=group.version,
            settings=settings, edited_by_id=1,
        )  # fmt: skip
        server.answers[ADDRESS] = lambda: Response("<h1>502</h1>", status=502)
        poll(page, now, server)
        wait_for(page, "B1号窗口")
        assert page.evaluate("document.body.className") == "player player-landscape"
        del server.answers[ADDRESS]
        poll(page, now, server)
        page.wait_for_function("() => document.body.className === 'player player-portrait'")
        wait_for(page, "B1号窗口")
    context.close()


def times(now: StandingClock) -> dict[str, str]:
    """Give what a manifest of this moment says of the time."""
    return dict.fromkeys(("generated_at", "server_now"), now.now.isoformat())


def serving(app: Flask, shell: str, name: str) -> Callable[[], Response]:
    """Serve a file of the present version under the address of another."""
    found = app.test_client().get(f"/static/{shell}/screens/{name}")
    return lambda: Response(found.data, content_type=found.content_type)


def test_device_whose_clock_is_years_behind_starts_all_the_same(screen, server, app, chrome, guard):
    """Without the server it would think that nothing has begun yet."""
    guard.expect(*NOBODY, r"Failed to load resource", r"script resource")
    with offering(app, slide(1)):
        go(screen)
        wait_for(screen, "B1号窗口")
        wait_kept(screen)
        server.stop()
        screen.clock.set_system_time(NOW - timedelta(days=3 * 365))
        restart(screen)
        wait_for(screen, "B1号窗口")


# ---------- what may not be shown ----------


def test_empty_playlist_shows_the_neutral_page(screen, server, app, now):
    with offering(app) as offered:
        go(screen)
        wait_for(screen, "试验区政务服务中心")
        assert "12345" in text_shown(screen)
        picture(screen, "neutral")
        offered[:] = [slide(1)]
        poll(screen, now, server)
        wait_for(screen, "B1号窗口")
        offered.clear()
        poll(screen, now, server)
        wait_for(screen, "12345")
        assert "号窗口" not in text_shown(screen)


def test_stopped_group_shows_the_neutral_page_within_the_minute(screen, server, app, now):
    with offering(app, slide(1)):
        go(screen)
        wait_for(screen, "B1号窗口")
        act(app, service.stop_group, group_id=1, stopped_by_id=None)
        poll(screen, now, server)
        wait_for(screen, "政务服务热线")


def test_what_ends_today_is_gone_at_midnight_without_the_server(screen, server, app, now, guard):
    guard.expect(*NOBODY)
    ends = slide(1, valid_until=date(2026, 11, 20))
    with offering(app, ends, slide(2)):
        go(screen)
        wait_for(screen, "B1号窗口")
        server.stop()
        # Ten in the morning; twenty seconds are left of the day.
        screen.clock.fast_forward(14 * 60 * MINUTE - 20_000)
        seen = pass_time(screen, now, 19_000, 1000)
        assert not [text for text in seen if "号窗口" not in text]
        pass_time(screen, now, 3000, 1000)
        assert "B2号窗口" in text_shown(screen)
        later = pass_time(screen, now, 3 * MINUTE)
        assert not [text for text in later if "B1号窗口" in text]


def test_when_all_has_ended_the_neutral_page_comes(screen, server, app, now, guard):
    guard.expect(*NOBODY)
    with offering(app, slide(1, valid_until=date(2026, 11, 20))):
        go(screen)
        wait_for(screen, "B1号窗口")
        server.stop()
        screen.clock.fast_forward(14 * 60 * MINUTE)
        pass_time(screen, now, 10_000, 1000)
        assert "12345" in text_shown(screen)
        assert "政务服务热线" in text_shown(screen)


def test_what_comes_tomorrow_waits_for_its_day(screen, app, now):
    """Whatever a room offers too early does not come in; see the manifest's own tests."""
    with offering(app, slide(1), replace(slide(2), valid_from=date(2026, 11, 21))):
        go(screen)
        wait_for(screen, "B1号窗口")
        seen = pass_time(screen, now, 2 * MINUTE)
        assert not [text for text in seen if "B2号窗口" in text]
