"""Reading a file of an outside form: Excel or CSV, each row with what is wrong with it.

"直通车 also by file import from an outside form" (HALL.md 1.4). Excel is opened in a child process
(kernel/sheets_in); a CSV is text. Nothing is guessed: a row that can't be taken says why.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.files.uploads import check_lines
from app.kernel import clock, sheets_in
from app.kernel.forms import MAX_TEXT, RefusedError
from app.kernel.sheet_templates import TemplateColumn, write_template
from app.kernel.sheets_in import CellValue
from app.suggestions.models import IDEA_CHANNEL_LABELS, IdeaChannel

MOST_ROWS = 1000
MAX_BYTES = 4 << 20
MAX_NUMBER = 60
MAX_CONTACT = 40
NUMBER, ON, CHANNEL, TEXT, CONTACT, CONSENT, DEPARTMENT = (
    "外部编号", "收到日期", "渠道", "内容", "联系电话", "同意联系", "部门",
)  # fmt: skip
NEEDED = (NUMBER, TEXT)
CHANNELS = {label: channel for channel, label in IDEA_CHANNEL_LABELS.items()
            if channel is not IdeaChannel.SITE}  # fmt: skip
COLUMNS = (
    TemplateColumn(
        label=NUMBER,
        note="外部表单里的编号，重复导入时靠它认出来。",
        example="WJ-1001",
        is_required=True,
    ),
    TemplateColumn(label=ON, note="写成 2026-11-20；不填就是今天。", example="2026-11-20"),
    TemplateColumn(
        label=CHANNEL, note="不填就是“外部表单”。", example="外部表单", choices=tuple(CHANNELS)
    ),
    TemplateColumn(
        label=TEXT,
        note="意见建议的原文。",
        example="取号机旁边希望有放大镜。",
        is_required=True,
    ),
    TemplateColumn(label=CONTACT, note="提出人愿意留的才填。", example=""),
    TemplateColumn(
        label=CONSENT, note="提出人同意用电话联系他。", example="", choices=("是", "否")
    ),
    TemplateColumn(label=DEPARTMENT, note="意见涉及的部门，写部门全称。", example=""),
)
RULES = (
    "一行一条意见；表头照原样保留。",
    "本栏不受理检举控告；收到的检举控告请不要录入，按规定线下转交派驻纪检组。",
    "不要有身份证号和别人的个人信息。",
)

Cells = Mapping[str, CellValue]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the file. `problem` says why it is not taken; empty where it is."""

    place: int
    number: str = ""
    on: str = ""
    channel: str = IdeaChannel.OUTSIDE_FORM
    text: str = ""
    contact: str = ""
    department_id: int | None = None
    problem: str = ""

    def dump(self) -> dict[str, Any]:
        """Give the form in which it is kept until it is taken in."""
        return dict(self.__dict__)


def template_file() -> bytes:
    """Write the empty file."""
    return write_template("直通车意见", COLUMNS, RULES)


def read_table(content: bytes) -> list[tuple[int, Cells, str]]:
    """Give the rows below the header with their place, and a problem that the reader found.

    Raises RefusedError(file=...) for what is no table.
    """
    if content.startswith(sheets_in.ZIP):
        return read_excel(content)
    return read_csv(content)


def read_excel(content: bytes) -> list[tuple[int, Cells, str]]:
    """Read an Excel file in a child process; raises RefusedError."""
    try:
        sheet = sheets_in.read_sheet(content, MOST_ROWS)
    except sheets_in.UnreadableFileError as unreadable:
        raise RefusedError(file=str(unreadable)) from unreadable
    check_header(sheet.header)
    faults = {each.row: f"{each.place}：{each.message}" for each in sheet.problems}
    found: list[tuple[int, Cells, str]] = []
    for index, values in enumerate(sheet.rows):
        place = sheet.first_row + index
        if not sheet.is_blank(index) or place in faults:
            cells = dict(zip(sheet.header, values, strict=True))
            found.append((place, cells, faults.get(place, "")))
    return found


def read_csv(content: bytes) -> list[tuple[int, Cells, str]]:
    """Read a CSV in either of the usual encodings; raises RefusedError."""
    try:
        lines = list(csv.reader(io.StringIO(decode(content), newline=""), strict=True))
    except csv.Error as broken:
        raise RefusedError(
            file="这个 CSV 读不出来，请另存为 Excel 工作簿（.xlsx）再上传。"
        ) from broken
    if not lines:
        raise RefusedError(file="文件是空的，请重新选择。")
    header = [cell.strip() for cell in lines[0]]
    check_header(header)
    if len(lines) - 1 > MOST_ROWS:
        raise RefusedError(file=f"一次最多{MOST_ROWS}行，请分几次导入。")
    return [
        (place, dict(zip(header, [*line, *[""] * len(header)], strict=False)), "")
        for place, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]


def decode(content: bytes) -> str:
    """Read text; raises RefusedError for what is none."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise RefusedError(file="这不是 Excel 工作簿（.xlsx），也不是 CSV 文件，请换一个文件。")


def check_header(header: Sequence[str]) -> None:
    """Refuse a table without the columns that are needed; raises RefusedError."""
    check_lines(list(header))
    missing = [label for label in NEEDED if label not in header]
    if missing:
        raise RefusedError(file=f"表头缺少：{'、'.join(missing)}。请用模板的表头。")


def read_rows(content: bytes, departments: Mapping[str, int]) -> list[Row]:
    """Read a file; a number that stands twice is taken once. Raises RefusedError."""
    rows: list[Row] = []
    numbers: set[str] = set()
    for place, cells, fault in read_table(content):
        row = read_row(place, cells, fault, departments)
        if not row.problem and row.number in numbers:
            row = Row(place=place, number=row.number, problem="编号在文件里重复，只导入第一条。")
        numbers.add(row.number)
        rows.append(row)
    return rows


def read_row(place: int, cells: Cells, fault: str, departments: Mapping[str, int]) -> Row:
    """Read one row."""
    number = text_of(cells, NUMBER)[:MAX_NUMBER]
    if fault:
        return Row(place=place, number=number, problem=fault)
    try:
        return take_row(place, cells, departments)
    except ValueError as wrong:
        return Row(place=place, number=number, problem=str(wrong))


def take_row(place: int, cells: Cells, departments: Mapping[str, int]) -> Row:
    """Take one row; raises ValueError with what is wrong with it."""
    number, text = (text_of(cells, label) for label in (NUMBER, TEXT))
    if not number or len(number) > MAX_NUMBER:
        raise ValueError(f"外部编号要有1到{MAX_NUMBER}个字。")
    if not text or len(text) > MAX_TEXT:
        raise ValueError(f"内容要有1到{MAX_TEXT}个字。")
    if not printable(number) or not printable(text):
        raise ValueError("含有看不见的控制字符。")
    department = text_of(cells, DEPARTMENT)
    if department and department not in departments:
        raise ValueError(f"没有“{department}”这个部门，请写部门全称，或者不填。")
    channel = text_of(cells, CHANNEL)
    if channel and channel not in CHANNELS:
        raise ValueError(f"没有“{channel}”这个渠道，请从模板的选项里选。")
    return Row(
        place=place,
        number=number,
        on=day_of(cells).isoformat(),
        channel=CHANNELS[channel] if channel else IdeaChannel.OUTSIDE_FORM,
        text=text,
        contact=contact_of(cells),
        department_id=departments.get(department),
    )


def day_of(cells: Cells) -> date:
    """Read the day; today where there is none. Raises ValueError."""
    on = sheets_in.date_of(cells.get(ON)) or clock.today()
    if on > clock.today():
        raise ValueError("收到日期不能晚于今天。")
    return on


def contact_of(cells: Cells) -> str:
    """Read the telephone; without 同意联系 it is not taken over. Raises ValueError."""
    contact = text_of(cells, CONTACT)
    if len(contact) > MAX_CONTACT or not printable(contact):
        raise ValueError(f"联系电话最多{MAX_CONTACT}个字。")
    return contact if text_of(cells, CONSENT) == "是" else ""


def text_of(cells: Cells, label: str) -> str:
    """Give a cell as text."""
    return sheets_in.text_of(cells.get(label)).replace("\r\n", "\n").strip()


def printable(text: str) -> bool:
    """Tell whether a text has nothing that nobody can see."""
    return all(character.isprintable() or character in "\n\t" for character in text)
