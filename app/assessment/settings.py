"""How many working days each step of an assessment may take; the plans name none."""

from app.kernel.setting import Setting, SettingKind

GROUP = "季度考核"
MOST_DAYS = 30


def days(key: str, label: str, default: int) -> Setting[int]:
    """Declare a number of working days that the hall's office must confirm."""
    return Setting[int](
        key=f"assessment.{key}",
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


DRAFT_DAYS = days("draft_days", "起草考核细则", 10)
SCHEME_DAYS = days("scheme_days", "审定考核细则", 5)
COLLECT_DAYS = days("collect_days", "采集一个季度的考核数据", 5)
PREVIEW_DAYS = days("preview_days", "预览期：本人核对、提出异议", 5)
DECISION_DAYS = days("decision_days", "答复一条异议", 10)
APPROVAL_DAYS = days("approval_days", "预览期满后审定季度考核", 15)
RELEASE_DAYS = days("release_days", "审定后公布季度考核", 3)
SETTINGS = (
    DRAFT_DAYS, SCHEME_DAYS, COLLECT_DAYS, PREVIEW_DAYS, DECISION_DAYS, APPROVAL_DAYS,
    RELEASE_DAYS,
)  # fmt: skip
