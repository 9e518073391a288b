"""Sums of whole numbers that variances, covariances and correlations are made of, exact.

With n values, `n Σxy - Σx Σy` is n (n - 1) times the covariance; it is kept as a whole number until
the last division, so that a variance of nought is nought and no rest of rounding.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt


def product_sum(xs: Sequence[int], ys: Sequence[int]) -> int:
    """Give n (n - 1) times the covariance of two rows of values."""
    count = len(xs)
    products = sum(x * y for x, y in zip(xs, ys, strict=True))
    return count * products - sum(xs) * sum(ys)


def over_pairs(total: int, count: int) -> Fraction | None:
    """Divide such a sum by n (n - 1); None for fewer than two values."""
    return Fraction(total, count * (count - 1)) if count > 1 else None


def correlation(xs: Sequence[int], ys: Sequence[int]) -> float | None:
    """Give Pearson's correlation; None where either side does not vary."""
    spread = product_sum(xs, xs) * product_sum(ys, ys)
    return product_sum(xs, ys) / sqrt(spread) if spread else None


def deviation(values: Sequence[int], unit: Fraction) -> float | None:
    """Give the standard deviation in marks; None for fewer than two values."""
    spread = root(over_pairs(product_sum(values, values), len(values)))
    return None if spread is None else spread * float(unit)


def root(value: Fraction | None) -> float | None:
    """Give the square root; None of nothing and of what is negative."""
    return None if value is None or value < 0 else sqrt(value)
