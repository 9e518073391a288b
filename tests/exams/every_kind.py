"""A paper with a question of every kind, two of them of one case, one with a picture."""

import base64
from decimal import Decimal

from app.files import service as files
from app.kernel import db
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionCategory
from tests.support.questions import add_passed

# A white dot; what is drawn on a picture is of no account here.
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)
CASE = "群众到窗口办理不动产登记，材料缺一份。\n工作人员当场写了一次性告知单。"
BASIS, ANALYSIS = "依据要到公布后才看得到", "解析要到公布后才看得到"
STEMS = {
    QuestionKind.SINGLE: "如图[图1]，窗口应当先做什么？",
    QuestionKind.MULTIPLE: "“三亮”行动包括哪几项？",
    QuestionKind.TRUE_FALSE: "党员一律佩戴党员徽章。",
    QuestionKind.BLANK: "窗口收件后应当在____分钟内出具（　　）。",
    QuestionKind.NUMERIC: "一次性告知单应当在几分钟内出具？",
    QuestionKind.SHORT: "这份告知单应当写明哪些内容？",
    QuestionKind.ESSAY: "谈谈怎样让群众只跑一次。",
}
KEYS = {
    QuestionKind.SINGLE: ["B"],
    QuestionKind.MULTIPLE: ["A", "B", "C"],
    QuestionKind.TRUE_FALSE: ["true"],
    QuestionKind.BLANK: [["15", "十五"], ["回执"]],
    QuestionKind.NUMERIC: [{"value": "15", "tolerance": "0.5"}],
    QuestionKind.SHORT: ["写明缺什么、怎么补、多长时间。"],
    QuestionKind.ESSAY: ["减环节、减材料、减时限。"],
}
OPTIONS = {
    QuestionKind.SINGLE: ["请示领导", "核对材料", "出具回执"],
    QuestionKind.MULTIPLE: ["亮身份", "亮标准", "亮承诺", "亮成绩"],
}
IN_CASE = {QuestionKind.NUMERIC, QuestionKind.SHORT}
NUMBERS = {kind: number for number, kind in enumerate(QuestionKind, start=1)}


def add_every_kind(keys=KEYS) -> list[int]:
    """Put a question of each kind into the bank, in the order of kinds; gives their ids."""
    sha256 = files.put_content(DOT)
    with db.write():
        picture = files.add_file(
            sha256=sha256, size=len(DOT), media_type="image/png", name="图1.png"
        ).id
        case = questions.add_group(stem=CASE, created_by_id=None)
    made = []
    for kind in QuestionKind:
        content = questions.Content(
            kind=kind,
            category=QuestionCategory.COMMON,
            stem=STEMS[kind],
            options=OPTIONS.get(kind, []),
            key=keys[kind],
            marks=Decimal(10),
            basis=BASIS,
            analysis=ANALYSIS,
            group_id=case if kind in IN_CASE else None,
            pictures={"[图1]": picture} if kind is QuestionKind.SINGLE else {},
        )
        with db.write():
            made.append(add_passed(content))
    return made
