"""From the cells of a file to rows of a roster, each fault with its row, column and what to do.

"Preview with row errors ... each reported with row, column and what to do." A title or two may
stand above the headings; blank rows and the totals at the end are passed over. What needs the
database is compare.py's.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.accounts.roster.imports import cells
from app.accounts.roster.imports.cells import CellError
from app.accounts.roster.imports.columns import (
    BY_NAME,
    REQUIRED,
    RosterColumn,
    column_of,
    compact,
)
from app.accounts.service import normalise, sort_key
from app.kernel.sheets_in import CellValue, Sheet, UnreadableFileError, column_name, text_of

# The headings stand within the first rows, below the titles.
HEADING_ROWS = 8
LEAST_HEADINGS = 3
FOOTERS = (
    "合计", "总计", "小计", "共计", "总人数", "制表", "填表", "审核", "备注", "说明", "注:",
)  # fmt: skip

READERS: Mapping[str, Callable[[str], str]] = {
    "staff_number": cells.read_staff_number,
    "name": cells.read_name,
    "department": compact,
    "window": cells.read_window,
    "post": compact,
    "post_group": cells.read_post_group,
    "employment": cells.read_employment,
    "phone": cells.read_phone,
    "role": cells.read_role,
}
DAYS = frozenset({"joined_on", "left_on"})


@dataclass(frozen=True, kw_only=True)
class RowProblem:
    """A fault: the file's row, Excel's letter and the heading of its column, and what to do."""

    row: int
    letter: str
    label: str
    message: str


@dataclass(frozen=True, kw_only=True)
class RosterRow:
    """One person of the file. What the file has no column for is None; an empty cell is ''."""

    row: int
    staff_number: str
    name: str
    name_key: str
    department: str
    post: str
    joined_on: str
    window: str | None = None
    post_group: str | None = None
    employment: str | None = None
    phone: str | None = None
    left_on: str | None = None
    role: str | None = None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What a file says. `places` tells which letter each column has, for later problems."""

    rows: Sequence[RosterRow]
    problems: Sequence[RowProblem]
    places: Mapping[str, str]

    def as_content(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {
            "rows": [dict(vars(row)) for row in self.rows],
            "problems": [dict(vars(problem)) for problem in self.problems],
            "places": dict(self.places),
        }


def from_content(content: Mapping[str, Any]) -> Roster:
    """Read back what `as_content` gave."""
    return Roster(
        rows=[RosterRow(**row) for row in content.get("rows", ())],
        problems=[RowProblem(**problem) for problem in content.get("problems", ())],
        places=content.get("places", {}),
    )


@dataclass(frozen=True, kw_only=True)
class Headings:
    """Where the headings stand, the first row with any content being 0, and what they mean."""

    index: int
    columns: Mapping[int, RosterColumn]


def parse_sheet(sheet: Sheet, *, effective_on: date) -> Roster:
    """Read a sheet; raises UnreadableFileError where it has no usable headings."""
    lines: list[Sequence[CellValue]] = [list(sheet.header), *sheet.rows]
    first = sheet.first_row - 1
    headings = find_headings(lines)
    body = range(headings.index + 1, last_row(lines, headings) + 1)
    read = Reading(
        effective_on=effective_on,
        columns=headings.columns,
        refused={(each.row, each.column): each.message for each in sheet.problems},
    )
    rows = [
        row for index in body if (row := read.read_row(lines[index], first + index)) is not None
    ]
    if not rows and not read.problems:
        raise UnreadableFileError("表头下面没有人员。请从表头的下一行填起，再上传。")
    read.check_doubles(rows)
    return Roster(
        rows=[row for row in rows if row.staff_number],
        problems=sorted(read.problems, key=lambda each: (each.row, len(each.letter), each.letter)),
        places={column.name: column_name(place) for place, column in headings.columns.items()},
    )


def find_headings(lines: Sequence[Sequence[CellValue]]) -> Headings:
    """Find the row of headings: the one that names most columns."""
    found = []
    for index, line in enumerate(lines[:HEADING_ROWS]):
        named = [(place, column_of(text_of(value))) for place, value in enumerate(line, start=1)]
        found.append((len([1 for _, column in named if column]), -index, named))
    count, index, named = max(found, key=lambda each: each[:2])
    if count < LEAST_HEADINGS:
        raise UnreadableFileError(
            "没有找到表头。表里要有一行写着“工号”“姓名”“部门”等列名；请用下载的模板填写。"
        )
    check_headings(named)
    return Headings(index=-index, columns={place: column for place, column in named if column})


def check_headings(named: Sequence[tuple[int, RosterColumn | None]]) -> None:
    """Refuse a column that is there twice, or one that is missing."""
    places = defaultdict(list)
    for place, column in named:
        if column is not None:
            places[column.name].append(column_name(place))
    for name, letters in places.items():
        if len(letters) > 1:
            raise UnreadableFileError(
                f"{'、'.join(letters)}列都像是“{BY_NAME[name].label}”。请只留一列，或者改掉多余的列名，再上传。"
            )
    missing = [column.label for column in REQUIRED if column.name not in places]
    if missing:
        raise UnreadableFileError(f"缺少这些列：{'、'.join(missing)}。请补上，再上传。")


def last_row(lines: Sequence[Sequence[CellValue]], headings: Headings) -> int:
    """Give the index of the last row with a person: blanks and totals behind it don't count."""
    index = len(lines) - 1
    while index > headings.index and is_footer(lines[index]):
        index -= 1
    return index


def is_footer(line: Sequence[CellValue]) -> bool:
    """Tell whether a row is blank, or a total, a signature or a remark."""
    texts = [compact(text_of(value)) for value in line]
    filled = [text for text in texts if text]
    return not filled or filled[0].startswith(FOOTERS)


class Reading:
    """A file under way: its columns, and the problems so far."""

    def __init__(
        self,
        *,
        effective_on: date,
        columns: Mapping[int, RosterColumn],
        refused: Mapping[tuple[int, int], str],
    ) -> None:
        self.effective_on, self.columns, self.refused = effective_on, columns, refused
        self.places = {column.name: place for place, column in columns.items()}
        self.problems: list[RowProblem] = []

    def note(self, row: int, name: str, message: str) -> None:
        """Take note of a fault."""
        letter = column_name(self.places[name]) if name in self.places else ""
        self.problems.append(
            RowProblem(row=row, letter=letter, label=BY_NAME[name].label, message=message + "。")
        )

    def read_row(self, line: Sequence[CellValue], number: int) -> RosterRow | None:
        """Read one row; a blank one gives None, a faulty one has its problems noted."""
        is_refused = any((number, place) in self.refused for place in self.columns)
        if all(not text_of(value) for value in line) and not is_refused:
            return None
        found = {
            column.name: self.read_cell(line, number, place, column)
            for place, column in self.columns.items()
        }
        self.check_row(number, found)
        name = found["name"] or ""
        required = ("staff_number", "department", "post", "joined_on")
        given = {key: found[key] or "" for key in required}
        rest = {key: value for key, value in found.items() if key not in {*required, "name"}}
        return RosterRow(row=number, name=name, name_key=sort_key(name), **given, **rest)

    def read_cell(
        self, line: Sequence[CellValue], number: int, place: int, column: RosterColumn
    ) -> str:
        """Read one cell as text, a day in ISO form; '' where it is empty or faulty."""
        if (number, place) in self.refused:
            self.note(number, column.name, self.refused[number, place].rstrip("。"))
            return ""
        value = line[place - 1]
        try:
            text = cells.read_text(value, column)
            if not text:
                if column.template.is_required:
                    raise CellError("没有填；请补上")  # noqa: TRY301 - it is noted like the others.
                return ""
            return (
                cells.read_day(value).isoformat()
                if column.name in DAYS
                else READERS[column.name](text)
            )
        except CellError as error:
            self.note(number, column.name, str(error))
            return ""

    def check_row(self, number: int, found: Mapping[str, str]) -> None:
        """Check what concerns several cells of a row."""
        joined_on, left_on = found["joined_on"], found.get("left_on", "")
        if joined_on > self.effective_on.isoformat():
            self.note(number, "joined_on", "入职日期晚于名单日期；请改正，或者到岗以后再导入")
        if left_on and joined_on and left_on < joined_on:
            self.note(number, "left_on", "离岗日期早于入职日期；请核对这两列")

    def check_doubles(self, rows: Sequence[RosterRow]) -> None:
        """Report a 工号 that stands in the file twice, at each place but the first."""
        first: dict[str, RosterRow] = {}
        for row in rows:
            number = normalise(row.staff_number)
            before = first.setdefault(number, row)
            if not number or before is row:
                continue
            told = "，姓名也不同；请核对是谁的工号" if before.name != row.name else "；请只留一行"
            self.note(
                row.row, "staff_number", f"工号{row.staff_number}和第{before.row}行重复{told}"
            )
