"""Hints on the wording of a question: double, leading, or one that tells who answers.

They keep nothing from being approved: people decide. A rule is here because its words alone show
the fault; what needs to be understood is left to whoever approves.
"""

import re
from collections.abc import Sequence

from app.surveys.questions import Question

DOUBLE = "一题问了两件事，回答说不清是对哪一件；请拆成两题。"
LEADING = "问法带有倾向；请把褒贬的话去掉，让各种回答都好选。"
IDENTIFYING = "这一题能认出填写人；匿名调查不问这些。"
_JOINED = r"(?:和|与|及|以及|、|并且|而且)"
_ASKED = r"(?:满意|清楚|合适|合理|有用|有帮助|到位)"
RULES: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(rf"(?:内容|讲解|老师|讲师|授课人?|时间|场地|组织|教材|形式|服务|设备)[^，。？]{{0,6}}"
                rf"{_JOINED}[^，。？]{{0,6}}"
                rf"(?:内容|讲解|老师|讲师|授课|时间|场地|组织|教材|形式|服务|态度|设备)"
                rf"[^。]{{0,8}}{_ASKED}"), DOUBLE),
    (re.compile(rf"{_ASKED}(?:并且|而且|、|和){_ASKED}"), DOUBLE),
    (re.compile(r"难道|是不是也|是否同意|您也认为|您一定|大家都|众所周知|显然|当然|不可否认|如此|"
                r"精彩的|优秀的|出色的|糟糕的|枯燥的"), LEADING),
    (re.compile(r"姓名|名字|工号|手机|电话|身份证|窗口号|出生|年龄|入职(?:时间|日期|年份)|"
                r"哪个窗口|几号窗口|政治面貌|婚"), IDENTIFYING),
)  # fmt: skip


def hints_of(question: Question) -> list[str]:
    """Give what could be better about a question, each remark once."""
    words = "\n".join((question.text, *question.options))
    return list(
        dict.fromkeys(
            hint
            for pattern, hint in RULES
            if pattern.search(words if hint == IDENTIFYING else question.text)
        )
    )
