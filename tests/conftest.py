"""Fixtures of all tests. A test marked `db` runs on SQLite and, where `./manage test` has started
one, on PostgreSQL; every test has a fresh database with the cast, and a clock that stands still.
"""

import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import clock
from tests.support.database import PostgresStore, SqliteStore
from tests.support.pages import Browser, sign_in

POSTGRES = os.environ.get("TEST_POSTGRES_URL")
ROUNDS = int(os.environ.get("ROUNDS", "200"))
# A Friday morning in the hall: an ordinary working day.
NOW = clock.from_local(datetime(2026, 11, 20, 10, 0))  # noqa: DTZ001 - from_local gives the zone.

Store = SqliteStore | PostgresStore


class StandingClock:
    """A clock that moves only when a test moves it."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def move(self, **distance: float) -> datetime:
        """Move the clock, as in `move(minutes=5)`."""
        self.now += timedelta(**distance)
        return self.now


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests marked `db` on both engines, those marked `other_db` where there is a second one.

    The latter stand beside tests that say the same on SQLite, in more detail.
    """
    if "store_kind" in metafunc.fixturenames:
        kinds = ["sqlite"]
        if POSTGRES and metafunc.definition.get_closest_marker("db") is not None:
            kinds = ["sqlite", "postgres"]
        elif POSTGRES and metafunc.definition.get_closest_marker("other_db") is not None:
            kinds = ["postgres"]
        metafunc.parametrize("store_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Store]]:
    """Make each engine's application once, at its first use."""
    made: dict[str, Store] = {}

    def make(kind: str) -> Store:
        if kind not in made:
            var = Path(tmp_path_factory.mktemp(f"var-{kind}"))
            made[kind] = (
                SqliteStore(var) if kind == "sqlite" else PostgresStore(var, POSTGRES or "")
            )
        return made[kind]

    yield make
    for store in made.values():
        if isinstance(store, PostgresStore):
            store.drop()


@pytest.fixture
def now() -> Iterator[StandingClock]:
    """Let the site's clock stand at a working day's morning; a test may move it."""
    standing = StandingClock(NOW)
    clock.set_source(lambda: standing.now)
    yield standing
    clock.set_source(None)


@pytest.fixture
def app(stores: Callable[[str], Store], store_kind: str, now: StandingClock) -> Flask:
    """Give the site on a fresh database that holds the cast."""
    del now
    store = stores(store_kind)
    store.reset()
    return store.app


@pytest.fixture
def browse(app: Flask) -> Callable[[str | None], Browser]:
    """Give browsers: `browse("clerk")` has that person's session, `browse(None)` has none."""
    return lambda who: sign_in(app, who)


@pytest.fixture
def rounds() -> int:
    """Give how often a random test is to draw."""
    return ROUNDS
