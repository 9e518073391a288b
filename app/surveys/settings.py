"""How long a survey is open, and how long the review of a questionnaire may take."""

from app.kernel.setting import Setting, SettingKind

GROUP = "满意度调查"
MOST_DAYS = 30


def days(key: str, label: str, default: int) -> Setting[int]:
    """Declare a number of working days that the hall's office must confirm."""
    return Setting[int](
        key=f"surveys.{key}",
        group=GROUP,
        label=label,
        unit="个工作日",
        kind=SettingKind.INT,
        default=default,
        minimum=1,
        maximum=MOST_DAYS,
        source="方案没有写明期限，由大厅办公室确认",
        is_unconfirmed=True,
    )


OPEN_DAYS = days("open_days", "满意度调查开放", 3)
DRAFT_DAYS = days("draft_days", "起草满意度问卷", 5)
REVIEW_DAYS = days("review_days", "审核满意度问卷", 2)
SETTINGS = (OPEN_DAYS, DRAFT_DAYS, REVIEW_DAYS)
