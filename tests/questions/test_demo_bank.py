"""The demonstration's bank: enough questions, a basis that exists, and keys that give nothing away.

"试卷由公共题和岗位题组成，题目写明依据": each basis is looked up in the plans or in the rules.
"""

import re
import tomllib
from collections import Counter
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

import pytest

from app.accounts.roster.models import PostGroup
from app.questions.demo_bank.loading import load_bank
from app.questions.demo_bank.shape import BankQuestion, Measure
from app.questions.kinds import QuestionDifficulty, QuestionKind
from app.questions.models import QuestionCategory
from app.regulations.demo_texts import NEXT, PAPER_SIGN_IN, RULES, Told

PLANS = Path(__file__).parents[2] / "docs" / "plans"
PLAN_FILES = {2023: "2023-clean-window-plan", 2025: "2025-efficiency-plan"}
NUMBERS = "一二三四五六七八九十"
FORBIDDEN = (
    *("处分", "谈话函询", "一票否决", "廉政档案", "个人重大事项"),
    *("以上都对", "以上皆是", "以上均", "都不对", "宝山", "习近平", "红黑榜", "末位", "排名"),
)
SITUATION = re.compile(
    "群众|企业来|企业想|同事|小[陈林李王吴周赵]|某(窗口|部门|科室|专窗|综合窗口|点位|月)"
    "|应当(怎样|先|安排|由谁)|窗口人员(要|的)"
)
ALIKE = 0.9
# By so many characters an article that only got stricter is told from one that was replaced.
OPENING = 5
QUOTED = re.compile("原文是“([^”]+)”")


@pytest.fixture(scope="module")
def bank() -> list[BankQuestion]:
    return load_bank()


def of_kind(bank: list[BankQuestion], kind: QuestionKind) -> list[BankQuestion]:
    return [each for each in bank if each.parsed.kind is kind]


def spread(bank: list[BankQuestion], kind: QuestionKind) -> Counter[str]:
    return Counter("".join(each.parsed.answer) for each in of_kind(bank, kind))


def measures_of(plan: int) -> set[Measure]:
    content = tomllib.loads((PLANS / f"{PLAN_FILES[plan]}.toml").read_text(encoding="utf-8"))
    return {Measure(plan=plan, code=each["code"]) for each in content["measures"]}


def plain(text: str) -> str:
    """Take away what a quotation may change: punctuation, spaces, inner quotes."""
    return re.sub(r"[\s“”‘’*,，。;；、:：（）()]", "", text)


def read_plan(plan: int) -> str:
    return plain((PLANS / f"{PLAN_FILES[plan]}.txt").read_text(encoding="utf-8"))


def read(question: BankQuestion) -> str:
    """Give every word that a person may see of a question."""
    parsed = question.parsed
    shared = parsed.group.stem if parsed.group else ""
    options = [each.text for each in parsed.options]
    return "\n".join([shared, parsed.stem, *options, str(parsed.answer), parsed.analysis])


def article_of(told: Told, label: str) -> str | None:
    place = NUMBERS.index(label[1])
    return told.articles[place] if place < len(told.articles) else None


def test_bank_has_enough_questions_of_every_kind(bank: list[BankQuestion]) -> None:
    shares = {kind: len(of_kind(bank, kind)) / len(bank) for kind in QuestionKind}
    assert len(bank) >= 320
    assert 0.40 <= shares[QuestionKind.SINGLE] <= 0.50
    assert 0.20 <= shares[QuestionKind.MULTIPLE] <= 0.30
    assert 0.15 <= shares[QuestionKind.TRUE_FALSE] <= 0.25
    written = (QuestionKind.BLANK, QuestionKind.NUMERIC, QuestionKind.SHORT)
    assert min(len(of_kind(bank, kind)) for kind in written) >= 5


def test_bank_divides_into_common_and_post_questions(bank: list[BankQuestion]) -> None:
    common = sum(each.category is QuestionCategory.COMMON for each in bank)
    groups = Counter(each.post_group for each in bank if each.post_group)
    assert 0.55 <= common / len(bank) <= 0.65
    assert set(groups) == set(PostGroup)
    assert min(groups.values()) >= 20


def test_every_difficulty_is_asked(bank: list[BankQuestion]) -> None:
    levels = Counter(each.parsed.difficulty for each in bank)
    assert set(levels) == {level.value for level in QuestionDifficulty}
    assert min(levels.values()) >= 20


def test_cases_have_three_or_four_questions_each(bank: list[BankQuestion]) -> None:
    groups = Counter(each.parsed.group.id for each in bank if each.parsed.group)
    assert len(groups) >= 2
    assert set(groups.values()) <= {3, 4}


def test_questions_of_a_case_are_for_the_same_people(bank: list[BankQuestion]) -> None:
    posts: dict[str, set[PostGroup | None]] = {}
    for question in bank:
        if question.parsed.group:
            posts.setdefault(question.parsed.group.id, set()).add(question.post_group)
    assert {name: each for name, each in posts.items() if len(each) > 1} == {}


def test_a_quarter_of_the_questions_are_situations(bank: list[BankQuestion]) -> None:
    situations = [each for each in bank if SITUATION.search(each.parsed.stem)]
    assert len(situations) >= len(bank) / 4


def test_every_measure_of_both_plans_has_three_questions(bank: list[BankQuestion]) -> None:
    asked = Counter(each.measure for each in bank if each.measure)
    measures = measures_of(2023) | measures_of(2025)
    assert len(measures) == 39
    assert set(asked) == measures
    assert {each: count for each, count in asked.items() if count < 3} == {}


def test_every_article_cited_exists_and_opens_alike_in_the_next_version(
    bank: list[BankQuestion],
) -> None:
    told = {each.name: each for each in RULES}
    versions = [told, told | {each.name: each for each in NEXT}]
    for cited in {each.cited for each in bank if each.cited}:
        now, later = (article_of(each[cited.rule], cited.label) or "" for each in versions)
        assert now, cited
        assert now[:OPENING] == later[:OPENING], cited


def test_no_question_rests_on_the_rule_that_was_withdrawn(bank: list[BankQuestion]) -> None:
    assert PAPER_SIGN_IN.name not in {each.cited.rule for each in bank if each.cited}


def test_words_given_as_the_original_stand_in_the_plan(bank: list[BankQuestion]) -> None:
    plans = {f"{plan}年": read_plan(plan) for plan in PLAN_FILES}
    quotations = [
        (each.parsed.where, str(each.parsed.basis)[:5], words)
        for each in bank
        for words in QUOTED.findall(each.parsed.analysis)
    ]
    assert len(quotations) >= 40
    assert [each for each in quotations if plain(each[2]) not in plans[each[1]]] == []


def test_single_keys_are_spread_evenly(bank: list[BankQuestion]) -> None:
    keys = spread(bank, QuestionKind.SINGLE)
    assert set(keys) == set("ABCD")
    assert all(0.22 <= count / keys.total() <= 0.28 for count in keys.values())


def test_multiple_keys_are_two_to_four_in_varied_sets(bank: list[BankQuestion]) -> None:
    keys = spread(bank, QuestionKind.MULTIPLE)
    assert {len(key) for key in keys} == {2, 3, 4}
    assert len(keys) >= 8
    assert max(keys.values()) <= keys.total() / 4


def test_half_of_the_true_false_questions_are_false(bank: list[BankQuestion]) -> None:
    keys = spread(bank, QuestionKind.TRUE_FALSE)
    assert 0.45 <= keys["false"] / keys.total() <= 0.55


def test_questions_with_a_choice_have_four_options(bank: list[BankQuestion]) -> None:
    choices = of_kind(bank, QuestionKind.SINGLE) + of_kind(bank, QuestionKind.MULTIPLE)
    assert {len(each.parsed.options) for each in choices} == {4}


def test_the_right_option_is_seldom_the_longest(bank: list[BankQuestion]) -> None:
    singles = [each.parsed for each in of_kind(bank, QuestionKind.SINGLE)]
    longest = 0
    for parsed in singles:
        sizes = {each.label: len(each.text) for each in parsed.options}
        right = sizes.pop(parsed.answer[0])
        longest += right > max(sizes.values())
    assert longest / len(singles) <= 0.25


def test_no_stem_holds_its_answer(bank: list[BankQuestion]) -> None:
    told = [
        (parsed.where, option.text)
        for parsed in (each.parsed for each in bank)
        for option in parsed.options
        if option.label in parsed.answer and len(option.text) > 2 and option.text in parsed.stem
    ]
    assert told == []


def test_no_two_stems_are_nearly_the_same(bank: list[BankQuestion]) -> None:
    stems = [each.parsed.stem for each in bank]
    pairs = [(one, other) for one, other in combinations(stems, 2) if are_alike(one, other)]
    assert pairs == []


def are_alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other)
    quick = min(matcher.real_quick_ratio(), matcher.quick_ratio())
    return quick >= ALIKE and matcher.ratio() >= ALIKE


@pytest.mark.parametrize("word", FORBIDDEN)
def test_no_question_uses_a_forbidden_word(bank: list[BankQuestion], word: str) -> None:
    assert [each.parsed.where for each in bank if word in read(each).replace("不排名", "")] == []


def test_no_law_is_quoted(bank: list[BankQuestion]) -> None:
    law = re.compile("《[^》]*(法|条例|准则|规定)》")
    assert [each.parsed.where for each in bank if law.search(read(each))] == []


def test_every_analysis_is_one_sentence_or_two_short_ones(bank: list[BankQuestion]) -> None:
    analyses = {each.parsed.where: each.parsed.analysis for each in bank}
    assert [where for where, text in analyses.items() if not text.endswith("。")] == []
    assert [where for where, text in analyses.items() if len(text) > 60] == []
