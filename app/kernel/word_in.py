"""Word files into the site: paragraphs and tables in their order, with the numbers Word shows.

The file is opened in a child process only (`word_in_child.py`), after a look at its directory: a
bomb or a DTD is refused before anything is unpacked.
"""

import base64
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.kernel import children
from app.kernel.sheets_in import BUSY, ZIP, UnreadableFileError

logger = logging.getLogger(__name__)

CHILD_MEMORY = 640 << 20
CHILD_SECONDS = 30
SAVE_AS = "请用 Word 或 WPS 打开，另存为“Word 文档（.docx）”，再上传。"
NOT_READ = "这个文件读不出来：它可能已经损坏，或者内容过大。" + SAVE_AS


@dataclass(frozen=True, kw_only=True)
class WordParagraph:
    """One paragraph; a line break inside is a newline."""

    where: str
    text: str


@dataclass(frozen=True, kw_only=True)
class WordTable:
    """One table, its cells as text."""

    where: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class WordDocument:
    """All of a file: `pictures` by the marker that stands in the text, [图1]."""

    blocks: tuple[WordParagraph | WordTable, ...]
    pictures: Mapping[str, bytes] = field(repr=False)
    problems: tuple[tuple[str, str], ...]


def read_word(content: bytes) -> WordDocument:
    """Read a .docx. Not inside a write. Raises UnreadableFileError."""
    if not content:
        raise UnreadableFileError("文件是空的，请重新选择。")
    if not content.startswith(ZIP):
        raise UnreadableFileError("这不是 .docx 文件。" + SAVE_AS)
    try:
        answer = children.run(
            "app.kernel.word_in_child",
            content,
            memory=CHILD_MEMORY,
            seconds=CHILD_SECONDS,
            options={},
        )
    except children.ChildRefusedError as refused:
        raise UnreadableFileError(str(refused)) from refused
    except children.ChildBusyError as busy:
        raise UnreadableFileError(BUSY) from busy
    except children.ChildBrokenError as broken:
        logger.warning("an uploaded document was refused: %s", broken)
        raise UnreadableFileError(NOT_READ) from broken
    return unpack(answer)


def unpack(answer: bytes) -> WordDocument:
    """Build the document from what the child says."""
    said = json.loads(answer)
    return WordDocument(
        blocks=tuple(
            WordParagraph(where=where, text=held)
            if kind == "p"
            else WordTable(where=where, rows=tuple(tuple(row) for row in held))
            for kind, where, held in said["blocks"]
        ),
        pictures={key: base64.b64decode(data) for key, data in said["pictures"].items()},
        problems=tuple((where, message) for where, message in said["problems"]),
    )
