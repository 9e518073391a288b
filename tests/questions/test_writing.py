"""Excel, Word and JSON come back as they were written: for the whole bank of the demonstration and
for texts that people find it hard to keep apart.
"""

import json
from decimal import Decimal

import pytest

from app.questions.demo_bank.loading import load_bank
from app.questions.kinds import QuestionKind
from app.questions.parsing import parse_file
from app.questions.parsing.result import Group, Option, ParsedQuestion, Picture
from app.questions.word_out import write_docx
from app.questions.writing import write_json, write_xlsx

FORMATS = {"xlsx": write_xlsx, "docx": write_docx, "json": write_json}
SAME = (
    "kind", "stem", "options", "answer", "marks", "tags", "difficulty", "basis", "analysis",
)  # fmt: skip
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa7\x9a\xa0\xa0"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def question(kind, stem, answer, options=(), **given):
    return ParsedQuestion(
        place=0,
        number="",
        kind=kind,
        stem=stem,
        options=tuple(
            Option(label=label, text=text) for label, text in zip("ABCDEFGH", options, strict=False)
        ),
        answer=answer,
        **given,
    )


CASE = Group(id="g1", stem="王女士到窗口办事，材料不齐。\n她很着急，请回答下面的问题。")
HARD = (
    question(
        QuestionKind.SINGLE,
        "某事项承诺1.5小时办结（含叫号），群众最迟应当在什么时候拿到结果？",
        ["H"],
        (
            "A类窗口",
            "1.5小时",
            "20%",
            "2026年11月21日",
            "一、收件",
            "（1）受理",
            "答案见附件",
            "8点",
        ),
        marks=Decimal("2.5"),
        tags=("收件与审查", "承诺"),
        difficulty="易",
        basis="2023年清廉窗口创建实施方案三（四）10",
        analysis="第一句。\n第二句。",
    ),
    question(QuestionKind.MULTIPLE, "“三亮”包括哪几项？", ["A", "C"], ("亮身份", "亮相", "亮标准")),
    question(QuestionKind.TRUE_FALSE, "首问责任人负责到底。", ["true"]),
    question(QuestionKind.TRUE_FALSE, "5个工作日以后再说。", ["false"]),
    question(QuestionKind.SINGLE, "应当怎样做？", ["B"], ("甲", "乙"), group=CASE),
    question(QuestionKind.TRUE_FALSE, "她可以先回去。", ["false"], group=CASE),
    question(QuestionKind.BLANK, "一次____，在____内办结。", [["告知", "说清"], ["5个工作日"]]),
    question(QuestionKind.NUMERIC, "原则上不超过多少分钟？", [{"value": "20", "tolerance": "0.5"}]),
    question(QuestionKind.SHORT, "材料不齐怎么办？", ["一是一次性告知；\n二是登记台账。"]),
    question(QuestionKind.ESSAY, "谈谈怎样做好首问负责。", ["围绕首问、引导、跟踪三方面谈。"]),
)


def shape(each):
    return {name: getattr(each, name) for name in SAME} | {
        "group": each.group.stem if each.group else None
    }


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("made", [HARD, tuple(row.parsed for row in load_bank())], ids=len)
def test_what_is_written_reads_back(name, made):
    result = parse_file(FORMATS[name](made), f"题库.{name}")
    assert [each.message for each in result.problems] == []
    assert [shape(each) for each in result.questions] == [shape(each) for each in made]


def test_pictures_come_back_in_json():
    shown = question(
        QuestionKind.SINGLE, "[图1]是什么标识？", ["A"], ("党徽", "工牌"),
        pictures=(Picture(marker="[图1]", content=PNG),),
    )  # fmt: skip
    (found,) = parse_file(write_json([shown]), "题库.json").questions
    assert found.pictures == shown.pictures


def test_json_is_the_contract():
    document = json.loads(write_json(HARD))
    first = document["questions"][0]
    assert (first["kind"], first["marks"], first["group"]) == ("single", "2.50", None)
    assert first["options"][1] == {"label": "B", "text": "1.5小时"}
    assert document["questions"][4]["group"] == {"id": "g1", "stem": CASE.stem}
    assert document["problems"] == []
