"""From facts to figures: pure, so that anybody can repeat it from a portrait's own rows.

"No data is not zero: a dimension without data is left out and the weights of the others are shared
out"; "one event counts once, the gravest"; "leave never lowers"; a MERIT never lowers and a FAULT
of its own event never raises. A dimension is rounded half up to one place, and the total is
reckoned from the rounded figures that stand on the paper. Where facts of two posts are, each
post's mean counts by its working days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from app.assessment.content import WHOLE, Content, Dimension, Item, Method
from app.kernel.evidence import EvidenceState

TENTH, CENT, ZERO = Decimal("0.1"), Decimal("0.01"), Decimal(0)
HALF = Decimal("0.5")
FREE = "首次提醒免扣"
ONCE = "同一事件已按最重一项计"
CAPPED = "已到本季度上限"
SUSPENDED = "申诉中，暂不计"
OVERTURNED = "已更正，不计"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What scoring needs of a frozen row; `place` names it."""

    place: int
    rule: str
    amount: Decimal
    denominator: Decimal | None
    grade: str
    state: EvidenceState
    event_key: str
    occurred_on: date
    segment: int = 0


@dataclass(frozen=True, kw_only=True)
class DimensionScore:
    """What came of one dimension. Without a score it had no data, and its weight is shared out.

    `deducted` of a dimension without data is taken from the total by its weight.
    """

    name: str
    weight: int
    score: Decimal | None
    deducted: Decimal
    count: int
    rows: int
    effective: Decimal | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All figures of a person; `points` and `notes` are those of each row by its place."""

    dimensions: tuple[DimensionScore, ...]
    bonus: Decimal
    total: Decimal | None
    lacks: str
    points: Mapping[int, Decimal]
    notes: Mapping[int, str]


def score(content: Content, facts: Sequence[Fact], days: Sequence[int], present: int) -> Outcome:
    """Reckon a person's figures.

    `days` are the working days of each of his posts, `present` those on which he was there.
    """
    notes = {each.place: note_of(each.state) for each in facts if note_of(each.state)}
    counted = [each for each in facts if each.state is EvidenceState.COUNTED]
    single = once(content, counted, notes)
    points: dict[int, Decimal] = {}
    found = [score_dimension(each, single, days, points, notes) for each in content.dimensions]
    bonus = sum((reward(each, single, points, notes) for each in content.merits), ZERO)
    dimensions = with_effective(found)
    lacks = lack_of(content, dimensions, present)
    return Outcome(
        dimensions=dimensions,
        bonus=cap_bonus(content, bonus, single, points, notes),
        total=None if lacks else total_of(dimensions, min(bonus, content.bonus_cap)),
        lacks=lacks,
        points=points,
        notes=notes,
    )


def note_of(state: EvidenceState) -> str:
    """Say why a row does not count."""
    return {
        EvidenceState.SUSPENDED: SUSPENDED,
        EvidenceState.OVERTURNED: OVERTURNED,
        EvidenceState.COUNTED: "",
    }[state]


def once(content: Content, facts: Sequence[Fact], notes: dict[int, str]) -> list[Fact]:
    """Leave of what costs points one fact per event, the gravest; of merits one per event."""
    kept: dict[tuple[Method, str], Fact] = {}
    for fact in in_order(facts):
        item = content.item_of(fact.rule)
        if item is None or item.method is Method.SHARE:
            continue
        key = item.method, fact.event_key
        rival = kept.get(key)
        if rival is None or worth(content, fact) > worth(content, rival):
            kept[key] = fact
    places = {each.place for each in kept.values()}
    left = []
    for fact in in_order(facts):
        item = content.item_of(fact.rule)
        if item is None or item.method is Method.SHARE or fact.place in places:
            left.append(fact)
        else:
            notes[fact.place] = ONCE
    return left


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Put facts in the order in which they happened."""
    return sorted(facts, key=lambda each: (each.occurred_on, each.place))


def worth(content: Content, fact: Fact) -> Decimal:
    """Give how grave a fact is by itself: its points by the weight of where it counts."""
    item = content.item_of(fact.rule)
    if item is None:
        return ZERO
    name = content.dimension_of(fact.rule)
    weights = {each.name: each.weight for each in content.dimensions}
    return worth_in(item, fact) * weights.get(name, WHOLE)


def worth_in(item: Item, fact: Fact) -> Decimal:
    """Give what a fact is worth by itself under its item: never more than one event may be."""
    return min(item.points.get(fact.grade, ZERO) * fact.amount, item.event_cap)


def score_dimension(
    dimension: Dimension,
    facts: Sequence[Fact],
    days: Sequence[int],
    points: dict[int, Decimal],
    notes: dict[int, str],
) -> DimensionScore:
    """Reckon one dimension: the mean of its shares, or the full hundred, less what is deducted."""
    shares = [each for each in dimension.items if each.method is Method.SHARE]
    faults = [each for each in dimension.items if each.method is Method.DEDUCT]
    deducted = sum((deduct(each, facts, points, notes) for each in faults), ZERO)
    base, count = mean_of(shares, facts, days)
    exposures = [each.exposure for each in faults if each.exposure]
    seen = [each for each in facts if each.rule in exposures]
    if not shares and seen:
        base, count = Decimal(WHOLE), int(sum(each.amount for each in seen))
    rules = {each.rule for each in dimension.items}
    return DimensionScore(
        name=dimension.name,
        weight=dimension.weight,
        score=None if base is None else tenth(max(base - deducted, ZERO)),
        deducted=deducted,
        count=count,
        rows=sum(each.rule in rules for each in facts),
        effective=None,
    )


def deduct(
    item: Item, facts: Sequence[Fact], points: dict[int, Decimal], notes: dict[int, str]
) -> Decimal:
    """Take points off for each fact of an item, in order, up to what a quarter may cost."""
    left, is_free = item.period_cap, bool(item.first_free)
    for fact in in_order(each for each in facts if each.rule == item.rule):
        if is_free and fact.grade == item.first_free:
            is_free = False
            points[fact.place], notes[fact.place] = ZERO, FREE
            continue
        cost = min(worth_in(item, fact), left)
        if cost < worth_in(item, fact):
            notes[fact.place] = CAPPED
        points[fact.place] = -cost
        left -= cost
    return item.period_cap - left


def reward(
    item: Item, facts: Sequence[Fact], points: dict[int, Decimal], notes: dict[int, str]
) -> Decimal:
    """Give points for each fact of an item, each next one half as many, up to its cap."""
    left, factor = item.period_cap, Decimal(1)
    for fact in in_order(each for each in facts if each.rule == item.rule):
        whole = (worth_in(item, fact) * factor).quantize(CENT, ROUND_DOWN)
        gain = min(whole, left)
        if gain < whole:
            notes[fact.place] = CAPPED
        points[fact.place] = gain
        left -= gain
        factor *= HALF
    return item.period_cap - left


def cap_bonus(
    content: Content,
    bonus: Decimal,
    facts: Sequence[Fact],
    points: dict[int, Decimal],
    notes: dict[int, str],
) -> Decimal:
    """Cap all merits together, last ones first, so that the rows add up to the bonus."""
    over = bonus - content.bonus_cap
    rules = {each.rule for each in content.merits}
    for fact in reversed(in_order(each for each in facts if each.rule in rules)):
        cut = min(max(over, ZERO), points[fact.place])
        if cut:
            points[fact.place] -= cut
            notes[fact.place] = CAPPED
        over -= cut
    return min(bonus, content.bonus_cap)


def mean_of(
    items: Sequence[Item], facts: Sequence[Fact], days: Sequence[int]
) -> tuple[Decimal | None, int]:
    """Give the weighted mean of the shares of some items out of a hundred, and of how many facts.

    An item without a fact is left out: no data is not zero.
    """
    top, bottom, count = ZERO, 0, 0
    for item in items:
        mine = [each for each in facts if each.rule == item.rule and each.denominator]
        if mine:
            top += item.share * mean_by_post(mine, days)
            bottom += item.share
            count += len(mine)
    return (top / bottom if bottom else None), count


def mean_by_post(facts: Sequence[Fact], days: Sequence[int]) -> Decimal:
    """Give the mean share of facts: that of each post by the working days that one had it."""
    top, bottom = ZERO, 0
    for segment in sorted({each.segment for each in facts}):
        shares = [share_of(each) for each in facts if each.segment == segment]
        # A post of no working day still had its fact: it counts as one day.
        weight = max(days[segment], 1)
        top += weight * sum(shares, ZERO) / len(shares)
        bottom += weight
    return top / bottom


def share_of(fact: Fact) -> Decimal:
    """Give a fact's share out of a hundred; never more than the whole."""
    return min(fact.amount / (fact.denominator or 1), Decimal(1)) * WHOLE


def with_effective(found: Sequence[DimensionScore]) -> tuple[DimensionScore, ...]:
    """Share the weight of dimensions without data out among the others."""
    whole = sum(each.weight for each in found if each.score is not None)
    return tuple(
        DimensionScore(
            name=each.name,
            weight=each.weight,
            score=each.score,
            deducted=each.deducted,
            count=each.count,
            rows=each.rows,
            effective=None if each.score is None else tenth(Decimal(each.weight * WHOLE) / whole),
        )
        for each in found
    )


def lack_of(content: Content, found: Sequence[DimensionScore], present: int) -> str:
    """Say why there is no total: too few days at the post, or too few dimensions with data."""
    if present < content.least_days:
        return f"在岗{present}天，不满{content.least_days}天"
    weight = sum(each.weight for each in found if each.score is not None)
    if weight < content.least_weight:
        return f"有数据的维度权重合计{weight}%，不满{content.least_weight}%"
    return ""


def total_of(found: Sequence[DimensionScore], bonus: Decimal) -> Decimal:
    """Reckon the total from the figures as they are printed, and what was earned beside them."""
    top = sum((each.weight * each.score for each in found if each.score is not None), ZERO)
    whole = sum(each.weight for each in found if each.score is not None)
    off = sum((each.weight * each.deducted for each in found if each.score is None), ZERO) / WHOLE
    return max(tenth(top / whole - off + bonus), ZERO)


def tenth(value: Decimal) -> Decimal:
    """Round half up to one place."""
    return value.quantize(TENTH, ROUND_HALF_UP)


def dump(outcome: Outcome) -> dict[str, Any]:
    """Give the stored form of the figures; the rows keep their own points."""
    return {
        "dimensions": [
            {
                "name": each.name,
                "weight": each.weight,
                "score": None if each.score is None else str(each.score),
                "deducted": str(each.deducted.quantize(CENT)),
                "count": each.count,
                "rows": each.rows,
                "effective": None if each.effective is None else str(each.effective),
            }
            for each in outcome.dimensions
        ],
        "bonus": str(outcome.bonus.quantize(CENT)),
        "lacks": outcome.lacks,
    }
