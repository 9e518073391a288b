"""bench portraits: a quarter's portraits of 600 people through the real worker, into zips by department.

Twice from the same data: by one worker, and by two. Beside it, in pairs, the very same HTML through the
site's door and through plain WeasyPrint with the same fonts: the ratio is what the door costs.
"""

import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.assessment import effects, packages, papers
from app.assessment.models import AssessmentCycle, Portrait, PortraitRow
from app.files.packing import MEDIA_TYPE
from app.kernel import clock, db
from app.kernel.evidence import EvidenceState
from manage_parts import serving
from manage_parts.supervisor import Child
from tests.assessment import factories
from tests.load import proc
from tests.load.printing import ask, compare, count, document_of
from tests.load.report import Goal, Options, Report, Table
from tests.load.servers import running, site_environment
from tests.support import cast, inside
from tests.support.database import make_app

PEOPLE = 600
PAIRS = 15
LOOK_SECONDS = 0.5
LONGEST_SECONDS = 7200
# Aims: per minute with one worker (notes: 300 in three minutes), and what the site's door may cost.
PER_MINUTE, RATIO, MEMORY = 60.0, 1.25, 450.0
# Days of the quarter, rule, amount, denominator, grade, text: about what a quarter brings.
FACTS = (
    *((20 + 30 * each, "exams.mark", 80 + 5 * each, 100, "", "一月一考：满分100分。")
      for each in range(3)),
    *((9 + 11 * each, "inspections.check", 1, None, "", "巡查窗口，本人在岗。") for each in range(7)),
    (20, "inspections.finding", 1, None, "reminder", "09:20，窗口，未佩戴工牌（现场提醒）"),
    (42, "inspections.finding", 1, None, "reminder", "09:24，窗口，暂停服务未摆牌（现场提醒）"),
    (64, "inspections.finding", 1, None, "minor", "10:02，窗口，收件未当日录入（一般）"),
    *((30, "regulations.reading", 1, 1, "", "《首问负责制》第1版：到期，按期确认") for _ in range(4)),
    (50, "training.post_test", 90, 100, "", "“一次性告知怎么讲清”训后测试90分（满分100）"),
    (70, "suggestions.adopted", 1, None, "", "金点子被采纳，已经落实并核验。"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run of the worker or workers has shown."""

    workers: int
    papers: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    pdf_bytes: int
    zip_bytes: int

    @property
    def per_minute(self) -> float:
        """Give how many papers came out in a minute."""
        return self.papers / self.seconds * 60


def run(options: Options) -> Report:
    """Print everything twice, then the pairs."""
    people = options.people or PEOPLE
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        first.mkdir()
        app = make_app(first)
        cycle_id = fill(app, people)
        ratios, pages = measure_pairs(app, cycle_id)
        with app.app_context():
            db.database.engine.dispose()
        shutil.copytree(first, second, ignore=shutil.ignore_patterns("*.lock"))
        runs = [print_all(first, cycle_id, 1), print_all(second, cycle_id, 2)]
    return report_of(people, runs, ratios, pages)


# ---------- the data


def fill(app: Flask, people: int) -> int:
    """Give people a quarter in its preview; gives the cycle's id."""
    inside.use(app)
    app.extensions["wake-worker"] = lambda _job_id: None
    with app.app_context():
        cast.fill()
        cast.add_staff(people - len(cast.CAST) - len(cast.OTHERS) - len(cast.ADMINISTRATORS))
        scheme_id = factories.lock_scheme(on=factories.at(6, 10))
        with clock.frozen(factories.at(10, 12)):
            cycle_id = factories.collect(scheme_id)
            with db.write():
                add_facts(cycle_id)
            factories.move(cycle_id, "preview", "office")
        return cycle_id


def add_facts(cycle_id: int) -> None:
    """Give each portrait a quarter's facts, and its figures from them, in the open write."""
    for portrait in db.session.scalars(select(Portrait).where(Portrait.cycle_id == cycle_id)):
        for place, (day, rule, amount, whole, grade, text) in enumerate(FACTS, start=1):
            db.session.add(
                PortraitRow(
                    portrait_id=portrait.id, segment=0, department_id=portrait.department_id,
                    place=place, rule=rule, rule_version=1, amount=Decimal(amount),
                    denominator=None if whole is None else Decimal(whole), grade=grade,
                    state=EvidenceState.COUNTED, event_key=f"{rule}:{portrait.id}:{place}",
                    occurred_on=(datetime(2026, 7, 1) + timedelta(days=day)).date(),  # noqa: DTZ001
                    text=text, clause="任务举措8“现场巡查”", number=f"巡查2026-{portrait.id:03d}",
                    endpoint="inbox.list_notices", arguments={},
                )
            )  # fmt: skip
        db.session.flush()
        outcome = effects.rebuild(portrait)
        portrait.scores, portrait.total = effects.scoring.dump(outcome), outcome.total
        effects.put_points(effects.rows_of(portrait.id), outcome)


# ---------- the workers


def print_all(var: Path, cycle_id: int, workers: int) -> Run:
    """Order the package of each department, and let so many workers make them."""
    app = make_app(var)
    app.extensions["wake-worker"] = lambda _job_id: None
    with app.app_context():
        office = cast.principal("office")
        with db.write():
            for department_id in cast.department_ids():
                packages.order_package(cycle_id=cycle_id, department_id=department_id, user=office)
        db.database.engine.dispose()
    with ExitStack() as stack:
        servers = [
            stack.enter_context(
                running(Child("worker", serving.flask("worker"), site_environment(var)), 0)
            )
            for _ in range(workers)
        ]
        began, peak, used = time.perf_counter(), 0.0, 0.0
        while count(var, "portrait_package") < len(cast.DEPARTMENTS):
            time.sleep(LOOK_SECONDS)
            peak = max(peak, sum(proc.pss_mib(proc.tree(each.pid)) for each in servers))
            used = sum(each.cpu_seconds() for each in servers)
            assert time.perf_counter() - began < LONGEST_SECONDS, (
                "the workers do not come to an end"
            )
            assert all(each.child.is_alive() for each in servers), "a worker has died"
        seconds = time.perf_counter() - began
    sizes = ask(var, "SELECT media_type, sum(size) FROM stored_file GROUP BY media_type")
    return Run(
        workers=workers,
        papers=count(var, "produced_paper"),
        seconds=seconds,
        cpu_seconds=used,
        peak_mib=peak,
        pdf_bytes=dict(sizes)["application/pdf"],
        zip_bytes=dict(sizes)[MEDIA_TYPE],
    )


# ---------- the pairs


def measure_pairs(app: Flask, cycle_id: int) -> tuple[list[tuple[float, float]], int]:
    """Give seconds through the door and plain, of the same portraits by turns; and their pages."""
    with app.app_context():
        cycle = db.session.get_one(AssessmentCycle, cycle_id)
        ids = db.session.scalars(
            select(Portrait.id).where(Portrait.cycle_id == cycle.id).limit(PAIRS)
        ).all()
        documents = [document_of(papers.PORTRAIT, each) for each in ids]
    return compare(documents)


# ---------- what it says


def report_of(
    people: int, runs: Sequence[Run], pairs: Sequence[tuple[float, float]], pages: int
) -> Report:
    """Say what was found; a paper that is missing is a failure."""
    ratio = statistics.median(through / plain for through, plain in pairs)
    one, two = runs
    wanted = people + len(cast.DEPARTMENTS)
    return Report(
        name="portraits",
        parameters={"people": people, "pairs": len(pairs)},
        tables=[
            Table(
                title="整季打包（每个部门一份压缩包）",
                columns=("工作进程", "份", "秒", "份/分", "CPU秒/份", "内存峰值MiB", "KiB/份", "压缩包MiB"),
                rows=[
                    (str(each.workers), each.papers, each.seconds, each.per_minute,
                     each.cpu_seconds / each.papers, each.peak_mib,
                     each.pdf_bytes / each.papers / 1024, each.zip_bytes / (1 << 20))
                    for each in runs
                ],
            ),
            Table(
                title="同一份网页：经站内打印与直接用 WeasyPrint，交替各打一次",
                columns=("", "毫秒/页"),
                rows=[
                    ("站内", statistics.median(each[0] for each in pairs) / pages * 1000),
                    ("直接", statistics.median(each[1] for each in pairs) / pages * 1000),
                    ("倍数（中位）", ratio),
                ],
            ),
        ],
        figures={
            "runs": [vars(each) | {"per_minute": each.per_minute} for each in runs],
            "pairs": [list(each) for each in pairs],
            "pages": pages,
            "ratio": ratio,
        },
        goals=[
            Goal(what="一个进程：每份用秒", found=one.seconds / one.papers, limit=60 / PER_MINUTE, unit="秒"),
            Goal(what="每页时间是直接打印的几倍", found=ratio, limit=RATIO, unit="倍"),
            Goal(what="一个进程的内存峰值", found=one.peak_mib, limit=MEMORY, unit="MiB"),
        ],
        failures=[
            f"{each.workers}个工作进程：应有{wanted}份，实有{each.papers}份"
            for each in (one, two)
            if each.papers != wanted
        ],
    )  # fmt: skip
