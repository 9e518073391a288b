"""Keep a few processes alive until somebody asks to stop."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from manage_parts import processes
from manage_parts.console import ROOT, say

STDERR = 2
TICK_SECONDS = 0.2
QUICK_DEATH_SECONDS = 10
PATIENCE_SECONDS = 10
"""Longer than the site's own graceful time-out of 8 seconds."""


@dataclass
class Child:
    """One process and how often it had to be started."""

    name: str
    command: Sequence[object]
    environment: Mapping[str, str]
    pass_fds: Sequence[int] = ()
    deaths: int = 0
    started_at: float = 0
    restart_at: float | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def start(self) -> None:
        """Start in a session of its own, so that a Ctrl-C reaches only manage."""
        self.restart_at, self.started_at = None, time.monotonic()
        self.process = processes.start(
            self.command,
            self.environment,
            pass_fds=self.pass_fds,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=STDERR,
            start_new_session=True,
        )

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def note_death(self) -> None:
        """Plan the next start: soon, or later if a restart did not help for long."""
        now = time.monotonic()
        again = self.deaths > 0 and now - self.started_at < QUICK_DEATH_SECONDS
        self.deaths, self.restart_at = self.deaths + 1, now + (5 if again else 1)
        # What a dead leader leaves behind could still hold the socket or the database.
        self.kill()

    def ask_to_stop(self) -> None:
        """Send TERM to the process, which tells its own children."""
        if self.is_alive() and self.process:
            self.process.terminate()

    def kill(self) -> None:
        """Kill the whole session and collect its leader."""
        if self.process:
            processes.kill_group(self.process.pid)
            self.process.wait()


class Supervisor:
    """Starts children, restarts the dead, and stops all of them together."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self.is_stopping = False

    def run(self, on_tick: Callable[[], bool] = lambda: True) -> bool:
        """Keep the children alive until a signal comes (True) or `on_tick` gives up (False)."""
        with self.stopped_by_signals():
            try:
                for child in self.children:
                    child.start()
                while not self.is_stopping and on_tick():
                    self.tend()
                    time.sleep(TICK_SECONDS)
            finally:
                self.stop()
        return self.is_stopping

    def tend(self) -> None:
        """Restart whoever died, after its pause."""
        for child in self.children:
            if child.restart_at is None and not child.is_alive():
                child.note_death()
                say(f"{child.name}已退出，稍后重新启动。")
            elif child.restart_at is not None and time.monotonic() >= child.restart_at:
                child.start()

    def stop(self) -> None:
        """Ask all to stop, wait, and kill what is left of their sessions."""
        for child in self.children:
            child.ask_to_stop()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while any(child.is_alive() for child in self.children) and time.monotonic() < deadline:
            time.sleep(0.05)
        for child in self.children:
            child.kill()

    @contextmanager
    def stopped_by_signals(self) -> Iterator[None]:
        """Let INT, TERM and a closed terminal end the loop instead of the program."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self.note_signal) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def note_signal(self, _number: int, _frame: object) -> None:
        """Only set the flag: the loop does the work."""
        self.is_stopping = True
