"""Layouts 1 and 2: our own Excel template, and the tables that halls made for themselves."""

from io import BytesIO

import xlsxwriter

from tests.questions.importing.expectations import (
    Source,
    blanks,
    choice,
    judgement,
    marked,
    written,
)

OUR_HEADER = ["题型", "题目", "选项A", "选项B", "选项C", "选项D", "答案", "分值", "依据", "解析"]


def xlsx(sheets: dict[str, list[list[object]]]) -> bytes:
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if value != "":
                        sheet.write(at, column, value)
    return file.getvalue()


def our_template() -> Source:
    rows = [
        OUR_HEADER,
        ["单选题", "材料齐全的，多长时间内收件？", "5分钟", "1.5小时", "3日", "15分钟", "D", 2, "演示制度第3条", "承诺写明时间。"],
        ["多选题", "“三亮”行动包括哪几项？", "亮身份", "亮标准", "亮承诺", "亮成绩", "ABC", 4, "", ""],
        ["判断题", "窗口人员可以代替群众签名。", "", "", "", "", "错", 1, "", "由本人签。"],
        ["填空题", "首次来访应当____告知所需材料。", "", "", "", "", "一次性", 2, "", ""],
        ["简答题", "简述首问负责制。", "", "", "", "", "首位接待的人负责到底。", 10, "", ""],
        ["单选题", "缺少答案的一道题？", "甲", "乙", "丙", "丁", "", 2, "", ""],
        ["单选题", "答案超出选项的一道题？", "甲", "乙", "丙", "", "D", 2, "", ""],
        ["单选题", "单选却有两个答案的一道题？", "甲", "乙", "丙", "丁", "AB", 2, "", ""],
        ["单选题", "选项是数字的一道题？", 1, 2, 3.5, 10, "C", 2, "", ""],
    ]  # fmt: skip
    questions = (
        *marked("2", [choice("", rows[1][1], "5分钟|1.5小时|3日|15分钟", "D", basis="演示制度第3条", analysis="承诺写明时间。")]),
        *marked("4", [choice("", rows[2][1], "亮身份|亮标准|亮承诺|亮成绩", "ABC")]),
        *marked("1", [judgement("", rows[3][1], False, analysis="由本人签。")]),
        *marked("2", [blanks("", rows[4][1], "一次性")]),
        *marked("10", [written("", rows[5][1], "首位接待的人负责到底。")]),
        choice("", rows[6][1], "甲|乙|丙|丁", "A", doubt="no key"),
        choice("", rows[7][1], "甲|乙|丙", "D", doubt="key beyond options"),
        choice("", rows[8][1], "甲|乙|丙|丁", "AB", doubt="single with two letters"),
        *marked("2", [choice("", rows[9][1], "1|2|3.5|10", "C")]),
    )  # fmt: skip
    return Source(name="模板.xlsx", content=xlsx({"题库": rows}), questions=questions)


def other_tables() -> Source:
    sheets = {
        "单选": [
            ["2026年业务测试题库（综合窗口）"],
            ["序号", "题型", "试题内容", "选项", "标准答案", "分数", "试题解析"],
            [1, "单选", "叫号后多久无人应答可以过号？", "A.1分钟\nB.2分钟\nC.3分钟\nD.5分钟", "C", 2, "见叫号须知。"],
            [2, "多选", "工作牌上应当有哪些内容？", "A.姓名；B.工号；C.照片；D.住址", "A,B,C", 3, ""],
            [3, "多选", "哪些材料可以容缺？", "A.次要材料 B.可以补正的材料 C.身份证明 D.可以网上核验的材料", "A、B、D", 3, ""],
        ],
        "判断": [
            ["题干", "题型", "正确答案"],
            ["午间不间断服务。", "判断题", "对"],
            ["群众可以不取号办理一切事项。", "判断题", "×"],
            ["答案看不懂的一道题。", "判断题", "待定"],
        ],
    }  # fmt: skip
    questions = (
        *marked("2", [choice(1, "叫号后多久无人应答可以过号？", "1分钟|2分钟|3分钟|5分钟", "C", analysis="见叫号须知。")]),
        *marked("3", [
            choice(2, "工作牌上应当有哪些内容？", "姓名|工号|照片|住址", "ABC"),
            choice(3, "哪些材料可以容缺？", "次要材料|可以补正的材料|身份证明|可以网上核验的材料", "ABD"),
        ]),
        judgement("", "午间不间断服务。", True),
        judgement("", "群众可以不取号办理一切事项。", False),
        judgement("", "答案看不懂的一道题。", True, doubt="a key that is none"),
    )  # fmt: skip
    return Source(name="自制题库.xlsx", content=xlsx(sheets), questions=questions)
