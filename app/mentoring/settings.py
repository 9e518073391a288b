"""What the office may set about 师徒结对: who may be a master, how long it lasts, each step's days.

"一师 ≤2 徒(设置)"; every number is the hall's own.
"""

from app.kernel.setting import Setting, SettingKind

GROUP = "师徒结对"
HABIT = "大厅惯例，可以另定"
MOST_DAYS = 60


def number(  # noqa: PLR0917 - the parts of one declaration.
    name: str, label: str, default: int, unit: str, most: int, source: str = HABIT
) -> Setting[int]:
    """Declare a number from 1 on."""
    return Setting[int](
        key=f"mentoring.{name}",
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


def days(name: str, label: str, default: int) -> Setting[int]:
    """Declare how many working days a step has."""
    return number(name, label, default, "个工作日", MOST_DAYS)


MASTER_MONTHS = number("master_months", "师傅在现岗位至少", 12, "个月", 120)
MASTER_LIMIT = number("master_limit", "一位师傅同时最多带", 2, "名徒弟", 9)
NEWCOMER_MONTHS = number("newcomer_months", "到现岗位多久以内列为可以当徒弟的人", 12, "个月", 60)
TERM_MONTHS = number("term_months", "结对的期限", 6, "个月", 24)
EXTENSION_MONTHS = number("extension_months", "期满未出师，延长一次", 2, "个月", 2)
COPIES = number("copies", "结对协议书一式", 4, "份", 9)
DRAFT = days("draft_days", "拟定结对的时限", 5)
AGREE = days("agree_days", "师傅、徒弟同意的时限", 3)
APPROVE = days("approve_days", "批准结对的时限", 3)
RECORD_GRACE = days("record_days", "月度记录：当月过后还可以补几天", 5)
CONFIRM = days("confirm_days", "月度记录：对方确认的时限", 3)
ASSESS = days("assess_days", "出师考核的时限", 5)
GRADUATE = days("graduate_days", "批准出师的时限", 3)
END = days("end_days", "决定提前结束的时限", 3)
SETTINGS = (
    MASTER_MONTHS, MASTER_LIMIT, NEWCOMER_MONTHS, TERM_MONTHS, EXTENSION_MONTHS, COPIES,
    DRAFT, AGREE, APPROVE, RECORD_GRACE, CONFIRM, ASSESS, GRADUATE, END,
)  # fmt: skip
