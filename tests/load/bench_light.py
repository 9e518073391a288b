"""bench light: what the site weighs, beside the aims in DESIGN ("Light")."""

import asyncio
from dataclasses import asdict

from tests.load import cold, data, ledger, plans, proc, report, servers, usage, weights
from tests.load.crowd import Scenario, play, run_apart
from tests.load.data import Crowd
from tests.load.persons import COOKIE, Person
from tests.load.report import Goal, Options, Report, Table
from tests.load.servers import Hall

PEOPLE, QUESTIONS, SECONDS = 20, 30, 8.0
SHEETS = 3
SEED = 20
KILOBYTE = 1000
PINS, ENVIRONMENT_MB, MEMORY_MIB, PAGE_KB, ROOM_LINES, ENTRIES = 60, 250, 400, 60, 900, 7


def run(options: Options) -> Report:
    """Weigh the tree, then a site that has held an exam and printed papers."""
    del options
    result = Report(name="light", parameters={"people": PEOPLE, "sheets": SHEETS})
    weigh_tree(result)
    with (
        data.crowd(PEOPLE, QUESTIONS, releases_when_complete=True) as crowd,
        servers.hall(crowd.var) as hall,
    ):
        weigh_pages(result, crowd.people[0], hall.site.port)
        use(result, crowd, hall)
        weigh_memory(result, hall)
    return result


def weigh_tree(result: Report) -> None:
    """Weigh what does not run."""
    pins, megabytes = weights.list_pins(), weights.environment_mb()
    rooms, entries = weights.lines_by_room(), weights.navigation_by_role()
    result.goals += [
        Goal(what="运行依赖（锁定的包）", found=len(pins), limit=PINS, unit="个"),
        Goal(what="运行环境（已装文件）", found=megabytes, limit=ENVIRONMENT_MB, unit="MB"),
        Goal(what="模块代码（中位数）", found=weights.median_lines(), limit=ROOM_LINES, unit="行"),
        Goal(what="导航项（最多的角色）", found=max(entries.values()), limit=ENTRIES, unit="项"),
    ]
    result.tables += [
        Table(title="模块", columns=("模块", "Python 行"), rows=list(rooms.items())),
        Table(title="导航", columns=("角色", "项"), rows=list(entries.items())),
    ]
    result.figures |= {
        "pins": len(pins),
        "environment_mb": round(megabytes, 1),
        "fonts_mb": round(weights.fonts_mb(), 1),
        "lines_by_room": rooms,
        "navigation_by_role": entries,
    }


def weigh_pages(result: Report, person: Person, port: int) -> None:
    """Weigh a cold home page and a cold sitting, as served: heads, styles and scripts included."""
    asyncio.run(begin(person, port))
    cookies = {COOKIE: person.cookie}
    pages = {
        "首页": cold.measure(port, cookies, "/"),
        "答卷": cold.measure(port, cookies, f"/exams/sittings/{person.sitting}"),
    }
    result.goals += [
        Goal(
            what=f"冷{name}（收到的字节）", found=page.received / KILOBYTE, limit=PAGE_KB, unit="KB"
        )
        for name, page in pages.items()
    ]
    rows = [
        (name, page.requests, page.received, page.page, page.packed) for name, page in pages.items()
    ]
    columns = ("页面", "请求", "共收到字节", "其中页面", "若前端再压缩页面")
    result.tables.append(Table(title="没有缓存的浏览器打开一页", columns=columns, rows=rows))
    result.figures["pages"] = {name: asdict(page) for name, page in pages.items()}


async def begin(person: Person, port: int) -> None:
    """Begin this person's exam."""
    browser = person.browser(port)
    await browser.get(f"/exams/{person.exam}")
    await browser.post(f"/exams/{person.exam}/start")


def use(result: Report, crowd: Crowd, hall: Hall) -> None:
    """Hold an exam, print result sheets, and let every role look round."""
    times = plans.exam_times(len(crowd.people), SECONDS)
    scenario = Scenario(
        site=hall.site.port,
        hello=hall.hello.port,
        seconds=times.whole,
        sittings=plans.plan_exam(crowd.people, QUESTIONS, times, SEED),
    )
    record = run_apart(play, scenario)
    verdict = ledger.compare(crowd.app, record.ledger)
    result.failures += [*verdict.lost, *verdict.double, *report.errors_in(record)]
    size = usage.print_sheets(hall.site.port, crowd.people[:SHEETS])
    cookies = {who: data.cast_cookie(crowd.app, who) for who in ("clerk", "chief", "staff")}
    cookies["examinee"] = crowd.people[0].cookie
    pages = usage.look_round(hall.site.port, cookies)
    result.figures["use"] = {"requests": record.requests, "pages": pages, "sheet_bytes": size}


def weigh_memory(result: Report, hall: Hall) -> None:
    """Read the memory of all processes now that each has worked."""
    worker, *children = proc.tree(hall.worker.pid)
    found = {
        "网站（主进程与两个工作进程）": proc.pss_mib(proc.tree(hall.site.pid)),
        "后台任务": proc.pss_mib([worker]),
        "PDF 子进程（热）": proc.pss_mib(children),
    }
    total = sum(found.values())
    hello = proc.pss_mib(proc.tree(hall.hello.pid))
    result.goals.append(Goal(what="内存（PSS 合计）", found=total, limit=MEMORY_MIB, unit="MiB"))
    rows = [
        *found.items(),
        ("合计", total),
        ("hello（对照）", hello),
        ("hello 的倍数", total / hello),
    ]
    result.tables.append(Table(title="用过以后的内存", columns=("进程", "PSS MiB"), rows=rows))
    result.figures["memory_mib"] = {
        **{name: round(value, 1) for name, value in found.items()},
        "total": round(total, 1),
        "hello": round(hello, 1),
    }
    if not children:
        result.failures.append("PDF 子进程没有启动")
