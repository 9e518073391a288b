"""A fresh database for every test in about 4 ms: a copied file on SQLite, DELETE on PostgreSQL.

Templates are made by migrating, never by create_all, and hold the cast. No savepoints: they would
hide a write by GET, and a live server could not see them.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate, upgrade
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import create_app
from app.home.commands import MIGRATIONS
from app.kernel import config, db
from app.surveys import urn
from tests.support import cast

MODE = {"CLEAN_WINDOW_DEMO": "1", "CLEAN_WINDOW_PLAIN_HTTP": "1"}


def make_app(var: Path, url: str | None = None) -> Flask:
    """Build the site on its own data directory and bring its database to the head."""
    env = {**MODE, "CLEAN_WINDOW_VAR": str(var)}
    if url:
        env["DATABASE_URL"] = url
    settings = config.read_config(env)
    config.prepare_var(settings)
    app = create_app(settings)
    app.testing = True
    result = app.test_cli_runner().invoke(args=["db-upgrade"])
    if result.exception and result.exit_code != 0:
        raise result.exception
    return app


@contextmanager
def site_at(revision: str, var: Path, postgres: str | None = None) -> Iterator[Flask]:
    """Give a site whose database stands at an older migration, inside its application context."""
    env, name = {**MODE, "CLEAN_WINDOW_VAR": str(var)}, f"old_{os.getpid()}_{id(var)}"
    if postgres:
        run_alone(postgres, f'CREATE DATABASE "{name}"')
        url = make_url(postgres).set(database=name)
        env["DATABASE_URL"] = url.render_as_string(hide_password=False)
    settings = config.read_config(env)
    config.prepare_var(settings)
    app = create_app(settings)
    with app.app_context():
        Migrate(app, db.database, directory=str(MIGRATIONS))
        upgrade(directory=str(MIGRATIONS), revision=revision)
        db.database.engine.dispose()
        yield app
        db.session.remove()
        db.database.engine.dispose()
    if postgres:
        run_alone(postgres, f'DROP DATABASE "{name}" WITH (FORCE)')


class SqliteStore:
    """One application on SQLite, whose database file is copied anew for each test."""

    def __init__(self, var: Path) -> None:
        self.app = make_app(var)
        with self.app.app_context():
            cast.fill()
            db.database.engine.dispose()
        self._file = var / "db"
        self._template = var / "db.template"
        shutil.copyfile(self._file, self._template)

    def reset(self, template: Path | None = None) -> None:
        """Give the application a fresh copy of the template, or of another file."""
        forget_heads(self.app)
        with self.app.app_context():
            db.database.engine.dispose()
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        # The urn belongs to no copy: what waits in it was put there by another test.
        shutil.rmtree(self._file.with_name("urn"), ignore_errors=True)
        shutil.copyfile(template or self._template, self._file)


class PostgresStore:
    """One application on a PostgreSQL database of its own; the cast is put back for each test."""

    def __init__(self, var: Path, server: str) -> None:
        self._url = make_url(server).set(database=f"test_{os.getpid()}_{id(self)}")
        self._server = server
        run_alone(server, f'CREATE DATABASE "{self._url.database}"')
        self.app = make_app(var, self._url.render_as_string(hide_password=False))
        with self.app.app_context():
            cast.fill()
            self._rows = self._read_all()
            self._sequences = self._read_sequences()

    def _read_all(self) -> dict[str, list[dict[str, object]]]:
        with db.database.engine.connect() as connection:
            return {
                table.name: [dict(row._mapping) for row in connection.execute(table.select())]
                for table in db.Base.metadata.sorted_tables
            }

    def reset(self) -> None:
        """Empty every table without firing triggers, then put the template's rows back."""
        forget_heads(self.app)
        tables = db.Base.metadata.sorted_tables
        emptied = "; ".join(str(table.delete()) for table in (*tables, *urn.metadata.sorted_tables))
        with self.app.app_context(), writing(), db.database.engine.begin() as connection:
            connection.exec_driver_sql(f"SET session_replication_role = replica; {emptied}")
            for table in tables:
                if self._rows[table.name]:
                    connection.execute(table.insert(), self._rows[table.name])
            connection.exec_driver_sql(f"SELECT {self._restarts()}")
            connection.execute(text("SET session_replication_role = origin"))

    def _restarts(self) -> str:
        """Give the calls that let every sequence go on behind the rows of its table."""
        calls = []
        for (table, column), sequence in self._sequences.items():
            highest = max((row[column] for row in self._rows[table]), default=0)
            calls.append(f"setval('{sequence}', {max(highest, 1)}, {highest > 0})")
        return ", ".join(calls)

    def _read_sequences(self) -> dict[tuple[str, str], str]:
        """Find the sequences, once: asking takes as long as putting the rows back."""
        keys = [
            (table.name, column.name)
            for table in db.Base.metadata.sorted_tables
            for column in table.primary_key
        ]
        asked = text("SELECT pg_get_serial_sequence(:table, :column)")
        with db.database.engine.connect() as connection:
            found = {
                key: connection.scalar(asked, {"table": key[0], "column": key[1]}) for key in keys
            }
        return {key: name for key, name in found.items() if name}

    def drop(self) -> None:
        """Remove the database."""
        with self.app.app_context():
            db.database.engine.dispose()
            self.app.extensions["close-queue"]()
        run_alone(self._server, f'DROP DATABASE "{self._url.database}" WITH (FORCE)')


@contextmanager
def writing() -> Iterator[None]:
    """Let the test's own connections write, as a migration does."""
    with db.migrating():
        yield


def forget_heads(app: Flask) -> None:
    """Throw away heads of the log that were kept outside of a database that is gone."""
    shutil.rmtree(app.config["SITE"].var / "heads", ignore_errors=True)


def run_alone(server: str, statement: str) -> None:
    """Run a statement that PostgreSQL takes outside of transactions only."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def digest() -> str:
    """Hash all rows of all tables as a new connection sees them; inside an application context."""
    result = hashlib.sha256()
    with db.database.engine.connect() as connection:
        for table in db.Base.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in connection.execute(table.select()))
            result.update(repr((table.name, rows)).encode())
    return result.hexdigest()
