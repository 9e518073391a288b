"""The supervisor restarts the dead and leaves nobody behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from manage_parts import supervisor
from manage_parts.console import ROOT


def is_running(process):
    """Whether a process runs; a zombie of somebody else's does not."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def test_a_killed_child_is_restarted_after_a_second_and_then_after_five(capsys):
    child = supervisor.Child("子进程", ["sleep", "600"], dict(os.environ))
    lives, pauses = [], []

    def on_tick():
        if child.restart_at is not None:
            pauses.append(child.restart_at - time.monotonic())
            child.restart_at = 0
        elif child.process.pid not in lives:
            lives.append(child.process.pid)
            os.kill(child.process.pid, signal.SIGKILL)
        return len(pauses) < 2

    assert not supervisor.Supervisor([child]).run(on_tick)
    assert len(lives) == 2
    # What is left of each pause, a tick or more after it began.
    assert pauses[0] <= 1 < pauses[1] <= 5
    assert "子进程已退出" in capsys.readouterr().err


def test_nothing_of_a_stopped_child_is_left_not_even_a_deaf_grandchild(tmp_path, monkeypatch):
    monkeypatch.setattr(supervisor, "PATIENCE_SECONDS", 0.3)
    deaf = f"trap '' TERM; sleep 600 & echo $! > {tmp_path}/grandchild; wait; sleep 600"
    child = supervisor.Child("子进程", ["sh", "-c", deaf], dict(os.environ))
    note = tmp_path / "grandchild"
    supervisor.Supervisor([child]).run(lambda: not (note.exists() and note.read_text()))
    assert not is_running(child.process.pid)
    until(lambda: not is_running(int(note.read_text())))


def test_signals_are_given_back():
    before = signal.getsignal(signal.SIGTERM)
    supervisor.Supervisor([]).run(lambda: False)
    assert signal.getsignal(signal.SIGTERM) is before


LONELY = """
import os, sys
from pathlib import Path
from manage_parts.supervisor import Child, Supervisor
child = Child("sleeper", ["sleep", "600"], dict(os.environ))
Supervisor([child]).run(lambda: bool(Path(sys.argv[1]).write_text(str(child.process.pid))))
"""


def test_children_end_when_manage_is_killed(tmp_path):
    note = tmp_path / "child"
    command = [sys.executable, "-c", LONELY, str(note)]
    with subprocess.Popen(command, cwd=ROOT) as parent:
        until(lambda: note.exists() and note.read_text())
        parent.kill()
    until(lambda: not is_running(int(note.read_text())))
