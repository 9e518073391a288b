"""What the site weighs without running: pins, installed files, rooms, navigation."""

import re
from collections.abc import Iterable, Iterator
from importlib import metadata
from importlib.metadata import Distribution, PackageNotFoundError
from pathlib import Path
from statistics import median

from app import FEATURES
from app.kernel.config import ROOT
from app.kernel.permissions import GRANTS, Role

LOCK = ROOT / "requirements" / "runtime.txt"
FONTS = ROOT / ".venv" / "fonts"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)
MEGABYTE = 1_000_000


def list_pins() -> list[str]:
    """Give the names of all pins of the runtime lock, those for other systems included."""
    return PIN.findall(LOCK.read_text(encoding="utf-8"))


def environment_mb() -> float:
    """Sum the installed files of the runtime pins, their compiled bytecode included.

    A pin for another system is not installed here and weighs nothing; what is installed for tests
    is not counted.
    """
    return sum(map(installed_bytes, list_pins())) / MEGABYTE


def installed_bytes(name: str) -> int:
    """Give the bytes on disk of one distribution."""
    try:
        found = metadata.distribution(name)
    except PackageNotFoundError:
        return 0
    return sum(path.stat().st_size for path in set(files_of(found)))


def files_of(distribution: Distribution) -> Iterator[Path]:
    """Give all files of a distribution; bytecode lies beside its source and in no list."""
    for entry in distribution.files or ():
        path = Path(str(distribution.locate_file(entry))).resolve()
        if path.is_file():
            yield path
        if path.suffix == ".py":
            yield from path.parent.glob(f"__pycache__/{path.stem}.cpython-*.pyc")


def fonts_mb() -> float:
    """Give the prepared fonts for PDFs: made at set-up, not downloaded."""
    return sum(size_of(path) for path in FONTS.rglob("*")) / MEGABYTE


def size_of(path: Path) -> int:
    """Give the bytes of a file, nothing for a folder or a link."""
    return path.stat().st_size if path.is_file() and not path.is_symlink() else 0


def lines_by_room() -> dict[str, int]:
    """Count the lines of Python of every room."""
    return {room.name: lines_in((ROOT / "app" / room.name).rglob("*.py")) for room in FEATURES}


def lines_in(paths: Iterable[Path]) -> int:
    """Count lines, blank ones and docstrings included."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def median_lines() -> float:
    """Give the lines of the room in the median."""
    return float(median(lines_by_room().values()))


def navigation_by_role() -> dict[str, int]:
    """Count the entries that each role sees."""
    return {role.value: entries_of(role) for role in Role}


def entries_of(role: Role) -> int:
    """Count the entries that one role opens."""
    return sum(entry.permission in GRANTS[role] for room in FEATURES for entry in room.navigation)
