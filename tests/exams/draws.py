"""Small banks and blueprints for tests of drawing, and what can be drawn of them by trying all."""

import math
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from hypothesis import settings
from hypothesis import strategies as st

from app.accounts.roster.models import PostGroup
from app.exams.drawing import Candidate, Plan, Row
from app.questions.kinds import QuestionDifficulty, QuestionKind
from app.questions.models import QuestionCategory
from tests.conftest import ROUNDS

COMMON, POST = QuestionCategory.COMMON, QuestionCategory.POST
EASY, MEDIUM, HARD = QuestionDifficulty
GENERAL, SPECIAL = PostGroup.GENERAL, PostGroup.SPECIAL
WEIGHTS = {EASY: 1, MEDIUM: 2, HARD: 3, None: 2}
SINCE = date(2026, 5, 20)
BEFORE, LATELY = date(2026, 5, 19), SINCE

often = settings(max_examples=max(100, ROUNDS), deadline=None, database=None, print_blob=True)


def question(number, **changes):
    given = {
        "kind": QuestionKind.SINGLE,
        "category": COMMON,
        "post_group": None,
        "difficulty": MEDIUM,
        "tags": frozenset(),
        "used_on": None,
        "used_times": 0,
        "group_key": None,
    }
    return Candidate(question_id=number, **{**given, **changes})


def questions(*numbers, **changes):
    return [question(number, **changes) for number in numbers]


def row(number=1, count=1, **changes):
    given = {
        "category": COMMON,
        "kind": QuestionKind.SINGLE,
        "tag": "",
        "difficulty": None,
        "marks": Decimal(2),
    }
    return Row(number=number, count=count, **{**given, **changes})


def plan(*rows, **changes):
    given = {
        "fixed_ids": (),
        "form_count": 1,
        "post_groups": (GENERAL, SPECIAL, None),
        "seed": 1,
        "reuse_since": None,
        "most_exposure": None,
    }
    return Plan(rows=rows, **{**given, **changes})


# What a random question may be, each drawn by itself; what stands there often is likely.
CHOICES = (
    (*[QuestionKind.SINGLE] * 9, QuestionKind.MULTIPLE),
    ((COMMON, None), (COMMON, None), (POST, None), (POST, GENERAL), (POST, SPECIAL)),
    (EASY, MEDIUM, HARD, None),
    (frozenset(), frozenset("甲"), frozenset("乙"), frozenset("甲乙")),
    (*[None] * 4, BEFORE, LATELY),
    (*[None] * 19, 1),
)
# Questions over which rows and groups compete: nothing else keeps them out of a form.
CONTESTED = (
    (QuestionKind.SINGLE,),
    ((COMMON, None), (COMMON, None), (POST, None), (POST, GENERAL)),
    (EASY, MEDIUM, None),
    (frozenset(), frozenset("甲"), frozenset("甲乙")),
    (None,),
    (None,),
)


def sort_of(code, choices):
    """Read a number as a sort of question: one draw instead of six."""
    for several in choices:
        code, place = divmod(code, len(several))
        yield several[place]


def random_question(number, code, choices):
    kind, (category, post_group), difficulty, tags, used_on, group_key = sort_of(code, choices)
    return question(
        number,
        kind=kind,
        category=category,
        post_group=post_group,
        difficulty=difficulty,
        tags=tags,
        used_on=used_on,
        used_times=0 if used_on is None else 1,
        group_key=group_key,
    )


@st.composite
def rows(draw, number, kinds):
    return row(
        number,
        draw(st.integers(1, 2)),
        category=draw(st.sampled_from([COMMON, COMMON, POST])),
        kind=draw(st.sampled_from(kinds)),
        tag=draw(st.sampled_from(["", "", "甲", "乙"])),
        difficulty=draw(st.sampled_from([None, None, None, EASY, MEDIUM])),
        marks=draw(st.sampled_from([Decimal(1), Decimal("2.5")])),
    )


@st.composite
def plans(draw, kinds=(*[QuestionKind.SINGLE] * 11, QuestionKind.MULTIPLE)):
    return plan(
        *[draw(rows(number, kinds)) for number in range(1, draw(st.integers(1, 3)) + 1)],
        fixed_ids=draw(st.sampled_from([(), (), (1,)])),
        form_count=draw(st.integers(1, 3)),
        post_groups=draw(st.sampled_from([(GENERAL,), (GENERAL, SPECIAL), (GENERAL, None)])),
        seed=draw(st.integers(0, 99)),
        reuse_since=draw(st.sampled_from([None, SINCE])),
        most_exposure=draw(st.sampled_from([None, None, 30, 50, 70])),
    )


def banks(most=8, choices=CHOICES):
    sorts = math.prod(map(len, choices))
    codes = st.lists(st.integers(0, sorts - 1), min_size=most // 2, max_size=most)
    return codes.map(
        lambda given: [
            random_question(number, code, choices) for number, code in enumerate(given, start=1)
        ]
    )


def contests(most=9):
    """Draw a plan and a bank, between which it is seldom clear at once whether they fit."""
    return st.tuples(plans(kinds=(QuestionKind.SINGLE,)), banks(most, CONTESTED))


def is_usable(given, each):
    is_fresh = given.reuse_since is None or each.used_on is None or each.used_on < SINCE
    return is_fresh and each.group_key is None and each.question_id not in given.fixed_ids


def suits(asked, group, each):
    """Say in other words than the module what a row takes."""
    if asked.category is POST and group is not None:
        is_theirs = each.category is POST and (not each.post_group or each.post_group == group)
    else:
        is_theirs = each.category is COMMON
    is_sort = each.kind == asked.kind and asked.tag in {"", *each.tags}
    return is_theirs and is_sort and asked.difficulty in {None, each.difficulty}


def groups_of(given):
    has_posts = any(each.category is POST for each in given.rows)
    return given.post_groups if has_posts else (None,)


def limit_of(given):
    forms = given.form_count * len(groups_of(given))
    if given.most_exposure is None:
        return forms
    return min(forms, (forms * given.most_exposure + 99) // 100)


def can_be_drawn(given, bank):
    """Try every division of the rows by weight, and for it every way to fill every form."""
    usable = [each for each in bank if is_usable(given, each)]
    return any(
        can_be_filled(given, usable, split) for split in product(*map(divisions, given.rows))
    )


def divisions(asked):
    """Give every way to divide a row by weight."""
    if asked.difficulty:
        return [{WEIGHTS[asked.difficulty]: asked.count}]
    counts = range(asked.count + 1)
    return [
        dict(enumerate(split, start=1))
        for split in product(counts, repeat=3)
        if sum(split) == asked.count
    ]


def can_be_filled(given, usable, split):
    """Follow how often each question may have been used after each form."""
    reached = {(0,) * len(usable)}
    for group in groups_of(given):
        sets = list(form_sets(given, usable, group, split))
        for _ in range(given.form_count):
            reached = {
                used
                for before in reached
                for chosen in sets
                if max(used := add(before, chosen), default=0) <= limit_of(given)
            }
    return bool(reached)


def add(before, chosen):
    return tuple(count + (place in chosen) for place, count in enumerate(before))


def form_sets(given, usable, group, split):
    """Give every set of questions (by place) that makes a form."""
    found = {frozenset()}
    for asked, counts in zip(given.rows, split, strict=True):
        for weight, count in counts.items():
            suiting = [
                place
                for place, each in enumerate(usable)
                if suits(asked, group, each) and WEIGHTS[each.difficulty] == weight
            ]
            found = {
                before | set(more)
                for before in found
                for more in combinations(suiting, count)
                if not before & set(more)
            }
    return found


def uses_of(forms):
    """Count in how many forms each question is."""
    return Counter(number for form in forms for number in form.question_ids)
