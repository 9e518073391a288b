"""What the site itself says in the 须知: the rules that it carries out, once, and never another."""

from decimal import Decimal

import pytest

from app.exams.kinds import MakeupRule, PartRule
from app.exams.models import Exam
from app.exams.rule_lines import BY_PEOPLE, rule_lines
from app.questions.kinds import QuestionKind
from tests.exams.factories import publish_exam


def paper(**values):
    given = {"notice": "办件优先。", "part_rule": PartRule.ALL_OR_NOTHING, "makeup_rule": None}
    return Exam(**given | values)


def test_a_paper_without_such_questions_says_nothing_of_them():
    assert rule_lines(paper(), {QuestionKind.SINGLE, QuestionKind.BLANK}) == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (PartRule.ALL_OR_NOTHING, "少选、错选均不得分"),
        (PartRule.HALF, "少选得该题分值的一半"),
        (PartRule.PARTIAL, "少选按选对的比例得分"),
        (PartRule.PER_OPTION, "每选对一项得0.5分"),
    ],
)
def test_each_rule_is_said_in_its_words(rule, words):
    [line] = rule_lines(paper(part_rule=rule, option_marks=Decimal("0.5")), {QuestionKind.MULTIPLE})
    assert words in line


def test_what_the_clerk_has_written_too_stands_once():
    written = paper(notice="办件优先。\n多选题少选、错选均不得分。")
    assert rule_lines(written, {QuestionKind.MULTIPLE}) == []


def test_a_makeup_says_which_mark_counts_and_an_essay_who_marks():
    makeup = paper(makeup_rule=MakeupRule.BETTER)
    lines = rule_lines(makeup, {QuestionKind.ESSAY})
    assert lines == [BY_PEOPLE, "这是补考，两次成绩取高的一次。"]


@pytest.mark.db
def test_the_page_before_the_exam_shows_them(app, browse):
    with app.app_context():
        exam_id = publish_exam(notice="办件优先。")
    assert "多选题少选、错选均不得分。" in browse("staff").get(f"/exams/{exam_id}").text_of("main")
