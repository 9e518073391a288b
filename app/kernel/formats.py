"""How dates, times, marks and shares are written for people: one way each, everywhere."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask

from app.kernel.clock import local

WEEKDAYS = "一二三四五六日"
MOBILE_DIGITS = 11


def init(app: Flask) -> None:
    """Offer the formats to templates as filters."""
    app.jinja_env.filters.update(
        day=day, month_day=month_day, moment=moment, short_moment=short_moment, time=time_of_day,
        marks=marks, share=share, weekday=weekday, masked=mask_phone,
    )  # fmt: skip


def day(value: date) -> str:
    """2026年11月21日."""
    return f"{value.year}年{value.month}月{value.day}日"


def month_day(value: date) -> str:
    """11月21日."""
    return f"{value.month}月{value.day}日"


def weekday(value: date) -> str:
    """星期六."""
    return f"星期{WEEKDAYS[value.weekday()]}"


def moment(value: datetime) -> str:
    """2026年11月21日 18:00, in the hall's time."""
    return f"{day(local(value).date())} {time_of_day(value)}"


def short_moment(value: datetime) -> str:
    """11月21日 18:00, in the hall's time."""
    return f"{month_day(local(value).date())} {time_of_day(value)}"


def time_of_day(value: datetime) -> str:
    """18:00, in the hall's time."""
    return local(value).strftime("%H:%M")


def marks(value: Decimal | None) -> str:
    """92 or 92.5: no needless zeros; a dash where there are none."""
    if value is None:
        return "—"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shorten(text: str, length: int) -> str:
    """Cut a text after so many characters and say so."""
    return text if len(text) <= length else f"{text[:length]}…"


def percent(part: int, whole: int) -> str:
    """93.2%: where its parts stand beside it; a dash where the whole is nothing."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


def share(part: int, whole: int) -> str:
    """93.2%（328/352）: never without its denominator; a dash where the whole is nothing."""
    if whole == 0:
        return "—（0/0）"
    return f"{percent(part, whole)}（{part}/{whole}）"


def mask_phone(value: str | None) -> str:
    """138****5678: the middle of a telephone is nobody's business; a dash where there is none.

    Of a short one only the last two digits are shown. The whole number needs a permission of its
    own, and whoever opens it leaves a RECORD_READ in the log.
    """
    if not value:
        return "—"
    digits = "".join(character for character in value if character.isdigit())
    if len(digits) < MOBILE_DIGITS:
        return "*" * max(len(digits) - 2, 0) + digits[-2:]
    return f"{digits[:3]}{'*' * (len(digits) - 7)}{digits[-4:]}"
