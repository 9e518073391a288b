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
SETTINGS = (USUAL_MINUTES, USUAL_PASS_MARKS)


def usual_minutes() -> int:
    """Give the time that a new paper starts from."""
    return settings.get(USUAL_MINUTES)


def usual_pass_marks() -> Decimal:
    """Give the pass mark that a new paper starts from, without needless zeros."""
    return Decimal(formats.marks(settings.get(USUAL_PASS_MARKS)))
