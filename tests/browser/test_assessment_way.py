"""A quarter's assessment in the browser alone, in a hall that has none: 细则, 采集, 预览, 异议, 公布, papers.

The clerk drafts and a leader locks it before the quarter; the office collects and opens the preview; the
department's lead writes, the person objects on his phone to one row, a chief who wrote nothing decides; version 2
is approved, released and printed. What was typed stands in 画像, 反馈函 and 考核表. The rounds are factories' work:
how they are made is walked in the other ways.
"""

import re
import subprocess
from datetime import datetime, time, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.accounts.models import Account
from app.assessment.periods import following, name_of, quarter_of, span_of
from app.inspections.models import Track
from app.kernel import clock, db
from tests.assessment import factories
from tests.inspections import factories as inspections
from tests.support import cast, inside
from tests.support.chromium import DESK, PHONE
from tests.support.server import make_hall, make_template

NO_ICON = r"status of 404 .*/favicon.ico"
COMMENT, OPINION = "讲解耐心，交班时漏摆过一次牌", "以监控为准"
OWN, REASON = "其余各条无异议", "当时在取号机旁引导老人，值班长知道"
FOUND = "调看监控，当时在引导老人"


@pytest.fixture
def hall(tmp_path):
    """A hall of its own: nobody else's clock is moved by half a year."""
    made = make_hall(make_template(tmp_path / "template"), tmp_path / "var", web_processes=1)
    inside.use(made.app)
    made.start()
    yield made
    made.stop()


def go_to(hall, day, hour=10):
    """Move the hall's clock to a day; nobody's password is too old then."""
    moment = clock.from_local(datetime.combine(day, time(hour)))
    hall.move_clock(seconds=(moment - hall.now()).total_seconds())
    with hall.acting(), db.write():
        db.session.execute(update(Account).values(password_set_at=clock.now()))


def test_from_an_empty_hall_to_the_portrait_and_the_letter(hall, open_window, guard):
    guard.expect(NO_ICON, r"422")

    def window(who, size=DESK):
        return open_window(inside.run(lambda: cast.person_id(who)), size)

    factories.employ("other", "dispatched")
    year, quarter = following(*quarter_of(clock.local(hall.now()).date()))
    name, span = name_of(year, quarter), span_of(year, quarter)
    scheme = make_scheme(window("clerk"), name)
    lock(window("leader"), scheme)
    go_to(hall, first_weekday(span.first + timedelta(days=30)))
    happen(hall)
    go_to(hall, first_weekday(span.last + timedelta(days=8)))
    cycle = collect(window("office"), scheme)
    portrait = write_as_lead(window("lead"), cycle)
    objection = object_to_one(window("staff", PHONE), name)
    too_early(window("leader"), cycle)
    decide(window("chief"), objection)
    go_to(hall, first_weekday(span.last + timedelta(days=20)), 11)
    leader = window("leader")
    act(leader, cycle, "审定")
    office = window("office")
    act(office, cycle, "公布")
    expect(office.locator("p.flow-state")).to_contain_text("已公布")
    staff = window("staff", PHONE)
    staff.goto(portrait)
    no_sideways(staff)
    expect(staff.locator("main")).to_contain_text("第2版")
    said = print_paper(staff, "打印个人考核画像", "打开个人考核画像")
    for word in (
        name, "单知远", "SY001", "规范履职", "无数据，权重已分摊", "100.0", "已更正", "暂停服务未摆牌",
        COMMENT, OPINION, OWN, "柏长青", "第2版", "不作为法定年度考核等次", "首次提醒免扣"[-2:],
    ):  # fmt: skip
        assert word in said, word
    other = window("other", PHONE)
    other.goto("/assessment/portraits")
    other.locator("main").get_by_role("link", name=name).click()
    said = print_paper(other, "打印考核情况反馈函", "打开考核情况反馈函")
    assert "梁静怡" in said
    assert "权重" not in said
    lead = window("lead")
    lead.goto(cycle)
    lead.get_by_role("link", name="部门考核表").click()
    lead.locator("tbody").get_by_role("link").first.click()
    said = print_paper(lead, "打印部门考核表", "打开部门考核表")
    assert cast.DEPARTMENTS[0] in said
    assert "单知远" not in said


def first_weekday(day):
    """Give the day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def make_scheme(page: Page, name: str) -> str:
    """Draft a scheme of two dimensions, first with weights that are not whole; gives its address."""
    page.goto("/assessment/schemes")
    page.get_by_role("link", name=re.compile("起草")).first.click()
    page.get_by_label("考核期").select_option(label=name)
    page.locator("main").get_by_role("button").first.click()
    form = page.locator("#scheme-form")
    for number in range(1, 9):
        for part in ("name", "weight"):
            form.locator(f"[name={part}_{number}]").fill("")
    for select in form.locator("select[name$='__in']").all():
        select.select_option("0")
    fill(page, name_1="规范履职", weight_1="60", name_2="月度考试", weight_2="30")
    choose(page, inspections__finding__in="2", exams__mark__in="3")
    press(page, "保存")
    expect(page.locator("main")).to_contain_text("各维度权重相加是90")
    page.get_by_role("link", name="修改").click()
    fill(page, weight_1="70")
    press(page, "保存")
    address = page.url
    press(page, "送审")
    expect(page.locator("p.flow-state")).to_contain_text("待审定")
    return address


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"#scheme-form [name={name}]").fill(value)


def choose(page: Page, **values: str) -> None:
    """Count rules in dimensions by their number; the first choice is none, the second beside them."""
    for name, value in values.items():
        page.locator(f"#scheme-form select[name={name}]").select_option(index=int(value) - 1)


def lock(page: Page, scheme: str) -> None:
    """Approve from 待办."""
    page.goto("/inbox")
    expect(page.locator("main")).to_contain_text("考核细则")
    act(page, scheme, "审定")
    expect(page.locator("p.flow-state")).to_contain_text("已锁定")


def happen(hall) -> None:
    """Let a round find two things at the window of `staff`."""
    with hall.acting():
        found = inspections.furnish()
        round_id, _ = inspections.begin(found)
        for code in ("dress", "paused"):
            inspections.find(round_id, found["A01"], code=code, track=Track.REMINDER)
        inspections.finish(round_id)


def collect(page: Page, scheme: str) -> str:
    """Open the quarter, wait for the worker, begin the preview; gives the address."""
    page.goto(scheme)
    press(page, "开始采集")
    page.get_by_role("link", name="打开季度考核").click(timeout=60_000)
    address = page.url
    act(page, address, "开始预览")
    expect(page.locator("p.flow-state")).to_contain_text("预览中")
    return address


def write_as_lead(page: Page, cycle: str) -> str:
    """Write 评语 and 科室意见 as the department's lead; gives the portrait's address."""
    page.goto(cycle)
    page.get_by_role("link", name="考核画像", exact=True).click()
    page.get_by_role("link", name="单知远").click()
    address = page.url
    page.get_by_role("link", name="写评语").click()
    page.get_by_label("评语").fill(COMMENT)
    press(page, "保存")
    page.get_by_role("link", name="写科室意见").click()
    page.get_by_label("同意上述汇总").check()
    page.get_by_label("说明").fill(OPINION)
    press(page, "保存")
    expect(page.locator("main")).to_contain_text(COMMENT)
    return address


def object_to_one(page: Page, name: str) -> str:
    """Find the portrait from the notice, open the fault and its record, object; gives the address."""
    page.goto("/notices")
    expect(page.locator("main")).to_contain_text(f"{name}的考核情况可以预览了")
    page.goto("/assessment/portraits")
    page.locator("main").get_by_role("link", name=name).click()
    portrait = page.url
    page.get_by_role("link", name="写本人意见").click()
    page.get_by_label("本人意见").fill(OWN)
    press(page, "保存")
    page.get_by_role("link", name=re.compile("暂停服务未摆牌")).click()
    row = page.url
    page.get_by_role("link", name="打开原始记录").click()
    expect(page.locator("main")).to_contain_text("暂停服务未摆牌")
    no_sideways(page)
    page.goto(row)
    page.get_by_role("link", name="对这一条提出异议").click()
    page.get_by_label("理由").fill(REASON)
    press(page, "提出异议")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.get_by_label("理由")).to_have_value(REASON)
    page.get_by_label("事实不对").check()
    press(page, "提出异议")
    objection = page.url
    page.goto(portrait)
    expect(page.locator("main")).to_contain_text("异议待答复")
    no_sideways(page)
    return objection


def too_early(page: Page, cycle: str) -> None:
    """While an objection is open nothing is approved."""
    act(page, cycle, "审定")
    expect(page.locator("main")).to_contain_text("还有1条异议")


def decide(page: Page, objection: str) -> None:
    """Decide from 待办 as somebody who had no hand in the portrait."""
    page.goto("/inbox")
    expect(page.locator("main")).to_contain_text("考核异议")
    page.goto(objection)
    page.locator("section.flow").get_by_role("link", name="异议成立", exact=True).click()
    expect(page.locator("main")).to_contain_text(REASON)
    page.get_by_label("查明的情况").fill(FOUND)
    press(page, "异议成立")
    expect(page.locator("p.flow-state")).to_contain_text("成立")


def act(page: Page, address: str, name: str) -> None:
    """Make a move from a record's page: by its link and the button of its own page."""
    page.goto(address)
    page.locator("section.flow").get_by_role("link", name=name, exact=True).click()
    press(page, name)


def press(page: Page, name: str) -> None:
    """Press a button that leads to the next page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        if page.locator("#confirm-yes").is_visible():
            page.locator("#confirm-yes").click()


def print_paper(page: Page, button: str, link: str) -> str:
    """Order a paper, wait for it, and give its text without blanks."""
    page.get_by_role("button", name=button).click()
    opened = page.get_by_role("link", name=link)
    expect(opened).to_be_visible(timeout=60_000)
    answer = page.request.get(opened.get_attribute("href") or "")
    assert answer.headers["content-type"] == "application/pdf"
    command = ["pdftotext", "-", "-"]
    printed = subprocess.run(command, input=answer.body(), capture_output=True, check=True)
    return "".join(printed.stdout.decode().split())


def no_sideways(page: Page) -> None:
    """The page fits its width."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
