"""成效: "通过参训人员满意度、训后测试反馈、个人绩效跟踪三方面强化对培训成效的评估" (效能11).

The three stand side by side, each with its n, and are never joined by person: satisfaction comes
from `surveys` as one result. Before and after are whole months around that of the class; the
comparison group is fixed by a rule that is printed: everybody else with figures of the same metric
in both spans. No figure and no claim below five. Only n, mean, share and change stand on top; the
rest is folded under 统计说明.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev

from sqlalchemy import select

from app.kernel import clock, db
from app.kernel.shares import Z
from app.settings import service as settings
from app.surveys import service as surveys
from app.surveys.service import SurveyResult
from app.training import classes, post_tests
from app.training.models import HELD_STATES, MonthlyFigure, TrainingClass
from app.training.post_tests import TestFigures
from app.training.settings import EFFECT_MONTHS
from app.training.workflow import SOURCE

LEAST = 5
TOO_FEW = "样本不足（少于5人），不显示"
RULE = "对照组：训前、训后都有同一指标数据、没有参加这一课的其他人员。"


@dataclass(frozen=True, kw_only=True)
class GroupChange:
    """How a metric changed in a group: mean before and after of those who have both."""

    n: int
    before: float
    after: float
    # Standard deviation of the changes of persons; none of one person.
    deviation: float

    @property
    def change(self) -> float:
        """The mean change."""
        return self.after - self.before

    @property
    def is_shown(self) -> bool:
        """Tell whether there are enough."""
        return self.n >= LEAST


@dataclass(frozen=True, kw_only=True)
class MetricEffect:
    """A metric before and after, of those who took part and of the others."""

    metric: str
    trained: GroupChange
    others: GroupChange

    @property
    def is_compared(self) -> bool:
        """Tell whether both groups are large enough for a comparison."""
        return self.trained.is_shown and self.others.is_shown

    @property
    def difference(self) -> float:
        """Difference in differences: the change of those who took part less that of the others."""
        return self.trained.change - self.others.change

    @property
    def error(self) -> float:
        """Standard error of the difference, of two groups of unequal spread (Welch)."""
        return sqrt(
            self.trained.deviation**2 / self.trained.n + self.others.deviation**2 / self.others.n
        )

    @property
    def interval(self) -> tuple[float, float]:
        """Give its 95 % interval."""
        return self.difference - Z * self.error, self.difference + Z * self.error


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The three ways of one class."""

    counts: classes.Counts
    # Whether one was meant to be asked; its result may have to stay hidden.
    has_survey: bool
    survey: SurveyResult | None
    test: TestFigures | None
    test_marks: Sequence[Decimal]
    before: Sequence[date]
    after: Sequence[date]
    metrics: Sequence[MetricEffect]


def read_effect(found: TrainingClass) -> Effect:
    """Read the three ways of a class that has been held."""
    test = post_tests.read_figures(found)
    before, after = months_around(found)
    return Effect(
        counts=classes.count(found.id),
        has_survey=found.has_survey,
        survey=surveys.result_of(source=SOURCE, source_id=found.id),
        test=test,
        test_marks=post_tests.list_marks(test.exam.id) if test and test.is_released else [],
        before=before,
        after=after,
        metrics=read_metrics(classes.signed_ids(found.id), before, after),
    )


def is_held(found: TrainingClass) -> bool:
    """Tell whether there is an effect to look at."""
    return found.state in HELD_STATES


def months_around(found: TrainingClass) -> tuple[list[date], list[date]]:
    """Give the months before and after that of a class, which belongs to neither."""
    day = clock.local(found.starts_at).date()
    number = settings.get(EFFECT_MONTHS)
    before = [month_of(day, -back) for back in range(number, 0, -1)]
    return before, [month_of(day, ahead) for ahead in range(1, number + 1)]


def month_of(day: date, shift: int) -> date:
    """Give the first day of the month that lies some months off."""
    index = day.year * 12 + day.month - 1 + shift
    return date(index // 12, index % 12 + 1, 1)


Values = Mapping[str, Mapping[int, Mapping[bool, list[Decimal]]]]


def read_values(before: Sequence[date], after: Sequence[date]) -> Values:
    """Give the values of each metric and person: False before, True after."""
    rows = db.session.execute(
        select(
            MonthlyFigure.metric,
            MonthlyFigure.person_id,
            MonthlyFigure.month,
            MonthlyFigure.value,
        )
        .where(MonthlyFigure.month.in_([*before, *after]))
        .order_by(MonthlyFigure.metric, MonthlyFigure.person_id)
    )
    found: dict[str, dict[int, dict[bool, list[Decimal]]]] = {}
    later = set(after)
    for metric, person_id, month, value in rows:
        spans = found.setdefault(metric, {}).setdefault(person_id, {False: [], True: []})
        spans[month in later].append(value)
    return found


def read_metrics(
    trained_ids: Iterable[int], before: Sequence[date], after: Sequence[date]
) -> list[MetricEffect]:
    """Compare each metric; a person counts with the means of his months on both sides."""
    trained = set(trained_ids)
    effects = []
    for metric, people in read_values(before, after).items():
        pairs = {
            person_id: (mean(spans[False]), mean(spans[True]))
            for person_id, spans in people.items()
            if spans[False] and spans[True]
        }
        mine = [pair for person_id, pair in pairs.items() if person_id in trained]
        others = [pair for person_id, pair in pairs.items() if person_id not in trained]
        if mine:
            effects.append(
                MetricEffect(metric=metric, trained=group_of(mine), others=group_of(others))
            )
    return effects


def mean(values: Sequence[Decimal]) -> float:
    """Give the mean of a person's months."""
    return fmean(float(each) for each in values)


def group_of(pairs: Sequence[tuple[float, float]]) -> GroupChange:
    """Sum a group up."""
    if not pairs:
        return GroupChange(n=0, before=0.0, after=0.0, deviation=0.0)
    changes = [after - before for before, after in pairs]
    return GroupChange(
        n=len(pairs),
        before=fmean(before for before, _ in pairs),
        after=fmean(after for _, after in pairs),
        deviation=stdev(changes) if len(changes) > 1 else 0.0,
    )
