"""bench start: from the exec of gunicorn to the first 200, beside the same for the hello."""

import subprocess
import sys
import time
from collections.abc import Mapping
from statistics import median

from manage_parts.console import ROOT
from tests.load import data, servers
from tests.load.report import Options, Report, Table

ROUNDS = 5
# Imports and create_app, each timed in a fresh interpreter; two numbers on stdout.
CREATE = """
import time
began = time.perf_counter()
from app import create_app
imported = time.perf_counter()
create_app()
print(imported - began, time.perf_counter() - imported)
"""


def run(options: Options) -> Report:
    """Start both several times, by turns."""
    del options
    found: dict[str, list[float]] = {"site": [], "hello": [], "import": [], "create_app": []}
    with data.crowd(1, 1) as crowd:
        environment = servers.site_environment(crowd.var)
        for _ in range(ROUNDS):
            found["site"].append(seconds_to_answer(environment, "/healthz"))
            found["hello"].append(seconds_to_answer(environment, "/", servers.HELLO))
            imported, created = time_create(environment)
            found["import"].append(imported)
            found["create_app"].append(created)
    return report_of({name: round(median(times), 3) for name, times in found.items()})


def seconds_to_answer(environment: Mapping[str, str], path: str, app: str | None = None) -> float:
    """Time one start, from the exec to the first answer."""
    began = time.monotonic()
    with servers.gunicorn(environment, app) as server:
        servers.wait_for_answer(server, path)
        return time.monotonic() - began


def time_create(environment: Mapping[str, str]) -> tuple[float, float]:
    """Time the imports and create_app in an interpreter of their own."""
    command = [sys.executable, "-c", CREATE]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    imported, created = done.stdout.split()
    return float(imported), float(created)


def report_of(found: Mapping[str, float]) -> Report:
    """Put it together."""
    labels = {
        "site": "网站：启动到第一个 200",
        "hello": "hello（对照）",
        "import": "其中：导入",
        "create_app": "其中：create_app",
    }
    return Report(
        name="start",
        parameters={"rounds": ROUNDS},
        tables=[
            Table(
                title="启动（中位数）",
                columns=("项目", "秒", "hello 的倍数"),
                rows=[(labels[name], each, each / found["hello"]) for name, each in found.items()],
            )
        ],
        figures={**found, "ratio_to_hello": round(found["site"] / found["hello"], 2)},
    )
