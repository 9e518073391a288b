"""When everybody acts: L600 (anchors/security-reliability, section 4) at any size.

A smaller crowd comes in a shorter time, so that the rates stay those of 600 people: ten papers
opened and ten people signed in per second, sixty hand-ins per second at the end.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from tests.load.persons import Choice, Person, SignInPlan, SittingPlan

OPENED_PER_SECOND = 10
HANDED_IN_PER_SECOND = 60
DOUBLE_CLICKS = 0.2
# How long people think about one question; what counts is the spread, the mean follows the plan.
THINK_SECONDS = (20, 90)
LABELS = "ABCD"
REVISIONS = 10_000


@dataclass(frozen=True, kw_only=True)
class ExamTimes:
    """How long the three parts of an exam take, in seconds."""

    opening: float
    answering: float
    ending: float

    @property
    def whole(self) -> float:
        """From the first paper to the last hand-in."""
        return self.opening + self.answering + self.ending


def exam_times(people: int, answering: float) -> ExamTimes:
    """Keep the rates of L600 for any number of people."""
    return ExamTimes(
        opening=people / OPENED_PER_SECOND,
        answering=answering,
        ending=people / HANDED_IN_PER_SECOND,
    )


def is_multiple(number: int) -> bool:
    """Tell whether a question of the bench's paper takes several options."""
    return number % 3 == 0


def choose(number: int, revision: int, chance: random.Random) -> Choice:
    """Invent an answer that fits the question."""
    count = chance.randint(1, len(LABELS)) if is_multiple(number) else 1
    return Choice(
        number=number, chosen=tuple(sorted(chance.sample(LABELS, count))), revision=revision
    )


def plan_exam(
    people: Sequence[Person], questions: int, times: ExamTimes, seed: int
) -> list[SittingPlan]:
    """Plan everybody's exam: one save per question, all hand in at the end, some click twice."""
    chance = random.Random(seed)
    return [plan_sitting(person, questions, times, chance) for person in people]


def plan_sitting(
    person: Person, questions: int, times: ExamTimes, chance: random.Random
) -> SittingPlan:
    """Plan one person's exam."""
    opens = chance.uniform(0, times.opening)
    closing = times.opening + times.answering
    moments = think(opens, closing, questions, chance)
    return SittingPlan(
        person=person,
        opens=opens,
        saves=[
            (moment, choose(number, 1, chance)) for number, moment in enumerate(moments, start=1)
        ],
        hands_in=chance.uniform(closing, times.whole),
        clicks=2 if chance.random() < DOUBLE_CLICKS else 1,
    )


def think(begin: float, end: float, count: int, chance: random.Random) -> list[float]:
    """Spread saves between two moments as people think: unevenly."""
    gaps = [chance.uniform(*THINK_SECONDS) for _ in range(count + 1)]
    scale, moments, moment = (end - begin) / sum(gaps), [], begin
    for gap in gaps[:count]:
        moment += gap * scale
        moments.append(moment)
    return moments


def plan_savers(
    people: Sequence[Person], questions: int, seconds: float, every: float, seed: int
) -> list[SittingPlan]:
    """Plan people who are in the middle of an exam: each saves again and again, none hands in.

    A later run has a higher seed, and so higher revisions than the one before it.
    """
    chance = random.Random(seed)
    plans = []
    for person in people:
        opens = chance.uniform(0, every)
        first = opens + chance.uniform(every / 2, every)
        moments = [first + turn * every for turn in range(max(1, int((seconds - first) / every)))]
        saves = [
            (moment, choose(turn % questions + 1, seed * REVISIONS + turn, chance))
            for turn, moment in enumerate(moments)
        ]
        plans.append(SittingPlan(person=person, opens=opens, saves=saves, hands_in=None))
    return plans


def plan_sign_ins(
    people: Sequence[Person], begin: float, seconds: float, seed: int
) -> list[SignInPlan]:
    """Plan who signs in when, evenly at random within the time."""
    chance = random.Random(seed)
    return [
        SignInPlan(person=person, clicks=begin + chance.uniform(0, seconds)) for person in people
    ]
