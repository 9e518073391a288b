"""The figures of a closed survey, each only as far as disclosure.py lets it be told.

"n, response rate, mean, share of 满意+很满意": the mean is of 5 for 很满意 down to 1, 不作答 is out
of n, and every share says of how many. Nothing here is asked before a survey is closed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import select

from app.kernel import db
from app.surveys import questions
from app.surveys.disclosure import (
    LEAST,
    Level,
    Part,
    Tally,
    cut,
    level_of,
    may_cut,
    may_join,
    merged_options,
    shown_groups,
    sum_of,
)
from app.surveys.models import Survey, SurveyBallot
from app.surveys.questions import SATISFIED, Question, QuestionKind, is_asked

TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
HIGHEST = 5
REST = "其余合计"
FEW = f"少于{LEAST}人"
# Of one of several choices that nearly all chose.
MOST = "至少{least}人"
# What those are told under whose own department would tell too much.
OTHERS = "其他部门"

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
    """One line of a distribution; `count` is None where only `told` may be said of it."""

    label: str
    count: int | None
    share: Decimal | None
    told: str = ""

    @property
    def text(self) -> str:
        """Give the count as it is told."""
        return self.told if self.count is None else str(self.count)


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
    """Give what may be told of each question that was answered by choosing.

    First is decided which questions that lean on an earlier answer are told at all: how many were
    asked them tells something about that answer, and then binds how that one is told.
    """
    tallies, parts = Tallies(asked, ballots), dict[str, list[Part]]()
    for question in tallies.chosen:
        parts[question.code] = tallies.begin(question, parts)
    return [
        question_result(place, question, tallies.of(question), parts[question.code])
        for place, question in enumerate(asked, start=1)
        if question.kind is not QuestionKind.TEXT
    ]


class Tallies:
    """How the questions of one survey were answered, each by those who were asked it."""

    def __init__(self, asked: Sequence[Question], ballots: Sequence[Answers]) -> None:
        self.chosen = [each for each in asked if each.kind is not QuestionKind.TEXT]
        self._questions = {each.code: each for each in self.chosen}
        self._ballots = ballots

    def of(self, question: Question) -> tuple[list[int], int]:
        """Give how many chose each option, and how many answered."""
        ballots = [each for each in self._ballots if is_asked(question, each)]
        return tally_of(question, ballots), sum(1 for each in ballots if each.get(question.code))

    def begin(self, question: Question, parts: dict[str, list[Part]]) -> list[Part]:
        """Give the parts whose sums are told of a question; none where nothing of it may be told.

        A question that leans on another cuts the parts of that one, which stand in `parts`.
        """
        mine = cut([frozenset(range(len(question.labels)))], box_of(question))
        if question.condition is None:
            return mine
        leans_on, by = (
            self._questions[question.condition.code],
            frozenset(question.condition.chosen),
        )
        tally, n = self.of(leans_on)
        told = parts[leans_on.code]
        if not told or level_of(tally, n) in {Level.HIDDEN, Level.CONCENTRATED}:
            return []
        if leans_on.kind is QuestionKind.MULTIPLE:
            reached = sum(1 for each in self._ballots if is_asked(question, each))
            return mine if may_join(tally, n, reached, by) else []
        if not may_cut(tally, told, by):
            return []
        parts[leans_on.code] = cut(told, by)
        return mine


def box_of(question: Question) -> Part:
    """Give the options that make up the share of a question; none where it has no share."""
    return SATISFIED if question.kind is QuestionKind.SCALE else frozenset()


def question_result(
    place: int, question: Question, counted: tuple[Tally, int], parts: Sequence[Part]
) -> QuestionResult:
    """Give what may be told of one question; nothing of one whose parts are none."""
    tally, n = counted
    is_scale = question.kind is QuestionKind.SCALE
    level = level_of(tally, n, box=box_of(question)) if parts else Level.HIDDEN
    lines = spread(question, tally, n, parts) if level is Level.FULL else []
    if level is Level.FULL and not lines:
        level = Level.SUMMARY
    is_hidden = level is Level.HIDDEN
    return QuestionResult(
        place=place,
        question=question,
        n=None if is_hidden else n,
        level=level,
        overall=scale_figures(tally) if is_scale and not is_hidden else None,
        lines=lines,
    )


def spread(question: Question, tally: Tally, n: int, parts: Sequence[Part]) -> list[OptionLine]:
    """Give the distribution of a question; none where all of its options would be put together."""
    if question.kind is QuestionKind.MULTIPLE:
        return [choice_line(label, tally[place], n) for place, label in enumerate(question.labels)]
    merged = merged_options(tally, parts)
    if merged and sum_of(tally, merged) == n:
        return []
    lines = [
        OptionLine(label=label, count=tally[place], share=percent(tally[place], n))
        for place, label in enumerate(question.labels)
        if place not in merged
    ]
    if merged:
        rest = sum_of(tally, merged)
        label = f"{REST}（{'、'.join(question.labels[place] for place in sorted(merged))}）"
        lines.append(OptionLine(label=label, count=rest, share=percent(rest, n)))
    return lines


def choice_line(label: str, count: int, n: int) -> OptionLine:
    """Give the line of one of several choices; roughly, where few chose it or few did not."""
    if 0 < count < LEAST:
        return OptionLine(label=label, count=None, share=None, told=FEW)
    if n - LEAST < count:
        return OptionLine(
            label=label, count=None, share=None, told=MOST.format(least=n - LEAST + 1)
        )
    return OptionLine(label=label, count=count, share=percent(count, n))


def group_lines(
    labels: Sequence[str], first: Question, ballots: Sequence[tuple[str, Answers]]
) -> list[GroupLine]:
    """Give the declared groups, each told apart or not, where the total is shown.

    Those that may not be were put under 其他部门 when the survey was closed (`pool`): what has no
    ballot then is told nowhere.
    """
    tallies = group_tallies(labels, first, ballots)
    if OTHERS in tallies:
        tallies = {name: tally for name, tally in tallies.items() if sum(tally)}
    shown = shown_groups(tallies) if len(tallies) > 1 else frozenset()
    return [
        GroupLine(label=each, overall=scale_figures(tallies[each]) if each in shown else None)
        for each in labels
    ]


def group_tallies(
    labels: Sequence[str], first: Question, ballots: Sequence[tuple[str, Answers]]
) -> dict[str, list[int]]:
    """Count the answers of each group to the question that everybody answered."""
    sorted_out: defaultdict[str, list[Answers]] = defaultdict(list)
    for group, answers in ballots:
        sorted_out[group].append(answers)
    return {each: tally_of(first, sorted_out[each]) for each in {*labels, *sorted_out}}


def pool(
    labels: Sequence[str], first: Question, ballots: Sequence[tuple[str, Answers]]
) -> list[str]:
    """Give under which group each ballot is kept when a survey is closed.

    A department of which one person answered would lead from his mark on the roll to his ballot:
    whatever is not told apart is not kept apart either.
    """
    shown = shown_groups(group_tallies(labels, first, ballots)) if labels else frozenset()
    return [group if group in shown or not labels else OTHERS for group, _ in ballots]
