"""How many working days each step of a commitment may take, and its 公示; the plans name none."""

from app.kernel.setting import Setting, SettingKind

GROUP = "三亮承诺"
MOST_DAYS = 30


def days(key: str, label: str, default: int) -> Setting[int]:
    """Declare a number of working days that the hall's office must confirm."""
    return Setting[int](
        key=f"commitments.{key}",
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


DRAFT_DAYS = days("draft_days", "起草承诺公示牌", 5)
REVIEW_DAYS = days("review_days", "科室初审承诺公示牌", 2)
APPROVAL_DAYS = days("approval_days", "审定承诺公示牌", 3)
PLATE_DAYS = days("plate_days", "支部确认党员示范岗", 5)
NOTICE_DAYS = days("notice_days", "亮标准公示的天数，从公开日期的次日起算", 5)
SETTINGS = (DRAFT_DAYS, REVIEW_DAYS, APPROVAL_DAYS, PLATE_DAYS, NOTICE_DAYS)
