"""How a commitment must be worded: with a number, without words that promise nothing.

清廉10 "可操作、可量化": a vague word is refused with a suggestion that asks for a number. Nothing
here judges a promise; it only sees whether one could tell later that it was kept. Pure functions.
"""

import re
from dataclasses import dataclass

from app.commitments.models import LONGEST_LINE
from app.kernel.forms import RefusedError

MINUTES_OR_DAYS = "请写明多少分钟或几个工作日，如“15分钟内”"
HOW_MUCH = "请写成做得到、数得出的事，如“1次书面告知清楚”"
# What promises nothing, and what to write in its place.
VAGUE = {
    "尽快": MINUTES_OR_DAYS,
    "尽早": MINUTES_OR_DAYS,
    "从速": MINUTES_OR_DAYS,
    "及时": MINUTES_OR_DAYS,
    "第一时间": MINUTES_OR_DAYS,
    "马上": MINUTES_OR_DAYS,
    "立即": MINUTES_OR_DAYS,
    "立刻": MINUTES_OR_DAYS,
    "随时": "请写明什么时间段，如“工作日9点至17点”",
    "快速": MINUTES_OR_DAYS,
    "适时": MINUTES_OR_DAYS,
    "近期": MINUTES_OR_DAYS,
    "尽量": HOW_MUCH,
    "尽力": HOW_MUCH,
    "尽可能": HOW_MUCH,
    "努力": HOW_MUCH,
    "力争": HOW_MUCH,
    "争取": HOW_MUCH,
    "力求": HOW_MUCH,
    "积极": HOW_MUCH,
    "热情": "请写看得见的动作，如“3秒内起身问好”",
    "优质": HOW_MUCH,
    "满意": "请写满意率是多少，如“好评率不低于98%”",
    "原则上": "请去掉“原则上”；有例外的，写明是哪一种",
    "一般情况下": "请去掉“一般情况下”；有例外的，写明是哪一种",
    "左右": "请写一个数，不写“左右”",
    "大约": "请写一个数，不写“大约”",
    "若干": "请写一个数，不写“若干”",
    "逐步": MINUTES_OR_DAYS,
}
# What a number may count; the longer word first, so that 个工作日 is not cut to 个.
UNITS = (
    "个工作日", "工作日", "个自然日", "个月", "分钟", "小时", "秒", "天", "日", "周", "次", "件",
    "份", "项", "步", "个", "张", "名", "人", "米", "元", "%", "％", "点",
)  # fmt: skip
PLAIN = r"\d{1,5}(?:\.\d{1,2})?"
# Never the end of a longer number: 123456件 is not 23456件, 3.125小时 not 125小时.
NUMBER = re.compile(rf"(?<![\d.])(?<!\d,)({PLAIN})({'|'.join(UNITS)})")
COUNTED = re.compile(rf"(\d[\d.,]*)(?:{'|'.join(UNITS)})")
CHINESE_NUMBER = re.compile(rf"[一二两三四五六七八九十百半]+(?:{'|'.join(UNITS[:10])}|次|件|份)")
WIDE_DIGITS = str.maketrans("０１２３４５６７８９．", "0123456789.")

PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[ -]?\d{7,8}|\d{3,4}-\d{4,8}|\d{7,8})(?!\d)")
IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
DISCIPLINE = re.compile(r"12388|检举|控告|举报")

LONG_NUMBER = "数字“{number}”太长：最多五位整数、两位小数，中间不加逗号，如“15分钟”“2.5小时”。"
NO_NUMBER = "没有写出数字。请写明多少分钟、几个工作日、几次，如“材料齐全，15分钟内完成收件”。"
CHINESE = "请用阿拉伯数字写，如“3个工作日”：公示牌上要把数字放大。"
HAS_IDENTITY = "这里有一串像身份证号的数字，不能公开，请删去。"
HAS_PHONE = "电话号码请填在“监督电话”一栏，承诺里不写电话。"
HAS_DISCIPLINE = "检举控告不在承诺公示牌上受理，请删去这几个字；渠道由纪检部门另行公布。"


@dataclass(frozen=True, kw_only=True)
class Parts:
    """A sentence, cut where its number stands."""

    before: str
    number: str
    after: str
    unit: str


def clean(text: str) -> str:
    """Write digits in one way and leave no blanks: they would be printed as gaps."""
    return "".join(text.translate(WIDE_DIGITS).split())


def cut(text: str) -> Parts:
    """Cut a sentence at its first number that counts something; raises RefusedError(text=...)."""
    sentence = clean(text)
    if fault := fault_in(sentence) or vague_in(sentence):
        raise RefusedError(text=fault)
    if len(sentence) > LONGEST_LINE:
        raise RefusedError(text=f"最多{LONGEST_LINE}个字，现在有{len(sentence)}个字，请缩短。")
    for each in COUNTED.finditer(sentence):
        if not re.fullmatch(PLAIN, each[1]):
            raise RefusedError(text=LONG_NUMBER.format(number=each[1]))
    found = NUMBER.search(sentence)
    if found is None:
        raise RefusedError(text=CHINESE if CHINESE_NUMBER.search(sentence) else NO_NUMBER)
    return Parts(
        before=sentence[: found.start()],
        number=found[1],
        after=sentence[found.end(1) :],
        unit=found[2],
    )


def vague_in(text: str) -> str:
    """Say which word promises nothing and what to write instead; '' where there is none."""
    found = [word for word in VAGUE if word in text]
    if not found:
        return ""
    # One of them may hold another: the longest is what was meant.
    word = max(found, key=len)
    return f"「{word}」说不清做到什么程度：{VAGUE[word]}。"


def fault_in(text: str) -> str:
    """Say what must not stand on a public sheet; '' where there is nothing of the kind."""
    if IDENTITY.search(text):
        return HAS_IDENTITY
    if PHONE.search(text):
        return HAS_PHONE
    return HAS_DISCIPLINE if DISCIPLINE.search(text) else ""
