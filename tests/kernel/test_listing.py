"""Lists: search is literal, order is stable, pages never overlap, junk in the URL does no harm."""

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.accounts.models import Department
from app.kernel import db, listing

DEPARTMENTS: listing.Listing[Department] = listing.Listing(
    id="department-list",
    noun="个部门",
    row=lambda found: found[0],
    columns=[
        listing.Column(name="name", label="名称", cell=lambda row: row.name, sort=Department.name),
        listing.Column(
            name="position",
            label="序列",
            cell=lambda row: str(row.position),
            sort=Department.position,
            export=lambda row: row.position,
        ),
        listing.Column(name="plain", label="说明", cell=lambda row: "—"),
    ],
    search=(Department.name,),
    filters=[
        listing.Filter(
            name="size",
            label="前后",
            options=[("front", "前"), ("back", "后")],
            where=lambda value: (
                Department.position <= 10 if value == "front" else Department.position > 10
            ),
        )
    ],
    default_sort="position",
    tie_break=Department.id,
    per_page=10,
    empty_text="还没有部门。",
)


@pytest.fixture
def many(app):
    with app.app_context(), db.write():
        for place in range(3, 35):
            db.session.add(Department(name=f"部门{place:02d}", position=place))
        db.session.add(Department(name="百分之100%_达标", position=40))


def show(app, **args: str) -> listing.ListView:
    with app.app_context():
        return listing.show(DEPARTMENTS, select(Department), args, url="/d", export_url="/d/export")


def test_a_list_without_a_search_takes_no_notice_of_one(app, many):
    plain = replace(DEPARTMENTS, search=())
    with app.app_context():
        view = listing.show(
            plain, select(Department), {"q": "部门03"}, url="/d", export_url="/d/export"
        )
    assert view.total == 35


@pytest.mark.db
def test_pages_hold_every_row_once(app, many):
    names = []
    for page in range(1, 5):
        view = show(app, page=str(page), sort="name")
        names += [row.cells[0].text for row in view.rows]
    assert len(names) == len(set(names)) == 35
    assert (view.pages, view.total, view.first, view.last) == (4, 35, 31, 35)


@pytest.mark.db
@pytest.mark.parametrize(
    ("query", "found"), [("%", 1), ("_", 1), ("部门1", 10), ("100% 达标", 1), ("无", 0)]
)
def test_search_words_are_literal_and_all_must_occur(app, many, query, found):
    assert show(app, q=query).total == found


def test_order_turns_round_and_keeps_filter_and_search(app, many):
    view = show(app, q="部门", size="back", sort="name")
    heading = view.columns[0]
    assert heading.sort == "asc"
    assert heading.sort_url == "/d?q=%E9%83%A8%E9%97%A8&size=back&sort=-name"
    assert view.columns[2].is_sortable is False
    assert view.page_urls[1][1].endswith("&page=2")


def test_a_page_past_the_end_is_the_last_one(app, many):
    view = show(app, page="999")
    assert view.page == 4
    assert view.next_url is None


def test_an_empty_list_says_why(app):
    assert show(app, q="没有这个部门").empty_text == listing.NOTHING_FOUND
    with app.app_context():
        nothing = listing.show(
            DEPARTMENTS, select(Department).where(Department.id < 0), {}, url="/d"
        )
    assert nothing.empty_text == "还没有部门。"


@given(
    st.dictionaries(
        st.sampled_from(["q", "sort", "page", "size"]), st.text(max_size=30), max_size=4
    )
)
def test_junk_in_the_address_falls_back(args):
    state = listing.read_state(DEPARTMENTS, args)
    assert state.page >= 1
    assert state.sort.removeprefix("-") in {"name", "position"}
    assert set(state.chosen) <= {"size"}
    assert state.query.isprintable()


def test_excel_gets_all_pages_in_the_chosen_order(app, many):
    with app.app_context():
        content = listing.export(DEPARTMENTS, select(Department), {"sort": "-position"})
    assert content[:2] == b"PK"


def lines(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_a_file_with_no_room_for_all_says_so_in_its_last_row(app, many, monkeypatch):
    monkeypatch.setattr("app.kernel.spreadsheets.MAX_ROWS", 30)
    with app.app_context():
        found = lines(listing.export(DEPARTMENTS, select(Department), {}))
    assert len(found) == 1 + 30 + 1
    assert found[-2][0] == "部门30"
    assert found[-1][0].startswith("共35个部门，本表只有前30个部门：请用查询条件缩小范围")
    assert show(app).export_most == 30


@pytest.mark.parametrize("most", [35, 36])
def test_a_file_with_room_for_all_ends_with_the_last_row(app, many, monkeypatch, most):
    monkeypatch.setattr("app.kernel.spreadsheets.MAX_ROWS", most)
    with app.app_context():
        found = lines(listing.export(DEPARTMENTS, select(Department), {}))
    assert len(found) == 1 + 35
    assert found[-1][0] == "百分之100%_达标"
    assert show(app).export_most is None


def test_a_button_in_a_cell_escapes_what_it_is_about():
    cell = listing.button(form="f", name="add", value=3, label="选入", about='<b>"')
    assert "<b>" not in str(cell.text)
    assert 'value="3"' in str(cell.text)
