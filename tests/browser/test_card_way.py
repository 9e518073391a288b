"""One person's quarter, unbroken, from its scheme to his portrait, and from there back to each record.

He sits the month's exam, takes part in a class and its test, confirms what is to be read, proposes
something, learns from a master; his window publishes its promise and is found wanting once. When the
quarter is over each row of his portrait leads to the record that was made here, one is taken back
because he objects, and the second version is printed. What he does himself he does in Chromium;
what others do before and after, which the walks of their rooms show, goes through HTTP and services.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial

import pypdfium2
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from app.accounts import service as accounts
from app.accounts.models import Account
from app.accounts.roster.models import Post
from app.assessment import content, periods
from app.assessment.models import AssessmentCycle
from app.exams.models import Exam
from app.inspections.models import Finding, Track
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.mentoring import records
from app.mentoring.models import MentoringPair
from app.training import sign_ins
from app.workdays import service as workdays
from tests.assessment import factories as assessment
from tests.browser.conftest import session_cookie
from tests.commitments import factories as commitments
from tests.exams import factories as exams
from tests.inspections import factories as inspections
from tests.mentoring import factories as mentoring
from tests.mentoring.world import add_items
from tests.rectifications import factories as rectifications
from tests.regulations import factories as regulations
from tests.suggestions import factories as suggestions
from tests.support import cast, inside
from tests.support.pages import Browser, sign_in
from tests.support.server import Hall, make_hall, make_template, wait_until
from tests.training import factories as training

EXAM, CLASS, RULE = "走卡一月一考", "窗口用语怎么练", "窗口轮换制度"
TITLE = "取号机旁放一张大字流程图"
TAUGHT = "陪办了两件转移登记。"
OBJECTION, ANSWERED = "当时在引导轮椅群众，同事顶岗。", "调取监控，情况属实。"
# Members of the walk who are not in the cast: key, 工号, name.
MORE = (("mentor", "SY8301", "席慕云"), ("assessor", "SY8302", "卓文清"))
FOLLOWED_WITHIN_MS = 30_000


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Give a hall of its own: a quarter passes here."""
    folder = tmp_path_factory.mktemp("card")
    hall = make_hall(make_template(folder / "template"), folder / "var")
    hall.start()
    inside.use(hall.app)
    yield hall
    hall.stop()


class Walk:
    """The hall, its people by HTTP, and the one window in which the person himself works."""

    def __init__(self, hall: Hall, page: Page) -> None:
        self.hall, self.page, self.app = hall, page, hall.app
        self.browse: Callable[[str], Browser] = partial(sign_in, hall.app)
        with hall.acting():
            self.me = cast.person_id("staff")
            calendar = workdays.get_calendar()
        self.quarter = periods.following(*periods.quarter_of(clock.local(hall.now()).date()))
        self.days = (
            each
            for each in (
                periods.span_of(*self.quarter).first + timedelta(days=place) for place in range(99)
            )
            if calendar.is_workday(each)
        )

    def go_to(self, day: date, at: time) -> None:
        """Let it be that moment; everybody's session and password are as on any morning."""
        moment = clock.from_local(datetime.combine(day, at))
        self.hall.move_clock(seconds=(moment - self.hall.now()).total_seconds())
        with self.hall.acting(), db.write():
            db.session.execute(update(Account).values(password_set_at=clock.now()))
        self.page.context.add_cookies([session_cookie(self.hall, self.me)])

    def now(self) -> object:
        """Give the hall's time to what is done by HTTP."""
        return clock.frozen(self.hall.now())

    def press(self, name: str) -> None:
        """Press a button, say yes where it asks, and see that nothing was refused."""
        main = self.page.locator("main")
        with self.page.expect_navigation():
            main.get_by_role("button", name=name, exact=True).first.click()
            if self.page.locator("#confirm-yes").is_visible():
                self.page.locator("#confirm-yes").click()
        expect(self.page.locator(".error-summary")).to_have_count(0)

    def fill(self, values: dict[str, str]) -> None:
        """Write into fields by their labels."""
        for label, text in values.items():
            self.page.get_by_label(label).first.fill(text)


def test_a_quarter_of_one_person_and_back_from_each_point(hall, open_window, guard, monkeypatch):
    guard.expect(r"status of 404 .*/favicon.ico")
    walk = Walk(hall, open_window())
    furnish(walk, monkeypatch)
    scheme = assessment.lock_scheme(*walk.quarter, found=content.usual(), on=hall.now())
    # The first workdays of a quarter may be holidays of the hall; a later one is taken.
    days = [next(walk.days) for _ in range(12)][4:]
    walk.go_to(days[0], time(9, 30))
    sit_the_exam(walk)
    pair = learn_from_a_master(walk)
    read_the_rule(walk)
    attend_the_class(walk, days[2])
    walk.go_to(days[3], time(9, 20))
    have_a_promise_and_a_finding(walk)
    have_an_idea(walk)
    keep_the_month(walk, pair)
    over = periods.span_of(*walk.quarter).last + timedelta(days=8)
    walk.go_to(over, time(10))
    collect(walk, scheme)
    url = click_every_point(walk)
    follow_the_department(walk)
    object_to_the_finding(walk, url, open_window)
    words = print_portrait(walk, url)
    for typed in (
        cast.name_of("staff"), "第2版：异议成立", f"“{TITLE}”被采纳", "+2", "一月一考成绩（1次）",
        "20/30", "训后测试（1次）", "10/20", "必读制度按期确认（1份）", "带教事项能独立办（1项）",
        "A01窗口，本人在岗", "已更正", "A01窗口，暂停服务未摆牌（一般）",
    ):  # fmt: skip
        assert typed in words, typed


# ---------- before


def furnish(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a master and an assessor; the person is the apprentice of the pair."""
    monkeypatch.setitem(cast.OTHERS, "novice", cast.CAST["staff"])
    with walk.hall.acting():
        home = cast.department_ids()[0]
        for who, number, name in MORE:
            member = (number, name, cast.DEPARTMENTS[0], "专业窗口", [Role.STAFF])
            monkeypatch.setitem(cast.OTHERS, who, member)
            with db.write():
                accounts.add_person(
                    staff_number=number, name=name, department_id=home, post=member[3],
                    password_hash="nobody signs in with it", roles=member[4],
                    joined_on=cast.JOINED_ON,
                )  # fmt: skip
        add_items()


# ---------- the quarter


def sit_the_exam(walk: Walk) -> None:
    """Sit the month's exam with the first question wrong; the mark is seen after its release."""
    with walk.hall.acting():
        exam_id = exams.publish_exam(only=["staff"], title=EXAM)
    walk.page.goto("/")
    answer_paper(walk.page, EXAM, "a", "abc", "a")
    walk.hall.move_clock(hours=9)
    wait_for(walk, exam_id, Exam.graded_run > 0)
    with walk.hall.acting():
        exams.release(exam_id)


def answer_paper(page: Page, title: str, *letters: str) -> None:
    """Enter an exam from the home page, answer by letters, hand in."""
    page.locator(".task").filter(has_text=title).get_by_role("link", name="进入考试").click()
    page.get_by_role("button", name="开始答题").click()
    page.wait_for_selector("html.is-ready")
    for number, each in enumerate(letters, start=1):
        for letter in each:
            page.keyboard.press(letter)
        expect(page.locator(f"#q{number}-saved")).to_have_text(re.compile("已保存$"))
        if number < len(letters):
            page.keyboard.press("ArrowRight")
    page.locator("#next").click()
    page.locator("#hand-in-yes").click()
    page.wait_for_url("**/receipt")


def wait_for(walk: Walk, exam_id: int, condition: object) -> None:
    """Wait until the worker has brought an exam as far as that."""

    def is_there() -> bool:
        with walk.hall.acting():
            return (
                db.session.scalar(select(Exam.id).where(Exam.id == exam_id, condition)) == exam_id
            )

    wait_until(is_there, f"the exam is graded\n{walk.hall.log()}", 40)


def learn_from_a_master(walk: Walk) -> MentoringPair:
    """Agree to a pair that the clerk proposes and the chief approves; one item becomes 独立."""
    next_morning(walk)
    with walk.now():
        pair = mentoring.propose(walk.browse, walk.app)
        mentoring.do(walk.browse, "clerk", pair, "submit")
        mentoring.do(walk.browse, "mentor", pair, "agree-master")
    walk.page.goto(f"{mentoring.pair_url(pair)}/agree-apprentice")
    walk.press("徒弟同意")
    with walk.now():
        mentoring.do(walk.browse, "chief", pair, "approve")
        mentoring.sign_solo(walk.browse, pair)
        mentoring.assess(walk.browse, pair)
    return mentoring.latest(walk.app)


def next_morning(walk: Walk) -> None:
    """Let the next workday begin."""
    with walk.hall.acting():
        day = workdays.get_calendar().next_workday(clock.today())
    walk.go_to(day, time(9, 10))


def read_the_rule(walk: Walk) -> None:
    """Confirm what is to be read at this post."""
    today = clock.local(walk.hall.now()).date().isoformat()
    with walk.now():
        regulations.make_rule(walk.browse, name=RULE, effective_on=today)
        version = regulations.latest(walk.app)
        with walk.app.app_context():
            post = db.session.scalars(select(Post.id).where(Post.name == "专业窗口")).one()
        regulations.list_for(walk.browse, walk.app, version.regulation_id, post)
    walk.page.goto(f"/regulations/mine/{version.id}")
    walk.page.locator("#confirm-form input[type=checkbox]").check()
    walk.press("确认")


def attend_the_class(walk: Walk, day: date) -> None:
    """Sign in with the code on the wall, and sit the class's test with one of two right."""
    with walk.now():
        with walk.hall.acting():
            bank = [exams.add_question(**each) for each in (exams.BANK[0], exams.BANK[2])]
        url = training.new_class(walk.browse, title=CLASS, day=day.isoformat(), act="keep")
        clerk = walk.browse("clerk")
        clerk.submit(clerk.get(url), form=f'form[action="{url}/test"]')
        exam_id = training.publish_test(walk.app, url, bank)
        training.do(walk.browse, "clerk", url, "submit")
        training.announce(walk.browse, url)
        training.book(walk.browse, url, walk.me)
    walk.go_to(day, time(15, 25))
    with walk.hall.acting():
        digits = sign_ins.current_code(training.class_at(url)).digits
    walk.page.goto(f"{url}/sign-in")
    walk.fill({"签到码": digits})
    walk.press("签到")
    walk.go_to(day, time(16, 31))
    with walk.now():
        training.do(walk.browse, "clerk", url, "hold")
    walk.page.goto("/")
    answer_paper(walk.page, CLASS, "a", "a")
    wait_for(walk, exam_id, Exam.released_at.is_not(None))


def have_a_promise_and_a_finding(walk: Walk) -> None:
    """The window's promise becomes public; a round finds it closed without a sign, and it is mended."""
    windows = inspections.furnish()
    with walk.hall.acting():
        commitments.publish(windows["A01"])
        round_id, _ = inspections.begin(windows)
        finding_id = inspections.find(
            round_id, windows["A01"], code="paused", track=Track.ORDER, with_photo=True
        )
        inspections.finish(round_id)
        order_id = db.session.get_one(Finding, finding_id).order_id
        rectifications.move(order_id, "sign", "chief")
        rectifications.move(order_id, "receive", "lead")
        rectifications.add_photo(order_id)
        rectifications.reply(order_id)
        rectifications.move(order_id, "pass", windows["third"])
        rectifications.move(order_id, "close", "chief")
    walk.page.goto("/public/commitments")
    walk.page.get_by_role("link", name=cast.DEPARTMENTS[0]).first.click()
    expect(walk.page.locator("section.sheet").first).to_contain_text("分钟内完成收件")


def have_an_idea(walk: Walk) -> None:
    """Propose something; it is adopted, carried out and verified."""
    walk.page.goto("/suggestions/ideas/new")
    walk.fill(
        {"标题": TITLE, "现在有什么问题": suggestions.IDEA["problem"],
         "建议怎么改": suggestions.IDEA["proposal"]}
    )  # fmt: skip
    walk.press("提交")
    url = re.sub(r"^https?://[^/]+", "", walk.page.url)
    with walk.now():
        suggestions.accept(walk.browse, "office", url)
        suggestions.answer(walk.browse, url)
        order = suggestions.latest(walk.app, suggestions.ImprovementOrder)
        suggestions.issue(walk.browse, order)
        finish = clock.today() + timedelta(days=9)
        suggestions.take_on(walk.browse, order, finish_on=finish.isoformat())
        suggestions.carry_out(walk.browse, order)
        suggestions.do(walk.browse, "office", order, "verify", reason="现场看过。")
    walk.page.goto(url)
    expect(walk.page.locator("main")).to_contain_text("采纳")


def keep_the_month(walk: Walk, pair: MentoringPair) -> None:
    """Write the month's record; the master confirms it."""
    with walk.hall.acting():
        url = f"/mentoring/records/{records.list_records(pair.id)[0].public_id}"
    walk.page.goto(f"{url}/write")
    for name, text in {**mentoring.WORDS, "taught": TAUGHT}.items():
        walk.page.locator(f"#{name}").fill(text)
    walk.press("送对方确认")
    with walk.now():
        mentor = walk.browse("mentor")
        mentor.submit(mentor.get(f"{url}/confirm"), form="main form[method=post]")
    walk.page.goto(mentoring.pair_url(pair))
    expect(walk.page.locator("main")).to_contain_text("双方已确认")


# ---------- after the quarter


def collect(walk: Walk, scheme_id: int) -> None:
    """The office collects the quarter by the worker and begins the preview."""
    with walk.now():
        office = walk.browse("office")
        url = f"/assessment/schemes/{scheme_id}"
        office.submit(office.get(url), form='form[action$="/cycle"]')

    def is_frozen() -> bool:
        with walk.hall.acting():
            return db.session.scalars(select(AssessmentCycle.frozen_at)).one() is not None

    wait_until(is_frozen, f"the quarter is collected\n{walk.hall.log()}", 40)
    with walk.hall.acting():
        cycle_id = db.session.scalars(select(AssessmentCycle.id)).one()
        assessment.move(cycle_id, "preview", "office")


# The rule of each row that this quarter must have, and what the record behind it shows.
BEHIND = {
    "exams.mark": (EXAM, "20分"),
    "training.post_test": (CLASS, "训后测试", "10分"),
    "mentoring.items": ("席慕云带单知远", "双方已确认", TAUGHT),
    "regulations.reading": (RULE, "按期确认"),
    "inspections.check": ("A01", "暂停服务"),
    "inspections.finding": ("暂停服务未摆牌", "整改通知单"),
    "suggestions.adopted": (TITLE, "采纳"),
    "commitments.published": ("15分钟内完成收件",),
}


def click_every_point(walk: Walk) -> str:
    """Come to the portrait from the notice, open each row, and from it the record; gives its address."""
    page = walk.page
    page.goto("/assessment/portraits")
    page.locator("main a.row-link").first.click()
    expect(page.locator("h1")).to_contain_text("考核画像")
    url = page.url
    rules = rules_by_place(walk)
    rows = page.locator('main a[href*="/rows/"]').evaluate_all("all => all.map(a => a.href)")
    assert len(rows) == len(rules)
    assert set(rules.values()) == set(BEHIND)
    for row in rows:
        page.goto(url)
        page.locator(f'main a[href="{re.sub(r"^https?://[^/]+", "", row)}"]').click()
        expect(page.locator("h1")).to_be_visible()
        page.get_by_role("link", name="打开原始记录").click()
        page.wait_for_url(lambda here: "/assessment/" not in here)
        for words in BEHIND[rules[int(row.rpartition("/")[2])]]:
            expect(page.locator("main")).to_contain_text(words)
    return url


def rules_by_place(walk: Walk) -> dict[int, str]:
    """Give which rule each row of the portrait was made by."""
    return {each.place: each.rule for each in assessment.rows_of("staff")}


def follow_the_department(walk: Walk) -> None:
    """The department's sheet leads to the promise, the order and the 建议单 of this quarter."""
    with walk.now():
        office = walk.browse("office")
        cycle = assessment.cycle()
        sheets = office.get(f"/assessment/cycles/{cycle.id}/sheets")
        sheet = next(each for each in sheets.links() if re.search(r"/sheets/\d+$", each))
        records = office.get(sheet).all("td.fact a")
        found = {each.text[:60]: office.get(each.get("href")).text for each in records}
    text = " ".join(found)
    for said in ("承诺公示牌第1版公开", "按期改好", "按期落实"):
        assert said in text, text
    assert any("15分钟内完成收件" in each for each in found.values())


def object_to_the_finding(walk: Walk, url: str, open_window: Callable[..., Page]) -> None:
    """Object to what was found; somebody without a hand in the portrait finds him right."""
    page, rules = walk.page, rules_by_place(walk)
    place = next(key for key, rule in rules.items() if rule == "inspections.finding")
    page.goto(f"{url}/rows/{place}")
    page.get_by_role("link", name="对这一条提出异议").click()
    page.locator("#objection-form input[type=radio]").first.check()
    page.locator("#objection-form textarea").fill(OBJECTION)
    walk.press("提出异议")
    address = page.url
    with walk.hall.acting():
        chief = open_window(cast.person_id("chief"))
    chief.goto(address)
    expect(chief.locator("main")).to_contain_text(OBJECTION)
    chief.locator("section.flow").get_by_role("link", name="异议成立", exact=True).click()
    chief.locator("main textarea").first.fill(ANSWERED)
    with chief.expect_navigation():
        chief.locator("main").get_by_role("button", name="异议成立", exact=True).click()
    page.goto(url)
    expect(page.locator("main")).to_contain_text("第2版")
    expect(page.locator("main")).to_contain_text("异议成立")


def print_portrait(walk: Walk, url: str) -> str:
    """Print the portrait: two pages; gives their text without blanks."""
    page = walk.page
    page.goto(url)
    walk.press("打印个人考核画像")
    link = page.get_by_role("link", name=re.compile("打开.*考核画像"))
    expect(link).to_be_visible(timeout=FOLLOWED_WITHIN_MS)
    answer = page.request.get(link.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.body())
    pages = [each.get_textpage().get_text_bounded() for each in document]
    document.close()
    assert len(pages) == 2
    return "".join("".join(pages).split())
