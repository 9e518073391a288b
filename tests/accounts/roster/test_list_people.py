"""The list of people: by pinyin, found by name, number, pinyin and department, with Excel."""

from datetime import date
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from app.accounts import service
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import events
from tests.accounts.roster.factories import join
from tests.support import cast

STAFF = ["单知远", "单望舒", "翟景行"]


def names(page):
    return [element.text.strip() for element in page.all("tbody a")]


@pytest.fixture
def people(app):
    with app.app_context():
        join("SY901", "单望舒", phone="13912345678")
        join("SY902", "Li Lei")


def test_surnames_sort_by_how_they_are_read(browse, people):
    order = names(browse("clerk").get("/people"))
    assert order.index("单望舒") < order.index("单知远") < order.index("翟景行")
    assert [each for each in order if each in STAFF] == ["单望舒", "单知远", "翟景行"]


@pytest.mark.parametrize(
    ("query", "found"),
    [("单望", ["单望舒"]), ("sy901", ["单望舒"]), ("shan", ["单望舒", "单知远"]), ("%", [])],
)
@pytest.mark.db
def test_people_are_found(browse, people, query, found):
    page = (
        browse("clerk").get("/people", q=query)
        if False
        else browse("clerk").get(f"/people?q={query.replace('%', '%25')}")
    )
    assert names(page) == found


def test_the_excel_file_holds_what_the_page_shows(browse, app, people):
    clerk = browse("clerk")
    answer = clerk.client.get("/people/export?q=SY901")
    sheet = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0)
    header, row = sheet.to_python()
    assert header[:3] == ["姓名", "工号", "部门"]
    assert "139****5678" in row
    with app.app_context():
        [event] = events(AuditEvent.RECORD_EXPORTED)
        assert event.object_type == "people"


@pytest.mark.db
def test_a_department_is_chosen_from_the_halls_in_their_order(browse, app, people):
    clerk = browse("clerk")
    page = clerk.get("/people")
    options = page.all("select[name=department] option")
    assert [each.text for each in options] == ["全部", *cast.DEPARTMENTS]
    value = next(each.get("value") for each in options if each.text == cast.DEPARTMENTS[1])
    found = clerk.get(f"/people?department={value}")
    assert set(names(found)) < set(names(page))
    assert {"梁静怡", "陆文博"} <= set(names(found))
    assert "顾晓岚" not in names(found)


def test_who_sees_one_department_chooses_none(browse, app, people):
    with app.app_context():
        home = cast.department_ids()[0]
        with db.write():
            service.grant_at_set_up(
                person_id=cast.person_id("staff"),
                role=Role.WINDOW_LEAD,
                starts_on=date(2025, 1, 6),
                department_id=home,
            )
    page = browse("staff").get("/people")
    assert page.all("select[name=department]") == []
    assert "单知远" in names(page)
    assert "梁静怡" not in names(page)
    other = browse("staff").get(f"/people?department={home + 1}")
    assert names(other) == names(page)


def test_names_numbers_and_dates_are_never_broken(browse, people):
    row = browse("clerk").get("/people").all("tbody tr")[0]
    short = [cell.get("data-label") for cell in row if "short" in (cell.get("class") or "")]
    assert {"工号", "窗口", "手机", "入职日期"} <= set(short)
    assert "部门" not in short
