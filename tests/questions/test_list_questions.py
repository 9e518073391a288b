"""The bank as a list: searched, filtered, sorted, paged, and taken out as an Excel file."""

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from app.audit.models import AuditEvent
from app.kernel import db
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from tests.accounts.factories import events
from tests.questions.factories import add_question, revise
from tests.support import cast
from tests.support.questions import retire

TRAPS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1"]


@pytest.fixture
def bank(app):
    """Three questions of three kinds, the last one retired."""
    with app.app_context():
        ids = [
            add_question(stem="乙题 50%", marks=Decimal(5)),
            add_question(
                stem="甲题 a_b", kind=QuestionKind.MULTIPLE, key=["A", "B"], basis="效能方案四"
            ),
            add_question(
                stem="丙题 50x axb",
                kind=QuestionKind.TRUE_FALSE,
                options=[],
                key=["true"],
                category=QuestionCategory.POST,
                marks=Decimal("2.5"),
            ),
        ]
        with db.write():
            retire(ids[2])
    return ids


def stems(page):
    return [element.text.strip()[:2] for element in page.all("tbody a")]


def rows_of(page):
    """Read the rows of an Excel file, each by the names in its header."""
    header, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(page.data)).get_sheet_by_index(0).to_python()
    )
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_an_empty_bank_leads_a_clerk_to_his_first_question(browse):
    page = browse("clerk").get("/questions")
    assert "题库里还没有题。" in page.text
    assert "/questions/new" in page.links()
    assert "/questions/new" not in browse("chief").get("/questions").links()


@pytest.mark.db
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["丙题", "甲题", "乙题"]),
        ("?sort=number", ["乙题", "甲题", "丙题"]),
        ("?sort=marks", ["丙题", "乙题", "甲题"]),
        ("?sort=-marks", ["甲题", "乙题", "丙题"]),
        ("?sort=key", ["丙题", "甲题", "乙题"]),
        ("?kind=multiple", ["甲题"]),
        ("?category=post", ["丙题"]),
        ("?state=reviewed", ["甲题", "乙题"]),
        ("?state=reviewed&kind=true_false", []),
        ("?kind=essay", []),
        ("?kind=poem", ["丙题", "甲题", "乙题"]),
        ("?q=15分钟", ["甲题", "乙题"]),
        ("?q=甲", ["甲题"]),
        ("?q=效能方案", ["甲题"]),
        ("?q=50%25", ["乙题"]),
        ("?q=a_b", ["甲题"]),
        ("?q=A_B", ["甲题"]),
        ("?q=题 50", ["丙题", "乙题"]),
        ("?q=没有", []),
        ("?page=99", ["丙题", "甲题", "乙题"]),
        ("?page=x&sort=;drop", ["丙题", "甲题", "乙题"]),
    ],
)
def test_a_list_shows_what_its_address_says(browse, bank, query, found):
    assert stems(browse("clerk").get(f"/questions{query}")) == found


def test_a_filter_answers_htmx_with_the_list_alone(browse, bank):
    page = browse("clerk").get("/questions?kind=multiple", fragment=True)
    assert stems(page) == ["甲题"]
    assert "<html" not in page.body
    assert page.body.strip().startswith('<div id="question-list"')


def test_pages_do_not_overlap_and_keep_the_conditions(browse, app):
    with app.app_context():
        for place in range(27):
            add_question(stem=f"{place:02d}题")
    clerk = browse("clerk")
    first = clerk.get("/questions?q=题&sort=marks")
    [following] = {href for href in first.links() if "page=2" in href}
    second = clerk.get(following)
    assert len(stems(first)) == 25
    assert sorted(stems(first) + stems(second)) == [f"{place:02d}" for place in range(27)]


def test_the_list_shows_the_version_in_force(browse, app, bank):
    with app.app_context():
        revise(bank[0], stem="丁题")
    page = browse("clerk").get("/questions?q=丁")
    assert stems(page) == ["丁题"]
    assert stems(browse("clerk").get("/questions?q=乙")) == []


@pytest.mark.db
def test_the_export_holds_what_the_list_shows(browse, app, bank):
    clerk = browse("clerk")
    page = clerk.get("/questions?state=reviewed&sort=marks")
    [href] = {each for each in page.links() if each.startswith("/questions/export")}
    answer = clerk.get(href)
    rows = rows_of(answer)
    assert set(rows[0]) == {"题号", "题干", "题型", "类别", "分值", "依据", "状态"}
    assert [row["题干"] for row in rows] == ["乙题 50%", "甲题 a_b"]
    assert [row["分值"] for row in rows] == [5.0, 10.0]
    assert [row["题号"] for row in rows] == bank[:2]
    assert [row["状态"] for row in rows] == ["已审核", "已审核"]
    assert "%E9%A2%98%E5%BA%93.xlsx" in answer.headers["Content-Disposition"]
    with app.app_context():
        [entry] = events(AuditEvent.RECORD_EXPORTED)
        assert entry.person_id == cast.person_id("clerk")
        assert entry.object_type == "question"
        assert "state=reviewed" in entry.data["filters"]


def test_the_export_holds_all_pages_and_no_keys(browse, app):
    with app.app_context():
        for place in range(30):
            add_question(stem=f"{place:02d}题", options=["一", "二", "第三个"])
    rows = rows_of(browse("clerk").get("/questions/export"))
    assert len(rows) == 30
    assert not any("第三个" in str(cell) for row in rows for cell in row.values())


@pytest.mark.parametrize("trap", TRAPS)
def test_no_cell_of_the_export_is_a_formula(browse, app, trap):
    with app.app_context():
        add_question(stem=trap, basis=trap)
    [row] = rows_of(browse("clerk").get("/questions/export"))
    assert (row["题干"], row["依据"]) == (f"'{trap}", f"'{trap}")


def test_the_log_knows_of_an_export_that_fails(browse, app, bank, monkeypatch):
    def break_down(*arguments):
        raise MemoryError

    clerk = browse("clerk")
    monkeypatch.setattr("app.kernel.spreadsheets.write_table", break_down)
    clerk.get("/questions/export", status=500)
    with app.app_context():
        assert len(events(AuditEvent.RECORD_EXPORTED)) == 1


@pytest.mark.parametrize("path", ["/questions", "/questions/export"])
def test_an_address_that_is_no_text_is_refused(browse, app, bank, path):
    clerk = browse("clerk")
    answer = clerk.client.get(path, environ_overrides={"QUERY_STRING": "q=\xff\xfe"})
    assert answer.status_code == 400
    with app.app_context():
        assert events(AuditEvent.RECORD_EXPORTED) == []
