"""Column types that lose nothing: exact marks, aware times, canonical JSON.

Raw Numeric, Float and DateTime are refused by a test: SQLite sums decimals as floats and hands
back times without their zone.
"""

import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Dialect, Enum, Integer, Text
from sqlalchemy.types import TypeDecorator

HUNDREDTHS = Decimal(100)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: refuses naive values, stores UTC, gives back aware values on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive value; SQLite stores the UTC wall time."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant needs a time zone"
            raise ValueError(message)
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give every value its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Marks(TypeDecorator[Decimal]):
    """Marks with two places, kept as integer hundredths so that the database sums them exactly."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | int | None, dialect: Dialect) -> int | None:
        """Refuse what has more than two places instead of rounding it silently."""
        del dialect
        if value is None:
            return None
        hundredths = Decimal(value) * HUNDREDTHS
        if hundredths != hundredths.to_integral_value():
            message = "marks have at most two decimal places"
            raise ValueError(message)
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Give hundredths back as a decimal with two places."""
        del dialect
        return None if value is None else Decimal(value) / HUNDREDTHS


class Json(TypeDecorator[Any]):
    """A JSON value as canonical text: the same bytes on both engines, so that hashes agree."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401
        """Write the canonical form."""
        del dialect
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401
        """Read it back."""
        del dialect
        return None if value is None else json.loads(value)


def canonical_json(value: object) -> str:
    """Write JSON in one way only: keys sorted, no blanks, Chinese as it is."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def json_digest(value: object) -> str:
    """Give the SHA-256 of a JSON value in its one form, as hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def enum_column(kind: type[StrEnum], name: str, *, is_checked: bool = True) -> Enum:
    """Give a text column type with a CHECK named after `name`, holding the values of `kind`.

    Unchecked where an enum that grows would mean to rebuild a large table again and again.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=is_checked,
        length=32,
        name=name,
        values_callable=lambda members: [member.value for member in members],
    )


# Classes of data: each table says one for its columns, a column with another says its own. What
# concerns an identifiable person is PERSONAL; what opens a door or breaks a promise is SENSITIVE.
PUBLIC = {"class": "public"}
INTERNAL = {"class": "internal"}
PERSONAL = {"class": "personal"}
SENSITIVE = {"class": "sensitive"}
