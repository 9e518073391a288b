"""月度绩效数据 from Excel: the template, and each row with what is wrong in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Person
from app.files.uploads import check_lines
from app.kernel import clock, db, sheets_in
from app.kernel.forms import RefusedError
from app.kernel.sheet_templates import TemplateColumn, write_template
from app.kernel.sheets_in import CellValue

NUMBER, MONTH, METRIC, VALUE = "工号", "月份", "指标", "数值"
COLUMNS = (
    TemplateColumn(label=NUMBER, note="本厅人员的工号。", example="QY0301", is_required=True),
    TemplateColumn(
        label=MONTH, note="如2026-10或2026年10月。", example="2026-10", is_required=True
    ),
    TemplateColumn(
        label=METRIC,
        note="业务系统里的指标名，最多20个字。",
        example="首次办成率",
        is_required=True,
    ),
    TemplateColumn(label=VALUE, note="数，最多两位小数。", example="96.5", is_required=True),
)
RULES = (
    "一行一个人一个月的一项指标；同一人同一月同一指标再次导入，按新的数值更新。",
    "只用于训前训后对照，人数不足5人不显示；不排名，不打分。",
)
MOST_ROWS = 5000
MAX_BYTES = 5 << 20
MOST_METRIC = 20
HIGHEST = Decimal(10_000_000)
MONTH_TEXT = re.compile(r"(20\d{2})\s*(?:[-/.年])\s*(1[0-2]|0?[1-9])\s*月?")
Cells = Mapping[str, CellValue]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row of the file. `problem` says why it is not taken; empty where it is."""

    place: int
    number: str = ""
    person_id: int | None = None
    month: str = ""
    metric: str = ""
    value: str = ""
    problem: str = ""

    def dump(self) -> dict[str, Any]:
        """Give the form in which it is kept until it is taken in."""
        return dict(self.__dict__)

    @property
    def key(self) -> tuple[int | None, str, str]:
        """Tell it from others: one value for a person, a month and a metric."""
        return self.person_id, self.month, self.metric


def template_file() -> bytes:
    """Write the empty file."""
    return write_template("月度绩效数据", COLUMNS, RULES)


def read_rows(content: bytes) -> list[Row]:
    """Read a file in a child process; raises RefusedError(file=...) for what is no such table."""
    try:
        sheet = sheets_in.read_sheet(content, MOST_ROWS)
    except sheets_in.UnreadableFileError as unreadable:
        raise RefusedError(file=str(unreadable)) from unreadable
    check_lines(list(sheet.header))
    missing = [each.label for each in COLUMNS if each.label not in sheet.header]
    if missing:
        raise RefusedError(file=f"表头缺少：{'、'.join(missing)}。请用模板的表头。")
    faults = {each.row: f"{each.place}：{each.message}" for each in sheet.problems}
    rows = []
    for index, values in enumerate(sheet.rows):
        place = sheet.first_row + index
        if not sheet.is_blank(index) or place in faults:
            cells = dict(zip(sheet.header, values, strict=True))
            rows.append(read_row(place, cells, faults.get(place, "")))
    return find_persons(refuse_repeated(rows))


def read_row(place: int, cells: Cells, fault: str) -> Row:
    """Read one row."""
    number = sheets_in.text_of(cells.get(NUMBER))[:32]
    if fault:
        return Row(place=place, number=number, problem=fault)
    try:
        return Row(
            place=place,
            number=number,
            month=read_month(cells.get(MONTH)).isoformat(),
            metric=read_metric(cells.get(METRIC)),
            value=str(read_value(cells.get(VALUE))),
        )
    except ValueError as wrong:
        return Row(place=place, number=number, problem=str(wrong))


def read_month(value: CellValue) -> date:
    """Read a month, typed or as a date; gives its first day. Raises ValueError."""
    if isinstance(value, datetime | date):
        month = date(value.year, value.month, 1)
    else:
        found = MONTH_TEXT.fullmatch(sheets_in.text_of(value))
        if found is None:
            raise ValueError("月份要写成2026-10或2026年10月。")
        month = date(int(found[1]), int(found[2]), 1)
    if month > clock.today():
        raise ValueError("这个月还没有到。")
    return month


def read_metric(value: CellValue) -> str:
    """Read the name of a metric. Raises ValueError."""
    text = sheets_in.text_of(value)
    if not text or len(text) > MOST_METRIC or not text.isprintable():
        raise ValueError(f"指标要有1到{MOST_METRIC}个字。")
    return text


def read_value(value: CellValue) -> Decimal:
    """Read a number with at most two places. Raises ValueError."""
    try:
        number = Decimal(sheets_in.text_of(value))
    except InvalidOperation:
        raise ValueError("数值要写成数，不带单位和百分号。") from None
    if not number.is_finite() or abs(number) > HIGHEST:
        raise ValueError("数值过大，请核对。")
    if number != number.quantize(Decimal("0.01")):
        raise ValueError("数值最多两位小数。")
    return number.quantize(Decimal("0.01"))


def refuse_repeated(rows: Sequence[Row]) -> list[Row]:
    """Take the first of rows that say something about the same person, month and metric."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for row in rows:
        key = (accounts.normalise(row.number), row.month, row.metric)
        if not row.problem and key in seen:
            row = Row(place=row.place, number=row.number, problem="文件里前面已有这一项。")  # noqa: PLW2901
        seen.add(key)
        found.append(row)
    return found


def find_persons(rows: Sequence[Row]) -> list[Row]:
    """Find whom the rows are about; an unknown 工号 is a problem of its row."""
    wanted = {accounts.normalise(each.number) for each in rows}
    people = db.session.execute(select(Person.id, Person.staff_number)).all()
    known = {
        accounts.normalise(number): person_id
        for person_id, number in people
        if accounts.normalise(number) in wanted
    }
    return [with_person(each, known.get(accounts.normalise(each.number))) for each in rows]


def with_person(row: Row, person_id: int | None) -> Row:
    """Add whom a row is about."""
    if row.problem:
        return row
    if person_id is None:
        return Row(place=row.place, number=row.number, problem="没有这个工号，请核对。")
    return Row(**{**row.dump(), "person_id": person_id})
