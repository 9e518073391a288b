"""Grading what is stored: every kind by its rule, each sitting by its own form."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.exams.kinds import PartRule
from app.exams.marking import Scheme
from app.exams.models import AnswerMark
from app.exams.service import grading
from app.exams.service.results import list_result_items
from app.jobs.service import JobRefusedError
from app.kernel import clock, db
from tests.exams.every_kind import add_every_kind
from tests.exams.factories import KEY, get_exam, publish_exam, sit, sitting_of
from tests.support import cast

GIVEN = {
    1: ["B"],
    2: ["A", "C"],
    3: ["false"],
    4: [" １５。", "收据"],
    5: ["14.5"],
    6: ["写明缺什么。"],
}


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def test_each_kind_is_marked_by_its_rule_and_by_hand():
    exam_id = publish_exam(add_every_kind())
    sit(exam_id, "staff", GIVEN)
    sitting_id = sitting_of(exam_id, "staff").id
    paper = replace(grading.read_paper(exam_id), scheme=Scheme(part_rule=PartRule.HALF))
    with pytest.raises(JobRefusedError):
        grading.mark_batch(1, paper, [sitting_id])
    give(sitting_id, 6, Decimal("7.5"))
    [row] = grading.mark_batch(1, paper, [sitting_id])
    assert {number: Decimal(each) for number, each in row["details"].items()} == {
        "1": 10,
        "2": 5,
        "3": 0,
        "4": 5,
        "5": 10,
        "6": Decimal("7.5"),
        "7": 0,
    }
    assert (row["marks"], row["correct_count"], row["is_passed"]) == (Decimal("37.5"), 2, True)
    items = list_result_items(get_exam(exam_id), sitting_of(exam_id, "staff"), row["details"])
    assert [(each.chosen, each.key) for each in items[:5]] == [
        ("B", "B"),
        ("AC", "ABC"),
        ("错误", "正确"),
        ("① １５。　②收据", "15/十五；回执"),
        ("14.5", "15±0.5"),
    ]


def give(sitting_id, number, marks):
    """Store what a marker gave."""
    mark = AnswerMark(
        sitting_id=sitting_id, number=number, round=1, marker_id=cast.person_id("chief"),
        marks=marks, remark="", marked_at=clock.now(), version=1,
    )  # fmt: skip
    with db.write():
        db.session.add(mark)


def test_the_rule_that_the_exam_published_is_the_one_that_marks():
    exam_id = publish_exam()
    assert grading.read_paper(exam_id).scheme == Scheme(part_rule=PartRule.ALL_OR_NOTHING)
    exam = get_exam(exam_id)
    with db.session.no_autoflush:
        exam.part_rule, exam.option_marks = PartRule.PER_OPTION, Decimal("0.5")
        scheme = grading.read_paper(exam_id).scheme
        db.session.expire(exam)
    assert scheme == Scheme(part_rule=PartRule.PER_OPTION, option_marks=Decimal("0.5"))


def test_a_sitting_is_marked_by_its_own_form():
    exam_id = publish_exam()
    sit(exam_id, "staff", KEY)
    paper = grading.read_paper(exam_id)
    assert [[each.number for each in form] for form in paper.forms.values()] == [[1, 2, 3]]
    sitting_id = sitting_of(exam_id, "staff").id
    short = replace(paper, forms={1: paper.forms[1][1:], 2: paper.forms[1]})
    [row] = grading.mark_batch(1, short, [sitting_id])
    assert (row["marks"], sorted(row["details"])) == (Decimal(20), ["2", "3"])
