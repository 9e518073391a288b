"""What a bench says: tables on the screen, one JSON document in bench-results/."""

import json
import math
import os
import platform
import sys
import tempfile
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from manage_parts.console import ROOT
from tests.load.record import Record, percentile

RESULTS = ROOT / "bench-results"
WIDE = frozenset("WF")
FLUSHES = 100

Cell = str | int | float


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asks for; None is the bench's own choice."""

    people: int | None = None
    seconds: float | None = None
    is_full: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table to print."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def __str__(self) -> str:
        lines = [[shown(cell) for cell in row] for row in (self.columns, *self.rows)]
        widths = [max(map(width_of, column)) for column in zip(*lines, strict=True)]
        return "\n".join([self.title, *(joined(line, widths) for line in lines), ""])


@dataclass(frozen=True, kw_only=True)
class Goal:
    """One aim with what was found."""

    what: str
    found: float
    limit: float
    unit: str

    @property
    def is_met(self) -> bool:
        """Whether the aim was reached; nothing measured is not reached."""
        return self.found <= self.limit


@dataclass(kw_only=True)
class Report:
    """One bench's result. `failures` are promises broken and errors that should not be."""

    name: str
    parameters: Mapping[str, object]
    tables: list[Table] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)
    goals: list[Goal] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def joined(cells: Sequence[str], widths: Sequence[int]) -> str:
    """Join one line; the first column to the left, figures to the right."""
    first = cells[0] + " " * (widths[0] - width_of(cells[0]))
    rest = (
        " " * (width - width_of(cell)) + cell
        for cell, width in zip(cells[1:], widths[1:], strict=True)
    )
    return "  " + "  ".join([first, *rest]).rstrip()


def width_of(text: str) -> int:
    """Count columns of a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in WIDE else 1 for character in text)


def shown(cell: Cell) -> str:
    """Write a figure with as many places as it deserves."""
    if not isinstance(cell, float):
        return str(cell)
    if math.isnan(cell):
        return "—"
    return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"


def write(report: Report, load_before: float) -> None:
    """Print a report and keep it as JSON; `load_before` is what else the machine had to do."""
    goals = Table(
        title="目标",
        columns=("项目", "实测", "目标", "单位", "结论"),
        rows=[
            (goal.what, goal.found, f"≤{shown(goal.limit)}", goal.unit, verdict(goal))
            for goal in report.goals
        ],
    )
    place = machine(load_before)
    parts = [headline(report, place), *map(str, report.tables)]
    parts += [str(goals)] if report.goals else []
    parts += [f"  失败：{failure}" for failure in report.failures[:20]]
    sys.stdout.write("\n".join([*parts, ""]))
    sys.stdout.flush()
    keep(report, place)


def headline(report: Report, place: Mapping[str, object]) -> str:
    """Say what was run where."""
    parameters = "，".join(f"{name}={value}" for name, value in report.parameters.items())
    return (
        f"== {report.name}  {parameters}\n"
        f"   {place['processors']}核，开始前负载{place['load_before']}，刷盘毫秒{place['flush_ms']}\n"
    )


def verdict(goal: Goal) -> str:
    """Say whether an aim was reached."""
    return "达到" if goal.is_met else "未达到"


def keep(report: Report, place: Mapping[str, object]) -> None:
    """Write the JSON document; git ignores the folder."""
    document = {
        "bench": report.name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": place,
        "parameters": report.parameters,
        "figures": report.figures,
        "goals": [goal_figures(goal) for goal in report.goals],
        "failures": report.failures,
    }
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    (RESULTS / f"{report.name}.json").write_text(f"{text}\n", encoding="utf-8")


def goal_figures(goal: Goal) -> dict[str, object]:
    """Give an aim for the JSON document, which knows no NaN."""
    found = None if math.isnan(goal.found) else round(goal.found, 1)
    return {**vars(goal), "found": found, "is_met": goal.is_met}


def machine(load_before: float) -> dict[str, object]:
    """Describe where it was measured, and how busy it was; a slow disk shows in the flush."""
    return {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "kernel": platform.release(),
        "load_before": round(load_before, 1),
        "load_after": round(os.getloadavg()[0], 1),
        "flush_ms": flush_times(),
    }


def flush_times() -> dict[str, float]:
    """Time what every commit pays: writing a page and having the disk confirm it."""
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(FLUSHES):
            began = time.perf_counter()
            os.pwrite(file.fileno(), bytes(4096), 0)
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return {"p50": round(percentile(times, 0.5), 3), "p99": round(percentile(times, 0.99), 3)}


LABELS = {
    "notice": "考前须知",
    "start": "开始答题",
    "paper": "打开试卷",
    "save": "保存一题",
    "hand-in": "交卷",
    "receipt": "回执",
    "form": "登录页",
    "sign-in": "登录",
    "home": "首页",
    "hello": "hello（对照）",
}


def crowd_table(title: str, record: Record) -> Table:
    """Show latencies from the planned start, with what went wrong."""
    columns = ("请求", "n", "p50 ms", "p95", "p99", "最大", "出错", "请稍后", "重试", "未完成")
    rows = [
        (
            LABELS[kind],
            len(times),
            *(percentile(times, share) for share in (0.5, 0.95, 0.99, 1.0)),
            errors_of(record, kind),
            record.busy[kind],
            record.retries[kind],
            record.unfinished[kind],
        )
        for kind, times in sorted(record.times.items(), key=lambda item: order_of(item[0]))
    ]
    late = shown(percentile(record.lags, 0.99))
    return Table(title=f"{title}（发生器自己迟到 p99 {late} ms）", columns=columns, rows=rows)


def order_of(kind: str) -> int:
    """Sort kinds in the order in which they happen."""
    return list(LABELS).index(kind)


def errors_of(record: Record, kind: str) -> int:
    """Count the errors of one kind of request."""
    return sum(n for what, n in record.errors.items() if what.rpartition(" ")[0] == kind)


def slices_table(figures: Mapping[str, Mapping[str, float]]) -> Table:
    """Show processor time per request as a multiple of the reference's."""
    columns = ("请求（轮流测）", "n", "CPU 微秒/次", "hello 的倍数", "次/秒", "p50 ms", "p99")
    keys = ("n", "cpu_us", "ratio_to_hello", "per_second", "p50_ms", "p99_ms")
    rows = [(LABELS[kind], *(each[key] for key in keys)) for kind, each in figures.items()]
    return Table(title="服务器每次请求的 CPU", columns=columns, rows=rows)


def crowd_figures(record: Record) -> dict[str, object]:
    """Sum a run up for the JSON document."""
    return {
        "requests": record.requests,
        "times_ms": {
            kind: {
                "n": len(times),
                **{
                    name: round(percentile(times, share), 1)
                    for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
                },
            }
            for kind, times in record.times.items()
        },
        "errors": dict(record.errors),
        "busy": dict(record.busy),
        "retries": dict(record.retries),
        "unfinished": dict(record.unfinished),
        "reopened_connections": record.reopened,
        "generator_cpu_seconds": round(record.generator_cpu_seconds, 1),
        "generator_lag_p99_ms": round(percentile(record.lags, 0.99), 1),
    }


def errors_in(record: Record) -> list[str]:
    """Give what should not have happened; coming back after a 503 that asked for it is no error."""
    found = [f"{count} × {what}" for what, count in record.errors.items()]
    return found + [f"{count} × {kind} 没有完成" for kind, count in record.unfinished.items()]
