"""Lights of measures, from time and progress: 绿 正常, 蓝 临期, 黄 滞后于序时进度, 红 逾期.

"Lights judge progress against time, not just the date": half of a span asks for half of a running
figure. The due day itself is never red, and what has no reading is 无数据, not red. Everything here
is a pure function, so that any past day can be judged again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.kernel import formats
from app.kernel.evidence import Span
from app.measures.models import IndicatorKind, IndicatorPeriod, IndicatorWay
from app.workdays.lights import LightKind

WORDS = {
    LightKind.RED: "逾期",
    LightKind.AMBER: "滞后",
    LightKind.BLUE: "临期",
    LightKind.GREEN: "正常",
}
NO_DATA = "无数据"
WATCHED = "监测"
# A remark on progress is fresh for a quarter; the last third of a span is 临期.
FRESH = timedelta(days=92)
NEAR = 3
MONTHS = {IndicatorPeriod.YEAR: 12, IndicatorPeriod.QUARTER: 3, IndicatorPeriod.MONTH: 1}
DONE = Decimal(1)


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One reading as judging needs it."""

    on: date
    value: Decimal
    mean: Decimal | None = None
    is_automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class Target:
    """An indicator as judging needs it; a checklist's target is how many things it names."""

    kind: IndicatorKind
    way: IndicatorWay
    period: IndicatorPeriod
    target: Decimal
    upper: Decimal | None = None
    unit: str = ""

    def __str__(self) -> str:
        """Write it as the plan does."""
        unit, low = self.unit, formats.marks(self.target)
        words: dict[IndicatorKind, Callable[[], str]] = {
            IndicatorKind.AT_LEAST: lambda: f"不低于{low}{unit}",
            IndicatorKind.MORE_THAN: lambda: f"超过{low}{unit}",
            IndicatorKind.AT_MOST: lambda: f"不超过{low}{unit}",
            IndicatorKind.EQUAL: lambda: f"{low}{unit}",
            IndicatorKind.RANGE: lambda: f"{low}-{formats.marks(self.upper)}{unit}",
            IndicatorKind.RELATIVE: lambda: "不低于全市平均值",
            IndicatorKind.CHECKLIST: lambda: f"清单{low}项",
            IndicatorKind.QUALITATIVE: lambda: "定性，凭佐证",
            IndicatorKind.WATCHED: lambda: "监测，没有目标值",
        }
        return words[self.kind]()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a light says. `kind` None: nothing can be judged. `value` is the reading in words."""

    kind: LightKind | None
    reason: str
    value: str = NO_DATA
    fact: Fact | None = None

    @property
    def word(self) -> str:
        """Give the word beside the shape."""
        return NO_DATA if self.kind is None else WORDS[self.kind]


def period_of(period: IndicatorPeriod, day: date, begins: date, ends: date) -> Span:
    """Give the span that a day lies in, within those of the measure; after its end the last one."""
    within = min(max(day, begins), ends)
    months = MONTHS.get(period)
    if months is None:
        return Span(begins, ends)
    first = within.replace(month=(within.month - 1) // months * months + 1, day=1)
    after = first.month - 1 + months
    last = date(first.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Span(max(first, begins), min(last, ends))


def period_name(period: IndicatorPeriod, span: Span) -> str:
    """Name a span: 2026年第三季度."""
    first = span.last
    if period is IndicatorPeriod.QUARTER:
        return f"{first.year}年第{'一二三四'[(first.month - 1) // 3]}季度"
    if period is IndicatorPeriod.MONTH:
        return f"{first.year}年{first.month}月"
    return f"{first.year}年" if period is IndicatorPeriod.YEAR else "本期"


def judge(
    target: Target,
    facts: Sequence[Fact],
    *,
    day: date,
    begins: date,
    ends: date,
    tolerance: int = 10,
) -> Verdict:
    """Judge an indicator on a day from its readings up to then, oldest first."""
    span = period_of(target.period, day, begins, ends)
    fact = latest(facts, span, is_list=target.kind is IndicatorKind.CHECKLIST)
    value = NO_DATA if fact is None else value_text(target, fact)
    if target.kind is IndicatorKind.WATCHED:
        reason = "只监测，没有目标值。" if fact else "还没有读数。"
        return Verdict(kind=None, reason=reason, value=value, fact=fact)
    missed = missed_before(target, facts, span, begins, ends)
    if missed:
        return Verdict(kind=LightKind.RED, reason=missed, value=value, fact=fact)
    if fact is None:
        where = "" if target.period is IndicatorPeriod.PLAN else period_name(target.period, span)
        return Verdict(kind=None, reason=f"{where}还没有读数。")
    kind, reason = judge_fact(target, fact, span, day, tolerance)
    return Verdict(kind=kind, reason=reason, value=value, fact=fact)


def latest(facts: Sequence[Fact], span: Span, *, is_list: bool = False) -> Fact | None:
    """Give the newest reading of a span; where the site knows the figure, its own comes first.

    Of a list the site may know only a part: who ticked more things by hand is believed.
    """
    # Of two on one day the one that was recorded later counts.
    found = [each for each in reversed(facts) if each.on in span]
    own = max((each for each in found if each.is_automatic), key=day_of, default=None)
    typed = max((each for each in found if not each.is_automatic), key=day_of, default=None)
    if is_list and own and typed:
        return max(own, typed, key=lambda each: each.value)
    return own or typed


def day_of(fact: Fact) -> date:
    """Give the day of a reading."""
    return fact.on


def missed_before(
    target: Target, facts: Sequence[Fact], span: Span, begins: date, ends: date
) -> str:
    """Say that the last whole period missed its target; nothing where it has no reading."""
    before = span.first - timedelta(days=1)
    if target.period is IndicatorPeriod.PLAN or before < begins:
        return ""
    past = period_of(target.period, before, begins, ends)
    fact = latest(facts, past)
    if fact is None or is_met(target, fact) is not False:
        return ""
    name = period_name(target.period, past)
    return f"{name}已过，读数{value_text(target, fact)}，没有达到目标（{target}）。"


def is_met(target: Target, fact: Fact) -> bool | None:
    """Tell whether a reading reaches its target; None where that can't be told."""
    value, low = fact.value, target.target
    tests: dict[IndicatorKind, Callable[[], bool | None]] = {
        IndicatorKind.AT_LEAST: lambda: value >= low,
        IndicatorKind.MORE_THAN: lambda: value > low,
        IndicatorKind.AT_MOST: lambda: value <= low,
        IndicatorKind.EQUAL: lambda: value == low,
        IndicatorKind.RANGE: lambda: value >= low,
        IndicatorKind.CHECKLIST: lambda: value >= low,
        IndicatorKind.RELATIVE: lambda: None if fact.mean is None else value >= fact.mean,
        IndicatorKind.QUALITATIVE: lambda: value >= DONE,
        IndicatorKind.WATCHED: lambda: None,
    }
    return tests[target.kind]()


def judge_fact(
    target: Target, fact: Fact, span: Span, day: date, tolerance: int
) -> tuple[LightKind | None, str]:
    """Judge the newest reading of the span that the day lies in."""
    value, met = value_text(target, fact), is_met(target, fact)
    said = f"{formats.month_day(fact.on)}读数{value}"
    if met is None:
        return None, f"{said}，没有填全市平均值，不能比较。"
    if met:
        return LightKind.GREEN, met_text(target, fact, said)
    if day > span.last:
        return LightKind.RED, f"期限{formats.day(span.last)}已过，{said}，目标{target}。"
    if target.kind is IndicatorKind.QUALITATIVE:
        return judge_words(fact, span, day)
    if not is_running(target):
        return LightKind.AMBER, f"{said}，没有达到目标（{target}）。"
    return judge_progress(target, fact, span, day, tolerance)


def met_text(target: Target, fact: Fact, said: str) -> str:
    """Say that a target is reached."""
    if target.kind is IndicatorKind.QUALITATIVE:
        return f"{formats.month_day(fact.on)}填报：已完成。"
    if target.kind is IndicatorKind.RANGE and target.upper and fact.value > target.upper:
        return f"{said}，已超过目标上限（{target}）。"
    return f"{said}，达到目标（{target}）。"


def is_running(target: Target) -> bool:
    """Tell whether time asks for part of the target before the end."""
    return target.kind is IndicatorKind.CHECKLIST or target.way is IndicatorWay.RUNNING


def judge_words(fact: Fact, span: Span, day: date) -> tuple[LightKind, str]:
    """Judge a remark on progress: an old one lags."""
    said = f"{formats.month_day(fact.on)}填报：推进中"
    if day - fact.on > FRESH:
        return LightKind.AMBER, f"{said}，之后超过一个季度没有填报。"
    return near_or_green(span, day, f"{said}。")


def judge_progress(
    target: Target, fact: Fact, span: Span, day: date, tolerance: int
) -> tuple[LightKind, str]:
    """Judge a running figure against 序时进度; whole things are expected whole."""
    percent = elapsed(span, day)
    expected = target.target * max(0, percent - tolerance) // 100
    said = f"{value_text(target, fact)}，目标{target}，时间已过{percent}%"
    if fact.value < expected:
        wanted = f"{formats.marks(Decimal(expected))}{target.unit}"
        return LightKind.AMBER, f"{said}，按序时进度应到{wanted}。"
    return near_or_green(span, day, f"{said}。")


def near_or_green(span: Span, day: date, said: str) -> tuple[LightKind, str]:
    """Tell the last third of a span from the rest; the due day belongs to it."""
    whole, left = (span.last - span.first).days + 1, (span.last - day).days
    if left * NEAR <= whole:
        until = "今天到期" if left == 0 else f"离{formats.month_day(span.last)}还有{left}天"
        return LightKind.BLUE, f"{said[:-1]}，{until}。"
    return LightKind.GREEN, said


def elapsed(span: Span, day: date) -> int:
    """Give which share of a span has passed, in whole percent."""
    whole = (span.last - span.first).days + 1
    return min(100, max(0, ((day - span.first).days + 1) * 100 // whole))


def value_text(target: Target, fact: Fact) -> str:
    """Write a reading with its unit."""
    if target.kind is IndicatorKind.QUALITATIVE:
        return "已完成" if fact.value >= DONE else "推进中"
    text = f"{formats.marks(fact.value)}{target.unit}"
    if target.kind is IndicatorKind.CHECKLIST:
        return f"{formats.marks(fact.value)}/{formats.marks(target.target)}项"
    if target.kind is IndicatorKind.RELATIVE and fact.mean is not None:
        return f"{text}（全市平均{formats.marks(fact.mean)}{target.unit}）"
    return text


def worst(kinds: Sequence[LightKind | None]) -> LightKind | None:
    """Give the most urgent light; none where none could be judged."""
    order = list(LightKind)
    known = [each for each in kinds if each is not None]
    return min(known, key=order.index, default=None)
