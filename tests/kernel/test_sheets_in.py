"""Excel files into the site: IN6 and IN7, with every file made here."""

import io
import json
import resource
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock_time

import pytest
import xlsxwriter

from app.kernel import children, sheets_in, sheets_in_child
from app.kernel.sheet_templates import TemplateColumn, write_template
from app.kernel.sheets_in import UnreadableFileError, date_of, int_of, read_sheet, text_of

HEADER = ["工号", "姓名", "入职日期"]
SHEET_PART = "xl/worksheets/sheet1.xml"


def book(*rows, fill=None) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("人员")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if fill:
            fill(workbook, sheet)
    return buffer.getvalue()


def rewritten(content: bytes, *, extra=(), **parts) -> bytes:
    """Pack a workbook anew with some parts' bytes passed through a function."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for entry in source.infolist():
            change = parts.get(entry.filename.rpartition("/")[2].partition(".")[0], bytes)
            target.writestr(entry.filename, change(source.read(entry.filename)))
        for name, data in extra:
            target.writestr(name, data)
    return buffer.getvalue()


def refusal(content: bytes, max_rows: int = 100) -> str:
    """Read what must be refused: quickly, and in a child, not in this process."""
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    with pytest.raises(UnreadableFileError) as caught:
        read_sheet(content, max_rows)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    # A second on a machine of its own; the tests share theirs.
    assert time.monotonic() - began < 5
    assert grown < 50 * 1024
    return str(caught.value)


def test_a_sheet_is_read_with_typed_cells():
    def fill(workbook, sheet):
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(1, 2, datetime(2020, 1, 2), day)  # noqa: DTZ001 - a cell has no zone.
        sheet.write_datetime(3, 2, datetime(2020, 1, 2, 8, 30), moment)  # noqa: DTZ001
        sheet.write_boolean(3, 3, True)
        sheet.write_datetime(3, 4, clock_time(9, 15), workbook.add_format({"num_format": "hh:mm"}))

    content = book([*HEADER, "是否", "时刻"], [1001, "单知远"], [], [1.5, " 甲　"], fill=fill)
    sheet = read_sheet(content, 10)
    assert sheet.header == [*HEADER, "是否", "时刻"]
    assert sheet.first_row == 2
    assert sheet.rows == [
        [1001, "单知远", date(2020, 1, 2), None, None],
        [None] * 5,
        [1.5, " 甲　", datetime(2020, 1, 2, 8, 30), True, clock_time(9, 15)],  # noqa: DTZ001
    ]
    assert type(sheet.rows[0][2]) is date
    assert [sheet.is_blank(number) for number in range(3)] == [False, True, False]
    assert sheet.problems == []


def test_what_stands_above_the_header_and_formats_below_the_table_are_no_rows():
    def fill(workbook, sheet):
        sheet.write_blank(900, 0, None, workbook.add_format({"bold": True}))

    sheet = read_sheet(book([], [], HEADER, ["SY001", "甲"], fill=fill), 10)
    assert (sheet.header, sheet.first_row, len(sheet.rows)) == (HEADER, 4, 1)


def test_a_formula_is_an_error_of_its_cell_and_no_value():
    def fill(workbook, sheet):
        sheet.write_formula(1, 1, '=HYPERLINK("http://x","甲")', None, "甲")
        sheet.write_formula(2, 0, "=1/0", None, "#DIV/0!")

    sheet = read_sheet(book(HEADER, ["SY001"], ["SY002", "乙"], fill=fill), 10)
    assert [row[:2] for row in sheet.rows] == [["SY001", None], [None, "乙"]]
    assert [(problem.row, problem.column) for problem in sheet.problems] == [(2, 2), (3, 1)]
    assert all("公式" in problem.message for problem in sheet.problems)
    assert [problem.place for problem in sheet.problems] == ["B2", "A3"]


def test_an_error_value_and_an_endless_text_are_reported():
    content = book(HEADER, ["SY001", "x" * 5001], ["SY002", "x" * 5000])
    error = b'<c r="C2" t="e"><v>#N/A</v></c></row>'
    content = rewritten(content, sheet1=lambda xml: xml.replace(b"</row>", error, 2).replace(error, b"</row>", 1))  # fmt: skip
    sheet = read_sheet(content, 10)
    assert [(each.row, each.column) for each in sheet.problems] == [(2, 2), (2, 3)]
    assert "5000个字" in sheet.problems[0].message
    assert "#N/A" in sheet.problems[1].message
    assert sheet.rows[1][1] == "x" * 5000


def test_only_the_first_visible_sheet_is_read():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        hidden, seen = workbook.add_worksheet("旧表"), workbook.add_worksheet("新表")
        hidden.write(0, 0, "=不该读")
        seen.write(0, 0, "工号")
        seen.activate()
        hidden.hide()
    assert read_sheet(buffer.getvalue(), 10).header == ["工号"]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "另存为“Excel 工作簿（.xlsx）”"),
        ("工号,姓名\nSY001,甲\n".encode("gbk"), "另存为“Excel 工作簿（.xlsx）”"),
        (b"<html><table></table></html>", "另存为"),
        (b"PK\x03\x04" + bytes(100), "已经损坏"),
    ],
)
def test_other_files_are_refused_with_what_to_do(content, word):
    assert word in refusal(content)


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    bomb = rewritten(book(HEADER), extra=[("xl/media/a.xml", b"0" * (143 << 20))])
    assert len(bomb) < 160_000
    began = time.monotonic()
    assert "解压后过大" in refusal(bomb)
    print(f"refused in {time.monotonic() - began:.2f} s, {len(bomb)} bytes")


def test_a_bomb_that_declares_a_small_size_is_refused():
    content = rewritten(book(HEADER), extra=[("xl/a.bin", b"0" * (40 << 10))])
    declared, lie = (40 << 10).to_bytes(4, "little"), (10).to_bytes(4, "little")
    assert content.count(declared) == 2
    assert refusal(content.replace(declared, lie)) == sheets_in_child.DAMAGED


def test_many_entries_and_a_high_ratio_are_refused():
    many = rewritten(book(HEADER), extra=[(f"xl/{n}.bin", b"x") for n in range(200)])
    assert refusal(many) == sheets_in_child.TOO_LARGE
    thin = rewritten(book(HEADER), extra=[("xl/a.bin", b"0" * (1 << 20))])
    assert refusal(thin) == sheets_in_child.TOO_LARGE


def test_two_entries_of_one_name_are_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = rewritten(book(HEADER), extra=[(SHEET_PART, b"<worksheet/>")])
    assert refusal(twice) == sheets_in_child.DAMAGED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["sheet1", "sharedStrings", "styles", "docProps"])
def test_a_dtd_is_refused_in_any_part_and_encoding(encoding, part):
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "1">]><x>&a;</x>'
    bad = xml.encode(encoding)
    if part == "docProps":
        content = rewritten(book(HEADER), extra=[("docProps/custom.xml", bad)])
    else:
        content = rewritten(book(HEADER, ["甲"]), **{part: lambda _: bad})
    assert refusal(content) == sheets_in_child.HAS_DTD


def test_rows_beyond_the_limit_are_refused_and_those_within_are_read():
    content = book(HEADER, *(["SY001"] for _ in range(11)))
    assert "超过10行" in refusal(content, 10)
    assert len(read_sheet(content, 11).rows) == 11
    assert f"超过{sheets_in.MAX_ROWS}行" in refusal(
        book(HEADER, fill=lambda _, sheet: sheet.write(60_000, 0, "x")), 10**9
    )


def test_a_cell_far_out_is_refused_before_a_table_of_that_size_is_made():
    wide = book(HEADER, fill=lambda _, sheet: sheet.write(0, 16_383, "x"))
    assert refusal(wide) == sheets_in_child.TOO_WIDE
    assert "行" in refusal(book(HEADER, fill=lambda _, sheet: sheet.write(1_048_575, 0, "x")))


def test_one_long_text_repeated_without_end_is_refused():
    cells = b"".join(b'<c t="s"><v>0</v></c>' for _ in range(90))
    rows = b"".join(b"<row>" + cells + b"</row>" for _ in range(60))
    content = rewritten(
        book(["x" * 5000]),
        sheet1=lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>"),
    )
    assert refusal(content) == sheets_in_child.TOO_LARGE


def test_an_empty_sheet_and_a_file_without_one_are_refused():
    assert refusal(book()) == sheets_in_child.NO_HEADER
    assert refusal(book(["  "])) == sheets_in_child.NO_HEADER
    nameless = rewritten(book(HEADER), workbook=lambda xml: xml.replace(b"<sheet ", b"<other "))
    assert refusal(nameless) == sheets_in_child.NO_SHEET


def test_a_broken_child_is_a_refusal(monkeypatch):
    monkeypatch.setattr(sheets_in, "CHILD_MEMORY", 16 << 20)
    assert refusal(book(HEADER)) == sheets_in.NOT_READ


def test_a_slow_child_is_ended(monkeypatch):
    with pytest.raises(children.ChildBrokenError, match="not done"):
        children._ask("app.kernel.sheets_in_child", b"", ("", "", "", ""), {}, 0.001)


def test_whoever_waits_too_long_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(children, "TURN_SECONDS", 0.01)
    with children._turn:
        assert refusal(book(HEADER)) == sheets_in.BUSY


def test_the_child_serves_and_refuses_over_its_pipes():
    out = io.BytesIO()
    options = json.dumps({"max_rows": 3})
    children.serve("app.kernel.sheets_in_child", options, io.BytesIO(book(["工号"])), out)
    assert json.loads(out.getvalue()[1:])["header"] == ["工号"]
    out = io.BytesIO()
    children.serve("app.kernel.sheets_in_child", options, io.BytesIO(b"PK"), out)
    assert out.getvalue() == b"-" + sheets_in_child.DAMAGED.encode()


def test_durations_and_dates_are_packed_for_the_way():
    day = datetime(2026, 11, 20).date()  # noqa: DTZ001
    assert sheets_in_child.pack(day) == {"date": "2026-11-20"}
    assert sheets_in_child.pack(datetime(2026, 11, 20) - datetime(2026, 11, 18, 23)) == {  # noqa: DTZ001
        "time": "01:00:00"
    }
    assert sheets_in_child.plain({"date": "2026-11-20"}) == "2026-11-20"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("　 SY００１Ａｂ ", "SY001Ab"),
        (1001, "1001"),
        (1.5, "1.5"),
        (True, "是"),
        (False, "否"),
        (date(2026, 11, 20), "2026-11-20"),
        (datetime(2026, 11, 20, 9, 5), "2026-11-20 09:05"),  # noqa: DTZ001
        (clock_time(9, 5), "09:05"),
        ("（甲）：乙", "（甲）：乙"),
    ],
)
def test_a_cell_as_text(value, text):
    assert text_of(value) == text


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 1, 5),
        datetime(2026, 1, 5, 8, 0),  # noqa: DTZ001
        "2026-1-5",
        "2026/01/05",
        "2026.1.5",
        "２０２６年１月５日",
        " 2026 年 1 月 5 日 ",
        "20260105",
        pytest.param(20260105, id="number"),
    ],
)
def test_a_day_is_read_as_people_write_it(value):
    assert date_of(value) == date(2026, 1, 5)


def test_nothing_is_no_day_and_no_number_and_junk_is_refused():
    assert date_of(None) is date_of(" ") is int_of("　") is None
    for junk in ("明天", "2026-13-01", "5/1", "0000-01-01"):
        with pytest.raises(ValueError, match="2026-11-20"):
            date_of(junk)
    assert int_of(" １２ ") == int_of(12) == 12
    for junk in ("1.5", "十", True, 1.5):
        with pytest.raises(ValueError, match="整数"):
            int_of(junk)


def test_columns_have_excels_names():
    assert [sheets_in.column_name(n) for n in (1, 26, 27, 703)] == ["A", "Z", "AA", "AAA"]
    assert sheets_in_child.column_number("AAA") == 703


COLUMNS = [
    TemplateColumn(label="工号", note="以字母开头。", example="SY001", is_required=True),
    TemplateColumn(label="用工性质", note="按编制填。", example="事业", choices=["公务员", "事业"]),
    TemplateColumn(label="备注", note="", example="=1+1"),
]


def test_a_template_is_read_back_by_the_reader():
    sheet = read_sheet(write_template("人员", COLUMNS, ["不要改表头。"]), 10)
    assert sheet.header == ["工号", "用工性质", "备注"]
    assert sheet.rows == [["SY001", "事业", "'=1+1"]]
    assert sheet.problems == []


def test_a_template_explains_its_columns_and_offers_choices():
    with zipfile.ZipFile(io.BytesIO(write_template("人员", COLUMNS, ["不要改表头。"]))) as parts:
        notes, first = parts.read("xl/comments1.xml").decode(), parts.read(SHEET_PART).decode()
        strings = parts.read("xl/sharedStrings.xml").decode()
        names = parts.read("xl/workbook.xml").decode()
    assert "必填。以字母开头。" in notes
    assert "可以不填。按编制填。只填其中一个：公务员、事业。" in notes
    assert 'type="list"' in first
    assert "选项!$B$1:$B$2" in first
    assert "不要改表头。" in strings
    assert "填写说明" in names
