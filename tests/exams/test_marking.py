"""From answers to marks, without a database: whatever is drawn, the rules of the paper hold."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from app.exams.marking import KeyedQuestion, mark
from tests.conftest import ROUNDS

LABELS = st.sampled_from("ABCDEFGH")
MARKS = st.integers(min_value=1, max_value=10_000).map(lambda each: Decimal(each) / 100)
KEYS = st.frozensets(LABELS, min_size=1)
often = settings(max_examples=max(100, ROUNDS), deadline=None, database=None, print_blob=True)


@st.composite
def papers(draw):
    keys = draw(st.lists(st.tuples(KEYS, MARKS), min_size=1, max_size=8))
    return [
        KeyedQuestion(number=number, marks=marks, key=key)
        for number, (key, marks) in enumerate(keys, start=1)
    ]


@st.composite
def sat_papers(draw):
    """Draw a paper with answers, about half of them right."""
    paper = draw(papers())
    chosen = {}
    for question in paper:
        is_right = draw(st.booleans())
        given_labels = sorted(question.key) if is_right else draw(st.lists(LABELS, unique=True))
        if is_right or draw(st.booleans()):
            chosen[question.number] = given_labels
    return paper, chosen


@often
@given(sat_papers())
def test_a_question_earns_all_its_marks_or_none(sat):
    """多选题少选、错选均不得分."""
    paper, chosen = sat
    marked = mark(paper, chosen)
    for question in paper:
        is_right = set(chosen.get(question.number, ())) == question.key
        assert marked.by_number[question.number] == (question.marks if is_right else 0)


@often
@given(sat_papers())
def test_the_total_is_the_exact_sum_and_the_count_that_of_right_answers(sat):
    paper, chosen = sat
    marked = mark(paper, chosen)
    cents = [int(each * 100) for each in marked.by_number.values()]
    assert int(marked.marks * 100) == sum(cents)
    assert marked.marks * 100 == sum(cents)
    assert marked.correct_count == sum(1 for each in cents if each)
    assert set(marked.by_number) == {question.number for question in paper}


@often
@given(papers())
def test_the_key_itself_earns_everything_and_nothing_earns_nothing(paper):
    full = mark(paper, {question.number: sorted(question.key) for question in paper})
    assert full.marks == sum((question.marks for question in paper), Decimal(0))
    assert full.correct_count == len(paper)
    empty = mark(paper, {})
    assert (empty.marks, empty.correct_count) == (Decimal(0), 0)


@often
@given(papers(), LABELS)
def test_one_label_more_or_less_earns_nothing(paper, label):
    """A key is a set: the symmetric difference with one label is always another set."""
    chosen = {question.number: sorted(question.key ^ {label}) for question in paper}
    assert mark(paper, chosen).marks == 0


@often
@given(sat_papers(), st.randoms(use_true_random=False))
def test_neither_the_order_of_labels_nor_of_questions_matters(sat, chance):
    paper, chosen = sat
    shuffled = [*paper]
    chance.shuffle(shuffled)
    turned = {number: labels[::-1] for number, labels in chosen.items()}
    assert mark(shuffled, turned) == mark(paper, chosen)


@often
@given(sat_papers(), st.lists(LABELS, unique=True))
def test_an_answer_to_a_question_that_is_not_on_the_paper_counts_for_nothing(sat, labels):
    paper, chosen = sat
    assert mark(paper, {**chosen, 999: labels}) == mark(paper, chosen)


def test_a_true_or_false_question_is_marked_by_its_word():
    paper = [KeyedQuestion(number=1, marks=Decimal("2.50"), key=frozenset({"false"}))]
    assert mark(paper, {1: ["false"]}).marks == Decimal("2.5")
    assert mark(paper, {1: ["true"]}).marks == 0
    assert mark(paper, {1: ["true", "false"]}).marks == 0
