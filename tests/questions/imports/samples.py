"""Questions that are hard to carry from one file into another, and how to compare them."""

import io
from decimal import Decimal

from PIL import Image

from app.questions.kinds import DIFFICULTY_LABELS, QuestionKind, read_difficulty
from app.questions.parsing.result import Group, Option, ParsedQuestion, Picture

SAME = ("kind", "stem", "options", "answer", "marks", "basis", "analysis")
BASIS = "2023年清廉窗口创建实施方案三（四）10"


def png(colour="red"):
    """Give a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(buffer, "PNG")
    return buffer.getvalue()


def question(kind, stem, answer, options=(), **given):
    """Give a question as it is read from a file."""
    values = {"place": 0, "number": "", "basis": BASIS} | given
    labelled = tuple(
        Option(label=label, text=text) for label, text in zip("ABCDEFGH", options, strict=False)
    )
    return ParsedQuestion(kind=kind, stem=stem, answer=answer, options=labelled, **values)


CASE = Group(id="g1", stem="王女士到窗口办事，材料不齐。\n她很着急，请回答下面的问题。")
OTHER_CASE = Group(id="g2", stem="李先生来问一件不归本窗口办的事。")
HARD = (
    question(
        QuestionKind.SINGLE, "某事项承诺1.5小时办结（含叫号），最迟应当什么时候拿到结果？", ["D"],
        ("A类窗口", "1.5天", "20%", "一、收件之后"),
        marks=Decimal("2.50"), tags=("承诺", "收件与审查"), difficulty="易",
        analysis="第一句。\n第二句。",
    ),
    question(QuestionKind.MULTIPLE, "“三亮”包括哪几项？", ["A", "C"], ("亮身份", "亮相", "亮标准"),
             difficulty="中"),
    question(QuestionKind.TRUE_FALSE, "首问责任人负责到底。", ["true"], difficulty="难"),
    question(QuestionKind.TRUE_FALSE, "5个工作日以后再说。", ["false"]),
    question(QuestionKind.SINGLE, "应当怎样做？", ["B"], ("甲", "乙"), group=CASE),
    question(QuestionKind.TRUE_FALSE, "她可以先回去。", ["false"], group=CASE),
    question(QuestionKind.TRUE_FALSE, "可以请他走开。", ["false"], group=OTHER_CASE),
    question(QuestionKind.BLANK, "一次____，在____内办结。", [["告知", "说清"], ["5个工作日"]]),
    question(QuestionKind.NUMERIC, "原则上不超过多少分钟？", [{"value": "20", "tolerance": "0.5"}]),
    question(QuestionKind.SHORT, "材料不齐怎么办？", ["一是一次性告知；\n二是登记台账。"]),
    question(QuestionKind.ESSAY, "谈谈怎样做好首问负责。", ["围绕首问、引导、跟踪三方面谈。"]),
)  # fmt: skip
PICTURED = (
    question(
        QuestionKind.SINGLE, "[图1]是什么标识？[图2]呢？", ["A"], ("党徽", "工牌"),
        pictures=(
            Picture(marker="[图1]", content=png()),
            Picture(marker="[图2]", content=png("blue")),
        ),
    ),
    question(
        QuestionKind.TRUE_FALSE, "[图1]摆在窗口。", ["true"],
        pictures=(Picture(marker="[图1]", content=png("green")),),
    ),
)  # fmt: skip


def shape(each):
    """Give all that must be the same after any way through files and bank."""
    difficulty = read_difficulty(each.difficulty)
    return {name: getattr(each, name) for name in SAME} | {
        "difficulty": DIFFICULTY_LABELS[difficulty] if difficulty else "",
        "tags": sorted(each.tags),
        "group": each.group.stem if each.group else None,
        "pictures": [picture.marker for picture in each.pictures],
    }


def shapes(questions):
    """Give the shapes of several."""
    return [shape(each) for each in questions]
