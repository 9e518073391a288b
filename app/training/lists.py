"""The lists of the room: classes, the year's plan, one's own classes, monthly figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.sql import ColumnElement

from app.accounts.models import Department, Person
from app.kernel import db, formats
from app.kernel.listing import Cell, Column, Filter, Listing, Statement
from app.kernel.permissions import Permission, Principal
from app.training import classes, figures, sign_ins
from app.training.models import (
    CLASS_KIND_LABELS,
    DRAFT_STATES,
    HELD_STATES,
    ClassKind,
    ClassState,
    MonthlyFigure,
    PlanItem,
    Seat,
    SeatState,
    TrainingClass,
)
from app.training.workflow import FLOW
from app.workflow.lists import state_tag

KINDS = [(each.value, label) for each, label in CLASS_KIND_LABELS.items()]
STATES = [
    (each.value, each.label) for each in FLOW.states if each.value is not ClassState.PARTY_DRAFT
]


@dataclass(frozen=True, kw_only=True)
class ClassRow:
    """One class of the ledger with how many are booked and signed in."""

    found: TrainingClass
    due: int
    signed: int


def select_ledger(user: Principal) -> Statement:
    """Select the classes that somebody may see with the numbers of their lists."""
    booked = (Seat.class_id == TrainingClass.id) & (Seat.state == SeatState.BOOKED)
    due = select(func.count(Seat.id)).where(booked).scalar_subquery()
    signed = select(func.count(Seat.signed_at)).where(booked).scalar_subquery()
    return classes.select_classes_for(user).add_columns(due, signed)


def show_title(found: TrainingClass) -> Cell:
    """Show the title, which leads to the class."""
    href = url_for("training.show_class", public_id=found.public_id)
    return Cell(text=found.title, href=href)


def show_state(found: TrainingClass) -> Cell:
    """Show how far a class is."""
    return state_tag(FLOW, found.state)


def of_state(value: str) -> ColumnElement[bool]:
    """Narrow the ledger to a state; both kinds of drafts are 起草中."""
    if value == ClassState.DRAFT:
        return TrainingClass.state.in_(DRAFT_STATES)
    return TrainingClass.state == ClassState(value)


def when_text(found: TrainingClass) -> str:
    """Write when a class is."""
    start = formats.moment(found.starts_at)
    return f"{start}—{formats.time_of_day(found.ends_at)}"


def signed_text(row: ClassRow) -> str:
    """Write 实到 of 应到, once there is something to count."""
    if row.found.state in HELD_STATES:
        return f"{row.signed}/{row.due}"
    return f"已报{row.due}" if row.due else "—"


CLASSES: Listing[ClassRow] = Listing(
    id="class-list",
    noun="个课堂",
    title="培训课堂",
    row=lambda row: ClassRow(found=row[0], due=row[1], signed=row[2]),
    columns=(
        Column(
            name="starts", label="时间", cell=lambda row: when_text(row.found),
            sort=TrainingClass.starts_at, is_short=True,
            export=lambda row: row.found.starts_at,
        ),
        Column(
            name="kind", label="类别", cell=lambda row: CLASS_KIND_LABELS[row.found.kind],
            sort=TrainingClass.kind, is_short=True,
        ),
        Column(
            name="title", label="主题", cell=lambda row: show_title(row.found),
            sort=TrainingClass.title, export=lambda row: row.found.title,
        ),
        Column(name="place", label="地点", cell=lambda row: row.found.place, is_wide=True),
        Column(
            name="teacher", label="讲师", cell=lambda row: row.found.teacher, is_short=True,
            is_wide=True,
        ),
        Column(name="signed", label="实到/应到", cell=signed_text, is_short=True),
        Column(
            name="state", label="状态", cell=lambda row: show_state(row.found),
            sort=TrainingClass.state, is_short=True,
            export=lambda row: FLOW.state(row.found.state).label,
        ),
    ),
    search=(TrainingClass.title, TrainingClass.teacher, TrainingClass.place),
    search_label="主题、讲师、地点",
    filters=(
        Filter(
            name="kind", label="类别", options=KINDS,
            where=lambda value: TrainingClass.kind == ClassKind(value),
        ),
        Filter(name="state", label="状态", options=STATES, where=of_state),
    ),
    default_sort="-starts",
    tie_break=TrainingClass.id.desc(),
    empty_text="还没有课堂。课堂由经办人或党支部从年度计划里开课，也可以直接新建。",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One line of the plan with the class that came of it."""

    item: PlanItem
    added_by: str
    found: TrainingClass | None
    may_draft: bool


def plan_state(row: PlanRow) -> Cell:
    """Show what came of a line of the plan."""
    if row.found is None:
        return Cell(text="未开课", kind="tag")
    state = FLOW.state(row.found.state)
    href = url_for("training.show_class", public_id=row.found.public_id)
    return Cell(text=state.label, href=href)


def plan_act(row: PlanRow) -> Cell:
    """Show the way on: a class from this line, copied from the last one."""
    if row.found is not None or not row.may_draft:
        return Cell(text="")
    href = url_for("training.new_class", plan=row.item.id)
    return Cell(text="复制上期", href=href)


def plan_drop(row: PlanRow) -> Cell:
    """Show the way to take a line out."""
    if row.found is not None or not row.may_draft:
        return Cell(text="")
    return Cell(text="移出", href=url_for("training.drop_plan_item", item_id=row.item.id))


def plan_for(user: Principal) -> Listing[PlanRow]:
    """Give the list of the plan with what its reader may do, and the years that there are."""
    may_draft = user.can(Permission.TRAINING_CLASS_DRAFT)
    years = db.session.scalars(
        select(PlanItem.year).distinct().order_by(PlanItem.year.desc())
    ).all()
    return Listing(
        id="plan-list",
        noun="项计划",
        title="年度培训计划",
        row=lambda row: PlanRow(
            item=row[0], added_by=row[1].name, found=row[2], may_draft=may_draft
        ),
        columns=plan_columns(may_draft=may_draft),
        search=(PlanItem.title,),
        search_label="主题",
        filters=(
            Filter(
                name="year", label="年度",
                options=[(str(each), f"{each}年") for each in years],
                where=lambda value: PlanItem.year == int(value),
            ),
            Filter(
                name="kind", label="类别", options=KINDS,
                where=lambda value: PlanItem.kind == ClassKind(value),
            ),
        ),
        default_sort="-month",
        tie_break=PlanItem.id,
        empty_text="还没有列入计划。",
    )  # fmt: skip


def plan_columns(*, may_draft: bool) -> Sequence[Column[PlanRow]]:
    """Give the columns of the plan; the last two only to whoever drafts."""
    columns: list[Column[PlanRow]] = [
        Column(
            name="month", label="月份",
            cell=lambda row: f"{row.item.year}年{row.item.month}月",
            sort=PlanItem.year * 100 + PlanItem.month, is_short=True,
        ),
        Column(
            name="kind", label="类别", cell=lambda row: CLASS_KIND_LABELS[row.item.kind],
            sort=PlanItem.kind, is_short=True,
        ),
        Column(name="title", label="主题", cell=lambda row: row.item.title, sort=PlanItem.title),
        Column(name="state", label="开课情况", cell=plan_state, is_short=True),
        Column(
            name="added", label="列入人", cell=lambda row: row.added_by, is_short=True, is_wide=True
        ),
    ]  # fmt: skip
    if may_draft:
        columns += [
            Column(name="act", label="开课", cell=plan_act, is_short=True),
            Column(name="drop", label="计划", cell=plan_drop, is_short=True),
        ]
    return columns


@dataclass(frozen=True, kw_only=True)
class OwnRow:
    """One of somebody's own classes; without a seat he teaches it."""

    found: TrainingClass
    seat: Seat | None


def select_own(user: Principal) -> Statement:
    """Select the classes that somebody attends or teaches."""
    mine = (Seat.class_id == TrainingClass.id) & (Seat.person_id == user.person_id)
    return (
        select(TrainingClass, Seat).outerjoin(Seat, mine).where(classes.attended_by(user.person_id))
    )


def own_state(row: OwnRow) -> str:
    """Say how somebody stands to one of his classes."""
    if row.found.state is ClassState.CANCELLED:
        return "已取消"
    if row.seat is None:
        return "授课"
    return sign_ins.state_text(row.seat, row.found)


OWN_CLASSES: Listing[OwnRow] = Listing(
    id="own-class-list",
    noun="个课堂",
    title="我的课堂",
    row=lambda row: OwnRow(found=row[0], seat=row[1]),
    columns=(
        Column(
            name="starts", label="时间", cell=lambda row: when_text(row.found),
            sort=TrainingClass.starts_at, is_short=True, export=lambda row: row.found.starts_at,
        ),
        Column(
            name="kind", label="类别", cell=lambda row: CLASS_KIND_LABELS[row.found.kind],
            sort=TrainingClass.kind, is_short=True,
        ),
        Column(
            name="title", label="主题", cell=lambda row: show_title(row.found),
            sort=TrainingClass.title, export=lambda row: row.found.title,
        ),
        Column(name="place", label="地点", cell=lambda row: row.found.place, is_wide=True),
        Column(name="state", label="我的情况", cell=own_state, is_short=True),
    ),
    search=(TrainingClass.title, TrainingClass.place),
    search_label="主题、地点",
    filters=(
        Filter(
            name="kind", label="类别", options=KINDS,
            where=lambda value: TrainingClass.kind == ClassKind(value),
        ),
    ),
    default_sort="-starts",
    tie_break=TrainingClass.id.desc(),
    empty_text="还没有为你报名的课堂；报名由窗口负责人办理。",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One monthly figure."""

    figure: MonthlyFigure
    person: Person
    department: Department


def figures_list() -> Listing[FigureRow]:
    """Give the list of monthly figures with the metrics and months that there are."""
    return Listing(
        id="figure-list",
        noun="项数据",
        title="月度绩效数据",
        row=lambda row: FigureRow(figure=row[0], person=row[1], department=row[2]),
        columns=FIGURE_COLUMNS,
        search=(Person.name, Person.staff_number, Person.name_key, Department.name),
        search_label="姓名、拼音、工号或部门",
        filters=(
            Filter(
                name="metric", label="指标",
                options=[(each, each) for each in figures.list_metrics()],
                where=lambda value: MonthlyFigure.metric == value,
            ),
            Filter(
                name="month", label="月份",
                options=[(each.isoformat(), month_text(each)) for each in figures.list_months()],
                where=lambda value: MonthlyFigure.month == date.fromisoformat(value),
            ),
        ),
        default_sort="-month",
        tie_break=MonthlyFigure.id,
        empty_text="还没有月度绩效数据。",
    )  # fmt: skip


def month_text(month: date) -> str:
    """Write a month."""
    return f"{month.year}年{month.month}月"


FIGURE_COLUMNS: Sequence[Column[FigureRow]] = (
    Column(
        name="month", label="月份", cell=lambda row: month_text(row.figure.month),
        sort=MonthlyFigure.month, is_short=True,
    ),
    Column(
        name="number", label="工号", cell=lambda row: row.person.staff_number,
        sort=Person.staff_number, is_short=True,
    ),
    Column(
        name="name", label="姓名", cell=lambda row: row.person.name, sort=Person.name_key,
        is_short=True,
    ),
    Column(
        name="department", label="部门", cell=lambda row: row.department.name,
        sort=Department.position, is_wide=True,
    ),
    Column(
        name="metric", label="指标", cell=lambda row: row.figure.metric,
        sort=MonthlyFigure.metric,
    ),
    # Never sorted by: that would be a ranking of persons.
    Column(
        name="value", label="数值", cell=lambda row: formats.marks(row.figure.value),
        align="right", is_short=True, export=lambda row: row.figure.value,
    ),
)  # fmt: skip


def tabs_of(user: Principal, current: str) -> Sequence[dict[str, Any]]:
    """Give the lists of this room as tabs."""
    parts = (
        ("课堂", "training.list_classes", Permission.TRAINING_CLASS_READ),
        ("年度计划", "training.list_plan", Permission.TRAINING_CLASS_READ),
        ("月度绩效数据", "training.list_figures", Permission.TRAINING_FIGURE_IMPORT),
    )
    return [
        {"label": label, "url": url_for(endpoint), "is_current": endpoint == current}
        for label, endpoint, permission in parts
        if user.can(permission)
    ]
