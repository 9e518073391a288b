"""The order in which one person sees a paper: stable, kind by kind, cases together, options turned."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from app.exams.arrangement import Piece, Placed, arrange
from app.questions.kinds import QuestionKind
from tests.exams.draws import often

KINDS = list(QuestionKind)
PLAIN = [QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.BLANK]
LABELS = {
    QuestionKind.SINGLE: tuple("ABCD"),
    QuestionKind.MULTIPLE: tuple("ABCDE"),
    QuestionKind.TRUE_FALSE: ("true", "false"),
}


def piece(number, kind=QuestionKind.SINGLE, group_key=None):
    return Piece(number=number, kind=kind, group_key=group_key, labels=LABELS.get(kind, ()))


@st.composite
def papers(draw, kinds=KINDS):
    numbers = draw(st.lists(st.integers(1, 99), unique=True, max_size=12))
    return [
        piece(number, draw(st.sampled_from(kinds)), draw(st.sampled_from([None, None, 1, 2])))
        for number in numbers
    ]


keys = st.text("abcdef0123456789", min_size=1, max_size=16)


@often
@given(papers(), keys, st.integers(0, 2**31), st.booleans())
def test_every_question_stands_once_with_all_its_options(paper, key, seed, is_shuffled):
    placed = arrange(seed, key, paper, is_shuffled=is_shuffled)
    assert [each.place for each in placed] == list(range(1, len(paper) + 1))
    assert {each.number: sorted(each.labels) for each in placed} == {
        each.number: sorted(each.labels) for each in paper
    }


@often
@given(papers(), keys, st.integers(0, 2**31), st.randoms(use_true_random=False))
def test_a_shuffled_paper_does_not_ask_in_which_order_it_came(paper, key, seed, chance):
    other = [*paper]
    chance.shuffle(other)
    assert arrange(seed, key, paper, is_shuffled=True) == arrange(
        seed, key, other, is_shuffled=True
    )


@often
@given(papers(), keys, st.booleans())
def test_a_case_stays_together_in_the_order_of_its_numbers(paper, key, is_shuffled):
    by_number = {each.number: each for each in paper}
    placed = [by_number[each.number] for each in arrange(7, key, paper, is_shuffled=is_shuffled)]
    runs = [
        (case, [each.number for each in run])
        for case, run in groupby(placed, key=lambda each: each.group_key)
        if case is not None
    ]
    assert len({case for case, _ in runs}) == len(runs)
    assert all(numbers == sorted(numbers) for _, numbers in runs)


@often
@given(papers(), keys, st.booleans())
def test_kinds_follow_one_another_as_in_the_list_of_kinds(paper, key, is_shuffled):
    paper = [each for each in paper if each.group_key is None]
    kinds = {each.number: each.kind for each in paper}
    placed = [
        KINDS.index(kinds[each.number]) for each in arrange(1, key, paper, is_shuffled=is_shuffled)
    ]
    assert placed == sorted(placed)


@often
@given(papers(), keys)
def test_an_unshuffled_paper_is_the_same_for_everybody(paper, key):
    placed = arrange(1, key, paper, is_shuffled=False)
    assert placed == arrange(2, f"{key}x", paper, is_shuffled=False)
    assert all(
        each.labels == LABELS.get(by_number.kind, ())
        for each, by_number in (
            (each, next(one for one in paper if one.number == each.number)) for each in placed
        )
    )


def test_an_unshuffled_paper_keeps_the_order_of_its_form():
    paper = [piece(9), piece(3, QuestionKind.TRUE_FALSE), piece(5), piece(1)]
    placed = arrange(1, "k", paper, is_shuffled=False)
    assert [each.number for each in placed] == [9, 5, 1, 3]


def test_a_case_of_several_kinds_stands_with_the_last_of_them():
    case = [piece(2, QuestionKind.SHORT, 1), piece(1, QuestionKind.SINGLE, 1)]
    paper = [*case, piece(3), piece(4, QuestionKind.BLANK), piece(5, QuestionKind.ESSAY)]
    placed = arrange(1, "k", paper, is_shuffled=False)
    assert [each.number for each in placed] == [3, 4, 1, 2, 5]


def test_true_and_false_are_never_turned_and_options_are():
    paper = [piece(1, QuestionKind.TRUE_FALSE), piece(2)]
    seen = {
        tuple(each.labels for each in arrange(1, f"{key}", paper, is_shuffled=True))
        for key in range(200)
    }
    assert {labels[-1] for labels in seen} == {("true", "false")}
    assert len({labels[0] for labels in seen}) == 24


def test_neighbours_see_other_orders_and_another_seed_gives_another():
    paper = [piece(number) for number in range(1, 31)]
    orders = {
        tuple(each.number for each in arrange(seed, key, paper, is_shuffled=True))
        for seed in (1, 2)
        for key in ("a", "b", "c")
    }
    assert len(orders) == 6


def test_an_order_stays_the_same_from_one_release_to_the_next():
    """If this fails, people who reload see their questions in another order than before."""
    paper = [piece(number) for number in range(1, 5)]
    assert arrange(2026, "a1b2c3d4", paper, is_shuffled=True) == ORDER_OF_2026


ORDER_OF_2026 = [
    Placed(number=2, place=1, labels=("B", "D", "A", "C")),
    Placed(number=1, place=2, labels=("D", "A", "B", "C")),
    Placed(number=3, place=3, labels=("D", "B", "A", "C")),
    Placed(number=4, place=4, labels=("B", "C", "A", "D")),
]
