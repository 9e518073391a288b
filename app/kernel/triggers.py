"""Database triggers, kept in one registry so that rebuilding a table can't lose one silently.

Alembic sees no triggers: they are all made anew at every `db-upgrade`, and a test compares the
database with the registry.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, text

from app.kernel.feature import Trigger

REFUSE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def create(connection: Connection, triggers: Iterable[Trigger]) -> None:
    """Create triggers on either engine, replacing those of the same name."""
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        connection.execute(text(REFUSE_FUNCTION))
    for each in triggers:
        on_table = "" if is_sqlite else f" ON {each.table}"
        connection.execute(text(f"DROP TRIGGER IF EXISTS {each.name}{on_table}"))
        connection.exec_driver_sql(each.sqlite if is_sqlite else each.postgres)


def refuse_change(
    name: str, table: str, events: str, message: str, when: str = ""
) -> list[Trigger]:
    """Build one trigger for each event (`UPDATE`, `DELETE`, `INSERT`, `UPDATE OF a, b`).

    `when` is a condition on OLD or NEW without subqueries; for those write the Trigger out.
    """
    return [
        _refuse(f"{name}_{event.split()[0].lower()}", table, event, message, when)
        for event in events.split("; ")
    ]


def _refuse(name: str, table: str, event: str, message: str, when: str) -> Trigger:
    condition = f" WHEN ({when})" if when else ""
    head = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{condition}"
    return Trigger(
        name=name,
        table=table,
        sqlite=f"{head} BEGIN SELECT RAISE(ABORT, '{message}'); END",
        postgres=f"{head} EXECUTE FUNCTION refuse('{message}')",
    )


def refuse_if_exists(name: str, table: str, event: str, message: str, condition: str) -> Trigger:
    """Build a trigger that refuses when a query finds a row; `condition` may read NEW (or OLD)."""
    row = "OLD" if event == "DELETE" else "NEW"
    function = f"{name}_check"
    head = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW"
    return Trigger(
        name=name,
        table=table,
        sqlite=f"{head} WHEN EXISTS ({condition}) BEGIN SELECT RAISE(ABORT, '{message}'); END",
        postgres=(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN IF EXISTS ({condition}) THEN RAISE EXCEPTION '{message}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            f"RETURN {row}; END $$; {head} EXECUTE FUNCTION {function}()"
        ),
    )


def keep_log(name: str, table: str, event: str, log: str, columns: str) -> Trigger:
    """Build a trigger that keeps each new state of a row in a log; it costs no further statement.

    `columns` are those of both tables, with commas between.
    """
    values = ", ".join(f"NEW.{column.strip()}" for column in columns.split(","))
    insert = f"INSERT INTO {log} ({columns}) VALUES ({values})"  # noqa: S608 - constants.
    head = f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW"
    function = f"{name}_log"
    return Trigger(
        name=name,
        table=table,
        sqlite=f"{head} BEGIN {insert}; END",
        postgres=(
            f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$ "
            f"BEGIN {insert}; RETURN NULL; END $$; {head} EXECUTE FUNCTION {function}()"
        ),
    )
