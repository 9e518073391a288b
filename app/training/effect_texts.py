"""The effect of a class in words and figures, the same on its page and on paper.

"satisfaction, test, performance before and after with n"; n, mean, share and change on top, all
else under 统计说明. Nothing is said about fewer than five people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import stdev

from app.kernel import formats
from app.kernel.shares import wilson
from app.surveys.service import SurveyResult
from app.training.effects import (
    LEAST,
    RULE,
    TOO_FEW,
    Effect,
    GroupChange,
    MetricEffect,
)
from app.training.post_tests import TestFigures

NOT_ASKED = "没有安排满意度调查"
NO_RESULT = "没有开启调查：签到不足5人，或者当时没有在用的问卷"
NO_TEST = "没有安排训后测试"
NO_FIGURES = "没有训前、训后都有数据的指标"


@dataclass(frozen=True, kw_only=True)
class Way:
    """One of the three ways: figures as (label, text), or why there are none."""

    title: str
    figures: tuple[tuple[str, str], ...]
    missing: str


@dataclass(frozen=True, kw_only=True)
class MetricLine:
    """A metric before and after, as texts; dashes where a group is too small."""

    metric: str
    trained_n: str
    trained_before: str
    trained_after: str
    trained_change: str
    others_n: str
    others_change: str


@dataclass(frozen=True, kw_only=True)
class EffectTexts:
    """All that page and paper say."""

    attendance: tuple[tuple[str, str], ...]
    survey: Way
    test: Way
    spans: str
    metrics: tuple[MetricLine, ...]
    no_metrics: str
    notes: tuple[str, ...]


def read_texts(effect: Effect) -> EffectTexts:
    """Put an effect into words."""
    counts = effect.counts
    return EffectTexts(
        attendance=(
            ("应到", f"{counts.due}人"),
            ("实到", f"{counts.signed}人"),
            ("请假", f"{counts.leave}人"),
            ("缺席", f"{counts.missing}人"),
        ),
        survey=survey_way(effect.survey, has_survey=effect.has_survey),
        test=test_way(effect.test),
        spans=f"训前：{months_text(effect.before)}；训后：{months_text(effect.after)}",
        metrics=tuple(metric_line(each) for each in effect.metrics),
        no_metrics="" if effect.metrics else NO_FIGURES,
        notes=tuple(notes_of(effect)),
    )


def months_text(months: Sequence[date]) -> str:
    """Write the months of a span."""
    first, last = months[0], months[-1]
    if first == last:
        return f"{first.year}年{first.month}月"
    return f"{first.year}年{first.month}月至{last.year}年{last.month}月"


def survey_way(result: SurveyResult | None, *, has_survey: bool) -> Way:
    """Put satisfaction into words; what may be shown is decided by the surveys."""
    title = "参训人员满意度"
    if result is None:
        return Way(title=title, figures=(), missing=NO_RESULT if has_survey else NOT_ASKED)
    if not result.is_closed:
        return Way(title=title, figures=(), missing="调查还没有结束，结束后一次显示")
    if result.hidden_reason or result.satisfied_share is None or result.mean is None:
        return Way(title=title, figures=(), missing=result.hidden_reason or TOO_FEW)
    figures = [
        ("满意率", f"{result.satisfied_share}%"),
        ("平均分", f"{float(result.mean):.2f}（5分制）"),
        ("答卷", f"{result.n}份"),
    ]
    if result.response_rate is not None:
        figures.append(("回收率", f"{result.response_rate}%（应答{result.invited}人）"))
    return Way(title=title, figures=tuple(figures), missing="")


def test_way(test: TestFigures | None) -> Way:
    """Put the test into words."""
    title = "训后测试反馈"
    if test is None:
        return Way(title=title, figures=(), missing=NO_TEST)
    if not test.is_released:
        return Way(title=title, figures=(), missing=f"测试{test.phase}，公布成绩后显示")
    if test.sat < LEAST or test.mean is None:
        return Way(title=title, figures=(), missing=TOO_FEW)
    figures = (
        ("合格率", formats.share(test.passed, test.sat)),
        ("平均分", f"{formats.marks(test.mean)}（满分{formats.marks(test.exam.full_marks)}）"),
        ("实考", f"{test.sat}人"),
        ("应考", f"{test.due}人"),
    )
    return Way(title=title, figures=figures, missing="")


def metric_line(effect: MetricEffect) -> MetricLine:
    """Put a metric into words."""
    trained, others = effect.trained, effect.others
    is_shown = trained.is_shown
    return MetricLine(
        metric=effect.metric,
        trained_n=number_text(trained),
        trained_before=f"{trained.before:.2f}" if is_shown else "—",
        trained_after=f"{trained.after:.2f}" if is_shown else "—",
        trained_change=change_text(trained),
        others_n=number_text(others),
        others_change=change_text(others),
    )


def number_text(group: GroupChange) -> str:
    """Write how many are in a group; of too few only that they are."""
    return f"{group.n}" if group.is_shown else "样本不足"


def change_text(group: GroupChange) -> str:
    """Write how a group changed."""
    return f"{group.change:+.2f}" if group.is_shown else "—"


def percent(share: float) -> str:
    """Write a share."""
    return f"{share * 100:.1f}%"


def notes_of(effect: Effect) -> list[str]:
    """Write what is folded: definitions, spreads, intervals, the comparison and its rule."""
    return [
        "满意率：答“很满意”和“满意”的占答卷的比例；调查匿名，少于5份不显示。",
        "测试成绩只由签到人员产生；合格率=合格÷实考。",
        *test_notes(effect.test, effect),
        "每人先取训前、训后各月的平均，再求全组平均；开课当月不计入。",
        RULE,
        *(comparison_text(each) for each in effect.metrics),
    ]


def test_notes(test: TestFigures | None, effect: Effect) -> list[str]:
    """Write spread and interval of a test that is shown."""
    if test is None or not test.is_released or test.sat < LEAST:
        return []
    low, high = wilson(test.passed, test.sat)
    marks = [float(each) for each in effect.test_marks]
    spread = f"，标准差{stdev(marks):.2f}" if len(marks) > 1 else ""
    return [f"合格率95%区间（Wilson）：{percent(low)}至{percent(high)}{spread}（n={test.sat}）。"]


def comparison_text(effect: MetricEffect) -> str:
    """Write how the changes of both groups compare; no claim where one is too small."""
    if not effect.is_compared:
        return f"{effect.metric}：两组中有一组少于5人，不作比较。"
    low, high = effect.interval
    plain = (
        "区间含0，尚不能说有差别"
        if low <= 0 <= high
        else "区间不含0；不等于由培训引起，请结合实际判断"
    )
    return (
        f"{effect.metric}：参训变化减未参训变化为{effect.difference:+.2f}，"
        f"95%区间{low:+.2f}至{high:+.2f}，{plain}。"
    )
