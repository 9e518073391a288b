"""Twenty kinds of mistakes in a roster file, each named with row, column and what to do (issue 3).

And the tolerance that a real hall's file needs: titles, other headings, any way to write a day.
"""

from datetime import date, datetime

import pytest

from app.accounts.roster.imports.parse import parse_sheet
from app.kernel.sheets_in import Sheet, UnreadableFileError
from tests.accounts.rosters import EFFECTIVE_ON, HEADER, book, line, parsed, read_file, sheet_of

GOOD = line("A1", "沈一诺")
# What is wrong, the row, its column, and a word of the advice.
MISTAKES = [
    ("missing number", line("", "梁书瑶"), "B", "没有填"),
    ("missing name", line("A2", ""), "C", "没有填"),
    ("blank department", line("A2", "梁书瑶", 部门="　"), "D", "没有填"),
    ("missing post", line("A2", "梁书瑶", 岗位=""), "F", "没有填"),
    ("missing day", line("A2", "梁书瑶", 入职日期=""), "I", "没有填"),
    ("number twice", line("a1", "沈一诺"), "B", "和第2行重复；请只留一行"),
    ("number twice, other name", line("Ａ１", "梁书瑶"), "B", "姓名也不同"),
    ("number with a point", line("A2.5", "梁书瑶"), "B", "只用字母、数字"),
    ("name with digits", line("A2", "梁书2"), "C", "姓名里有数字"),
    ("name with marks", line("A2", "梁书瑶?"), "C", "标点或符号"),
    ("hidden characters", line("A2", "梁\u200b书瑶"), "C", "看不见的字符"),
    ("name too long", line("A2", "梁" * 41), "C", "缩短到40个字以内"),
    ("department too long", line("A2", "梁书瑶", 部门="局" * 61), "D", "缩短到60个字以内"),
    ("two windows", line("A2", "梁书瑶", 窗口="A01、A02"), "E", "只填一个窗口"),
    ("unknown post group", line("A2", "梁书瑶", 岗位类别="前台"), "G", "综窗、专窗、帮办"),
    ("unknown employment", line("A2", "梁书瑶", 用工性质="志愿者"), "H", "公务员、事业、派驻"),
    ("impossible day", line("A2", "梁书瑶", 入职日期="2024-02-30"), "I", "没有这一天"),
    ("odd day", line("A2", "梁书瑶", 入职日期="24年春"), "I", "2024-03-01"),
    ("half a day", line("A2", "梁书瑶", 入职日期="2024年3月"), "I", "2024-03-01"),
    ("a bare number for a day", line("A2", "梁书瑶", 入职日期=45352), "I", "2024-03-01"),
    ("day of another age", line("A2", "梁书瑶", 入职日期="1899-12-31"), "I", "年份不对"),
    ("joins after the list", line("A2", "梁书瑶", 入职日期="2027-01-01"), "I", "晚于名单日期"),
    ("left before he came", line("A2", "梁书瑶", 离岗日期="2024-02-29"), "K", "早于入职日期"),
    ("phone with letters", line("A2", "梁书瑶", 手机="1380000abcd"), "J", "电话只写数字"),
    ("phone too short", line("A2", "梁书瑶", 手机="110"), "J", "电话只写数字"),
    ("an administrator by roster", line("A2", "梁书瑶", 角色="系统管理员"), "L", "管理员账号"),
    ("unknown role", line("A2", "梁书瑶", 角色="站长"), "L", "窗口工作人员"),
]


@pytest.mark.parametrize(("row", "letter", "advice"), [each[1:] for each in MISTAKES])
def test_mistake_is_named_with_row_column_and_what_to_do(row, letter, advice):
    roster = parsed([GOOD, row])
    assert [(each.row, each.letter) for each in roster.problems] == [(3, letter)]
    assert advice in roster.problems[0].message
    assert roster.problems[0].message.endswith("。")


def test_there_are_more_than_twenty_kinds_of_mistakes():
    assert len({each[0] for each in MISTAKES}) > 20


def test_swapped_columns_are_recognised():
    problems = parsed([line("沈一诺", "A1")]).problems
    assert [each.letter for each in problems] == ["B", "C"]
    assert all("填反" in each.message for each in problems)


def test_all_mistakes_of_a_file_are_named_at_once():
    rows = [GOOD, *(each[1] for each in MISTAKES)]
    found = {each.row for each in parsed(rows).problems}
    assert found >= set(range(3, len(rows) + 2))


def test_formula_in_a_cell_that_counts_is_an_error_and_elsewhere_is_none():
    content = book(
        [
            line("A1", "沈一诺", 序号="=ROW()-1"),
            line("A2", '="梁"&"书瑶"', 序号="=ROW()-1"),
            ["", "合计", "", "", "", "", "", "", "", "=COUNTA(B2:B3)"],
        ]
    )
    roster = read_file(content)
    assert [(each.row, each.letter) for each in roster.problems] == [(3, "C")]
    assert "公式" in roster.problems[0].message


def test_cell_of_endless_text_is_an_error_of_its_place():
    roster = read_file(book([line("A1", "沈一诺", 岗位="岗" * 6000)]))
    assert [(each.row, each.letter) for each in roster.problems] == [(2, "F")]


@pytest.mark.parametrize(
    "day",
    [
        date(2024, 3, 1),
        datetime(2024, 3, 1),  # noqa: DTZ001 - a cell has no zone.
        "2024-03-01",
        "2024-3-1",
        "2024/3/1",
        "2024.3.1",
        "20240301",
        20240301,
        "2024年3月1日",
        "2024年03月01日",
        "２０２４－０３－０１",
        " 2024-03-01 ",
        "2024-03-01 00:00:00",
    ],
    ids=repr,
)
def test_day_may_be_written_in_any_usual_way(day):
    roster = parsed([line("A1", "沈一诺", 入职日期=day)])
    assert not roster.problems
    assert roster.rows[0].joined_on == "2024-03-01"


def test_day_of_excel_is_read_from_a_file():
    roster = read_file(book([line("A1", "沈一诺", 入职日期=date(2024, 3, 1))]))
    assert roster.rows[0].joined_on == "2024-03-01"


def test_titles_above_other_headings_blank_rows_and_totals_do_not_matter():
    header = [
        "序 号",
        "员工编号\n（必填）",
        "姓　名",
        "进驻单位",
        "岗位名称*",
        "到岗时间：",
        "联系电话",
    ]
    roster = read_file(
        book(
            [
                ["1", "A1", "沈 一 诺", "区 税务局", "综合窗口", "2024.3.1", 13800000000],
                [],
                ["2", 1002, "阿依古丽·买买提", "区税务局", "导服", "20240301", "021-12345678"],
                [],
                ["合计", "2人"],
                ["制表：张三", "", "", "审核："],
            ],
            header=header,
            above=[["某某政务服务中心人员名单"], ["2026年11月"]],
        )
    )
    assert not roster.problems
    assert [(each.row, each.staff_number, each.name) for each in roster.rows] == [
        (4, "A1", "沈一诺"),
        (6, "1002", "阿依古丽·买买提"),
    ]
    first = roster.rows[0]
    assert (first.department, first.phone) == ("区税务局", "13800000000")
    # There is no such column, which is not the same as an empty cell.
    assert first.window is None


def test_full_width_letters_and_digits_are_ordinary_ones():
    row = parsed(
        [line("ＱＹ１００１", "沈一诺", 窗口="Ａ０１号窗口", 手机="１３８００００００００")]
    ).rows[0]
    assert (row.staff_number, row.window, row.phone) == ("QY1001", "A01", "13800000000")


def test_total_in_the_middle_is_no_footer():
    problems = parsed([line("", "合计", 序号="合计"), GOOD]).problems
    assert {each.row for each in problems} == {2}


def test_missing_columns_are_named():
    header = [name for name in HEADER if name not in {"姓名", "入职日期"}]
    with pytest.raises(UnreadableFileError, match="缺少这些列：姓名、入职日期。请补上"):
        parsed([], header=header)


def test_two_headings_alike_are_refused():
    header = [*HEADER, "员工编号"]
    with pytest.raises(UnreadableFileError, match="B、M列都像是“工号”"):
        parsed([], header=header)


def test_file_without_headings_is_refused():
    with pytest.raises(UnreadableFileError, match="没有找到表头"):
        parsed([["a", "b"]], header=["x", "y"])


def test_file_without_people_is_refused():
    with pytest.raises(UnreadableFileError, match="没有人员"):
        parse_sheet(sheet_of([]), effective_on=EFFECTIVE_ON)
    with pytest.raises(UnreadableFileError, match="没有人员"):
        parsed([["合计"] + [""] * (len(HEADER) - 1)])


def test_first_row_of_the_file_counts():
    sheet = Sheet(header=list(HEADER), rows=[line("", "沈一诺")], problems=[], first_row=7)
    assert parse_sheet(sheet, effective_on=EFFECTIVE_ON).problems[0].row == 7
