"""The gate: one at a time between threads and processes, in order, with an end to waiting."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from app.kernel.gate import Gate, GateTimeoutError

HOLDER = """
import sys, time
from pathlib import Path
from app.kernel.gate import Gate
with Gate(Path(sys.argv[1]), 5).hold():
    print("held", flush=True)
    time.sleep(60)
"""
ADDER = """
import sys
from pathlib import Path
from app.kernel.gate import Gate
gate, counter = Gate(Path(sys.argv[1]), 30), Path(sys.argv[2])
for _ in range(int(sys.argv[3])):
    with gate.hold():
        counter.write_text(str(int(counter.read_text()) + 1))
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "db.lock"


@pytest.fixture
def holder(lock):
    """Another process that holds the lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLDER, lock], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_only_one_thread_is_inside(lock):
    gate, inside, most = Gate(lock, 10), [], []

    def work() -> None:
        for _ in range(50):
            with gate.hold():
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) == 400
    assert max(most) == 1


def test_threads_come_in_the_order_in_which_they_asked(lock):
    gate, order, threads = Gate(lock, 10), [], []

    def work(place: int) -> None:
        with gate.hold():
            order.append(place)

    with gate.hold():
        for place in range(6):
            thread = threading.Thread(target=work, args=(place,))
            thread.start()
            threads.append(thread)
            while len(gate._queue) < place + 2:
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, 5]


def test_two_processes_never_count_at_once(lock, tmp_path):
    counter = tmp_path / "counter"
    counter.write_text("0")
    command = [sys.executable, "-c", ADDER, lock, counter, "150"]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert counter.read_text() == "450"


def test_waiting_for_another_process_ends_with_a_timeout(lock, holder):
    gate = Gate(lock, 0.2)
    with pytest.raises(GateTimeoutError), gate.hold():
        pass
    assert len(gate._queue) == 0


def test_after_a_timeout_the_gate_works_when_the_holder_dies(lock, holder):
    gate = Gate(lock, 0.2)
    with pytest.raises(GateTimeoutError), gate.hold():
        pass
    os.kill(holder.pid, signal.SIGKILL)
    holder.wait()
    waiting = Gate(lock, 5)
    with waiting.hold():
        pass
    # The first gate's own waiter may take the lock for a moment and gives it back.
    with gate.hold():
        pass


def test_those_behind_one_who_gave_up_get_their_turn(lock, holder):
    impatient, results = Gate(lock, 0.3), []

    def work(name: str) -> None:
        try:
            with impatient.hold():
                results.append(name)
        except GateTimeoutError:
            results.append(f"{name} gave up")

    first = threading.Thread(target=work, args=("first",))
    first.start()
    first.join()
    second = threading.Thread(target=work, args=("second",))
    second.start()
    holder.kill()
    second.join()
    assert results == ["first gave up", "second"]


def test_an_error_inside_frees_the_gate(lock):
    gate = Gate(lock, 1)
    with pytest.raises(ValueError, match="inside"), gate.hold():
        raise ValueError("inside")
    with gate.hold():
        pass


def test_a_forked_child_starts_with_a_gate_of_its_own(lock):
    gate = Gate(lock, 5)
    with gate.hold():
        pass
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom app.kernel.gate import Gate\n"
        "gate = Gate(Path(sys.argv[1]), 5)\nwith gate.hold(): pass\n"
        "child = os.fork()\n"
        "with gate.hold(): pass\n"
        "if child == 0: os._exit(0)\n"
        "sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    assert (
        subprocess.run([sys.executable, "-c", code, lock], timeout=20, check=False).returncode == 0
    )
