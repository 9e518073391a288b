"""What the office may set about 金点子, 直通车 and 建议单: how many days each step has, and limits.

One working day to get in touch, five to answer, fifteen for what is hard: the style of 12345. Every
number is the hall's own.
"""

from app.kernel.setting import Setting, SettingKind
from app.settings import service as settings

GROUP = "意见建议"
HABIT = "大厅惯例，可以另定"
MOST_DAYS = 60


def days(name: str, label: str, default: int) -> Setting[int]:
    """Declare how many working days a step has."""
    return Setting[int](
        key=f"suggestions.{name}",
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


def number(  # noqa: PLR0917 - the parts of one declaration.
    name: str, label: str, default: int, unit: str, most: int, source: str
) -> Setting[int]:
    """Declare another number from 1 on."""
    return Setting[int](
        key=f"suggestions.{name}",
        group=GROUP,
        label=label,
        unit=unit,
        kind=SettingKind.INT,
        default=default,
        minimum=1,
        maximum=most,
        source=source,
        is_unconfirmed=True,
    )


STAFF_TRIAGE = days("staff_triage_days", "金点子：受理时限", 3)
PUBLIC_TRIAGE = days("public_triage_days", "直通车：先行联系并受理的时限", 1)
ANSWER = days("answer_days", "一般意见的答复时限", 5)
HARD_ANSWER = days("hard_answer_days", "疑难意见的答复时限", 15)
EXTENSION = days("extension_days", "延期一次的天数", 10)
EXTENSION_DECISION = days("extension_decision_days", "审批延期的时限", 1)
ORDER_DRAFT = days("order_draft_days", "建议单：拟制的时限", 2)
ORDER_ISSUE = days("order_issue_days", "建议单：签发的时限", 2)
ORDER_RECEIPT = days("order_receipt_days", "建议单：签收的时限", 1)
ORDER_FEEDBACK = days("order_feedback_days", "建议单：承办反馈的时限", 5)
ORDER_CARRY = days("order_carry_days", "新建议单的承办时限", 15)
ORDER_DECLINE = days("order_decline_days", "建议单：确认不采纳的时限", 3)
ORDER_VERIFY = days("order_verify_days", "建议单：核验的时限", 5)
ORDER_VISIT = days("order_visit_days", "建议单：回访的时限", 5)
REVISIT_AFTER = number(
    "revisit_after_days", "首次回访后多少天二次回访", 60, "天", 365, "探索建立办事对象二次回访机制"
)
PER_ADDRESS = number(
    "public_per_address", "直通车：同一地址每小时最多", 5, "件", 100, "防止恶意刷屏"
)
ALTOGETHER = number(
    "public_altogether", "直通车：全部来源每小时最多", 60, "件", 1000, "防止恶意刷屏"
)
FOLLOWS_PER_ADDRESS = number(
    "follows_per_address", "直通车：同一地址每小时最多查询", 30, "次", 1000, "防止猜测查询码"
)
CHANNELS_TEXT = Setting[str](
    key="suggestions.discipline_channels",
    group=GROUP,
    label="检举控告渠道的说明",
    kind=SettingKind.TEXT,
    default="也可以当面向派驻纪检组反映，或者投递大厅一楼的举报信箱。",
    source="大厅公布的检举控告渠道",
    is_unconfirmed=True,
)
SETTINGS = (
    STAFF_TRIAGE, PUBLIC_TRIAGE, ANSWER, HARD_ANSWER, EXTENSION, EXTENSION_DECISION,
    ORDER_DRAFT, ORDER_ISSUE, ORDER_RECEIPT, ORDER_FEEDBACK, ORDER_CARRY, ORDER_DECLINE,
    ORDER_VERIFY, ORDER_VISIT, REVISIT_AFTER, PER_ADDRESS, ALTOGETHER, FOLLOWS_PER_ADDRESS,
    CHANNELS_TEXT,
)  # fmt: skip


def channels_text() -> str:
    """Give where 检举控告 belongs, as the hall says it."""
    return settings.get(CHANNELS_TEXT)


def usual_carry_days() -> int:
    """Give the time that a new 建议单 starts from."""
    return settings.get(ORDER_CARRY)
