"""Nothing is guessed: every doubt keeps its question from being taken."""

import contextlib

import pytest

from app.kernel.sheets_in import UnreadableFileError
from app.questions.parsing import parse_file
from app.questions.parsing.bounds import MOST_LINE
from tests.questions.parsing.texts import doubts, read, sure

SOUND = "A. 一\nB. 二\n答案：A\n"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("单选题\n1. 甲\nA. 一\nB. 二\n", "没有找到答案"),
        ("单选题\n1. 甲\nA. 一\nB. 二\n答案：C\n", "不在选项里"),
        ("单选题\n1. 甲（ A ）\nA. 一\nB. 二\n答案：B\n", "两处答案不一样"),
        ("单选题\n1. 甲\nA. 一\nB. 二\n答案：AB\n", "单选题的答案有2个字母"),
        ("多选题\n1. 甲\nA. 一\nB. 二\n答案：A\n", "只有一个字母"),
        ("多选题\n1. 甲\nA. 一\nB. 二\n答案：AAB\n", "重复的字母"),
        ("单选题\n1. 甲\nA. 一\nC. 二\n答案：A\n", "缺少或者重复"),
        ("单选题\n1. 甲\nA. 一\nB. 一\n答案：A\n", "文字相同"),
        ("单选题\n1. 甲\nA.\nB. 二\n答案：B\n", "是空的"),
        ("单选题\n1. 甲\nA. 一\nB. 二\n答案：待定\n", "答案看不懂"),
        ("单选题\n1. 甲（A）和（B）\nA. 一\nB. 二\n", "不止一处括号"),
        ("判断题\n1. 甲\n答案：A\n", "没有写明 A、B"),
        ("填空题\n1. 甲____。\n答案：乙、丙\n", "分不清答案"),
        ("填空题\n1. 甲____，____。\n答案：乙\n", "有2个空"),
        ("填空题\n1. 甲。\n答案：乙\n", "没有找到要填的空"),
        ("填空题\n1. 甲____。\n答案：2023/12\n", "分不清答案"),
        ("1. 甲____。\n答案：乙\n", "看不出题型"),
        ("单选题\n1. 甲\nA. 一\nB. 二\n答案：A\n这是什么\n", "看不出是什么"),
        ("单选题\n1.（多选）甲\nA. 一\nB. 二\n答案：AB\n", "题型不一样"),
    ],
)
def test_a_doubt_is_said_and_its_question_is_not_sure(text, word):
    result = read(text)
    assert word in doubts(result)
    assert sure(result) == []


def test_a_number_that_comes_twice_is_doubtful_both_times():
    result = read(f"1. 甲\n{SOUND}1. 乙\n{SOUND}")
    assert "不止一次" in doubts(result, 0)
    assert "不止一次" in doubts(result, 1)


def test_a_question_that_lost_its_number_is_doubtful_with_the_one_before():
    result = read(f"1. 甲\n{SOUND}乙\n{SOUND}3. 丙\n{SOUND}")
    assert "没有题号的题" in doubts(result, 0)
    assert "没有题号" in doubts(result, 1)
    assert len(sure(result)) == 1


def test_a_question_in_the_middle_of_a_line_is_doubtful():
    result = read(f"1. 甲\nA. 一 B. 二 2. 乙的题干在这里\n{SOUND}3. 丙\n{SOUND}")
    assert "混进了本题" in doubts(result, 0)


def test_a_gap_in_the_numbers_is_told():
    result = read(f"1. 甲\n{SOUND}3. 丙\n{SOUND}")
    assert any("缺第2题" in each.message for each in result.problems)


def test_a_list_of_keys_that_does_not_fit_its_range_gives_none():
    result = read(
        "单选题\n1. 甲\nA. 一 B. 二\n2. 乙\nA. 一 B. 二\n3. 丙\nA. 一 B. 二\n答案：1-3：AB\n"
    )
    assert sure(result) == []
    assert "对不上" in doubts(result, 2)


def test_keys_for_no_question_and_options_outside_of_one_are_told():
    result = read(f"A. 无\n1. 甲\n{SOUND}参考答案\n5. B\n")
    told = "".join(each.message for each in result.problems if each.place is None)
    assert "前面没有题目" in told
    assert "没有找到对应的题" in told


def test_keys_that_fit_two_sections_are_given_to_none():
    questions = "1. 甲\nA. 一 B. 二\n"
    result = read(f"一、单选题\n{questions}二、单选题\n{questions}", keys="1.A")
    assert sure(result) == []


def test_a_case_with_keys_in_the_order_of_letters_is_doubtful():
    result = read("案例一：某事。\n1. 甲\nA. 一 B. 二\n2. 乙\nA. 一 B. 二\n答案：A、B\n")
    assert sure(result) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_read_in_the_encodings_of_office_programs(encoding):
    result = parse_file(f"1. 甲（ ）\n{SOUND}".encode(encoding), "a.txt")
    assert sure(result) == [("single", ["A"])]


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空的"),
        (b" \n", "空的"),
        ("甲\0乙".encode(), "另存为"),
        (b"\x81", "另存为"),
        (b"%PDF-1.7", "不能读取"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "老格式"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content, word, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(UnreadableFileError, match=word):
        parse_file(content, "a.txt")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "1." * 50_000,
        "_" * 100_000,
        "A. " * 30_000,
        "答案：" * 30_000,
        "一、" * 50_000,
        "1-" * 50_000,
        "[单选题" * 20_000,
    ],
)
def test_a_hostile_line_is_read_or_refused_with_what_to_do(text):
    for line in (text, f"答案：{text}"):
        for length in (len(line), MOST_LINE):
            with contextlib.suppress(UnreadableFileError):
                read(f"1. 甲\n{line[:length]}\n")


def test_a_line_that_is_too_long_is_refused_with_its_place():
    with pytest.raises(UnreadableFileError, match="第2行有20001个字，太长"):
        read(f"1. 甲\n{'甲乙' * 10_000}丙\n")


def test_long_runs_of_one_mark_are_shortened_and_the_question_is_read():
    found = read(
        f"1. 窗口应当{'_' * 1_000_000}告知。{' ' * 1_000_000}（　）\nA. 当场\nB. 改日\n答案：A\n"
    )
    (question,) = found.questions
    assert question.answer == ["A"]
    assert len(question.stem) < 200


def test_a_number_before_a_gap_is_doubtful_where_another_one_stood_twice():
    text = "单选题\n" + "".join(
        f"{number}. 甲{place}\n{SOUND}" for place, number in enumerate((1, 2, 2, 3, 5))
    )
    found = read(text)
    assert [found.is_sure(each) for each in found.questions] == [True, False, False, False, True]
