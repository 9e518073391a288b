"""Excel files out of the site. Text stays text: no cell is ever read as a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter
from flask import Response

from app.kernel import downloads
from app.kernel.clock import local

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_ROWS = 5000
# A title, the header, the rows.
Sheet = tuple[str, Sequence[str], Iterable[Sequence[object]]]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_table(title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write one sheet with a frozen header; returns the file's bytes."""
    return write_book([(title, header, rows)])


def write_book(sheets: Iterable[Sheet]) -> bytes:
    """Write several sheets, each with a frozen header; titles differ. Returns the file's bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    bold = book.add_format({"bold": True, "bg_color": "#EDF0F4", "text_wrap": True})
    for title, header, rows in sheets:
        write_sheet(book.add_worksheet(sheet_name(title)), header, rows, bold)
    book.close()
    return buffer.getvalue()


def write_sheet(
    sheet: xlsxwriter.worksheet.Worksheet,
    header: Sequence[str],
    rows: Iterable[Sequence[object]],
    bold: xlsxwriter.format.Format,
) -> None:
    """Fill one sheet."""
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, list(header), bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            write_cell(sheet, number, column, value)
    sheet.autofit()


def answer_with(content: bytes, name: str) -> Response:
    """Answer a request with an Excel file to save under a Chinese name."""
    return downloads.answer(content, name, MEDIA_TYPE)


def write_cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    """Write one value: numbers as numbers, times as the hall's time in text, all else as text."""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, float(value))
    elif value is not None:
        sheet.write_string(row, column, neutralise(cell_text(value)))


def cell_text(value: object) -> str:
    """Give the text of a cell."""
    if isinstance(value, datetime):
        return local(value).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else str(value)


def neutralise(text: str) -> str:
    """Put an apostrophe before what a spreadsheet program might run when it is pasted or saved."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def sheet_name(title: str) -> str:
    """Make a title fit for a sheet: no reserved characters, 31 at most."""
    return "".join(character for character in title if character not in "[]:*?/\\'")[:31] or "表"
