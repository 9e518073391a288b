"""Where the checkout lies, what manage says, and how it gives up."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOT_POSSIBLE_HERE = 3
"""Exit status when the machine lacks something that manage may not install itself."""


class Refusal(Exception):  # noqa: N818 - an answer to the user, no programming error.
    """Ends manage with a sentence for the user and an exit status, without a traceback."""

    def __init__(self, message: str, status: int = 1) -> None:
        super().__init__(message)
        self.status = status


def say(message: str) -> None:
    """Tell the user on stderr: stdout belongs to the one JSON document of a `--json` verb."""
    print(message, file=sys.stderr, flush=True)


def succeeds(
    command: Sequence[object],
    environment: Mapping[str, str] | None = None,
    cwd: Path = ROOT,
) -> bool:
    """Run a command of the set-up, its output on stderr, and say whether it exited with 0."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(words, env=environment, cwd=cwd, stdout=sys.stderr, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0
