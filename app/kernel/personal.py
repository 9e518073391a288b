"""What a room holds about one person, as tables that he can be handed (个人信息保护法第四十五条).

Each table is read from the columns that it names, so that a test can compare what is handed over
with all columns of the database that hold personal data.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from app.kernel import db, formats
from app.kernel.listing import Statement


@dataclass(frozen=True, kw_only=True)
class PersonalTable:
    """One sheet of the copy; `columns` are those of the database that it tells, as `table.name`."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    columns: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One column of a table: what is selected, and how it is written.

    `tells` names the database's columns behind an expression; a plain column tells itself.
    """

    label: str
    value: Any
    show: Callable[[Any], object] | None = None
    tells: Sequence[InstrumentedAttribute[Any]] = ()


def read_table(
    title: str, fields: Sequence[Field], narrow: Callable[[Statement], Statement]
) -> PersonalTable:
    """Read a table; `narrow` joins what is needed and leaves only the rows of the person."""
    statement = narrow(select(*(each.value for each in fields)))
    rows = [
        [write(each, value) for each, value in zip(fields, row, strict=True)]
        for row in db.session.execute(statement)
    ]
    return PersonalTable(
        title=title,
        header=[each.label for each in fields],
        rows=rows,
        columns=frozenset(name for each in fields for name in told_by(each)),
    )


def told_by(field: Field) -> list[str]:
    """Name the columns that a field tells."""
    told = field.tells or ([field.value] if isinstance(field.value, InstrumentedAttribute) else [])
    return [name_of(each) for each in told]


def name_of(column: InstrumentedAttribute[Any]) -> str:
    """Name a column of the database."""
    return str(column.property.columns[0])


def write(field: Field, value: object) -> object:
    """Write one value: yes and no in words, an instant as the hall reads it, nothing as nothing."""
    if value is None:
        return ""
    if field.show is not None:
        return field.show(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return formats.moment(value)
    return value.value if isinstance(value, StrEnum) else value
