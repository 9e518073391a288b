"""What stood in the log before it was a chain is chained by the migration, on both engines."""

import os

import pytest
from flask_migrate import Migrate, upgrade
from sqlalchemy import text
from sqlalchemy.engine import make_url

from app import create_app
from app.home.commands import MIGRATIONS
from app.kernel import config, db
from tests.audit.factories import entries, head, outcome
from tests.conftest import POSTGRES
from tests.support.database import run_alone, writing

BEFORE = "002"
ROWS = [
    (1, "accounts.signed_in", None, "", "{}"),
    (2, "accounts.sign_in_failed", 1, "", '{"failures":1}'),
    # PostgreSQL left a gap wherever a write had failed.
    (5, "workdays.day_changed", 1, "2026-10-01", '{"after":{"name":"国庆"},"before":null}'),
]


@pytest.fixture
def url(store_kind, tmp_path):
    if store_kind == "sqlite":
        yield f"sqlite:///{tmp_path / 'db'}"
        return
    name = f"old_{os.getpid()}_{id(tmp_path)}"
    run_alone(POSTGRES, f'CREATE DATABASE "{name}"')
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    run_alone(POSTGRES, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.db
def test_entries_of_before_are_chained_in_their_order(url, tmp_path):
    env = {"CLEAN_WINDOW_VAR": str(tmp_path), "DATABASE_URL": url}
    settings = config.read_config(env)
    config.prepare_var(settings)
    site = create_app(settings)
    with site.app_context():
        Migrate(site, db.database, directory=str(MIGRATIONS))
        upgrade(directory=str(MIGRATIONS), revision=BEFORE)
        db.database.engine.dispose()
        fill()
    result = site.test_cli_runner().invoke(args=["db-upgrade"])
    assert result.exit_code == 0, result.output
    with site.app_context():
        check(entries())
        assert head().seq == 3
        assert outcome() == ("intact", None)
        db.session.close()
        db.database.engine.dispose()


def fill():
    """Write what the log of that time held."""
    with writing(), db.database.engine.begin() as connection:
        connection.execute(text("INSERT INTO department (id, name, position) VALUES (1, '甲', 1)"))
        connection.execute(
            text(
                "INSERT INTO person (id, staff_number, name, name_key, department_id, post,"
                " joined_on) VALUES (1, 'A1', '甲乙', 'jia yi', 1, '', '2026-01-01')"
            )
        )
        for seq, event, person_id, object_id, data in ROWS:
            connection.execute(
                text(
                    "INSERT INTO audit_entry (seq, at, event, person_id, request_id, address,"
                    " object_type, object_id, data) VALUES (:seq, '2026-10-01 01:02:03.000004',"
                    " :event, :person, 'r', '10.0.0.1', 'x', :object, :data)"
                ),
                {
                    "seq": seq,
                    "event": event,
                    "person": person_id,
                    "object": object_id,
                    "data": data,
                },
            )


def check(found):
    assert [each.seq for each in found] == [1, 2, 3]
    assert [each.result.value for each in found] == ["done", "failed", "done"]
    assert [each.event.value for each in found] == [row[1] for row in ROWS]
    assert found[2].data == {"after": {"name": "国庆"}, "before": None}
    assert [each.acted_as for each in found] == [""] * 3
