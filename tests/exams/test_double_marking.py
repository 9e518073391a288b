"""What several markers give together: exact, within the question's marks, settled by the third."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exams.double_marking import FIRST, SECOND, THIRD, Rule, next_round, settle

FULL = Decimal(10)
HALVES = st.integers(0, 20).map(lambda steps: Decimal(steps) / 2)
ROUNDS = st.dictionaries(st.sampled_from([FIRST, SECOND, THIRD]), HALVES)
RULES = st.builds(Rule, is_double=st.booleans(), percent=st.integers(0, 100))


@pytest.mark.parametrize(
    ("rounds", "earned", "wanted"),
    [
        ({}, None, FIRST),
        ({1: "7"}, None, SECOND),
        ({1: "7", 2: "7"}, "7", None),
        ({1: "7", 2: "7.5"}, "7.5", None),
        ({1: "6", 2: "8"}, "7", None),
        ({1: "6", 2: "8.5"}, None, THIRD),
        ({1: "6", 2: "8.5", 3: "6.5"}, "6.5", None),
        ({1: "0", 2: "10", 3: "0"}, "0", None),
    ],
)
def test_two_share_and_a_third_settles(rounds, earned, wanted):
    given_marks = {number: Decimal(marks) for number, marks in rounds.items()}
    rule = Rule(is_double=True, percent=20)
    assert settle(given_marks, FULL, rule) == (None if earned is None else Decimal(earned))
    assert next_round(given_marks, FULL, rule) == wanted


@given(rounds=ROUNDS, rule=RULES)
def test_what_is_settled_lies_between_what_was_given_in_whole_steps(rounds, rule):
    earned = settle(rounds, FULL, rule)
    wanted = next_round(rounds, FULL, rule)
    assert (earned is None) == (wanted is not None)
    if earned is not None:
        assert min(rounds.values()) <= earned <= max(rounds.values())
        assert earned * 2 % 1 == 0
    if wanted is not None:
        assert wanted not in rounds or FIRST not in rounds


@given(rounds=ROUNDS, rule=RULES)
def test_whoever_marks_next_brings_it_nearer_to_its_end(rounds, rule):
    steps = 0
    while (wanted := next_round(rounds, FULL, rule)) is not None:
        rounds = {**rounds, wanted: Decimal(5)}
        steps += 1
        assert steps <= THIRD
