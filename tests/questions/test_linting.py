"""The linter: each fault is named, and sound questions are left alone."""

import random
from difflib import SequenceMatcher

import pytest

from app.questions.demo_bank.loading import load_bank
from app.questions.kinds import QuestionKind
from app.questions.likeness import ALIKE, find_alike, fold
from app.questions.linting import lint
from app.questions.parsing.result import Option, ParsedQuestion, Severity
from app.questions.phrases import find_wrong
from tests.conftest import ROUNDS

BASIS = "2023年清廉窗口创建实施方案三（四）10"
FOUR = ("当场一次性书面告知", "请群众改日再来", "口头说明以后登记", "转给导服台处理")


def question(
    stem="群众材料不齐，窗口人员应当怎样做？", options=FOUR, answer=("A",), place=0, **given
):
    labels = "ABCDEFGHIJ"
    return ParsedQuestion(
        **{
            "place": place,
            "number": str(place + 1),
            "kind": QuestionKind.SINGLE,
            "stem": stem,
            "options": tuple(
                Option(label=label, text=text) for label, text in zip(labels, options, strict=False)
            ),
            "answer": list(answer),
            "basis": BASIS,
            "where": f"第{place + 1}题",
            **given,
        }
    )


def said(*questions, known=()):
    return [each.message for each in lint(questions, known)]


def test_a_sound_question_is_left_alone():
    assert said(question()) == []
    true = question(
        "首问责任人负责到底。", (), ["true"], kind=QuestionKind.TRUE_FALSE, analysis="首问负责制。"
    )
    assert said(true) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"options": (*FOUR[:3], "请群众 改日再来。")}, "选项B和D是一样的，请改掉其中一个。"),
        ({"options": FOUR[:1]}, "选项要有2到8个，这里是1个。"),
        ({"options": tuple(f"第{n}种做法" for n in range(9))}, "选项要有2到8个，这里是9个。"),
        ({"answer": ["E"]}, "答案E在选项里没有，请核对答案或者选项。"),
        ({"answer": []}, "没有答案，请补上。"),
        ({"answer": ["A", "B"]}, "单选题写了2个答案，请核对题型或者答案。"),
        ({"kind": QuestionKind.MULTIPLE}, "多选题只写了一个答案，请核对题型或者答案。"),
        ({"basis": None}, "没有写依据：审核以前请补上制度或方案的名称和条款。"),
        ({"basis": " "}, "没有写依据：审核以前请补上制度或方案的名称和条款。"),
        (
            {"stem": "材料不齐要当场一次性书面告知，窗口人员应当怎样做？"},
            "题干里已经有答案“当场一次性书面告知”。",
        ),
        (
            {"options": (*FOUR[:3], "以上都对")},
            "选项D“以上都对”说的是别的选项，打乱选项以后会出错。",
        ),
        (
            {"options": (*FOUR[:3], "A和B都是")},
            "选项D“A和B都是”说的是别的选项，打乱选项以后会出错。",
        ),
        (
            {"stem": "按照首问责任制，窗口人员应当怎样做？"},
            "“首问责任制”的规范表述是“首问负责制”，请核对。",
        ),
    ],
)
def test_each_fault_is_named(changed, message):
    assert said(question(**changed)) == [message]


def test_what_is_no_fault_is_not_called_one():
    assert said(question(options=("1.5小时", "15小时", "20%", "20"))) == []
    assert said(question(options=("对", "正确对待", "全部材料", "都不要"))) == []
    # The wrong option may be wrong on purpose; and all options may stand in the stem.
    assert said(question(options=("首问负责制", "首问责任制", "限时办结制", "一次告知制"))) == []
    listed = f"{'、'.join(FOUR)}，这四种里哪一种合适？"
    assert said(question(stem=listed)) == []


def test_a_blank_gives_nothing_away_and_has_a_key():
    blank = {"kind": QuestionKind.BLANK, "options": ()}
    assert said(question("材料不齐的，应当____告知。", answer=[["一次性"]], **blank)) == []
    assert said(question("一次性告知是指____。", answer=[["一次性告知"]], **blank)) == [
        "题干里已经有答案“一次性告知”。"
    ]
    assert said(question("应当____告知。", answer=[[]], **blank)) == ["没有答案，请补上。"]


def test_the_same_question_is_an_error_and_a_similar_one_a_warning():
    other = question(options=FOUR[::-1], answer=["D"], place=1)
    found = lint([question(), other])
    assert [(each.place, each.severity) for each in found] == [(1, Severity.ERROR)]
    assert found[0].message == "和第1题完全一样，请核对是不是重复的题。"
    near = question(stem="群众的材料不齐，窗口人员应当怎样做？", place=1)
    (warning,) = lint([question(), near])
    assert (warning.place, warning.severity) == (1, Severity.WARNING)
    assert "和第1题有" in warning.message
    assert (
        said(question(), question("下列哪一项是“亮承诺”的要求？", ("甲", "乙", "丙"), place=1))
        == []
    )


def test_the_bank_is_compared_and_not_judged():
    known = [("题库第12题", question(basis=None)), ("题库第13题", question(basis=None))]
    assert said(question(), known=known) == [
        "和题库第12题完全一样，请核对是不是重复的题。",
        "和题库第13题完全一样，请核对是不是重复的题。",
    ]


@pytest.mark.parametrize("phrase", ["一网统办", "应进必近", "全程网半"])
def test_a_set_phrase_with_a_wrong_character_is_found(phrase):
    assert [written for written, _ in find_wrong(f"推进“{phrase}”。")] == [phrase]


def test_set_phrases_themselves_and_their_neighbours_are_right():
    text = "坚持以习近平新时代中国特色社会主义思想为指导，推进一网通办、全程代办、跨省通办、首问负责制。"
    assert list(find_wrong(text)) == []
    cut = [("新时代中国特色社会主义思想", "习近平新时代中国特色社会主义思想")]
    assert list(find_wrong("坚持以新时代中国特色社会主义思想为指导。")) == cut


def test_the_demonstrations_bank_is_clean():
    assert [(each.where, each.message) for each in lint([row.parsed for row in load_bank()])] == []


def test_pairs_are_those_that_comparing_each_with_each_would_find():
    seed = random.randrange(1_000_000)
    print(f"seed {seed}")
    source = random.Random(seed)
    for _ in range(ROUNDS // 10):
        texts = draw(source)
        folded = [fold(each) for each in texts]
        wanted = {
            (first, second)
            for second in range(len(texts))
            for first in range(second)
            if folded[second] and share(folded[first], folded[second]) >= ALIKE
        }
        assert {(each.first, each.second) for each in find_alike(texts)} == wanted


def share(first, second):
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(second)
    matcher.set_seq1(first)
    return matcher.ratio()


def draw(source):
    """Draw texts of few characters, some of them changed copies of others."""
    texts = []
    for _ in range(30):
        if texts and source.random() < 0.6:
            copy = list(source.choice(texts))
            for _ in range(source.randrange(1, 5)):
                place = source.randrange(len(copy) + 1)
                copy[place : place + source.randrange(2)] = source.choice(["", "甲", "乙丙", "丁"])
            texts.append("".join(copy))
        else:
            texts.append("".join(source.choices("一二三四五六七八", k=source.randrange(1, 40))))
    return texts
