"""直通车 from an outside form: each row with what is wrong with it, each number taken in once."""

import io
from datetime import timedelta

import pytest
import xlsxwriter
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from app.kernel import db
from app.suggestions import imports
from app.suggestions.models import Idea, IdeaChannel, IdeaImport, IdeaImportState
from tests.support import cast

HEADER = ["外部编号", "收到日期", "渠道", "内容", "联系电话", "同意联系", "部门"]
ROWS = [
    ["WJ-1", "2026-11-18", "政策留言板", "希望有放大镜。", "13900000001", "是", "区税务局"],
    ["WJ-2", "", "", "卫生间缺纸。", "13900000002", "否", ""],
    ["WJ-2", "", "", "重复的编号。", "", "", ""],
    ["", "", "", "没有编号。", "", "", ""],
    ["WJ-4", "2026-12-31", "", "明年的意见。", "", "", ""],
    ["WJ-5", "", "小道消息", "渠道不对。", "", "", ""],
    ["WJ-6", "", "", "部门不对。", "", "", "区气象局"],
    ["WJ-8", "", "12345市民服务热线", "热线有自己的平台。", "", "", ""],
    ["WJ-7", "", "", "", "", "", ""],
]


def book(rows, header=HEADER):
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = made.add_worksheet()
    for place, row in enumerate([header, *rows]):
        sheet.write_row(place, 0, row)
    made.close()
    return buffer.getvalue()


def csv_of(rows, encoding="utf-8", header=HEADER):
    return "\n".join(",".join(row) for row in [header, *rows]).encode(encoding)


def upload(browse, content, name="意见.xlsx", who="clerk", status=303, source="公众号"):
    browser = browse(who)
    page = browser.get("/suggestions/imports/new")
    token = page.one("#upload-form input[name=csrf_token]").get("value")
    data = {"file": (io.BytesIO(content), name), "is_unclassified": "y", "csrf_token": token,
            "source": source}  # fmt: skip
    return browser.post("/suggestions/imports/new", data, status=status)


def take_in(browse, moved):
    browser = browse("clerk")
    return browser.submit(browser.get(moved.location), form="#rows-form")


def ideas_of(app):
    with app.app_context():
        return db.session.scalars(select(Idea).order_by(Idea.id)).all()


@pytest.mark.db
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (book(ROWS), "意见.xlsx"),
        (csv_of(ROWS), "意见.csv"),
        (csv_of(ROWS, "gb18030"), "意见.csv"),
        (csv_of(ROWS, "utf-8-sig"), "意见.csv"),
    ],
    ids=["excel", "utf-8", "gb18030", "bom"],
)
def test_good_rows_are_taken_in_and_each_bad_one_says_why(content, name, browse, app):
    moved = upload(browse, content, name)
    page = browse("clerk").get(moved.location)
    assert "可以导入2条，不能导入7条" in page.text
    for text in (
        "编号在文件里重复", "外部编号要有1到60个字", "收到日期不能晚于今天", "没有“小道消息”这个渠道",
        "没有“12345市民服务热线”这个渠道",
        "没有“区气象局”这个部门", "内容要有1到",
    ):  # fmt: skip
        assert text in page.text
    take_in(browse, moved)
    first, second = ideas_of(app)
    assert (first.outside_number, first.channel) == ("WJ-1", IdeaChannel.MESSAGE_BOARD)
    assert first.received_on.isoformat() == "2026-11-18"
    assert first.contact == "13900000001"
    # 不同意联系: his number is not taken over.
    assert (second.outside_number, second.contact) == ("WJ-2", "")
    assert second.channel is IdeaChannel.OUTSIDE_FORM


def test_the_same_file_again_takes_in_nothing_twice(browse, app):
    take_in(browse, upload(browse, book(ROWS)))
    moved = upload(browse, book([*ROWS, ["WJ-9", "", "", "新的一条。", "", "", ""]]))
    page = browse("clerk").get(moved.location)
    assert page.text.count("已经导入过，跳过") == 2
    take_in(browse, moved)
    assert len(ideas_of(app)) == 3


@pytest.mark.db
def test_rows_are_left_out_one_by_one_and_none_is_taken_in_unseen(browse, app):
    """A page at a time; what is not ticked is neither taken in nor kept; each form by itself."""
    rows = [[f"WJ-{place}", "", "", f"第{place}条意见。", "", "", ""] for place in range(1, 131)]
    moved = upload(browse, csv_of(rows), "多.csv")
    clerk = browse("clerk")
    page = clerk.get(moved.location)
    assert "后面还有30行" in page.text
    assert len(page.all("#rows-form input[name=chosen]")) == 100
    assert "第130条意见" not in page.text
    data = [(each.get("name"), each.get("value")) for each in page.all("#rows-form input")]
    without = MultiDict([each for each in data if each != ("chosen", "2")])
    clerk.post(f"{moved.location}/apply", without)
    assert len(ideas_of(app)) == 99
    with app.app_context():
        kept = db.session.scalars(select(IdeaImport)).one()
        assert (kept.state, kept.added, len(kept.rows)) == (IdeaImportState.PREVIEWED, 99, 30)
    # Pressed twice: the next page is not taken in unseen.
    again = clerk.post(f"{moved.location}/apply", without)
    assert "这一页已经办过了" in clerk.follow(again).text
    assert len(ideas_of(app)) == 99
    take_in(browse, moved)
    assert "第1条意见。" not in [each.problem for each in ideas_of(app)]
    assert len(ideas_of(app)) == 129
    assert "已导入129条" in browse("clerk").get(moved.location).text
    # The same numbers of another form are others.
    take_in(browse, upload(browse, csv_of(rows[:2]), "别处.csv", source="官网"))
    assert len(ideas_of(app)) == 131
    again = browse("clerk").get(upload(browse, csv_of(rows[:2]), "又.csv", source="官网").location)
    assert again.text.count("已经导入过，跳过") == 2


def test_nothing_of_the_file_is_kept_once_it_is_taken_in_or_thrown_away(browse, app, now):
    take_in(browse, upload(browse, book(ROWS)))
    moved = upload(browse, book([["WJ-20", "", "", "扔掉的一条。", "", "", ""]]))
    browser = browse("clerk")
    browser.submit(browser.get(moved.location), form='form[action$="/discard"]')
    upload(browse, book([["WJ-21", "", "", "忘掉的一条。", "", "", ""]]))
    now.move(days=8)
    with app.app_context():
        imports.erase_old()
        kept = db.session.scalars(select(IdeaImport)).all()
    assert [each.rows for each in kept] == [[], [], []]
    assert [each.state for each in kept].count(IdeaImportState.ERASED) == 2


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "图.png", "不是 Excel 工作簿"),
        (book([], ["内容"]), "无编号.xlsx", "表头缺少：外部编号"),
        (csv_of([]), "空.csv", "没有一条意见"),
        (csv_of([["WJ", "", "", "x", "", "", ""]] * 1001), "多.csv", "一次最多1000行"),
        (csv_of(ROWS), "内部意见.csv", "“内部”字样"),
        (b"\xd0\xcf\x11\xe0 old", "老.xls", "不是 Excel 工作簿"),
    ],
)
def test_what_is_no_such_table_is_refused_and_says_what_to_do(content, name, told, browse, app):
    page = upload(browse, content, name, status=422)
    assert told in page.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(IdeaImport)) == 0


def test_nobody_sees_the_file_of_another(browse, app):
    moved = upload(browse, book(ROWS))
    assert browse("officer").client.get(moved.location).status_code == 404
    assert "还没有导入过文件" in browse("officer").get("/suggestions/imports").text


def test_the_template_is_a_file_that_can_be_imported(browse):
    answered = browse("clerk").client.get("/suggestions/imports/template")
    moved = upload(browse, answered.data)
    assert "可以导入1条，不能导入0条" in browse("clerk").get(moved.location).text


def test_an_entry_by_hand_has_its_channel_and_day(browse, app):
    browser = browse("clerk")
    page = browser.get("/suggestions/ideas/record")
    assert "本栏不受理检举控告" in page.text
    # 12345 and 好差评 have platforms of their own: they are no channels here (HALL.md 1.6).
    assert "12345市民" not in page.text_of("select[name=channel]")
    assert "好差评" not in page.text_of("select[name=channel]")
    values = {"channel": "phone", "received_on": "2026-11-19", "problem": "希望延长服务。"}
    browser.submit(page, values, form="#record-form")
    (idea,) = ideas_of(app)
    assert (idea.channel, idea.drafted_by_id) == (IdeaChannel.PHONE, person("clerk", app))
    page = browser.get("/suggestions/ideas/record")
    tomorrow = (idea.received_on + timedelta(days=2)).isoformat()
    refused = browser.submit(
        page, {**values, "received_on": tomorrow}, form="#record-form", status=422
    )
    assert "收到的日期不能晚于今天" in refused.text


def person(who, app):
    with app.app_context():
        return cast.person_id(who)
