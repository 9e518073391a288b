"""A long file of mixed layouts and known faults: what is sure is right, what is faulty is said.

"at least 98 % right, the rest listed as doubtful, none wrong and silent".
"""

import os

import pytest

from app.questions.parsing import parse_file
from tests.questions.importing.expectations import compare, unplaced
from tests.questions.importing.generator import make_long

# Three files in the short form, 28 with `--long`.
SEEDS = [
    int(os.environ.get("SEED", "20261123")) + at
    for at in range(max(3, int(os.environ.get("ROUNDS", "200")) // 70))
]


@pytest.fixture(
    params=[(seed, name) for seed in SEEDS for name in ("长.txt", "长.docx")], scope="module"
)
def read(request):
    seed, name = request.param
    print(f"SEED={seed} {name}")
    made = make_long(seed)
    content = made.text if name.endswith("txt") else made.word
    return made, parse_file(content, name)


def test_no_question_of_a_long_file_is_wrong_and_silent(read):
    made, result = read
    verdict = compare(result, made.questions)
    assert not verdict.silent, "\n".join(verdict.silent[:10])


def test_nearly_all_sound_questions_of_a_long_file_are_right(read):
    made, result = read
    verdict = compare(result, made.questions)
    assert verdict.share_right >= 0.98, "\n".join(verdict.missed[:10])


def test_text_that_belongs_to_no_question_is_said(read):
    made, result = read
    stray = [each for each in made.questions if each.doubt == "stray text"]
    taken = {each.stem for each in result.questions if result.is_sure(each)}
    assert len(unplaced(result)) >= sum(each.stem in taken for each in stray)


def test_the_same_seed_makes_the_same_file():
    assert make_long(1, count=100) == make_long(1, count=100)


def test_a_long_file_holds_faults_at_about_the_given_rate():
    made = make_long(1)
    assert 0.03 <= made.faulty / len(made.questions) <= 0.12
    assert len({each.stem for each in made.questions}) == len(made.questions)
