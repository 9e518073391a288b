"""Reads one Excel file inside a limited child process; see sheets_in.py.

Order matters: first the directory of the zip, then every XML part as a stream (no DTD; sizes as
they were declared), then the chosen sheet's own XML for formulas and its extent, and only then is
the whole given to calamine.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

import python_calamine

from app.kernel.children import ChildRefusedError
from app.kernel.zip_parts import Attributes, Parts, Refusals, local_name

MAX_COLUMNS = 100
MAX_CELL = 5000
MAX_TEXT = 20_000_000
MAX_PROBLEMS = 1000
MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)

TOO_LARGE = "文件解压后过大，不予打开。请只保留要导入的那张表，另存为新的 .xlsx 文件再上传。"
DAMAGED = "文件已经损坏，读不出来。请用 Excel 或 WPS 打开后另存为新的 .xlsx 文件再上传。"
HAS_DTD = "文件里有不允许的外部声明（DTD），不予打开。请把内容复制到新建的工作簿里再上传。"
NO_SHEET = "文件里没有可以读的工作表。"
NO_HEADER = "工作表是空的：第一行应当是表头。请用下载的模板填写。"
TOO_WIDE = f"表格超过{MAX_COLUMNS}列。请删去右边多余的列再上传。"
IS_FORMULA = "这一格是公式。请复制后“选择性粘贴—数值”，再上传。"
IS_ERROR = "这一格是错误值（如 #N/A）。请改成正确的内容。"
TOO_LONG = f"这一格超过{MAX_CELL}个字，请缩短。"

REFUSALS = Refusals(too_large=TOO_LARGE, damaged=DAMAGED, has_dtd=HAS_DTD, max_entries=200)


def work(content: bytes, options: Mapping[str, Any]) -> bytes:
    """Give header, rows and problems as JSON, or all sheets; raises ChildRefusedError."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = Parts(archive=archive, refusals=REFUSALS)
            parts.check(len(content))
            sheets = visible_sheets(parts)
            is_all = bool(options.get("all_sheets"))
            looks = [look_at(parts, part, options) for _, part in sheets[: None if is_all else 1]]
        if is_all:
            answer = read_all(content, [name for name, _ in sheets], looks)
        else:
            answer = read_values(content, sheets[0][0], looks[0])
    except (zipfile.BadZipFile, expat.ExpatError, KeyError, ValueError, EOFError) as error:
        raise ChildRefusedError(DAMAGED) from error
    except (NotImplementedError, RuntimeError) as error:
        # A compression that Python doesn't know, or an entry with a password.
        raise ChildRefusedError(DAMAGED) from error
    except python_calamine.CalamineError as error:
        raise ChildRefusedError(DAMAGED) from error
    return json.dumps(answer, ensure_ascii=False).encode(errors="replace")


def look_at(parts: Parts, part: str, options: Mapping[str, Any]) -> "Look":
    """Look at one sheet's own XML."""
    look = Look(max_rows=options["max_rows"])
    look.read(parts, part)
    return look


def visible_sheets(parts: Parts) -> list[tuple[str, str]]:
    """Give names and parts of the visible worksheets; raises ChildRefusedError without any."""
    targets: dict[str, str] = {}
    sheets: list[Attributes] = []

    def note_relation(name: str, attributes: Attributes) -> None:
        if local_name(name) == "Relationship" and attributes["Type"].endswith("/worksheet"):
            targets[attributes["Id"]] = attributes["Target"]

    def note_sheet(name: str, attributes: Attributes) -> None:
        if local_name(name) == "sheet":
            sheets.append({local_name(key): value for key, value in attributes.items()})

    parts.parse("xl/_rels/workbook.xml.rels", start=note_relation)
    parts.parse("xl/workbook.xml", start=note_sheet)
    found = [
        (each["name"], str(PurePosixPath("/xl", targets[each["id"]]).relative_to("/")))
        for each in sheets
        if each.get("state", "visible") == "visible" and each.get("id") in targets
    ]
    if not found:
        raise ChildRefusedError(NO_SHEET)
    return found


REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)


@dataclass
class Look:
    """What the sheet's own XML says: which cells hold a formula or an error, and how far it goes.

    Rows and columns count from 1. A row or cell without its number follows the one before it.
    """

    max_rows: int
    problems: dict[tuple[int, int], str] = field(default_factory=dict)
    row: int = 0
    column: int = 0
    last_row: int = 0
    first_row: int = 0

    def read(self, parts: Parts, part: str) -> None:
        """Stream through the sheet; raises ChildRefusedError as soon as it is too large."""
        parts.parse(part, start=self.start)

    def start(self, name: str, attributes: Attributes) -> None:
        """Take note of one element."""
        name = local_name(name)
        if name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
        elif name == "c":
            self.begin_cell(attributes)
        elif name in {"v", "is", "f"}:
            self.note_content(name)

    def begin_cell(self, attributes: Attributes) -> None:
        """Move to a cell."""
        found = REFERENCE.fullmatch(attributes.get("r", ""))
        if found:
            self.column, self.row = column_number(found[1]), int(found[2])
        else:
            self.column += 1
        if attributes.get("t") == "e":
            self.note_problem(IS_ERROR)

    def note_content(self, name: str) -> None:
        """Count a cell that holds something."""
        self.first_row = min(self.first_row or self.row, self.row)
        self.last_row = max(self.last_row, self.row)
        if self.column > MAX_COLUMNS:
            raise ChildRefusedError(TOO_WIDE)
        if self.last_row - self.first_row > self.max_rows:
            raise ChildRefusedError(
                f"表格超过{self.max_rows}行，一次最多导入{self.max_rows}行。"
                "请分成几个文件，或者删去下面多余的行，再上传。"
            )
        if name == "f":
            self.note_problem(IS_FORMULA)

    def note_problem(self, message: str) -> None:
        """Keep a problem of the present cell; a formula's error value is above all a formula."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems[self.row, self.column] = message


def column_number(name: str) -> int:
    """Give the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def read_all(content: bytes, names: list[str], looks: list["Look"]) -> dict[str, Any]:
    """Read every visible sheet as it stands, from its first row with content on."""
    sheets = []
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        for name, look in zip(names, looks, strict=True):
            sheet = book.get_sheet_by_name(name)
            rows = list(take_rows(sheet.to_python(skip_empty_area=False), look))
            sheets.append(
                {
                    "name": name,
                    "rows": rows if look.last_row else [],
                    "first_row": look.first_row,
                    "problems": problems_of(look),
                }
            )
    return {"sheets": sheets}


def problems_of(look: "Look") -> list[list[Any]]:
    """Give row, column and message of each cell that can't be taken."""
    return [[row, column, text] for (row, column), text in sorted(look.problems.items())]


def read_values(content: bytes, name: str, look: Look) -> dict[str, Any]:
    """Read all values with calamine; cells with a problem are left out."""
    if not look.last_row:
        raise ChildRefusedError(NO_HEADER)
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        sheet = book.get_sheet_by_name(name)
        rows = list(take_rows(sheet.to_python(skip_empty_area=False), look))
    while rows and all(value is None for value in rows[0]):
        rows.pop(0)
        look.first_row += 1
    if not rows:
        raise ChildRefusedError(NO_HEADER)
    header = ["" if value is None else str(plain(value)).strip() for value in rows[0]]
    while len(rows) > 1 and all(value is None for value in rows[-1]):
        rows.pop()
    return {
        "header": header,
        "rows": rows[1:],
        "first_row": look.first_row + 1,
        "problems": problems_of(look),
    }


def take_rows(rows: list[list[Any]], look: Look) -> Iterator[list[Any]]:
    """Give the rows from the header on, typed for JSON."""
    total = 0
    for number, row in enumerate(rows, start=1):
        if number < look.first_row:
            continue
        taken = []
        for column, value in enumerate(row, start=1):
            taken.append(take(value, number, column, look))
            total += len(value) if isinstance(value, str) else 0
        if total > MAX_TEXT:
            raise ChildRefusedError(TOO_LARGE)
        yield taken


def take(value: Any, row: int, column: int, look: Look) -> Any:  # noqa: ANN401 - a cell is of any type.
    """Give one cell for JSON; None where it is empty or has a problem."""
    if isinstance(value, str) and len(value) > MAX_CELL:
        look.problems.setdefault((row, column), TOO_LONG)
    if (row, column) in look.problems:
        return None
    if isinstance(value, str) and not value.strip():
        return None
    return pack(value)


def pack(value: Any) -> Any:  # noqa: ANN401
    """Give a value that JSON can carry; whole numbers as such, dates and times under their kind."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        # calamine reads 24:00 and more, which no time holds, as a duration.
        return {"time": (MIDNIGHT + value % timedelta(days=1)).time().isoformat()}
    return value


def plain(value: Any) -> object:  # noqa: ANN401
    """Give a header's text: a date in a header is what it shows."""
    return next(iter(value.values())) if isinstance(value, dict) else value
