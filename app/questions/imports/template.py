"""The Excel file to fill in: our own columns, with invented questions of three kinds.

How a key is written stands on the page of the upload: a second sheet would be read along.
"""

from decimal import Decimal

from app.questions.kinds import QuestionKind
from app.questions.parsing.result import Option, ParsedQuestion
from app.questions.writing import write_xlsx

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


def template_file() -> bytes:
    """Write the file."""
    return write_xlsx(SAMPLES)
