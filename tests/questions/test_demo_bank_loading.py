"""The loader of the demonstration's bank gives whole questions, and refuses a faulty file."""

from decimal import Decimal
from pathlib import Path

import pytest

from app.accounts.roster.models import PostGroup
from app.questions.demo_bank.loading import load_bank
from app.questions.demo_bank.shape import BankFaultError, BankQuestion, Cited, Measure
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory

ROW = """
[[questions]]
kind = "single"
stem = "三大课堂以什么为平台？"
options = ["青年讲堂", "读书会"]
answer = "A"
plan = 2025
measure = "11"
tags = ["学习培训"]
difficulty = "easy"
analysis = "以青年讲堂为平台。"
"""
GROUPED = '[[groups]]\nid = "case"\nstem = "一天上午。"\n' + ROW + 'group = "case"\n'
BASIS = 'plan = 2025\nmeasure = "11"'
CHOICE = 'kind = "single"', 'options = ["青年讲堂", "读书会"]\n', 'answer = "A"'


def load(folder: Path, text: str) -> BankQuestion:
    (folder / "one.toml").write_text(text, encoding="utf-8")
    (question,) = load_bank(folder)
    return question


def without_choice(kind: str, answer: str) -> str:
    """Give the row as one of another kind, which has no options."""
    text = ROW.replace(CHOICE[0], f'kind = "{kind}"').replace(CHOICE[1], "")
    return text.replace(CHOICE[2], answer)


def test_question_is_given_with_letters_marks_and_basis(tmp_path: Path) -> None:
    question = load(tmp_path, ROW)
    parsed = question.parsed
    assert [(each.label, each.text) for each in parsed.options] == [
        ("A", "青年讲堂"),
        ("B", "读书会"),
    ]
    assert (parsed.answer, parsed.marks, parsed.kind) == (["A"], Decimal(2), QuestionKind.SINGLE)
    assert parsed.basis == "2025年效能提升方案三（四）11"
    assert question.measure == Measure(plan=2025, code="11")
    assert question.category is QuestionCategory.COMMON


def test_goal_rests_on_part_two_of_the_plan(tmp_path: Path) -> None:
    question = load(tmp_path, ROW.replace('"11"', '"G5"'))
    assert question.parsed.basis == "2025年效能提升方案二"


def test_article_is_given_with_its_rule(tmp_path: Path) -> None:
    text = ROW.replace(BASIS, 'rule = "首问负责制（演示制度）"\narticle = "第三条"')
    question = load(tmp_path, text)
    assert question.cited == Cited(rule="首问负责制（演示制度）", label="第三条")
    assert question.parsed.basis == "首问负责制（演示制度）第三条"
    assert question.measure is None


def test_place_in_a_plan_is_no_measure(tmp_path: Path) -> None:
    question = load(tmp_path, ROW.replace('measure = "11"', 'place = "六（一）"'))
    assert question.parsed.basis == "2025年效能提升方案六（一）"
    assert (question.measure, question.cited) == (None, None)


def test_post_group_makes_a_post_question(tmp_path: Path) -> None:
    question = load(tmp_path, ROW + 'post = "guide"\n')
    assert question.post_group is PostGroup.GUIDE
    assert question.category is QuestionCategory.POST


def test_marks_of_the_file_stand_before_the_usual_ones(tmp_path: Path) -> None:
    assert load(tmp_path, ROW + "marks = 5\n").parsed.marks == Decimal(5)


def test_shared_stem_is_given_with_its_question(tmp_path: Path) -> None:
    group = load(tmp_path, GROUPED).parsed.group
    assert group is not None
    assert group.stem == "一天上午。"


@pytest.mark.parametrize(
    ("kind", "written", "answer"),
    [
        ("true_false", "answer = false", ["false"]),
        ("true_false", "answer = true", ["true"]),
        ("numeric", "answer = 20", [{"value": "20", "tolerance": "0"}]),
        ("numeric", "answer = 20\ntolerance = 1", [{"value": "20", "tolerance": "1"}]),
        ("short", 'answer = "青年讲堂。"', ["青年讲堂。"]),
    ],
)
def test_answer_has_the_shape_of_its_kind(
    tmp_path: Path, kind: str, written: str, answer: list[object]
) -> None:
    assert load(tmp_path, without_choice(kind, written)).parsed.answer == answer


def test_blank_accepts_each_of_its_texts(tmp_path: Path) -> None:
    text = without_choice("blank", 'answer = [["2", "二"]]').replace("什么", "____")
    assert load(tmp_path, text).parsed.answer == [["2", "二"]]


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('answer = "A"', 'answer = "C"', "答案C在选项里没有"),
        ('answer = "A"', 'answer = "AB"', "单选题写了2个答案"),
        ('kind = "single"', 'kind = "multiple"', "多选题只写了一个答案"),
        ('kind = "single"', 'kind = "short"', "has no options"),
        ('kind = "single"', 'kind = "riddle"', "riddle"),
        ('"读书会"', '"青年讲堂"', "选项A和B是一样的"),
        (', "读书会"', "", "这里是1个"),
        ('["学习培训"]', '["别的"]', "tags missing or unknown"),
        ('["学习培训"]', "[]", "tags missing or unknown"),
        ('"easy"', '"simple"', "simple"),
        ('measure = "11"', 'measure = "16"', "no measure has the code '16'"),
        ("plan = 2025", "plan = 2024", "the basis is neither"),
        ('analysis = "以青年讲堂为平台。"', 'analysis = " "', "stem or analysis empty"),
        ("difficulty =", "hardness =", "unknown keys"),
        ('answer = "A"', "", "'answer'"),
    ],
)
def test_faulty_row_is_refused_with_its_place(
    tmp_path: Path, right: str, wrong: str, message: str
) -> None:
    with pytest.raises(BankFaultError, match=message) as refusal:
        load(tmp_path, ROW.replace(right, wrong))
    assert "one.toml第1题" in str(refusal.value)


@pytest.mark.parametrize(
    ("kind", "written", "message"),
    [
        ("true_false", 'answer = "对"', "判断题的答案请写 对 或 错"),
        ("short", 'answer = ""', "没有答案"),
        ("blank", 'answer = [["2"]]', "blanks and answers do not agree"),
    ],
)
def test_answer_of_another_shape_is_refused(
    tmp_path: Path, kind: str, written: str, message: str
) -> None:
    with pytest.raises(BankFaultError, match=message):
        load(tmp_path, without_choice(kind, written))


def test_blank_without_accepted_text_is_refused(tmp_path: Path) -> None:
    text = without_choice("blank", "answer = [[]]").replace("什么", "____")
    with pytest.raises(BankFaultError, match="没有答案"):
        load(tmp_path, text)


def test_unknown_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BankFaultError, match="no group is called 'other'"):
        load(tmp_path, GROUPED.replace('group = "case"', 'group = "other"'))
