"""What the office may set about 任务分解表: how many days each step has, and when a row lags."""

from app.kernel.setting import Setting, SettingKind
from app.settings import service as settings

GROUP = "任务分解"
HABIT = "大厅惯例，可以另定"
MOST_DAYS = 60


def days(name: str, label: str, default: int) -> Setting[int]:
    """Declare how many working days a step has."""
    return Setting[int](
        key=f"measures.{name}",
        group=GROUP,
        label=label,
        unit="个工作日",
        kind=SettingKind.INT,
        default=default,
        minimum=1,
        maximum=MOST_DAYS,
        source=HABIT,
        is_unconfirmed=True,
    )


RECEIVE_DAYS = days("receive_days", "任务：签收的时限", 3)
EXTENSION_DAYS = days("extension_days", "任务：决定延期的时限", 2)
REVIEW_DAYS = days("review_days", "任务：复核的时限", 5)
CLOSE_DAYS = days("close_days", "任务：销号的时限", 5)
TOLERANCE = Setting[int](
    key="measures.tolerance",
    group=GROUP,
    label="任务：慢于序时进度多少算滞后",
    unit="个百分点",
    kind=SettingKind.INT,
    default=10,
    minimum=0,
    maximum=50,
    source=HABIT,
    is_unconfirmed=True,
)
SETTINGS = (RECEIVE_DAYS, EXTENSION_DAYS, REVIEW_DAYS, CLOSE_DAYS, TOLERANCE)


def tolerance() -> int:
    """Give by how many points progress may stay behind time."""
    return settings.get(TOLERANCE)
