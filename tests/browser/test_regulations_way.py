"""A rule in the browser only, in a hall that has none: pasted and split into articles, approved,
renewed as a second version, put on the must-read list of a post and confirmed there on a phone; a
廉政风险点 and a question cite its article, and what was typed stands in PDF and Excel.
"""

import re
import subprocess
from datetime import timedelta

from playwright.sync_api import Page, expect

from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import clock, db
from app.kernel.permissions import Role
from app.kernel.sheets_in import read_sheet
from tests.support import cast
from tests.support.chromium import DESK, PHONE

RULE, POST = "上门服务规范（走查）", "上门服务专员"
FIRST = "总则在前。\n第一条　上门服务由两人同行。\n第二条　当场出具受理凭证。"
SECOND = FIRST.replace("当场出具", "离开以前当场出具")
NOTE = "写明在离开以前出具。"
SHOWS, MEASURES = "以上门为由收取跑腿费", "两人同行，事后电话回访一成"
STEM = "上门服务应当几个人同行？"
CITED = f"《{RULE}》第一条（第2版）"


def test_from_a_pasted_text_to_the_list_of_risks(hall, new_person, open_window, guard):
    clerk_id = new_person(Role.CLERK).person_id
    clerk = open_window(clerk_id, DESK)
    chief = open_window(new_person(Role.SECTION_CHIEF).person_id, DESK)
    reader = add_reader(hall)
    with hall.acting():
        today = clock.today()
    decide(chief, draft(clerk, today - timedelta(days=30)))
    version = renew(clerk, today)
    decide(chief, version)
    chief.get_by_role("link", name="和上一版比较").click()
    expect(chief.locator("main ins")).to_contain_text("离开以前")
    ask_to_read(clerk)
    confirm(open_window(reader, PHONE))
    risk = add_risk(clerk, today + timedelta(days=90))
    decide(chief, risk)
    cite_in_a_question(clerk)
    text = print_paper(clerk, version, "制度文本")
    for word in ("第2版", *SECOND.split("\n")):
        assert "".join(word.split()) in text, word
    clerk.goto("/regulations/risks")
    clerk.get_by_role("link", name=POST, exact=True).first.click()
    sheet = print_paper(clerk, "", "清单", "岗位廉政风险点清单")
    # The name of the article stands in two lines of its cell.
    for word in (POST, SHOWS, MEASURES, f"《{RULE}》第", "一条（第2版）"):
        assert word in sheet, word
    answer = clerk.context.request.get("/regulations/readings/export")
    rows = read_sheet(answer.body(), 2000).rows
    [row] = [each for each in rows if "巡访员" in map(str, each)]
    assert "1／1" in [str(each) for each in row]


def add_reader(hall) -> int:
    """Add somebody whose post has no list yet."""
    with hall.acting(), db.write():
        return accounts.add_person(
            staff_number="SY7201",
            name="巡访员",
            department_id=cast.department_ids()[1],
            post=POST,
            password_hash=db.session.query(Account).first().password_hash,
            roles=[Role.STAFF],
            joined_on=cast.JOINED_ON,
        )


def draft(page: Page, effective_on) -> str:
    """Paste a rule, look at its articles, and send it on; gives the address of its version."""
    page.goto("/regulations")
    page.locator("main").get_by_role("link", name=re.compile("起草")).first.click()
    page.get_by_label("名称").fill(RULE)
    page.get_by_label("生效日").fill(effective_on.isoformat())
    page.locator("#text").fill(FIRST)
    press(page, "预览分条")
    expect(page.locator("#preview")).to_contain_text("2条")
    press(page, "保存草案")
    press(page, "送审")
    return path_of(page)


def renew(page: Page, effective_on) -> str:
    """Draft the second version from the words of the first."""
    page.get_by_role("link", name="看各版").click()
    page.get_by_role("link", name="起草新的一版").click()
    expect(page.locator("#text")).to_have_value(re.compile("第二条"))
    page.get_by_label("生效日").fill(effective_on.isoformat())
    page.get_by_label("修订说明").fill(NOTE)
    page.locator("#text").fill(SECOND)
    press(page, "保存草案")
    press(page, "送审")
    return path_of(page)


def decide(page: Page, address: str) -> None:
    """Approve what waits."""
    page.goto(address)
    page.locator("section.flow").get_by_role("link", name="批准", exact=True).click()
    press(page, "批准")
    expect(page.locator("p.flow-state")).not_to_contain_text("待审核")


def ask_to_read(page: Page) -> None:
    """Put the rule on the list of the post."""
    page.goto("/regulations/readings")
    page.get_by_role("link", name="必读清单").first.click()
    page.get_by_role("link", name="列入制度").click()
    page.get_by_label("制度", exact=True).select_option(label=RULE)
    page.get_by_label("岗位").select_option(label=POST)
    page.get_by_label("期限").fill("5")
    press(page, "列入")
    expect(page.locator("#item-list")).to_contain_text(POST)


def confirm(page: Page) -> None:
    """Read it on the phone, from the home page, and confirm: the tick is needed."""
    page.goto("/")
    page.locator("main").get_by_role("link", name=re.compile("份必读制度待确认")).click()
    page.get_by_role("link", name="去阅读").click()
    expect(page.locator("main")).to_contain_text("离开以前当场出具")
    no_sideways(page)
    page.get_by_label("我已阅读并理解").check()
    press(page, "确认")
    expect(page.locator("main")).to_contain_text("必读的制度都确认过了")
    no_sideways(page)


def add_risk(page: Page, review_on) -> str:
    """Write a risk point that rests on an article of the rule; gives its address."""
    page.goto("/regulations/risks/new")
    page.get_by_label("岗位").select_option(label=POST)
    page.get_by_label("受理", exact=True).check()
    page.get_by_label("风险表现").fill(SHOWS)
    page.get_by_label("高", exact=True).check()
    page.get_by_label("防控措施").fill(MEASURES)
    page.get_by_label("责任人工号").fill("SY004")
    choose_article(page)
    page.get_by_label("复核日").fill(review_on.isoformat())
    press(page, "保存并送审")
    return path_of(page)


def choose_article(page: Page) -> None:
    """Choose the first article of the rule as it is now."""
    article = page.locator(f"#article_id optgroup[label^='{RULE}'] option").first
    page.locator("#article_id").select_option(article.get_attribute("value"))


def cite_in_a_question(page: Page) -> None:
    """Write a question that cites the same article, and open it from there."""
    page.goto("/questions/new")
    page.locator("#stem").fill(STEM)
    page.locator("#options").fill("一人\n两人")
    page.locator("#key").fill("B")
    choose_article(page)
    press(page, "保存")
    page.goto("/questions")
    page.get_by_role("link", name=re.compile(STEM)).first.click()
    expect(page.locator("main")).to_contain_text(CITED)
    page.locator("main a[href*='/regulations/articles/']").first.click()
    expect(page.locator("main")).to_contain_text("上门服务由两人同行。")


def print_paper(page: Page, address: str, title: str, whole: str = "") -> str:
    """Print a paper and give the text of the PDF."""
    if address:
        page.goto(address)
    press(page, f"打印{title}")
    link = page.locator("main").get_by_role("link", name=f"打开{whole or title}")
    link.wait_for(timeout=30_000)
    answer = page.context.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"] == "application/pdf"
    command = ["pdftotext", "-", "-"]
    text = subprocess.run(command, input=answer.body(), capture_output=True, check=True).stdout
    return "".join(text.decode().split())


def path_of(page: Page) -> str:
    """Give where a page is."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def press(page: Page, name: str) -> None:
    """Press a button that leads to the next page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        if page.locator("#confirm-yes").is_visible():
            page.locator("#confirm-yes").click()


def no_sideways(page: Page) -> None:
    """The page fits its width."""
    root = "document.documentElement"
    assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth")
