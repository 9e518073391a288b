"""A hall of real processes for each file of fault tests, and how often they strike."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.server import Hall, drop_database, make_hall, make_template

POSTGRES = os.environ.get("TEST_POSTGRES_URL")
IS_LONG = os.environ.get("LONG") == "1"


@pytest.fixture(scope="session")
def kills() -> int:
    """How often a storm kills the server."""
    return int(os.environ.get("KILLS", "100" if IS_LONG else "10"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated data directory with the cast."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="module")
def open_hall(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Hall]]:
    """Make halls, `open_hall("sqlite")` or `open_hall("postgres")`, that end with the file of tests."""
    made: list[Hall] = []

    def make(kind: str, **options: object) -> Hall:
        var = tmp_path_factory.mktemp(f"{kind}-hall") / f"var-{kind}-{len(made)}"
        hall = make_hall(
            template, var, postgres=POSTGRES if kind == "postgres" else None, **options
        )
        made.append(hall)
        return hall

    yield make
    for hall in made:
        hall.stop()
        if not hall.url.startswith("sqlite"):
            drop_database(hall, POSTGRES or "")
