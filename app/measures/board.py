"""The board: each row with its light and why, as of today or of any past day.

"Any past date can be replayed, incl. progress": a past day is judged by what had been recorded by
its end, by the date that held then, and by figures that were written down; today's by live ones.
Who owns a row is told as of today.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app.accounts.models import Department
from app.kernel import clock, db, formats
from app.kernel.evidence import Span
from app.kernel.indicators import Reading
from app.kernel.listing import Statement
from app.measures import lights
from app.measures.lights import Fact, Target, Verdict
from app.measures.models import (
    IndicatorKind,
    Measure,
    MeasureExtension,
    MeasureIndicator,
    MeasureNote,
    MeasurePlan,
    MeasureReading,
    NoteKind,
    ReadingOrigin,
    TaskState,
)
from app.measures.settings import tolerance
from app.measures.sources import read_source, stored_value
from app.measures.workflow import FLOW
from app.workdays.lights import LightKind
from app.workflow.models import WorkflowMove

UNASSIGNED = "待确认"
ONE = Decimal(1)
Notes = Mapping[NoteKind, tuple[int, date]]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measure with the names that lists show."""

    measure: Measure
    plan: MeasurePlan
    department: str

    @property
    def name(self) -> str:
        """Name it as people speak of it: 效能10."""
        return f"{self.plan.short}{self.measure.code}"


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An indicator with its light."""

    indicator: MeasureIndicator
    target: str
    verdict: Verdict
    # What the site itself read just now, where that is what counts.
    live: Reading | None = None

    @property
    def is_live(self) -> bool:
        """Tell whether the site itself read it."""
        return self.live is not None

    @property
    def counted(self) -> str:
        """Say from what a live share was counted, and how; nothing where a person typed it."""
        if self.live is None:
            return ""
        share = f"{self.live.numerator}/{self.live.denominator}。" if self.live.denominator else ""
        return f"{share}{self.live.note}"


@dataclass(frozen=True, kw_only=True)
class Status:
    """A row of the board on a day. `kind` None is 无数据."""

    row: Row
    day: date
    state: TaskState
    due_on: date
    kind: LightKind | None
    reason: str
    judged: Sequence[Judged]
    last_read_on: date | None
    notes: Notes

    @property
    def word(self) -> str:
        """Give the word of its light."""
        return lights.NO_DATA if self.kind is None else lights.WORDS[self.kind]

    @property
    def state_label(self) -> str:
        """Give its state in words."""
        return FLOW.state(self.state).label


def row_of(found: tuple[Measure, MeasurePlan, str | None]) -> Row:
    """Name the parts of a result row."""
    measure, plan, department = found
    return Row(measure=measure, plan=plan, department=department or UNASSIGNED)


def select_rows() -> Statement:
    """Select all rows with plan and department."""
    return (
        select(Measure, MeasurePlan, Department.name)
        .join(MeasurePlan, MeasurePlan.id == Measure.plan_id)
        .outerjoin(Department, Department.id == Measure.department_id)
    )


def list_rows(*, plan_id: int | None = None, is_open: bool = True) -> list[Row]:
    """Give the rows of one plan, or of all that are not closed."""
    statement: Statement = select_rows().order_by(
        MeasurePlan.year.desc(), MeasurePlan.id, Measure.place
    )
    if plan_id is not None:
        statement = statement.where(Measure.plan_id == plan_id)
    elif is_open:
        statement = statement.where(MeasurePlan.closed_at.is_(None))
    return [row_of(tuple(each)) for each in db.session.execute(statement)]


def end_of(day: date) -> datetime:
    """Give the instant at which a day of the hall is over."""
    return clock.from_local(datetime.combine(day + timedelta(days=1), datetime.min.time()))


def read_statuses(rows: Sequence[Row], day: date | None = None) -> list[Status]:
    """Judge rows as of a day, in a bounded number of queries; without a day as of now."""
    today = clock.today()
    board = Board(rows, day or today, is_live=day is None or day >= today)
    return [board.judge(each) for each in rows]


class Board:
    """All that judging some rows needs, read at once."""

    def __init__(self, rows: Sequence[Row], day: date, *, is_live: bool) -> None:
        ids = [each.measure.id for each in rows]
        self.day, self.is_live, self.tolerance = day, is_live, tolerance()
        self.indicators = read_indicators(ids)
        self.facts = read_facts(
            [each.id for found in self.indicators.values() for each in found], day
        )
        self.states = {} if is_live else read_states(ids, day)
        self.dues = {} if is_live else read_dues(ids, day)
        self.notes = read_notes(ids, day)
        self.live: dict[tuple[str, Span], Reading | None] = {}

    def judge(self, row: Row) -> Status:
        """Judge one row: the worst light of its indicators, with its reason."""
        measure = row.measure
        state = self.states.get(measure.id, measure.state if self.is_live else TaskState.PENDING)
        due_on = self.dues.get(measure.id, measure.ends_on)
        judged = [self.judge_indicator(each, measure, due_on)
                  for each in self.indicators.get(measure.id, ())]  # fmt: skip
        kind, reason = self.light_of(measure, state, judged)
        read_on = [each.verdict.fact.on for each in judged if each.verdict.fact is not None]
        return Status(
            row=row, day=self.day, state=state, due_on=due_on, kind=kind, reason=reason,
            judged=judged, last_read_on=max(read_on, default=None),
            notes=self.notes.get(measure.id, {}),
        )  # fmt: skip

    def light_of(
        self, measure: Measure, state: TaskState, judged: Sequence[Judged]
    ) -> tuple[LightKind | None, str]:
        """Give the light of a row with the reason of the indicator that decides."""
        if state is TaskState.CLOSED:
            return LightKind.GREEN, "已销号。"
        kind = lights.worst([each.verdict.kind for each in judged])
        if self.is_live and measure.is_returned and kind is not LightKind.RED:
            return LightKind.AMBER, "复核退回过，还没有重新申请办结。"
        chosen = next((each for each in judged if each.verdict.kind is kind), None)
        if chosen is None or kind is None:
            return None, self.why_none(measure, judged)
        prefix = f"{chosen.indicator.label}：" if len(judged) > 1 else ""
        return kind, f"{prefix}{chosen.verdict.reason}"

    def why_none(self, measure: Measure, judged: Sequence[Judged]) -> str:
        """Say why a row has no light: who would have to do what."""
        if self.day < measure.begins_on:
            return f"{formats.day(measure.begins_on)}开始，现在不判断。"
        if measure.department_id is None:
            return "还没有分解到牵头部门，没有人填报。"
        missing = [each for each in judged if each.verdict.fact is None]
        targets = [each for each in judged if each.indicator.kind is not IndicatorKind.WATCHED]
        if not targets:
            return "只监测，没有目标值，不亮灯。"
        if missing:
            names = "、".join(each.indicator.label for each in missing)
            return f"{names}：还没有读数，请牵头部门填报。"
        return targets[0].verdict.reason

    def judge_indicator(
        self, indicator: MeasureIndicator, measure: Measure, due_on: date
    ) -> Judged:
        """Judge one indicator by its readings, and by what the site knows now."""
        target = target_of(indicator)
        facts = list(self.facts.get(indicator.id, ()))
        live = self.read_live(indicator, measure, due_on)
        if live is not None:
            facts.append(live)
        verdict = lights.judge(
            target, facts, day=self.day, begins=measure.begins_on, ends=due_on,
            tolerance=self.tolerance,
        )  # fmt: skip
        counts = live is not None and verdict.fact is live
        reading = self.live.get(self.key_of(indicator, measure, due_on)) if counts else None
        return Judged(indicator=indicator, target=str(target), verdict=verdict, live=reading)

    def key_of(
        self, indicator: MeasureIndicator, measure: Measure, due_on: date
    ) -> tuple[str, Span]:
        """Give which figure an indicator asks the site for: of the period so far."""
        span = lights.period_of(indicator.period, self.day, measure.begins_on, due_on)
        return indicator.source_name, Span(span.first, min(span.last, self.day))

    def read_live(self, indicator: MeasureIndicator, measure: Measure, due_on: date) -> Fact | None:
        """Read the site's own figure of the period so far; only today's board asks for it."""
        if not self.is_live or not indicator.source_name or self.day < measure.begins_on:
            return None
        key = self.key_of(indicator, measure, due_on)
        if key not in self.live:
            self.live[key] = read_source(*key)
        reading = self.live[key]
        if reading is None:
            return None
        return Fact(on=key[1].last, value=stored_value(reading.value), is_automatic=True)


def target_of(indicator: MeasureIndicator) -> Target:
    """Give an indicator as judging needs it."""
    target = indicator.target or ONE
    if indicator.kind is IndicatorKind.CHECKLIST:
        target = Decimal(len(indicator.items))
    return Target(
        kind=indicator.kind,
        way=indicator.way,
        period=indicator.period,
        target=target,
        upper=indicator.upper_target,
        unit=indicator.unit,
    )


def read_indicators(measure_ids: Collection[int]) -> Mapping[int, list[MeasureIndicator]]:
    """Give the indicators of some rows in their order."""
    found: dict[int, list[MeasureIndicator]] = defaultdict(list)
    statement = select(MeasureIndicator).where(MeasureIndicator.measure_id.in_(measure_ids))
    for each in db.session.scalars(statement.order_by(MeasureIndicator.place)):
        found[each.measure_id].append(each)
    return found


def read_facts(indicator_ids: Collection[int], day: date) -> Mapping[int, list[Fact]]:
    """Give what had been recorded by the end of a day, without what had been replaced by then."""
    known = select(MeasureReading).where(
        MeasureReading.indicator_id.in_(indicator_ids), MeasureReading.recorded_at < end_of(day)
    )
    readings = db.session.scalars(known.order_by(MeasureReading.id)).all()
    replaced = {each.replaces_id for each in readings}
    found: dict[int, list[Fact]] = defaultdict(list)
    for each in readings:
        if each.id not in replaced and each.read_on <= day:
            found[each.indicator_id].append(fact_of(each))
    return found


def fact_of(reading: MeasureReading) -> Fact:
    """Give a reading as judging needs it."""
    return Fact(
        on=reading.read_on,
        value=reading.value,
        mean=reading.mean,
        is_automatic=reading.origin is ReadingOrigin.AUTOMATIC,
    )


def read_states(measure_ids: Collection[int], day: date) -> Mapping[int, TaskState]:
    """Give the states at the end of a day, from the paths alone."""
    last = (
        select(WorkflowMove.record_id, func.max(WorkflowMove.step).label("step"))
        .where(
            WorkflowMove.flow == FLOW.name,
            WorkflowMove.record_id.in_(measure_ids),
            WorkflowMove.at < end_of(day),
        )
        .group_by(WorkflowMove.record_id)
        .subquery()
    )
    statement = select(WorkflowMove.record_id, WorkflowMove.to_state).join(
        last,
        (last.c.record_id == WorkflowMove.record_id) & (last.c.step == WorkflowMove.step),
    )
    rows = db.session.execute(statement.where(WorkflowMove.flow == FLOW.name))
    return {record_id: TaskState(state) for record_id, state in rows}


def read_dues(measure_ids: Collection[int], day: date) -> Mapping[int, date]:
    """Give the dates that held on a day where an extension was granted only later."""
    statement = (
        select(MeasureExtension)
        .where(
            MeasureExtension.measure_id.in_(measure_ids),
            MeasureExtension.is_granted.is_(True),
            MeasureExtension.decided_at >= end_of(day),
        )
        .order_by(MeasureExtension.decided_at.desc())
    )
    return {each.measure_id: each.before_on for each in db.session.scalars(statement)}


def read_notes(measure_ids: Collection[int], day: date) -> Mapping[int, Notes]:
    """Count 督促整改 and 宣传引导 up to a day, with the newest of each."""
    found: dict[int, dict[NoteKind, tuple[int, date]]] = defaultdict(dict)
    statement = (
        select(
            MeasureNote.measure_id,
            MeasureNote.kind,
            func.count(MeasureNote.id),
            func.max(MeasureNote.noted_on),
        )
        .where(MeasureNote.measure_id.in_(measure_ids), MeasureNote.made_at < end_of(day))
        .group_by(MeasureNote.measure_id, MeasureNote.kind)
    )
    for measure_id, kind, count, newest in db.session.execute(statement):
        found[measure_id][kind] = (count, newest)
    return found


def reds(statuses: Iterable[Status], most: int = 3) -> list[Status]:
    """Give the rows that are 逾期, those first that were due first."""
    found = [each for each in statuses if each.kind is LightKind.RED]
    return sorted(found, key=lambda each: (each.due_on, each.row.measure.id))[:most]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A row whose light or state is not what it was on a past day."""

    before: Status
    now: Status


def changes_since(rows: Sequence[Row], day: date) -> list[Change]:
    """Give what has changed since a day: light, state, date or a reading."""
    return changes_between(read_statuses(rows, day), read_statuses(rows))


def changes_between(before: Sequence[Status], now: Sequence[Status]) -> list[Change]:
    """Give what differs between two days' statuses of the same rows."""
    pairs = zip(before, now, strict=True)
    return [Change(before=old, now=new) for old, new in pairs if said(old) != said(new)]


def said(status: Status) -> tuple[object, ...]:
    """Give what makes a difference between two days."""
    values = tuple(
        each.verdict.value
        for each in status.judged
        if each.indicator.kind is not IndicatorKind.WATCHED
    )
    return (status.kind, status.state, status.due_on, values)
