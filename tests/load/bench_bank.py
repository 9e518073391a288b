"""bench bank: list, search and coverage of a bank of ten thousand questions, beside hello.

"list, search and coverage at 10,000 questions under 300 ms p95, beside hello in the same run". One
经办人 opens page after page, each time with other words; a hello stands between any two.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from urllib.parse import urlencode

from app.kernel import db
from tests.load import bank_rows, data, servers
from tests.load.crowd import run_apart
from tests.load.persons import COOKIE
from tests.load.record import percentile
from tests.load.report import Goal, Options, Report, Table
from tests.load.wire import Browser
from tests.support import cast
from tests.support.database import make_app

QUESTIONS, ROUNDS = 10_000, 60
LIMIT_MS = 300.0
OK = 200
HELLO = "hello"
LABELS = {
    HELLO: "hello（对照）",
    "list": "列表第一页",
    "search": "搜两个字的词",
    "filter": "按知识点筛选并排序",
    "last": "最后一页",
    "coverage": "覆盖情况",
}
WORDS = ("告知", "承诺", "窗口", "收件", "回避", "徽章", "热线", "账号", "帮办", "保密")
TAGS = ("廉洁从业", "首问与告知", "便民服务", "学习培训", "网上办理", "总体目标")
SORTS = ("stem", "-number", "kind", "-state")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Where the servers are, who asks, and how often."""

    site: int
    hello: int
    cookie: str
    questions: int
    rounds: int


@dataclass
class Timed:
    """What one kind of page took, in milliseconds."""

    times: list[float] = field(default_factory=list)
    failures: int = 0


def run(options: Options) -> Report:
    """Fill a bank and open its pages."""
    questions = options.people or QUESTIONS
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        var = Path(folder)
        app = make_app(var)
        with app.app_context():
            cast.fill()
            bank_rows.fill(questions)
            db.session.remove()
            db.database.engine.dispose()
        cookie = data.cast_cookie(app, "clerk")
        with servers.hall(var) as hall:
            plan = Plan(
                site=hall.site.port,
                hello=hall.hello.port,
                cookie=cookie,
                questions=questions,
                rounds=ROUNDS,
            )
            return report_of(plan, run_apart(measure, plan))


def measure(plan: Plan) -> Mapping[str, Timed]:
    """Open every page by turns."""
    return asyncio.run(measure_all(plan))


async def measure_all(plan: Plan) -> dict[str, Timed]:
    """Go round; the first round warms everything up and is not counted."""
    site, hello = Browser(plan.site, {COOKIE: plan.cookie}), Browser(plan.hello)
    found = {kind: Timed() for kind in LABELS}
    pages = {kind: cycle(paths) for kind, paths in addresses(plan.questions).items()}
    for turn in range(plan.rounds + 1):
        for kind, paths in pages.items():
            for name, browser, path in ((HELLO, hello, "/"), (kind, site, next(paths))):
                await open_one(browser, path, found[name] if turn else Timed())
    return found


async def open_one(browser: Browser, path: str, into: Timed) -> None:
    """Open a page, with the time that it took."""
    began = time.monotonic()
    answer = await browser.get(path)
    into.times.append((time.monotonic() - began) * 1000)
    into.failures += answer.status != OK


def addresses(questions: int) -> dict[str, Sequence[str]]:
    """Give the addresses of each kind of page."""
    return {
        "list": ["/questions"],
        "search": [listed(q=word) for word in WORDS],
        "filter": [listed(tag=tag, sort=sort) for tag in TAGS for sort in SORTS],
        "last": [listed(page=str(questions // 20))],
        "coverage": ["/questions/coverage", "/questions/coverage?standing=kept"],
    }


def listed(**values: str) -> str:
    """Give an address of the list."""
    return f"/questions?{urlencode(values)}"


def report_of(plan: Plan, found: Mapping[str, Timed]) -> Report:
    """Say what each kind of page took, as a multiple of hello too."""
    figures = {kind: figures_of(each) for kind, each in found.items()}
    hello = figures[HELLO]["p95_ms"]
    rows = [
        (LABELS[kind], each["p50_ms"], each["p95_ms"], each["p99_ms"], each["p95_ms"] / hello)
        for kind, each in figures.items()
    ]
    return Report(
        name="bank",
        parameters={"questions": plan.questions, "rounds": plan.rounds},
        tables=[
            Table(
                title=f"题库{plan.questions}道题，一个经办人逐页打开（毫秒）",
                columns=("页面", "p50", "p95", "p99", "p95是hello的几倍"),
                rows=rows,
            )
        ],
        figures={"pages": figures},
        goals=[
            Goal(what=f"{LABELS[kind]} p95", found=each["p95_ms"], limit=LIMIT_MS, unit="毫秒")
            for kind, each in figures.items()
            if kind != HELLO
        ],
        failures=[
            f"{LABELS[kind]}：{each.failures}次没有打开" for kind, each in found.items() if each.failures
        ],
    )  # fmt: skip


def figures_of(each: Timed) -> dict[str, float]:
    """Sum up one kind of page."""
    return {
        f"p{round(share * 100)}_ms": round(percentile(each.times, share), 1)
        for share in (0.5, 0.95, 0.99)
    } | {"n": len(each.times)}
