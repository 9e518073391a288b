"""Excel files out of the site, read back by another library."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import python_calamine

from app.kernel import spreadsheets

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x"]


def read_back(content: bytes) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_cell_is_never_a_formula(text):
    content = spreadsheets.write_table("表", ["列"], [[text]])
    assert read_back(content)[1][0] == f"'{text}"
    assert b"<f>" not in content


def test_values_keep_their_kind():
    when = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    row = [1, Decimal("92.5"), "单知远", date(2026, 11, 21), when, None, "007"]
    content = spreadsheets.write_table("表", ["a"] * len(row), [row])
    assert read_back(content)[1] == [
        1.0,
        92.5,
        "单知远",
        "2026-11-21",
        "2026-11-21 00:30",
        "",
        "007",
    ]


@pytest.mark.parametrize("title", ["a/b:c*?[d]", "", "长" * 60])
def test_any_title_makes_a_sheet(title):
    assert read_back(spreadsheets.write_table(title, ["列"], [])) == [["列"]]
