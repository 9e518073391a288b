"""Figures of 一月一考 for the measures of the plans; of released exams only.

"参考率 = 实考 ÷ (应考 - 缓考 - 免考), 合格率 = 合格 ÷ 实考" (HALL.md 2); who stands how says
`attendance`.
"""

from decimal import Decimal

from sqlalchemy import ColumnElement, func, select

from app.exams import attendance
from app.exams.attendance import Counts
from app.exams.models import Exam, Sitting, SittingResult
from app.exams.monthly import is_monthly
from app.exams.service import results
from app.kernel import db
from app.kernel.evidence import Span
from app.kernel.indicators import Indicator, Reading, share_of

ENDPOINT = "exams.list_papers"


def released_in(span: Span) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions of 一月一考 that closed in a span and whose results are out."""
    since, until = span.moments
    return (
        Exam.released_at.is_not(None),
        is_monthly(),
        Exam.closes_at >= since,
        Exam.closes_at < until,
    )


def read_held(span: Span) -> Reading | None:
    """Count the exams that were held."""
    count = db.session.scalar(select(func.count(Exam.id)).where(*released_in(span))) or 0
    # A hall that has not yet begun with 一月一考 has missed no month.
    is_begun = Exam.published_at < span.moments[1], Exam.is_for_named.is_(False)
    begun = select(Exam.id).where(*is_begun).limit(1)
    if not count and db.session.scalar(begun) is None:
        return None
    return Reading(value=Decimal(count), note="结束并公布了成绩的考试。")


def read_counts(span: Span) -> Counts:
    """Count who stood how."""
    rolls = select(Sitting).join(Exam, Exam.id == Sitting.exam_id)
    return attendance.count(rolls, *released_in(span))


def read_participation(span: Span) -> Reading | None:
    """Give 参考率."""
    counts = read_counts(span)
    excused = f"应考{counts.due}人次，缓考{counts.deferred}，免考{counts.exempt}"
    note = f"实考÷（应考−缓考−免考）；{excused}。"
    return share_of(counts.sat, counts.expected, note)


def read_pass_rate(span: Span) -> Reading | None:
    """Give 合格率."""
    sat = read_counts(span).sat
    passed = db.session.scalar(
        select(func.count(SittingResult.sitting_id))
        .join(Sitting, Sitting.id == SittingResult.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(*released_in(span), results.is_counted(), SittingResult.is_passed.is_(True))
    )
    return share_of(passed or 0, sat, "合格÷实考。")


INDICATORS = (
    Indicator(
        name="exams.held", label="一月一考场次", unit="次", read=read_held, endpoint=ENDPOINT
    ),
    Indicator(
        name="exams.participation", label="一月一考参考率", unit="%", read=read_participation,
        endpoint=ENDPOINT,
    ),
    Indicator(
        name="exams.pass_rate", label="一月一考合格率", unit="%", read=read_pass_rate,
        endpoint=ENDPOINT,
    ),
)  # fmt: skip
