"""bench roster: 5,000 people from Excel: read in the child, compared, applied, compared, undone."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy import func, select

from app.accounts.models import Person
from app.accounts.roster.imports import service, undoing
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import clock, db
from tests.accounts import rosters
from tests.load.report import Goal, Options, Report, Table
from tests.support import cast
from tests.support.database import make_app

PEOPLE = 5000
DEPARTMENTS = 42
AIM_SECONDS = 5.0
LABELS = {
    "upload": "上传入库",
    "read": "读取并比较（后台）",
    "choose": "选择新增部门",
    "apply": "全部导入（一次写入）",
    "again": "再读同一份",
    "undo": "撤销",
}

Result = TypeVar("Result")


def run(options: Options) -> Report:
    """Bring a large roster in and take it out again."""
    people = options.people or PEOPLE
    content = rosters.book([*rosters.whole_cast(), *crowd(people)])
    with tempfile.TemporaryDirectory(prefix="cw-bench-") as folder:
        app = make_app(Path(folder))
        app.extensions["wake-worker"] = lambda _job_id: None
        with app.app_context():
            cast.fill()
            seconds, failures = measure(content, people)
            db.session.remove()
            db.database.engine.dispose()
    return report_of(people, len(content), seconds, failures)


def crowd(people: int) -> list[list[object]]:
    """Invent people in forty-two departments, every second one at a window."""
    return [
        rosters.line(
            f"B{place:05d}",
            "沈陆顾梁秦许曾任邵倪"[place % 10] + "知远静怡晓岚文博"[place % 8],
            部门=f"进驻部门{place % DEPARTMENTS}",
            窗口=f"{place % DEPARTMENTS}-{place % 7}" if place % 2 else "",
            手机=f"138{place:08d}",
        )
        for place in range(people)
    ]


def timed(seconds: dict[str, float], name: str, act: Callable[[], Result]) -> Result:
    """Do something and write down how long it took, and how much of it was work."""
    began, worked = time.perf_counter(), cpu_seconds()
    result = act()
    seconds[name] = round(time.perf_counter() - began, 2)
    seconds[f"{name}_cpu"] = round(cpu_seconds() - worked, 2)
    return result


def cpu_seconds() -> float:
    """Give the processor time of this process and of its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measure(content: bytes, people: int) -> tuple[dict[str, float], list[str]]:
    """Go the whole way once; everybody must be there afterwards, and gone in the end."""
    seconds: dict[str, float] = {}
    before = count_people()
    timed(seconds, "upload", lambda: order(content))
    timed(seconds, "read", do_last_job)
    public_id = rosters.last_import().public_id
    timed(seconds, "choose", lambda: rosters.add_everything(public_id))
    seen = rosters.differences(public_id).fingerprint()
    timed(seconds, "apply", lambda: apply(public_id, seen))
    added = count_people() - before
    order(content)
    timed(seconds, "again", do_last_job)
    is_same = rosters.differences(rosters.last_import().public_id).is_empty
    timed(seconds, "undo", lambda: undo(public_id))
    failures = [] if added == people else [f"导入了{added}人，应是{people}人"]
    failures += [] if is_same else ["再读同一份，差别不为空"]
    failures += [] if count_people() == before else ["撤销以后人数不对"]
    return seconds, failures


def order(content: bytes) -> None:
    """Upload the file."""
    with db.write():
        service.upload_roster(
            content=content,
            file_name="名单.xlsx",
            effective_on=clock.today(),
            uploaded_by_id=cast.person_id("clerk"),
        )


def do_last_job() -> None:
    """Do the newest job, as the worker does."""
    jobs.run_job(db.session.scalars(select(Job.id).order_by(Job.id.desc()).limit(1)).one())
    db.session.rollback()


def apply(public_id: str, seen: str) -> None:
    """Apply what was seen."""
    with db.write():
        service.apply_roster(
            public_id=public_id,
            seen=seen,
            leaving=frozenset(),
            applied_by_id=cast.person_id("clerk"),
        )


def undo(public_id: str) -> None:
    """Take it back."""
    with db.write():
        undoing.undo_roster(public_id=public_id, undone_by_id=cast.person_id("clerk"))


def count_people() -> int:
    """Count everybody, in a fresh transaction."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def report_of(people: int, size: int, seconds: dict[str, float], failures: list[str]) -> Report:
    """Put it together."""
    whole = round(seconds["read"] + seconds["apply"], 2)
    return Report(
        name="roster",
        parameters={"people": people, "bytes": size},
        tables=[
            Table(
                title=f"人员名单导入：{people}人，{size // 1024} KB",
                columns=("项目", "秒", "其中处理器秒"),
                rows=[
                    (label, seconds[name], seconds[f"{name}_cpu"]) for name, label in LABELS.items()
                ],
            )
        ],
        figures={**seconds, "read_compare_apply": whole},
        goals=[Goal(what="读取、比较、导入合计", found=whole, limit=AIM_SECONDS, unit="秒")],
        failures=failures,
    )
