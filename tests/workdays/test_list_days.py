"""The year: its special days as a list, all its days as months, the calculator, the Excel file."""

from contextlib import contextmanager
from datetime import date
from io import BytesIO
from urllib.parse import urlencode

import pytest
import python_calamine
from sqlalchemy import event, select

from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from app.workdays.models import DayKind
from tests.support.pages import fields_of
from tests.workdays.factories import add_day, add_hours, add_year

LIST = "#special-days .table tbody tr"


@pytest.fixture
def year_2026(app):
    with app.app_context():
        add_year(2026)
        add_hours()


def texts(page, css):
    return ["".join(element.itertext()).strip() for element in page.all(css)]


@pytest.mark.db
def test_this_year_is_shown_with_its_special_days(browse, year_2026):
    page = browse("clerk").get("/workdays")
    assert len(page.all(LIST)) == 39
    assert texts(page, f"{LIST}:first-child > *")[:4] == ["1月1日", "星期四", "放假", "元旦"]
    assert "2026年暂定" not in page.text
    assert page.one("#special-days .tabs [aria-current]").text == "2026年"


def test_another_year_has_its_own_address(browse, year_2026, app):
    with app.app_context():
        add_year(2025)
    page = browse("staff").get("/workdays/2025")
    assert len(page.all(LIST)) == 33
    browse("staff").get("/workdays/2003", status=404)
    browse("staff").get("/workdays/2101", status=404)
    browse("staff").get("/workdays/2004")
    browse("staff").get("/workdays/2100")


def test_a_year_without_notice_says_provisional(browse, year_2026):
    page = browse("staff").get("/workdays/2027")
    assert "2027年暂定" in page.text
    assert "这一年还没有登记特别安排的日子。" in page.text
    assert not page.all("#special-days .alert a")
    assert browse("clerk").get("/workdays/2027").one("#special-days .alert a").get("href") == (
        "/workdays/2027/import"
    )


def test_the_list_is_searched_filtered_and_sorted(browse, year_2026):
    reader = browse("staff")
    assert len(reader.get("/workdays?q=春节").all(LIST)) == 11
    assert len(reader.get("/workdays?q=春节&kind=work").all(LIST)) == 2
    first = texts(reader.get("/workdays?kind=work&sort=-day"), f"{LIST}:first-child > *")[0]
    assert first == "10月10日"
    assert "没有符合条件的记录。" in reader.get("/workdays?q=没有").text
    assert len(reader.get("/workdays?kind=junk&sort=junk&page=junk").all(LIST)) == 39


def test_a_filter_and_a_year_answer_with_the_fragment(browse, year_2026):
    reader = browse("staff")
    for url in ("/workdays?kind=work", "/workdays/2027"):
        page = reader.get(url, fragment=True)
        assert page.one("#special-days") is not None
        assert not page.all("h1")


def test_only_who_may_edit_finds_the_way_to_edit(browse, year_2026):
    edit = "a[href$=edit], a[href$=import]"
    assert not browse("staff").get("/workdays").all(edit)
    assert len(browse("clerk").get("/workdays").all(edit)) == 365 + 39 + 2


def test_the_navigation_has_the_page_for_who_may_edit(browse):
    entry = ".side a[href='/workdays']"
    assert browse("clerk").get("/workdays").one(entry).get("aria-current") == "page"
    assert not browse("staff").get("/workdays").all(entry)


def test_months_tell_states_by_sign_and_by_word(browse, year_2026, app):
    with app.app_context():
        add_day(date(2026, 11, 23), name="停电", periods=())
        add_day(date(2026, 11, 24), DayKind.WORK, "多余的登记")
    page = browse("staff").get("/workdays")
    cells = texts(page, ".month td")
    assert "14班，调休上班，春节调休" in cells
    assert "17休，放假，春节" in cells
    assert "7开，休息日，大厅开放" in cells
    assert "23闭，工作日，大厅不开放，停电" in cells
    assert "24，多余的登记" in cells
    today = page.one(".month [aria-current=date]")
    assert "".join(today.itertext()).strip() == "20"
    assert texts(page, ".month caption")[1] == "2月16个工作日"
    assert texts(page, ".legend .sign") == ["休", "班", "开", "闭"]


def test_usual_hours_stand_in_one_line(browse, year_2026):
    assert "星期一至星期五 09:00—17:00；星期六 09:00—12:00；星期日 闭厅" in browse("staff").get(
        "/workdays"
    ).text_of("#hours")


def test_the_list_leaves_as_excel_and_the_log_knows(browse, year_2026, app):
    page = browse("staff").get("/workdays/2026/export?q=春节")
    sheet = python_calamine.load_workbook(BytesIO(page.data)).get_sheet_by_index(0).to_python()
    assert sheet[0] == ["日期", "星期", "工作日", "事由", "大厅", "来源"]
    assert sheet[1] == ["2026-02-14", "星期六", "调休上班", "春节调休", "照常", "通知导入"]
    assert len(sheet) == 12
    with app.app_context():
        wanted = AuditEntry.event == AuditEvent.RECORD_EXPORTED
        entry = db.session.scalars(select(AuditEntry).where(wanted)).one()
    assert entry.object_type == "special_day"


def test_the_export_without_a_year_is_this_years(browse, year_2026):
    page = browse("staff").get("/workdays/export")
    assert "2026%E5%B9%B4" in page.headers["Content-Disposition"]
    browse("staff").get("/workdays/1999/export", status=404)


@contextmanager
def counted_queries(app):
    """Count what the site asks the database inside the block."""
    asked = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    with app.app_context():
        engine = db.database.engine
    event.listen(engine, "before_cursor_execute", note)
    yield asked
    event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow_with_the_days(browse, app):
    reader = browse("staff")
    reader.get("/workdays")
    with counted_queries(app) as few:
        reader.get("/workdays")
    with app.app_context():
        add_year(2026)
    with counted_queries(app) as many:
        reader.get("/workdays")
    assert len(many) == len(few) <= 18


def ask(reader, page, values, **how):
    """Send the calculator as it stands on the page, with some of its fields changed."""
    form = page.one("#deadline form")
    sent = {**fields_of(page, form), **values}
    return reader.get(f"{form.get('action')}?{urlencode(sent)}", **how)


def test_the_calculator_counts_like_every_deadline(browse, year_2026):
    reader = browse("staff")
    page = reader.get("/workdays")
    answer = ask(reader, page, {"received": "2026-02-13T17:01"})
    assert "截止：2026年2月24日 17:00（星期二）" in answer.text
    assert "暂定" not in answer.text_of("#deadline")
    fragment = ask(reader, page, {"received": "2026-12-31T10:00"}, fragment=True)
    assert "截止：2027年1月1日 17:00（星期五） 暂定" in fragment.text_of("#deadline")
    assert not fragment.all("h1")


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"received": "", "days": 1}, "请填写收到的日期和时间。"),
        ({"received": "2026-02-30T10:00", "days": 1}, "不是有效的日期与时间值。"),
        ({"received": "1999-01-01T10:00", "days": 1}, "日期请填2004年到2099年之间的。"),
        ({"received": "0001-01-01T00:00", "days": 1}, "日期请填2004年到2099年之间的。"),
        ({"received": "9999-12-31T23:59", "days": 1}, "日期请填2004年到2099年之间的。"),
        ({"days": -1}, "请填0到1000之间的整数。"),
        ({"days": "几天"}, "不是有效的整数"),
    ],
)
def test_the_calculator_says_what_is_missing(browse, year_2026, values, advice):
    reader = browse("staff")
    page = reader.get("/workdays")
    for fragment in (False, True):
        answer = ask(reader, page, values, status=422, fragment=fragment)
        assert advice in answer.text_of("#deadline .error-summary")


def test_the_calculators_page_opens_without_a_question(browse):
    page = browse("staff").get("/workdays/deadline")
    assert not page.all("#deadline .alert")
    assert not page.all(".error-summary")


def test_strangers_are_sent_to_sign_in(browse):
    for url in ("/workdays", "/workdays/export", "/workdays/deadline"):
        assert browse(None).get(url, status=303).location.endswith(f"?next={url}")
