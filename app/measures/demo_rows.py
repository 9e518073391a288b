"""What the demonstration says of each row: whose it is, how it went. All of it is invented.

"The 39 rows quote Baoshan's plans, so their demo readings say 演示数据."
"""

from collections.abc import Mapping
from dataclasses import dataclass

from app.measures.models import TaskState

ESTATE = "不动产登记中心"
OFFICE, BUSINESS, MIXED, CHECK = "办公室", "业务科", "综合窗口管理科", "督查科"
# Days ago, and the value: a number, a number with the city's mean, or how many things are ticked.
Series = tuple[tuple[int, str], ...]


@dataclass(frozen=True, kw_only=True)
class Story:
    """A row: its owner, the readings of each of its indicators, and how far it has come."""

    owner: str = ""
    partners: str = ""
    series: tuple[Series, ...] = ()
    state: TaskState = TaskState.RUNNING
    # Its date, counted from today; without one the plan's own end.
    due: int | None = None
    urged: str = ""
    told: str = ""


STORIES: Mapping[str, Story] = {
    "效能G1": Story(owner=BUSINESS, series=(((160, "1"), (70, "2")),)),
    "效能G2": Story(owner=BUSINESS, series=(((150, "1"), (90, "3"), (18, "4")),)),
    "效能G3": Story(owner=BUSINESS, series=(((110, "66.4"), (50, "69.8"), (17, "72.6")),)),
    "效能G4": Story(owner=MIXED, series=(((110, "90.2"), (50, "88.9"), (17, "91.4")),)),
    "效能G5": Story(
        owner=MIXED, partners="区市场监管局、区税务局",
        series=(((200, "91.2"), (110, "90.4"), (50, "86.1"), (17, "88.2")),),
        urged="三季度首办成功率下降，向综合窗口发了提醒，补了两次材料清单培训。",
    ),
    "效能G6": Story(owner=MIXED, series=(((110, "21"), (50, "19"), (17, "18")),)),
    "效能G7": Story(owner=CHECK, series=(((110, "100"), (50, "99.2"), (17, "99.6")),)),
    "效能G8": Story(owner=BUSINESS, series=(((110, "89.3"), (50, "91"), (17, "92.1")),)),
    "效能G9": Story(owner=MIXED, series=(((150, "1.2"), (60, "1.7"), (17, "1.9")),)),
    "效能G10": Story(owner=BUSINESS, series=(((110, "2680"), (50, "3720"), (17, "4350")),)),
    "效能G11": Story(owner=CHECK, series=(((110, "91.8/92.6"), (17, "93.1/92.4")),)),
    "效能G12": Story(owner=OFFICE, series=(((18, "0"),),)),
    "效能1": Story(
        owner=OFFICE, series=(((120, "2"), (40, "3")), ((18, "86"),), ((18, "97.5"),)),
        told="“制度一页通”上了大厅公示栏。",
    ),
    "效能2": Story(owner=BUSINESS, series=(((60, "2"),), ((60, "3"), (18, "4")), ((18, "2"),))),
    "效能3": Story(owner=OFFICE, due=30, series=(((80, "1"),),)),
    "效能4": Story(
        owner=BUSINESS, partners="各进驻部门",
        series=(((60, "5"), (17, "2")), ((60, "1"), (17, "1"))),
        urged="三季度一件事项调整第五个工作日才告知中心，约谈了承办窗口。",
    ),
    "效能5": Story(owner=BUSINESS, due=-20, series=(((130, "3"), (45, "6")),),
                 urged="逾期，已发督办提醒，请与两个接入部门定时间。"),
    "效能6": Story(owner=BUSINESS, series=(((110, "3"), (17, "5")), ((50, "9"), (17, "11")))),
    "效能7": Story(owner=MIXED, series=(((110, "24"), (17, "24")), ((18, "0"),))),
    "效能8": Story(owner=ESTATE, series=(((60, "1"), (18, "2")),)),
    "效能9": Story(owner=BUSINESS, series=(((120, "0"),),)),
    "效能10": Story(
        owner=CHECK, series=(((50, "1"), (17, "0")),),
        told="第三季度分析报告的结论在工作动态里公布。",
    ),
    "效能11": Story(
        owner=OFFICE, partners="党支部", series=((), ((90, "2"), (18, "3")), ((18, "3"),)),
        told="“青年讲堂”预告上了大厅屏。",
    ),
    "效能12": Story(owner=BUSINESS, series=(((18, "3"),), ((18, "0"),))),
    "效能13": Story(),
    "效能14": Story(
        owner=MIXED, series=(((100, "1"), (70, "2")), ((100, "2"), (70, "3"))),
        state=TaskState.CLOSED,
    ),
    "效能15": Story(
        owner=OFFICE, series=(((40, "1"),), ((40, "5"), (18, "6"))), state=TaskState.TO_CLOSE
    ),
    "清廉1": Story(owner=BUSINESS, series=(((110, "98.2"), (17, "98.5")),)),
    "清廉2": Story(),
    "清廉3": Story(owner=MIXED, series=(((110, "90.4"), (17, "90.8")),)),
    "清廉4": Story(owner=BUSINESS, series=(((17, "72.6"),), ((17, "90.3"),)),
                 state=TaskState.TO_REVIEW),
    "清廉5": Story(),
    "清廉6": Story(
        owner=BUSINESS, series=(((140, "2"), (52, "0"), (17, "1")),),
        urged="三季度没有新增合作机构，工作小组约时间专题研究。",
    ),
    "清廉7": Story(owner=OFFICE, series=(((60, "2"), (18, "3")),)),
    "清廉8": Story(owner=CHECK, series=(((18, "4"),), ((18, "7"),))),
    "清廉9": Story(owner=CHECK, series=(((40, "3"),),), state=TaskState.EXTENDING, due=40),
    "清廉10": Story(owner=ESTATE, series=(((18, "3"),),), told="承诺牌和宣传屏同步更新。"),
    "清廉11": Story(
        owner=CHECK, series=(((110, "16.9"), (17, "18.2")), ((110, "91.3"), (17, "92")))
    ),
    "清廉12": Story(owner=OFFICE, series=(((18, "4"),),), state=TaskState.TO_RECEIVE),
}  # fmt: skip
