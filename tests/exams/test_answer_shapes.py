"""What an answer may be, how it is stored and how it reads, for every kind of question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exams.answer_shapes import MOST, AnswerShape, is_answered, write_answer
from app.questions.kinds import QuestionKind
from tests.conftest import ROUNDS

K = QuestionKind
often = settings(max_examples=max(100, ROUNDS), deadline=None, database=None, print_blob=True)
# What hands and programs send: half characters, ends of lines of all kinds, signs nobody sees.
DIRT = st.text(
    st.sampled_from("甲Ａa1 　\r\n\t\0\x0b\x1f\x7f\x85\u200b\u2028\ud800\ufeff"), max_size=8
)
TEXTS = st.one_of(DIRT, st.text(max_size=8))


def shape(kind, blank_count=0, labels="ABCD"):
    return AnswerShape(kind=kind, labels=tuple(labels), blank_count=blank_count)


@pytest.mark.parametrize(
    ("kind", "chosen", "fits"),
    [
        (K.SINGLE, [], True),
        (K.SINGLE, ["A"], True),
        (K.SINGLE, ["A", "B"], False),
        (K.SINGLE, ["A", "A"], False),
        (K.SINGLE, ["E"], False),
        (K.SINGLE, [""], False),
        (K.MULTIPLE, ["D", "A"], True),
        (K.MULTIPLE, ["A", "A"], False),
        (K.MULTIPLE, ["A", "E"], False),
    ],
)
def test_a_choice_is_of_the_options_each_once_and_one_where_one_is_asked(kind, chosen, fits):
    assert shape(kind).fits(chosen) is fits


def test_true_or_false_is_one_word_of_the_two():
    truth = shape(K.TRUE_FALSE, labels=("true", "false"))
    assert truth.fits(["true"])
    assert truth.fits([])
    assert not truth.fits(["true", "false"])
    assert not truth.fits(["对"])


@pytest.mark.parametrize("kind", MOST)
def test_a_text_may_be_as_long_as_its_kind_says_and_no_longer(kind):
    most = {K.BLANK: 200, K.NUMERIC: 200, K.SHORT: 2000, K.ESSAY: 10000}[kind]
    assert shape(kind, 1).fits(["字" * most])
    assert not shape(kind, 1).fits(["字" * (most + 1)])
    # A form sends each end of a line as two characters.
    assert shape(kind, 1).fits(["\r\n" * most])


@pytest.mark.parametrize(
    ("kind", "blank_count", "places"),
    [(K.BLANK, 3, 3), (K.BLANK, 0, 1), (K.NUMERIC, 0, 1), (K.SHORT, 0, 1), (K.ESSAY, 0, 1)],
)
def test_there_are_as_many_texts_as_places_or_none(kind, blank_count, places):
    asked = shape(kind, blank_count)
    for count in range(6):
        assert asked.fits(["甲"] * count) is (count in {0, places})


def test_each_blank_has_its_own_bound():
    assert shape(K.BLANK, 2).fits(["字" * 200, "字" * 200])
    assert not shape(K.BLANK, 2).fits(["", "字" * 201])


def test_labels_are_sorted_and_texts_keep_their_order():
    assert shape(K.MULTIPLE).tidy(["C", "A", "B"]) == ["A", "B", "C"]
    assert shape(K.BLANK, 3).tidy(["丙", "", " 甲　"]) == ["丙", "", "甲"]


def test_ends_of_lines_stay_in_an_essay_and_become_blanks_in_a_line():
    sent = "\ufeff一、收件\r\n\t二、受理\0\r三、办结\u2028四\u200b、送达 "
    assert shape(K.ESSAY).tidy([sent]) == ["一、收件\n\t二、受理\n三、办结\n四、送达"]
    assert shape(K.BLANK, 1).tidy(["甲\r\n乙\t丙"]) == ["甲 乙 丙"]


@pytest.mark.parametrize("text", ["", "  ", "　", "\r\n", "\0", "\u200b\ufeff", "\x85", "\ud800"])
@pytest.mark.parametrize("kind", MOST)
def test_an_answer_in_which_nothing_stands_is_none(kind, text):
    assert shape(kind, 2).tidy([text, text]) == []


@often
@given(st.sampled_from(list(MOST)), st.lists(TEXTS, max_size=3))
def test_a_tidied_answer_stays_what_it_is_and_can_be_stored(kind, sent):
    asked = shape(kind, len(sent))
    tidied = asked.tidy(sent)
    assert asked.tidy(tidied) == tidied
    assert asked.fits(tidied) or not asked.fits(sent)
    assert is_answered(tidied) is (tidied != [])
    for text in tidied:
        assert text == text.strip()
        assert text.encode().decode() == text
        assert not any(ord(each) < 32 and each not in "\n\t" for each in text)


@often
@given(st.lists(st.sampled_from("ABCDEFGH"), unique=True), st.randoms(use_true_random=False))
def test_the_order_in_which_options_were_chosen_is_not_kept(labels, chance):
    turned = [*labels]
    chance.shuffle(turned)
    assert shape(K.MULTIPLE).tidy(turned) == shape(K.MULTIPLE).tidy(labels)
    assert write_answer(K.MULTIPLE, turned) == write_answer(K.MULTIPLE, labels)


@pytest.mark.parametrize(
    ("kind", "chosen", "written"),
    [
        (K.SINGLE, ["C"], "C"),
        (K.MULTIPLE, ["D", "A", "C"], "ACD"),
        (K.TRUE_FALSE, ["true"], "正确"),
        (K.TRUE_FALSE, ["false"], "错误"),
        (K.BLANK, ["告知"], "告知"),
        (K.BLANK, ["亮身份", "", "亮承诺"], "①亮身份　②（未填）　③亮承诺"),
        (K.NUMERIC, ["15.5"], "15.5"),
        (K.SHORT, ["先办件。\n再说明。"], "先办件。\n再说明。"),
        (K.ESSAY, ["甲"], "甲"),
        *((kind, [], "未作答") for kind in K),
        (K.BLANK, ["", ""], "未作答"),
    ],
)
def test_an_answer_reads_as_people_write_it(kind, chosen, written):
    assert write_answer(kind, chosen) == written


def test_the_twenty_first_blank_has_a_mark_too():
    written = write_answer(K.BLANK, ["甲"] * 21)
    assert written.startswith("①甲　②甲")
    assert written.endswith("⑳甲　（21）甲")
