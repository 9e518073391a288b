"""test: the whole set-up, one PostgreSQL for all, and pytest in as few calls as pay."""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from manage_parts import old_chromium, postgres, processes
from manage_parts.console import ROOT
from manage_parts.environment import PYTHON

ROUNDS = {False: "200", True: "2000"}
# One more than the cores: tests that kill and cut wait more than they work.
SPREAD = ("-n", "3", "--dist", "loadfile")
BROWSER_SPREAD = ("-n", "2", "--dist", "loadfile")
BROWSER_TESTS = ROOT / "tests" / "browser"
NO_TEST_COLLECTED = 5
# Where Linux keeps files in memory, and how much must be free there: all tests need about a third.
MEMORY, MEMORY_BYTES = Path("/dev/shm"), 6 * 2**30  # noqa: S108


@dataclass(frozen=True)
class Request:
    """What the command line asks for."""

    paths: Sequence[str]
    extra: Sequence[str]
    is_long: bool
    is_for_old_chromium: bool


def test(request: Request) -> int:
    """Run the tests that are named, or all."""
    environment = test_environment(is_long=request.is_long)
    if request.is_for_old_chromium:
        environment["OLD_CHROMIUM"] = str(old_chromium.ensure())
    with postgres.cluster() as url, folder_in_memory() as folder:
        environment |= {"TEST_POSTGRES_URL": url} | folder
        runs = [[*call, *request.extra] for call in calls(request.paths)]
        return worst([run_pytest(words, environment) for words in runs])


@contextmanager
def folder_in_memory() -> Iterator[dict[str, str]]:
    """Tell pytest to keep its folders in memory where there is room, and empty them at the end.

    Each of a hundred thousand commits waits for a disk otherwise; what a flush is worth is looked
    at by tests that trace it or kill the site, not by waiting.
    """
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < MEMORY_BYTES:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="cw-", dir=MEMORY, ignore_cleanup_errors=True) as root:
        yield {"PYTEST_DEBUG_TEMPROOT": root}


def read_arguments(arguments: list[str]) -> Request:
    """Read the command line; what follows `--` goes to pytest as it is."""
    ours, extra = split_at_dashes(arguments)
    options = parser().parse_args(ours)
    return Request(options.paths, extra, options.long, options.old_chromium)


def parser() -> argparse.ArgumentParser:
    """Describe the options."""
    made = argparse.ArgumentParser(prog="manage test", add_help=False)
    made.add_argument("--long", action="store_true")
    made.add_argument("--old-chromium", action="store_true")
    made.add_argument("paths", nargs="*", metavar="PATH")
    return made


def split_at_dashes(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Divide our words from those for pytest."""
    if "--" not in arguments:
        return arguments, []
    cut = arguments.index("--")
    return arguments[:cut], arguments[cut + 1 :]


def test_environment(*, is_long: bool) -> dict[str, str]:
    """Leave out whatever could lead a test to a real site; ROUNDS from outside is respected."""
    kept = {name: value for name, value in os.environ.items() if not is_of_a_site(name)}
    return {"ROUNDS": ROUNDS[is_long]} | kept | ({"LONG": "1"} if is_long else {})


def is_of_a_site(name: str) -> bool:
    """Whether an environment variable configures a site."""
    return name in {"DATABASE_URL", "FILES_URL"} or name.startswith("CLEAN_WINDOW_")


def calls(paths: Sequence[str]) -> Iterator[list[str]]:
    """List the arguments of each call of pytest.

    Browser tests come after the others, by two workers with a browser and a server each: pages
    wait more than they work (600 s by one, 409 s by two, measured on two cores).
    """
    if paths:
        named = [located(path) for path in paths]
        yield [*([] if is_one_file(named) else SPREAD), *named]
        return
    yield [*SPREAD, f"--ignore={BROWSER_TESTS}"]
    if BROWSER_TESTS.is_dir():
        yield [*BROWSER_SPREAD, str(BROWSER_TESTS)]


def located(path: str) -> str:
    """Read a path `file::test` from the folder in which it was typed, or else from the tree."""
    file, colons, test_name = path.partition("::")
    place = Path(file).absolute() if Path(file).exists() else ROOT / file
    return f"{place}{colons}{test_name}"


def is_one_file(paths: Sequence[str]) -> bool:
    """Whether there is nothing to spread over two cores."""
    return len(paths) == 1 and not Path(paths[0]).is_dir()


def run_pytest(words: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run pytest in the foreground."""
    sys.stdout.flush()
    return processes.call([PYTHON, "-m", "pytest", *words], environment, cwd=ROOT)


def worst(statuses: Sequence[int]) -> int:
    """Join exit statuses: a call that had no test to run counts only if no other had one."""
    counted = [status for status in statuses if status != NO_TEST_COLLECTED] or list(statuses)
    # A call that was killed by a signal has a negative status.
    return max((abs(status) for status in counted), default=NO_TEST_COLLECTED)
