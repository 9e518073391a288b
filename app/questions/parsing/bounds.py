"""Keeps what is read within bounds: runs of one mark, long lines, many problems."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.kernel.sheets_in import UnreadableFileError
from app.questions.parsing.document import Document, Line, Table

MOST_RUN = 60
MOST_LINE = 20_000
MOST_LEFT = 500
"""More problems that belong to no question than anybody reads."""

_RUN = re.compile(
    rf"([ \t\u3000_.…—-])\1{{{MOST_RUN - 1}}}\1+|[ \t\u3000]{{{MOST_RUN}}}[ \t\u3000]+"
)
LONG_LINE = "{where}有{length}个字，太长，读不了。请把题目、选项和答案分行，再上传。"
MANY_LEFT = "另有{count}处同类的问题没有一一列出。请先改上面的，再读一次。"


def bounded(document: Document) -> Document:
    """Shorten runs of one mark; raises UnreadableFileError for a line that is still too long."""
    return replace(document, blocks=tuple(_bounded(each) for each in document.blocks))


def _bounded(block: Line | Table) -> Line | Table:
    if isinstance(block, Line):
        return replace(block, text=_short(block.text, block.where))
    rows = (
        tuple(_short(cell, block.where_of(place)) for cell in row)
        for place, row in enumerate(block.rows)
    )
    return replace(block, rows=tuple(rows))


def _short(text: str, where: str) -> str:
    if len(text) <= MOST_RUN:
        return text
    shortened = _RUN.sub(lambda found: found[0][:MOST_RUN], text)
    if len(shortened) > MOST_LINE:
        raise UnreadableFileError(LONG_LINE.format(where=where, length=len(shortened)))
    return shortened


def bounded_left(left: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Give what belongs to no question, at most so much that somebody can read it."""
    if len(left) <= MOST_LEFT:
        return list(left)
    where, _ = left[MOST_LEFT]
    return [*left[:MOST_LEFT], (where, MANY_LEFT.format(count=len(left) - MOST_LEFT))]
