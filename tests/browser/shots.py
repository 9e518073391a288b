"""Pictures of the demonstration: `python -m tests.browser.shots [FOLDER]`.

Without a folder the pictures of the handbook are made anew, under the names that it uses. With one,
every page as every role lands there, in both sizes. The demonstration stands on one fixed day, so the
same program gives the same pictures but for what a clock has written on them.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app.accounts import setup_code
from app.exams import demo as exams_demo
from app.exams.models import Exam, Sitting
from app.exams.service import sheets, sittings
from app.kernel import clock, db
from app.kernel.config import ROOT
from tests.browser import test_first_run
from tests.support.chromium import DESK, PHONE, Size, chromium, new_context
from tests.support.server import Hall, make_app, make_demo_hall, wait_until

HANDBOOK = ROOT / "docs" / "handbook" / "pictures"
DAY = date(2026, 11, 20)
LARGEST_BYTES = 60_000
STAFF, DONE, CLERK, CHIEF = "QY0301", "QY0402", "QY0103", "QY0201"
ROLES = {
    "staff": STAFF,
    "done": DONE,
    "clerk": CLERK,
    "chief": CHIEF,
    "sysadmin": "QY-xitong",
    "secadmin": "QY-anquan",
    "auditor": "QY-shenji",
}
SHEET_DPI = 80


@dataclass(frozen=True)
class Shot:
    """One picture: who looks at which page, and what he does there first."""

    name: str
    who: str | None
    path: str
    act: Callable[[Page], None] = lambda page: None
    # The sizes in which the handbook or the README shows it.
    in_handbook: tuple[Size, ...] = ()
    # How much of a long page is shown; 0: what fits on the screen.
    height: int = 0


def answer_some(page: Page) -> None:
    """Answer three questions, flag one, and stop at the fourth."""
    page.wait_for_selector("html.is-ready")
    for keys in ("b", "a", "fa"):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_timeout(300)
        page.keyboard.press("ArrowRight")


def cut_off(page: Page) -> None:
    page.wait_for_selector("html.is-ready")
    page.context.set_offline(True)
    page.keyboard.press("c")
    expect(page.locator("#offline-bar")).to_be_visible()


def ask_hand_in(page: Page) -> None:
    page.wait_for_selector("html.is-ready")
    page.click("#hand-in-open")


def fill_question(page: Page) -> None:
    """Show the form half filled in, as it looks at work."""
    page.fill("#stem", "某窗口正在拟写服务承诺，下列哪一条写得合适？")
    page.fill("#options", "热情服务，尽快办结\n材料齐全的，15分钟内完成收件\n让群众满意")
    page.fill("#key", "B")


def list_shots(hall: Hall) -> list[Shot]:
    """Give all pictures, with the addresses that this hall has for them."""
    exam_ids = dict(hall.ask("SELECT title, id FROM exam"))
    last, running, draft = (exam_ids[exams_demo.title(day)] for day in months())
    sitting = begin(hall, running)
    ended = public_id(hall, last, DONE)
    handed_in = public_id(hall, running, DONE)
    both = (DESK, PHONE)
    someone = hall.ask("SELECT min(person_id) FROM placement WHERE ends_on IS NOT NULL")[0][0]
    return [
        Shot("entrance", None, "/demo/", in_handbook=(DESK,)),
        Shot("home-staff", "staff", "/", in_handbook=(DESK,)),
        Shot("exams", "staff", "/exams"),
        Shot("notice", "staff", f"/exams/{running}", in_handbook=(DESK,)),
        Shot("sitting", "staff", f"/exams/sittings/{sitting}", answer_some, in_handbook=both),
        Shot("sitting-hand-in", "staff", f"/exams/sittings/{sitting}", ask_hand_in),
        Shot("sitting-offline", "staff", f"/exams/sittings/{sitting}", cut_off),
        Shot("home-done", "done", "/"),
        Shot("receipt", "done", f"/exams/sittings/{handed_in}/receipt", in_handbook=(DESK,)),
        Shot("result", "done", f"/exams/sittings/{ended}/result", in_handbook=(DESK,)),
        Shot("home-clerk", "clerk", "/"),
        Shot("questions", "clerk", "/questions", in_handbook=(DESK,)),
        Shot("question-new", "clerk", "/questions/new", fill_question, in_handbook=(DESK,)),
        Shot("papers", "clerk", "/exams/papers", in_handbook=(DESK,)),
        Shot("paper-new", "clerk", "/exams/papers/new"),
        Shot("choose-questions", "clerk", f"/exams/papers/{draft}/questions", in_handbook=(DESK,)),
        Shot("paper-draft", "clerk", f"/exams/papers/{draft}", in_handbook=(DESK,)),
        Shot("paper-running", "clerk", f"/exams/papers/{running}"),
        Shot("results", "clerk", f"/exams/papers/{last}/results", in_handbook=(DESK,)),
        Shot("late", "clerk", f"/exams/papers/{last}/late-answers"),
        Shot("workdays", "clerk", "/workdays", in_handbook=(DESK,), height=1180),
        Shot("deadline", "clerk", "/workdays/deadline"),
        Shot("people", "clerk", "/people", in_handbook=(DESK,)),
        Shot("person", "clerk", f"/people/{someone}", in_handbook=(DESK,)),
        Shot("departments", "clerk", "/departments"),
        Shot("windows", "clerk", "/windows"),
        Shot("service-items", "clerk", "/service-items"),
        Shot("committees", "clerk", "/committees"),
        Shot("roster-import", "clerk", "/roster/imports/new", in_handbook=(DESK,)),
        Shot("roles", "secadmin", "/roles", in_handbook=(DESK,)),
        Shot("accounts", "sysadmin", "/accounts", in_handbook=(DESK,)),
        Shot("slips", "sysadmin", "/accounts/slips/new"),
        Shot("hall", "sysadmin", "/hall"),
        Shot("administrators", "sysadmin", "/administrators", in_handbook=(DESK,)),
        Shot("settings", "secadmin", "/settings", in_handbook=(DESK,)),
        Shot("audit", "auditor", "/audit", in_handbook=(DESK,)),
        Shot("chain", "auditor", "/audit/chain"),
        Shot("account", "staff", "/account", in_handbook=(DESK,)),
        Shot("home-chief", "chief", "/"),
        Shot("papers-chief", "chief", "/exams/papers"),
        Shot("paper-chief", "chief", f"/exams/papers/{last}"),
        Shot("screens", "clerk", "/screens"),
        Shot("screen-group", "clerk", "/screens/1"),
        Shot("screen-player", None, "/public/screen/windows"),
        Shot("gallery", "clerk", "/gallery"),
        Shot("sign-in", None, "/sign-in"),
        Shot("not-found", "staff", "/no-such-page"),
    ]


def months() -> tuple[date, date, date]:
    """Give days of the three exams of the demonstration: last month's, this one's, the next one's."""
    first = DAY.replace(day=1)
    return first - timedelta(days=1), DAY, first + timedelta(days=32)


def public_id(hall: Hall, exam_id: int, staff_number: str) -> str:
    """Give the address of somebody's sitting."""
    rows = hall.ask(
        "SELECT s.public_id FROM sitting s JOIN person p ON p.id = s.person_id "
        "WHERE s.exam_id = :exam AND p.staff_number = :who",
        exam=exam_id,
        who=staff_number,
    )
    return rows[0][0]


def begin(hall: Hall, exam_id: int) -> str:
    """Let the person begin for whom this month's exam waits."""
    with hall.acting(), db.write():
        return sittings.start_sitting(
            exam_id=exam_id, person_id=exams_demo.person_id(exams_demo.WAITS)
        )


@contextmanager
def running_hall() -> Iterator[Hall]:
    """Run the demonstration on its day, at ten in the morning."""
    with tempfile.TemporaryDirectory(prefix="shots-") as folder:
        hall = make_demo_hall(Path(folder) / "var", "--date", DAY.isoformat())
        morning = clock.from_local(datetime.combine(DAY, time(10)))
        hall.move_clock(seconds=(morning - datetime.now(UTC)).total_seconds())
        hall.start()
        try:
            yield hall
        finally:
            hall.stop()


def take(browser: Browser, hall: Hall, shot: Shot, size: Size) -> bytes:
    """Take one picture, as a person with that role sees it."""
    context = new_context(browser, size, base_url=hall.base)
    page = context.new_page()
    if shot.who:
        page.goto("/demo/")
        number = ROLES[shot.who]
        page.locator(f'form:has(input[value="{number}"]) button').click()
        page.wait_for_url(f"{hall.base}/")
    page.goto(shot.path)
    shot.act(page)
    page.wait_for_timeout(200)
    if shot.height:
        page.set_viewport_size({"width": size[0], "height": shot.height})
    picture = page.screenshot(animations="disabled", caret="hide")
    page.on("dialog", lambda dialog: dialog.accept())
    context.close()
    return picture


def print_sheet(hall: Hall) -> bytes:
    """Let the worker make last month's sheet, and give its first page as a picture."""
    with hall.acting(), db.write():
        exam, sitting = db.session.execute(
            select(Exam, Sitting)
            .join(Sitting, Sitting.exam_id == Exam.id)
            .where(Exam.released_at.is_not(None), Sitting.person_id == exams_demo.person_id(DONE))
        ).one()
        sheets.order_sheet(sitting=sitting, exam=exam, ordered_by_id=sitting.person_id)
    printed = "SELECT f.sha256 FROM result_sheet r JOIN stored_file f ON f.id = r.file_id"
    wait_until(lambda: hall.ask(printed), f"the sheet is printed\n{hall.log()}", 60)
    sha256 = hall.ask(printed)[0][0]
    pages = ["-r", str(SHEET_DPI), "-png", "-f", "1", "-l", "1", "-singlefile"]
    file = hall.var / "files" / sha256[:2] / sha256
    return subprocess.run(["pdftoppm", *pages, file], capture_output=True, check=True).stdout


def shrink(picture: bytes) -> bytes:
    """Write a picture with as many colours as fit into the size that the handbook allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (128, 64, 32, 16):
        buffer = io.BytesIO()
        few = image.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        few.save(buffer, "PNG", optimize=True)
        if buffer.tell() <= LARGEST_BYTES:
            break
    return buffer.getvalue()


def wanted(shots: Sequence[Shot], *, is_all: bool) -> Iterator[tuple[Shot, Size]]:
    """Give the pictures to take: all in both sizes, or those of the handbook."""
    for shot in shots:
        for size in (DESK, PHONE):
            if is_all or size in shot.in_handbook:
                yield shot, size


def main(words: Sequence[str]) -> int:
    """Take the pictures and print their names; 2 for words that it does not know."""
    if len(words) > 1 or any(word.startswith("-") for word in words):
        sys.stderr.write(f"{__doc__}\n")
        return 2
    folder = Path(words[0]) if words else HANDBOOK
    folder.mkdir(parents=True, exist_ok=True)
    with running_hall() as hall, chromium() as browser:
        for shot, size in wanted(list_shots(hall), is_all=bool(words)):
            name = shot.name if size == DESK else f"{shot.name}-phone"
            write(folder / f"{name}.png", take(browser, hall, shot, size))
        write(folder / "sheet.png", print_sheet(hall))
    with new_hall() as (hall, code), chromium() as browser:
        write(folder / "first-run.png", take_first_run(browser, hall, code))
    return 0


@contextmanager
def new_hall() -> Iterator[tuple[Hall, str]]:
    """Run a site that nobody has set up yet; gives it with its code."""
    with tempfile.TemporaryDirectory(prefix="shots-") as folder:
        app = make_app(Path(folder) / "var")
        with app.app_context():
            code = setup_code.make()
            db.database.engine.dispose()
        hall = Hall(Path(folder) / "var", app)
        hall.start()
        try:
            yield hall, code
        finally:
            hall.stop()


def take_first_run(browser: Browser, hall: Hall, code: str) -> bytes:
    """Set the site up and take the picture of what there is to do."""
    page = new_context(browser, DESK, base_url=hall.base).new_page()
    test_first_run.set_up(page, code)
    return page.screenshot(animations="disabled", caret="hide")


def write(file: Path, picture: bytes) -> None:
    """Write one picture, small."""
    content = shrink(picture)
    file.write_bytes(content)
    sys.stdout.write(f"{file} {len(content) // 1024} KB\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
