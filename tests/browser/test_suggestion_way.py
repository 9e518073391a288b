"""The whole way of an opinion, from an empty hall, on the office PC and on a phone's screen.

Somebody without an account sends it; it is taken in, answered, becomes a 建议单 that is signed,
carried out with evidence, verified and visited twice; he follows it by his code and rates the
answer. What everybody typed is found again in the text of the printed 建议单.
"""

import io
import re
from collections.abc import Callable, Iterator

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Account
from app.kernel import db
from app.kernel.permissions import Role
from tests.support import cast
from tests.support.chromium import DESK, PHONE
from tests.support.server import Hall, make_hall, make_template, wait_until

SIZES = pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
# Longer than what a public form asks for at least.
READING_MS = 3500
OPINION = "东门取号机没有人引导，老人排错队要重排。"
TYPED = {
    "核实的情况": "现场看了三天，九点以后最挤。",
    "答复意见": "采纳，安排引导岗。",
    "建议单的事由": "取号机旁安排引导",
    "建议单上的问题": "取号机旁没有引导，九点以后每天有二十人取错号。",
    "建议单上的原因": "没有排引导岗。",
    "建议单的改进要求": "高峰时段设引导岗，取错号就地改号。",
}
ORDER = {"指标": "平均等候时间", "现值": "26分钟", "目标值": "15分钟"}
FEEDBACK = {"措施": "两名导服轮流引导。", "责任人": "葛书宁", "完成日": "2027-01-08"}
RESULT = "引导岗已到位，流程图已贴。"
CHECKED = "现场看过两次，引导岗在岗。"
SAID, SAID_AGAIN = "现在有人教了。", "又去过一次，没有等。"
CODE = re.compile(r"[2-9A-Z]{4}(-[2-9A-Z]{4}){3}")


@pytest.fixture
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """Give a hall of its own: months pass here."""
    folder = tmp_path_factory.mktemp("way")
    hall = make_hall(make_template(folder / "template"), folder / "var")
    hall.start()
    yield hall
    hall.stop()


@pytest.fixture
def enter(hall: Hall, open_window: Callable[..., Page], size) -> Callable[[str], Page]:
    """Open a window of a member of the cast; `second` is another 投诉反馈专员."""

    def make(who: str) -> Page:
        with hall.acting():
            person_id = add_second() if who == "second" else cast.person_id(who)
        return open_window(person_id, size)

    return make


def add_second() -> int:
    """Add a second 投诉反馈专员."""
    with db.write():
        return accounts.add_person(
            staff_number="SY021",
            name="纪云舒",
            department_id=cast.department_ids()[1],
            post="后台",
            password_hash=db.session.scalars(select(Account.password_hash)).first() or "",
            roles=[Role.FEEDBACK_OFFICER],
            joined_on=cast.JOINED_ON,
        )


def fill(page: Page, values: dict[str, str]) -> None:
    """Write into fields by their labels."""
    for label, text in values.items():
        page.get_by_label(label).first.fill(text)


def press(page: Page, name: str) -> None:
    """Press the button of that name, and see that nothing was refused."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator(".error-summary")).to_have_count(0)


def step(page: Page, name: str) -> None:
    """Go to the page of a move."""
    page.locator(".flow").get_by_role("link", name=name, exact=True).click()


def open_order(page: Page) -> None:
    """Open the only 建议单 from the list."""
    page.goto("/suggestions/orders")
    page.locator("a.row-link").first.click()
    expect(page.locator("h1")).to_be_visible()


@SIZES
def test_an_opinion_from_the_first_word_to_the_second_visit(hall, open_window, enter, size, guard):
    guard.expect(r"status of 404 .*/favicon.ico")
    anybody = open_window(None, size)
    code = send(anybody)
    take_in(enter("officer"))
    reply(enter("chief"))
    follow_and_rate(anybody, code)
    sign(enter("clerk"), enter("leader"))
    carry_out(enter("lead"))
    verify(enter("office"))
    visit(enter("officer"), "登记回访", SAID)
    hall.move_clock(days=62)
    visit(enter("second"), "登记二次回访", SAID_AGAIN)
    text = print_order(hall, enter("clerk"))
    for typed in (
        *list(TYPED.values())[2:], *ORDER.values(), FEEDBACK["措施"],
        "葛书宁", RESULT, CHECKED, SAID, SAID_AGAIN, "纪云舒", "优建20",
    ):  # fmt: skip
        assert typed in text, typed


def send(page: Page) -> str:
    """Send an opinion as anybody; gives the code that is shown."""
    page.goto("/public/suggestions/new")
    expect(page.locator("main")).to_contain_text("本栏不受理检举控告")
    fill(page, {"你的意见建议": OPINION})
    page.wait_for_timeout(READING_MS)
    press(page, "提交")
    code = page.locator("#code").inner_text()
    assert CODE.fullmatch(code)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    return code


def take_in(page: Page) -> None:
    """Find it in 待办 and take it in."""
    page.goto("/inbox")
    page.locator("main a", has_text="直通车").first.click()
    step(page, "受理")
    page.get_by_label("转给哪个部门的事").select_option(label="不动产登记中心")
    press(page, "受理")


def reply(page: Page) -> None:
    """Answer it: 采纳."""
    page.goto("/suggestions/ideas")
    page.locator("a.row-link").first.click()
    step(page, "答复")
    page.get_by_label("采纳", exact=True).check()
    fill(page, TYPED)
    press(page, "答复")
    expect(page.get_by_role("link", name="看建议单")).to_be_visible()


def follow_and_rate(page: Page, code: str) -> None:
    """Read the answer by the code, and rate it."""
    page.goto("/public/suggestions/follow")
    page.get_by_label("查询码").fill(code.lower())
    press(page, "查询")
    expect(page.locator("main")).to_contain_text(TYPED["答复意见"])
    page.get_by_label("满意", exact=True).check()
    press(page, "评价")
    expect(page.locator("main")).to_contain_text("谢谢你的评价")


def sign(clerk: Page, leader: Page) -> None:
    """Complete the draft, send it, sign it."""
    open_order(clerk)
    clerk.get_by_role("link", name="修改", exact=True).click()
    fill(clerk, ORDER)
    press(clerk, "保存")
    press(clerk, "送签")
    open_order(leader)
    step(leader, "签发")
    press(leader, "签发")
    expect(leader.locator("main")).to_contain_text("待签收")


def carry_out(page: Page) -> None:
    """Receive it, say what will be done, show that it was done."""
    open_order(page)
    press(page, "签收")
    step(page, "承办反馈：采纳")
    page.get_by_label("采纳", exact=True).check()
    fill(page, FEEDBACK)
    press(page, "提交反馈")
    page.get_by_role("link", name="上传佐证").click()
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 130, 110)).save(buffer, "PNG")
    given = {"name": "现场.png", "mimeType": "image/png", "buffer": buffer.getvalue()}
    page.locator("input[type=file]").set_input_files(given)
    page.get_by_label(re.compile("我已核对")).check()
    press(page, "上传")
    expect(page.locator("img.evidence")).to_be_visible()
    step(page, "报核验")
    fill(page, {"落实情况": RESULT})
    press(page, "报核验")


def verify(page: Page) -> None:
    """Check what was done."""
    open_order(page)
    step(page, "核验通过")
    fill(page, {"核验情况": CHECKED})
    press(page, "核验通过")


def visit(page: Page, name: str, said: str) -> None:
    """Ask the sender."""
    open_order(page)
    step(page, name)
    page.get_by_label("电话", exact=True).check()
    page.get_by_label("已解决，满意").check()
    fill(page, {"对方的原话": said})
    press(page, "登记")


def print_order(hall: Hall, page: Page) -> str:
    """Print the 建议单; gives its text."""
    open_order(page)
    expect(page.locator("main")).to_contain_text("已办结")
    press(page, "打印建议单")
    link = page.get_by_role("link", name="打开优化工作建议单")
    wait_until(lambda: link.count() == 1, f"it is printed\n{hall.log()}", 60)
    answered = page.request.get(link.get_attribute("href") or "")
    assert answered.status == 200
    document = pypdfium2.PdfDocument(answered.body())
    pages = [each.get_textpage().get_text_bounded() for each in document]
    document.close()
    return "".join("".join(pages).split())
