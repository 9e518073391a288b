"""Processor time per request: short closed loops of each kind of work by turns, reference first.

The ratio of two neighbours of one round is what can be trusted on a machine with other work; the
median over the rounds is reported.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.load import proc
from tests.load.persons import Person, send_save
from tests.load.plans import choose
from tests.load.record import Record, Run, percentile
from tests.load.wire import Answer, Browser, WireError

WIDTH = 4
REFERENCE = "hello"
MICRO = 1_000_000

# One lane of work: call it again and again; each call is one finished piece of work.
Lane = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, kw_only=True)
class SlicePlan:
    """What to measure: pids for the processor time, people to act, how long and how often."""

    site: int
    site_pid: int
    hello: int
    hello_pid: int
    kinds: Sequence[str]
    people: Sequence[Person]
    questions: int = 30
    rounds: int = 5
    seconds: float = 1.5


@dataclass
class Measured:
    """One kind of work over all rounds."""

    cpu_us: list[float] = field(default_factory=list)
    per_second: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    failures: int = 0


def measure(plan: SlicePlan) -> Mapping[str, Measured]:
    """Measure every kind in turn, round by round."""
    return asyncio.run(measure_all(plan))


async def measure_all(plan: SlicePlan) -> dict[str, Measured]:
    """Warm every kind up once, then go round."""
    lanes = {kind: await LANES[kind](plan) for kind in plan.kinds}
    found = {kind: Measured() for kind in plan.kinds}
    for turn in range(plan.rounds + 1):
        for kind in plan.kinds:
            pid = plan.hello_pid if kind == REFERENCE else plan.site_pid
            into = found[kind] if turn else Measured()
            await run_slice(lanes[kind], pid, plan.seconds if turn else 0.5, into)
    return found


async def run_slice(lanes: Sequence[Lane], pid: int, seconds: float, into: Measured) -> None:
    """Keep all lanes busy for a while."""
    began, cpu, done = time.monotonic(), proc.cpu_seconds(pid), len(into.times)
    await asyncio.gather(*(keep_busy(lane, began + seconds, into) for lane in lanes))
    count = max(1, len(into.times) - done)
    into.cpu_us.append((proc.cpu_seconds(pid) - cpu) / count * MICRO)
    into.per_second.append(count / (time.monotonic() - began))


async def keep_busy(lane: Lane, until: float, into: Measured) -> None:
    """Repeat one lane's work until the time is over."""
    while time.monotonic() < until:
        began = time.monotonic()
        try:
            into.failures += not await lane()
        except WireError:
            into.failures += 1
        into.times.append((time.monotonic() - began) * 1000)


def ratios(found: Mapping[str, Measured], kind: str) -> float:
    """Give the processor time of a kind as a multiple of the reference's in the same round."""
    pairs = zip(found[kind].cpu_us, found[REFERENCE].cpu_us, strict=True)
    return median(own / other for own, other in pairs if other > 0)


def figures(found: Mapping[str, Measured]) -> dict[str, dict[str, float]]:
    """Sum up all kinds for the report."""
    return {
        kind: {
            "n": len(each.times),
            "cpu_us": round(median(each.cpu_us)),
            "ratio_to_hello": round(ratios(found, kind), 2),
            "per_second": round(median(each.per_second), 1),
            "p50_ms": round(percentile(each.times, 0.5), 1),
            "p99_ms": round(percentile(each.times, 0.99), 1),
            "failures": each.failures,
        }
        for kind, each in found.items()
    }


async def hello_lanes(plan: SlicePlan) -> list[Lane]:
    """The reference."""
    return [fetching(Browser(plan.hello), "/") for _ in range(WIDTH)]


async def paper_lanes(plan: SlicePlan) -> list[Lane]:
    """Opening a paper of which the first half has been answered."""
    browsers = await started(plan)
    for browser, person in zip(browsers, plan.people, strict=True):
        for number in range(1, plan.questions // 2 + 1):
            await send_save(browser, person.sitting, choose(number, 1, Run(Record(), 1).chance))
    return [
        fetching(browser, f"/exams/sittings/{person.sitting}")
        for browser, person in zip(browsers, plan.people, strict=True)
    ]


async def save_lanes(plan: SlicePlan) -> list[Lane]:
    """Saving answers, each time in a new revision."""
    return [
        saving(browser, person, plan.questions, first=1000 * place)
        for place, (browser, person) in enumerate(
            zip(await started(plan), plan.people, strict=True), start=1
        )
    ]


async def sign_in_lanes(plan: SlicePlan) -> list[Lane]:
    """Signing in from a fresh browser: form, password. Two lanes, so that nobody has to wait."""
    return [signing_in(plan.site, person) for person in plan.people[:2]]


async def started(plan: SlicePlan) -> list[Browser]:
    """Let everybody begin his exam."""
    browsers = [person.browser(plan.site) for person in plan.people]
    for browser, person in zip(browsers, plan.people, strict=True):
        await browser.get(f"/exams/{person.exam}")
        await browser.post(f"/exams/{person.exam}/start")
    return browsers


def fetching(browser: Browser, path: str) -> Lane:
    """Make a lane that fetches one address."""

    async def fetch() -> bool:
        return is_good(await browser.get(path))

    return fetch


def saving(browser: Browser, person: Person, questions: int, *, first: int) -> Lane:
    """Make a lane that saves one question after the other."""
    run, turn = Run(Record(), first), iter(range(first, 10**9))

    async def save() -> bool:
        revision = next(turn)
        choice = choose(revision % questions + 1, revision, run.chance)
        return is_good(await send_save(browser, person.sitting, choice))

    return save


def signing_in(port: int, person: Person) -> Lane:
    """Make a lane in which somebody signs in."""
    form = [("staff_number", person.staff_number), ("password", person.password)]

    async def sign_in() -> bool:
        browser = Browser(port)
        await browser.get("/sign-in")
        answer = await browser.post("/sign-in", form)
        browser.connection.close()
        return answer.status == 303

    return sign_in


def is_good(answer: Answer) -> bool:
    """Tell whether a request did what it should."""
    return answer.status == 200


LANES: Mapping[str, Callable[[SlicePlan], Awaitable[list[Lane]]]] = {
    REFERENCE: hello_lanes,
    "paper": paper_lanes,
    "save": save_lanes,
    "sign-in": sign_in_lanes,
}


def failures(found: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Name the kinds of work in which a request did not do what it should."""
    return [
        f"{each['failures']} × {kind} 未成功" for kind, each in found.items() if each["failures"]
    ]
