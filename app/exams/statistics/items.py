"""What is told of one item: how easy it was, and whether it tells the strong from the weak.

T is the total of a person, x his marks for the item, o = T - x the rest. Variances and covariances
are those of samples (n - 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from app.exams.statistics.matrix import Matrix
from app.exams.statistics.moments import correlation, deviation, over_pairs, product_sum

PERCENT = 100
OUTER_GROUP = Fraction(27, 100)


@dataclass(frozen=True, kw_only=True)
class ItemFigures:
    """The figures of one item over the `n` persons to whom it was put; None where undefined.

    `facility` and `upper_lower_d` are plain fractions, `sd` is in marks, `covariance` (with the
    rest) in marks squared; the other three are times 100.
    """

    item: str
    n: int
    facility: float | None
    sd: float | None
    covariance: float | None
    effective_weight: float | None
    discrimination_index: float | None
    discriminative_efficiency: float | None
    upper_lower_d: float | None


def analyse_items(matrix: Matrix) -> list[ItemFigures]:
    """Give the figures of each item, in the order of the matrix."""
    totals = matrix.totals
    weights = effective_weights(matrix, totals)
    return [
        analyse_item(matrix, index, totals, weights[index]) for index in range(len(matrix.items))
    ]


def analyse_item(
    matrix: Matrix, index: int, totals: Sequence[int], weight: float | None
) -> ItemFigures:
    """Give the figures of one item over those to whom it was put."""
    asked = [
        (cell, total)
        for row, total in zip(matrix.rows, totals, strict=True)
        if (cell := row[index]) is not None
    ]
    marks = [cell for cell, _ in asked]
    rest = [total - cell for cell, total in asked]
    full, count = matrix.full[index], len(asked)
    together = over_pairs(product_sum(marks, rest), count)
    return ItemFigures(
        item=matrix.items[index],
        n=count,
        facility=sum(marks) / (count * full) if count and full else None,
        sd=deviation(marks, matrix.unit),
        covariance=None if together is None else float(together * matrix.unit**2),
        effective_weight=weight,
        discrimination_index=percent(correlation(marks, rest)),
        discriminative_efficiency=percent(efficiency(marks, rest)),
        upper_lower_d=difference(marks, [total for _, total in asked], full),
    )


def efficiency(marks: Sequence[int], rest: Sequence[int]) -> float | None:
    """Hold the covariance against the largest that the same marks could have; None if that is 0."""
    largest = product_sum(sorted(marks), sorted(rest))
    return product_sum(marks, rest) / largest if largest else None


def effective_weights(matrix: Matrix, totals: Sequence[int]) -> list[float | None]:
    """Give each item's share in the spread of the totals, of those that have one.

    Items that not everybody was asked share no total, so they have no weight.
    """
    none: list[float | None] = [None] * len(matrix.items)
    if not matrix.is_complete:
        return none
    columns = list(zip(*matrix.rows, strict=True)) or [()] * len(matrix.items)
    shares = [product_sum([cell or 0 for cell in column], totals) for column in columns]
    roots = [sqrt(share) if share >= 0 else None for share in shares]
    whole = sum(each for each in roots if each is not None)
    if not whole:
        return none
    return [None if each is None else PERCENT * each / whole for each in roots]


def difference(marks: Sequence[int], totals: Sequence[int], full: int) -> float | None:
    """Give the 区分度 D = P_high - P_low of the top and bottom 27 % of those who were asked.

    Whoever ties at a border goes to the higher group; None where nobody is left in the lower one.
    """
    count = len(totals)
    size = max(1, int(OUTER_GROUP * count + Fraction(1, 2)))
    if count <= size or not full:
        return None
    ranked = sorted(totals)
    highest = [x for x, total in zip(marks, totals, strict=True) if total >= ranked[-size]]
    lowest = [x for x, total in zip(marks, totals, strict=True) if total < ranked[size]]
    if not lowest:
        return None
    apart = Fraction(sum(highest), len(highest)) - Fraction(sum(lowest), len(lowest))
    return float(apart / full)


def percent(value: float | None) -> float | None:
    """Give a share times 100."""
    return None if value is None else PERCENT * value
