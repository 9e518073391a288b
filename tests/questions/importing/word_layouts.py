"""Layouts 5 and 6: Word's automatic numbering, and options in tables or after tabs."""

from tests.questions.importing.expectations import Source, choice, judgement, marked
from tests.questions.importing.word_files import (
    PICTURE,
    docx,
    numbering,
    paragraph,
    styles,
    table,
    text_box,
)

HEADINGS, QUESTIONS, OPTIONS, AGAIN, FIRST_OPTIONS = 1, 2, 3, 4, 20


def numbered() -> Source:
    """No number and no letter stands in the text: all of them are Word's."""
    uses = {HEADINGS: (0, {}), QUESTIONS: (1, {}), AGAIN: (1, {0: 1})}
    uses |= {FIRST_OPTIONS + at: (2, {0: 1}) for at in range(2)}
    lists = {
        0: [("chineseCounting", "%1、")],
        1: [("decimal", "%1."), ("upperLetter", "%2．")],
        2: [("upperLetter", "%1．")],
    }
    blocks = [
        paragraph("单选题（每题2分）", style="Heading"),
        paragraph("窗口无人时应当摆放什么？", number=(QUESTIONS, 0)),
        *(paragraph(text, number=(QUESTIONS, 1)) for text in ["绿植", "暂停服务牌", "宣传册"]),
        paragraph("答案：B"),
        paragraph("叫号机旁的引导由谁负责？", number=(QUESTIONS, 0)),
        *(paragraph(text, number=(QUESTIONS, 1)) for text in ["导服", "群众", "保洁"]),
        paragraph("答案：A"),
        paragraph("群众等候2.5小时的，由谁说明？", number=(QUESTIONS, 0)),
        *(paragraph(text, number=(FIRST_OPTIONS, 0)) for text in ["保安", "群众", "值班长"]),
        paragraph("答案：C"),
        paragraph("判断题（每题1分）", style="Heading"),
        paragraph("窗口可以吃东西。", number=(AGAIN, 0)),
        paragraph("答案：×"),
        paragraph("收件应当给回执。", number=(AGAIN, 0)),
        paragraph("答案：√"),
        paragraph("答案丢了的一句话。", number=(AGAIN, 0)),
    ]
    content = docx(blocks, numbering(lists, uses), styles({"Heading": (HEADINGS, 0)}))
    questions = (
        *marked("2", [
            choice(1, "窗口无人时应当摆放什么？", "绿植|暂停服务牌|宣传册", "B"),
            choice(2, "叫号机旁的引导由谁负责？", "导服|群众|保洁", "A"),
            choice(3, "群众等候2.5小时的，由谁说明？", "保安|群众|值班长", "C"),
        ]),
        *marked("1", [
            judgement(1, "窗口可以吃东西。", False),
            judgement(2, "收件应当给回执。", True),
            judgement(3, "答案丢了的一句话。", True, doubt="no key"),
        ]),
    )  # fmt: skip
    return Source(name="自动编号.docx", content=content, questions=questions)


def tables_and_tabs() -> Source:
    blocks = [
        paragraph("一、单选题"),
        paragraph("1、收件后应当给群众什么？"),
        table([["A．回执", "B．名片"], ["C．糖果", "D．雨伞"]]),
        paragraph("答案：A"),
        paragraph("2、下列哪一项是B类事项？"),
        paragraph("A．A类清单\tB．B类清单\tC．C类清单"),
        paragraph("答案：B"),
        paragraph("3、图中的牌子是什么", tail=PICTURE),
        paragraph("A．党徽\nB．工牌\nC．承诺牌"),
        paragraph("答案：C"),
        text_box(["4、文本框里的一题应当怎样读？", "A．照读", "B．跳过", "答案：A"]),
        paragraph("5、表格里缺一个选项的一题？"),
        table([["A．甲", "B．乙"], ["D．丁", ""]]),
        paragraph("答案：A"),
    ]
    questions = (
        choice(1, "收件后应当给群众什么？", "回执|名片|糖果|雨伞", "A"),
        choice(2, "下列哪一项是B类事项？", "A类清单|B类清单|C类清单", "B"),
        choice(3, "图中的牌子是什么[图1]", "党徽|工牌|承诺牌", "C"),
        choice(4, "文本框里的一题应当怎样读？", "照读|跳过", "A"),
        choice(5, "表格里缺一个选项的一题？", "甲|乙|丁", "A", doubt="no option C"),
    )
    return Source(name="表格选项.docx", content=docx(blocks), questions=questions)
