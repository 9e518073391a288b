"""bench flood: the public form is flooded while people of the hall save answers and open pages.

PU2: what is over the limit is answered 429 in Chinese, and signed-in pages stay under a second.
The same people do the same twice, first in peace; the flood comes from as many addresses as the
loopback gives, so that the limits per address and of the whole hall are both met.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

from tests.load import data, ledger, plans, report, servers
from tests.load.crowd import NICENESS, Scenario, play, run_apart
from tests.load.data import Crowd
from tests.load.record import Record, percentile
from tests.load.report import Goal, Options, Report, Table
from tests.load.servers import Hall
from tests.load.wire import Browser, WireError

FORM = "/public/suggestions/new"
QUESTIONS = 30
SAVERS = 20
SAVE_EVERY_SECONDS = 1.0
SECONDS = 20.0
SENDERS = 100
# How many forms are fetched at a time before anything is measured.
FETCHED_AT_ONCE = 8
POSTS_PER_SECOND = 50
SEED = 80
# PU2, milliseconds.
AIM = 1000.0
TAKEN, REFUSED = 200, 429


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A form that somebody has opened and will send."""

    source: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Flood:
    """Forms to send to a port, so many in a second."""

    port: int
    letters: Sequence[Letter]


def run(options: Options) -> Report:
    """Let people work in peace, then in the flood."""
    seconds = options.seconds or SECONDS
    result = Report(name="flood", parameters={"seconds": seconds, "posts": POSTS_PER_SECOND})
    with data.crowd(SAVERS, QUESTIONS) as crowd, servers.hall(crowd.var) as hall:
        letters = run_apart(fetch, hall.site.port, int(seconds * POSTS_PER_SECOND))
        in_peace = run_apart(play, scenario_of(crowd, hall, seconds, SEED))
        with ProcessPoolExecutor(
            1, get_context("spawn"), initializer=os.nice, initargs=(NICENESS,)
        ) as pool:
            poured = pool.submit(pour, Flood(port=hall.site.port, letters=letters))
            flooded = run_apart(play, scenario_of(crowd, hall, seconds, SEED + 1))
            answers = poured.result()
        for title, record in (("没有人冲击", in_peace), ("公众表单被冲击", flooded)):
            add_case(result, crowd, title, record)
    add_flood(result, answers)
    return result


def scenario_of(crowd: Crowd, hall: Hall, seconds: float, seed: int) -> Scenario:
    """Plan the people of the hall."""
    return Scenario(
        site=hall.site.port,
        hello=hall.hello.port,
        seconds=seconds,
        sittings=plans.plan_savers(crowd.people, QUESTIONS, seconds, SAVE_EVERY_SECONDS, seed),
        seed=seed,
    )


def add_case(result: Report, crowd: Crowd, title: str, record: Record) -> None:
    """Add what one play has shown; what was acknowledged must be there."""
    verdict = ledger.compare(crowd.app, record.ledger)
    result.tables.append(report.crowd_table(title, record))
    result.figures[title] = report.crowd_figures(record)
    result.failures += [*verdict.lost, *verdict.double, *report.errors_in(record)]
    for kind in ("paper", "save"):
        found = percentile(record.times[kind], 0.99)
        what = f"{title}：{report.LABELS[kind]} p99"
        result.goals.append(Goal(what=what, found=found, limit=AIM, unit="ms"))


def add_flood(result: Report, answers: Counter[str]) -> None:
    """Add what the flood was told; anything but taken and refused is a failure."""
    result.tables.append(
        Table(title="冲击的回答", columns=("回答", "次"), rows=sorted(answers.items()))
    )
    result.figures["flood"] = dict(answers)
    expected = {str(TAKEN), str(REFUSED)}
    result.failures += [f"{answers[each]} × {each}" for each in set(answers) - expected]
    result.failures += [] if answers[str(REFUSED)] else ["没有一次被拒绝"]


def fetch(port: int, count: int) -> list[Letter]:
    """Open so many forms, from as many addresses as there are senders."""
    return asyncio.run(fetch_all(port, count))


async def fetch_all(port: int, count: int) -> list[Letter]:
    """Open them a few at a time."""
    door = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def fetch_one(place: int) -> Letter:
        browser = Browser(port, source=f"127.0.1.{place % SENDERS + 1}")
        async with door:
            await browser.get(FORM)
        browser.connection.close()
        return Letter(source=browser.source, token=browser.token)

    return await asyncio.gather(*map(fetch_one, range(count)))


def pour(flood: Flood) -> Counter[str]:
    """Send a flood and count the answers."""
    return asyncio.run(pour_all(flood))


async def pour_all(flood: Flood) -> Counter[str]:
    """Send each form at its moment, unlimited in number."""
    began = asyncio.get_running_loop().time()
    sent = (
        send(flood.port, letter, began + place / POSTS_PER_SECOND, f"第{place}条：请来看看。")
        for place, letter in enumerate(flood.letters)
    )
    return Counter(await asyncio.gather(*sent))


async def send(port: int, letter: Letter, moment: float, text: str) -> str:
    """Send one form at its moment over a connection of its own; give the status or what broke."""
    await asyncio.sleep(moment - asyncio.get_running_loop().time())
    browser = Browser(port, source=letter.source)
    fields = {"csrf_token": letter.token, "problem": text, "department_id": "0"}
    try:
        return str((await browser.post(FORM, [*fields.items(), ("channel", "online")])).status)
    except WireError as error:
        return error.kind
    finally:
        browser.connection.close()
