"""Every page of the way: axe finds nothing, nothing is wider than the screen; light, dark, large, small."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts import service as accounts
from app.exams.models import Sitting
from app.exams.printing import RESULT_SHEET
from app.exams.service import choosing, drafting, grading, publishing, sittings
from app.exams.service.papers import Settings
from app.files import papers
from app.kernel import clock, db
from tests.browser.conftest import hand_in_for
from tests.faults.papers import publish_exam
from tests.support import cast
from tests.support.chromium import DESK, NARROW, PHONE, ZOOMED, Size
from tests.support.server import Hall, wait_until

AXE = Axe().axe_script
# The dark page has the same elements; only colours can be worse.
RULES = {"light": (), "dark": ("color-contrast", "link-in-text-block")}
SIZES: tuple[Size, ...] = (DESK, PHONE, ZOOMED, NARROW)
# Each of the cast looks at what he meets on the way.
PAGES = {
    None: ("sign-in", "sign-in-refused", "not-found"),
    "clerk": (
        "home", "bank", "new-question", "new-question-refused", "question", "papers", "new-paper",
        "new-paper-refused", "choose", "draft", "published", "preview", "results", "late", "workdays",
        "edit-day", "deadline", "analysis", "analysis-question",
        "report",
    ),
    "chief": ("home", "submitted", "send-back-refused", "graded", "person-result"),
    "staff": (
        "home", "exams", "notice", "sitting", "sitting-offline", "sitting-hand-in", "sitting-password",
        "hand-in", "receipt", "result", "job", "forbidden",
    ),
}  # fmt: skip
CASES = [(who, name) for who, names in PAGES.items() for name in names]


@dataclass(frozen=True)
class Stage:
    """Exams in every state, and their addresses."""

    paths: dict[str, str]


@pytest.fixture(scope="module")
def stage(shared_hall: Hall, bank: list[int]) -> Iterator[Stage]:
    """Make what the pages show: a draft, a submitted, an open, a graded and a released exam.

    Afterwards all are released: what staff still sits would be left out of his later results.
    """
    hall = shared_hall
    with hall.acting():
        staff, clerk, chief = (cast.person_id(who) for who in ("staff", "clerk", "chief"))
        other = cast.person_id("other")
    long = timedelta(hours=3)
    released = publish_exam(hall, bank, [staff, other], title="上月一月一考")
    graded = publish_exam(hall, bank, [staff, other], title="待公布的一月一考")
    for exam_id in (released, graded):
        hand_in_for(hall, exam_id, right=7)
    hall.move_clock(hours=2, minutes=5)
    is_graded = "SELECT count(*) FROM exam WHERE id IN (:a, :b) AND graded_run = 1"
    wait_until(lambda: hall.ask(is_graded, a=released, b=graded) == [(2,)], f"graded\n{hall.log()}")
    with hall.acting(), db.write():
        grading.release_results(exam_id=released, released_by_id=chief)
    running = publish_exam(hall, bank, [staff], title="2026年11月一月一考", lasts=long)
    begun = publish_exam(hall, bank, [staff], title="正在作答的一月一考", lasts=long)
    draft = draft_exam(hall, bank, clerk, "下月一月一考")
    submitted = draft_exam(hall, bank, clerk, "送审的一月一考", is_submitted=True)
    with hall.acting(), db.write():
        sitting = sittings.start_sitting(exam_id=begun, person_id=staff)
        ended = {
            exam_id: db.session.scalars(
                select(Sitting.public_id).where(
                    Sitting.exam_id == exam_id, Sitting.person_id == staff
                )
            ).one()
            for exam_id in (released, graded)
        }
        sitting_id = db.session.scalars(
            select(Sitting.id).where(Sitting.public_id == ended[released])
        ).one()
        job = papers.order(
            RESULT_SHEET,
            sitting_id,
            values={"public_id": ended[released]},
            ordered_by_id=staff,
        )
    is_printed = "SELECT state FROM job WHERE public_id = :id"
    wait_until(lambda: hall.ask(is_printed, id=job) == [("done",)], f"printed\n{hall.log()}")
    yield Stage(
        {
            "sign-in": "/sign-in?next=/exams",
            "sign-in-refused": "/sign-in",
            "not-found": "/no-such-page",
            "forbidden": "/questions",
            "home": "/",
            "bank": "/questions",
            "new-question": "/questions/new",
            "new-question-refused": "/questions/new",
            "question": f"/questions/{bank[1]}",
            "papers": "/exams/papers",
            "new-paper": "/exams/papers/new",
            "new-paper-refused": "/exams/papers/new",
            "choose": f"/exams/papers/{draft}/questions",
            "draft": f"/exams/papers/{draft}",
            "published": f"/exams/papers/{running}",
            "preview": f"/exams/papers/{running}/preview",
            "results": f"/exams/papers/{released}/results",
            "report": f"/exams/papers/{released}/report",
            "analysis": f"/exams/papers/{released}/analysis",
            "analysis-question": f"/exams/papers/{released}/analysis/1",
            "late": f"/exams/papers/{released}/late-answers",
            "submitted": f"/exams/papers/{submitted}",
            "send-back-refused": f"/exams/papers/{submitted}/send-back",
            "graded": f"/exams/papers/{graded}",
            "person-result": f"/exams/papers/{released}/results/{ended[released]}",
            "exams": "/exams",
            "notice": f"/exams/{running}",
            "sitting": f"/exams/sittings/{sitting}",
            "sitting-offline": f"/exams/sittings/{sitting}",
            "sitting-hand-in": f"/exams/sittings/{sitting}",
            "sitting-password": f"/exams/sittings/{sitting}",
            "hand-in": f"/exams/sittings/{sitting}/hand-in",
            "receipt": f"/exams/sittings/{ended[graded]}/receipt",
            "result": f"/exams/sittings/{ended[released]}/result",
            "job": f"/jobs/{job}",
            "workdays": "/workdays",
            "edit-day": "/workdays/days/2026-12-31/edit",
            "deadline": "/workdays/deadline",
        }
    )
    hall.move_clock(hours=3, minutes=5)
    for exam_id in (graded, running, begun):
        release_when_graded(hall, exam_id, chief)


def release_when_graded(hall: Hall, exam_id: int, chief: int) -> None:
    """Wait for the worker's grading of a closed exam, and release its marks."""
    run = "SELECT graded_run FROM exam WHERE id = :id"
    wait_until(lambda: hall.ask(run, id=exam_id) == [(1,)], f"graded\n{hall.log()}")
    with hall.acting(), db.write():
        grading.release_results(exam_id=exam_id, released_by_id=chief)


def draft_exam(
    hall: Hall, bank: list[int], clerk: int, title: str, *, is_submitted: bool = False
) -> int:
    """Draft an exam of five questions."""
    with hall.acting(), db.write():
        now = clock.now()
        exam_id = drafting.draft_paper(
            settings=Settings(
                title=title,
                notice="办件优先。",
                opens_at=now + timedelta(days=1),
                closes_at=now + timedelta(days=2),
                minutes=40,
                pass_marks=Decimal(30),
                department_ids=[each.id for each in accounts.list_departments()],
            ),
            drafted_by_id=clerk,
        )
        for question_id in bank[:5]:
            choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=clerk)
        if is_submitted:
            publishing.submit_paper(exam_id=exam_id, submitted_by_id=clerk)
        return exam_id


def send_empty(name: str) -> Callable[[Page], None]:
    """Press a button without having filled anything in; the answer names what is missing."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator(".error-summary")).to_be_visible()

    return act


def cut_off(page: Page) -> None:
    page.wait_for_selector("html.is-ready")
    page.context.set_offline(True)
    page.keyboard.press("b")
    expect(page.locator("#offline-bar")).to_be_visible()


def ask_hand_in(page: Page) -> None:
    page.wait_for_selector("html.is-ready")
    page.click("#hand-in-open")
    expect(page.locator("#hand-in")).to_be_visible()


def ask_password(page: Page) -> None:
    page.wait_for_selector("html.is-ready")
    page.context.clear_cookies()
    page.keyboard.press("c")
    expect(page.locator("#again")).to_be_visible()


STEPS = {
    "sign-in-refused": send_empty("登录"),
    "new-question-refused": send_empty("保存"),
    "new-paper-refused": send_empty("保存，去选题"),
    "send-back-refused": send_empty("退回"),
    "sitting": lambda page: page.wait_for_selector("html.is-ready"),
    "sitting-offline": cut_off,
    "sitting-hand-in": ask_hand_in,
    "sitting-password": ask_password,
}
EXPECTED = {
    "not-found": "status of 404",
    "forbidden": "status of 403",
    "sitting-offline": "ERR_INTERNET_DISCONNECTED",
    "sitting-password": "status of 401",
    **dict.fromkeys((name for name in STEPS if name.endswith("-refused")), "status of 422"),
}


@pytest.mark.parametrize(("who", "name"), CASES)
def test_a_page_is_accessible_and_fits(stage, hall, open_window, guard, who, name):
    if name in EXPECTED:
        guard.expect(EXPECTED[name])
    with hall.acting():
        person = cast.person_id(who) if who else None
    page = open_window(person)
    page.goto(stage.paths[name])
    if name in STEPS:
        STEPS[name](page)
    expect(page.locator("h1").first).to_be_attached()
    assert not (faults := faults_of(page)), "\n".join(faults)


@pytest.mark.parametrize("path", ["/demo/", "/gallery"])
def test_a_page_of_the_demonstration_is_accessible_and_fits(demo_hall, open_window, path):
    page = open_window()
    page.goto(f"{demo_hall.base}/demo/")
    if path != "/demo/":
        page.get_by_role("button", name="以陆文博的身份进入").click()
        page.goto(f"{demo_hall.base}{path}")
    expect(page.locator("h1").first).to_be_attached()
    assert not (faults := faults_of(page)), "\n".join(faults)


def faults_of(page: Page) -> list[str]:
    """Look at a page in both colours, and whether it fits every width: its markup is the same."""
    page.evaluate(AXE)
    show(page, DESK)
    faults = []
    for scheme, rules in RULES.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        faults += [f"{scheme}: {fault}" for fault in axe_faults(page, rules=rules)]
    for size in SIZES:
        show(page, size)
        faults += too_wide(page, size)
    return faults


def show(page: Page, size: Size) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})


def too_wide(page: Page, size: Size) -> list[str]:
    """Say by how much a page is wider than the screen."""
    wider = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return [f"{size}: {wider} px too wide"] if wider > 0 else []


def axe_faults(page: Page, *, rules: Sequence[str] = ()) -> list[str]:
    """Let axe look at a page as it is now: by all its rules, or by some."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else {}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
    ]
