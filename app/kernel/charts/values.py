"""What all charts share: a value with its name, how wide they are, how a coordinate is written."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 640
MISSING = "无数据"


@dataclass(frozen=True, kw_only=True)
class Value:
    """One value with its name; `text` is what is written beside it. None is no data, not nought."""

    label: str
    value: float | None
    text: str = ""

    @property
    def said(self) -> str:
        """Give what is written for it."""
        return MISSING if self.value is None else self.text or f"{self.value:g}"


def number(value: float) -> str:
    """Write a coordinate."""
    return f"{value:.1f}"


def say(values: Sequence[Value]) -> str:
    """Say all values in a sentence, for whoever hears the page."""
    return "，".join(f"{each.label}{each.said}" for each in values) or MISSING
