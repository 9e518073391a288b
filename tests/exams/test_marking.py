"""From answers to marks, without a database: whatever is drawn, the rules of the paper hold."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.exams.comparing import is_free_order, read_number
from app.exams.kinds import PartRule, write_part_rule
from app.exams.marking import BY_HAND, KeyedQuestion, Marked, Scheme, mark
from app.questions.kinds import QuestionKind
from tests.conftest import ROUNDS

K, P = QuestionKind, PartRule
LETTERS = "ABCDEFGH"
LABELS = st.sampled_from(LETTERS)
MARKS = st.integers(min_value=1, max_value=10_000).map(lambda each: Decimal(each) / 100)
KEYS = st.frozensets(LABELS, min_size=1)
WORDS = st.sampled_from("甲乙丙丁戊己庚辛")
NUMBERS = st.decimals(min_value=-5000, max_value=5000, places=2).map(str)
often = settings(max_examples=max(100, ROUNDS), deadline=None, database=None, print_blob=True)


@st.composite
def schemes(draw, rules=tuple(PartRule)):
    rule = draw(st.sampled_from(rules))
    return Scheme(part_rule=rule, option_marks=draw(MARKS) if rule is P.PER_OPTION else None)


@st.composite
def blank_keys(draw):
    """Draw a key that different texts can fill: the first of each blank is its own."""
    firsts = draw(st.lists(WORDS, min_size=1, max_size=4, unique=True))
    return [[first, *draw(st.lists(WORDS, max_size=2))] for first in firsts]


def keys(kind):
    """Draw a key as the contract of questions writes it."""
    return {
        K.SINGLE: LABELS.map(lambda each: [each]),
        K.MULTIPLE: KEYS.map(sorted),
        K.TRUE_FALSE: st.sampled_from([["true"], ["false"]]),
        K.BLANK: blank_keys(),
        K.NUMERIC: st.tuples(NUMBERS, st.sampled_from(["0", "0.5", "3"])).map(
            lambda each: [{"value": each[0], "tolerance": each[1]}]
        ),
    }.get(kind, st.just(["先办件。"]))


def full_answer(question):
    """Give an answer that is exactly the key."""
    if question.kind is K.BLANK:
        return [each[0] for each in question.key]
    return [question.key[0]["value"]] if question.kind is K.NUMERIC else list(question.key)


def any_answer(question):
    """Draw an answer that somebody may give, right, nearly right or neither."""
    return st.one_of(
        st.just([]),
        st.just(full_answer(question)),
        {
            K.TRUE_FALSE: st.lists(st.sampled_from(["true", "false"]), unique=True),
            K.BLANK: st.lists(st.one_of(WORDS, st.text(max_size=3)), max_size=5),
            K.NUMERIC: st.tuples(st.one_of(NUMBERS, st.text(max_size=6))),
            K.SHORT: st.tuples(st.text(max_size=6)),
            K.ESSAY: st.tuples(st.text(max_size=6)),
        }.get(question.kind, st.lists(LABELS, unique=True)),
    ).map(list)


@st.composite
def questions(draw, number=1, kinds=tuple(K), **values):
    kind = draw(st.sampled_from(kinds))
    drawn = {
        "number": number,
        "kind": kind,
        "marks": draw(MARKS),
        "key": draw(keys(kind)),
        "is_free_order": draw(st.booleans()),
    }
    return KeyedQuestion(**drawn | values)


@st.composite
def papers(draw, kinds=tuple(K)):
    count = draw(st.integers(1, 8))
    return [draw(questions(number=number, kinds=kinds)) for number in range(1, count + 1)]


@st.composite
def sat_papers(draw):
    """Draw a paper with answers and marks by hand, about half of them right."""
    paper = draw(papers())
    chosen = {each.number: draw(any_answer(each)) for each in paper if draw(st.booleans())}
    by_hand = {
        each.number: draw(st.integers(0, int(each.marks * 100))) / Decimal(100)
        for each in paper
        if each.kind in BY_HAND and draw(st.booleans())
    }
    return paper, chosen, by_hand


def one(question, chosen, scheme=None, by_hand=None):
    """Mark a single answer."""
    hand_marks = {} if by_hand is None else {question.number: by_hand}
    marked = mark([question], scheme or Scheme(), {question.number: chosen}, hand_marks)
    return marked.by_number[question.number]


def item(kind, key, marks=2, **values):
    return KeyedQuestion(number=1, kind=kind, marks=Decimal(marks), key=key, **values)


def multiple(marks, chosen, scheme, key="ABC"):
    return one(item(K.MULTIPLE, list(key), marks), list(chosen), scheme)


@often
@given(sat_papers(), schemes())
def test_an_answer_earns_between_nothing_and_all_in_whole_hundredths(sat, scheme):
    paper, chosen, by_hand = sat
    marked = mark(paper, scheme, chosen, by_hand)
    for question in paper:
        earned = marked.by_number[question.number]
        if earned is None:
            assert question.kind in BY_HAND
            assert question.number not in by_hand
        else:
            assert 0 <= earned <= question.marks
            assert earned * 100 == int(earned * 100)


@often
@given(sat_papers(), schemes())
def test_the_total_is_the_exact_sum_and_the_count_that_of_full_answers(sat, scheme):
    paper, chosen, by_hand = sat
    marked = mark(paper, scheme, chosen, by_hand)
    earned = [each for each in marked.by_number.values() if each is not None]
    assert marked.marks * 100 == sum(int(each * 100) for each in earned)
    full = {each.number: each.marks for each in paper}
    assert marked.correct_count == sum(full[n] == each for n, each in marked.by_number.items())
    assert set(marked.by_number) == set(full)
    assert marked.is_complete is (len(earned) == len(paper))


@often
@given(papers(kinds=tuple(set(K) - BY_HAND)), schemes())
def test_the_key_itself_earns_everything_and_nothing_earns_nothing(paper, scheme):
    full = mark(paper, scheme, {each.number: full_answer(each) for each in paper})
    assert full.marks == sum((each.marks for each in paper), Decimal(0))
    assert (full.correct_count, full.is_complete) == (len(paper), True)
    for empty in ({}, {each.number: [] for each in paper}, {each.number: [""] for each in paper}):
        marked = mark(paper, scheme, empty)
        assert (marked.marks, marked.correct_count, marked.is_complete) == (Decimal(0), 0, True)


@often
@given(sat_papers(), schemes(), st.randoms(use_true_random=False))
def test_neither_the_order_of_labels_nor_of_questions_matters(sat, scheme, chance):
    paper, chosen, by_hand = sat
    shuffled = [*paper]
    chance.shuffle(shuffled)
    is_ordered = {each.number for each in paper if each.kind is K.BLANK and not each.is_free_order}
    turned = {n: each if n in is_ordered else each[::-1] for n, each in chosen.items()}
    assert mark(shuffled, scheme, turned, by_hand) == mark(paper, scheme, chosen, by_hand)


@often
@given(sat_papers(), schemes(), st.lists(LABELS, unique=True))
def test_an_answer_to_a_question_that_is_not_on_the_paper_counts_for_nothing(sat, scheme, labels):
    paper, chosen, by_hand = sat
    more = mark(paper, scheme, {**chosen, 999: labels}, {**by_hand, 999: Decimal(5)})
    assert more == mark(paper, scheme, chosen, by_hand)


@often
@given(questions(kinds=(K.MULTIPLE,)), schemes())
def test_choosing_everything_earns_nothing_unless_everything_is_right(question, scheme):
    is_all = len(question.key) == len(LETTERS)
    assert one(question, list(LETTERS), scheme) == (question.marks if is_all else 0)


@often
@given(questions(kinds=(K.SINGLE, K.MULTIPLE)), schemes(), st.lists(LABELS, unique=True), LABELS)
def test_a_wrong_option_more_never_gains(question, scheme, chosen, wrong):
    assume(wrong not in question.key)
    with_wrong = one(question, [*{*chosen, wrong}], scheme)
    assert with_wrong == 0
    assert with_wrong <= one(question, chosen, scheme)


@often
@given(questions(kinds=(K.MULTIPLE,)), schemes(), st.data())
def test_a_right_option_more_never_loses(question, scheme, data):
    part = data.draw(st.lists(st.sampled_from(question.key), unique=True))
    more = data.draw(st.sampled_from(question.key))
    assert one(question, [*{*part, more}], scheme) >= one(question, part, scheme)


@often
@given(st.data(), schemes())
def test_a_further_key_never_loses_and_earns_all_for_whoever_meant_it(data, scheme):
    kinds = tuple(set(K) - BY_HAND)
    question = data.draw(questions(kinds=kinds))
    others = data.draw(st.lists(keys(question.kind), min_size=1, max_size=2))
    chosen = data.draw(any_answer(question))
    values = {name: getattr(question, name) for name in question.__dataclass_fields__}
    further = KeyedQuestion(**values | {"alternatives": others})
    assert one(further, chosen, scheme) >= one(question, chosen, scheme)
    meant = full_answer(KeyedQuestion(**values | {"key": others[-1]}))
    assert one(further, meant, scheme) == question.marks


@often
@given(st.data(), schemes())
def test_a_void_question_earns_all_whatever_was_answered(data, scheme):
    question = data.draw(questions(is_void=True))
    by_hand = data.draw(st.sampled_from([None, Decimal(0)]))
    for chosen in (data.draw(any_answer(question)), [], ["?"]):
        assert one(question, chosen, scheme, by_hand) == question.marks
    assert mark([question], scheme, {}).correct_count == 1


def old_mark(paper, chosen):
    """Mark as the exams before this one were: by sets of labels, right or wrong as a whole."""
    by_number = {
        each.number: each.marks
        if frozenset(chosen.get(each.number, ())) == frozenset(each.key)
        else Decimal(0)
        for each in paper
    }
    return Marked(
        marks=sum(by_number.values(), Decimal(0)),
        correct_count=sum(1 for each in by_number.values() if each),
        by_number=by_number,
        is_complete=True,
    )


@often
@given(st.data())
def test_an_older_paper_is_marked_as_it_was(data):
    paper = data.draw(papers(kinds=(K.SINGLE, K.MULTIPLE, K.TRUE_FALSE)))
    chosen = {each.number: data.draw(any_answer(each)) for each in paper}
    assert mark(paper, Scheme(), chosen) == old_mark(paper, chosen)


@pytest.mark.parametrize(
    ("marks", "earned"),
    [
        ("0.5", "0"),
        ("1", "0"),
        ("1.01", "1"),
        ("1.5", "1"),
        ("2", "1"),
        ("2.5", "2"),
        ("3", "2"),
        ("4", "2"),
        ("5", "3"),
        ("10", "5"),
    ],
)
def test_a_part_earns_half_rounded_up_as_published(marks, earned):
    """少选得固定分(一半): 'wrong → 0; item ≤ 1 mark → 0; item > 1 and odd or fractional → half
    rounded up', the published rule of 问卷星 for 考试 questions.
    """
    for part in ("A", "BC"):
        assert multiple(marks, part, Scheme(part_rule=P.HALF)) == Decimal(earned)
    assert multiple(marks, "AD", Scheme(part_rule=P.HALF)) == 0


@pytest.mark.parametrize(
    ("marks", "key", "chosen", "earned"),
    [
        ("3", "ABC", "A", "1"),
        ("3", "ABC", "AC", "2"),
        ("2", "ABC", "A", "0.5"),
        ("2", "ABC", "AB", "1"),
        ("2", "ABCD", "ABC", "1.5"),
        ("2.5", "AB", "A", "1"),
        ("1.2", "ABCDEFGH", "ABCDEFG", "1"),
        ("1.01", "AB", "A", "0.5"),
        ("1", "AB", "A", "0"),
        ("3", "ABC", "ABD", "0"),
    ],
)
def test_a_part_earns_its_share_in_half_marks_rounded_down(marks, key, chosen, earned):
    assert multiple(marks, chosen, Scheme(part_rule=P.PARTIAL), key) == Decimal(earned)


@often
@given(questions(kinds=(K.MULTIPLE,)), schemes(rules=(P.HALF, P.PARTIAL, P.ALL_OR_NOTHING)))
def test_a_part_is_never_worth_the_whole(question, scheme):
    assert one(question, question.key[1:], scheme) < question.marks


def test_each_right_option_earns_what_the_exam_says():
    scheme = Scheme(part_rule=P.PER_OPTION, option_marks=Decimal("0.5"))
    earned = {chosen: multiple(2, chosen, scheme) for chosen in ("A", "AB", "ABC", "ABD", "D", "")}
    half, all_of_it = Decimal("0.5"), Decimal(2)
    assert earned == {"A": half, "AB": 1, "ABC": all_of_it, "ABD": 0, "D": 0, "": 0}
    assert multiple("0.4", "A", scheme) == Decimal("0.4")
    assert multiple("0.9", "AB", scheme) == Decimal("0.9")


def test_a_part_earns_nothing_where_nothing_else_is_said():
    assert multiple(5, "AB", Scheme()) == 0


def test_a_true_or_false_question_is_marked_by_its_word():
    question = item(K.TRUE_FALSE, ["false"], "2.5")
    assert one(question, ["false"]) == Decimal("2.5")
    assert one(question, ["true"]) == 0
    assert one(question, ["true", "false"]) == 0


def test_two_marks_over_three_blanks_lose_no_hundredth():
    question = item(K.BLANK, [["亮身份"], ["亮标准"], ["亮承诺"]])
    right = [each[0] for each in question.key]
    earned = [one(question, right[:count] + ["错"] * (3 - count)) for count in range(4)]
    assert earned == [Decimal(each) for each in ("0", "0.66", "1.33", "2")]
    assert one(question, ["错", "错", "亮承诺"]) == Decimal("0.66")
    assert one(question, ["亮标准", "亮身份", "亮承诺"]) == Decimal("0.66")
    assert one(question, ["亮身份"]) == Decimal("0.66")


@pytest.mark.parametrize(
    "text",
    [
        "App端",
        "ＡＰＰ端",
        " app 端 ",
        "app端。",
        "ａｐｐ　端；",
        "A\u200bPP端\ufeff",
        "客户端",
        "客户端……",
    ],
)
def test_a_synonym_may_be_written_in_any_width_case_and_with_a_full_stop(text):
    assert one(item(K.BLANK, [["APP端", "客户端"]]), [text]) == 2


@pytest.mark.parametrize("text", ["", "。", "A端", "APP端口", "网页端", "端APP", "?", "\x00"])
def test_another_text_is_wrong(text):
    assert one(item(K.BLANK, [["APP端", "客户端"]]), [text]) == 0


def test_a_mark_may_itself_be_what_is_asked():
    question = item(K.BLANK, [["、"]])
    assert one(question, ["、"]) == 2
    assert one(question, ["。"]) == 0


def test_in_free_order_each_text_finds_its_blank():
    key = [["亮身份", "身份"], ["亮标准"], ["亮承诺"]]
    free, ordered = item(K.BLANK, key, 3, is_free_order=True), item(K.BLANK, key, 3)
    assert one(free, ["亮承诺", "身份", "亮标准"]) == 3
    assert one(ordered, ["亮承诺", "身份", "亮标准"]) == 0
    assert one(free, ["", "亮承诺", "亮成绩"]) == 1


def test_in_free_order_the_same_text_counts_once():
    question = item(K.BLANK, [["甲", "乙", "丙"]] * 3, 3, is_free_order=True)
    assert one(question, ["甲", "甲", "甲。"]) == 1
    assert one(question, ["甲", "乙", " 甲"]) == 2
    assert one(question, ["丙", "甲", "乙"]) == 3


def test_in_free_order_a_key_that_repeats_a_text_can_still_be_met():
    question = item(K.BLANK, [["甲"], ["甲"], ["乙"]], 3, is_free_order=True)
    assert one(question, ["乙", "甲", "甲"]) == 3
    assert one(question, ["甲", "甲", "甲"]) == 2


def test_in_free_order_who_came_first_makes_room():
    """甲 fits both blanks, 乙 only the first: whoever looks at them in turn finds but one."""
    question = item(K.BLANK, [["甲", "乙"], ["甲"]], is_free_order=True)
    assert one(question, ["甲", "乙"]) == 2
    chain = item(K.BLANK, [["甲", "丙"], ["甲", "乙"], ["乙"]], 3, is_free_order=True)
    assert one(chain, ["甲", "乙", "丙"]) == 3


@often
@given(
    questions(kinds=(K.BLANK,), is_free_order=True), st.randoms(use_true_random=False), st.data()
)
def test_in_free_order_any_order_earns_the_same(question, chance, data):
    given_texts = data.draw(any_answer(question))
    turned = [*given_texts]
    chance.shuffle(turned)
    assert one(question, turned) == one(question, given_texts)
    values = {name: getattr(question, name) for name in question.__dataclass_fields__}
    in_place = KeyedQuestion(**values | {"is_free_order": False})
    if len(set(given_texts)) == len(given_texts):
        assert one(question, given_texts) >= one(in_place, given_texts)


@pytest.mark.parametrize(
    ("stem", "is_free"),
    [
        ("“三亮”是指____、____、____。（顺序不限）", True),
        ("“三亮”是指____、____（不分先后）", True),
        ("“三亮”是指____、____（次 序 不限）", True),
        ("“三亮”依次是____、____。", False),
        ("", False),
    ],
)
def test_a_stem_says_whether_the_order_of_its_blanks_is_free(stem, is_free):
    assert is_free_order(stem) is is_free


@pytest.mark.parametrize(
    ("text", "is_right"),
    [
        ("1234.5", True),
        ("1,234.5", True),
        ("１，２３４．５", True),
        (" +1234.50 ", True),
        ("01234.5", True),
        ("1234", True),
        ("1235", True),
        ("1233.99", False),
        ("1235.01", False),
        ("1235." + "0" * 60 + "1", False),
        ("1234." + "0" * 60 + "1", True),
        ("-1234.5", False),
        ("12,34.5", False),
        ("1234,5", False),
        ("1234.5个", False),
        ("1 234.5", False),
        ("1234.5.", False),
        ("1.2345e3", False),
        ("一二三四", False),
        ("١٢٣٤", False),
        ("NaN", False),
        ("Infinity", False),
        ("", False),
    ],
)
def test_a_number_is_right_within_its_tolerance_and_its_bounds(text, is_right):
    question = item(K.NUMERIC, [{"value": "1234.5", "tolerance": "0.5"}])
    assert one(question, [text]) == (2 if is_right else 0)


def test_a_number_without_tolerance_is_right_as_it_is_and_may_be_negative():
    question = item(K.NUMERIC, [{"value": "-3", "tolerance": "0"}])
    assert one(question, ["－3.00"]) == 2
    assert one(question, ["−3"]) == 2
    assert one(question, ["-3.01"]) == 0


@often
@given(st.one_of(st.text(), st.from_regex(r"[-+0-9.,eE_ ０-９]{0,12}")))
def test_no_text_breaks_the_reading_of_a_number(text):
    question = item(K.NUMERIC, [{"value": "5", "tolerance": "1"}])
    assert one(question, [text]) in {0, 2}


def test_a_number_of_endless_digits_is_none():
    assert read_number("9" * 200) is not None
    assert read_number("9" * 10_000) is None


@pytest.mark.parametrize("kind", sorted(BY_HAND))
def test_a_written_answer_waits_for_somebody_and_an_empty_one_does_not(kind):
    question = item(kind, ["先办件。"], 10)
    waiting = mark([question], Scheme(), {1: ["先办件。"]})
    assert (waiting.by_number, waiting.marks, waiting.is_complete) == ({1: None}, 0, False)
    assert waiting.correct_count == 0
    marked = mark([question], Scheme(), {1: ["先办件。"]}, {1: Decimal("7.5")})
    assert (marked.marks, marked.is_complete) == (Decimal("7.5"), True)
    empty = mark([question], Scheme(), {}, {1: Decimal("7.5")})
    assert (empty.marks, empty.is_complete) == (Decimal(0), True)


def test_marks_by_hand_never_leave_the_bounds_of_the_question():
    question = item(K.ESSAY, ["先办件。"], 10)
    assert one(question, ["答"], by_hand=Decimal(11)) == 10
    assert one(question, ["答"], by_hand=Decimal(-1)) == 0


def test_the_rule_of_an_exam_reads_as_it_marks():
    assert write_part_rule(P.ALL_OR_NOTHING) == "多选题少选、错选均不得分。"
    assert "每选对一项得0.5分" in write_part_rule(P.PER_OPTION, Decimal("0.50"))
    written = {write_part_rule(each, Decimal(1)) for each in P}
    assert len(written) == len(P)
    assert all("错选" in each and each.endswith("。") for each in written)
