"""A short day of the hall, so that every process has done its work before its memory is read."""

import asyncio
import re
from collections.abc import Mapping, Sequence

from tests.load.persons import COOKIE, Person
from tests.load.wire import Browser

LINK = re.compile(r'href="(/(?!static)[^"#]*)"')
JOB = re.compile(r"/jobs/[\w-]+$")
PATIENCE_SECONDS = 90
PAGES_PER_ROLE = 40


class UsageError(Exception):
    """A page or a job did not do what it should."""


def look_round(port: int, cookies: Mapping[str, str]) -> int:
    """Let everybody follow links from the home page; gives how many pages were opened."""
    return asyncio.run(follow_all(port, cookies))


async def follow_all(port: int, cookies: Mapping[str, str]) -> int:
    """Walk the site as each of these people."""
    walks = [walk(Browser(port, {COOKIE: cookie})) for cookie in cookies.values()]
    return sum(await asyncio.gather(*walks))


async def walk(browser: Browser) -> int:
    """Open pages, each linked from one before, up to a number; raises UsageError on a 5xx."""
    seen, waiting = set(), ["/"]
    while waiting and len(seen) < PAGES_PER_ROLE:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = await browser.get(path)
        if answer.status >= 500:
            raise UsageError(f"{path}: {answer.status}")
        if "html" in answer.headers.get("content-type", ""):
            waiting += LINK.findall(answer.body.decode())
    return len(seen)


def print_sheets(port: int, people: Sequence[Person]) -> int:
    """Have result sheets made, one after the other; gives the bytes of the last PDF."""
    return asyncio.run(print_all(port, people))


async def print_all(port: int, people: Sequence[Person]) -> int:
    """Wait for the results, then order, wait for and open each sheet."""
    size = 0
    for person in people:
        browser = person.browser(port)
        sitting = f"/exams/sittings/{person.sitting}"
        await wait_until(browser, f"{sitting}/result", 200)
        ordered = await browser.post(f"{sitting}/sheet")
        if not JOB.search(ordered.headers.get("location", "")):
            raise UsageError(f"{sitting}/sheet: {ordered.status}")
        size = await wait_until(browser, f"{sitting}/sheet.pdf", 200)
    return size


async def wait_until(browser: Browser, path: str, status: int) -> int:
    """Ask until an address answers as wanted; gives the bytes. Raises UsageError."""
    for _ in range(PATIENCE_SECONDS * 4):
        answer = await browser.get(path)
        if answer.status == status:
            return answer.size
        await asyncio.sleep(0.25)
    raise UsageError(f"{path} did not come within {PATIENCE_SECONDS} s")
