"""Halls, made once per engine and put back for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import db
from tests.conftest import StandingClock, Store
from tests.site import commitments
from tests.site import world as worlds
from tests.site.crowds import crowd
from tests.site.hall import Hall
from tests.site.world import World
from tests.support.database import SqliteStore

# What was made, by store and kind: the world, and its rows on PostgreSQL.
_kept: dict[tuple[int, str], tuple[World, object]] = {}


def fill_crowded() -> World:
    """Make the world with many rows on every list."""
    return crowd(worlds.fill())


def ignore(_job_id: int) -> None:
    """Wake no worker."""


def restore(store: Store, kind: str, fill: Callable[[], World]) -> World:
    """Give a world on a store that holds the cast: made once, put back from a copy afterwards.

    Nobody waits for the queue here: the rows of jobs are the truth, a wake-up may be lost.
    """
    store.app.extensions["wake-worker"] = ignore
    if (id(store), kind) not in _kept:
        store.reset()
        with store.app.app_context():
            world = fill()
            # An open connection would keep what it wrote beside the file.
            db.session.close()
            _kept[id(store), kind] = (world, keep(store, kind))
    world, rows = _kept[id(store), kind]
    if isinstance(store, SqliteStore):
        store.reset(copy_of(store, kind))
    else:
        cast_rows, store._rows = store._rows, rows
        store.reset()
        store._rows = cast_rows
    with store.app.app_context():
        worlds.put_slips()
        worlds.put_photos()
        worlds.put_copy()
        worlds.put_package()
        commitments.put_files()
    return world


def keep(store: Store, kind: str) -> object:
    """Copy the file, or read all rows where there is none."""
    db.database.engine.dispose()
    if not isinstance(store, SqliteStore):
        return store._read_all()
    shutil.copyfile(file_of(store), copy_of(store, kind))
    return None


def file_of(store: Store) -> Path:
    """Where the database lies."""
    return Path(store.app.config["SITE"].var) / "db"


def copy_of(store: Store, kind: str) -> Path:
    """Where the copy of a world lies."""
    return file_of(store).with_suffix(f".{kind}")


Make = Callable[[str, Callable[[], World]], Hall]


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    stores: Callable[[str], Store],
    store_kind: str,
    now: StandingClock,
) -> Flask:
    """Give the site on a fresh database that holds the cast, unless a hall takes its place."""
    del now
    store = stores(store_kind)
    if "make_hall" not in request.fixturenames:
        store.reset()
    return store.app


@pytest.fixture
def make_hall(app: Flask, stores: Callable[[str], Store], store_kind: str) -> Make:
    """Give the way to make a hall of some kind."""

    def make(kind: str, fill: Callable[[], World]) -> Hall:
        def put_back() -> World:
            return restore(stores(store_kind), kind, fill)

        return Hall(app, put_back, put_back())

    return make


@pytest.fixture
def hall(make_hall: Make) -> Hall:
    """Give the hall of the world."""
    return make_hall("world", worlds.fill)


@pytest.fixture
def crowded(make_hall: Make) -> Hall:
    """Give the hall with many rows on every list."""
    return make_hall("crowd", fill_crowded)
