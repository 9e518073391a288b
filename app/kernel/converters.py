"""Parts of addresses: numbers that fit into a database, names that stand in no file system."""

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class IdConverter(IntegerConverter):
    """A whole number that a database column can hold; a larger one is simply not found."""

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's name.
        super().__init__(map, min=1, max=LARGEST_ID)


def init(app: Flask) -> None:
    """Take this converter for `<int:...>` everywhere."""
    app.url_map.converters["int"] = IdConverter
