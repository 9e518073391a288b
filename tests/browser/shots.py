"""Pictures of the demonstration: `python -m tests.browser.shots [FOLDER]`.

Without a folder the pictures of the handbook are made anew, under the names that it uses. With one,
every page as every role lands there, in both sizes. The demonstration stands on one fixed day, so the
same program gives the same pictures but for what a clock has written on them.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from app.accounts import setup_code
from app.exams import demo as exams_demo
from app.exams.models import Exam, Sitting
from app.exams.printing import RESULT_SHEET
from app.files import papers
from app.kernel import clock, db
from app.kernel.config import ROOT
from tests.browser import test_first_run
from tests.browser.shot_list import DAY, DONE, ROLES, Paper, Shot, list_papers, list_shots
from tests.support.chromium import DESK, PHONE, Size, chromium, new_context
from tests.support.server import Hall, make_app, make_demo_hall, wait_until

HANDBOOK = ROOT / "docs" / "handbook" / "pictures"
LARGEST_BYTES = 60_000
SHEET_DPI = 80


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
    page = enter(browser, hall, shot.who, size)
    page.goto(shot.path)
    shot.act(page)
    page.wait_for_timeout(200)
    if shot.height:
        page.set_viewport_size({"width": size[0], "height": shot.height})
    picture = page.screenshot(animations="disabled", caret="hide")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.close()
    return picture


def enter(browser: Browser, hall: Hall, who: str | None, size: Size) -> Page:
    """Open the site in a browser of its own, as somebody or as a stranger."""
    page = new_context(browser, size, base_url=hall.base).new_page()
    if who:
        page.goto("/demo/")
        page.locator(f'form:has(input[value="{ROLES[who]}"]) button').click()
        page.wait_for_url(f"{hall.base}/")
    return page


def print_paper(browser: Browser, hall: Hall, paper: Paper) -> bytes:
    """Order a paper as its page does, and give its first page as a picture."""
    page = enter(browser, hall, paper.who, DESK)
    page.goto(paper.path)
    page.get_by_role("button", name=paper.button).first.click()
    link = page.locator("main a[href$='.pdf']").first
    link.wait_for(timeout=60_000)
    body = page.context.request.get(link.get_attribute("href") or "").body()
    page.context.close()
    return draw_first_page(body)


def draw_first_page(document: bytes) -> bytes:
    """Give the first page of a PDF as PNG."""
    words = ["-r", str(SHEET_DPI), "-png", "-f", "1", "-l", "1", "-singlefile", "-"]
    return subprocess.run(
        ["pdftoppm", *words], input=document, capture_output=True, check=True
    ).stdout


def print_sheet(hall: Hall) -> bytes:
    """Let the worker make last month's sheet, and give its first page as a picture."""
    with hall.acting(), db.write():
        sitting = db.session.scalars(
            select(Sitting)
            .join(Exam, Exam.id == Sitting.exam_id)
            .where(
                Exam.title == exams_demo.title(exams_demo.last_month(DAY)),
                Sitting.person_id == exams_demo.person_id(DONE),
            )
        ).one()
        papers.order(
            RESULT_SHEET,
            sitting.id,
            values={"public_id": sitting.public_id},
            ordered_by_id=sitting.person_id,
        )
    printed = (
        "SELECT f.sha256 FROM produced_paper r JOIN stored_file f ON f.id = r.file_id"
        " WHERE r.kind = 'exams.result'"
    )
    wait_until(lambda: hall.ask(printed), f"the sheet is printed\n{hall.log()}", 60)
    sha256 = hall.ask(printed)[0][0]
    return draw_first_page((hall.var / "files" / sha256[:2] / sha256).read_bytes())


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
        for paper in list_papers(hall):
            write(folder / f"{paper.name}.png", print_paper(browser, hall, paper))
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
