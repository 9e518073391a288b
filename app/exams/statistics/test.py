"""What is told of a test as a whole: the middle, the spread, and how far it agrees with itself.

With m_k the k-th central moment (sum / S): k2 = S m2 / (S - 1), k3 and k4 the unbiased third and
fourth; skewness = k3 / k2^1.5, kurtosis = k4 / k2^2. The coefficient of internal consistency is
Cronbach's alpha times 100.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import median

from app.exams.statistics.matrix import Matrix
from app.exams.statistics.moments import deviation, product_sum

PERCENT = 100
LEAST_ITEMS = 2
LEAST_FOR_SKEWNESS, LEAST_FOR_KURTOSIS = 3, 4


@dataclass(frozen=True, kw_only=True)
class TestFigures:
    """The figures of a test over `n` attempts; None where undefined.

    `mean`, `median`, `sd` and `standard_error` are in marks; `cic` and `error_ratio` times 100.
    """

    n: int
    mean: float | None
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    cic: float | None
    error_ratio: float | None
    standard_error: float | None

    # Not a test of pytest's, whatever its name says.
    __test__ = False


def analyse_test(matrix: Matrix) -> TestFigures:
    """Give the figures of the whole test."""
    totals, unit = matrix.totals, matrix.unit
    count = len(totals)
    sd = deviation(totals, unit)
    agreement = consistency(matrix, totals)
    # Exact before the root: full agreement has no error, not one of rounding.
    error = None if agreement is None else sqrt(1 - agreement)
    return TestFigures(
        n=count,
        mean=float(Fraction(sum(totals), count) * unit) if count else None,
        median=float(Fraction(median(totals)) * unit) if count else None,
        sd=sd,
        skewness=skewness(totals),
        kurtosis=kurtosis(totals),
        cic=None if agreement is None else float(PERCENT * agreement),
        error_ratio=None if error is None else PERCENT * error,
        standard_error=None if error is None or sd is None else error * sd,
    )


def consistency(matrix: Matrix, totals: Sequence[int]) -> Fraction | None:
    """Give Cronbach's alpha; None for one item, for no spread, and where not all were asked all."""
    parts, whole = len(matrix.items), product_sum(totals, totals)
    if parts < LEAST_ITEMS or not whole or not matrix.is_complete:
        return None
    columns = [[cell or 0 for cell in column] for column in zip(*matrix.rows, strict=True)]
    within = sum(product_sum(column, column) for column in columns)
    return Fraction(parts, parts - 1) * (1 - Fraction(within, whole))


def central_moments(totals: Sequence[int]) -> tuple[Fraction, Fraction, Fraction]:
    """Give m2, m3 and m4, exact."""
    count, whole = len(totals), sum(totals)
    off = [count * total - whole for total in totals]
    m2, m3, m4 = (Fraction(sum(each**k for each in off), count ** (k + 1)) for k in (2, 3, 4))
    return m2, m3, m4


def skewness(totals: Sequence[int]) -> float | None:
    """Give k3 / k2^1.5; None for fewer than three, or no spread."""
    count = len(totals)
    if count < LEAST_FOR_SKEWNESS:
        return None
    m2, m3, _ = central_moments(totals)
    if not m2:
        return None
    k2 = count * m2 / (count - 1)
    k3 = count**2 * m3 / ((count - 1) * (count - 2))
    # Exact up to the one root: k3 / k2^1.5 = (k3 / k2) / sqrt(k2).
    return float(k3 / k2) / sqrt(k2)


def kurtosis(totals: Sequence[int]) -> float | None:
    """Give k4 / k2^2; None for fewer than four, or no spread."""
    count = len(totals)
    if count < LEAST_FOR_KURTOSIS:
        return None
    m2, _, m4 = central_moments(totals)
    if not m2:
        return None
    k2 = count * m2 / (count - 1)
    inner = (count + 1) * m4 - 3 * (count - 1) * m2**2
    k4 = count**2 * inner / ((count - 1) * (count - 2) * (count - 3))
    return float(k4 / k2**2)
