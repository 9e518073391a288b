"""Drawn forms: what the blueprint asks for, evenly used, equally hard, the same for the same seed."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.exams import drawing
from app.questions.kinds import QuestionKind
from tests.exams.draws import (
    COMMON,
    CONTESTED,
    EASY,
    GENERAL,
    HARD,
    MEDIUM,
    POST,
    SPECIAL,
    WEIGHTS,
    banks,
    can_be_drawn,
    contests,
    groups_of,
    is_usable,
    limit_of,
    often,
    plan,
    plans,
    question,
    questions,
    row,
    suits,
    uses_of,
)
from tests.load.draw_bank import make_bank, make_plan

SEEDS = range(20)


def draw_or_none(asked, bank):
    try:
        return drawing.draw(asked, bank)
    except drawing.ShortError:
        return None


def parts_of(asked, form):
    """Give the rows of a form with what stands there, as the order of a form says."""
    rest = list(form.question_ids[len(asked.fixed_ids) :])
    for each in asked.rows:
        yield each, rest[: each.count]
        del rest[: each.count]
    assert not rest


@often
@given(contests() | st.tuples(plans(), banks()))
def test_what_can_be_drawn_is_drawn_and_nothing_else(given_both):
    asked, bank = given_both
    assert (draw_or_none(asked, bank) is not None) == can_be_drawn(asked, bank)


@often
@given(plans(), banks(most=30))
def test_every_form_is_what_the_blueprint_asks_for(asked, bank):
    forms = draw_or_none(asked, bank)
    assume(forms)
    by_number = {each.question_id: each for each in bank}
    assert [form.code for form in forms] == list(range(1, len(forms) + 1))
    assert [form.post_group for form in forms] == [
        group for group in groups_of(asked) for _ in range(asked.form_count)
    ]
    for form in forms:
        assert form.question_ids[: len(asked.fixed_ids)] == asked.fixed_ids
        assert len(set(form.question_ids)) == len(form.question_ids)
        for each, drawn in parts_of(asked, form):
            assert len(drawn) == each.count
            assert all(suits(each, form.post_group, by_number[number]) for number in drawn)
            assert all(is_usable(asked, by_number[number]) for number in drawn)


@often
@given(plans(), banks(most=30))
def test_marks_and_difficulty_are_exact_and_equal_and_the_limit_holds(asked, bank):
    forms = draw_or_none(asked, bank)
    assume(forms)
    by_number = {each.question_id: each for each in bank}
    total = sum(each.count * each.marks for each in asked.rows)
    for form in forms:
        marks = drawing.marks_of(asked, form)
        assert sum(marks.values()) == total
        assert form.difficulty == sum(
            each * WEIGHTS[by_number[number].difficulty] for number, each in marks.items()
        )
    mean = sum(form.difficulty for form in forms) / len(forms)
    assert all(abs(form.difficulty - mean) <= mean * Decimal("0.03") for form in forms)
    drawn = {
        number: uses for number, uses in uses_of(forms).items() if number not in asked.fixed_ids
    }
    assert max(drawn.values()) <= limit_of(asked)


@often
@given(plans(), banks(most=20), st.randoms(use_true_random=False))
def test_the_order_of_the_bank_is_of_no_account(asked, bank, chance):
    shuffled = [*bank]
    chance.shuffle(shuffled)
    assert draw_or_none(asked, bank) == draw_or_none(asked, shuffled)


def test_the_same_seed_gives_the_same_papers_and_another_seed_others():
    bank = make_bank(600)
    first, again, other = (
        drawing.draw(make_plan(20, seed=seed), bank[::step])
        for seed, step in ((3, 1), (3, -1), (4, 1))
    )
    assert repr(first) == repr(again)
    assert all(
        set(one.question_ids) != set(two.question_ids)
        for one, two in zip(first, other, strict=True)
    )


def test_papers_of_a_seed_stay_the_same_from_one_release_to_the_next():
    """If this fails, papers that were drawn before can no longer be drawn again from their seed."""
    bank = [
        *questions(1, 2, 3, 4, difficulty=EASY, tags=frozenset({"甲"})),
        *questions(5, 6, 7, 8, 9, difficulty=HARD),
    ]
    forms = drawing.draw(plan(row(1, 3), row(2, 1, tag="甲"), form_count=3, seed=2026), bank)
    assert [form.question_ids for form in forms] == PAPERS_OF_2026


PAPERS_OF_2026 = [(3, 7, 8, 1), (4, 9, 5, 2), (6, 2, 5, 1)]


def test_a_question_that_only_one_row_can_have_is_left_to_it():
    bank = [question(1, tags=frozenset({"甲"})), question(2)]
    asked = [row(1, 1), row(2, 1, tag="甲")]
    for seed in SEEDS:
        (form,) = drawing.draw(plan(*asked, seed=seed), bank)
        assert form.question_ids == (2, 1)


def test_questions_move_on_through_several_rows():
    """甲 and 乙 share question 2, 乙 and the rest share question 3: only one way is open."""
    bank = [
        question(1, tags=frozenset({"甲"})),
        question(2, tags=frozenset({"甲", "乙"})),
        question(3, tags=frozenset({"乙"})),
        question(4),
    ]
    asked = [row(1, 2), row(2, 1, tag="乙"), row(3, 1, tag="甲")]
    for seed in SEEDS:
        (form,) = drawing.draw(plan(*asked, seed=seed), bank)
        assert set(form.question_ids) == {1, 2, 3, 4}


def test_one_group_leaves_to_another_what_only_that_can_have():
    asked = plan(row(1, 1, category=POST), post_groups=(GENERAL, SPECIAL), most_exposure=50)
    bank = [question(1, category=POST), question(2, category=POST, post_group=GENERAL)]
    for seed in SEEDS:
        forms = drawing.draw(drawing.Plan(**{**vars(asked), "seed": seed}), bank)
        assert [form.question_ids for form in forms] == [(2,), (1,)]


def test_a_tight_limit_is_kept_by_changing_forms_that_were_drawn_before():
    """Six questions of 甲 in twelve forms of two, each in at most four: nothing is left over."""
    asked = [row(1, 2), row(2, 2, tag="甲")]
    bank = [*questions(*range(1, 7), tags=frozenset({"甲"})), *questions(*range(7, 13))]
    for seed in SEEDS:
        forms = drawing.draw(plan(*asked, form_count=12, most_exposure=33, seed=seed), bank)
        assert set(uses_of(forms).values()) == {4}


@often
@given(
    st.lists(st.integers(1, 2), min_size=3, max_size=3),
    st.integers(2, 5),
    banks(20, CONTESTED),
    st.integers(0, 9),
)
def test_the_tightest_limit_that_can_be_kept_is_kept(counts, form_count, bank, seed):
    common, tagged, posts = counts
    rows = row(1, common), row(2, tagged, tag="甲"), row(3, posts, category=POST)
    forms = 3 * form_count
    for most in range(1, forms + 1):
        asked = plan(
            *rows, form_count=form_count, most_exposure=most * 100 // forms or 1, seed=seed
        )
        drawn = draw_or_none(asked, bank)
        if drawn:
            break
    assume(drawn)
    assert max(uses_of(drawn).values()) <= limit_of(asked)
    by_number = {each.question_id: each for each in bank}
    for form in drawn:
        assert len(set(form.question_ids)) == sum(counts)
        for each, numbers in parts_of(asked, form):
            assert all(suits(each, form.post_group, by_number[number]) for number in numbers)


def test_use_is_spread_evenly_over_the_forms():
    bank = questions(*range(1, 12))
    forms = drawing.draw(plan(row(1, 3), form_count=10), bank)
    uses = uses_of(forms)
    assert len(uses) == 11
    assert max(uses.values()) - min(uses.values()) <= 1


def test_what_was_asked_least_in_earlier_exams_comes_first():
    bank = [*questions(1, 2, 3, used_times=2), *questions(4, 5), *questions(6, used_times=1)]
    (form,) = drawing.draw(plan(row(1, 3)), bank)
    assert set(form.question_ids) == {4, 5, 6}


def test_what_was_asked_least_comes_first_where_rows_want_the_same_too():
    """Question 1 leaves its place to 2, which fits no other row, rather than that 3 is asked again."""
    blank = QuestionKind.BLANK
    tagged = frozenset({"甲"})
    bank = [
        *questions(8, 9, kind=blank),
        question(1, tags=tagged),
        question(2, used_times=1),
        question(3, tags=tagged, used_times=5),
    ]
    asked = [row(1, 1), row(2, 1, tag="甲"), row(3, 1, kind=blank)]
    for seed in SEEDS:
        (form,) = drawing.draw(plan(*asked, seed=seed), bank)
        assert form.question_ids[:2] == (2, 1)


def test_the_order_within_a_row_tells_nothing_of_use():
    bank = [question(1), question(2, used_times=1)]
    orders = {drawing.draw(plan(row(1, 2), seed=seed), bank)[0].question_ids for seed in SEEDS}
    assert orders == {(1, 2), (2, 1)}


def test_a_row_gives_way_to_one_that_can_have_only_one_difficulty():
    """By the bank's shares row 1 would have four easy ones; row 2 leaves it one."""
    bank = [*questions(*range(10), difficulty=EASY), *questions(*range(10, 15), difficulty=HARD)]
    forms = drawing.draw(plan(row(1, 6), row(2, 9, difficulty=EASY), form_count=2), bank)
    for form in forms:
        assert sorted(form_weights(form, bank)[:6]) == [1, 3, 3, 3, 3, 3]


def test_a_row_is_divided_as_the_bank_is():
    bank = [
        *questions(*range(10), difficulty=EASY),
        *questions(*range(10, 15), difficulty=MEDIUM),
        *questions(*range(15, 20), difficulty=HARD),
    ]
    for form in drawing.draw(plan(row(1, 4), form_count=5), bank):
        weights = sorted(form_weights(form, bank))
        assert weights == [1, 1, 2, 3]


def form_weights(form, bank):
    by_number = {each.question_id: WEIGHTS[each.difficulty] for each in bank}
    return [by_number[number] for number in form.question_ids]


def test_the_division_keeps_to_what_every_group_has():
    """专窗 has one hard question only, so nobody gets more, though 综窗 has nothing but hard ones."""
    asked = plan(row(1, 2, category=POST), form_count=2, post_groups=(GENERAL, SPECIAL))
    bank = [
        *questions(1, 2, 3, 4, category=POST, post_group=GENERAL, difficulty=HARD),
        *questions(5, category=POST, post_group=GENERAL, difficulty=EASY),
        *questions(6, category=POST, post_group=SPECIAL, difficulty=HARD),
        *questions(7, 8, category=POST, post_group=SPECIAL, difficulty=EASY),
    ]
    for form in drawing.draw(asked, bank):
        assert sorted(form_weights(form, bank)) == [1, 3]


def test_who_has_no_post_group_gets_common_questions_in_the_place_of_those_of_posts():
    bank = [question(1), question(2, category=POST), question(3, category=POST, post_group=GENERAL)]
    asked = plan(row(1, 1, category=POST), post_groups=(SPECIAL, None))
    assert [form.question_ids for form in drawing.draw(asked, bank)] == [(2,), (1,)]


def test_without_a_row_for_posts_there_are_no_forms_per_group():
    forms = drawing.draw(plan(row(1, 1), form_count=2), questions(1, 2))
    assert [(form.code, form.post_group) for form in forms] == [(1, None), (2, None)]


@pytest.mark.parametrize(
    "change",
    [{"kind": QuestionKind.BLANK}, {"category": POST}, {"group_key": 5}, {"difficulty": EASY}],
)
def test_another_sort_of_question_is_never_drawn(change):
    bank = [question(1), question(2, **change)]
    for seed in SEEDS:
        (form,) = drawing.draw(plan(row(1, 1, difficulty=MEDIUM), seed=seed), bank)
        assert form.question_ids == (1,)


def test_rows_of_a_kind_may_have_their_own_marks():
    asked = plan(row(1, 1, marks=Decimal("1.5")), row(2, 1, tag="甲", marks=Decimal(3)))
    bank = [question(1), question(2, tags=frozenset({"甲"}))]
    (form,) = drawing.draw(asked, bank)
    assert drawing.marks_of(asked, form) == {1: Decimal("1.5"), 2: Decimal(3)}
    assert form.difficulty == Decimal("9.0")
    assert COMMON is asked.rows[0].category
