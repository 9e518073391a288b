"""What every reader gives: lines and tables in the order of the file, each with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field

UNREAD = "[读不出]"
"""Stands where something couldn't be read; no question that holds it is sure."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of text; `where` names it in Chinese; one that goes on begins nothing of its own."""

    text: str
    where: str
    goes_on: bool = False


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of cells as text; the first is row `first_row` of what `where` names."""

    rows: tuple[tuple[str, ...], ...]
    where: str
    first_row: int = 1

    def where_of(self, index: int) -> str:
        """Name one row in Chinese."""
        return f"{self.where}第{self.first_row + index}行"


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file as it was read.

    `pictures` holds their bytes by marker, `problems` what the reader couldn't take, as place and
    message; `doubt` is a reason for which every question needs a look, "" where there is none.
    """

    blocks: tuple[Line | Table, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[tuple[str, str], ...] = ()
    doubt: str = ""
