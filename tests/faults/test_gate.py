"""Somebody holds the database and stands still: others are told to come again, and reading goes on."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.kernel.db import GATE_TIMEOUT_SECONDS
from tests.faults.examinees import NO_ANSWER, Reply, Visitor
from tests.faults.papers import publish_exam, write_questions
from tests.support import cast
from tests.support.server import Hall, wait_until

# What a person may have to wait beyond the gate's own time, on a machine that has much to do.
SLACK_SECONDS = 3
THREADS = 8
HOLDER = """
import fcntl, os, signal, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
os.kill(os.getpid(), signal.SIGSTOP)
"""


@pytest.fixture(scope="module")
def hall(open_hall) -> Hall:
    hall = open_hall("sqlite")
    hall.start_site()
    return hall


@pytest.fixture(scope="module")
def visitor(hall: Hall) -> Visitor:
    visitor = Visitor(hall.port)
    visitor.sign_in(cast.CAST["staff"][0], cast.PASSWORD)
    return visitor


@pytest.fixture
def sitting(hall: Hall, visitor: Visitor) -> str:
    with hall.acting():
        person = cast.person_id("staff")
    return visitor.start(publish_exam(hall, write_questions(hall, 3), [person]))


@pytest.fixture
def holder(hall: Hall):
    """A process that has taken the lock and was stopped."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(hall.var / "db.lock")], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "held\n"
    wait_until(lambda: is_stopped(process.pid), "the holder stands still")
    yield process
    process.kill()
    process.communicate()


def is_stopped(process: int) -> bool:
    with open(f"/proc/{process}/stat") as file:  # noqa: PTH123 - not a file on a disk.
        return file.read().rpartition(")")[2].split()[0] == "T"


def numbers_saved(hall: Hall, sitting: str) -> list[int]:
    rows = hall.ask(
        "SELECT number FROM answer a JOIN sitting s ON s.id = a.sitting_id WHERE s.public_id = :id",
        id=sitting,
    )
    return [number for (number,) in rows]


def timed(act) -> tuple[Reply, float]:
    began = time.monotonic()
    return act(), time.monotonic() - began


def test_a_save_is_refused_in_time_and_stored_when_the_holder_goes_on(
    hall, visitor, sitting, holder
):
    reply, seconds = timed(lambda: visitor.save(sitting, 1, ["A"], 1))
    assert reply.status == 503
    assert reply.json["error"] == "busy"
    assert int(reply.headers["Retry-After"]) > 0
    assert GATE_TIMEOUT_SECONDS - 0.5 < seconds < GATE_TIMEOUT_SECONDS + SLACK_SECONDS
    assert numbers_saved(hall, sitting) == []
    holder.send_signal(signal.SIGCONT)
    holder.wait()
    reply, seconds = timed(lambda: visitor.save(sitting, 1, ["A"], 1))
    assert reply.status == 200
    assert seconds < SLACK_SECONDS


def test_a_save_that_waits_goes_through_when_the_holder_dies(hall, visitor, sitting, holder):
    timer = threading.Timer(1, holder.kill)
    timer.start()
    reply, seconds = timed(lambda: visitor.save(sitting, 1, ["B"], 1))
    timer.join()
    assert reply.status == 200
    assert 0.9 < seconds < 1 + SLACK_SECONDS


def test_pages_are_read_while_saves_wait(hall, visitor, sitting, holder):
    saves = [threading.Thread(target=lambda: visitor.save(sitting, 1, ["A"], 1)) for _ in range(3)]
    for save in saves:
        save.start()
    time.sleep(0.3)
    reader = Visitor(hall.port, dict(visitor.cookies))
    for path in ("/", "/exams", f"/exams/sittings/{sitting}"):
        reply, seconds = timed(lambda: reader.open(path))  # noqa: B023 - used at once.
        assert reply.status == 200, path
        assert seconds < SLACK_SECONDS, path
    holder.kill()
    for save in saves:
        save.join()


def test_a_crowd_of_saves_is_told_in_time_and_leaves_threads_to_the_readers(
    hall, visitor, sitting, holder
):
    """Twice as many as the site has threads; only the first of them wait for the whole time."""
    seconds_waited = []

    def save() -> None:
        reply, seconds = timed(lambda: visitor.save(sitting, 1, ["A"], 1))
        seconds_waited.append((reply.status, seconds))

    saves = [threading.Thread(target=save) for _ in range(2 * THREADS)]
    for thread in saves:
        thread.start()
    for thread in saves:
        thread.join()
    assert {status for status, _ in seconds_waited} == {503}
    assert max(seconds for _, seconds in seconds_waited) < GATE_TIMEOUT_SECONDS + SLACK_SECONDS
    # From now on the lock is known to be stuck: a crowd hardly keeps a reader waiting.
    saves = [threading.Thread(target=save) for _ in range(2 * THREADS)]
    for thread in saves:
        thread.start()
    reply, seconds = timed(lambda: visitor.open("/exams"))
    assert reply.status == 200
    assert seconds < SLACK_SECONDS
    for thread in saves:
        thread.join()
    holder.kill()
    holder.wait()
    reply, seconds = timed(lambda: visitor.save(sitting, 1, ["A"], 1))
    assert reply.status == 200
    assert seconds < SLACK_SECONDS


def test_a_page_is_read_though_its_session_can_not_be_touched(hall, visitor, sitting, holder):
    """A minute after the last page, a page writes down that its reader is there: it may not fail."""
    hall.move_clock(minutes=2)
    reply, seconds = timed(lambda: visitor.open(f"/exams/sittings/{sitting}"))
    assert reply.status == 200
    assert seconds < SLACK_SECONDS


def test_a_web_process_that_stands_still_in_a_write_stops_only_writing(hall, visitor, sitting):
    hall.arm("written:answer", "stop")

    def save_in_vain() -> None:
        with pytest.raises(NO_ANSWER):
            visitor.save(sitting, 1, ["A"], 1)

    stuck = threading.Thread(target=save_in_vain)
    stuck.start()
    wait_until(hall.has_struck, "a process holds the database")
    wait_until(lambda: any(is_stopped(each) for each in hall.site.members()), "it stands still")
    stopped = [each for each in hall.site.members() if is_stopped(each)]
    other = Visitor(hall.port, dict(visitor.cookies), visitor.token)
    reply, seconds = timed(lambda: other.save(sitting, 2, ["A", "B"], 1))
    assert reply.status == 503
    assert seconds < GATE_TIMEOUT_SECONDS + SLACK_SECONDS
    assert other.open(f"/exams/sittings/{sitting}").status == 200
    for process in stopped:
        os.kill(process, signal.SIGKILL)
    reply, seconds = timed(lambda: other.save(sitting, 2, ["A", "B"], 1))
    assert reply.status == 200
    assert seconds < SLACK_SECONDS
    # The lock is free, and what the dead process had written is not there.
    with (hall.var / "db.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    assert numbers_saved(hall, sitting) == [2]
    stuck.join()
