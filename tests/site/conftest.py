"""The world, made once per engine and put back for each test."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.kernel import db
from tests.conftest import Store
from tests.site import world as worlds
from tests.site.visits import Visit, visit
from tests.site.world import World
from tests.support.database import SqliteStore

_kept: dict[Path, World] = {}


def restore(store: Store) -> World:
    """Give the world on a store that holds the cast; on SQLite the file is kept for the next."""
    if not isinstance(store, SqliteStore):
        with store.app.app_context():
            return worlds.fill()
    file = Path(store.app.config["SITE"].var) / "db"
    copy = file.with_suffix(".world")
    if copy not in _kept:
        with store.app.app_context():
            _kept[copy] = worlds.fill()
            db.database.engine.dispose()
        shutil.copyfile(file, copy)
    else:
        store.reset()
        shutil.copyfile(copy, file)
    return _kept[copy]


@pytest.fixture
def put_back(
    app: Flask, stores: Callable[[str], Store], store_kind: str
) -> Callable[[], World]:
    """Give the way to put the world back in the middle of a test."""
    del app
    return lambda: restore(stores(store_kind))


@pytest.fixture
def world(put_back: Callable[[], World]) -> World:
    """Give the world as it was made."""
    return put_back()


@pytest.fixture
def visiting(app: Flask, world: World) -> Callable[[str], Visit]:
    """Give visitors of the world: a member of the cast, or `anon`."""
    return lambda who: visit(app, world, who)
