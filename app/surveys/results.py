"""The figures of a closed survey, each only as far as disclosure.py lets it be told.

"n, response rate, mean, share of 满意+很满意": the mean is of 5 for 很满意 down to 1, 不作答 is out
of n, and every share says of how many. Nothing here is asked before a survey is closed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import select

from app.kernel import db
from app.surveys import questions
from app.surveys.disclosure import (
    Level,
    Tally,
    level_of,
    merged_options,
    shown_groups,
    small_options,
)
from app.surveys.models import Survey, SurveyBallot
from app.surveys.questions import SATISFIED, Question, QuestionKind, is_asked

TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
HIGHEST = 5
REST = "其余合计"
FEW = "少于5人"

Answers = Mapping[str, Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Overall:
    """The figures of one scale question for some group of people."""

    n: int
    level: Level
    mean: Decimal | None = None
    satisfied_share: Decimal | None = None
    response_rate: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OptionLine:
    """One line of a distribution; `count` is None where few chose it."""

    label: str
    count: int | None
    share: Decimal | None

    @property
    def text(self) -> str:
        """Give the count as it is told."""
        return FEW if self.count is None else str(self.count)


@dataclass(frozen=True, kw_only=True)
class QuestionResult:
    """What may be told of one question; `n` is None where fewer than five answered it."""

    place: int
    question: Question
    n: int | None
    level: Level
    overall: Overall | None
    lines: Sequence[OptionLine]


@dataclass(frozen=True, kw_only=True)
class GroupLine:
    """One group of those that were declared; `overall` is None where it is not told apart."""

    label: str
    overall: Overall | None


def percent(part: int, whole: int) -> Decimal:
    """Give a share in per cent with one place."""
    return (Decimal(part) * 100 / whole).quantize(TENTH, ROUND_HALF_UP)


def read_answers(survey_id: int) -> list[tuple[str, Answers]]:
    """Read the ballots of a survey: group and answers, for counting alone."""
    found = select(SurveyBallot.group_label, SurveyBallot.answers).where(
        SurveyBallot.survey_id == survey_id
    )
    return [(group, answers) for group, answers in db.session.execute(found)]


def tally_of(question: Question, answers: Sequence[Answers]) -> list[int]:
    """Count how many chose each option."""
    tally = [0] * len(question.labels)
    for each in answers:
        for place in each.get(question.code, ()):
            tally[place] += 1
    return tally


def scale_figures(tally: Tally, *, invited: int | None = None) -> Overall:
    """Give the figures of a scale question as far as they may be told."""
    n = sum(tally)
    level = level_of(tally, n, box=SATISFIED)
    rate = percent(n, invited) if invited and level is not Level.HIDDEN else None
    if level in {Level.HIDDEN, Level.CONCENTRATED}:
        return Overall(n=n, level=level, response_rate=rate)
    total = sum((HIGHEST - place) * count for place, count in enumerate(tally))
    return Overall(
        n=n,
        level=level,
        mean=(Decimal(total) / n).quantize(HUNDREDTH, ROUND_HALF_UP),
        satisfied_share=percent(sum(tally[place] for place in SATISFIED), n),
        response_rate=rate,
    )


def overall_of(survey: Survey) -> Overall:
    """Give the figures of a closed survey on the question that everybody answered."""
    return overalls_of([survey])[survey.id]


def overalls_of(surveys: Sequence[Survey]) -> dict[int, Overall]:
    """Give the figures of closed surveys, by their ids; one query for all."""
    ids = [each.id for each in surveys]
    found = select(SurveyBallot.survey_id, SurveyBallot.answers).where(
        SurveyBallot.survey_id.in_(ids)
    )
    ballots: defaultdict[int, list[Answers]] = defaultdict(list)
    for survey_id, answers in db.session.execute(found):
        ballots[survey_id].append(answers)
    return {
        each.id: scale_figures(
            tally_of(questions.load(each.questions)[0], ballots[each.id]), invited=each.invited
        )
        for each in surveys
    }


def satisfied_of(survey: Survey) -> tuple[int, int] | None:
    """Give how many were satisfied of how many, where that may be told."""
    first = questions.load(survey.questions)[0]
    tally = tally_of(first, [each for _, each in read_answers(survey.id)])
    figures = scale_figures(tally)
    if figures.satisfied_share is None:
        return None
    return sum(tally[place] for place in SATISFIED), figures.n


def question_results(asked: Sequence[Question], ballots: Sequence[Answers]) -> list[QuestionResult]:
    """Give what may be told of each question that was answered by choosing."""
    return [
        question_result(place, question, [each for each in ballots if is_asked(question, each)])
        for place, question in enumerate(asked, start=1)
        if question.kind is not QuestionKind.TEXT
    ]


def question_result(place: int, question: Question, ballots: Sequence[Answers]) -> QuestionResult:
    """Give what may be told of one question, from the ballots of those who were asked it."""
    tally = tally_of(question, ballots)
    n = sum(1 for each in ballots if each.get(question.code))
    is_scale = question.kind is QuestionKind.SCALE
    level = level_of(tally, n, box=SATISFIED if is_scale else frozenset())
    is_hidden = level is Level.HIDDEN
    return QuestionResult(
        place=place,
        question=question,
        n=None if is_hidden else n,
        level=level,
        overall=scale_figures(tally) if is_scale and not is_hidden else None,
        lines=spread(question, tally, n) if level is Level.FULL else [],
    )


def spread(question: Question, tally: Tally, n: int) -> list[OptionLine]:
    """Give the distribution of a question; options that few chose are put together."""
    if question.kind is QuestionKind.MULTIPLE:
        few = small_options(tally)
        return [
            OptionLine(label=label, count=None, share=None)
            if place in few
            else OptionLine(label=label, count=tally[place], share=percent(tally[place], n))
            for place, label in enumerate(question.labels)
        ]
    merged = merged_options(tally)
    lines = [
        OptionLine(label=label, count=tally[place], share=percent(tally[place], n))
        for place, label in enumerate(question.labels)
        if place not in merged
    ]
    if merged:
        rest = sum(tally[place] for place in merged)
        label = f"{REST}（{'、'.join(question.labels[place] for place in sorted(merged))}）"
        lines.append(OptionLine(label=label, count=rest, share=percent(rest, n)))
    return lines


def group_lines(
    labels: Sequence[str], first: Question, ballots: Sequence[tuple[str, Answers]]
) -> list[GroupLine]:
    """Give the declared groups, each told apart or not, where the total is shown."""
    sorted_out: defaultdict[str, list[Answers]] = defaultdict(list)
    for group, answers in ballots:
        sorted_out[group].append(answers)
    tallies: dict[str, Any] = {each: tally_of(first, sorted_out[each]) for each in labels}
    shown = shown_groups(tallies)
    return [
        GroupLine(label=each, overall=scale_figures(tallies[each]) if each in shown else None)
        for each in labels
    ]
