"""What figures say in plain words: the bands, and when a key is doubtful."""

import pytest

from app.exams.advice import (
    ADVICE,
    HINT,
    ITEM_FLAG_LABELS,
    ItemFlag,
    flag_of,
    suspect,
    write_advice,
)
from app.exams.statistics import ItemFigures, OptionFigures


def item(**values):
    given = {
        "item": "1", "n": 40, "facility": 0.7, "sd": 1.0, "covariance": 1.0,
        "effective_weight": 5.0, "discrimination_index": 40.0,
        "discriminative_efficiency": 50.0, "upper_lower_d": 0.4,
    }  # fmt: skip
    return ItemFigures(**given | values)


def option(label, count, correlation, *, is_key=False):
    return OptionFigures(
        label=label, is_key=is_key, count=count, share=count / 40, point_biserial=correlation
    )


@pytest.mark.parametrize(
    ("values", "flag"),
    [
        ({}, ItemFlag.FINE),
        ({"n": 4}, ItemFlag.FEW),
        ({"n": 5}, ItemFlag.FINE),
        ({"discrimination_index": -0.1}, ItemFlag.NEGATIVE),
        # Nothing to tell apart by is no fault of the question.
        ({"discrimination_index": None}, ItemFlag.FINE),
        ({"facility": 1.0, "discrimination_index": None}, ItemFlag.EASY),
        ({"facility": 0.95}, ItemFlag.FINE),
        ({"facility": 0.29}, ItemFlag.HARD),
        ({"facility": 0.30}, ItemFlag.FINE),
        ({"facility": 0.29, "discrimination_index": -5.0}, ItemFlag.NEGATIVE),
        ({"discrimination_index": 19.9}, ItemFlag.WEAK),
        ({"discrimination_index": 20.0}, ItemFlag.FINE),
        ({"discrimination_index": 0.0}, ItemFlag.WEAK),
    ],
)
def test_each_band_has_its_word(values, flag):
    assert flag_of(item(**values)) is flag


def test_a_void_question_is_not_judged():
    assert flag_of(item(facility=1.0), is_void=True) is ItemFlag.VOID


def test_a_key_is_doubtful_where_the_strong_choose_another_option():
    options = [
        option("A", 25, 0.4),
        option("B", 5, 0.1),
        option("C", 10, -0.4, is_key=True),
    ]
    assert suspect(options) == "A"
    assert flag_of(item(), options) is ItemFlag.KEY


@pytest.mark.parametrize(
    "options",
    [
        [],
        # The key is chosen by the strong: it is hard, and right.
        [option("A", 25, -0.3), option("C", 10, 0.3, is_key=True)],
        # The key is chosen by the weak, but no other option by more of the strong.
        [option("A", 25, -0.1), option("B", 5, 0.5), option("C", 10, -0.3, is_key=True)],
        # Nobody chose it: nothing is known.
        [option("A", 40, None), option("C", 0, None, is_key=True)],
    ],
)
def test_a_key_is_not_doubtful_without_both_signs(options):
    assert suspect(options) is None


def test_of_several_right_options_the_missed_one_is_held_against_the_wrong():
    options = [
        option("A", 38, 0.3, is_key=True),
        option("B", 8, -0.3, is_key=True),
        option("D", 20, 0.3),
    ]
    assert suspect(options) == "D"


def test_few_answers_make_a_hint_of_it():
    assert write_advice(ItemFlag.HARD, 29).endswith(HINT)
    assert write_advice(ItemFlag.HARD, 30) == ADVICE[ItemFlag.HARD]
    assert write_advice(ItemFlag.FEW, 4) == ADVICE[ItemFlag.FEW]
    assert set(ADVICE) == set(ITEM_FLAG_LABELS) == set(ItemFlag)
