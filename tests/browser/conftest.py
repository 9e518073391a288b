"""Chromium before the real site: one hall and one browser for all, a window of its own for each test.

The guard listens to every page: a fault that a page reports and that the test has not announced fails
the test, whatever else it looked at. Tests share the hall, so each brings its own people and exam; the
clock of the hall is only ever moved forward.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts import sessions
from app.accounts.models import Account, Person
from app.exams.models import Sitting
from app.exams.service import sittings
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.faults.papers import asked, publish_exam, write_questions
from tests.support import cast
from tests.support.chromium import DESK, SHELL, Size, launched, new_context
from tests.support.server import Hall, make_demo_hall, make_hall, make_template, wait_until

QUESTIONS = 10
# Two browsers, two sites and their workers share two cores: what appears may take its time.
expect.set_options(timeout=15_000)
COOKIE = "clean-window"
SAVES = "**/answers/*"
VIOLATIONS = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """Collect the test with the old browser only where `./manage test --old-chromium` asks for it."""
    is_named = parent.session.isinitpath(file_path)  # Then pytest collects it by itself.
    if file_path.name == "old_chromium.py" and os.environ.get("OLD_CHROMIUM") and not is_named:
        return pytest.Module.from_parent(parent, path=file_path)
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a browser test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


# ---------- the guard ----------


@dataclass
class Guard:
    """Collects what pages report, and what the test expects of it."""

    problems: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    answered: set[Request] = field(default_factory=set)
    is_over: bool = False  # The test has seen what it wanted, its windows are being closed.

    def expect(self, *patterns: str) -> None:
        """Announce problems that belong to the test, as regular expressions."""
        self.expected += patterns

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page of a window."""
        context.add_init_script(VIOLATIONS)
        context.on("weberror", lambda error: self.problems.append(f"pageerror: {error.error}"))
        context.on("console", self.note_console)
        context.on("requestfailed", self.note_failure)
        context.on("response", self.note_response)

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            where = message.location.get("url", "")
            self.problems.append(f"console {message.type}: {message.text} {where}")

    def note_failure(self, request: Request) -> None:
        # A page that is left breaks off what it was reading, the sitting's pulse and its timer
        # too; the PDF viewer asks itself for streams. An answer broken off within a test is a fault.
        is_reading = request.method == "GET" or request.url.endswith("/pulse")
        may_break = is_reading or request in self.answered or self.is_over
        is_left = request.failure == "net::ERR_ABORTED" and may_break
        if not is_left and not request.url.startswith("chrome-extension:"):
            self.problems.append(f"requestfailed: {request.method} {request.url} {request.failure}")

    def note_response(self, response: Response) -> None:
        self.answered.add(response.request)
        if response.status >= 500:
            self.problems.append(f"status {response.status}: {response.url}")

    def verdict(self) -> list[str]:
        """Give what nobody expected."""
        return [
            problem
            for problem in self.problems
            if not any(re.search(pattern, problem) for pattern in self.expected)
        ]


@pytest.fixture
def guard() -> Iterator[Guard]:
    guard = Guard()
    yield guard
    assert not guard.verdict(), "\n".join(guard.verdict())


# ---------- hall and browser ----------


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chrome(driver: Playwright) -> Iterator[Browser]:
    with launched(driver, SHELL) as browser:
        yield browser


@pytest.fixture(scope="session")
def shared_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    folder = tmp_path_factory.mktemp("browser")
    hall = make_hall(make_template(folder / "template"), folder / "var")
    hall.start()
    yield hall
    hall.stop()


@pytest.fixture(scope="session")
def demo_hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """The demonstration, with its entrance."""
    hall = make_demo_hall(tmp_path_factory.mktemp("demo") / "var")
    hall.start()
    yield hall
    hall.stop()


@pytest.fixture
def hall(shared_hall: Hall) -> Iterator[Hall]:
    """Give the hall, running; whatever a test has done to it."""
    yield shared_hall
    (shared_hall.var / "fault").unlink(missing_ok=True)
    for part in (shared_hall.site, shared_hall.worker):
        if not part.is_alive():
            part.kill9()
            part.start()
    shared_hall.wait_until_ready()


@pytest.fixture(scope="session")
def bank(shared_hall: Hall) -> list[int]:
    """Ten prepared questions of the bank."""
    return write_questions(shared_hall, QUESTIONS)


# ---------- people ----------


@dataclass(frozen=True)
class Somebody:
    """A person of the hall whom one test has for itself."""

    person_id: int
    staff_number: str
    name: str


@pytest.fixture
def new_person(hall: Hall) -> Callable[..., Somebody]:
    """Give people who work at a window."""

    def make(role: Role = Role.STAFF) -> Somebody:
        with hall.acting(), db.write():
            number = len(db.session.scalars(select(Person.id)).all())
            # Two of one name would be taken for each other, and so would one within another's.
            staff_number = f"SY{5000 + number}"
            name = "范" + "".join(
                "初一二三四五六七八九"[int(digit)] for digit in f"{number % 100:02d}"
            )
            person_id = accounts.add_person(
                staff_number=staff_number,
                name=name,
                department_id=cast.department_ids()[0],
                post="综合窗口",
                password_hash=db.session.scalars(select(Account.password_hash)).first() or "",
                roles=[role],
                joined_on=cast.JOINED_ON,
            )
            return Somebody(person_id, staff_number, name)

    return make


def session_cookie(hall: Hall, person_id: int) -> dict[str, str]:
    """Begin a session as sign-in does, without the password."""
    with hall.acting():
        with db.write():
            signed = sessions.begin_session(accounts.business_account(person_id))
        interface = hall.app.session_interface
        value = interface.get_signing_serializer(hall.app).dumps({"_user_id": signed.token})
    return {"name": COOKIE, "value": value, "url": hall.base}


@pytest.fixture
def open_window(chrome: Browser, hall: Hall, guard: Guard) -> Iterator[Callable[..., Page]]:
    """Open windows: `open_window(person_id)` is signed in, `open_window(None)` is not."""
    contexts: list[BrowserContext] = []

    def make(person_id: int | None = None, size: Size = DESK, **options: object) -> Page:
        context = new_context(chrome, size, base_url=hall.base, **options)
        contexts.append(context)
        guard.watch(context)
        if person_id is not None:
            context.add_cookies([session_cookie(hall, person_id)])
        return context.new_page()

    yield make
    guard.is_over = True
    for context in contexts:
        context.close()


# ---------- an exam that is being sat ----------


@dataclass
class Seat:
    """Somebody before his paper."""

    hall: Hall
    person: Somebody
    exam_id: int
    public_id: str
    page: Page

    @property
    def outbox(self) -> str | None:
        """What the browser keeps for him of this sitting."""
        return self.page.evaluate(
            "name => localStorage.getItem(name)",
            f"clean-window:outbox:{self.person.staff_number}:{self.public_id}",
        )

    def stored(self) -> dict[int, str]:
        """What the database holds, as letters, by question."""
        rows = self.hall.ask(
            "SELECT a.number, a.chosen FROM answer a JOIN sitting s ON s.id = a.sitting_id "
            "WHERE s.public_id = :id",
            id=self.public_id,
        )
        return {number: re.sub(r"[^A-Za-z]", "", chosen) for number, chosen in rows}

    def texts(self) -> dict[int, list[str]]:
        """What the database holds, as it was typed, by question."""
        rows = self.hall.ask(
            "SELECT a.number, a.chosen FROM answer a JOIN sitting s ON s.id = a.sitting_id "
            "WHERE s.public_id = :id",
            id=self.public_id,
        )
        return {number: json.loads(chosen) for number, chosen in rows}

    def open(self, page: Page | None = None) -> Page:
        """Open the paper and wait until its script is ready."""
        page = page or self.page
        page.goto(f"/exams/sittings/{self.public_id}")
        page.wait_for_selector("html.is-ready")
        return page

    def hold_saves(self) -> Callable[[], None]:
        """Let no save through until what this gives is called; only where the guard expects it."""
        self.page.context.route(SAVES, lambda route: route.abort("internetdisconnected"))
        # Chromium begins to catch requests a moment after it was told to.
        probe = "() => fetch('/exams/answers/probe').then(() => false, () => true)"
        wait_until(lambda: self.page.evaluate(probe), "requests are caught")
        return lambda: self.page.context.unroute(SAVES)

    def wait_saved(self, number: int) -> None:
        """Wait until the page says that a question is stored."""
        self.page.wait_for_function(
            "n => document.querySelector(`#q${n}-saved`).textContent.endsWith('已保存')", arg=number
        )


@pytest.fixture
def take_seat(
    hall: Hall,
    bank: list[int],
    new_person: Callable[[], Somebody],
    open_window: Callable[..., Page],
) -> Callable[..., Seat]:
    """Let somebody sit an exam of his own; its first question is on the screen."""

    def make(
        size: Size = DESK,
        *,
        minutes: int = 40,
        clock: bool = False,
        questions: Sequence[int] | None = None,
        **options: object,
    ) -> Seat:
        person = new_person()
        exam_id = publish_exam(
            hall,
            questions or bank,
            [person.person_id],
            minutes=minutes,
            lasts=timedelta(minutes=minutes + 5),
        )
        with hall.acting(), db.write():
            public_id = sittings.start_sitting(exam_id=exam_id, person_id=person.person_id)
        page = open_window(person.person_id, size, **options)
        if clock:
            page.clock.install()
        seat = Seat(hall, person, exam_id, public_id, page)
        if options.get("java_script_enabled", True):
            seat.open()
        return seat

    return make


def hand_in_for(hall: Hall, exam_id: int, *, right: int) -> None:
    """Let everybody on the roll answer the first `right` questions right, and hand in."""
    with hall.acting(), db.write():
        now = clock.now()
        for sitting in db.session.scalars(select(Sitting).where(Sitting.exam_id == exam_id)):
            sittings.start_sitting(exam_id=exam_id, person_id=sitting.person_id)
            for question in asked(QUESTIONS)[:right]:
                sittings.save_answer(
                    sitting_id=sitting.id,
                    number=question.number,
                    chosen=question.key,
                    is_flagged=False,
                    revision=1,
                    received_at=now,
                )
            sittings.hand_in(sitting_id=sitting.id, received_at=now)
