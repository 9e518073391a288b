"""The classes of the demonstration: what each is about, and how far it has come."""

from dataclasses import dataclass

from app.training.models import ClassKind


@dataclass(frozen=True, kw_only=True)
class Story:
    """One class: how many days from the day, and how far it has come."""

    days: int
    kind: ClassKind
    title: str
    place: str
    teacher: str
    until: str
    people: int = 24
    seats: int | None = None
    has_test: bool = True
    copies: str = ""
    aim: str = ""
    conclusion: str = ""


BUSINESS, PARTY = ClassKind.BUSINESS, ClassKind.PARTY
PRACTICE, STUDY = ClassKind.PRACTICE, ClassKind.STUDY
ONCE = "一次性告知怎么讲清"
CLEAN = "廉洁从业、为民服务专题党课"
DRILL = "岗位大练兵：收件登记与录入"
FIRST = "首问负责制窗口学习会"
STORIES = (
    Story(
        days=-230, kind=BUSINESS, title="政务服务文明用语", place="三楼会议室", teacher="QY0402",
        until="archived", has_test=False, conclusion="各窗口已用统一用语，下期改讲投诉应对。",
    ),
    Story(
        days=-190, kind=PARTY, title=CLEAN, place="党员活动室", teacher="区委党校 特约讲师",
        until="archived", has_test=False, conclusion="结合窗口案例讲，反响好，年内再办一期。",
    ),
    Story(
        days=-125, kind=BUSINESS, title=ONCE, place="三楼会议室", teacher="QY0201",
        until="archived", people=30, aim="首次办成率提高、材料退回率下降",
        conclusion="训后首次办成率有提高；材料清单仍有人漏讲，下期加情景演练。",
    ),
    Story(
        days=-100, kind=PRACTICE, title=DRILL, place="二楼实训区", teacher="QY0302",
        until="archived", has_test=False, conclusion="按两名评委的评分表点评，动作标准已统一。",
    ),
    Story(
        days=-60, kind=STUDY, title=FIRST, place="不动产登记区", teacher="QY0301",
        until="evaluated", people=9, has_test=False, conclusion="首问责任人的三步做法已讲清。",
    ),
    Story(
        days=-40, kind=BUSINESS, title=ONCE, place="三楼会议室", teacher="QY0201", copies=ONCE,
        until="held", people=26, aim="首次办成率提高",
    ),
    Story(
        days=-24, kind=PRACTICE, title="帮办导办实操演练", place="一楼导办台", teacher="QY0402",
        until="held", people=4,
    ),
    Story(
        days=-9, kind=BUSINESS, title="电子证照应用", place="三楼会议室", teacher="区数据中心 讲师",
        until="cancelled", people=8,
    ),
    Story(
        days=-3, kind=PARTY, title="清廉窗口建设方案学习", place="党员活动室", teacher="QY0107",
        until="held", people=20, copies=CLEAN,
    ),
    Story(
        days=0, kind=STUDY, title="延时服务交接学习会", place="二楼会议室", teacher="QY0302",
        until="booking", people=12, has_test=False,
    ),
    Story(
        days=6, kind=BUSINESS, title="投诉应对与情绪疏导", place="三楼小会议室", teacher="QY0503",
        until="booking", people=16, seats=12,
    ),
    Story(
        days=8, kind=STUDY, title="叫号与引导配合学习会", place="二楼会议室", teacher="QY0302",
        until="booking", people=11, has_test=False,
    ),
    Story(
        days=12, kind=PARTY, title=CLEAN, place="党员活动室", teacher="区委党校 特约讲师",
        until="scheduled", copies=CLEAN, has_test=False,
    ),
    Story(
        days=19, kind=PRACTICE, title=DRILL, place="二楼实训区", teacher="QY0302",
        until="submitted", copies=DRILL, has_test=False,
    ),
    Story(
        days=26, kind=PARTY, title="支部书记讲廉洁", place="党员活动室", teacher="QY0107",
        until="submitted", has_test=False,
    ),
    Story(
        days=33, kind=STUDY, title="窗口离岗与暂停服务规范", place="综合窗口区", teacher="QY0402",
        until="draft", has_test=False,
    ),
)  # fmt: skip
LEARNT = (
    "首位接待的工作人员就是首问责任人：能办的当场办，不能办的讲清去哪里办、找谁办。",
    "对照上月三起“问了三个窗口”的反映，逐一说清当时应该怎么接。",
)
SAID = (
    "不动产登记窗口：转介时陪同到取号机，再回窗口。",
    "税务窗口：涉及两个部门的，由首问人先打电话核实，再告知群众。",
    "帮办岗：老年人一律陪办。",
)
RECORD_TEXTS = ("葛书宁", "\n".join(LEARNT), "\n".join(SAID))
LATER = (
    (PRACTICE, "自助终端点位引导实操"), (BUSINESS, "新入驻事项集中培训"), (PARTY, "先进事迹分享"),
)  # fmt: skip
