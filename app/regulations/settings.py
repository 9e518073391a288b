"""What the office may set about rules: how many working days for what; each is (核)."""

from app.kernel.setting import Setting, SettingKind

GROUP = "制度与廉政风险点"
MOST_DAYS = 60
CUSTOM = "大厅惯例"


def days(name: str, label: str, default: int) -> Setting[int]:
    """Declare one number of working days."""
    return Setting[int](
        key=f"regulations.{name}",
        group=GROUP,
        label=label,
        unit="个工作日",
        kind=SettingKind.INT,
        default=default,
        minimum=1,
        maximum=MOST_DAYS,
        source=CUSTOM,
        is_unconfirmed=True,
    )


DRAFT_DAYS = days("draft_days", "制度起草、修改", 20)
REVIEW_DAYS = days("review_days", "制度和廉政风险点审核", 5)
RISK_DAYS = days("risk_days", "廉政风险点退回后修改", 5)
AHEAD_DAYS = days("risk_ahead_days", "廉政风险点复核提前提醒", 10)
READING_DAYS = days("reading_days", "必读制度确认期限（新列入时的默认值）", 5)
SETTINGS = (DRAFT_DAYS, REVIEW_DAYS, RISK_DAYS, AHEAD_DAYS, READING_DAYS)
