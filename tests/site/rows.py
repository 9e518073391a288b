"""Every row of every table, and what differs between two moments."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from flask import Flask

from app.kernel import db
from app.questions.key_reading import OBJECT
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


def is_key_read(row: dict[str, Any]) -> bool:
    """Tell whether a row says that somebody got to see keys: once an hour, whichever page it was.

    The pages that do so stand in records.KEYS; each is looked at in test_reads_write_nothing.py.
    """
    return row.get("object_type") == OBJECT


def differences(before: Rows, after: Rows) -> list[Difference]:
    """List what differs: (table, `added`, event of a log entry), (table, `changed`, columns)."""
    added = [key for key in after.keys() - before.keys() if not is_key_read(after[key])]
    found = [(key[0], "added", after[key].get("event")) for key in added]
    found += [(key[0], "removed", None) for key in before.keys() - after.keys()]
    for key in before.keys() & after.keys():
        old, new = before[key], after[key]
        changed = tuple(sorted(name for name in old if old[name] != new[name]))
        if changed:
            found.append((key[0], "changed", changed))
    return sorted(found, key=repr)


# What each world holds when it has just been put back: as the driver gives it, by table.
Raw = dict[str, list[tuple[Any, ...]]]
_standing: dict[int, Raw] = {}


def read_raw(app: Flask) -> Raw:
    """Give each table's rows as the driver gives them: twenty times as quick, good to compare."""
    names = [each.name for each in db.Base.metadata.sorted_tables if each.name != HEAD]
    with app.app_context(), db.database.engine.connect() as connection:
        cursor, found = connection.connection.cursor(), {}
        for name in names:
            cursor.execute(f'SELECT {columns_of(name)} FROM "{name}"')  # noqa: S608 - Our own.
            found[name] = cursor.fetchall()
    return found


def columns_of(name: str) -> str:
    """Give a table's columns as a statement names them."""
    return ", ".join(f'"{each.name}"' for each in db.Base.metadata.tables[name].columns)


def stand(hall: Hall) -> Raw:
    """Give what a hall holds that nobody has used since it was put back; it is read once."""
    if id(hall.world) not in _standing:
        _standing[id(hall.world)] = read_raw(hall.app)
    return _standing[id(hall.world)]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Rows of one table that are not as the hall was put back, as the driver gives them."""

    table: str
    before: Rows
    after: Rows


def moved(hall: Hall) -> list[Moved]:
    """List what is not as the hall was put back; `stand` came before the act."""
    before, after = stand(hall), read_raw(hall.app)
    return [
        Moved(
            table=name,
            before=named(name, without(before[name], after[name])),
            after=named(name, without(after[name], before[name])),
        )
        for name in after
        if after[name] != before[name]
    ]


def without(rows: list[tuple[Any, ...]], others: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Leave out the rows that stand in another list as well."""
    try:
        known = set(others)
    except TypeError:  # A column of JSON, where the driver reads it.
        written = {repr(each) for each in others}
        return [each for each in rows if repr(each) not in written]
    return [each for each in rows if each not in known]


def named(name: str, rows: list[tuple[Any, ...]]) -> Rows:
    """Give a table's rows by table and key, with the names of their columns."""
    table, found = db.Base.metadata.tables[name], {}
    for row in rows:
        values = dict(zip(table.columns.keys(), row, strict=True))
        found[name, *(values[column.name] for column in table.primary_key)] = values
    return found


def changes(hall: Hall) -> list[Difference]:
    """List what differs from the hall as it was put back; see `differences`."""
    found = [each for table in moved(hall) for each in differences(table.before, table.after)]
    return sorted(found, key=repr)
