"""Thirty texts and more, good and bad: a number is found, a vague word is refused with advice."""

import pytest

from app.commitments import wording
from app.commitments.models import LONGEST_LINE
from app.kernel.forms import RefusedError

GOOD = [
    ("材料齐全，15分钟内完成收件", "材料齐全，", "15", "分钟内完成收件", "分钟"),
    ("所缺材料1次书面告知清楚", "所缺材料", "1", "次书面告知清楚", "次"),
    ("一般登记3个工作日内办结", "一般登记", "3", "个工作日内办结", "个工作日"),
    ("咨询问题1个工作日内回复", "咨询问题", "1", "个工作日内回复", "个工作日"),
    ("排队等候不超过20分钟", "排队等候不超过", "20", "分钟", "分钟"),
    ("按时办结率100%", "按时办结率", "100", "%", "%"),
    ("好评率不低于98.5%", "好评率不低于", "98.5", "%", "%"),
    ("电话10秒内接听", "电话", "10", "秒内接听", "秒"),
    ("最多跑1次", "最多跑", "1", "次", "次"),
    ("帮办人员5分钟内到场", "帮办人员", "5", "分钟内到场", "分钟"),
    ("午间每窗留1人值守", "午间每窗留", "1", "人值守", "人"),
    ("证照2天内寄出", "证照", "2", "天内寄出", "天"),
    ("申请表只填1份", "申请表只填", "1", "份", "份"),
    ("表格不超过2张", "表格不超过", "2", "张", "张"),
    ("每年办理12345件", "每年办理", "12345", "件", "件"),
    ("平均2.25小时办结", "平均", "2.25", "小时办结", "小时"),
    ("收费0元", "收费", "0", "元", "元"),
    ("１５分钟内完成收件", "", "15", "分钟内完成收件", "分钟"),
    ("材料齐全 15 分钟内收件", "材料齐全", "15", "分钟内收件", "分钟"),
    ("基本医疗保险3个工作日内转移", "基本医疗保险", "3", "个工作日内转移", "个工作日"),
]
VAGUE = [
    "材料齐全的尽快办理",
    "力争当天办结",
    "努力让群众少跑路",
    "尽量一次办成",
    "及时答复群众咨询",
    "第一时间处理投诉",
    "原则上3个工作日内办结",
    "立即受理",
    "马上就办",
    "争取2天内办完",
    "热情接待每一位群众",
    "提供优质服务",
    "让企业群众满意",
    "大约15分钟收件",
    "一般情况下5天办结",
    "尽可能少交材料",
    "积极协调相关部门",
    "20分钟左右办完",
]
BAD = [
    ("材料齐全当场办结", "没有写出数字"),
    ("窗口人员佩戴工牌上岗", "没有写出数字"),
    ("三个工作日内办结", "阿拉伯数字"),
    ("十五分钟内完成收件", "阿拉伯数字"),
    ("投诉请拨打021-12345678", "监督电话"),
    ("有事打13800000000，5分钟回", "监督电话"),
    ("5分钟内接听55661234", "监督电话"),
    ("凭310101199001011234办理1次", "身份证"),
    ("凭31010119900101123X办理1次", "身份证"),
    ("违纪请打12388，1天回复", "检举控告"),
    ("受理举报，3个工作日回复", "检举控告"),
    ("不动产登记的申请材料齐全并且符合规定的3个工作日内办结", "最多22个字"),
    ("", "没有写出数字"),
    ("每年办理123456件", "“123456”太长"),
    ("平均3.125小时办结", "“3.125”太长"),
    ("全年办结12,000件", "“12,000”太长"),
    ("1次办好，每年办理123456件", "“123456”太长"),
]


@pytest.mark.parametrize(("text", "before", "number", "after", "unit"), GOOD)
def test_number_and_unit_are_found(text, before, number, after, unit):
    parts = wording.cut(text)
    assert (parts.before, parts.number, parts.after, parts.unit) == (before, number, after, unit)


@pytest.mark.parametrize("text", VAGUE)
def test_vague_word_is_refused_by_name_with_what_to_write(text):
    with pytest.raises(RefusedError) as refused:
        wording.cut(text)
    message = refused.value.errors["text"]
    word = message.partition("」")[0].removeprefix("「")
    assert word in text
    assert wording.VAGUE[word] in message


@pytest.mark.parametrize(("text", "told"), BAD)
def test_text_that_can_not_be_kept_or_shown_is_refused(text, told):
    with pytest.raises(RefusedError) as refused:
        wording.cut(text)
    assert told in refused.value.errors["text"]


def test_there_are_at_least_fifteen_vague_words_and_thirty_texts():
    assert len(wording.VAGUE) >= 15
    assert len(GOOD) + len(VAGUE) + len(BAD) >= 30


def test_soon_is_answered_with_minutes_or_days():
    with pytest.raises(RefusedError) as refused:
        wording.cut("尽快办理")
    assert "多少分钟或几个工作日" in refused.value.errors["text"]


def test_every_unit_can_be_counted():
    for unit in wording.UNITS:
        assert wording.cut(f"办理用3{unit}").unit == unit


def test_longest_line_is_taken_and_one_character_more_is_not():
    text = "材" * (LONGEST_LINE - 3) + "3分钟"
    assert wording.cut(text).number == "3"
    with pytest.raises(RefusedError):
        wording.cut(f"材{text}")
