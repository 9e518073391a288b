"""What a released result leaves out while its questions are still asked elsewhere."""

import itertools
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exams.withholding import Outcome, withhold
from app.kernel.permissions import Role
from tests.accounts.factories import grant
from tests.conftest import ROUNDS
from tests.exams.factories import (
    KEY,
    WRONG,
    frozen,
    jobs_of,
    publish_exam,
    release,
    released_exam,
    run_jobs,
    sit,
    sitting_of,
    sweep,
)

TEN = Decimal(10)
often = settings(max_examples=max(100, ROUNDS), deadline=None, database=None, print_blob=True)


def outcome(number, marks, verdict):
    return Outcome(number=number, marks=marks, earned=marks if verdict else Decimal(0))


def outcomes(*verdicts, marks=TEN):
    return [outcome(number, marks, verdict) for number, verdict in enumerate(verdicts, start=1)]


@pytest.mark.parametrize(
    ("verdicts", "left_out"),
    [
        ([True, True, False, False], {1, 3}),
        ([False, True, False, False], {1, 2}),
        ([True, True, True], {1, 2, 3}),
        ([False, False], {1, 2}),
    ],
)
def test_a_hidden_question_is_left_out_with_one_that_went_the_other_way(verdicts, left_out):
    assert withhold(outcomes(*verdicts), frozenset({1})) == left_out


def test_nothing_hidden_leaves_nothing_out():
    assert withhold(outcomes(True, False), frozenset()) == frozenset()


def test_a_cover_is_worth_as_much_as_what_it_covers():
    dear = replace(outcomes(False)[0], number=2, marks=Decimal(20))
    rows = [*outcomes(True), dear, replace(dear, number=3, marks=TEN)]
    assert withhold(rows, frozenset({1})) == {1, 3}


PARTS = st.lists(
    st.tuples(st.sampled_from([4, 10]), st.sampled_from([0, "half", "all"])), min_size=1, max_size=6
)


def readings(total, right, marks):
    """Give every way in which left-out questions can have come to a sum and a number of right ones."""
    ways = itertools.product(*([Decimal(0), each / 2, each] for each in marks))
    return [
        way
        for way in ways
        if sum(way) == total and sum(a == b for a, b in zip(way, marks, strict=True)) == right
    ]


@often
@given(PARTS, st.sets(st.integers(1, 6), max_size=3))
def test_a_reader_who_tries_every_way_finds_both_for_each_hidden_question(rows, chosen):
    """With part marks too: for each hidden question right and not right both fit what is shown."""
    earned = {0: 0, "half": Decimal("0.5"), "all": 1}
    paper = [
        Outcome(number=number, marks=Decimal(marks), earned=marks * Decimal(earned[share]))
        for number, (marks, share) in enumerate(rows, start=1)
    ]
    hidden = frozenset(chosen) & {each.number for each in paper}
    left_out = withhold(paper, hidden)
    waiting = [each for each in paper if each.number in left_out]
    if len(waiting) == len(paper):
        return
    found = readings(
        sum(each.earned for each in waiting),
        sum(each.is_right for each in waiting),
        [each.marks for each in waiting],
    )
    for place, each in enumerate(waiting):
        if each.number in hidden:
            assert {way[place] == each.marks for way in found} == {True, False}


def view_of(paper, order, hidden):
    """Give what a reader gets to see, or None where everything waits."""
    left_out = withhold([paper[number] for number in order], hidden)
    if len(left_out) == len(paper):
        return None
    shown_items = tuple(each for each in paper.values() if each.number not in left_out)
    return left_out, shown_items, sum(each.is_right for each in paper.values())


@settings(max_examples=40, deadline=None, database=None, print_blob=True)
@given(st.lists(st.booleans(), min_size=2, max_size=4), st.permutations(range(1, 5)), st.data())
def test_a_reader_who_knows_the_rule_but_not_the_order_finds_both(verdicts, order, data):
    """He tries every outcome in every order, and asks which would have left out the same."""
    numbers = range(1, len(verdicts) + 1)
    order = [each for each in order if each in numbers]
    hidden = frozenset({data.draw(st.sampled_from(list(numbers)))})
    paper = {number: outcome(number, TEN, verdicts[number - 1]) for number in numbers}
    seen = view_of(paper, order, hidden)
    if seen is None:
        return
    found = set()
    for guess in itertools.product((True, False), repeat=len(verdicts)):
        world = {number: outcome(number, TEN, guess[number - 1]) for number in numbers}
        if any(view_of(world, each, hidden) == seen for each in itertools.permutations(numbers)):
            found.add(world[min(hidden)].is_right)
    assert found == {True, False}


def test_what_earned_a_part_has_no_cover():
    part = Outcome(number=1, marks=TEN, earned=Decimal(5))
    rows = [part, replace(part, number=2), outcome(3, TEN, True)]
    assert withhold(rows, frozenset({1})) == {1, 2, 3}
    assert withhold(rows, frozenset({3})) == {1, 2, 3}, "a part is no cover either"


MARKED = st.lists(st.tuples(st.sampled_from([5, 10]), st.booleans()), min_size=1, max_size=12)


@often
@given(MARKED, st.sets(st.integers(1, 12)))
def test_the_sum_of_what_is_left_out_says_nothing_about_the_hidden(rows, chosen):
    """Whatever can be had by subtraction is the same for every outcome of the hidden ones."""
    paper = [
        outcome(number, Decimal(marks), verdict)
        for number, (marks, verdict) in enumerate(rows, start=1)
    ]
    hidden = frozenset(chosen) & {each.number for each in paper}
    left_out = withhold(paper, hidden)
    assert hidden <= left_out
    waiting = [each for each in paper if each.number in left_out]
    if len(left_out) < len(paper):
        assert len(left_out) == 2 * len(hidden)
        assert sum(each.is_right for each in waiting) == len(hidden)
        earned = sum(each.marks for each in waiting if each.is_right)
        assert earned == sum(each.marks for each in paper if each.number in hidden)


@often
@given(MARKED, st.sets(st.integers(1, 12)), st.sets(st.integers(1, 12)))
def test_a_cover_is_never_shown_while_what_it_covers_waits(rows, first, second):
    """Two looks with different questions hidden: neither shows the other's cover."""
    paper = [outcome(number, TEN, verdict) for number, (_, verdict) in enumerate(rows, start=1)]
    numbers = {each.number for each in paper}
    hidden = frozenset(first) & numbers
    more = hidden | (frozenset(second) & numbers)
    shown_later = numbers - withhold(paper, more)
    left_out_now = withhold(paper, hidden)
    if len(left_out_now) < len(numbers) and len(hidden) == 1:
        assert not shown_later & left_out_now


# Question 1 wrong, 2 right, 3 left out.
ANSWERS = {1: WRONG[1], 2: KEY[2]}


@pytest.fixture
def reused(app, now):
    """A released exam, and one of its questions in an exam that is being sat by some."""

    def make(number=1, only=("staff",), **answers):
        with app.app_context():
            first = released_exam(now, **(answers or {"staff": ANSWERS}))
            question_id = frozen(first)[number - 1].question_id
            second = publish_exam([question_id], only=only, pass_marks=TEN)
            return first, second

    return make


def my_url(app, exam_id, end="result", who="staff"):
    with app.app_context():
        return f"/exams/sittings/{sitting_of(exam_id, who).public_id}/{end}"


def shown(page):
    return {int(each.get("aria-label")[1:-1]) for each in page.all(".result-item")}


def let_out(app, now, exam_id):
    now.move(hours=9)
    with app.app_context():
        sweep()
        release(exam_id)


@pytest.mark.db
def test_a_result_shows_no_key_of_a_question_that_is_being_asked_elsewhere(
    app, browse, now, reused
):
    first, second = reused()
    staff = browse("staff")
    page = staff.get(my_url(app, first))
    assert shown(page) == {3}
    assert "材料齐全的，多长时间内完成收件？" not in page.text
    assert "有1道题正用于尚未公布成绩的考试，公布后再显示。" in page.text
    assert "另有1道题到时一并显示" in page.text
    assert "得分 10分" in page.text
    assert not page.all("form[action$=sheet]")
    let_out(app, now, second)
    page = browse("staff").get(my_url(app, first))
    assert shown(page) == {1, 2, 3}
    assert "尚未公布成绩" not in page.text


def test_right_or_wrong_of_a_hidden_question_shows_nowhere_on_the_page(
    app, browse, now, monkeypatch
):
    """Two people with the same total, one right and one wrong on it: neither page tells who."""
    # Covers are drawn for each sitting; with one order for both their pages can be compared.
    monkeypatch.setattr("app.kernel.keyed.digest", lambda text: text.split(":")[1])
    bank = [{"stem": f"第{number}问"} for number in range(1, 5)]
    with app.app_context():
        first = publish_exam(bank)
        for who, wrong in (("staff", (1, 4)), ("other", (2, 4))):
            chosen = {number: ["A" if number in wrong else "C"] for number in range(1, 5)}
            sit(first, who, chosen)
        now.move(hours=9)
        sweep()
        release(first)
        publish_exam([frozen(first)[0].question_id], pass_marks=TEN)
    pages = [browse(who).get(my_url(app, first, who=who)) for who in ("staff", "other")]
    assert [shown(page) for page in pages] == [{3, 4}, {3, 4}]
    texts = [page.text_of("main").replace("单知远", "").replace("梁静怡", "") for page in pages]
    assert texts[0] == texts[1]


def test_where_nothing_can_cover_it_all_questions_wait(app, browse, reused):
    first, _ = reused(staff=KEY)
    page = browse("staff").get(my_url(app, first))
    assert shown(page) == set()
    assert "得分 30分" in page.text
    assert "答对" not in page.text_of("main")
    assert "其余各题到时一并显示" in page.text


def test_whoever_does_not_sit_the_other_exam_sees_everything(app, browse, reused):
    first, _ = reused(only=("other",))
    assert shown(browse("staff").get(my_url(app, first))) == {1, 2, 3}


@pytest.mark.db
def test_a_sheet_is_neither_made_nor_opened_meanwhile(app, browse, now, reused):
    with app.app_context():
        first = released_exam(now, staff=ANSWERS)
    staff = browse("staff")
    staff.submit(staff.get(my_url(app, first)), form="form[action$=sheet]")
    with app.app_context():
        run_jobs()
    assert staff.get(my_url(app, first, "sheet.pdf")).data.startswith(b"%PDF-")
    with app.app_context():
        second = publish_exam([frozen(first)[1].question_id], only=["staff"], pass_marks=TEN)
    assert my_url(app, first, "sheet.pdf") not in staff.get(my_url(app, first)).links()
    opened = staff.get(my_url(app, first, "sheet.pdf"), status=303)
    assert opened.location == my_url(app, first)
    assert "等那场考试公布成绩后再打开" in staff.follow(opened).text
    sent = {"csrf_token": staff.token()}
    ordered = staff.post(my_url(app, first, "sheet"), sent, status=303)
    assert ordered.location == my_url(app, first)
    let_out(app, now, second)
    assert browse("staff").get(my_url(app, first, "sheet.pdf")).data.startswith(b"%PDF-")


def test_no_job_is_ordered_for_a_sheet_that_waits(app, browse, reused):
    first, _ = reused()
    staff = browse("staff")
    staff.post(my_url(app, first, "sheet"), {"csrf_token": staff.token()}, status=303)
    with app.app_context():
        assert jobs_of("files.paper") == []


@pytest.mark.db
def test_an_organiser_who_sits_the_other_exam_sees_no_key_either(app, browse, now):
    with app.app_context():
        first = publish_exam(only=["staff"])
        public_id = sit(first, "staff", ANSWERS)
        now.move(hours=9)
        sweep()
        release(first)
        publish_exam([frozen(first)[0].question_id], only=["other"], pass_marks=TEN)
        grant("other", Role.CLERK)
    path = f"/exams/papers/{first}/results/{public_id}"
    assert shown(browse("clerk").get(path)) == {1, 2, 3}
    assert shown(browse("other").get(path)) == {3}
