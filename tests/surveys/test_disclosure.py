"""What may be told: five, the rest, the same answer of all; drawn at random, no pair isolates."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.surveys.disclosure import (
    LEAST,
    Level,
    is_alike,
    level_of,
    merged_options,
    shown_groups,
    small_options,
)

BOX = frozenset({0, 1})
# Small numbers, where everything happens.
tallies = st.lists(st.integers(0, 7), min_size=5, max_size=5)
# Few who agree: what is hidden of them could agree as a whole.
alike = st.integers(0, 7).map(lambda count: [count, 0, 0, 0, 0])
groups = st.dictionaries(st.sampled_from("ABCDEFG"), tallies | alike, min_size=1, max_size=7)


@pytest.mark.parametrize(
    ("tally", "level"),
    [
        ([2, 1, 1, 0, 0], Level.HIDDEN),
        ([5, 0, 0, 0, 0], Level.CONCENTRATED),
        ([3, 1, 1, 0, 0], Level.SUMMARY),
        ([5, 4, 0, 0, 0], Level.SUMMARY),
        ([0, 0, 5, 4, 0], Level.SUMMARY),
        ([5, 2, 1, 0, 0], Level.FULL),
        ([0, 0, 0, 0, 0], Level.HIDDEN),
    ],
)
def test_level_goes_by_number_and_by_agreement(tally, level):
    assert level_of(tally, sum(tally), box=BOX) is level


def test_without_a_box_only_the_same_answer_of_all_is_held_back():
    assert level_of([5, 4], 9) is Level.FULL
    # Each of nine chose the first two of three.
    assert level_of([9, 9, 0], 9) is Level.CONCENTRATED


@pytest.mark.parametrize(
    ("tally", "merged"),
    [
        ([9, 6, 5, 0, 0], set()),
        ([9, 6, 1, 0, 0], {1, 2}),
        # 满意 goes along, though fewer chose 很满意.
        ([18, 20, 2, 1, 0], {1, 2, 3}),
        ([9, 6, 3, 2, 0], {2, 3}),
        ([4, 0, 0, 0, 0], {0}),
    ],
)
def test_options_that_few_chose_are_told_together(tally, merged):
    assert merged_options(tally) == merged


def test_list_of_choices_says_only_that_few_chose_an_option():
    assert small_options([9, 4, 0, 1]) == {1, 3}


@pytest.mark.parametrize(
    ("given_groups", "shown"),
    [
        # Two groups of which one is small: the other could be taken off the total.
        ({"A": [5, 4], "B": [2, 1]}, set()),
        ({"A": [5, 4], "B": [3, 2], "C": [4, 3]}, {"A", "B", "C"}),
        # One small group takes the smallest along; together they are five at least.
        ({"A": [5, 4], "B": [2, 1], "C": [3, 3]}, {"A"}),
        # All of B agree: nothing of them is told, nor what would tell it.
        ({"A": [5, 4], "B": [6, 0], "C": [3, 3]}, {"A"}),
        # Two that are hidden agree with one another: a third goes along.
        ({"A": [5, 4], "B": [3, 0], "C": [4, 0], "D": [3, 3]}, {"A"}),
        ({"A": [5, 4], "B": [0, 0], "C": [3, 3]}, {"A"}),
    ],
)
def test_what_is_hidden_can_not_be_told_from_the_rest(given_groups, shown):
    assert shown_groups(given_groups) == shown


@settings(max_examples=400, deadline=None, derandomize=True)
@given(groups)
def test_no_pair_of_allowed_filters_isolates_fewer_than_five(drawn):
    """Filters are the total and every union of told groups: AN3, on both sides of a difference."""
    shown = sorted(shown_groups(drawn))
    everybody = frozenset(drawn)
    filters = [everybody] + [
        frozenset(chosen)
        for size in range(1, min(3, len(shown)) + 1)
        for chosen in combinations(shown, size)
    ]
    for one, other in combinations(filters, 2):
        for rest in (one - other, other - one):
            tally = [sum(column) for column in zip(*(drawn[name] for name in rest), strict=True)]
            assert not rest or sum(tally) >= LEAST, (drawn, one, other)
            assert not rest or not is_alike(tally, sum(tally)), (drawn, one, other)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(tallies)
def test_no_part_of_a_distribution_is_of_one_to_four(drawn):
    merged = merged_options(drawn)
    rest = sum(drawn[place] for place in merged)
    apart = [count for place, count in enumerate(drawn) if place not in merged]
    assert all(count == 0 or count >= LEAST for count in apart)
    assert not merged or rest >= LEAST or not any(apart)
