"""成绩情况: every figure of page and file is the database's, and small departments are merged."""

import io
import random
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from app.accounts.models import Department
from app.exams.service import figures
from app.exams.service.figures import OTHERS, DepartmentFigures
from app.kernel import db
from tests.exams.factories import (
    KEY,
    WRONG,
    direct,
    get_exam,
    graded_exam,
    publish_exam,
    release,
    sit,
    sweep,
)
from tests.support import cast

HEADS = ["应考", "缓考", "免考", "缺考", "实考", "合格", "参考率", "合格率"]


def url(exam_id, more=""):
    return f"/exams/papers/{exam_id}/report{more}"


def line(name, due, **values):
    given = {"deferred": 0, "exempt": 0, "sat": due, "passed": due}
    return DepartmentFigures(name=name, due=due, **given | values)


def cells(page, css):
    """Read a table: name -> texts of its other columns."""
    rows = [
        ["".join("".join(cell.itertext()).split()) for cell in row]
        for row in page.all(f"{css} tbody tr")
    ]
    return {row[0]: row[1:] for row in rows}  # fmt: skip


@pytest.fixture
def hall(app, now):
    """A graded exam of three departments, the third of two people; some absent, some excused."""
    chance = random.Random(11)
    with app.app_context():
        people = cast.add_staff(24)
        with db.write():
            for place in (3, 4):
                db.session.add(Department(name=f"第{place}部门", position=place))
        exam_id = publish_exam(only=people)
        for place, person in enumerate(people):
            wanted = 4 if place < 2 else 3 if place < 9 else 1
            direct(
                "UPDATE sitting SET department_id ="
                " (SELECT id FROM department WHERE position = :wanted)"
                " WHERE exam_id = :exam AND person_id = :person",
                wanted=wanted, exam=exam_id, person=person,
            )  # fmt: skip
        for place, person in enumerate(people):
            if place in {5, 12}:
                standing = "deferred" if place == 5 else "exempt"
                direct(
                    "UPDATE sitting SET standing = :standing"
                    " WHERE exam_id = :exam AND person_id = :person",
                    standing=standing, exam=exam_id, person=person,
                )  # fmt: skip
            elif place != 20:
                sit(exam_id, person, {n: chance.choice([KEY[n], WRONG[n]]) for n in KEY})
        now.move(hours=8, seconds=67)
        sweep()
        return exam_id


def counted(exam_id, position):
    """Count a department past everything that the site reckons."""
    found = db.session.execute(
        text(
            "SELECT count(*),"
            " sum(CASE WHEN s.standing = 'deferred' THEN 1 ELSE 0 END),"
            " sum(CASE WHEN s.standing = 'exempt' THEN 1 ELSE 0 END),"
            " count(s.started_at),"
            " sum(CASE WHEN r.marks >= 2000 THEN 1 ELSE 0 END)"
            " FROM sitting s JOIN department d ON d.id = s.department_id"
            " LEFT JOIN sitting_result r ON r.sitting_id = s.id AND r.run = 1"
            " WHERE s.exam_id = :exam AND d.position = :position"
        ),
        {"exam": exam_id, "position": position},
    ).one()
    due, deferred, exempt, sat, passed = (int(each) for each in found)
    return due, deferred, exempt, due - deferred - exempt - sat, sat, passed


@pytest.mark.db
def test_page_file_and_database_say_the_same(app, browse, hall):
    clerk = browse("clerk")
    page = clerk.get(url(hall))
    shown = cells(page, "#departments")
    book = CalamineWorkbook.from_filelike(io.BytesIO(clerk.client.get(url(hall, "/export")).data))
    header, *rows = book.get_sheet_by_name("部门情况").to_python()
    assert header == ["部门", *HEADS]
    filed = {row[0]: row[1:] for row in rows}
    assert list(filed) == list(shown)
    with app.app_context():
        names = dict(db.session.query(Department.position, Department.name).all())
        # The third has two people, so the smaller of the others joins it.
        assert list(shown) == [names[1], OTHERS, "合计"]
        first, small = counted(hall, 1), [counted(hall, place) for place in (3, 4)]
    merged = tuple(sum(each) for each in zip(*small, strict=True))
    whole = tuple(a + b for a, b in zip(first, merged, strict=True))
    for name, wanted in ((names[1], first), (OTHERS, merged), ("合计", whole)):
        assert [int(each) for each in filed[name][:6]] == list(wanted)
        assert shown[name][:6] == [str(each) if each else "—" for each in wanted]
        due, deferred, exempt, _, sat, passed = wanted
        part, expected = f"{sat}/{due - deferred - exempt}", due - deferred - exempt
        assert shown[name][6] == f"{sat * 100 / expected:.1f}%{part}"
        assert shown[name][7] == f"{passed * 100 / sat:.1f}%{passed}/{sat}"
        assert filed[name][6:] == [
            pytest.approx(float(f"{sat * 100 / expected:.1f}")),
            pytest.approx(float(f"{passed * 100 / sat:.1f}")),
        ]
    assert "应考不足5人的2个部门合并" in page.text_of("#departments")


def test_nothing_small_is_left_alone():
    lines = [line("甲", 6), line("乙", 9), line("丙", 5)]
    assert figures.merge(lines) == lines


def test_small_departments_stand_together_at_the_end():
    found = figures.merge([line("甲", 4), line("乙", 9, sat=8, passed=7), line("丙", 3, sat=2)])
    assert [(each.name, each.due, each.merged) for each in found] == [
        ("乙", 9, 1), (OTHERS, 7, 2),
    ]  # fmt: skip
    assert (found[1].sat, found[1].missing) == (6, 1)


def test_one_small_department_takes_the_smallest_other_with_it():
    found = figures.merge([line("甲", 30), line("乙", 4), line("丙", 6), line("丁", 7)])
    assert [(each.name, each.due) for each in found] == [("甲", 30), ("丁", 7), (OTHERS, 10)]


def test_a_hall_of_few_people_has_one_line():
    found = figures.merge([line("甲", 2), line("乙", 1)])
    assert [(each.name, each.due, each.merged) for each in found] == [(OTHERS, 3, 2)]


@pytest.mark.parametrize(
    ("marks", "place"), [("0", 0), ("9.99", 0), ("10", 1), ("59.5", 5), ("60", 6), ("100", 9)]
)
def test_marks_lie_in_their_span(marks, place):
    assert figures.span_of(Decimal(marks), Decimal(100)) == place
    assert figures.span_of(Decimal(marks) / 2, Decimal(50)) == place


def test_spans_hold_everybody_who_sat(app, browse, now):
    with app.app_context():
        exam_id = graded_exam(now, staff=KEY, other=KEY | {1: WRONG[1]})
        spans = dict(figures.read_distribution(get_exam(exam_id)))
    assert (spans["90%以上"], spans["60%–70%"], sum(spans.values())) == (1, 1, 2)
    page = browse("clerk").get(url(exam_id))
    assert cells(page, "#distribution")["90%以上"] == ["1人", "50.0%"]
    assert "60：1人" in page.one("#distribution svg").get("aria-label")
    assert not page.all("#trend")


def test_the_trend_holds_months_whose_results_are_out(app, browse, now):
    with app.app_context():
        made = []
        for title in ("九月一月一考", "十月一月一考", "十一月一月一考"):
            people = ["staff", "other"] if title != "九月一月一考" else ["staff"]
            made.append(exam := publish_exam(title=title))
            for who in people:
                sit(exam, who, KEY)
            now.move(hours=8, seconds=67)
            sweep()
            if title != "十一月一月一考":
                release(exam)
            now.move(days=3)
        trend = figures.read_trend(get_exam(made[1]))
        assert [(each.title, each.sat, each.passed) for each in trend] == [
            ("九月一月一考", 1, 1), ("十月一月一考", 2, 2),
        ]  # fmt: skip
        assert trend[0].share == 100
    page = browse("clerk").get(url(made[1]))
    assert list(cells(page, "#trend")) == ["九月一月一考", "十月一月一考"]
    assert "11月100.0" in page.one("#trend svg").get("aria-label")


def test_before_grading_no_rate_is_a_nought(browse, exam_id):
    page = browse("clerk").get(url(exam_id))
    assert "评卷后计算" in page.text_of("main")
    assert cells(page, "#departments")["合计"][7] == "无数据"
    assert not page.all("#distribution")
