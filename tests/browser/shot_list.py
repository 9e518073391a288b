"""Which pictures there are: the pages of the demonstration and the papers of the handbook."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from app.exams import demo as exams_demo
from app.exams.service import sittings
from app.kernel import db
from tests.support.chromium import DESK, PHONE, Size
from tests.support.server import Hall

DAY = date(2026, 11, 20)
STAFF, DONE, CLERK, CHIEF = "QY0301", "QY0402", "QY0103", "QY0201"
ROLES = {
    "staff": STAFF,
    "done": DONE,
    "clerk": CLERK,
    "chief": CHIEF,
    "sysadmin": "QY-xitong",
    "secadmin": "QY-anquan",
    "auditor": "QY-shenji",
    "branch": "QY0107",
    "lead": "QY0302",
    "inspector": "QY0501",
    "officer": "QY0503",
    "leader": "QY0101",
    "office": "QY0102",
}


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


@dataclass(frozen=True)
class Paper:
    """The first page of a PDF as a picture: who orders it on which page, by which button."""

    name: str
    who: str
    path: str
    button: str


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


def wait_for_slide(page: Page) -> None:
    expect(page.locator("#layer-a, #layer-b").first).to_contain_text("号窗口", timeout=60_000)


def fill_question(page: Page) -> None:
    """Show the form half filled in, as it looks at work."""
    page.fill("#stem", "某窗口正在拟写服务承诺，下列哪一条写得合适？")
    page.fill("#options", "热情服务，尽快办结\n材料齐全的，15分钟内完成收件\n让群众满意")
    page.fill("#key", "B")


def waiting_sheet(hall: Hall) -> int:
    """Give the sheet of questions that waits for its review."""
    return hall.ask("SELECT id FROM question_review WHERE state = 'waiting'")[0][0]


def proposed(hall: Hall) -> str:
    """Give the question whose correction waits for the chief."""
    return first(hall, "SELECT id FROM question_correction WHERE state = 'checked'")


def old_bank(hall: Hall) -> str:
    """Give the file of questions that waits to be looked at."""
    return hall.ask("SELECT public_id FROM question_import")[0][0]


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
        Shot("question-reviews", "clerk", "/questions/reviews"),
        Shot(
            "question-review",
            "chief",
            f"/questions/reviews/{waiting_sheet(hall)}",
            in_handbook=(DESK,),
        ),
        Shot(
            "question-coverage",
            "clerk",
            "/questions/coverage?standing=kept",
            in_handbook=(DESK,),
        ),
        Shot(
            "question-import", "clerk", f"/questions/imports/{old_bank(hall)}", in_handbook=(DESK,)
        ),
        Shot("papers", "clerk", "/exams/papers", in_handbook=(DESK,)),
        Shot("paper-new", "clerk", "/exams/papers/new"),
        Shot("choose-questions", "clerk", f"/exams/papers/{draft}/questions", in_handbook=(DESK,)),
        Shot("paper-draft", "clerk", f"/exams/papers/{draft}", in_handbook=(DESK,)),
        Shot("paper-running", "clerk", f"/exams/papers/{running}"),
        Shot("results", "clerk", f"/exams/papers/{last}/results", in_handbook=(DESK,)),
        Shot("report", "clerk", f"/exams/papers/{last}/report", in_handbook=(DESK,), height=1500),
        Shot("reports", "office", "/exams/reports"),
        Shot("exam-notice", "clerk", f"/exams/papers/{last}/notice", in_handbook=(DESK,)),
        Shot("department-results", "lead", "/exams/departments"),
        Shot("department-result", "lead", first(hall, OF_LEAD), in_handbook=(DESK,)),
        Shot("printing", "clerk", f"/exams/papers/{last}/print", in_handbook=(DESK,)),
        Shot("analysis", "clerk", f"/exams/papers/{last}/analysis", in_handbook=(DESK,)),
        Shot("analysis-question", "clerk", f"/exams/papers/{last}/analysis/1"),
        Shot("late", "clerk", f"/exams/papers/{last}/late-answers"),
        Shot("live", "clerk", f"/exams/papers/{running}/live", in_handbook=(DESK,)),
        Shot("correction", "chief", f"/exams/corrections/{proposed(hall)}", in_handbook=(DESK,)),
        Shot("corrections", "clerk", "/exams/corrections"),
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
        *shots_of_promises(hall),
        *shots_of_rounds(hall),
        *shots_of_ideas(hall),
        *shots_of_portraits(hall),
        *shots_of_classes(hall),
        *shots_of_pairs(hall),
        *shots_of_measures(hall),
        Shot("gallery", "clerk", "/gallery"),
        Shot("sign-in", None, "/sign-in"),
        Shot("not-found", "staff", "/no-such-page"),
    ]


def shots_of_promises(hall: Hall) -> list[Shot]:
    """Give the pictures of 三亮: sheet, 汇总表, public page, screen."""
    waiting = first(hall, "SELECT min(id) FROM decision_batch WHERE state = 'draft'")
    return [
        Shot("inbox", "clerk", "/inbox", in_handbook=(DESK,)),
        Shot("commitments", "clerk", "/commitments"),
        Shot("commitment", "clerk", f"/commitments/{window_sheet(hall)}", in_handbook=(DESK,)),
        Shot("commitment-new", "lead", "/commitments/new"),
        Shot("batch", "leader", f"/batches/{waiting}", in_handbook=(DESK,)),
        Shot("commitments-public", None, "/public/commitments", in_handbook=(PHONE,)),
        Shot("screens", "clerk", "/screens"),
        Shot("screen-group", "clerk", "/screens/1", in_handbook=(DESK,)),
        Shot("screen-player", None, "/public/screen/windows", wait_for_slide, in_handbook=(DESK,)),
    ]


def shots_of_rounds(hall: Hall) -> list[Shot]:
    """Give the pictures of 现场巡查 and 整改."""
    inspection = first(hall, "SELECT public_id FROM inspection ORDER BY id DESC")
    order = first(
        hall, "SELECT public_id FROM rectification_order WHERE number IS NOT NULL ORDER BY id"
    )
    return [
        Shot("inspections", "inspector", "/inspections", in_handbook=(DESK,)),
        Shot("inspection", "inspector", f"/inspections/{inspection}"),
        Shot("inspection-new", "inspector", "/inspections/new"),
        Shot("findings", "inspector", "/inspections/findings", in_handbook=(DESK,)),
        Shot("rectification", "chief", f"/rectifications/{order}", in_handbook=(DESK,)),
    ]


def shots_of_ideas(hall: Hall) -> list[Shot]:
    """Give the pictures of 建议征集."""
    order = first(hall, "SELECT id FROM improvement_order ORDER BY id")
    return [
        Shot("ideas", "officer", "/suggestions/ideas", in_handbook=(DESK,)),
        Shot("idea-new", "staff", "/suggestions/ideas/new"),
        Shot("idea-public", None, "/public/suggestions/new", in_handbook=(PHONE,)),
        Shot("improvement", "officer", f"/suggestions/orders/{order}", in_handbook=(DESK,)),
    ]


LAST_REPORT = """SELECT '/exams/papers/' || exam_id || '/report' FROM exam_notice"""
OF_LEAD = """SELECT '/exams/papers/' || exam_notice.exam_id || '/departments/' || department.id
    FROM exam_notice, department WHERE department.name = '不动产登记中心'"""
PORTRAIT = (
    "SELECT portrait.public_id FROM portrait JOIN person ON person.id = portrait.person_id "
    "WHERE person.staff_number = 'QY0301' ORDER BY portrait.cycle_id DESC LIMIT 1"
)
POINT = """SELECT min(place) FROM portrait_row WHERE points < 0 AND portrait_id = (
    SELECT portrait.id FROM portrait JOIN person ON person.id = portrait.person_id
    WHERE person.staff_number = 'QY0301' ORDER BY portrait.cycle_id DESC LIMIT 1
)"""


def shots_of_portraits(hall: Hall) -> list[Shot]:
    """Give the pictures of 季度考核: somebody's portrait, one point of it, the quarter."""
    portrait = first(hall, PORTRAIT)
    place = first(hall, POINT)
    cycle = first(hall, "SELECT max(id) FROM assessment_cycle")
    return [
        Shot("portrait", "staff", f"/assessment/portraits/{portrait}", in_handbook=(DESK, PHONE)),
        Shot("portrait-row", "staff", f"/assessment/portraits/{portrait}/rows/{place}"),
        Shot("cycle", "clerk", f"/assessment/cycles/{cycle}"),
    ]


def shots_of_classes(hall: Hall) -> list[Shot]:
    """Give the pictures of 培训课堂 and 满意度调查."""
    plan = first(hall, "SELECT max(id) FROM training_plan_item WHERE kind = 'party'")
    shown = first(
        hall,
        "SELECT public_id FROM training_class WHERE state = 'archived' AND exam_id IS NOT NULL",
    )
    survey = first(
        hall, "SELECT public_id FROM survey WHERE counted >= 5 AND groups <> '[]' ORDER BY id"
    )
    waits = hall.ask(
        "SELECT s.public_id FROM survey s JOIN survey_roll r ON r.survey_id = s.id"
        " JOIN person p ON p.id = r.person_id"
        " WHERE s.closed_at IS NULL AND p.staff_number = :who",
        who=STAFF,
    )[0][0]
    return [
        Shot("classes", "branch", "/training/classes", in_handbook=(DESK,)),
        Shot("class-new", "branch", f"/training/classes/new?plan={plan}", in_handbook=(DESK,)),
        Shot("class-effect", "clerk", f"/training/classes/{shown}/effect", in_handbook=(DESK,)),
        Shot("survey", "branch", f"/surveys/{survey}", in_handbook=(DESK,)),
        Shot("survey-answer", "staff", f"/surveys/{waits}/answer", in_handbook=(PHONE,)),
    ]


# The pair of the visitor, and whom the clerk may find a master for.
PAIR = (
    "SELECT public_id FROM mentoring_pair WHERE state = 'running' AND master_id = "
    "(SELECT id FROM person WHERE staff_number = 'QY0301')"
)
NEWCOMER = (
    "SELECT person_id FROM placement WHERE ends_on IS NULL AND starts_on <= '2026-11-20' AND "
    "person_id NOT IN (SELECT apprentice_id FROM mentoring_pair) ORDER BY starts_on DESC, id DESC"
)


def shots_of_pairs(hall: Hall) -> list[Shot]:
    """Give the pictures of 师徒结对, and of rules and risk points."""
    masters = f"/mentoring/newcomers/{first(hall, NEWCOMER)}/candidates"
    return [
        Shot("pair", "staff", f"/mentoring/pairs/{first(hall, PAIR)}", in_handbook=(DESK,)),
        Shot("pair-candidates", "clerk", masters, in_handbook=(DESK,)),
        Shot("readings-own", "staff", "/regulations/mine", in_handbook=(PHONE,)),
        Shot("risks", "clerk", "/regulations/risks", in_handbook=(DESK,)),
    ]


def shots_of_measures(hall: Hall) -> list[Shot]:
    """Give the pictures of 任务分解: the board, one task with its readings, a quarter's changes."""
    task = first(hall, "SELECT id FROM measure WHERE code = 'G3' ORDER BY id")
    since = "/measures/changes/2026-09-30"
    return [
        Shot("measures", "office", "/measures", in_handbook=(DESK,)),
        Shot("measure", "office", f"/measures/tasks/{task}", in_handbook=(DESK,)),
        Shot("measure-changes", "office", since, in_handbook=(DESK,), height=700),
    ]


def list_papers(hall: Hall) -> list[Paper]:
    """Give the papers of the handbook."""
    order = first(hall, "SELECT public_id FROM rectification_order WHERE closed_at IS NOT NULL")
    return [
        Paper("desk-card", "clerk", f"/commitments/{window_sheet(hall)}", "台卡 A5"),
        Paper(
            "portrait-paper",
            "staff",
            f"/assessment/portraits/{first(hall, PORTRAIT)}",
            "打印个人考核画像",
        ),
        Paper(
            "exam-notice-paper",
            "clerk",
            first(hall, LAST_REPORT),
            "打印成绩通报",
        ),
        Paper("rectification-notice", "chief", f"/rectifications/{order}", "打印通知单"),
    ]


def window_sheet(hall: Hall) -> int:
    """Give the sheet of a window that is public."""
    wanted = (
        "SELECT max(v.id) FROM sheet_version v JOIN commitment_sheet s ON s.id = v.sheet_id "
        "WHERE v.state = 'public' AND s.window_id IS NOT NULL"
    )
    return int(first(hall, wanted))


def first(hall: Hall, query: str) -> str:
    """Give the first value of an answer."""
    return str(hall.ask(query)[0][0])


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
