"""The site's log: one line per event, whatever stands in a name, an address or an error's text.

Control characters, foreign line ends and marks that turn the direction of writing are written as
escapes, also inside a trace: nobody forges a second line or repaints an operator's terminal (XS8).
"""

import logging
import time
from typing import TextIO, cast
from unicodedata import category

from flask import Flask
from flask.logging import wsgi_errors_stream

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"


class LineFormatter(logging.Formatter):
    """Writes an event as one line; its time is UTC."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%SZ"
    default_msec_format = None

    def format(self, record: logging.LogRecord) -> str:
        """Write the whole event, its trace included, without a line end."""
        return escape(super().format(record))


def escape(text: str) -> str:
    r"""Write what is no visible character as `\n`, `\x1b`, `\u2028`."""
    return "".join(map(visible, text))


def visible(character: str) -> str:
    """Give a character as it may stand in a line."""
    kind = category(character)
    if kind[0] != "C" and kind not in {"Zl", "Zp"}:
        return character
    return character.encode("unicode_escape").decode("ascii")


def init(app: Flask) -> None:
    """Send every event that nobody else takes to standard error, once per process."""
    del app
    root = logging.getLogger()
    if not any(isinstance(each.formatter, LineFormatter) for each in root.handlers):
        handler = logging.StreamHandler(cast("TextIO", wsgi_errors_stream))
        handler.setFormatter(LineFormatter(FORMAT))
        root.addHandler(handler)
