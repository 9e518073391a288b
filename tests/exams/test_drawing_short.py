"""A blueprint that can't be drawn is refused with the cell that is short, and why."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.exams import drawing
from app.exams.drawing import ShortReason
from app.questions.kinds import QuestionKind
from tests.exams.draws import (
    BEFORE,
    EASY,
    GENERAL,
    HARD,
    LATELY,
    MEDIUM,
    POST,
    SINCE,
    SPECIAL,
    banks,
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
)

A = frozenset({"甲"})


def refuse(asked, bank):
    with pytest.raises(drawing.ShortError) as refused:
        drawing.draw(asked, bank)
    return refused.value.short, str(refused.value)


def test_too_few_questions_altogether():
    short, said = refuse(
        plan(row(1, 1), row(2, 3, tag="甲", difficulty=HARD)),
        [*questions(1, 2, tags=A, difficulty=HARD), *questions(3, 4, tags=A), *questions(5, 6)],
    )
    assert (short.reason, short.wanted, short.found) == (ShortReason.TOTAL, 3, 2)
    assert said == (
        "第2行（公共题、单选题、知识点“甲”、难度“难”）要3道，合用的题只有2道。"
        "请补充题目，或者减少这一行的题数。"
    )


def test_questions_that_were_used_of_late():
    short, said = refuse(
        plan(row(1, 3), reuse_since=SINCE),
        [question(1), question(2, used_on=BEFORE), *questions(3, 4, used_on=LATELY)],
    )
    assert (short.reason, short.wanted, short.found) == (ShortReason.USED, 3, 2)
    assert short.lately == 2
    assert said.startswith(
        "第1行（公共题、单选题）要3道，合用的题有4道，其中2道自2026年5月20日以来用过，只剩2道。"
    )


def test_too_few_even_with_what_was_used_of_late():
    short, said = refuse(
        plan(row(1, 3), reuse_since=SINCE), [question(1), question(2, used_on=LATELY)]
    )
    assert (short.reason, short.found, short.lately) == (ShortReason.TOTAL, 1, 1)
    assert "只有1道，另有1道自2026年5月20日以来用过。" in said


def test_what_was_chosen_by_hand_and_cases_are_not_to_be_drawn():
    short, _ = refuse(
        plan(row(1, 2), fixed_ids=(1,)), [question(1), question(2, group_key=7), question(3)]
    )
    assert (short.reason, short.found) == (ShortReason.TOTAL, 1)


def test_a_post_group_is_named():
    bank = [
        *questions(1, 2, category=POST, post_group=GENERAL),
        *questions(3, category=POST, post_group=SPECIAL),
    ]
    short, said = refuse(plan(row(1, 2, category=POST), post_groups=(GENERAL, SPECIAL)), bank)
    assert (short.reason, short.post_groups, short.found) == (ShortReason.TOTAL, (SPECIAL,), 1)
    assert said.startswith("专窗卷的第1行（岗位题、单选题）要2道")


def test_who_has_no_post_group_is_named_too():
    bank = [*questions(1, 2, category=POST, tags=A), question(3)]
    asked = plan(row(1, 2, category=POST, tag="甲"), post_groups=(GENERAL, None))
    short, said = refuse(asked, bank)
    assert (short.reason, short.post_groups, short.found) == (ShortReason.TOTAL, (None,), 0)
    assert said.startswith(
        "没有岗位组的人的卷以公共题代替岗位题，第1行（岗位题、单选题、知识点“甲”）要2道，"
        "合用的题只有0道。"
    )


def test_rows_that_want_the_same_questions():
    short, said = refuse(
        plan(row(1, 1, kind=QuestionKind.BLANK), row(2, 3), row(3, 2, tag="甲")),
        [question(9, kind=QuestionKind.BLANK), *questions(1, 2, tags=A), *questions(3, 4)],
    )
    assert (short.reason, short.wanted, short.found) == (ShortReason.SHARED, 5, 4)
    assert [each.number for each in short.rows] == [2, 3]
    assert said.startswith(
        "第2行（公共题、单选题）、第3行（公共题、单选题、知识点“甲”）合起来要5道，可用的题一共只有4道"
    )


def test_the_limit_on_the_forms_that_may_hold_a_question():
    """Ten forms of two are twenty places; nine questions in two forms each fill eighteen."""
    short, said = refuse(plan(row(1, 2), form_count=10, most_exposure=15), questions(*range(9)))
    assert (short.reason, short.wanted, short.found) == (ShortReason.EXPOSURE, 20, 18)
    assert said == (
        "一道题最多出现在15%的卷（2份）里：第1行（公共题、单选题）在全部10份卷里共要20道次，"
        "只够18道次。请提高这个比例、减少份数，或者补充题目。"
    )


def test_the_limit_counts_the_forms_of_all_groups():
    rows = row(1, 1), row(2, 1, category=POST)
    asked = plan(*rows, form_count=2, post_groups=(GENERAL, SPECIAL), most_exposure=50)
    short, said = refuse(asked, [question(1), *questions(2, 3, category=POST)])
    assert (short.reason, short.wanted, short.found) == (ShortReason.EXPOSURE, 4, 2)
    assert short.rows == rows[:1]
    assert "一道题最多出现在50%的卷（2份）里：第1行" in said


def test_all_groups_that_are_short_of_the_same_are_counted():
    rows = row(1, 1), row(2, 1, category=POST)
    asked = plan(*rows, form_count=2, post_groups=(GENERAL, SPECIAL), most_exposure=25)
    short, _ = refuse(asked, [question(1), *questions(2, 3, 4, 5, category=POST)])
    assert (short.reason, short.wanted, short.found) == (ShortReason.EXPOSURE, 4, 1)
    assert short.post_groups == (GENERAL, SPECIAL)


def test_rows_for_posts_compete_with_common_ones_where_there_is_no_post_group():
    rows = row(1, 1), row(2, 1, category=POST)
    asked = plan(*rows, form_count=2, post_groups=(GENERAL, None), most_exposure=50)
    short, said = refuse(asked, [*questions(1, 2), question(3, category=POST)])
    assert (short.reason, short.wanted, short.found) == (ShortReason.EXPOSURE, 6, 4)
    assert "综窗卷和没有岗位组的人的卷的第1行（公共题、单选题）、第2行（岗位题、单选题）" in said


def test_forms_that_can_not_be_equally_hard():
    """综窗 has easy questions only, 专窗 hard ones only: each could be drawn, but not alike."""
    bank = [
        *questions(1, 2, category=POST, post_group=GENERAL, difficulty=EASY),
        *questions(3, 4, category=POST, post_group=SPECIAL, difficulty=HARD),
    ]
    short, said = refuse(plan(row(1, 1, category=POST), post_groups=(GENERAL, SPECIAL)), bank)
    assert short.reason is ShortReason.DIFFICULTY
    assert (short.wanted, short.found) == (1, 0)
    assert short.difficulty in {EASY, HARD}
    assert said.startswith("各份卷的易、中、难题数要一致：")
    assert said.count("只有0道") == 1


def test_equal_difficulty_under_a_limit_counts_places_in_all_forms():
    """Two forms of one: two questions in one form each, but of two difficulties."""
    asked = plan(row(1, 1), form_count=2, most_exposure=50)
    short, said = refuse(asked, [question(1, difficulty=EASY), question(2, difficulty=MEDIUM)])
    assert (short.reason, short.wanted, short.found) == (ShortReason.DIFFICULTY, 2, 1)
    assert "题2道次，只有1道次（一道题最多出现在50%的卷（1份）里）" in said


@often
@given(contests() | st.tuples(plans(), banks()))
def test_the_named_cell_is_short(given_both):
    """Whatever is refused: counted by hand, the named rows have no more than was said."""
    asked, bank = given_both
    try:
        drawing.draw(asked, bank)
    except drawing.ShortError as refused:
        short = refused.short
    else:
        short = None
    assume(short)
    assert short.found < short.wanted
    there, usable = suiting(asked, bank, short), suiting(asked, bank, short, is_usable)
    assert len(there) - len(usable) >= short.lately
    checks = {
        ShortReason.TOTAL: lambda: len(usable) + short.lately < short.wanted,
        ShortReason.USED: lambda: len(usable) + short.lately >= short.wanted > len(usable),
        ShortReason.SHARED: lambda: len(short.rows) > 1,
        ShortReason.EXPOSURE: lambda: len(usable) * limit_of(asked) >= short.found,
        ShortReason.DIFFICULTY: lambda: short.difficulty is not None,
    }
    assert checks[short.reason]()
    if short.reason in {ShortReason.TOTAL, ShortReason.USED, ShortReason.SHARED}:
        assert short.wanted == sum(each.count for each in short.rows)
        assert short.found == len(usable)
    if short.reason is ShortReason.EXPOSURE:
        assert short.wanted <= asked.form_count * len(groups_of(asked)) * sum(
            each.count for each in short.rows
        )


def suiting(asked, bank, short, is_counted=lambda _asked, _each: True):
    """Give the questions that any of the named rows could have for any of the named groups."""
    return {
        each.question_id
        for each in bank
        for named in short.rows
        for group in short.post_groups
        if suits(named, group, each) and is_counted(asked, each)
    }
