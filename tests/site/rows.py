"""Every row of every table, and what differs between two moments."""

from typing import Any

from flask import Flask

from app.kernel import db

# It moves with every entry, which is compared itself; tests/audit looks at both together.
HEAD = "audit_head"

Rows = dict[tuple[Any, ...], dict[str, Any]]
Difference = tuple[str, str, Any]


def read_rows(app: Flask) -> Rows:
    """Give all rows by table and key, as a new connection sees them."""
    found: Rows = {}
    with app.app_context(), db.database.engine.connect() as connection:
        for table in db.Base.metadata.sorted_tables:
            if table.name == HEAD:
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
