"""Excel files into the site: typed cells, each fault with its row and column.

Every import reads its file here. The file is opened in a child process only (`sheets_in_child.py`),
after a look at its directory: a bomb, a DTD or an endless table is refused before anything is
unpacked, and a formula is an error of its cell, never a value.
"""

import json
import logging
import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from app.kernel import children

logger = logging.getLogger(__name__)

CHILD_MEMORY = 640 << 20
CHILD_SECONDS = 20
MAX_ROWS = 50_000
"""What no import may exceed, whatever its own setting says."""

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIP = b"PK\x03\x04"
SAVE_AS = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”，再上传。"
NOT_READ = "这个文件读不出来：它可能已经损坏，或者内容过大。" + SAVE_AS
BUSY = "正在读别的文件，请过一会儿再上传。"

CellValue = str | int | float | bool | date | datetime | time | None


class UnreadableFileError(Exception):
    """The file can't be read as a table; the message says what to do."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One cell that can't be taken: row and column are counted as Excel shows them, from 1."""

    row: int
    column: int
    message: str

    @property
    def place(self) -> str:
        """Give the cell's name, such as C5."""
        return f"{column_name(self.column)}{self.row}"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The first visible sheet of a file.

    `rows[0]` is row `first_row` of the file; each row is as long as the header. A cell with a
    problem is None. Rows without any content stand as rows of None, except behind the last one.
    """

    header: list[str]
    rows: list[list[CellValue]]
    problems: list[Problem]
    first_row: int

    def is_blank(self, index: int) -> bool:
        """Tell whether there is nothing in a row."""
        return all(value is None for value in self.rows[index])


@dataclass(frozen=True, kw_only=True)
class RawSheet:
    """A visible sheet as it stands: `rows[0]` is row `first_row` of the file, none is a header."""

    name: str
    rows: list[list[CellValue]]
    problems: list[Problem]
    first_row: int


def read_sheet(content: bytes, max_rows: int) -> Sheet:
    """Read the first visible sheet, `max_rows` below its header at most.

    The header is the first row with any content. Not inside a write. Raises UnreadableFileError.
    """
    check_kind(content)
    return unpack(ask_child(content, {"max_rows": min(max_rows, MAX_ROWS)}))


def read_all_sheets(content: bytes, max_rows: int) -> list[RawSheet]:
    """Read every visible sheet, `max_rows` in each at most, without looking for a header.

    Not inside a write. Raises UnreadableFileError.
    """
    check_kind(content)
    answer = ask_child(content, {"max_rows": min(max_rows, MAX_ROWS), "all_sheets": True})
    return [
        RawSheet(
            name=sheet["name"],
            rows=[[unpack_value(value) for value in row] for row in sheet["rows"]],
            problems=unpack_problems(sheet["problems"]),
            first_row=sheet["first_row"],
        )
        for sheet in answer["sheets"]
    ]


def ask_child(content: bytes, options: dict[str, Any]) -> dict[str, Any]:
    """Have the child read the file; raises UnreadableFileError."""
    try:
        answer = children.run(
            "app.kernel.sheets_in_child",
            content,
            memory=CHILD_MEMORY,
            seconds=CHILD_SECONDS,
            options=options,
        )
    except children.ChildRefusedError as refused:
        raise UnreadableFileError(str(refused)) from refused
    except children.ChildBusyError as busy:
        raise UnreadableFileError(BUSY) from busy
    except children.ChildBrokenError as broken:
        logger.warning("an uploaded table was refused: %s", broken)
        raise UnreadableFileError(NOT_READ) from broken
    said: dict[str, Any] = json.loads(answer)
    return said


def check_kind(content: bytes) -> None:
    """Refuse by its first bytes what is no .xlsx; raises UnreadableFileError."""
    if content.startswith(ZIP):
        return
    if not content:
        raise UnreadableFileError("文件是空的，请重新选择。")
    if content.startswith(OLD_EXCEL):
        # An .xlsx with a password is packed in the old format as well.
        raise UnreadableFileError(
            "这是老格式的 .xls 文件，或者加了打开密码的文件。请去掉密码，" + SAVE_AS[1:]
        )
    raise UnreadableFileError(
        "这不是 .xlsx 文件（.csv、.xls 和网页表格都不能直接导入）。" + SAVE_AS
    )


def unpack(answer: dict[str, Any]) -> Sheet:
    """Build the sheet from what the child says."""
    return Sheet(
        header=answer["header"],
        rows=[[unpack_value(value) for value in row] for row in answer["rows"]],
        problems=unpack_problems(answer["problems"]),
        first_row=answer["first_row"],
    )


def unpack_problems(problems: list[Any]) -> list[Problem]:
    """Build the problems of cells."""
    return [Problem(row=row, column=column, message=text) for row, column, text in problems]


def unpack_value(value: Any) -> CellValue:  # noqa: ANN401 - JSON.
    """Give a value its type back: dates and times come as one-entry objects."""
    if not isinstance(value, dict):
        plain: CellValue = value
        return plain
    kind, text = next(iter(value.items()))
    if kind == "date":
        return date.fromisoformat(text)
    return datetime.fromisoformat(text) if kind == "datetime" else time.fromisoformat(text)


def text_of(value: CellValue) -> str:
    """Give a cell as text: blanks off both ends, full-width letters and digits made ordinary.

    A number that stands for a code, such as a 工号 typed as 1001, has no decimals.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return narrow(str(value)).strip()


def narrow(text: str) -> str:
    """Make full-width digits and Latin letters ordinary; Chinese punctuation stays."""
    return "".join(
        unicodedata.normalize("NFKC", c) if "０" <= c <= "９" or is_wide_letter(c) else c
        for c in text
    )


def is_wide_letter(character: str) -> bool:
    """Tell whether it is a full-width Latin letter."""
    return "Ａ" <= character <= "Ｚ" or "ａ" <= character <= "ｚ"


WRITTEN_DAYS = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)


def date_of(value: CellValue) -> date | None:
    """Read a day: a date cell, or text such as 2026-11-20, 2026/11/20, 2026年11月20日, 20261120.

    None where there is nothing; raises ValueError for what is no day.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = text_of(value).replace(" ", "")
    if not text:
        return None
    for pattern in WRITTEN_DAYS:
        if found := pattern.fullmatch(text):
            with suppress(ValueError):
                return date(*map(int, found.groups()))
    raise ValueError("日期请写成 2026-11-20。")


def int_of(value: CellValue) -> int | None:
    """Read a whole number, typed as a number or as text; None where there is nothing.

    Raises ValueError for anything else.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = text_of(value)
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        raise ValueError("请填整数。")
    return int(text)


def column_name(number: int) -> str:
    """Give Excel's name of a column: 1 is A, 27 is AA."""
    name = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
