"""What a room says of a business number that the hall may change: type, bounds, default, source.

Values and their dates stand in the room `settings`; this page knows none. The bounds are the
code's: no role, no row and no form reaches a value outside of them.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Generic, TypeVar, cast

from app.kernel import formats

MAX_TEXT = 200
MAX_DIGITS = 9
PLACES = Decimal("0.01")

# bool, int, str or Decimal, as the kind says.
Value = TypeVar("Value")
Stored = bool | int | str


class SettingKind(StrEnum):
    """What a value is."""

    INT = "int"
    BOOL = "bool"
    CHOICE = "choice"
    TEXT = "text"
    MARKS = "marks"


@dataclass(frozen=True, kw_only=True)
class Setting(Generic[Value]):
    """One business number, declared by its room as `room.name`.

    `is_policy`: a 安全管理员 sets it, not the office. `is_unconfirmed`: (核) the hall's own office
    must confirm the default. `choices` are (value, label); bounds belong to int and marks.
    """

    key: str
    group: str
    label: str
    kind: SettingKind
    default: Value
    source: str
    unit: str = ""
    minimum: int | None = None
    maximum: int | None = None
    choices: Sequence[tuple[str, str]] = ()
    is_policy: bool = False
    is_unconfirmed: bool = False

    def __post_init__(self) -> None:
        """Refuse a declaration whose default is not among its own values."""
        if self.parse(self.typed(self.default)) != self.default:
            raise ValueError(f"the default of {self.key} is not one of its values")

    def parse(self, text: str) -> Value:
        """Read what a person typed; raises ValueError with what to do."""
        text = unicodedata.normalize("NFKC", text).strip() if self.is_number else text.strip()
        if self.is_number:
            return cast("Value", self._parse_number(text))
        if self.kind is SettingKind.TEXT:
            if not 0 < len(text) <= MAX_TEXT:
                raise ValueError(f"请填1到{MAX_TEXT}个字。")
            return cast("Value", text)
        if text not in {value for value, _ in self.options}:
            raise ValueError("请选一项。")
        return cast("Value", text == "yes" if self.kind is SettingKind.BOOL else text)

    def _parse_number(self, text: str) -> int | Decimal:
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError(self.advice) from None
        if not number.is_finite() or number.adjusted() > MAX_DIGITS:
            raise ValueError(self.advice)
        is_whole = self.kind is SettingKind.INT
        if number != number.quantize(Decimal(1) if is_whole else PLACES):
            raise ValueError(self.advice)
        if not self.lowest <= number <= self.highest:
            raise ValueError(self.advice)
        return int(number) if is_whole else number.quantize(PLACES)

    @property
    def is_number(self) -> bool:
        """Tell whether bounds apply."""
        return self.kind in {SettingKind.INT, SettingKind.MARKS}

    @property
    def lowest(self) -> int:
        """Give the lower bound: nothing negative where none is named."""
        return 0 if self.minimum is None else self.minimum

    @property
    def highest(self) -> int:
        """Give the upper bound."""
        return 10**MAX_DIGITS if self.maximum is None else self.maximum

    @property
    def advice(self) -> str:
        """Say what may be typed."""
        what = "整数" if self.kind is SettingKind.INT else "数，最多两位小数"
        return f"请填{self.lowest}到{self.highest}之间的{what}。"

    @property
    def options(self) -> Sequence[tuple[str, str]]:
        """Give the choices of a choice or of yes and no."""
        return (("yes", "是"), ("no", "否")) if self.kind is SettingKind.BOOL else self.choices

    def typed(self, value: Value) -> str:
        """Give a value as its control holds it."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        return formats.marks(value) if isinstance(value, Decimal) else str(value)

    def show(self, value: Value) -> str:
        """Give a value as people read it, with its unit."""
        text = self.typed(value)
        return dict(self.options).get(text, text) + self.unit

    def dump(self, value: Value) -> Stored:
        """Give the form in which a value is stored."""
        return str(value) if isinstance(value, Decimal) else cast("Stored", value)

    def load(self, stored: Stored) -> Value:
        """Read a stored value; what lies outside of the bounds counts as the bound itself.

        A row may be older than the bounds, or written past this page: it undercuts nothing.
        """
        if self.is_number:
            return cast("Value", self._load_number(stored))
        text = ("yes" if stored else "no") if isinstance(stored, bool) else str(stored)
        try:
            return self.parse(text)
        except ValueError:
            return self.default

    def _load_number(self, stored: Stored) -> int | Decimal:
        try:
            number = Decimal(str(stored))
        except InvalidOperation:
            return cast("int | Decimal", self.default)
        if number.is_nan():
            return cast("int | Decimal", self.default)
        number = min(max(number, Decimal(self.lowest)), Decimal(self.highest))
        return int(number) if self.kind is SettingKind.INT else number.quantize(PLACES)
