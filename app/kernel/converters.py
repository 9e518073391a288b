"""Parts of addresses: what no database column can hold is simply not found."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map, UnicodeConverter, ValidationError

LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """A whole number that a database column can hold."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's name.
        super().__init__(map, min=1, max=LARGEST_ID)


class TextConverter(UnicodeConverter):
    """A part without control characters: PostgreSQL takes no NUL."""

    def to_python(self, value: str) -> str:
        """Refuse what nobody can see."""
        if not value.isprintable():
            raise ValidationError
        return value


def init(app: Flask) -> None:
    """Take these converters for `<int:...>` and `<string:...>` everywhere."""
    app.url_map.converters["int"] = IdConverter
    app.url_map.converters["string"] = TextConverter
