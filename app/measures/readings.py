"""Readings: typed by people, or written down by the site at the end of a month; never changed.

A correction is a new reading that names the one it replaces. What the site knows is read live; a
monthly task writes down what it was on the last day of the month, so that past days can be
replayed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Select, select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.files import service as files
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.measures.lights import period_of
from app.measures.models import (
    IndicatorKind,
    IndicatorWay,
    Measure,
    MeasureIndicator,
    MeasurePlan,
    MeasureReading,
    ReadingOrigin,
    TaskState,
)
from app.measures.sources import find_source, read_source, stored_value
from app.measures.workflow import READ_ONLY

HUNDRED = Decimal(100)
LARGEST = Decimal(9_999_999)
CLOSED = "已经销号的任务不再填报。"


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A file that was stored beforehand, with the name under which people save it."""

    sha256: str
    size: int
    media_type: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What somebody types: which of it counts depends on the indicator."""

    read_on: date
    value: Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    mean: Decimal | None = None
    items: tuple[str, ...] = ()
    text: str = ""
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Correction:
    """Which reading is replaced, and why."""

    reading_id: int
    reason: str


def add(
    *,
    indicator_id: int,
    entry: Entry,
    user: Principal,
    evidence: Evidence | None = None,
    correction: Correction | None = None,
) -> MeasureReading:
    """Add a reading to the open write; raises RefusedError."""
    indicator = db.session.get_one(MeasureIndicator, indicator_id)
    measure = db.session.get_one(Measure, indicator.measure_id, with_for_update=True)
    check_open(measure)
    if not measure.begins_on <= entry.read_on <= clock.today():
        raise RefusedError(read_on="日期应在任务开始之后、今天以前。")
    if correction is not None:
        check_correction(indicator, correction)
    reading = MeasureReading(
        indicator_id=indicator.id,
        read_on=entry.read_on,
        value=value_of(indicator, entry),
        numerator=entry.numerator if indicator.way is IndicatorWay.RATIO else None,
        denominator=entry.denominator if indicator.way is IndicatorWay.RATIO else None,
        mean=entry.mean if indicator.kind is IndicatorKind.RELATIVE else None,
        items=list(entry.items),
        text=entry.text,
        origin=ReadingOrigin.MANUAL,
        source=entry.source,
        person_id=user.person_id,
        recorded_at=clock.now(),
        file_id=add_file(evidence),
        replaces_id=correction.reading_id if correction else None,
        reason=correction.reason if correction else "",
    )
    db.session.add(reading)
    db.session.flush()
    append(
        AuditEvent.MEASURES_READING_CORRECTED if correction else AuditEvent.MEASURES_READING_ADDED,
        person_id=user.person_id,
        object_type="measure",
        object_id=measure.id,
        indicator=indicator.label,
        day=entry.read_on.isoformat(),
    )
    return reading


def check_open(measure: Measure) -> None:
    """Refuse readings and notes of what is over; raises RefusedError."""
    if db.session.get_one(MeasurePlan, measure.plan_id).is_closed:
        raise RefusedError(form=READ_ONLY)
    if measure.state is TaskState.CLOSED:
        raise RefusedError(form=CLOSED)


def check_correction(indicator: MeasureIndicator, correction: Correction) -> None:
    """Refuse to replace what was replaced already, or what the site wrote; raises RefusedError."""
    old = db.session.get_one(MeasureReading, correction.reading_id)
    if old.indicator_id != indicator.id or old.origin is ReadingOrigin.AUTOMATIC:
        raise RefusedError(form="自动读数不能手工更正。")
    found = select(MeasureReading.id).where(MeasureReading.replaces_id == old.id)
    if db.session.scalar(found) is not None:
        raise RefusedError(form="这条读数已经更正过，请更正最新的一条。")


def add_file(evidence: Evidence | None) -> int | None:
    """Add the evidence's file to the open write."""
    if evidence is None:
        return None
    return files.add_file(
        sha256=evidence.sha256,
        size=evidence.size,
        media_type=evidence.media_type,
        name=evidence.name,
    ).id


def value_of(indicator: MeasureIndicator, entry: Entry) -> Decimal:
    """Give the value of an entry as its indicator counts it; raises RefusedError."""
    if indicator.kind is IndicatorKind.CHECKLIST:
        return Decimal(len(entry.items)) if indicator.items else number(entry.value)
    if indicator.kind is IndicatorKind.QUALITATIVE:
        if not entry.text:
            raise RefusedError(text="请写明进展和依据。")
        return number(entry.value)
    if indicator.way is IndicatorWay.RATIO and entry.denominator is not None:
        return share(entry)
    return number(entry.value)


def share(entry: Entry) -> Decimal:
    """Count a share in percent; raises RefusedError for one that is none."""
    if entry.numerator is None:
        raise RefusedError(numerator="请同时填分子和分母。")
    if not entry.denominator or entry.numerator > entry.denominator:
        raise RefusedError(numerator="分子不能大于分母，分母不能是0。")
    return stored_value(entry.numerator * HUNDRED / entry.denominator)


def number(value: Decimal | None) -> Decimal:
    """Give a typed number; raises RefusedError for none, or one that can't be kept."""
    if value is None:
        raise RefusedError(value="请填写读数。")
    if not 0 <= value <= LARGEST:
        raise RefusedError(value=f"读数请填0到{LARGEST}之间的数。")
    return value


def may_record(user: Principal, measure: Measure) -> bool:
    """Tell whether somebody may add readings: of what is nobody's yet the whole centre's people."""
    departments = user.departments_of(Permission.MEASURES_READING_RECORD)
    return departments is None or measure.department_id in departments


def list_readings(indicator_ids: Collection[int]) -> list[MeasureReading]:
    """Give all readings of some indicators, the newest day first."""
    order = (MeasureReading.read_on.desc(), MeasureReading.id.desc())
    found = select(MeasureReading).where(MeasureReading.indicator_id.in_(indicator_ids))
    return list(db.session.scalars(found.order_by(*order)))


def month_end(today: date) -> date:
    """Give the last day of the month that ended."""
    return today.replace(day=1) - timedelta(days=1)


def write_month() -> None:
    """Write down what the site's own figures were at the end of last month; once, however often."""
    last = month_end(clock.today())
    missing = list_unwritten(last)
    found = [(each, read_month(each[0], each[1], last)) for each in missing]
    lines = [(indicator, reading) for (indicator, _), reading in found if reading is not None]
    if not lines:
        return
    with db.write():
        known = set(written_ids(last))
        for indicator, reading in lines:
            if indicator.id not in known:
                db.session.add(reading)
        db.session.flush()


def list_unwritten(last: date) -> Sequence[tuple[MeasureIndicator, Measure]]:
    """Give the indicators whose figure of a month's end is not written down yet."""
    statement = (
        select(MeasureIndicator, Measure)
        .join(Measure, Measure.id == MeasureIndicator.measure_id)
        .join(MeasurePlan, MeasurePlan.id == Measure.plan_id)
        .where(
            MeasurePlan.closed_at.is_(None),
            MeasureIndicator.source_name != "",
            Measure.begins_on <= last,
            MeasureIndicator.id.not_in(written_statement(last)),
        )
        .order_by(MeasureIndicator.id)
    )
    return [(indicator, measure) for indicator, measure in db.session.execute(statement)]


def written_statement(last: date) -> Select[int]:
    """Select the indicators whose figure of a day stands."""
    return select(MeasureReading.indicator_id).where(
        MeasureReading.origin == ReadingOrigin.AUTOMATIC, MeasureReading.read_on == last
    )


def written_ids(last: date) -> Sequence[int]:
    """Give their ids."""
    return db.session.scalars(written_statement(last)).all()


def read_month(indicator: MeasureIndicator, measure: Measure, last: date) -> MeasureReading | None:
    """Read a figure as of the end of a month; None where there is nothing to count."""
    span = period_of(indicator.period, last, measure.begins_on, max(measure.ends_on, last))
    until = type(span)(span.first, last)
    reading = read_source(indicator.source_name, until)
    source = find_source(indicator.source_name)
    if reading is None or source is None:
        return None
    return MeasureReading(
        indicator_id=indicator.id,
        read_on=last,
        value=stored_value(reading.value),
        numerator=reading.numerator if reading.denominator else None,
        denominator=reading.denominator or None,
        items=[],
        text=reading.note,
        origin=ReadingOrigin.AUTOMATIC,
        source=source.label,
        recorded_at=clock.now(),
        reason="",
    )
