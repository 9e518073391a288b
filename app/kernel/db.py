"""Reading and writing, told apart: a read can't write, a write is explicit and short.

`with write():` opens the one write transaction of a request, job or command; it commits at the end
of the block, and only then may anybody be told that something was saved. Everything else reads:
SQLite refuses a write by query_only, PostgreSQL by READ ONLY. On SQLite writes pass the gate.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from pathlib import Path
from typing import Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, Table, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase

from app.kernel.gate import Gate

GATE_TIMEOUT_SECONDS = 5.0
BUSY_TIMEOUT_MS = 5000

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of all tables; one naming convention, so that migrations can name what they change."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


database = SQLAlchemy(
    model_class=Base, session_options={"expire_on_commit": False}, disable_autonaming=True
)
session = database.session

_is_writing: ContextVar[bool] = ContextVar("is_writing", default=False)
_after_commit: ContextVar[list[Callable[[], None]] | None] = ContextVar(
    "after_commit", default=None
)
# What waits for the end of the open write, by the function that finishes it.
_at_end: ContextVar[dict[Callable[[list[Any]], None], list[Any]] | None] = ContextVar(
    "at_end", default=None
)
_gates: dict[str, Gate] = {}


class NestedWriteError(RuntimeError):
    """A write was opened inside a write: the decision and its act belong into one block."""


class AutocommitError(RuntimeError):
    """AUTOCOMMIT was asked for: such a write says 'done' and is rolled back all the same."""


@contextmanager
def write(*, timeout_seconds: float | None = None) -> Iterator[None]:
    """Open the write transaction; commits at the end of the block, rolls back on any exception.

    Objects read before the block are detached: re-read inside what you decide on. No hashing,
    parsing, rendering, file or network work inside. Raises GateTimeoutError when the database
    stays busy (for `timeout_seconds`, by default the gate's own), NestedWriteError inside another
    write.
    """
    if _is_writing.get():
        raise NestedWriteError
    session.close()
    callbacks: list[Callable[[], None]] = []
    unfinished: dict[Callable[[list[Any]], None], list[Any]] = {}
    with _gate(timeout_seconds):
        mode, pending = _is_writing.set(True), _after_commit.set(callbacks)
        ending = _at_end.set(unfinished)
        try:
            yield
            for finish, items in unfinished.items():
                finish(items)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
            _is_writing.reset(mode)
            _after_commit.reset(pending)
            _at_end.reset(ending)
    for callback in callbacks:
        callback()


@contextmanager
def migrating() -> Iterator[None]:
    """Let a migration write through its own connection; it passes the gate like any writer."""
    with _gate():
        mode = _is_writing.set(True)
        try:
            yield
        finally:
            _is_writing.reset(mode)


def insert(table: type[Base] | Table) -> postgresql.Insert:
    """Begin an INSERT that can say ON CONFLICT, for the engine in use; both read alike."""
    if database.engine.dialect.name == "sqlite":
        return cast("postgresql.Insert", sqlite.insert(table))
    return postgresql.insert(table)


def is_writing() -> bool:
    """Tell whether a write transaction is open in this context."""
    return _is_writing.get()


def after_commit(callback: Callable[[], None]) -> None:
    """Call `callback` once the open write has been committed and the gate is free again."""
    pending = _after_commit.get()
    if pending is None:
        message = "after_commit belongs inside db.write()"
        raise RuntimeError(message)
    pending.append(callback)


def at_end(finish: Callable[[list[Any]], None], item: object) -> None:
    """Keep `item` and call `finish`, once, with all of its items, as the last act of the write.

    For what takes a lock that everybody needs: it is held from here to the commit and no longer,
    and never before another lock. Raises RuntimeError outside of a write.
    """
    unfinished = _at_end.get()
    if unfinished is None:
        message = "at_end belongs inside db.write(): this only reads"
        raise RuntimeError(message)
    unfinished.setdefault(finish, []).append(item)


def _gate(timeout_seconds: float | None = None) -> Any:  # noqa: ANN401 - either kind of context manager.
    engine = database.engine
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return nullcontext()
    path = str(Path(engine.url.database).with_suffix(".lock"))
    if path not in _gates:
        _gates.setdefault(path, Gate(Path(path), GATE_TIMEOUT_SECONDS))
    return _gates[path].hold(timeout_seconds)


def init(app: Flask) -> None:
    """Bind the database to the application and put the two modes on its engine."""
    database.init_app(app)
    with app.app_context():
        listen(database.engine)


def listen(engine: Engine) -> None:
    """Put pragmas and the read and write modes on an engine."""
    event.listen(engine, "begin", _begin)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _connect_sqlite)


def _connect_sqlite(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's object.
    del record
    # The driver must not open transactions by itself: _begin decides which kind it is.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        raise AutocommitError
    writing = _is_writing.get()
    if connection.dialect.name == "sqlite":
        # A deferred transaction that turns into a write fails at once when another one writes.
        connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif not writing:
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")
