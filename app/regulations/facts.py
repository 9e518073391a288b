"""What other rooms may know of this one: facts on persons, and figures for the measures.

"并把制度执行情况纳入人员绩效考核体系" (效能1): a confirmation in time is such a fact, the time that
somebody spent reading never is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy import func, or_, select

from app.kernel import clock, db, formats
from app.kernel.evidence import Evidence, EvidenceKind, EvidenceRule, Span
from app.kernel.indicators import Indicator, Reading
from app.regulations import readings
from app.regulations.models import RegulationVersion, RiskContent, RiskPoint
from app.regulations.rules import in_force

READING_RULE = EvidenceRule(
    name="regulations.reading",
    version=1,
    label="必读制度按期确认",
    unit="份",
    kind=EvidenceKind.SHARE,
    basis="把制度执行情况纳入人员绩效考核体系",
)
PERCENT = Decimal(100)
PLACES = Decimal("0.01")


def list_due(span: Span) -> Iterator[readings.Reading]:
    """Give the readings that fell due in a span and were still asked of the person on that day."""
    now = clock.now()
    for each in readings.list_readings():
        if each.due_on in span and each.due_at <= now and each.holds_on(each.due_on):
            yield each


def list_evidence(span: Span) -> Iterator[Evidence]:
    """Give one fact for each reading that fell due: confirmed in time, or not."""
    for each in list_due(span):
        yield Evidence(
            rule=READING_RULE.name,
            person_id=each.person_id,
            occurred_on=each.due_on,
            amount=Decimal(each.is_in_time),
            denominator=Decimal(1),
            event_key=f"{READING_RULE.name}:{each.person_id}:{each.text.version_id}",
            text=text_of(each),
            clause=f"《{each.text.name}》必读，{formats.day(each.due_on)}前确认",
            endpoint="regulations.show_readings",
            values={"person_id": each.person_id},
        )


def text_of(reading: readings.Reading) -> str:
    """Say the fact in one line."""
    if reading.confirmed_at is None:
        return f"{reading.title}：{formats.day(reading.due_on)}到期，没有确认"
    day = formats.day(clock.local(reading.confirmed_at).date())
    word = "按期确认" if reading.is_in_time else "逾期确认"
    return f"{reading.title}：{formats.day(reading.due_on)}到期，{day}{word}"


def last_day(span: Span) -> date:
    """Give the day of a span as of which something is counted: never one ahead."""
    return min(span.last, clock.today())


def read_rules(span: Span) -> Reading | None:
    """Count the rules in force on the last day."""
    count = db.session.scalar(
        select(func.count(RegulationVersion.id)).where(in_force(last_day(span)))
    )
    return (
        Reading(value=Decimal(count), note="期末现行的制度、手册、指南和岗位标准")
        if count
        else None
    )


def read_readings(span: Span) -> Reading | None:
    """Give the share of what fell due that was confirmed in time."""
    due = list(list_due(span))
    if not due:
        return None
    in_time = sum(each.is_in_time for each in due)
    return Reading(
        value=(PERCENT * in_time / len(due)).quantize(PLACES),
        numerator=in_time,
        denominator=len(due),
        note="期内到期的必读确认",
    )


@dataclass(frozen=True, kw_only=True)
class Held:
    """A risk point that was in force on a day, with the day of its review."""

    risk_id: int
    review_on: date


def list_held(day: date) -> list[Held]:
    """Give the risk points in force at the end of a day, each with the content of that day."""
    end = clock.from_local(datetime.combine(day, time.max))
    rows = db.session.execute(
        select(RiskPoint.id, RiskContent.review_on)
        .join(RiskContent, RiskContent.risk_id == RiskPoint.id)
        .where(
            RiskContent.approved_at <= end,
            or_(RiskPoint.ended_at.is_(None), RiskPoint.ended_at > end),
        )
        .order_by(RiskPoint.id, RiskContent.number)
    )
    newest = {risk_id: Held(risk_id=risk_id, review_on=review_on) for risk_id, review_on in rows}
    return list(newest.values())


def read_risks(span: Span) -> Reading | None:
    """Count the risk points whose review was not overdue, of those in force."""
    day = last_day(span)
    held = list_held(day)
    if not held:
        return None
    sound = sum(each.review_on >= day for each in held)
    return Reading(
        value=Decimal(sound),
        numerator=sound,
        denominator=len(held),
        note="期末在用、复核没有逾期的风险点，分母是全部在用的风险点",
    )


INDICATORS = (
    Indicator(
        name="regulations.rules",
        label="现行制度",
        unit="项",
        read=read_rules,
        endpoint="regulations.list_rules",
    ),
    Indicator(
        name="regulations.readings",
        label="必读制度按期确认率",
        unit="%",
        read=read_readings,
        endpoint="regulations.list_readings",
    ),
    Indicator(
        name="regulations.risks",
        label="复核没有逾期的廉政风险点",
        unit="个",
        read=read_risks,
        endpoint="regulations.list_risks",
    ),
)
