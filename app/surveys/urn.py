"""The urn: where names and ballots wait, apart, until a survey is closed. The one door to it.

"Behind one door, durable on its host (rollback journal, FULL, secure_delete; on PostgreSQL a schema
left out of every dump), never in a backup." Two tables without a shared key, time or order. Nothing
leaves it while a survey is open: the copies of the database made meanwhile hold no vote at all
(docs/decisions/032). Whoever opens it holds its lock to the end of the block; the database is
written from inside of that, never the other way round.
"""

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    Text,
    create_engine,
    event,
    select,
)
from sqlalchemy.exc import OperationalError

from app.kernel import db
from app.kernel.config import Config
from app.kernel.gate import GateTimeoutError
from app.kernel.types import canonical_json

EXTENSION = "surveys-urn"
SCHEMA = "urn"
READS = "urn_reads"
KEY_BYTES = 16
PRAGMAS = (
    "PRAGMA busy_timeout=5000",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
)
LOCKS = ("SET LOCAL lock_timeout = 5000", "LOCK TABLE urn.waiting_name IN EXCLUSIVE MODE")

metadata = MetaData(schema=SCHEMA)
names = Table(
    "waiting_name",
    metadata,
    Column("survey", String(16), primary_key=True),
    Column("person_id", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
ballots = Table(
    "waiting_ballot",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("survey", String(16), nullable=False),
    Column("content", Text, nullable=False),
    sqlite_with_rowid=False,
)


@dataclass(frozen=True)
class WaitingBallot:
    """A ballot in the urn: its drawn key, and what was answered as JSON."""

    id: str
    content: str


class Urn:
    """The open urn, locked against everybody else."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def has_name(self, survey: str, person_id: int) -> bool:
        """Tell whether somebody's ballot is in it."""
        found = select(names.c.person_id).where(
            names.c.survey == survey, names.c.person_id == person_id
        )
        return self._connection.execute(found).first() is not None

    def put(self, survey: str, person_id: int, content: object) -> None:
        """Put in a name and, apart from it, a ballot under a key that is drawn here."""
        ballot = {"id": draw_key(), "survey": survey, "content": canonical_json(content)}
        self._add(names, survey, {"survey": survey, "person_id": person_id})
        self._add(ballots, survey, ballot)

    def _add(self, table: Table, survey: str, row: dict[str, Any]) -> None:
        """Add a row so that nothing tells which came last.

        SQLite keeps these tables in the order of their keys. PostgreSQL marks each row with its
        transaction and place: all rows of the survey are written anew, in a drawn order.
        """
        rows = [row]
        if self._connection.dialect.name != "sqlite":
            mine = table.c.survey == survey
            kept = self._connection.execute(select(table).where(mine)).mappings()
            rows += [dict(each) for each in kept]
            self._connection.execute(table.delete().where(mine))
            secrets.SystemRandom().shuffle(rows)
        self._connection.execute(table.insert(), rows)

    def read_names(self, survey: str) -> list[int]:
        """Give whose ballots are in it, in a drawn order."""
        found = select(names.c.person_id).where(names.c.survey == survey)
        return shuffled(self._connection.scalars(found).all())

    def read_ballots(self, survey: str) -> list[WaitingBallot]:
        """Give the ballots, in another drawn order."""
        found = select(ballots.c.id, ballots.c.content).where(ballots.c.survey == survey)
        return shuffled([WaitingBallot(*row) for row in self._connection.execute(found)])

    def list_surveys(self) -> list[str]:
        """Give the surveys of which it holds anything."""
        return sorted(self._connection.scalars(select(names.c.survey).distinct()))

    def empty(self, survey: str) -> None:
        """Destroy what it holds of a survey."""
        for table in (names, ballots):
            self._connection.execute(table.delete().where(table.c.survey == survey))


def draw_key() -> str:
    """Draw the key of a ballot or of an answer in words."""
    return secrets.token_hex(KEY_BYTES)


def shuffled(values: Sequence[Any]) -> list[Any]:
    """Give values in a drawn order."""
    return secrets.SystemRandom().sample(list(values), len(values))


@contextmanager
def opened() -> Iterator[Urn]:
    """Open the urn for one act; what was done holds once the block has ended without an exception.

    Not inside a write of the database. Raises GateTimeoutError when it stays busy.
    """
    if db.is_writing():
        message = "the urn is opened before the database is written, never inside of that"
        raise RuntimeError(message)
    engine = engine_of(current_app)
    if engine.dialect.name == "sqlite":
        make_file(current_app.config["SITE"])
    connection = engine.connect()
    try:
        begin(connection)
        yield Urn(connection)
        connection.commit()
    finally:
        connection.close()


def begin(connection: Connection) -> None:
    """Take the urn's lock; raises GateTimeoutError."""
    try:
        if connection.dialect.name == "sqlite":
            metadata.create_all(connection)
        else:
            for statement in LOCKS:
                connection.exec_driver_sql(statement)
    except OperationalError as busy:
        raise GateTimeoutError from busy


def holds_name(survey: str, person_id: int) -> bool:
    """Tell, without the lock, whether somebody's ballot waits in the urn."""
    engine = engine_of(current_app)
    if engine.dialect.name == "sqlite" and not path_of(current_app.config["SITE"]).exists():
        return False
    try:
        with engine.connect().execution_options(**{READS: True}) as connection:
            return Urn(connection).has_name(survey, person_id)
    except OperationalError:
        # Busy, or made a moment ago and still without tables: the lock's holder asks once more.
        return False


def engine_of(app: Flask) -> Engine:
    """Give the urn's own engine: another file than the database, or another schema of it."""
    if EXTENSION not in app.extensions:
        app.extensions[EXTENSION] = make_engine(app.config["SITE"])
    engine: Engine = app.extensions[EXTENSION]
    return engine


def make_engine(config: Config) -> Engine:
    """Make it; every use is a connection of its own, so that none outlives a fork."""
    if config.database_url.startswith("postgresql"):
        return create_engine(config.database_url, poolclass=NullPool)
    engine = create_engine(f"sqlite:///{path_of(config)}", poolclass=NullPool)
    event.listen(engine, "connect", set_pragmas)
    event.listen(engine, "begin", begin_sqlite)
    return engine.execution_options(schema_translate_map={SCHEMA: None})


def set_pragmas(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's object.
    """Keep the promises of a new connection."""
    del record
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(pragma)


def begin_sqlite(connection: Connection) -> None:
    """Begin with the lock, or for a look without it."""
    reads = connection.get_execution_options().get(READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def path_of(config: Config) -> Path:
    """Where the urn lies, where the site runs on SQLite."""
    return config.var / "urn" / "waiting"


def make_file(config: Config) -> None:
    """Make the urn's file, readable by its owner alone."""
    path = path_of(config)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
