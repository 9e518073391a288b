"""Layouts of the halls' files, as text."""

import pytest

from tests.questions.parsing.texts import read, sure

ANSWERED = "A. 一\nB. 二\nC. 三\n答案：B\n"


@pytest.mark.parametrize(
    "number",
    ["1.", "1、", "１．", "（1）", "(1)", "1)", "第1题 ", "第一题：", "①", "⒈", "一、", "【1】"],
)
def test_a_question_is_found_by_any_form_of_number(number):
    result = read(f"{number}窗口由谁负责？\n{ANSWERED}")
    assert sure(result) == [("single", ["B"])]
    assert (result.questions[0].number, result.questions[0].stem) == ("1", "窗口由谁负责？")


@pytest.mark.parametrize(
    "options",
    [
        "A. 一\nB. 二\nC. 三",
        "A、一 B、二 C、三",
        "A．一B．二C．三",
        "（A）一（B）二（C）三",
        "【A】一 【B】二 【C】三",
        "a) 一\tb) 二\tc) 三",
        "A 一   B 二   C 三",
        "A一\nB二\nC三",
        "选项A：一\n选项B：二\n选项C：三",
        "Ａ．一；Ｂ．二；Ｃ．三",
    ],
)
def test_options_are_found_in_any_form(options):
    result = read(f"1. 甲（ ）\n{options}\n答案：B\n")
    assert [(each.label, each.text) for each in result.questions[0].options] == [
        ("A", "一"),
        ("B", "二"),
        ("C", "三"),
    ]
    assert sure(result) == [("single", ["B"])]


@pytest.mark.parametrize(
    "text", ["1、一小时", "一、加强领导", "单选题", "答案", "选B、C两项", "2025.1.2"]
)
def test_an_option_may_look_like_something_else(text):
    result = read(
        f"一、单选题\n1. 甲（ ）\nA. {text}\nB. 二\nC. 三\n答案：A\n2. 乙（ ）\n{ANSWERED}"
    )
    assert sure(result) == [("single", ["A"]), ("single", ["B"])]
    assert result.questions[0].options[0].text == text


@pytest.mark.parametrize(
    "key",
    [
        "答案：A、C",
        "正确答案：AC",
        "【答案】A C",
        "参考答案: a,c",
        "（答案：AC）",
        "标准答案：Ａ、Ｃ。",
    ],
)
def test_a_key_is_read_as_people_write_it(key):
    assert sure(read(f"1. 甲\nA. 一\nB. 二\nC. 三\n{key}\n")) == [("multiple", ["A", "C"])]


@pytest.mark.parametrize("stem", ["甲是（ B ）。", "甲是(B)。", "甲是__B__。", "甲是（ ）。B"])
def test_a_key_inside_the_stem_is_taken_out_of_it(stem):
    result = read(f"1. {stem}\nA. 一\nB. 二\n")
    assert sure(result) == [("single", ["B"])]
    assert "B" not in result.questions[0].stem


@pytest.mark.parametrize(
    ("mark", "answer"),
    [
        ("√", "true"),
        ("×", "false"),
        ("对", "true"),
        ("错误", "false"),
        ("T", "true"),
        ("F", "false"),
    ],
)
def test_true_and_false_have_many_signs(mark, answer):
    result = read(f"判断题\n1. 甲。（{mark}）\n2. 乙。\n答案：{mark}\n（{mark}）3. 丙。\n")
    expected = ("true_false", [answer])
    assert sure(result)[:2] == [expected, expected]


def test_numbers_and_headings_inside_an_answer_belong_to_it():
    result = read(
        "五、论述题（每题10分）\n1. 论述一。\n参考答案：\n一、加强领导。\n二、落实责任：\n1. 甲\n2. 乙\n"
        "2. 论述二。\n答案：（1）甲\n（2）乙\n六、简答题\n1. 简述。\n答：无。\n"
    )
    assert [answer for _, answer in sure(result)] == [
        ["一、加强领导。\n二、落实责任：\n1. 甲\n2. 乙"],
        ["（1）甲\n（2）乙"],
        ["无。"],
    ]
    assert [each.marks for each in result.questions] == [10, 10, None]


def test_points_of_a_stem_stay_in_it():
    result = read(
        f"1. 下列：\n①甲\n1) 乙\n（2）丙\n正确的是（ ）\n{ANSWERED}2. 丁（ ）\n{ANSWERED}"
    )
    assert sure(result) == [("single", ["B"])] * 2
    assert "（2）丙" in result.questions[0].stem


@pytest.mark.parametrize(
    "keys",
    [
        "参考答案\n1-3：ABC",
        "答案：1.A 2.B 3.C",
        "附：参考答案\n一、单选题\n1～2 AB 3：C",
        "单选题答案：1、A；2、B；3、C",
        "参考答案\n1. A\n解析：甲\n2. B\n3. C",
    ],
)
def test_keys_at_the_end_come_to_their_questions(keys):
    questions = "".join(f"{number}. 题{number}（ ）\nA. 一\nB. 二\nC. 三\n" for number in (1, 2, 3))
    expected = [("single", [letter]) for letter in "ABC"]
    assert sure(read(f"一、单选题\n{questions}{keys}\n")) == expected


def test_keys_of_several_sections_go_by_heading():
    result = read(
        "一、单选题\n1. 甲（ ）\nA. 一 B. 二\n二、判断题\n1. 乙。\n三、填空题\n1. 丙____，丁____。\n",
        keys="一、单选题\n1.B\n二、判断题\n1.×\n三、1.戊；己/庚",
    )
    assert sure(result) == [
        ("single", ["B"]),
        ("true_false", ["false"]),
        ("blank", [["戊"], ["己", "庚"]]),
    ]


def test_fields_of_a_question_are_kept_apart():
    result = read(
        "1.（单选）甲（ ）（2分）\nA. 一\nB. 二\n【答案】B【解析】因为\n如此。\n依据：《方案》第3条  难度：易\n知识点：窗口、服务\n岗位：综窗\n"
    )
    question = result.questions[0]
    assert (question.stem, question.marks, question.answer) == ("甲（ ）", 2, ["B"])
    assert (question.analysis, question.basis) == ("因为\n如此。", "《方案》第3条")
    assert (question.difficulty, question.tags) == ("易", ("窗口", "服务", "综窗"))


def test_a_case_shares_its_stem_and_its_line_of_keys():
    result = read(
        "四、案例分析题\n案例一：窗口没人。\n1. 甲（ ）\nA. 一 B. 二\n2. 乙（ ）\nA. 一 B. 二\n3. 丙（ ）\nA. 一 B. 二 C. 三\n答案：B、A、C\n"
    )
    assert [answer for _, answer in sure(result)] == [["B"], ["A"], ["C"]]
    assert {each.group.stem for each in result.questions} == {"窗口没人。"}


def test_a_shared_stem_ends_where_it_says():
    result = read(
        f"（1～2题共用题干）\n有人来办事。\n1. 甲（ ）\n{ANSWERED}2. 乙（ ）\n{ANSWERED}3. 丙（ ）\n{ANSWERED}"
        f"【共用题干】又一人。\n4. 丁（ ）\n{ANSWERED}【共用题干结束】\n5. 戊（ ）\n{ANSWERED}"
    )
    stems = [each.group.stem if each.group else None for each in result.questions]
    assert stems == ["有人来办事。", "有人来办事。", None, "又一人。", None]
    assert len(sure(result)) == 5


def test_pages_and_heads_of_papers_are_no_questions():
    result = read(
        f"清源区题库\n姓名：____ 得分：____\n…密…封…线…\n1. 甲（ ）\nA. 一\n第1页 共2页\nB. 二\n- 2 -\n答案：A\n2. 乙（ ）\n{ANSWERED}"
    )
    assert sure(result) == [("single", ["A"]), ("single", ["B"])]


def test_questions_without_numbers_are_found_by_their_keys():
    result = read(
        "单选题\n甲（ ）\nA. 一\nB. 二\n答案：A\n乙（ ）\nA. 一\nB. 二\n答案：B\n判断题\n丙。（√）\n丁。（×）\n"
    )
    assert [answer for _, answer in sure(result)] == [["A"], ["B"], ["true"], ["false"]]


def test_json_of_the_contract_is_read_back():
    text = '{"questions": [{"number": "1", "kind": "single", "stem": "甲", "options": [{"label": "A", "text": "一"}, {"label": "B", "text": "二"}], "answer": ["B"], "marks": "2.00"}, {"kind": "single", "stem": "乙", "options": [], "answer": ["C"]}]}'
    result = read(text, "题库.json")
    assert sure(result) == [("single", ["B"])]
    assert result.questions[0].marks == 2
