"""The roll of an exam with marks: figures with their denominators, filters, and the Excel file."""

import io
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from app.audit.models import AuditEvent
from app.exams.service.results import read_figures
from tests.exams.factories import (
    KEY,
    WRONG,
    direct,
    events,
    get_exam,
    graded_exam,
    publish_exam,
    sit,
    sitting_of,
    sweep,
)
from tests.support import cast


def url(exam_id):
    return f"/exams/papers/{exam_id}/results"


def figures(page):
    """Read the row of figures: heading -> value with its note."""
    found = {}
    for card in page.all(".figures .figure"):
        texts = [" ".join("".join(part.itertext()).split()) for part in card]
        found[texts[0]] = " ".join(texts[1:])
    return found


def names(page):
    return [row[0].findtext(".//{*}a") or "".join(row[0].itertext()).strip() for row in rows(page)]


def rows(page):
    return [list(row) for row in page.all("tbody tr")]


def cells(page):
    return [["".join(cell.itertext()).strip() for cell in row] for row in rows(page)]


def sheet(answer):
    header, *found = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    )
    return [dict(zip(header, row, strict=True)) for row in found]


@pytest.fixture
def graded(app, now):
    """Ten on the roll: four passed, two failed, four never came."""
    with app.app_context():
        people = cast.add_staff(8)
        exam_id = publish_exam()
        for place, person in enumerate(people[:6]):
            sit(exam_id, person, KEY if place < 4 else WRONG)
        now.move(hours=8, seconds=67)
        sweep()
    return exam_id


@pytest.mark.db
def test_every_rate_stands_with_its_denominator(app, browse, graded):
    with app.app_context():
        found = read_figures(get_exam(graded))
        assert (found.due, found.sat, found.passed) == (10, 6, 4)
        assert found.mean == Decimal("20.00")
    shown = figures(browse("clerk").get(url(graded)))
    assert shown["应考"].startswith("10人")
    assert "60.0%" in shown["参考率"]
    assert "6 ÷ 应考10" in shown["参考率"]
    assert "66.7%" in shown["合格率"]
    assert "4 ÷ 实考6" in shown["合格率"]
    assert shown["平均分"].startswith("20分")


@pytest.mark.db
def test_where_nobody_came_there_is_no_rate_instead_of_nought(app, browse, now, exam_id):
    page = browse("clerk").get(url(exam_id))
    assert figures(page)["合格率"].startswith("无数据")
    assert figures(page)["平均分"].startswith("无数据")
    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
        assert get_exam(exam_id).graded_run == 1
    shown = figures(browse("clerk").get(url(exam_id)))
    assert "0.0%" in shown["参考率"]
    assert shown["合格率"].startswith("无数据")
    assert shown["平均分"].startswith("无数据")
    assert not any(each.startswith("0分") for each in shown.values())


def test_a_mean_is_rounded_to_two_places(app, browse, now):
    with app.app_context():
        people = cast.add_staff(3)
        exam_id = publish_exam(only=people)
        for person, chosen in zip(people, (KEY, {1: KEY[1]}, {1: KEY[1]}), strict=True):
            sit(exam_id, person, chosen)
        now.move(hours=8, seconds=67)
        sweep()
    assert figures(browse("clerk").get(url(exam_id)))["平均分"].startswith("16.67分")


@pytest.mark.db
def test_the_roll_shows_state_marks_and_verdict(app, browse, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=KEY)
    found = cells(browse("clerk").get(url(exam_id)))
    assert found == [
        ["单知远", "SY001", "不动产登记中心", "已交卷", "30", "合格"],
        ["梁静怡", "SY002", "区税务局", "缺考", "—", "—"],
    ]


@pytest.mark.db
@pytest.mark.parametrize(
    ("query", "count"),
    [("", 10), ("?state=absent", 4), ("?state=ended", 6), ("?state=begun", 0), ("?q=SY1003", 1)],
)
def test_the_roll_can_be_narrowed(browse, graded, query, count):
    assert len(rows(browse("clerk").get(f"{url(graded)}{query}"))) == count


@pytest.mark.db
def test_people_with_the_same_name_stand_in_the_order_of_their_numbers(app, browse):
    """Otherwise a page could show one of them twice and another one never."""
    with app.app_context():
        people = cast.add_staff(6)
        direct("UPDATE person SET name = '员工', name_key = 'yuan2 gong1' WHERE name LIKE '员工%'")
        for place, person in enumerate(people):
            number = f"ZZ{9 - place}"
            direct("UPDATE person SET staff_number = :n WHERE id = :id", n=number, id=person)
        exam_id = publish_exam(only=people)
    for sort in ("name", "-name", "department"):
        found = cells(browse("clerk").get(f"{url(exam_id)}?sort={sort}"))
        in_departments = [[row[1] for row in found if row[2] == name] for name in cast.DEPARTMENTS]
        assert [len(each) for each in in_departments] == [3, 3]
        assert in_departments == [sorted(each) for each in in_departments]


def test_the_roll_of_one_department(app, browse, graded):
    with app.app_context():
        first = cast.department_ids()[0]
    page = browse("clerk").get(f"{url(graded)}?department={first}", fragment=True)
    assert {row[2] for row in cells(page)} == {"不动产登记中心"}
    assert len(rows(page)) == 5


def test_before_grading_nobody_has_marks(app, browse, exam_id):
    with app.app_context():
        sit(exam_id, "staff", KEY)
    page = browse("chief").get(url(exam_id))
    assert [row[4:] for row in cells(page)] == [["—", "—"], ["—", "—"]]
    assert not page.all("tbody a")


@pytest.mark.db
def test_the_export_holds_the_narrowed_roll_and_is_logged_first(app, browse, graded):
    clerk = browse("clerk")
    page = clerk.get(f"{url(graded)}?state=ended&sort=number")
    [href] = {each for each in page.links() if "/export" in each}
    found = sheet(clerk.get(href))
    assert [row["工号"] for row in found] == [f"SY{number}" for number in range(1000, 1006)]
    assert [row["成绩"] for row in found] == [30.0] * 4 + [0.0] * 2
    assert [row["结果"] for row in found] == ["合格"] * 4 + ["不合格"] * 2
    with app.app_context():
        [entry] = events(AuditEvent.RECORD_EXPORTED)
        assert (entry.object_type, entry.person_id) == ("exam-results", cast.person_id("clerk"))
        assert entry.data["filters"] == "state=ended&sort=number"


def test_an_export_that_fails_is_logged_all_the_same(app, browse, graded, monkeypatch):
    def break_down(*arguments):
        raise MemoryError

    clerk = browse("clerk")
    monkeypatch.setattr("app.kernel.spreadsheets.write_table", break_down)
    page = clerk.get(f"{url(graded)}/export", status=500)
    assert "Traceback" not in page.body
    with app.app_context():
        assert len(events(AuditEvent.RECORD_EXPORTED)) == 1


def test_the_export_of_absent_people_leaves_marks_empty(browse, graded):
    found = sheet(browse("clerk").get(f"{url(graded)}/export?state=absent"))
    assert {row["成绩"] for row in found} == {""}


def test_a_sitting_is_linked_only_where_there_is_a_result(app, browse, graded):
    page = browse("clerk").get(url(graded))
    linked = {href for href in page.links() if href.startswith(f"{url(graded)}/")} - {
        f"{url(graded)}/export"
    }
    assert len({href for href in linked if "?" not in href and "export" not in href}) == 6


def test_figures_of_one_exam_do_not_count_another(app, browse, graded, now):
    with app.app_context():
        other = publish_exam(only=["staff"])
        sit(other, "staff", WRONG)
        assert sitting_of(other, "staff") is not None
        assert read_figures(get_exam(other)).sat == 1
        assert read_figures(get_exam(graded)).sat == 6
