"""What a scheme says, as data: dimensions with weights, and how each rule counts.

"Weights sum to 100, locked before the period." Values are exact decimals written as text, so that
the stored form has one hash. Nothing here asks a database.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

WHOLE = 100
MOST_DIMENSIONS = 8


class Method(StrEnum):
    """How facts of a rule count."""

    # The mean of their shares.
    SHARE = "share"
    # Points off for each, by grade.
    DEDUCT = "deduct"
    # Points beside the hundred, each next one worth half of the one before.
    MERIT = "merit"


METHOD_LABELS = {
    Method.SHARE: "按比例计分",
    Method.DEDUCT: "按次扣分",
    Method.MERIT: "加分",
}


@dataclass(frozen=True, kw_only=True)
class Item:
    """How the facts of one rule count. `share` is its weight among the SHARE items beside it.

    `points` are those of each grade ("" where a rule has none); no fact costs more than
    `event_cap`, and all of a quarter no more than `period_cap`. The first fact of the grade
    `first_free` costs nothing (首次提醒免扣). `exposure` names the rule whose facts say that there
    was anything to be found at all.
    """

    rule: str
    method: Method
    share: int = 1
    points: Mapping[str, Decimal] = field(default_factory=dict)
    event_cap: Decimal = Decimal(WHOLE)
    period_cap: Decimal = Decimal(WHOLE)
    first_free: str = ""
    exposure: str = ""


@dataclass(frozen=True, kw_only=True)
class Dimension:
    """One dimension with its weight."""

    name: str
    weight: int
    items: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Content:
    """A whole scheme. `merits` stand beside the dimensions, capped together by `bonus_cap`.

    Under `least_days` working days at his post, or with data for less than `least_weight` of the
    weights, a person has no total. `scored` are the values of 用工性质 of those who are assessed
    here; all others get a letter with facts.
    """

    dimensions: tuple[Dimension, ...]
    merits: tuple[Item, ...] = ()
    bonus_cap: Decimal = Decimal(5)
    least_days: int = 20
    least_weight: int = 60
    scored: tuple[str, ...] = ("civil", "institution")

    @property
    def weight_sum(self) -> int:
        """Add the weights up."""
        return sum(each.weight for each in self.dimensions)

    def items(self) -> Iterator[tuple[str, Item]]:
        """Give every item with the name of its dimension; '' for those beside them."""
        for dimension in self.dimensions:
            for item in dimension.items:
                yield dimension.name, item
        for item in self.merits:
            yield "", item

    def dimension_of(self, rule: str) -> str:
        """Name the dimension in which the facts of a rule count; '' for none."""
        return next((name for name, item in self.items() if item.rule == rule), "")

    def item_of(self, rule: str) -> Item | None:
        """Give how the facts of a rule count; None where they don't."""
        return next((item for _, item in self.items() if item.rule == rule), None)


def dump(content: Content) -> dict[str, Any]:
    """Give the stored form."""
    return {
        "dimensions": [
            {
                "name": each.name,
                "weight": each.weight,
                "items": [dump_item(item) for item in each.items],
            }
            for each in content.dimensions
        ],
        "merits": [dump_item(each) for each in content.merits],
        "bonus_cap": str(content.bonus_cap),
        "least_days": content.least_days,
        "least_weight": content.least_weight,
        "scored": list(content.scored),
    }


def dump_item(item: Item) -> dict[str, Any]:
    """Give the stored form of one item."""
    return {
        "rule": item.rule,
        "method": item.method.value,
        "share": item.share,
        "points": {grade: str(points) for grade, points in item.points.items()},
        "event_cap": str(item.event_cap),
        "period_cap": str(item.period_cap),
        "first_free": item.first_free,
        "exposure": item.exposure,
    }


def load(stored: Mapping[str, Any]) -> Content:
    """Read the stored form."""
    return Content(
        dimensions=tuple(
            Dimension(name=each["name"], weight=each["weight"], items=load_items(each["items"]))
            for each in stored["dimensions"]
        ),
        merits=load_items(stored["merits"]),
        bonus_cap=Decimal(stored["bonus_cap"]),
        least_days=stored["least_days"],
        least_weight=stored["least_weight"],
        scored=tuple(stored["scored"]),
    )


def load_items(stored: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """Read items."""
    return tuple(
        Item(
            rule=each["rule"],
            method=Method(each["method"]),
            share=each["share"],
            points={grade: Decimal(points) for grade, points in each["points"].items()},
            event_cap=Decimal(each["event_cap"]),
            period_cap=Decimal(each["period_cap"]),
            first_free=each["first_free"],
            exposure=each["exposure"],
        )
        for each in stored
    )


def usual() -> Content:
    """Give the scheme from which a hall starts; every number is its office's to confirm (核)."""
    finding = Item(
        rule="inspections.finding",
        method=Method.DEDUCT,
        points={
            "reminder": Decimal(1),
            "minor": Decimal(3),
            "serious": Decimal(8),
            "grave": Decimal(15),
        },
        event_cap=Decimal(15),
        period_cap=Decimal(40),
        first_free="reminder",
        exposure="inspections.check",
    )
    absent = Item(
        rule="exams.absent",
        method=Method.DEDUCT,
        points={"": Decimal(5)},
        event_cap=Decimal(5),
        period_cap=Decimal(15),
    )
    return Content(
        dimensions=(
            Dimension(name="月度考试", weight=35, items=(of_share("exams.mark"), absent)),
            Dimension(name="训后测试", weight=15, items=(of_share("training.post_test"),)),
            Dimension(name="师徒互学", weight=10, items=(of_share("mentoring.items"),)),
            Dimension(name="制度学习", weight=10, items=(of_share("regulations.reading"),)),
            Dimension(name="规范履职", weight=30, items=(finding,)),
        ),
        merits=(
            Item(
                rule="suggestions.adopted",
                method=Method.MERIT,
                points={"": Decimal(2)},
                event_cap=Decimal(2),
                period_cap=Decimal(3),
            ),
        ),
    )


def fitting(content: Content, known: Collection[str]) -> Content:
    """Leave out rules that this site doesn't have, and share the weight of empty dimensions out."""
    kept = [
        replace(each, items=tuple(item for item in each.items if item.rule in known))
        for each in content.dimensions
    ]
    kept = [each for each in kept if each.items]
    whole = sum(each.weight for each in kept)
    scaled = [replace(each, weight=each.weight * WHOLE // whole) for each in kept]
    rest = WHOLE - sum(each.weight for each in scaled)
    return replace(
        content,
        dimensions=tuple(
            replace(each, weight=each.weight + (rest if place == 0 else 0))
            for place, each in enumerate(scaled)
        ),
        merits=tuple(each for each in content.merits if each.rule in known),
    )


def of_share(rule: str) -> Item:
    """Give an item that counts shares."""
    return Item(rule=rule, method=Method.SHARE)


def faults_of(content: Content) -> list[str]:
    """Say what keeps a scheme from being sent for approval; nothing where it is whole."""
    faults = []
    if content.weight_sum != WHOLE:
        faults.append(f"各维度权重相加是{content.weight_sum}，要等于100。")
    names = [each.name for each in content.dimensions]
    if len(set(names)) != len(names):
        faults.append("有两个维度同名。")
    if any(word in name for name in names for word in ("廉洁", "政治")):
        faults.append("廉洁和政治表现不计分，这一维度请写“规范履职”。")
    faults += [
        f"维度“{each.name}”没有一项计分依据。" for each in content.dimensions if not each.items
    ]
    rules = [item.rule for _, item in content.items()]
    if len(set(rules)) != len(rules):
        faults.append("同一项依据只能计入一个维度。")
    return faults
