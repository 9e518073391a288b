"""The Excel file to fill in: our own columns, with invented questions, and how to write a key."""

from decimal import Decimal

from app.kernel.spreadsheets import write_book
from app.questions.kinds import QuestionKind
from app.questions.parsing.result import Option, ParsedQuestion
from app.questions.writing import HEADER, TITLE, row_of

BASIS = "（示例）某某制度第三条"
SAMPLES = (
    ParsedQuestion(
        place=0,
        number="1",
        kind=QuestionKind.SINGLE,
        stem="（示例，填写前删去）收件时发现材料不全，应当怎样告知？",
        options=(
            Option(label="A", text="想起一样说一样"),
            Option(label="B", text="一次写明要补的材料"),
            Option(label="C", text="请群众自己上网查"),
        ),
        answer=["B"],
        marks=Decimal(2),
        tags=("首问与告知",),
        difficulty="易",
        basis=BASIS,
        analysis="一次写明，群众才不用来回跑。",
    ),
    ParsedQuestion(
        place=1,
        number="2",
        kind=QuestionKind.TRUE_FALSE,
        stem="（示例，填写前删去）首问责任人负责到底。",
        answer=["true"],
        difficulty="中",
        basis=BASIS,
    ),
    ParsedQuestion(
        place=2,
        number="3",
        kind=QuestionKind.BLANK,
        stem="（示例，填写前删去）应当一次性____，并在____内办结。",
        answer=[["告知", "告诉"], ["5个工作日"]],
        basis=BASIS,
    ),
)
HOW_TITLE, HOW_HEADER = "填写说明", ("列", "怎样填")
HOW = (
    ("题型", "单选题、多选题、判断题、填空题、数值题、简答题、论述题。"),
    ("选项A至选项H", "只有单选题、多选题要填，从A起连着填。"),
    ("答案", "单选如 B，多选如 ABD，判断写 对 或 错。"),
    ("答案（填空）", "题干里用 ____ 标出每一个空；用“；”隔开各空，用“/”隔开同一空的不同写法。"),
    ("答案（数值）", "写一个数，要有误差的写成 15±0.5。"),
    ("分值", "可以不填，由试卷按题型给分。"),
    ("难度", "易、中、难，可以不填。"),
    ("知识点", "几个知识点之间用“、”隔开，可以不填。"),
    ("依据", "制度或方案的名称和条款，原文照录。"),
    ("共用题干", "几道题共用一段材料的，每道题都填同一段。"),
)


def template_file() -> bytes:
    """Write the file."""
    return write_book(
        [(TITLE, HEADER, [row_of(each) for each in SAMPLES]), (HOW_TITLE, HOW_HEADER, HOW)]
    )
