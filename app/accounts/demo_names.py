"""Invented names for the people of the demonstration: varied, no two alike, in a fixed order.

Some are written with rare characters, one surname in twenty has two; both must survive lists,
search, Excel and paper.
"""

import itertools
from collections.abc import Collection, Iterator

# The commoner ones stand more than once, as in any hall.
SURNAMES = (
    *"王李张刘陈杨黄赵周吴徐孙朱胡郭林何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏",
    *"王李张陈沈陆顾秦单仇任邵倪严金尤姚范奚汤陶翟葛龚施鲍瞿解查乐缪戚郁傅康毕盛",
    *("欧阳", "上官", "夏侯", "尉迟", "司徒"),
)
GIVEN_NAMES = (
    "知远", "静怡", "晓岚", "文博", "佳宁", "子衿", "书瑶", "明哲", "若溪", "嘉树", "望舒", "清越",
    "景行", "语桐", "安澜", "云帆", "雨涵", "一诺", "星河", "国栋", "桂芳", "玉琴", "春燕", "雪梅",
    "振宇", "克勤", "家骏", "欣怡", "梓轩", "诗涵", "佳琪", "梦瑶", "可欣", "芷晴", "沐阳", "奕辰",
    "令仪", "维桢", "采薇", "晓峰", "海霞", "志远", "秋萍", "建业", "爱珍", "凤英", "兴旺", "淑贞",
    "文娟", "巧云", "伟民", "丹青", "承志", "咏梅", "学勤", "思齐", "宏图", "润泽", "以宁", "亦舒",
    "致和", "孟春", "乐山", "逸飞", "简言", "疏影", "怀谷", "南星", "半夏", "朝晖", "念慈", "锦书",
    "守正", "绍文", "惠群", "雁秋", "添翼", "培元", "素心", "允执", "韵清", "辰光", "晚晴", "修齐",
    "竹君", "慕兰", "敬之", "翊然", "佩玲", "岳松", "洁莹", "尚武", "卓然", "巧玲", "育才", "蕴华",
    "澄", "彧", "蔚", "湛", "笙", "蓁", "珩", "昀", "屿", "翎", "琬", "骞", "垚", "堃", "翀",
)  # fmt: skip
# By their place, so that they are spread over the departments.
RARE = {30: "程𬭚", 71: "陆䶮", 150: "顾㛃"}
# Neither length shares a factor with its step: every name comes once before any comes again.
SURNAME_STEP, GIVEN_STEP = 17, 43


def invent(taken: Collection[str]) -> Iterator[str]:
    """Give one name after the other that nobody has."""
    given = {*taken}
    for name in combine():
        if name not in given:
            given.add(name)
            yield name


def combine() -> Iterator[str]:
    """Walk through both lists in steps, so that neighbours share nothing."""
    for place in itertools.count():
        surname = SURNAMES[place * SURNAME_STEP % len(SURNAMES)]
        name = surname + GIVEN_NAMES[place * GIVEN_STEP % len(GIVEN_NAMES)]
        yield RARE.get(place, name)
