"""Each layout of the halls' files is read as a careful clerk reads it."""

from dataclasses import replace

import pytest

from app.questions.parsing import parse_file
from tests.questions.importing.expectations import compare, unplaced
from tests.questions.importing.fixtures import FIXTURES


@pytest.fixture(params=FIXTURES, scope="module")
def read(request):
    source = FIXTURES[request.param]()
    return source, parse_file(source.content, source.name, answers=source.answers)


def test_no_question_is_wrong_and_silent(read):
    source, result = read
    verdict = compare(result, source.questions)
    assert not verdict.silent, "\n".join(verdict.silent)


def test_every_sound_question_is_taken_as_it_stands(read):
    source, result = read
    verdict = compare(result, source.questions)
    assert not verdict.missed, "\n".join(verdict.missed)


def test_every_doubt_is_said_to_a_person(read):
    source, result = read
    doubtful = sum(bool(each.doubt) for each in source.questions)
    said = {each.place for each in result.problems if each.place is not None}
    assert len(said) + len(unplaced(result)) >= doubtful


def test_every_doubt_has_a_place_and_a_sentence(read):
    _, result = read
    for problem in result.problems:
        assert problem.where
        assert any("一" <= letter <= "鿿" for letter in problem.message)


def test_a_wrong_key_given_as_sure_would_be_noticed():
    source = FIXTURES["options on separate lines"]()
    result = parse_file(source.content, source.name)
    first = replace(result.questions[0], answer=["A"])
    spoiled = replace(result, questions=(first, *result.questions[1:]))
    assert len(compare(spoiled, source.questions).silent) == 1
