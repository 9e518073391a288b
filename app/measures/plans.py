"""Plans: loaded from data files, copied for the next year, closed.

"One installation serves one hall; name, prefixes and plans are its profile." A plan's file stands
in docs/plans beside its text; another hall puts its own there. Each plan is loaded once.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.config import ROOT
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.measures.models import (
    IndicatorKind,
    IndicatorPeriod,
    IndicatorWay,
    Measure,
    MeasureIndicator,
    MeasurePlan,
    TaskState,
)
from app.measures.workflow import FLOW
from app.workflow import service as workflow

FOLDER = ROOT / "docs" / "plans"
ALREADY = "这份计划已经载入过。"


@dataclass(frozen=True, kw_only=True)
class PlanFile:
    """A plan's file as it was read."""

    name: str
    content: Mapping[str, Any]

    @property
    def title(self) -> str:
        """Give the plan's title."""
        return str(self.content["title"])


@dataclass(frozen=True, kw_only=True)
class PlanSpan:
    """From when to when a plan runs."""

    starts_on: date
    ends_on: date


def list_files() -> list[PlanFile]:
    """Give the plans that come with the site, the newest first."""
    found = [read_file(each) for each in FOLDER.glob("*.toml")]
    return sorted(found, key=lambda each: -int(each.content["year"]))


def read_file(path: Path) -> PlanFile:
    """Read a plan's file; raises RefusedError for what is none."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        check_content(content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RefusedError(file=f"读不出这份计划：{error}") from error
    return PlanFile(name=path.stem, content=content)


def check_content(content: Mapping[str, Any]) -> None:
    """Look for what every plan must say; raises KeyError, TypeError or ValueError."""
    for name in ("code", "short", "title", "year", "starts_on", "ends_on"):
        _ = content[name]
    for row in content["measures"]:
        if not (row["code"] and row["title"] and row["location"] and all(row["source"])):
            raise ValueError(f"{row['code']}缺少题目、原文或原文的位置")
        for given in row["indicators"]:
            read_indicator(given)


def read_indicator(given: Mapping[str, Any]) -> dict[str, Any]:
    """Read an indicator as its columns; raises KeyError or ValueError."""
    return {
        "label": given["label"],
        "kind": IndicatorKind(given["kind"]),
        "way": IndicatorWay(given["way"]),
        "period": IndicatorPeriod(given["period"]),
        "target": number_in(given, "target"),
        "upper_target": number_in(given, "upper_target"),
        "unit": given.get("unit", ""),
        "source_name": given.get("source_name", ""),
        "items": list(given.get("items", ())),
    }


def number_in(given: Mapping[str, Any], name: str) -> Decimal | None:
    """Read a number; None where there is none."""
    return Decimal(str(given[name])) if name in given else None


def load(file: PlanFile, *, user: Principal | None, span: PlanSpan | None = None) -> MeasurePlan:
    """Load a plan with all its measures, in the open write; raises RefusedError the second time.

    `span` stands in for the plan's own days.
    """
    content = file.content
    if find_plan(content["code"]) is not None:
        raise RefusedError(form=ALREADY)
    plan = MeasurePlan(
        code=content["code"],
        short=content["short"],
        title=content["title"],
        year=content["year"],
        number=content.get("number", ""),
        organisation=content.get("organisation", ""),
        starts_on=span.starts_on if span else content["starts_on"],
        ends_on=span.ends_on if span else content["ends_on"],
    )
    add_plan(plan)
    for place, row in enumerate(content["measures"], start=1):
        measure = new_measure(plan, place, row["code"], row["part"], row["title"])
        measure.source, measure.location = "\n".join(row["source"]), row["location"]
        given = [read_indicator(each) for each in row["indicators"]]
        add_measure(measure, given, user)
    log(AuditEvent.MEASURES_PLAN_LOADED, plan, user, rows=len(content["measures"]))
    return plan


def find_plan(code: str) -> MeasurePlan | None:
    """Give the plan of that code."""
    return db.session.scalar(select(MeasurePlan).where(MeasurePlan.code == code))


def add_plan(plan: MeasurePlan) -> None:
    """Add a plan to the open write; raises RefusedError for a second one of its code."""
    db.session.add(plan)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise RefusedError(form=ALREADY) from error


def new_measure(plan: MeasurePlan, place: int, code: str, part: str, title: str) -> Measure:
    """Begin a row of a plan: it runs as long as the plan until the office says otherwise."""
    return Measure(
        plan_id=plan.id,
        place=place,
        code=code,
        part=part,
        title=title,
        state=TaskState.PENDING,
        begins_on=plan.starts_on,
        ends_on=plan.ends_on,
        partners="",
        is_returned=False,
        version=1,
        drafted_at=clock.now(),
        moved_at=clock.now(),
    )


def add_measure(
    measure: Measure, indicators: Sequence[Mapping[str, Any]], user: Principal | None
) -> None:
    """Add a row with its indicators, and begin its path: 立项."""
    db.session.add(measure)
    db.session.flush()
    for place, given in enumerate(indicators, start=1):
        db.session.add(MeasureIndicator(measure_id=measure.id, place=place, **given))
    workflow.begin(FLOW, measure, user=user)


def copy(*, plan_id: int, year: int, title: str, span: PlanSpan, user: Principal) -> MeasurePlan:
    """Make the next year's plan of one, in the open write: the same rows, nobody's yet.

    Targets are changed on the copy; the older plan stays as it is. Raises RefusedError.
    """
    old = db.session.get_one(MeasurePlan, plan_id)
    if span.ends_on <= span.starts_on:
        raise RefusedError(ends_on="结束日期要晚于开始日期。")
    plan = MeasurePlan(
        code=f"{old.code.rpartition('~')[0] or old.code}~{year}",
        short=old.short,
        title=title,
        year=year,
        number="",
        organisation=old.organisation,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        copied_from_id=old.id,
    )
    try:
        add_plan(plan)
    except RefusedError as refused:
        raise RefusedError(year="这一年已经有一份复制的计划。") from refused
    for row in list_measures(old.id):
        measure = new_measure(plan, row.place, row.code, row.part, row.title)
        measure.source, measure.location = row.source, row.location
        add_measure(measure, [columns_of(each) for each in list_indicators(row.id)], user)
    log(AuditEvent.MEASURES_PLAN_COPIED, plan, user, copied_from=old.code)
    return plan


def columns_of(indicator: MeasureIndicator) -> dict[str, Any]:
    """Give what a copy of an indicator takes over."""
    names = (
        "label", "kind", "way", "period", "target", "upper_target", "unit", "source_name", "items",
    )  # fmt: skip
    return {name: getattr(indicator, name) for name in names}


def close(*, plan_id: int, user: Principal) -> None:
    """Let a plan be read only, in the open write; raises RefusedError."""
    plan = db.session.get_one(MeasurePlan, plan_id, with_for_update=True)
    if plan.is_closed:
        raise RefusedError(form="这份计划已经归档。")
    waiting = (TaskState.TO_RECEIVE, TaskState.EXTENDING, TaskState.TO_REVIEW, TaskState.TO_CLOSE)
    found = select(Measure.id).where(Measure.plan_id == plan.id, Measure.state.in_(waiting))
    if db.session.scalar(found.limit(1)) is not None:
        raise RefusedError(form="还有任务等着签收、决定、复核或者销号，办完才能归档。")
    plan.closed_at, plan.closed_by_id = clock.now(), user.person_id
    db.session.flush()
    log(AuditEvent.MEASURES_PLAN_CLOSED, plan, user)


def list_plans() -> list[MeasurePlan]:
    """Give all plans, the newest first."""
    order = (MeasurePlan.closed_at.is_not(None), MeasurePlan.year.desc(), MeasurePlan.id)
    return list(db.session.scalars(select(MeasurePlan).order_by(*order)))


def list_measures(plan_id: int) -> list[Measure]:
    """Give the rows of a plan in its own order."""
    found = select(Measure).where(Measure.plan_id == plan_id).order_by(Measure.place)
    return list(db.session.scalars(found))


def list_indicators(measure_id: int) -> list[MeasureIndicator]:
    """Give what a row is read by."""
    return list(
        db.session.scalars(
            select(MeasureIndicator)
            .where(MeasureIndicator.measure_id == measure_id)
            .order_by(MeasureIndicator.place)
        )
    )


@dataclass(frozen=True, kw_only=True)
class TargetChange:
    """A new target of an indicator; `upper` belongs to a range only."""

    target: Decimal
    upper: Decimal | None
    version: int


def change_target(*, indicator_id: int, change: TargetChange, user: Principal) -> None:
    """Change a target before its row is assigned, in the open write; raises RefusedError.

    What a department has signed for is never changed below its hands.
    """
    indicator = db.session.get_one(MeasureIndicator, indicator_id, with_for_update=True)
    measure = db.session.get_one(Measure, indicator.measure_id, with_for_update=True)
    if not may_change_target(measure, indicator):
        raise RefusedError(form="任务分解以后，或者计划归档以后，目标不能再改。")
    if indicator.version != change.version:
        raise RefusedError(form="别人刚改过这个目标，请看过最新的内容再改。")
    is_range = indicator.kind is IndicatorKind.RANGE
    if is_range and (change.upper is None or change.upper < change.target):
        raise RefusedError(upper="上限不能小于下限。")
    before = indicator.target
    indicator.target = change.target
    indicator.upper_target = change.upper if is_range else None
    db.session.flush()
    append(
        AuditEvent.MEASURES_TARGET_CHANGED,
        person_id=user.person_id,
        object_type="measure_indicator",
        object_id=indicator.id,
        before=str(before),
        after=str(change.target),
    )


def may_change_target(measure: Measure, indicator: MeasureIndicator) -> bool:
    """Tell whether a target can be changed now: it has one, and the row is nobody's yet."""
    is_open = not db.session.get_one(MeasurePlan, measure.plan_id).is_closed
    return is_open and measure.state is TaskState.PENDING and indicator.target is not None


def log(event: AuditEvent, plan: MeasurePlan, user: Principal | None, **data: object) -> None:
    """Write down what was done with a plan."""
    append(
        event,
        person_id=user.person_id if user else None,
        object_type="measure_plan",
        object_id=plan.id,
        plan=plan.title,
        **data,
    )
