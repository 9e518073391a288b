"""Layouts 7 to 9: keys in a list at the end, in a table at the end, and in a second file."""

from tests.questions.importing.expectations import Source, choice, judgement
from tests.questions.importing.word_files import docx, paragraph, table

STEMS = [
    "早会由谁主持",
    "投诉由谁登记",
    "印章由谁保管",
    "药箱由谁检查",
    "值班表由谁公布",
    "工牌由谁补办",
]
OPTIONS = "值班长|联络员|经办人|办公室"
KEYS = "DAABCB"
JUDGED = ["窗口可以拒收现金。", "承诺牌应当摆在台面。", "过号后应当重新取号。"]


def body() -> str:
    """Give six choices and three judgements without any key."""
    rows = ["一、单选题"]
    for at, stem in enumerate(STEMS, 1):
        rows.append(f"{at}. {stem}？")
        rows += [
            f"{letter}. {text}" for letter, text in zip("ABCD", OPTIONS.split("|"), strict=True)
        ]
    rows.append("二、判断题")
    rows += [f"{at}. {stem}" for at, stem in enumerate(JUDGED, 1)]
    return "\n".join(rows) + "\n"


def choices(doubts=None):
    return tuple(
        choice(at, f"{stem}？", OPTIONS, KEYS[at - 1], doubt=(doubts or {}).get(at, ""))
        for at, stem in enumerate(STEMS, 1)
    )


def judged():
    return tuple(
        judgement(at, stem, is_true)
        for (at, stem), is_true in zip(enumerate(JUDGED, 1), [False, True, True], strict=True)
    )


def list_at_end() -> Source:
    text = body() + "参考答案\n一、单选题\n1-5：DAABC　6：B\n二、判断题\n1.× 2.√ 3.√\n"
    return Source(name="末尾.txt", content=text.encode(), questions=choices() + judged())


def list_with_gap() -> Source:
    """Five numbers and four letters: none of the five can be told; the sixth can."""
    text = body() + "参考答案\n一、单选题\n1-5：DAAB　6：B\n二、判断题\n1-3：×√√\n"
    doubts = dict.fromkeys(range(1, 6), "a key list with a gap")
    return Source(name="缺口.txt", content=text.encode(), questions=choices(doubts) + judged())


def table_at_end() -> Source:
    keys = [["题号", *"123456"], ["答案", *KEYS]]
    judged_keys = [["题号", "1", "2", "3"], ["答案", "错", "对", "对"]]
    blocks = [
        *map(paragraph, body().split("\n")),
        paragraph("参考答案"),
        paragraph("一、单选题"),
        table(keys),
        paragraph("二、判断题"),
        table(judged_keys),
    ]
    return Source(name="表格答案.docx", content=docx(blocks), questions=choices() + judged())


def second_file() -> Source:
    keys = "一、单选题\n1.D 2.A 3.A 4.B 6.B\n二、判断题\n1.错误 2.正确 3.正确\n"
    return Source(
        name="试题.txt",
        content=body().encode(),
        answers=(keys.encode("utf-8-sig"), "答案.txt"),
        questions=choices({5: "no key in the second file"}) + judged(),
    )
