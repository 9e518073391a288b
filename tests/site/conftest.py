"""Halls, made once per engine and put back for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import db
from tests.conftest import Store
from tests.site import world as worlds
from tests.site.crowds import crowd
from tests.site.hall import Hall
from tests.site.world import World
from tests.support.database import SqliteStore

_kept: dict[Path, World] = {}


def fill_crowded() -> World:
    """Make the world with many rows on every list."""
    return crowd(worlds.fill())


def ignore(_job_id: int) -> None:
    """Wake no worker."""


def restore(store: Store, kind: str, fill: Callable[[], World]) -> World:
    """Give a world on a store that holds the cast; on SQLite its file is kept for the next.

    Nobody waits for the queue here: the rows of jobs are the truth, a wake-up may be lost.
    """
    store.app.extensions["wake-worker"] = ignore
    store.reset()
    if not isinstance(store, SqliteStore):
        with store.app.app_context():
            return fill()
    file = Path(store.app.config["SITE"].var) / "db"
    copy = file.with_suffix(f".{kind}")
    if copy not in _kept:
        with store.app.app_context():
            _kept[copy] = fill()
            # An open connection would keep what it wrote beside the file.
            db.session.close()
            db.database.engine.dispose()
        shutil.copyfile(file, copy)
    shutil.copyfile(copy, file)
    return _kept[copy]


Make = Callable[[str, Callable[[], World]], Hall]


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
