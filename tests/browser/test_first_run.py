"""A real hall, from `./manage run` to its first published exam, in the browser only, by one person.

He sets the site up, imports the roster, gives the first roles and prints the slips; then with his
business account he drafts the exam. The chief activates his account by the slip and publishes.
Prints how long each stage took the site and the browser; a person reads and types on top of it.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.kernel import clock
from app.kernel.config import ROOT
from manage_parts.testing import is_of_a_site
from tests.accounts import rosters
from tests.support.chromium import DESK, PHONE, new_context
from tests.support.server import free_port, is_up, wait_until

START_WITHIN_SECONDS = 90
HALL = "清源区政务服务中心"
ME, MY_NUMBER, MY_PASSWORD = "秦望舒", "QY0001", "Quiet-Lantern-26"
LOGIN_NAME, ADMINISTRATOR_PASSWORD = "guanli-01", "Harvest-Window-88"
CHIEF, CHIEF_NUMBER, CHIEF_PASSWORD = "顾晓岚", "QY0002", "Morning-Ledger-31"
# Without these the hall can't be opened: nobody could publish, appoint, or ask for a role.
ROLES = (("业务科室负责人", CHIEF), ("中心领导", CHIEF), ("经办人", "梁静怡"))
QUESTIONS = (
    ("群众来窗口咨询，工作人员首先应当做什么？", "起身问候\n继续整理材料\n让群众等候", "A"),
    ("材料不齐时，窗口应当怎么办？", "一次性告知\n请群众改天再来\n代为填写", "A"),
)


@dataclass
class RealSite:
    """A site that `./manage run` serves, and what it printed at its start."""

    base: str
    code: str


@pytest.fixture
def real_site(tmp_path: Path) -> Iterator[RealSite]:
    """Start the site of a hall that has nothing yet."""
    port, log = free_port(), tmp_path / "run.log"
    kept = {name: value for name, value in os.environ.items() if not is_of_a_site(name)}
    # Without a certificate in front of it, as the deployment page says for a first look.
    environment = kept | {"CLEAN_WINDOW_VAR": str(tmp_path / "var"), "CLEAN_WINDOW_PLAIN_HTTP": "1"}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "manage"), "run", "--port", str(port)],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until(lambda: is_up(port), f"it runs\n{log.read_text()}", START_WITHIN_SECONDS)
        [code] = re.findall(r"启动码：(\w+)", log.read_text())
        yield RealSite(f"http://127.0.0.1:{port}", code)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
        shutil.rmtree(tmp_path / "var", ignore_errors=True)


class Stopwatch:
    """What each stage took."""

    def __init__(self) -> None:
        self.begun = self.last = time.monotonic()
        self.stages: list[tuple[str, float]] = []

    def note(self, stage: str) -> None:
        now = time.monotonic()
        self.stages.append((stage, now - self.last))
        self.last = now

    def report(self) -> str:
        rows = [f"  {stage}　{seconds:.1f}秒" for stage, seconds in self.stages]
        return "\n".join([*rows, f"  合计　{self.last - self.begun:.1f}秒"])


SIZES = [
    pytest.param(DESK, id="desk"),
    pytest.param(
        PHONE, id="phone", marks=pytest.mark.skipif("LONG" not in os.environ, reason="--long")
    ),
]


@pytest.mark.parametrize("size", SIZES)
def test_one_person_brings_a_new_hall_to_its_first_exam(real_site, chrome, guard, size, tmp_path):
    watch = Stopwatch()
    page = open_page(chrome, guard, real_site, size)
    set_up(page, real_site.code)
    watch.note("建立网站")
    check_hall(page)
    watch.note("核对大厅信息")
    import_roster(page, tmp_path)
    watch.note("导入部门和人员")
    give_roles(page)
    watch.note("给出首批角色")
    code = print_slips(page, tmp_path)
    watch.note("打印激活单")
    sign_out(page)
    sign_in(page, MY_NUMBER, MY_PASSWORD)
    expect(page.locator("main")).to_contain_text("首次启用")
    type_questions(page)
    watch.note("录入题目")
    send_for_review(page)
    chief = open_page(chrome, guard, real_site, size)
    activate(chief, code)
    review(chief)
    watch.note("送审、激活、审核题目")
    draft_exam(page)
    watch.note("起草和送审")
    publish(chief)
    watch.note("审核发布")
    sign_out(page)
    sign_in(page, LOGIN_NAME, ADMINISTRATOR_PASSWORD)
    finish(page)
    watch.note("完成首次启用")
    print(f"\n{watch.report()}")


def open_page(chrome: Browser, guard, site: RealSite, size) -> Page:
    context = new_context(chrome, size, base_url=site.base, accept_downloads=True)
    guard.watch(context)
    return context.new_page()


def set_up(page: Page, code: str) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile("/set-up$"))
    fill(page, "启动码", code)
    fill(page, "大厅名称", HALL)
    fill(page, "所在部门", "办公室")
    fill(page, "姓名", ME)
    fill(page, "工号", MY_NUMBER)
    page.locator("#password").fill(MY_PASSWORD)
    page.locator("#repeated").fill(MY_PASSWORD)
    fill(page, "管理员登录名", LOGIN_NAME)
    page.locator("#administrator_password").fill(ADMINISTRATOR_PASSWORD)
    page.locator("#administrator_repeated").fill(ADMINISTRATOR_PASSWORD)
    press(page, "启用")
    expect(page).to_have_url(re.compile("/first-run$"))


def check_hall(page: Page) -> None:
    step(page, "核对大厅信息")
    fill(page, "监督电话", "021-12345678")
    press(page, "保存")


def import_roster(page: Page, folder: Path) -> None:
    """Upload the roster of a small hall; everybody in it is invented."""
    rows = [
        rosters.line(MY_NUMBER, ME, 部门="办公室", 岗位="经办人", 岗位类别="后台"),
        rosters.line(CHIEF_NUMBER, CHIEF, 部门="业务科", 岗位="科长", 岗位类别="后台"),
        rosters.line("QY0101", "沈知远", 部门="不动产登记中心", 窗口="A01"),
        rosters.line("QY0102", "梁静怡", 部门="区税务局", 窗口="B01"),
    ]
    file = folder / "花名册.xlsx"
    file.write_bytes(rosters.book(rows))
    step(page, "导入部门和人员")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("不含", exact=False).check()
    press(page, "上传并比较")
    follow_job(page, "看")
    press(page, "保存选择")
    press(page, "全部导入")
    expect(page.locator("h1")).to_contain_text("已导入")


def give_roles(page: Page) -> None:
    step(page, "给出首批角色")
    for role, who in ROLES:
        page.locator("#role").select_option(label=role)
        fill(page, "给谁", who)
        press(page, "给出")
        expect(page.locator("#given")).to_contain_text(f"{role}　{who}")


def print_slips(page: Page, folder: Path) -> str:
    """Print the slips and give the chief's code."""
    step(page, "打印激活单")
    press(page, "打印", exact=False)
    follow_job(page, "下载激活单")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="下载激活单").click()
    file = folder / "激活单.pdf"
    downloading.value.save_as(file)
    text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
    after = re.sub(r"\s+", "", text).split(CHIEF_NUMBER)[1]
    found = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}", after)
    assert found, text
    return found[0]


def type_questions(page: Page) -> None:
    step(page, "录入题目")
    for place, (stem, options, key) in enumerate(QUESTIONS, start=1):
        fill(page, "题干", stem)
        fill(page, "选项", options)
        fill(page, "答案", key)
        fill(page, "依据", "2023年清廉窗口创建实施方案三（三）8")
        press(page, "保存，再录一题" if place < len(QUESTIONS) else "保存")
        expect(page.locator(".error-summary")).to_have_count(0)


def send_for_review(page: Page) -> None:
    """Tick all questions of the bank and send them."""
    page.goto("/questions")
    for box in page.locator("input[name=question]").all():
        box.check()
    press(page, "送审勾选的题")
    expect(page.locator("h1")).to_contain_text("题目送审单")


def review(page: Page) -> None:
    page.goto("/inbox")
    page.get_by_role("link", name=re.compile("题审")).first.click()
    page.get_by_role("link", name="审核通过").click()
    press(page, "审核通过")
    expect(page.locator("main")).to_contain_text("已通过")


def draft_exam(page: Page) -> None:
    step(page, "发布第一场考试")
    page.get_by_role("link", name="起草考试").first.click()
    tomorrow = clock.local(datetime.now(UTC)) + timedelta(days=1)
    fill(page, "考试名称", "第一次一月一考")
    fill(page, "开放时间", f"{tomorrow:%Y-%m-%dT09:00}")
    fill(page, "结束时间", f"{tomorrow:%Y-%m-%dT18:00}")
    fill(page, "限时", "30")
    fill(page, "合格分", "2")
    for department in ("不动产登记中心", "区税务局"):
        page.get_by_label(department).check()
    press(page, "保存，去选题")
    for count in range(1, len(QUESTIONS) + 1):
        page.locator("button[name=add]").first.click()
        expect(page.locator("#chosen-title")).to_contain_text(f"已选{count}题")
    page.get_by_role("link", name="选好了，去送审").click()
    press(page, "送审")
    expect(page.locator("h1")).to_contain_text("待审核")


def activate(page: Page, code: str) -> None:
    page.goto("/")
    sign_in(page, CHIEF_NUMBER, code)
    fill(page, "新密码", CHIEF_PASSWORD)
    page.locator("#repeated").fill(CHIEF_PASSWORD)
    press(page, "保存新密码")


def publish(page: Page) -> None:
    page.goto("/inbox")
    page.get_by_role("link", name="第一次一月一考").first.click()
    page.get_by_role("link", name="审核通过").click()
    press(page, "审核通过")
    page.get_by_role("link", name="发布", exact=True).click()
    press(page, "确认发布")
    expect(page.locator("h1")).to_contain_text("待开放")
    expect(page.locator("main")).to_contain_text("2")


def finish(page: Page) -> None:
    page.goto("/first-run")
    expect(page.locator(".first-step.is-done")).to_have_count(7)
    page.get_by_role("button", name="完成首次启用").click()
    page.locator("#confirm-yes").click()
    expect(page.locator("main")).to_contain_text("首次启用已完成")


# ---------- what is done again and again ----------


def step(page: Page, title: str) -> None:
    """Take a step of the first run from its page."""
    page.goto("/first-run")
    page.locator(".first-step").filter(has_text=title).get_by_role("link").click()
    page.wait_for_load_state()


def fill(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=False).first.fill(text)


def press(page: Page, name: str, *, exact: bool = True) -> None:
    """Press a button that leads to the next page."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=exact).first.click()


def follow_job(page: Page, link: str) -> None:
    """Wait for a job and go where it leads."""
    found = page.locator("main").get_by_role("link", name=link, exact=False)
    found.first.wait_for(timeout=30_000)
    found.first.click()
    page.wait_for_load_state()


def sign_in(page: Page, name: str, password: str) -> None:
    fill(page, "工号", name)
    page.locator("#password").fill(password)
    press(page, "登录")


def sign_out(page: Page) -> None:
    leave: Callable[[], None] = page.get_by_role("button", name="退出").first.click
    menu = page.locator(".menu")
    if menu.is_visible():
        menu.click()
    leave()
    expect(page).to_have_url(re.compile("/sign-in"))
