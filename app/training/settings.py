"""What the office may set about classes: days of each step, least staffing, test, months."""

from app.kernel.setting import Setting, SettingKind

GROUP = "培训课堂"
HABIT = "大厅惯例，可以另定"


def number(
    key: str, label: str, default: int, *, unit: str, most: int, least: int = 1
) -> Setting[int]:
    """Declare a number that the hall's office must confirm."""
    return Setting[int](
        key=f"training.{key}",
        group=GROUP,
        label=label,
        unit=unit,
        kind=SettingKind.INT,
        default=default,
        minimum=least,
        maximum=most,
        source=HABIT,
        is_unconfirmed=True,
    )


def days(key: str, label: str, default: int) -> Setting[int]:
    """Declare how many working days a step has."""
    return number(key, label, default, unit="个工作日", most=60)


DRAFT_DAYS = days("draft_days", "起草开课方案的时限", 5)
REVIEW_DAYS = days("review_days", "审核开课方案的时限", 3)
OPEN_DAYS = days("open_days", "审核通过后开始报名的时限", 5)
EVALUATE_DAYS = days("evaluate_days", "授课后完成评估的时限", 40)
ARCHIVE_DAYS = days("archive_days", "评估后归档的时限", 5)
TEST_DAYS = days("test_days", "训后测试开放的天数", 5)
TEST_MINUTES = number("test_minutes", "训后测试的答题时间", 20, unit="分钟", most=120, least=5)
LEAST_STAFF = number("least_staff", "开放时间每个窗口最少留几人", 1, unit="人", most=20, least=0)
LATE_MINUTES = number("late_minutes", "开课多少分钟后签到算迟到", 15, unit="分钟", most=120)
EFFECT_MONTHS = number("effect_months", "训前、训后各比较几个月的绩效数据", 3, unit="个月", most=12)
SETTINGS = (
    DRAFT_DAYS, REVIEW_DAYS, OPEN_DAYS, EVALUATE_DAYS, ARCHIVE_DAYS, TEST_DAYS, TEST_MINUTES,
    LEAST_STAFF, LATE_MINUTES, EFFECT_MONTHS,
)  # fmt: skip
