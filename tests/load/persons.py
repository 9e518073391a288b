"""What one person does at which moment: sits an exam, saves now and then, signs in.

Moments are planned before the run, in seconds from its beginning. Only what follows from an
answer (the paper after the start, the home page after the sign-in) is planned at its arrival.
"""

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.record import Run, Save
from tests.load.wire import Answer, Browser

COOKIE = "clean-window"
DEVICE, MARK_LENGTH = "exam-device", 32
RECEIPT = re.compile("回执号.*?([2-9A-HJ-NP-Z]{10})".encode(), re.DOTALL)
SEE_OTHER = 303


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody on the roll of the exam, with the cookie of a living session."""

    staff_number: str
    password: str
    cookie: str
    exam: int
    sitting: str

    def browser(self, port: int) -> Browser:
        """Give a browser in which this person is signed in."""
        # The mark of his one machine: whichever connection he uses, it is the same device.
        mark = (self.staff_number * MARK_LENGTH)[:MARK_LENGTH]
        return Browser(port, {COOKIE: self.cookie, DEVICE: mark})


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An answer to give: to which question, which options, as which revision."""

    number: int
    chosen: tuple[str, ...]
    revision: int


@dataclass(frozen=True, kw_only=True)
class SittingPlan:
    """One person's exam: when it is opened, what is chosen when, when and how it is handed in."""

    person: Person
    opens: float
    saves: Sequence[tuple[float, Choice]]
    hands_in: float | None
    clicks: int = 1


@dataclass(frozen=True, kw_only=True)
class SignInPlan:
    """One person's way in."""

    person: Person
    clicks: float


async def sit(run: Run, port: int, plan: SittingPlan) -> None:
    """Open the paper, save answers, hand in."""
    browser = plan.person.browser(port)
    await run.until(plan.opens)
    if not await open_paper(run, browser, plan):
        return
    for moment, choice in plan.saves:
        await run.until(moment)
        await save(run, browser, plan.person.sitting, choice, moment)
    if plan.hands_in is not None:
        await run.until(plan.hands_in)
        await hand_in(run, browser, plan, plan.hands_in)
    hang_up(run, browser)


async def open_paper(run: Run, browser: Browser, plan: SittingPlan) -> bool:
    """Read the notice, start, and load the paper; False where one of them never came."""
    exam, paper = f"/exams/{plan.person.exam}", f"/exams/sittings/{plan.person.sitting}"
    return (
        await run.insist("notice", plan.opens, lambda: browser.get(exam)) is not None
        and await run.insist("start", run.now(), lambda: browser.post(f"{exam}/start"), SEE_OTHER)
        is not None
        and await run.insist("paper", run.now(), lambda: browser.get(paper)) is not None
    )


async def save(run: Run, browser: Browser, sitting: str, choice: Choice, planned: float) -> None:
    """Save one answer until the server has promised to keep it."""
    answer = await run.insist("save", planned, lambda: send_save(browser, sitting, choice))
    if answer is not None:
        run.record.ledger.saves.append(
            Save(
                sitting=sitting,
                number=choice.number,
                revision=choice.revision,
                chosen=choice.chosen,
            )
        )


async def send_save(browser: Browser, sitting: str, choice: Choice) -> Answer:
    """Send one answer as static/exams/sitting.js does."""
    form = [("answer", label) for label in choice.chosen]
    form += [("revision", str(choice.revision)), ("flagged", "0")]
    return await browser.post(f"/exams/sittings/{sitting}/answers/{choice.number}", form)


async def hand_in(run: Run, browser: Browser, plan: SittingPlan, planned: float) -> None:
    """Click once or twice at the same moment, then read the receipt."""
    path = f"/exams/sittings/{plan.person.sitting}"
    browsers = [browser, *(browser.twin() for _ in range(plan.clicks - 1))]
    await asyncio.gather(
        *(
            run.insist(
                "hand-in", planned, lambda each=each: each.post(f"{path}/hand-in"), SEE_OTHER
            )
            for each in browsers
        )
    )
    for twin in browsers[1:]:
        hang_up(run, twin)
    shown = await run.insist("receipt", run.now(), lambda: browser.get(f"{path}/receipt"))
    if shown is not None:
        found = RECEIPT.search(shown.body)
        run.record.ledger.hand_ins[plan.person.sitting] = found.group(1).decode() if found else ""


async def sign_in(run: Run, port: int, plan: SignInPlan) -> None:
    """Load the form, sign in however often it takes, land on the home page."""
    browser = Browser(port)
    await run.until(plan.clicks)
    if await run.insist("form", plan.clicks, lambda: browser.get("/sign-in")) is None:
        return
    fields = [("staff_number", plan.person.staff_number), ("password", plan.person.password)]
    entered = await run.insist(
        "sign-in",
        run.now(),
        lambda: browser.post("/sign-in", fields),
        SEE_OTHER,
        may_be_busy=True,
    )
    if entered is not None:
        run.record.ledger.sign_ins.append(browser.cookies.get(COOKIE, ""))
        await run.insist("home", run.now(), lambda: browser.get("/"))
    hang_up(run, browser)


async def ask_hello(run: Run, port: int, moments: Sequence[float]) -> None:
    """Ask the reference beside everything else: its times say how busy the machine was."""
    browser = Browser(port)
    for moment in moments:
        await run.until(moment)
        await run.insist("hello", moment, lambda: browser.get("/"))
    hang_up(run, browser)


def hang_up(run: Run, browser: Browser) -> None:
    """Close a browser and count how often its connection broke."""
    run.record.reopened += browser.connection.reopened
    browser.connection.close()
