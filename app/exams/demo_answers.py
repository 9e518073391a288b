"""How one person of the demonstration answers a paper, losing as many marks as he should."""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from app.exams.demo_sittings import Sat
from app.exams.models import PaperQuestion, Sitting
from app.exams.service.keys import select_keyed
from app.kernel import db
from app.questions.kinds import QuestionKind

# How hard the questions are, one beside the other: mistakes gather at a few.
HARDNESS = (2, 5, 1, 2, 6, 3, 4, 1, 5, 2)
SECONDS_EACH = (8, 52)


def read_paper(exam_id: int) -> list[tuple[PaperQuestion, list[str]]]:
    """Give the frozen questions with their keys."""
    rows = db.session.execute(select_keyed(exam_id))
    return [(question, key.key) for question, key in rows]


def sit_one(
    sitting: Sitting,
    paper: list[tuple[PaperQuestion, list[str]]],
    started_at: datetime,
    chance: random.Random,
    *,
    lost: int,
    is_slow: bool,
) -> Sat:
    """Invent how somebody answers who loses so many hundredths; who is slow leaves those out."""
    missed = choose_missed([question for question, _ in paper], lost, chance)
    answers, now = {}, started_at
    for question, key in paper:
        now += timedelta(seconds=chance.randint(*SECONDS_EACH))
        is_wrong = question.number in missed
        if not (is_slow and is_wrong):
            chosen = wrong_answer(question, key, chance) if is_wrong else key
            answers[question.number] = (chosen, now)
    return Sat(
        sitting=sitting,
        started_at=started_at,
        answers=answers,
        ended_at=None if is_slow else now + timedelta(seconds=chance.randint(10, 90)),
    )


def choose_missed(paper: Sequence[PaperQuestion], lost: int, chance: random.Random) -> set[int]:
    """Give the numbers of the questions that cost so many hundredths of the marks, and no more."""
    marks = {each.number: each.marks for each in paper}
    room, missed = sum(marks.values(), Decimal(0)) * lost / 100, set()
    for number in mistakes(len(paper), chance):
        if marks[number] <= room:
            missed.add(number)
            room -= marks[number]
    return missed


def mistakes(count: int, chance: random.Random) -> Iterator[int]:
    """Give the numbers of questions in the order in which somebody would miss them."""
    numbers = range(1, count + 1)
    hardness = [HARDNESS[number % len(HARDNESS)] for number in numbers]
    yield from sorted(
        numbers, key=lambda number: chance.random() ** (1 / hardness[number - 1]), reverse=True
    )


def wrong_answer(question: PaperQuestion, key: list[str], chance: random.Random) -> list[str]:
    """Invent a wrong answer."""
    others = [option["label"] for option in question.options if option["label"] not in key]
    if question.kind is QuestionKind.MULTIPLE:
        return sorted(key)[:-1]
    return [chance.choice(others)]
