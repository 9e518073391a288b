"""OP2: no save is acknowledged before its bytes are on the disk, as the kernel saw it."""

import os
import re
import shutil
import signal
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.examinees import Visitor
from tests.faults.papers import publish_exam, write_questions
from tests.support import cast
from tests.support.server import Hall, wait_until

SAVES = 20
CALLS = "fdatasync,fsync,pwrite64,write,sendto,sendmsg"
# 1234  1790000000.123456 fdatasync(9</var/db-wal>) = 0
LINE = re.compile(r"^(?P<thread>\d+) +(?:<\.\.\. )?(?P<call>\w+)(?P<rest>.*)$")


@pytest.fixture
def hall(open_hall) -> Hall:
    """One web process, so that the traced one answers everything."""
    hall = open_hall("sqlite", web_processes=1)
    hall.start_site()
    return hall


def test_an_fdatasync_of_the_wal_precedes_each_acknowledgement(hall, tmp_path):
    visitor = Visitor(hall.port)
    visitor.sign_in(cast.CAST["staff"][0], cast.PASSWORD)
    with hall.acting():
        person = cast.person_id("staff")
    sitting = visitor.start(publish_exam(hall, write_questions(hall, 3), [person]))
    with traced(hall.site.members()[-1], tmp_path / "calls"):
        for revision in range(1, SAVES + 1):
            assert visitor.save(sitting, 1, ["AB"[revision % 2]], revision).status == 200
    orders = read_orders(tmp_path / "calls")
    assert len(orders) == SAVES, f"{len(orders)} answers were seen:\n{orders}"
    for order in orders:
        assert order == ["written", "on disk", "acknowledged"], order


@contextmanager
def traced(process: int, output: Path) -> Iterator[None]:
    """Let strace write down what all threads of a process ask of the kernel."""
    assert shutil.which("strace"), "this test needs strace; ./manage installs it"
    command = ["strace", "-f", "-y", "-s", "64", "-e", f"trace={CALLS}", "-o", str(output)]
    tracer = subprocess.Popen(
        [*command, "-p", str(process)], stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        wait_until(lambda: tracer.poll() is not None or is_traced(process), "strace is attached")
        assert tracer.poll() is None, (
            f"strace may not trace here, and without it nobody can see the order: {tracer.stderr.read()}"
        )
        yield
    finally:
        if tracer.poll() is None:
            os.kill(tracer.pid, signal.SIGINT)
        tracer.communicate(timeout=20)


def is_traced(process: int) -> bool:
    """Whether every thread of a process has a tracer."""
    stats = [file.read_text() for file in Path(f"/proc/{process}/task").glob("*/status")]
    return all(re.search(r"^TracerPid:\s+[1-9]", stat, re.MULTILINE) for stat in stats)


def read_orders(log: Path) -> list[list[str]]:
    """Give, for each 200 that a thread sent, what it had done since its last answer.

    Each event counts at the line that ends it: a call that was interrupted in the log by another
    thread's ends with its `resumed` line.
    """
    since: dict[str, list[str]] = defaultdict(list)
    orders = []
    begun: dict[tuple[str, str], str] = {}
    for line in log.read_text(errors="replace").splitlines():
        found = LINE.match(line)
        if not found:
            continue
        thread, call, rest = found.group("thread", "call", "rest")
        if rest.endswith("<unfinished ...>"):
            begun[thread, call] = rest
            if call in {"sendto", "sendmsg", "write"}:
                # Its bytes may leave at once.
                note(since[thread], call, rest)
            continue
        if " resumed>" in rest:
            if call in {"sendto", "sendmsg", "write"}:
                continue
            rest = begun.pop((thread, call), "") + rest
        note(since[thread], call, rest)
        if since[thread] and since[thread][-1] == "acknowledged":
            orders.append(since.pop(thread))
    return orders


def note(events: list[str], call: str, rest: str) -> None:
    """Note what a call means for the order, once in a row."""
    event = ""
    if "db-wal>" in rest:
        event = "written" if call == "pwrite64" else "on disk" if "sync" in call else ""
    elif call in {"sendto", "sendmsg", "write"} and "HTTP/1.1 200" in rest:
        event = "acknowledged"
    if event and events[-1:] != [event]:
        events.append(event)
