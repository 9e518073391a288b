"""Figures that the site itself knows and that a measure of the plans can be read from.

"indicators: a live reading for a measure". A room declares what it can count in
`Feature.indicators`; `measures` asks for the reading and never counts anything itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.kernel.evidence import Span


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an indicator was over a span: its value in the indicator's unit.

    Of a share `numerator` and `denominator` say what it was counted from. `note` is a sentence on
    how it was counted, where the label does not say it all.
    """

    value: Decimal
    numerator: int | None = None
    denominator: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure that a room can give. `name` stands in stored rows: `exams.pass_rate`.

    `read` answers None where there is nothing to count: no data is not zero. `endpoint` is the list
    where a person sees the records behind it.
    """

    name: str
    label: str
    unit: str
    read: Callable[[Span], Reading | None]
    endpoint: str = ""


PLACES = Decimal("0.01")


def share_of(part: int, whole: int, note: str = "") -> Reading | None:
    """Give a share in percent, to two places; None where the whole is nothing."""
    if whole == 0:
        return None
    value = (Decimal(part) * 100 / Decimal(whole)).quantize(PLACES, rounding=ROUND_HALF_UP)
    return Reading(value=value, numerator=part, denominator=whole, note=note)
