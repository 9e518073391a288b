"""Reads access.csv, the reviewed table of who gets which answer where."""

import csv
from pathlib import Path

WHO = (
    *("anon", "staff", "other", "clerk", "chief", "sysadmin", "secadmin", "auditor"),
    *("lead", "inspector", "branch", "officer", "office", "leader", "discipline"),
)

Row = dict[str, str]


def read_table() -> list[Row]:
    path = Path(__file__).with_name("access.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLE = read_table()
GETS = [row for row in TABLE if row["method"] == "GET"]
POSTS = [row for row in TABLE if row["method"] == "POST"]


def name_of(row: Row) -> str:
    """Name the case of a test."""
    return f"{row['method']} {row['endpoint']} {row['object']}".strip()


def status_of(row: Row, who: str, *, is_fragment: bool = False) -> int:
    """Give the status that the table wants: a cell is `page`, or `page/fragment` if they differ."""
    page, _, fragment = row[who].partition("/")
    return int(fragment if is_fragment and fragment else page)


def find_row(method: str, endpoint: str) -> Row:
    """Give the first row of an endpoint."""
    return next(row for row in TABLE if (row["method"], row["endpoint"]) == (method, endpoint))
