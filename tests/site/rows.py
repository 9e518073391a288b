"""Every row of every table, and what differs between two moments."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.kernel import db
from tests.site.hall import Hall

# It moves with every entry, which is compared itself; tests/audit looks at both together.
HEAD = "audit_head"

Rows = dict[tuple[Any, ...], dict[str, Any]]
Difference = tuple[str, str, Any]


def read_rows(app: Flask, *, only: Collection[str] | None = None) -> Rows:
    """Give all rows, or those of some tables, by table and key, as a new connection sees them."""
    found: Rows = {}
    with app.app_context(), db.database.engine.connect() as connection:
        for table in db.Base.metadata.sorted_tables:
            if table.name == HEAD or (only is not None and table.name not in only):
                continue
            for row in connection.execute(table.select()):
                values = dict(row._mapping)
                key = (table.name, *(values[column.name] for column in table.primary_key))
                found[key] = values
    return found


def differences(before: Rows, after: Rows) -> list[Difference]:
    """List what differs: (table, `added`, event of a log entry), (table, `changed`, columns)."""
    found = [(key[0], "added", after[key].get("event")) for key in after.keys() - before.keys()]
    found += [(key[0], "removed", None) for key in before.keys() - after.keys()]
    for key in before.keys() & after.keys():
        old, new = before[key], after[key]
        changed = tuple(sorted(name for name in old if old[name] != new[name]))
        if changed:
            found.append((key[0], "changed", changed))
    return sorted(found, key=repr)


@dataclass(frozen=True)
class Standing:
    """What a hall holds when it has just been put back: as the driver gives it, and read."""

    raw: dict[str, list[Any]]
    rows: Rows


# A world is put back to the same rows each time, so they are read once.
_standing: dict[int, Standing] = {}


def read_raw(app: Flask) -> dict[str, list[Any]]:
    """Give each table's rows as the driver gives them: twenty times as quick, good to compare."""
    names = [each.name for each in db.Base.metadata.sorted_tables if each.name != HEAD]
    with app.app_context(), db.database.engine.connect() as connection:
        cursor, found = connection.connection.cursor(), {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - Our own tables.
            found[name] = [tuple(row) for row in cursor.fetchall()]
    return found


def stand(hall: Hall) -> Standing:
    """Give what a hall holds that nobody has used since it was put back."""
    if id(hall.world) not in _standing:
        _standing[id(hall.world)] = Standing(read_raw(hall.app), read_rows(hall.app))
    return _standing[id(hall.world)]


def moved_tables(hall: Hall) -> set[str]:
    """Name the tables that are not as the hall was put back; `stand` came before the act."""
    before, raw = _standing[id(hall.world)].raw, read_raw(hall.app)
    return {name for name in raw if raw[name] != before[name]}


def changes(hall: Hall) -> list[Difference]:
    """List what differs from the hall as it was put back; see `differences`."""
    moved = moved_tables(hall)
    before = {key: row for key, row in stand(hall).rows.items() if key[0] in moved}
    return differences(before, read_rows(hall.app, only=moved))
