"""下载模板: the empty file that people fill in and `sheets_in` reads back.

Each column says in a note what belongs there; one with choices offers them; a second sheet
填写说明 tells the same at length. People type over the example row.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from app.kernel.spreadsheets import sheet_name, write_cell

GUIDE = "填写说明"
FIRST, LAST = 1, 5000
"""The rows for which Excel offers the choices."""
MAX_CHOICE_TEXT = 255
CHOICES = "选项"
WIDTH = 14


@dataclass(frozen=True, kw_only=True)
class TemplateColumn:
    """One column of a template: its heading, what belongs there, and an example."""

    label: str
    note: str
    example: object = ""
    is_required: bool = False
    choices: Sequence[str] = ()


def write_template(title: str, columns: Sequence[TemplateColumn], rules: Sequence[str]) -> bytes:
    """Write the file; `rules` are the lines that stand above the columns on 填写说明."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    sheet, guide = book.add_worksheet(sheet_name(title)), book.add_worksheet(GUIDE)
    lists = book.add_worksheet(CHOICES)
    lists.hide()
    bold = book.add_format({"bold": True, "bg_color": "#EDF0F4", "text_wrap": True})
    # Text, so that a 工号 with leading zeros or a long number stays as it is typed.
    as_text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        sheet.write_string(0, number, column.label, bold)
        sheet.write_comment(0, number, describe(column))
        sheet.set_column(number, number, WIDTH, as_text)
        write_cell(sheet, 1, number, column.example)
        offer_choices(sheet, lists, number, column)
    write_guide(guide, columns, rules, bold)
    book.close()
    return buffer.getvalue()


def describe(column: TemplateColumn) -> str:
    """Give what a column's note says."""
    parts = ["必填。" if column.is_required else "可以不填。", column.note]
    if column.choices:
        parts.append(f"只填其中一个：{'、'.join(column.choices)}。")
    return "".join(parts)


def offer_choices(
    sheet: xlsxwriter.worksheet.Worksheet,
    lists: xlsxwriter.worksheet.Worksheet,
    number: int,
    column: TemplateColumn,
) -> None:
    """Offer a column's choices in its cells; they stand in a hidden sheet, however many."""
    if not column.choices:
        return
    lists.write_column(0, number, [*column.choices])
    name = xlsxwriter.utility.xl_col_to_name(number, col_abs=True)
    source = f"={CHOICES}!{name}$1:{name}${len(column.choices)}"
    shown = f"只能填：{'、'.join(column.choices)}。"
    sheet.data_validation(
        FIRST,
        number,
        LAST,
        number,
        {
            "validate": "list",
            "source": source,
            "error_title": "不在选项里",
            "error_message": shown if len(shown) <= MAX_CHOICE_TEXT else "请从下拉选项里选。",
        },
    )


def write_guide(
    guide: xlsxwriter.worksheet.Worksheet,
    columns: Sequence[TemplateColumn],
    rules: Sequence[str],
    bold: xlsxwriter.format.Format,
) -> None:
    """Write 填写说明: the rules, then every column with what belongs there."""
    for row, rule in enumerate(rules):
        write_cell(guide, row, 0, rule)
    row = len(rules) + 1
    guide.write_row(row, 0, ["列", "必填", "填什么", "示例"], bold)
    for number, column in enumerate(columns, start=row + 1):
        needed = "是" if column.is_required else ""
        for place, value in enumerate((column.label, needed, describe(column), column.example)):
            write_cell(guide, number, place, value)
    guide.set_column(0, 1, WIDTH)
    guide.set_column(2, 2, WIDTH * 4)
    guide.set_column(3, 3, WIDTH)
