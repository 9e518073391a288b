"""The demonstration, filled once for all that look at it: filling it takes longer than a test."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.kernel import db
from tests.support.server import NOT_COPIED, Hall, make_app, make_demo_hall

DAY = date(2026, 11, 20)


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Give the folder of a filled demonstration; the first of several workers fills it."""
    base = tmp_path_factory.getbasetemp()
    root = base if worker_id == "master" else base.parent
    var, done = root / "demonstration", root / "demonstration.done"
    with (root / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            made = make_demo_hall(var, "--date", DAY.isoformat())
            with made.app.app_context():
                db.database.engine.dispose()
            done.touch()
    return var


@pytest.fixture(scope="session")
def copy_demonstration(demonstration: Path) -> Callable[[Path], Hall]:
    """Give the way to a demonstration of one's own."""

    def copy(var: Path) -> Hall:
        shutil.copytree(demonstration, var, ignore=NOT_COPIED)
        return Hall(var, make_app(var), is_demo=True)

    return copy


@pytest.fixture(scope="module")
def hall(
    tmp_path_factory: pytest.TempPathFactory, copy_demonstration: Callable[[Path], Hall]
) -> Iterator[Hall]:
    """Give the demonstration; nobody changes it for the other tests of a file but by entering."""
    made = copy_demonstration(tmp_path_factory.mktemp("demo") / "var")
    yield made
    with made.app.app_context():
        db.database.engine.dispose()
