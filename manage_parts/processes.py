"""Children that never outlive manage, and how it waits for them."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

PR_SET_PDEATHSIG = 1


def start(
    command: Sequence[object],
    environment: Mapping[str, str],
    *,
    pass_fds: Sequence[int] = (),
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child that gets TERM when manage dies, even by kill -9."""
    words = [str(word) for word in command]
    return subprocess.Popen(
        words,
        env=environment,
        pass_fds=pass_fds,
        preexec_fn=die_with_parent(),  # noqa: PLW1509 - manage has no threads.
        **options,
    )


def die_with_parent() -> Callable[[], None]:
    """Make the call that a fresh child has to make; it is prepared before the fork."""
    libc, parent = ctypes.CDLL(None), os.getpid()

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        # The parent may have died before the kernel was asked.
        if os.getppid() != parent:
            os._exit(1)

    return ask_kernel


def wait(child: subprocess.Popen[bytes]) -> int:
    """Wait for a child in the foreground, which gets a Ctrl-C itself and ends in its own way."""
    try:
        while True:
            with suppress(KeyboardInterrupt):
                return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()


def kill_group(leader: int) -> None:
    """Kill whatever is left of a session, for instance the workers of a dead gunicorn."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def call(command: Sequence[object], environment: Mapping[str, str], cwd: object) -> int:
    """Run a child in the foreground and give its exit status."""
    return wait(start(command, environment, cwd=cwd))
