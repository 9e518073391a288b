"""bench pdf: the 个人成绩单 of 600 people, by one worker and by two, while pages are being read.

"Personal sheets per minute with one and two workers, time per page as a ratio to plain WeasyPrint
of the same HTML in the same run, memory, size; 600 finish while pages stay under 1 s p99." Beside
it the 成绩通报, once, through the door and plain.
"""

import http.client
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.exams.models import Sitting
from app.exams.printing import NOTICE, RESULT_SHEET
from app.files import papers as paper_pages
from app.kernel import db
from manage_parts import serving
from manage_parts.supervisor import Child
from tests.load import bench_remark, proc
from tests.load.data import cast_cookie
from tests.load.printing import ask, compare, count, document_of
from tests.load.report import Goal, Options, Report, Table
from tests.load.servers import Server, gunicorn, running, site_environment, wait_for_answer
from tests.load.wire import HOST
from tests.support import cast, inside
from tests.support.database import make_app

PEOPLE, PAIRS, NOTICES = 600, 15, 5
LOOK_SECONDS, BETWEEN_PAGES_SECONDS = 0.5, 0.1
LONGEST_SECONDS = 7200
PER_MINUTE, RATIO, MEMORY, PAGE_SECONDS = 60.0, 1.25, 450.0, 1.0


@dataclass(frozen=True, kw_only=True)
class Run:
    """What one run of the worker or workers has shown."""

    workers: int
    papers: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    pdf_bytes: int
    page_seconds: Sequence[float]
    refused: int

    @property
    def per_minute(self) -> float:
        """Give how many sheets came out in a minute."""
        return self.papers / self.seconds * 60

    @property
    def p99(self) -> float:
        """Give what 99 of 100 pages needed at most, in seconds."""
        return sorted(self.page_seconds)[int(len(self.page_seconds) * 0.99)]


def run(options: Options) -> Report:
    """Print everything twice, then the pairs."""
    people = options.people or PEOPLE
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        first.mkdir()
        app = make_app(first)
        inside.use(app)
        app.extensions["wake-worker"] = lambda _job_id: None
        with app.app_context():
            cast.fill()
            exam_id = bench_remark.fill(people)
            order_all()
        pairs = measure_pairs(app, exam_id)
        cookie = cast_cookie(app, "clerk")
        with app.app_context():
            db.session.remove()
            db.database.engine.dispose()
        shutil.copytree(first, second, ignore=shutil.ignore_patterns("*.lock"))
        runs = [
            print_all(first, exam_id, cookie, people, 1),
            print_all(second, exam_id, cookie, people, 2),
        ]
    return report_of(people, runs, pairs)


def order_all() -> None:
    """Order the sheet of everybody, each as its own page does."""
    found = db.session.execute(select(Sitting.id, Sitting.public_id, Sitting.person_id)).all()
    with db.write():
        for sitting_id, public_id, person_id in found:
            paper_pages.order(
                RESULT_SHEET,
                sitting_id,
                values={"public_id": public_id},
                ordered_by_id=person_id,
            )


def print_all(var: Path, exam_id: int, cookie: str, people: int, workers: int) -> Run:
    """Let so many workers print, and read pages meanwhile."""
    stop, seconds, refused = threading.Event(), [], [0]
    with ExitStack() as stack:
        site = stack.enter_context(gunicorn(site_environment(var)))
        wait_for_answer(site)
        reader = threading.Thread(
            target=read_pages, args=(site, exam_id, cookie, stop, seconds, refused)
        )
        servers = [
            stack.enter_context(
                running(Child("worker", serving.flask("worker"), site_environment(var)), 0)
            )
            for _ in range(workers)
        ]
        reader.start()
        began, peak, used = time.perf_counter(), 0.0, 0.0
        try:
            while count(var, "produced_paper") < people:
                time.sleep(LOOK_SECONDS)
                peak = max(peak, sum(proc.pss_mib(proc.tree(each.pid)) for each in servers))
                used = sum(each.cpu_seconds() for each in servers)
                assert time.perf_counter() - began < LONGEST_SECONDS, "the workers do not end"
                assert all(each.child.is_alive() for each in servers), "a worker has died"
            took = time.perf_counter() - began
        finally:
            stop.set()
            reader.join()
    [(size,)] = ask(var, "SELECT sum(size) FROM stored_file WHERE media_type = 'application/pdf'")
    return Run(
        workers=workers,
        papers=count(var, "produced_paper"),
        seconds=took,
        cpu_seconds=used,
        peak_mib=peak,
        pdf_bytes=size,
        page_seconds=seconds,
        refused=refused[0],
    )


def read_pages(
    site: Server,
    exam_id: int,
    cookie: str,
    stop: threading.Event,
    seconds: list[float],
    refused: list[int],
) -> None:
    """Read pages of the exam one after another until told to stop."""
    paths = [
        f"/exams/papers/{exam_id}/report",
        f"/exams/papers/{exam_id}/results",
        "/exams/reports",
    ]
    place = 0
    while not stop.is_set():
        place += 1
        connection = http.client.HTTPConnection(HOST, site.port, timeout=60)
        began = time.perf_counter()
        connection.request(
            "GET", paths[place % len(paths)], headers={"Cookie": f"clean-window={cookie}"}
        )
        answer = connection.getresponse()
        answer.read()
        seconds.append(time.perf_counter() - began)
        refused[0] += answer.status != 200
        connection.close()
        time.sleep(BETWEEN_PAGES_SECONDS)


def measure_pairs(app: Flask, exam_id: int) -> dict[str, tuple[list[tuple[float, float]], int]]:
    """Give seconds through the door and plain, of sheets and of the 通报, with their pages."""
    with app.app_context():
        ids = db.session.scalars(select(Sitting.id).limit(PAIRS)).all()
        sheets = [document_of(RESULT_SHEET, each) for each in ids]
        notices = [document_of(NOTICE, exam_id)] * NOTICES
    return {"个人成绩单": compare(sheets), "成绩通报": compare(notices)}


def report_of(
    people: int, runs: Sequence[Run], pairs: dict[str, tuple[list[tuple[float, float]], int]]
) -> Report:
    """Say what was found; a sheet that is missing and a page that was refused are failures."""
    ratios = {
        name: statistics.median(through / plain for through, plain in each)
        for name, (each, _) in pairs.items()
    }
    one = runs[0]
    return Report(
        name="pdf",
        parameters={"people": people, "pairs": PAIRS},
        tables=[
            Table(
                title="个人成绩单，由真的后台进程打印，同时有人看页面",
                columns=("工作进程", "份", "秒", "份/分", "CPU秒/份", "内存峰值MiB", "KiB/份", "页面p99秒"),
                rows=[
                    (str(each.workers), each.papers, each.seconds, each.per_minute,
                     each.cpu_seconds / each.papers, each.peak_mib,
                     each.pdf_bytes / each.papers / 1024, each.p99)
                    for each in runs
                ],
            ),
            Table(
                title="同一份网页：经站内打印与直接用 WeasyPrint，交替各打一次",
                columns=("单据", "页", "站内毫秒/页", "直接毫秒/页", "倍数（中位）"),
                rows=[
                    (name, pages, statistics.median(each[0] for each in found) / pages * 1000,
                     statistics.median(each[1] for each in found) / pages * 1000, ratios[name])
                    for name, (found, pages) in pairs.items()
                ],
            ),
        ],
        figures={
            "runs": [
                {**vars(each), "page_seconds": len(each.page_seconds), "p99": each.p99,
                 "per_minute": each.per_minute}
                for each in runs
            ],
            "ratios": ratios,
        },
        goals=[
            Goal(what="一个进程：每份用秒", found=one.seconds / one.papers, limit=60 / PER_MINUTE, unit="秒"),
            Goal(what="每页时间是直接打印的几倍", found=ratios["个人成绩单"], limit=RATIO, unit="倍"),
            Goal(what="一个进程的内存峰值", found=one.peak_mib, limit=MEMORY, unit="MiB"),
            *(
                Goal(what=f"{each.workers}个进程打印时页面p99", found=each.p99, limit=PAGE_SECONDS, unit="秒")
                for each in runs
            ),
        ],
        failures=[
            *(f"{each.workers}个工作进程：应有{people}份，实有{each.papers}份"
              for each in runs if each.papers != people),
            *(f"{each.workers}个工作进程打印时有{each.refused}个页面打不开"
              for each in runs if each.refused),
        ],
    )  # fmt: skip
