"""One writer at a time on SQLite: a queue of threads, then an exclusive lock on `var/db.lock`.

SQLite's own busy handler lets a writer starve for seconds. Here threads queue in order and
processes take turns through flock, which the kernel frees when a process dies. Whoever waits
longer than the timeout gets `GateTimeoutError` (the site answers 503) and leaves the queue; until
the lock moves again, those who come after him are told so much sooner: reads need the threads.
"""

import fcntl
import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

STUCK_TIMEOUT_SECONDS = 0.3


class GateTimeoutError(Exception):
    """The database was busy for longer than a person should wait."""


class Gate:
    """The queue of one process, and its share in the lock between processes."""

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        self._path = path
        self._timeout = timeout_seconds
        self._reset()

    def _reset(self) -> None:
        # A fork copies locks in whatever state they were in: a child starts anew.
        self._pid = os.getpid()
        self._mutex = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._waiter: threading.Thread | None = None
        # Somebody has waited his whole time in vain, and nobody had a turn since.
        self._is_stuck = False
        self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def hold(self, timeout_seconds: float | None = None) -> Iterator[None]:
        """Wait for the turn, hold it inside the block; raises GateTimeoutError."""
        if self._pid != os.getpid():
            self._reset()
        turn = threading.Event()
        with self._mutex:
            self._queue.append(turn)
            if self._queue[0] is turn:
                self._grant()
        timeout = self._timeout if timeout_seconds is None else timeout_seconds
        if not turn.wait(min(timeout, STUCK_TIMEOUT_SECONDS) if self._is_stuck else timeout):
            self._give_up(turn, is_whole_time=timeout >= self._timeout)
        self._is_stuck = False
        try:
            yield
        finally:
            self._release(turn)

    def _grant(self) -> None:
        """Give the turn to the head of the queue; called with the mutex held, lock not taken."""
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait_in_background()
        else:
            self._queue[0].set()

    def _wait_in_background(self) -> None:
        # flock knows no timeout, so one thread waits for it and the queue keeps its own time.
        if self._waiter is None:
            self._waiter = threading.Thread(target=self._wait_for_lock, daemon=True)
            self._waiter.start()

    def _wait_for_lock(self) -> None:
        while not self._take_and_hand_on():
            pass

    def _take_and_hand_on(self) -> bool:
        """Wait for the lock and give it to the head of the queue; False when it was lost again."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._mutex:
            # The descriptor is shared: before the mutex came, a newcomer may have been granted
            # the lock by the quick way and have freed it again. Only a second look is certain.
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            self._waiter, self._is_stuck = None, False
            if self._queue:
                self._queue[0].set()
            else:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            return True

    def _release(self, turn: threading.Event) -> None:
        with self._mutex:
            self._queue.remove(turn)
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            if self._queue:
                self._grant()

    def _give_up(self, turn: threading.Event, *, is_whole_time: bool) -> None:
        with self._mutex:
            # The turn may have come between the timeout and this line: then it is ours.
            if turn.is_set():
                return
            self._queue.remove(turn)
            self._is_stuck = self._is_stuck or is_whole_time
        raise GateTimeoutError
