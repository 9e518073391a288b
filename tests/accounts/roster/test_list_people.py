"""The list of people: by pinyin, found by name, number, pinyin and department, with Excel."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from app.audit.models import AuditEvent
from tests.accounts.factories import events
from tests.accounts.roster.factories import join

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
