"""A pair in the browser only, in a hall that has none: the clerk finds the newcomer on a list of
masters with their reasons, the two agree and keep their records on the phone, others approve and
assess at their desks; 出师 authorises the apprentice, and what was typed stands in both papers.
Another pair ends early: two clicks, a neutral reason, and nobody is blamed.
"""

import re
import subprocess
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.accounts.models import Account
from app.accounts.roster.models import ServiceItem
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.mentoring import plans
from tests.browser.conftest import Somebody
from tests.mentoring import world
from tests.support import cast
from tests.support.chromium import DESK, PHONE

GOALS = "一个月内独立受理预告登记，一次讲清材料。"
TAUGHT, LEARNT, NEXT = "跟窗看了五件预告登记。", "材料清单记住了。", "开始陪办。"
ACTION, STANDARD = "独立受理一件预告登记。", "一次告知，录入无差错。"
OPINION, WHY = "办得稳，讲得清。", "徒弟所在窗口年底合并。"
ITEM, CODE = "预告登记受理", "YG-001"
WORDS = {"taught": TAUGHT, "progress": LEARNT, "plan_next": NEXT}
LINES = 5


@dataclass(frozen=True)
class Team:
    """Who takes part."""

    clerk: Somebody
    master: Somebody
    novice: Somebody
    leaver: Somebody
    assessor: Somebody
    chief: Somebody


@pytest.fixture
def team(hall, new_person) -> Team:
    """Give the people of both pairs, two of whom came three weeks ago, and a 事项."""
    with hall.acting(), db.write():
        home = cast.department_ids()[0]
        db.session.add(
            ServiceItem(
                code=CODE, name=ITEM, department_id=home, depth="", is_frequent=False,
                manual_version="",
            )
        )  # fmt: skip
    return Team(
        clerk=new_person(Role.CLERK),
        master=new_person(),
        novice=add_newcomer(hall, "SY7101", "舒望"),
        leaver=add_newcomer(hall, "SY7102", "钟离"),
        assessor=new_person(Role.SECTION_CHIEF),
        chief=new_person(Role.SECTION_CHIEF),
    )


def add_newcomer(hall, number, name) -> Somebody:
    with hall.acting(), db.write():
        person_id = accounts.add_person(
            staff_number=number,
            name=name,
            department_id=cast.department_ids()[0],
            post="综合窗口",
            password_hash=db.session.query(Account).first().password_hash,
            roles=[Role.STAFF],
            joined_on=clock.today() - timedelta(days=21),
        )
    return Somebody(person_id, number, name)


def test_from_the_list_of_masters_to_the_certificate(hall, team, open_window, guard):
    desks = {who: open_window(getattr(team, who).person_id, DESK) for who in
             ("clerk", "assessor", "chief")}  # fmt: skip
    phones = {who: open_window(getattr(team, who).person_id, PHONE) for who in ("master", "novice")}
    with hall.acting():
        begun = clock.today().replace(day=1)
    url = propose(desks["clerk"], team, begun)
    plan(desks["clerk"], url, begun)
    make(desks["clerk"], url, "送师傅、徒弟同意")
    make(phones["master"], url, "师傅同意")
    make(phones["novice"], url, "徒弟同意")
    make(desks["chief"], url, "批准结对")
    for level in ("看", "陪", "独立"):
        sign(phones["master"], url, level)
    keep_month(phones, url)
    assess(desks["assessor"], url)
    make(phones["master"], url, "申请出师考核")
    hold_final(desks["assessor"], url)
    make(desks["chief"], url, "批准出师")
    expect(desks["chief"].locator("p.flow-state")).to_contain_text("已出师")
    phones["novice"].goto(url)
    no_sideways(phones["novice"])
    certificate = print_paper(phones["novice"], "出师证书")
    names = (team.master.name, team.novice.name, f"{ITEM}（{CODE}）")
    for word in (*names, "可以独立办理上述事项"):
        assert word in certificate, word
    archive = print_paper(desks["clerk"], "带教档案", url)
    typed = (GOALS, TAUGHT, LEARNT, NEXT, ACTION, STANDARD, OPINION)
    for word in (*typed, *names, "目录", "双方已确认1个月", "受理责任人是师傅"):
        assert word in archive, word

    end_early(hall, team, open_window, desks["chief"])


def end_early(hall, team: Team, open_window, chief: Page) -> None:
    """Let an apprentice ask for the end of another pair, on his phone; nobody is blamed."""
    with hall.acting():
        pair = world.propose(
            team.master.person_id, team.leaver.person_id, cast.person_id("chief")
        )  # fmt: skip
        item = db.session.query(ServiceItem).filter_by(code=CODE).one()
        wanted = plans.Plan(
            goals=GOALS,
            assessor_id=pair.assessor_id,
            months={item.id: pair.starts_on.replace(day=1)},
        )
        with db.write():
            plans.change_plan(
                pair_id=pair.id, plan=wanted, seen_version=pair.version,
                user=cast.principal("clerk"),
            )  # fmt: skip
        world.running(pair)
        url = f"/mentoring/pairs/{pair.public_id}"
    page = open_window(team.leaver.person_id, PHONE)
    page.goto(url)
    page.locator("section.flow").get_by_role("link", name="提出提前结束").click()
    page.get_by_label("岗位或事项有调整").check()
    page.locator("#note").fill(WHY)
    press(page, "提出")
    make(chief, url, "同意提前结束")
    page.goto(url)
    expect(page.locator("main")).to_contain_text(f"{WHY}不计任何负面记录")
    archive = print_paper(page, "带教档案")
    for word in ("提前结束：岗位或事项有调整", WHY, "不计任何负面记录"):
        assert word in archive, word


def propose(page: Page, team: Team, begun) -> str:
    """Choose the master from the list, by his reasons; gives the address of the pair."""
    page.goto("/mentoring/newcomers")
    page.get_by_role("link", name=team.novice.name, exact=True).click()
    page.wait_for_url("**/candidates**")
    # The hall of all tests has more people than stand on one page.
    page.goto(f"{page.url}?q={team.master.name}")
    row = page.locator("#candidate-list tbody tr").filter(has_text=team.master.name)
    for reason in ("在现岗位", "与徒弟同部门", "上限2名", "今天在岗"):
        expect(row).to_contain_text(reason)
    row.get_by_role("link", name="提出结对").click()
    page.get_by_label("开始日期").fill(begun.isoformat())
    page.get_by_label("期限（月）").fill("3")
    page.get_by_label("目标").fill(GOALS)
    page.get_by_label("考核人").select_option(str(team.assessor.person_id))
    press(page, "提出")
    return re.sub(r"^https?://[^/]+", "", page.url)


def plan(page: Page, url: str, begun) -> None:
    """Put a 事项 into the plan from the 事项目录."""
    page.goto(url)
    page.get_by_role("link", name="改计划").first.click()
    page.get_by_label("新增事项1", exact=True).select_option(label=f"{ITEM}（{CODE}）")
    month = page.get_by_label("新增事项1的计划月")
    month.select_option(label=f"{begun.year}年{begun.month}月")
    press(page, "保存")
    expect(page.locator("#matrix, main")).to_contain_text([ITEM])


def make(page: Page, url: str, label: str) -> None:
    """Make a move from the page of the pair."""
    page.goto(url)
    step = page.locator("section.flow")
    link = step.get_by_role("link", name=label, exact=True)
    if link.count():
        link.click()
    press(page, label)


def sign(page: Page, url: str, level: str) -> None:
    """Sign the next level of the only 事项."""
    page.goto(url)
    press(page, re.compile(f"^签“{level}”"))
    if level == "独立":
        press(page, "签“独立”")
    no_sideways(page)


def keep_month(phones, url: str) -> None:
    """Write this month's record as the master; the apprentice confirms it."""
    page = phones["master"]
    page.goto(url)
    page.locator("main .row-link").first.click()
    page.locator("section.flow").get_by_role("link", name="填写记录").click()
    for name, text in WORDS.items():
        page.locator(f"#{name}").fill(text)
    press(page, "送对方确认")
    other = phones["novice"]
    other.goto("/inbox")
    other.get_by_role("link", name=re.compile("带教记录")).first.click()
    expect(other.locator("main")).to_contain_text(TAUGHT)
    link = other.locator("section.flow").get_by_role("link", name="确认", exact=True)
    if link.count():
        link.click()
    press(other, "确认")
    expect(other.locator("p.flow-state")).to_contain_text("双方已确认")
    no_sideways(other)


def assess(page: Page, url: str) -> None:
    """Look at the 事项 as the assessor."""
    page.goto(url)
    page.locator("main table").get_by_role("link", name=re.compile("^考核")).click()
    page.get_by_label("动作").fill(ACTION)
    page.get_by_label("标准").fill(STANDARD)
    page.get_by_label("合格", exact=True).check()
    press(page, "记下考核")


def hold_final(page: Page, url: str) -> None:
    """Hold the 出师考核."""
    page.goto(url)
    page.locator("section.flow").get_by_role("link", name="出师考核", exact=True).click()
    for place in range(1, LINES + 1):
        page.locator(f"input[name=result_{place}][value=passed]").check()
    page.get_by_label("意见").fill(OPINION)
    press(page, "记下考核")
    expect(page.locator("p.flow-state")).to_contain_text("待批准出师")


def print_paper(page: Page, title: str, url: str = "") -> str:
    """Print a paper and give the text of the PDF."""
    if url:
        page.goto(url)
    press(page, f"打印{title}")
    link = page.locator("main").get_by_role("link", name=f"打开{title}")
    link.wait_for(timeout=30_000)
    answer = page.context.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    command = ["pdftotext", "-", "-"]
    text = subprocess.run(command, input=answer.body(), capture_output=True, check=True).stdout
    return "".join(text.decode().split())


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button that leads to the next page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        if page.locator("#confirm-yes").is_visible():
            page.locator("#confirm-yes").click()


def no_sideways(page: Page) -> None:
    """The page fits its width."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
