"""满意度 as a live figure for the measures of the plans: of what closed surveys may tell."""

from sqlalchemy import select

from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading
from app.surveys.models import LEAST, Survey
from app.surveys.results import percent, satisfied_of

NOTE = "已截止的{shown}次调查合计；另有{hidden}次因回答完全一致不计入"


def read_satisfaction(span: Span) -> Reading | None:
    """Give the share of 满意 and 很满意 of all surveys that closed in a span; None without any.

    Surveys that may show nothing are left out, so that no sum tells what they don't.
    """
    found = db.session.scalars(
        select(Survey)
        .where(
            Survey.closed_at >= span.moments[0],
            Survey.closed_at < span.moments[1],
            Survey.counted >= LEAST,
        )
        .order_by(Survey.id)
    ).all()
    pairs = [satisfied_of(each) for each in found]
    shown = [pair for pair in pairs if pair is not None]
    if not shown:
        return None
    satisfied, n = sum(pair[0] for pair in shown), sum(pair[1] for pair in shown)
    return Reading(
        value=percent(satisfied, n),
        numerator=satisfied,
        denominator=n,
        note=NOTE.format(shown=len(shown), hidden=len(pairs) - len(shown)),
    )


INDICATORS = (
    Indicator(
        name="surveys.satisfaction",
        label="培训满意率（满意+很满意）",
        unit="%",
        read=read_satisfaction,
        endpoint="surveys.list_surveys",
    ),
)
