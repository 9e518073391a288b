"""Layouts 10 and 11: judgements, blanks and model answers; cases with sub-questions."""

from app.questions.kinds import QuestionKind
from tests.questions.importing.expectations import (
    Expected,
    Source,
    blanks,
    choice,
    judgement,
    written,
)

MIXED = """一、判断题
1. 窗口人员可以提前离岗。（ × ）
2. （√）服务牌应当朝向群众。
3. 叫号机故障时可以人工排号。(对)
4. 群众的材料可以随意拍照。 答案：错误
5. 办结后应当通知群众。
答案：正确
6. 印章可以外借。
答案：F
7. 这一题没有写答案。
8. 两处答案不同的一题。（√）
答案：错
二、填空题
1. 服务大厅实行____受理、____出件。
答案：一窗；统一
2. 监督电话应当放在（　　）的位置。
答案：醒目
3. 空和答案数目不同：____、____、____。
答案：甲；乙
三、简答题
1. 简述容缺受理的条件。
答：一是缺次要材料；二是申请人承诺补正。
2. 怎样做好交接班？
参考答案：
①清点材料；
②说明未办结事项。
四、论述题
1. 论述怎样减少群众等候。
答案要点：分流、预约、帮办。
"""

CASES = """一、案例分析题
案例一：王某到综合窗口办理证照，材料缺一页，窗口人员让他改日再来。根据材料回答1-3题。
1. 窗口人员违反了哪项要求？
A. 首问负责
B. 一次性告知
C. 限时办结
2. 正确的做法是什么？
A. 容缺受理
B. 不予理睬
C. 请保安劝离
3. 事后应当由谁回访？
A. 群众
B. 保安
C. 窗口负责人
答案：B、A、C
案例二：李某对等候时长不满，拨打了监督电话。根据材料回答4-5题。
4. 应当先做什么？
A. 登记
B. 争辩
C. 挂断
答案：A
5. 下列哪些应当记录？
A. 时间
B. 诉求
C. 住房
答案：AB
"""


def mixed() -> Source:
    questions = (
        judgement(1, "窗口人员可以提前离岗。", False),
        judgement(2, "服务牌应当朝向群众。", True),
        judgement(3, "叫号机故障时可以人工排号。", True),
        judgement(4, "群众的材料可以随意拍照。", False),
        judgement(5, "办结后应当通知群众。", True),
        judgement(6, "印章可以外借。", False),
        judgement(7, "这一题没有写答案。", True, doubt="no key"),
        judgement(8, "两处答案不同的一题。", True, doubt="two keys that disagree"),
        blanks(1, "服务大厅实行____受理、____出件。", "一窗", "统一"),
        blanks(2, "监督电话应当放在（　　）的位置。", "醒目"),
        blanks(
            3, "空和答案数目不同：____、____、____。", "甲", "乙", doubt="fewer keys than blanks"
        ),
        written(1, "简述容缺受理的条件。", "一是缺次要材料；二是申请人承诺补正。"),
        written(2, "怎样做好交接班？", "①清点材料；\n②说明未办结事项。"),
        written(1, "论述怎样减少群众等候。", "分流、预约、帮办。", kind=QuestionKind.ESSAY),
    )
    return Source(name="判断填空简答.txt", content=MIXED.encode(), questions=questions)


def cases() -> Source:
    first = "王某到综合窗口办理证照，材料缺一页，窗口人员让他改日再来。"
    second = "李某对等候时长不满，拨打了监督电话。"
    questions: tuple[Expected, ...] = (
        choice(1, "窗口人员违反了哪项要求？", "首问负责|一次性告知|限时办结", "B", group=first),
        choice(2, "正确的做法是什么？", "容缺受理|不予理睬|请保安劝离", "A", group=first),
        choice(3, "事后应当由谁回访？", "群众|保安|窗口负责人", "C", group=first),
        choice(4, "应当先做什么？", "登记|争辩|挂断", "A", group=second),
        choice(5, "下列哪些应当记录？", "时间|诉求|住房", "AB", group=second),
    )
    return Source(name="案例.txt", content=CASES.encode(), questions=questions)
