"""check and lock: the verbs of developers that need no database server and no browser."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

from manage_parts.console import ROOT, Refusal, say, succeeds
from manage_parts.environment import LOCKS, PYTHON, fetched_uv, uv_environment
from manage_parts.serving import flask

LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command as f; sys.exit(f())"
# Through the interpreter and not through .venv/bin/NAME, whose first line holds an absolute path
# and breaks when the checkout moves.
CHECKS: Mapping[str, Sequence[object]] = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "import-linter": [PYTHON, "-c", LINT_IMPORTS],
    "djlint": [PYTHON, "-m", "djlint", "templates", "--lint"],
    "migrations": flask("db-check"),
}
COMPILE = ("pip", "compile", "--quiet", "--generate-hashes", "--universal", "--python-version")


def check() -> int:
    """Run every check, whatever the others said; 1 if any failed."""
    with tempfile.TemporaryDirectory(prefix="cw-check-") as var:
        environment = dict(os.environ, CLEAN_WINDOW_VAR=var)
        verdicts = [passes(name, command, environment) for name, command in CHECKS.items()]
    return 0 if all(verdicts) else 1


def passes(name: str, command: Sequence[object], environment: Mapping[str, str]) -> bool:
    """Run one check and print its verdict, and above it what a failed one had to say."""
    began, words = time.monotonic(), [str(word) for word in command]
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    if done.returncode:
        sys.stdout.write(done.stdout.decode(errors="replace"))
    verdict = "未通过" if done.returncode else "通过"
    sys.stdout.write(f"{verdict}  {name}  {time.monotonic() - began:.1f} s\n")
    sys.stdout.flush()
    return done.returncode == 0


def lock(arguments: list[str]) -> int:
    """Make the locks anew from the .in files; `--upgrade` takes newer releases."""
    with fetched_uv() as uv:
        if uv is None:
            raise Refusal("取不到 uv，无法重做锁文件。")
        # Develop after runtime and bound by it: both environments run the same releases.
        for name, bound in (("uv", []), ("runtime", []), ("develop", ["-c", "runtime.txt"])):
            words = [uv, *COMPILE, "3.11", *arguments, f"{name}.in", *bound, "-o", f"{name}.txt"]
            environment = uv_environment() | {"UV_CUSTOM_COMPILE_COMMAND": "./manage lock"}
            if not succeeds(words, environment, LOCKS):
                raise Refusal(f"没能重做 {name}.txt，原因见上。")
    say("锁文件已重做：requirements/*.txt")
    return 0
