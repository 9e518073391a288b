"""Work on files from outside, done in a child process with limits of memory, time and output.

A hostile file breaks at most its child: the process that asks never opens it. The child has none
of this process's environment, can write no file, and works on one file only.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

APP = Path(__file__).resolve().parents[1]
TURN_SECONDS = 20
# The first byte of an answer.
DONE, REFUSED = b"+", b"-"

# Running `app` would import the whole site into the child; it needs two modules of it.
_START = """
import sys, types
folder, memory, seconds, module, options = sys.argv[1:]
for name, path in (("app", folder), ("app.kernel", folder + "/kernel")):
    package = sys.modules[name] = types.ModuleType(name)
    package.__path__ = [path]
from app.kernel.children import limit, serve
limit(int(memory), int(seconds))
serve(module, options, sys.stdin.buffer, sys.stdout.buffer)
"""

# One at a time in each process: its memory is bounded, and so is that of all of them together.
_turn = threading.Lock()


class ChildRefusedError(Exception):
    """The child looked at the file and refuses it; the message says what to do."""


class ChildBrokenError(Exception):
    """The file broke the child or its limits; the message is for the log."""


class ChildBusyError(Exception):
    """Other files are being worked on; come again later."""


def run(
    module: str, content: bytes, *, memory: int, seconds: int, options: Mapping[str, Any]
) -> bytes:
    """Give what `work(content, options)` of a module of the kernel gives, done in a child.

    `memory` in bytes bounds its address space, `seconds` its processor time and, doubled, its
    whole time. Raises ChildRefusedError, ChildBrokenError, ChildBusyError.
    """
    if not _turn.acquire(timeout=TURN_SECONDS):
        raise ChildBusyError
    try:
        answer = _ask(module, content, (str(APP), str(memory), str(seconds)), options, seconds * 2)
    finally:
        _turn.release()
    if answer.startswith(REFUSED):
        raise ChildRefusedError(answer[1:].decode())
    return answer[1:]


def _ask(
    module: str,
    content: bytes,
    arguments: tuple[str, ...],
    options: Mapping[str, Any],
    seconds: float,
) -> bytes:
    command = (sys.executable, "-I", "-c", _START, *arguments, module, json.dumps(dict(options)))
    try:
        done = subprocess.run(
            command,
            input=content,
            capture_output=True,
            timeout=seconds,
            check=False,
            env={"LANG": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        raise ChildBrokenError(f"{module}: not done within {seconds:g} s") from error
    if done.returncode or done.stdout[:1] not in {DONE, REFUSED}:
        reason = done.stderr.decode(errors="replace")[-500:]
        raise ChildBrokenError(f"{module} ended with status {done.returncode}: {reason}")
    return done.stdout


def limit(memory: int, seconds: int) -> None:  # pragma: no cover  It would bound the tests.
    """Bound this process: memory, processor time, no files written, no core left behind."""
    import resource  # noqa: PLC0415 - only the child wants it.

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def serve(module: str, options: str, source: IO[bytes], target: IO[bytes]) -> None:
    """Work on what comes in and write the answer; anything unforeseen ends the child."""
    from importlib import import_module  # noqa: PLC0415 - only the child wants it.

    work: Callable[[bytes, Mapping[str, Any]], bytes] = import_module(module).work
    try:
        answer = DONE + work(source.read(), json.loads(options))
    except ChildRefusedError as refused:
        answer = REFUSED + str(refused).encode()
    target.write(answer)
