"""The demonstration's 任务分解: both plans, owners from the hall, readings that say 演示数据.

Three rows are red with their reasons, one quarter was bad, some rows are 待确认, one extension was
granted, one row is closed. The plans' days are moved so that the demonstration day lies within.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from app.accounts.acting import acting
from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at, weekday
from app.accounts.models import Department, RoleGrant
from app.kernel import clock, db
from app.kernel.permissions import Principal, Role
from app.measures import notes, plans, readings
from app.measures.demo_rows import STORIES, Series, Story
from app.measures.models import (
    IndicatorKind,
    Measure,
    MeasureIndicator,
    MeasurePlan,
    MeasureReading,
    NoteKind,
    TaskState,
)
from app.measures.notes import NoteEntry
from app.measures.plans import PlanSpan
from app.measures.readings import Correction, Entry
from app.measures.workflow import FLOW
from app.workflow import service as workflow

INVENTED = "演示数据"
OFFICE, CHIEF, LEADER = "QY0102", "QY0201", "QY0101"
FEBRUARY, MARCH = 2, 3
# The plans were given out so long ago, and signed for two days later.
GIVEN, SIGNED = 240, 238
WRITTEN_MONTHS = 6
EXTENDED = "效能3"


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who acts, and the departments by name."""

    day: date
    office: Principal
    chief: Principal
    leader: Principal
    departments: dict[str, int]

    def carrier(self, department_id: int) -> Principal:
        """Give who answers for a department: its 窗口负责人, or else the 业务科室负责人."""
        found = db.session.scalar(
            select(RoleGrant.person_id).where(
                RoleGrant.role == Role.WINDOW_LEAD,
                RoleGrant.department_id == department_id,
                RoleGrant.is_granted.is_(True),
                RoleGrant.ended_at.is_(None),
                RoleGrant.starts_on <= self.day - timedelta(days=GIVEN),
            )
        )
        return self.chief if found is None else acting(found, self.day)


def fill(day: date) -> None:
    """Make it all as of the day."""
    cast = Cast(
        day=day,
        office=one_of_cast(OFFICE, day),
        chief=one_of_cast(CHIEF, day),
        leader=one_of_cast(LEADER, day),
        departments={each.name: each.id for each in db.session.scalars(select(Department))},
    )
    spans = spans_of(day)
    with moment(day, GIVEN + 2), db.write():
        for file in plans.list_files():
            plans.load(file, user=cast.office, span=spans[file.name])
    for name, story in STORIES.items():
        with db.write():
            tell(name, story, cast)
    write_months(day)


def spans_of(day: date) -> dict[str, PlanSpan]:
    """Move the days of the plans: one year, and three, around the demonstration day."""
    year = day.year if day.month >= MARCH else day.year - 1
    return {
        "2025-efficiency-plan": PlanSpan(
            starts_on=date(year, FEBRUARY, 1), ends_on=date(year + 1, 1, 31)
        ),
        "2023-clean-window-plan": PlanSpan(
            starts_on=date(year - 1, MARCH, 23), ends_on=date(year + 2, MARCH, 22)
        ),
    }


@contextmanager
def moment(day: date, ago: int, hour: int = 10) -> Iterator[None]:
    """Let it be an hour of a working day so many days ago."""
    with clock.frozen(at(weekday(day - timedelta(days=ago)), hour)):
        yield


def tell(name: str, story: Story, cast: Cast) -> None:
    """Tell the story of one row, in the open write."""
    measure = find(name)
    if story.owner:
        give_out(measure, story, cast)
    user = cast.office
    if measure.department_id and story.state is not TaskState.TO_RECEIVE:
        user = cast.carrier(measure.department_id)
    for indicator, series in zip(plans.list_indicators(measure.id), story.series, strict=False):
        read_all(indicator, measure, series, user, cast.day)
    for kind, text in ((NoteKind.URGING, story.urged), (NoteKind.PUBLICITY, story.told)):
        if text:
            note(measure, kind, text, cast)
    if name == EXTENDED:
        extend(measure, user, cast, is_granted=True)
    end(measure, story, user, cast)


def find(name: str) -> Measure:
    """Give a row by its name: 效能10."""
    return db.session.scalars(
        select(Measure)
        .join(MeasurePlan, MeasurePlan.id == Measure.plan_id)
        .where(MeasurePlan.short + Measure.code == name)
    ).one()


def give_out(measure: Measure, story: Story, cast: Cast) -> None:
    """Assign a row, and let its department sign for it."""
    due = measure.ends_on if story.due is None else cast.day + timedelta(days=story.due)
    with moment(cast.day, GIVEN):
        data = {
            "department_id": cast.departments[story.owner],
            "partners": story.partners,
            "ends_on": due,
        }
        move(measure, "assign", cast.office, data=data)
    if story.state is not TaskState.TO_RECEIVE:
        with moment(cast.day, SIGNED):
            move(measure, "receive", cast.carrier(cast.departments[story.owner]))


def move(measure: Measure, name: str, user: Principal, **given: Any) -> None:
    """Make a move in the open write."""
    workflow.execute(FLOW, record_id=measure.id, name=name, user=user, **given)


def read_all(
    indicator: MeasureIndicator, measure: Measure, series: Series, user: Principal, day: date
) -> None:
    """Type the readings of an indicator, each on its day; one mistake is put right."""
    for place, (ago, said) in enumerate(series):
        with moment(day, ago, 16):
            entry = entry_of(indicator, said)
            if measure.code == "G4" and place == 0:
                wrong = readings.add(
                    indicator_id=indicator.id, entry=entry_of(indicator, "92.2"), user=user
                )
                put_right(indicator, wrong, entry, user)
            else:
                readings.add(indicator_id=indicator.id, entry=entry, user=user)


def put_right(
    indicator: MeasureIndicator, wrong: MeasureReading, entry: Entry, user: Principal
) -> None:
    """Correct a reading."""
    correction = Correction(reading_id=wrong.id, reason="报表重复计了一个工作组，已核对。")
    readings.add(indicator_id=indicator.id, entry=entry, user=user, correction=correction)


def entry_of(indicator: MeasureIndicator, said: str) -> Entry:
    """Read what a story says of an indicator."""
    value, _, mean = said.partition("/")
    text = {"0": "按计划推进。", "1": "已经完成。"}.get(value, "")
    is_list = indicator.kind is IndicatorKind.CHECKLIST
    return Entry(
        read_on=clock.today(),
        value=Decimal(value),
        mean=Decimal(mean) if mean else None,
        items=tuple(indicator.items[: int(value)]) if is_list else (),
        text=f"{INVENTED}：{text}" if indicator.kind is IndicatorKind.QUALITATIVE else "",
        source=INVENTED,
    )


def note(measure: Measure, kind: NoteKind, text: str, cast: Cast) -> None:
    """Write down 督促整改 or 宣传引导."""
    with moment(cast.day, 12, 15):
        entry = NoteEntry(kind=kind, noted_on=clock.today(), text=f"{INVENTED}：{text}")
        notes.add_note(measure_id=measure.id, entry=entry, user=cast.office)


def extend(measure: Measure, user: Principal, cast: Cast, *, is_granted: bool) -> None:
    """Ask for a later date; grant it, or let it wait."""
    with moment(cast.day, 9 if is_granted else 1):
        until = measure.ends_on + timedelta(days=30)
        move(
            measure, "extend", user, reason=f"{INVENTED}：厂商排期靠后。", data={"until_on": until}
        )
    if is_granted:
        with moment(cast.day, 8):
            move(measure, "grant", cast.leader, reason="同意，年内完成。")


def end(measure: Measure, story: Story, user: Principal, cast: Cast) -> None:
    """Take a row as far as its story goes."""
    if story.state is TaskState.EXTENDING:
        extend(measure, user, cast, is_granted=False)
    steps: list[tuple[TaskState, int, Callable[[], None]]] = [
        (
            TaskState.TO_REVIEW,
            4,
            lambda: move(measure, "report", user, reason=f"{INVENTED}：目标已达到。"),
        ),
        (
            TaskState.TO_CLOSE,
            3,
            lambda: move(measure, "pass", cast.office, reason="佐证齐全。"),
        ),
        (TaskState.CLOSED, 2, lambda: move(measure, "close", cast.leader)),
    ]
    order = [each for each, _, _ in steps]
    if story.state in order:
        for _, ago, act in steps[: order.index(story.state) + 1]:
            with moment(cast.day, ago, 11):
                act()


def write_months(day: date) -> None:
    """Write down the site's own figures at the ends of the last months."""
    first = day.replace(day=1)
    months = []
    for _ in range(WRITTEN_MONTHS):
        months.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    for each in reversed(months):
        with clock.frozen(at(each, 8)):
            readings.write_month()
