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
from app.surveys.questions import Condition, Question, QuestionKind, is_asked
from app.surveys.results import question_results

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
        ([5, 0, 5, 0, 0], Level.FULL),
        # Beside mean and share, the one who is 一般 would be solved from a distribution.
        ([9, 6, 1, 0, 0], Level.SUMMARY),
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


def test_merged_ones_are_not_told_by_a_sum_that_is_told_beside():
    parts = [frozenset({0, 1}), frozenset({2, 3})]
    # 24 of 30 chose A or B, as the number of those tells who were asked the next question.
    assert merged_options([23, 1, 4, 2]) == {1, 2, 3}
    assert merged_options([23, 1, 4, 2], parts) == {0, 1, 2, 3}


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


def asked_of(first, second):
    """Make a choice of four, and two questions that lean on what was chosen."""
    parent = Question(code="a", kind=QuestionKind.SINGLE, text="甲", options=tuple("甲乙丙丁"))
    return [
        parent,
        *(
            Question(
                code=code, kind=QuestionKind.SINGLE, text=code, options=("是", "否"),
                condition=Condition(code="a", chosen=tuple(sorted(chosen))),
            )
            for code, chosen in (("b", first), ("c", second))
        ),
    ]  # fmt: skip


places = st.sets(st.integers(0, 3), min_size=1, max_size=3)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4), places, places)
def test_no_pair_of_told_sums_isolates_fewer_than_five_who_chose(drawn, first, second):
    """AN3 over the lines of a choice and the numbers of those asked what leans on it."""
    asked = asked_of(first, second)
    ballots = [{"a": [place]} for place, count in enumerate(drawn) for _ in range(count)]
    for number, ballot in enumerate(ballots):
        for child in asked[1:]:
            if is_asked(child, ballot):
                ballot[child.code] = [number % 2]
    told = question_results(asked, ballots)
    sums = [frozenset(range(4))] if told[0].n is not None else []
    rest = frozenset(range(4)) - {
        place for place, label in enumerate("甲乙丙丁")
        for line in told[0].lines if line.label == label
    }  # fmt: skip
    sums += [
        rest if len(line.label) > 1 else frozenset({"甲乙丙丁".index(line.label)})
        for line in told[0].lines
    ]
    sums += [
        frozenset(chosen)
        for child, chosen in zip(told[1:], (first, second), strict=True)
        if child.n is not None
    ]
    for one, other in combinations(sums, 2):
        for part in (one & other, one - other, other - one):
            is_known = part == one & other and not (one <= other or other <= one)
            isolated = sum(drawn[place] for place in part)
            assert is_known or isolated == 0 or isolated >= LEAST, (drawn, first, second)


def test_what_leans_on_an_answer_of_few_is_not_told():
    asked = asked_of({2, 3}, {3})
    ballots = [{"a": [0]}] * 20 + [{"a": [2], "b": [0]}] * 5 + [{"a": [3], "b": [1], "c": [0]}] * 3
    _, reached, few = question_results(asked, ballots)
    assert (reached.n, few.n) == (8, None)
    # Of 26, 24 were asked: that tells of two that they were not.
    asked = asked_of({0, 1}, {0})
    ballots = [{"a": [0], "b": [0], "c": [1]}] * 24 + [{"a": [2]}] * 2
    assert [each.n for each in question_results(asked, ballots)] == [26, None, None]
    # All answered the same, which is not told: nor is it by who was asked what follows from it.
    ballots = [{"a": [0], "b": [0], "c": [1]}] * 26
    assert [each.n for each in question_results(asked, ballots)] == [26, None, None]


def test_several_choices_are_told_roughly_where_nearly_all_made_them():
    question = Question(code="a", kind=QuestionKind.MULTIPLE, text="甲", options=tuple("甲乙丙"))
    ballots = [{"a": [0, 1]}] * 10 + [{"a": [0, 2]}] * 2 + [{"a": [1]}]
    [told] = question_results([question], ballots)
    assert [line.text for line in told.lines] == ["至少9人", "至少9人", "少于5人"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(tallies)
def test_no_part_of_a_distribution_is_of_one_to_four(drawn):
    merged = merged_options(drawn)
    rest = sum(drawn[place] for place in merged)
    apart = [count for place, count in enumerate(drawn) if place not in merged]
    assert all(count == 0 or count >= LEAST for count in apart)
    assert not merged or rest >= LEAST or not any(apart)
