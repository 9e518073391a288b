"""The board as a list, and 任务分解表 in the layout in which it is read again."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import ColumnElement, false

from app.accounts.models import Department
from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing
from app.measures.board import UNASSIGNED, Status
from app.measures.lights import NO_DATA, WORDS
from app.measures.models import Measure, MeasurePlan, NoteKind, TaskState
from app.measures.tables import CODE, DEPARTMENT, DUE, PARTNERS, TITLE
from app.measures.workflow import FLOW
from app.workdays.lights import LightKind

PER_PAGE = 50
NONE = "none"
Statuses = Mapping[int, Status]


def show_title(status: Status) -> Cell:
    """Show what is to be done, which leads to the row."""
    measure = status.row.measure
    return Cell(text=measure.title, href=url_for("measures.show_task", record_id=measure.id))


def show_number(status: Status) -> Cell:
    """Show the number in its plan, which leads to the row."""
    href = url_for("measures.show_task", record_id=status.row.measure.id)
    return Cell(text=status.row.name, href=href)


def show_readings(status: Status) -> str:
    """Show what it is read by: target and value; what is only watched stands on its own page."""
    return "；".join(
        f"{each.indicator.label}（{each.target}）{each.verdict.value}"
        for each in status.judged
        if not is_watched(each)
    )


def is_watched(judged: Any) -> bool:  # noqa: ANN401 - an indicator with its light.
    """Tell whether an indicator has no target."""
    return bool(judged.indicator.kind == "watched")


def readings_text(status: Status) -> str:
    """Write all indicators with target and value, a line each."""
    return "\n".join(
        f"{each.indicator.label}：{each.target}；{each.verdict.value}" for each in status.judged
    )


def targets_text(status: Status) -> str:
    """Write all indicators with their targets, a line each."""
    return "\n".join(f"{each.indicator.label}：{each.target}" for each in status.judged)


def show_light(status: Status) -> Cell:
    """Show the light, or that there is nothing to judge."""
    if status.kind is None:
        return Cell(text=NO_DATA, kind="muted")
    return Cell(text=status.word, kind=f"light-{status.kind}")


def show_owner(status: Status) -> Cell:
    """Show whose it is."""
    kind = "muted" if status.row.department == UNASSIGNED else ""
    return Cell(text=status.row.department, kind=kind)


def assigned_text(status: Status, write: Callable[[date], str] = formats.day) -> str:
    """Tell 任务分解 of the 四个同步: when it was given to its department."""
    at = status.row.measure.assigned_at
    if at is None or status.state is TaskState.PENDING:
        return UNASSIGNED
    return write(clock.local(at).date())


def work_text(status: Status, write: Callable[[date], str] = formats.day) -> str:
    """Tell 工作实施: of which day the newest reading is."""
    return write(status.last_read_on) if status.last_read_on else "还没有读数"


def note_text(kind: NoteKind, status: Status) -> str:
    """Tell 督促整改 or 宣传引导: how often, and when last."""
    count, newest = status.notes.get(kind, (0, None))
    return f"{count}次，最近{formats.month_day(newest)}" if newest else "无"


def four_lines(status: Status) -> str:
    """Show 四个同步 in one cell."""
    lines = (
        ("分解", assigned_text(status, formats.month_day)),
        ("实施", work_text(status, formats.month_day)),
        ("督促", note_text(NoteKind.URGING, status)),
        ("宣传", note_text(NoteKind.PUBLICITY, status)),
    )
    return "；".join(f"{label}{text}" for label, text in lines)


def of_light(statuses: Statuses, value: str) -> ColumnElement[bool]:
    """Narrow the board to a light; lights are derived, so their rows are named one by one."""
    kind = None if value == NONE else LightKind(value)
    ids = [key for key, status in statuses.items() if status.kind is kind]
    return Measure.id.in_(ids) if ids else false()


def of_owner(value: str) -> ColumnElement[bool]:
    """Narrow the board to a department, or to what is nobody's yet."""
    if value == NONE:
        return Measure.department_id.is_(None)
    return Measure.department_id == int(value)


def make_board(
    statuses: Statuses,
    *,
    plans: Sequence[MeasurePlan],
    departments: Sequence[Department],
    is_sheet: bool = False,
) -> Listing[Status]:
    """Declare the board over rows that have been judged."""
    parts = dict.fromkeys(status.row.measure.part for status in statuses.values())
    return Listing(
        id="task-list",
        noun="项任务",
        title="任务分解看板",
        row=lambda found: statuses[found[0].id],
        columns=SHEET_COLUMNS if is_sheet else COLUMNS,
        search=(Measure.title, Measure.source, Department.name, Measure.partners),
        search_label="举措、原文、部门",
        filters=[
            Filter(
                name="plan", label="计划",
                options=[(str(each.id), f"{each.short}（{each.year}）") for each in plans],
                where=lambda value: Measure.plan_id == int(value),
            ),
            Filter(
                name="part", label="行动", options=[(each, each) for each in parts],
                where=lambda value: Measure.part == value,
            ),
            Filter(
                name="owner", label="牵头部门",
                options=[(NONE, UNASSIGNED), *((str(each.id), each.name) for each in departments)],
                where=of_owner,
            ),
            Filter(
                name="light", label="亮灯",
                options=[*((each.value, word) for each, word in WORDS.items()), (NONE, NO_DATA)],
                where=lambda value: of_light(statuses, value),
            ),
        ],
        tie_break=(MeasurePlan.year.desc(), MeasurePlan.id, Measure.place),
        empty_text="还没有任务。请办公室先载入计划。",
        per_page=PER_PAGE,
    )  # fmt: skip


NUMBER: Column[Status] = Column(
    name="number", label="任务", cell=show_number, is_short=True,
    export=lambda status: status.row.name,
)  # fmt: skip
LIGHT: Column[Status] = Column(name="light", label="灯", cell=show_light, is_short=True)
REASON: Column[Status] = Column(name="reason", label="为什么", cell=lambda status: status.reason)
OWNER: Column[Status] = Column(
    name="owner", label=DEPARTMENT, cell=show_owner, sort=Department.position
)
DUE_COLUMN: Column[Status] = Column(
    name="due", label=DUE, cell=lambda status: formats.day(status.due_on),
    sort=Measure.ends_on, is_short=True, export=lambda status: status.due_on,
)  # fmt: skip
STATE: Column[Status] = Column(
    name="state", label="状态", sort=Measure.state, is_short=True,
    cell=lambda status: Cell(text=status.state_label, kind=tag_of(status.state)),
)  # fmt: skip


def tag_of(state: TaskState) -> str:
    """Give the colour of a state."""
    kind = FLOW.state(state).kind
    return f"tag-{kind}" if kind else "tag"


COLUMNS: Sequence[Column[Status]] = (
    NUMBER,
    Column(name="title", label=TITLE, cell=show_title),
    Column(name="readings", label="指标、目标、读数", cell=show_readings),
    LIGHT,
    REASON,
    OWNER,
    DUE_COLUMN,
    STATE,
    Column(name="four", label="四个同步", cell=four_lines),
)
FOUR_COLUMNS: Sequence[Column[Status]] = (
    Column(name="assigned", label="任务分解", cell=assigned_text),
    Column(name="work", label="工作实施", cell=work_text),
    Column(
        name="urging", label="督促整改", cell=lambda status: note_text(NoteKind.URGING, status)
    ),
    Column(
        name="publicity", label="宣传引导",
        cell=lambda status: note_text(NoteKind.PUBLICITY, status),
    ),
)  # fmt: skip
PLAN_COLUMNS: Sequence[Column[Status]] = (
    Column(name="code", label=CODE, cell=lambda status: status.row.measure.code),
    Column(name="part", label="行动", cell=lambda status: status.row.measure.part),
    Column(name="title", label=TITLE, cell=lambda status: status.row.measure.title),
    Column(name="source", label="原文", cell=lambda status: status.row.measure.source),
    Column(name="targets", label="指标与目标", cell=targets_text),
    Column(name="owner", label=DEPARTMENT, cell=lambda status: status.row.department),
    Column(name="partners", label=PARTNERS, cell=lambda status: status.row.measure.partners),
    DUE_COLUMN,
    *FOUR_COLUMNS,
)
SHEET_COLUMNS: Sequence[Column[Status]] = (
    NUMBER,
    Column(name="part", label="行动", cell=lambda status: status.row.measure.part),
    Column(name="title", label=TITLE, cell=lambda status: status.row.measure.title),
    Column(name="source", label="原文", cell=lambda status: status.row.measure.source),
    Column(name="readings", label="指标、目标、读数", cell=readings_text),
    LIGHT,
    REASON,
    OWNER,
    Column(name="partners", label=PARTNERS, cell=lambda status: status.row.measure.partners),
    DUE_COLUMN,
    STATE,
    *FOUR_COLUMNS,
)


def make_table(statuses: Statuses) -> Listing[Status]:
    """Declare 任务分解表 of one plan."""
    return Listing(
        id="plan-table",
        noun="项任务",
        title="任务分解表",
        row=lambda found: statuses[found[0].id],
        columns=PLAN_COLUMNS,
        tie_break=Measure.place,
    )
