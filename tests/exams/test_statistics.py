"""Item and test statistics: a sheet computed by hand, published examples, and what is undefined."""

import random
import statistics
from decimal import Decimal
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.statistics import Matrix, analyse_items, analyse_options, analyse_test
from app.exams.statistics.moments import correlation

NINE = 1e-9
# Ten students, ten items. Karl Wuensch, "The Kuder-Richardson 20", East Carolina University,
# core.ecu.edu/wuenschk/StatHelp/KR20.txt: sum of p q 2.18, variance of the totals 5.84.
WUENSCH = [
    "1111110110",
    "1011011101",
    "1111011001",
    "0010001000",
    "0000010010",
    "1110111111",
    "1101110111",
    "1111111101",
    "0101111101",
    "1101101110",
]
# The data set `cronbach_alpha` of pingouin, whose documentation gives 0.5917188485995826.
PINGOUIN = [
    "357261426544564",
    "243452345432553",
    "465363545653655",
    "135354335422245",
    "456242571355323",
    "514245226533321",
    "123242125324213",
    "453663242132442",
    "356675463743463",
    "255352352214554",
]
# Five people, three items of 2, 4 and 4 marks; every figure is computed in docs/statistics.md.
BY_HAND = ["244", "242", "123", "021", "220"]
BY_HAND_FULL = "244"


def matrix(rows, full=None):
    """Build a matrix of one digit each; a dot is an item that was not put to this person."""
    count = len(rows[0])
    return Matrix.of(
        [f"题{place}" for place in range(1, count + 1)],
        [Decimal(each) for each in full or "1" * count],
        [[None if cell == "." else Decimal(cell) for cell in row] for row in rows],
    )


def totals(*values):
    """Build a test of one item that has these totals."""
    return Matrix.of(["题1"], [Decimal(10_000)], [[Decimal(each)] for each in values])


def near(*values):
    """Compare to nine digits; None stays None."""
    return [each if each is None else pytest.approx(each, rel=NINE, abs=1e-12) for each in values]


def test_the_sheet_computed_by_hand():
    found = matrix(BY_HAND, BY_HAND_FULL)
    items = analyse_items(found)
    weights = [sqrt(1.65), sqrt(2.8), sqrt(3.75)]
    assert [each.n for each in items] == [5, 5, 5]
    assert [each.facility for each in items] == near(0.7, 0.7, 0.5)
    assert [each.sd for each in items] == near(sqrt(0.8), sqrt(1.2), sqrt(2.5))
    assert [each.covariance for each in items] == near(0.85, 1.6, 1.25)
    assert [each.discrimination_index for each in items] == near(
        85 / sqrt(0.8 * 5.7), 160 / sqrt(1.2 * 3.8), 125 / sqrt(2.5 * 3.2)
    )
    assert [each.discriminative_efficiency for each in items] == near(340 / 7.4, 100, 500 / 11)
    assert [each.effective_weight for each in items] == near(
        *(100 * each / sum(weights) for each in weights)
    )
    assert [each.upper_lower_d for each in items] == near(1, 0.5, 0.75)
    test = analyse_test(found)
    assert test.n == 5
    assert [test.mean, test.median, test.sd] == near(6.2, 6, sqrt(8.2))
    assert [test.skewness, test.kurtosis] == near(7.2 / 8.2**1.5, -103.8 / 67.24)
    assert [test.cic, test.error_ratio] == near(555 / 8.2, 100 * sqrt(2.65 / 8.2))
    assert [test.standard_error] == near(sqrt(2.65))


def test_published_kuder_richardson():
    found = matrix(WUENSCH)
    assert found.totals == [8, 7, 7, 2, 2, 9, 8, 9, 7, 7]
    assert analyse_test(found).cic == pytest.approx(100 * 10 / 9 * (1 - 2.18 / 5.84), rel=NINE)
    facilities = [each.facility for each in analyse_items(found)]
    assert facilities == [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]


def test_published_alpha():
    people = ["".join(item[person] for item in PINGOUIN) for person in range(15)]
    found = analyse_test(matrix(people, "7" * 10))
    assert found.cic == pytest.approx(59.17188485995826, rel=NINE)
    assert found.error_ratio == pytest.approx(100 * sqrt(1 - 0.5917188485995826), rel=NINE)


def test_published_shape():
    """Microsoft's examples of SKEW, KURT and STDEV.S, and Mescius's of KURT; CORREL below."""
    found = analyse_test(totals(3, 4, 5, 2, 3, 4, 5, 6, 4, 7))
    assert found.skewness == pytest.approx(0.359543071, abs=5e-10)
    assert found.kurtosis == pytest.approx(-0.151799637, abs=5e-10)
    assert analyse_test(totals(35, 31, 47, 51, 37, 31, 58, 39)).kurtosis == pytest.approx(
        -0.7496238078, abs=5e-11
    )
    strengths = totals(1345, 1301, 1368, 1322, 1310, 1370, 1318, 1350, 1303, 1299)
    assert analyse_test(strengths).sd == pytest.approx(27.46391572, abs=5e-9)
    assert correlation([3, 2, 4, 5, 6], [9, 7, 12, 15, 17]) == pytest.approx(0.997054486, abs=5e-10)


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_too_few_leave_figures_undefined_and_none_is_nought(count):
    found = matrix(["10", "01", "11"][:count] or ["."], "11" if count else "1")
    if not count:
        found = Matrix.of(["题1"], [Decimal(1)], [])
    whole = analyse_test(found)
    assert (whole.mean is None, whole.sd is None) == (count < 1, count < 2)
    assert (whole.skewness is None, whole.kurtosis is None) == (count < 3, True)
    assert all(each.covariance is None for each in analyse_items(found)) == (count < 2)


def test_what_does_not_vary_has_no_discrimination():
    easy, other = analyse_items(matrix(["10", "11", "10", "11"]))
    assert (easy.facility, easy.sd, easy.covariance) == (1.0, 0.0, 0.0)
    assert easy.discrimination_index is None
    assert easy.discriminative_efficiency is None
    # With nothing but this item to differ by, the rest does not vary either.
    assert other.discrimination_index is None
    same = analyse_test(matrix(["11", "11", "11", "11"]))
    assert (same.sd, same.skewness, same.kurtosis, same.cic) == (0.0, None, None, None)
    assert analyse_items(matrix(["11", "11"]))[0].effective_weight is None


def test_negative_values_are_shown():
    # The second item is missed by the strong and answered by the weak.
    first, second, *_ = analyse_items(matrix(["1011", "1011", "1011", "0100", "0100", "0110"]))
    assert first.discrimination_index > 0
    assert second.covariance < 0
    assert second.discrimination_index < 0
    assert second.discriminative_efficiency < 0
    assert second.upper_lower_d == -1.0
    assert second.effective_weight is None
    assert analyse_test(matrix(["10", "10", "01", "01", "01"])).cic is None
    assert analyse_test(matrix(["101", "100", "010", "011", "010"])).cic < 0


def test_items_that_not_all_were_asked_are_compared_among_those_who_were():
    found = matrix(["1.1", "0.1", "10.", "01."])
    first, second, third = analyse_items(found)
    assert (first.n, second.n, third.n) == (4, 2, 2)
    assert first.effective_weight is None
    assert analyse_test(found).cic is None
    assert analyse_test(found).mean == 1.25


def test_ties_go_to_the_higher_group():
    # Ten people, so groups of three. 8 stands twice at the upper border, 3 twice at the lower one.
    rows = [(1, 9), (1, 9), (0, 8), (1, 7), (0, 6), (0, 5), (0, 4), (0, 3), (1, 2), (0, 1)]
    marks = [[Decimal(x), Decimal(total - x)] for x, total in rows]
    found = analyse_items(Matrix.of(["甲", "乙"], [Decimal(1), Decimal(10)], marks))[0]
    assert found.upper_lower_d == pytest.approx(float(Fraction(2, 3) - Fraction(1, 3)), rel=NINE)
    tied = [(1, 9), (1, 9), (0, 8), (1, 8), (0, 6), (0, 5), (0, 3), (0, 3), (1, 2), (0, 1)]
    marks = [[Decimal(x), Decimal(total - x)] for x, total in tied]
    found = analyse_items(Matrix.of(["甲", "乙"], [Decimal(1), Decimal(10)], marks))[0]
    assert found.upper_lower_d == pytest.approx(3 / 4 - 1 / 2, rel=NINE)


def test_an_option_of_the_strong_that_is_no_key_stands_out():
    rest = dict(enumerate([9, 8, 7, 3, 2, 1]))
    chosen = {0: ["B"], 1: ["B"], 2: ["B"], 3: ["A"], 4: ["A"]}
    key, other, nobody = analyse_options(["A", "B", "C"], ["A"], chosen, rest)
    assert (key.is_key, key.count, key.share) == (True, 2, pytest.approx(1 / 3))
    assert key.point_biserial < 0 < other.point_biserial
    expected = statistics.correlation([1, 1, 1, 0, 0, 0], [9, 8, 7, 3, 2, 1])
    assert other.point_biserial == pytest.approx(expected)
    assert nobody.point_biserial is None


SCORES = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 5)), min_size=4, max_size=40
)


@given(SCORES)
def test_figures_agree_with_the_library_of_python(rows):
    cells = [[Decimal(cell) for cell in row] for row in rows]
    found = Matrix.of(["甲", "乙", "丙"], [Decimal(3), Decimal(3), Decimal(5)], cells)
    whole, items = analyse_test(found), analyse_items(found)
    sums = [sum(row) for row in rows]
    assert whole.sd == pytest.approx(statistics.stdev(sums), rel=NINE, abs=1e-12)
    assert whole.median == statistics.median(sums)
    for place, item in enumerate(items):
        marks = [row[place] for row in rows]
        rest = [total - mark for total, mark in zip(sums, marks, strict=True)]
        assert item.covariance == pytest.approx(
            statistics.covariance(marks, rest), rel=NINE, abs=1e-12
        )
        if item.discrimination_index is not None:
            assert -100 - 1e-9 <= item.discrimination_index <= 100 + 1e-9
            assert item.discrimination_index == pytest.approx(
                100 * statistics.correlation(marks, rest), rel=1e-7, abs=1e-7
            )
    weights = [each.effective_weight for each in items if each.effective_weight is not None]
    assert not weights or sum(weights) == pytest.approx(100)


@given(SCORES, st.integers(0, 2**32))
def test_the_order_of_people_says_nothing(rows, seed):
    mixed = random.Random(seed).sample(rows, len(rows))
    found, again = (
        Matrix.of(["甲", "乙", "丙"], [Decimal(3), Decimal(3), Decimal(5)],
                  [[Decimal(cell) for cell in row] for row in each])
        for each in (rows, mixed)
    )  # fmt: skip
    assert analyse_items(found) == analyse_items(again)
    assert analyse_test(found) == analyse_test(again)
