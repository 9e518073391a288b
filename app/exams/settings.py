"""What the office may set about exams: what a new paper starts from.

每人限时三十至四十五分钟 is the hall's habit, so the time begins between the two.
"""

from decimal import Decimal

from app.kernel import formats
from app.kernel.setting import Setting, SettingKind
from app.settings import service as settings

GROUP = "一月一考"
MAX_MINUTES = 240

USUAL_MINUTES = Setting[int](
    key="exams.usual_minutes",
    group=GROUP,
    label="新试卷的限时",
    unit="分钟",
    kind=SettingKind.INT,
    default=40,
    minimum=10,
    maximum=MAX_MINUTES,
    source="大厅惯例：每人30至45分钟；每份试卷可以另定",
    is_unconfirmed=True,
)
USUAL_PASS_MARKS = Setting[Decimal](
    key="exams.usual_pass_marks",
    group=GROUP,
    label="新试卷的合格分",
    unit="分",
    kind=SettingKind.MARKS,
    default=Decimal("60.00"),
    minimum=0,
    maximum=10_000,
    source="大厅惯例：百分制60分；每份试卷可以另定",
    is_unconfirmed=True,
)


def needs_approval() -> bool:
    """Tell whether a leader approves the papers of a month."""
    return settings.get(NEEDS_APPROVAL)


def days(key: str, label: str, default: int) -> Setting[int]:
    """Declare how many working days a step has."""
    return Setting[int](
        key=f"exams.{key}",
        group=GROUP,
        label=label,
        unit="个工作日",
        kind=SettingKind.INT,
        default=default,
        minimum=1,
        maximum=60,
        source="大厅惯例，可以另定",
        is_unconfirmed=True,
    )


NEEDS_APPROVAL = Setting[bool](
    key="exams.needs_approval",
    group=GROUP,
    label="月考试卷要中心领导审定",
    unit="",
    kind=SettingKind.BOOL,
    default=False,
    source="一般由业务科室审核即可；大厅要求中心领导审定的，在这里打开。训后测试只审核",
    is_unconfirmed=True,
)
DRAFT_DAYS = days("draft_days", "起草试卷的时限", 5)
REVIEW_DAYS = days("review_days", "审核试卷的时限", 2)
APPROVE_DAYS = days("approve_days", "审定试卷的时限", 2)
PUBLISH_DAYS = days("publish_days", "审定后发布试卷的时限", 2)
RELEASE_DAYS = days("release_days", "评卷后公布成绩的时限", 2)
EXCUSE_DAYS = days("excuse_days", "审批缓考、免考的时限", 2)
DOUBT_DAYS = days("doubt_days", "公布后可以对题目提出疑问的时限", 5)
CHECK_DAYS = days("check_days", "核对题目疑问的时限", 2)
DECIDE_DAYS = days("decide_days", "决定题目更正的时限", 2)
NEWCOMER_DAYS = Setting[int](
    key="exams.newcomer_days",
    group=GROUP,
    label="入职不满多少天免考",
    unit="天",
    kind=SettingKind.INT,
    default=30,
    minimum=0,
    maximum=366,
    source="大厅惯例：入职不满一个月的免考，从入职那天算到考试开放那天",
    is_unconfirmed=True,
)
APART_PERCENT = Setting[int](
    key="exams.apart_percent",
    group=GROUP,
    label="双评的两个分数相差多少要第三人评",
    unit="%（占题目满分）",
    kind=SettingKind.INT,
    default=20,
    minimum=0,
    maximum=100,
    source="大厅惯例，可以另定；不超过的取平均，逢不足0.5分的进到0.5分",
    is_unconfirmed=True,
)
IDLE_MINUTES = Setting[int](
    key="exams.idle_minutes",
    group=GROUP,
    label="考场里多久没有保存算暂离",
    unit="分钟",
    kind=SettingKind.INT,
    default=5,
    minimum=1,
    maximum=60,
    source="大厅惯例，可以另定；只影响考场看板",
    is_unconfirmed=True,
)
SETTINGS = (
    IDLE_MINUTES, USUAL_MINUTES, USUAL_PASS_MARKS, NEEDS_APPROVAL, DRAFT_DAYS, REVIEW_DAYS,
    APPROVE_DAYS, PUBLISH_DAYS, RELEASE_DAYS, EXCUSE_DAYS, NEWCOMER_DAYS, DOUBT_DAYS,
    CHECK_DAYS, DECIDE_DAYS, APART_PERCENT,
)  # fmt: skip


def usual_minutes() -> int:
    """Give the time that a new paper starts from."""
    return settings.get(USUAL_MINUTES)


def idle_minutes() -> int:
    """Give after how many minutes without a save the board calls somebody away."""
    return settings.get(IDLE_MINUTES)


def usual_pass_marks() -> Decimal:
    """Give the pass mark that a new paper starts from, without needless zeros."""
    return Decimal(formats.marks(settings.get(USUAL_PASS_MARKS)))
