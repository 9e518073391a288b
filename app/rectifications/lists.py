"""The ledger of 整改通知单: its columns, its filters, its sheet."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, and_

from app.accounts.models import Department
from app.accounts.roster.models import ServiceWindow
from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing
from app.rectifications.models import (
    CAUSE_LABELS,
    SEVERITY_LABELS,
    OrderState,
    RectificationOrder,
    Severity,
)
from app.rectifications.service import OPEN_STATES, OrderRow, period_days, row_of
from app.rectifications.workflow import FLOW
from app.workflow.lists import state_options, state_tag

OVERDUE = "overdue"
PERIODS = (("month", "近一个月"), ("quarter", "近三个月"), ("year", "近一年"))


def show_number(row: OrderRow) -> Cell:
    """Show the number, which leads to the order."""
    href = url_for("rectifications.show_order", public_id=row.order.public_id)
    return Cell(text=row.order.name, href=href)


def show_state(row: OrderRow) -> Cell:
    """Show how far an order is."""
    return state_tag(FLOW, row.order.state)


def is_overdue(row: OrderRow) -> bool:
    """Tell whether an order's day is over; the due day itself is not."""
    due = row.order.due_at
    return due is not None and clock.local(due).date() < clock.today()


def show_due(row: OrderRow) -> Cell:
    """Show until when somebody must act, and whether that day has passed."""
    if row.order.due_at is None:
        return Cell(text="—", kind="muted")
    text = formats.short_moment(row.order.due_at)
    return Cell(text=f"{text}　逾期", kind="light-red") if is_overdue(row) else Cell(text=text)


def of_state(value: str) -> ColumnElement[bool]:
    """Narrow the ledger to a state, or to what is overdue."""
    if value == OVERDUE:
        start = clock.from_local(datetime.combine(clock.today(), datetime.min.time()))
        return and_(RectificationOrder.due_at.is_not(None), RectificationOrder.due_at < start)
    if value == "open":
        return RectificationOrder.state.in_(OPEN_STATES)
    return RectificationOrder.state == OrderState(value)


def make_orders(departments: Sequence[Department], *, is_sheet: bool = False) -> Listing[OrderRow]:
    """Declare the ledger with the departments that its reader may choose from.

    The page gives its room to the fact; the sheet has all columns.
    """
    return Listing(
        id="order-list",
        noun="张通知单",
        title="整改台账",
        row=row_of,
        columns=(*COLUMNS, *SHEET_COLUMNS) if is_sheet else COLUMNS,
        search=(
            RectificationOrder.number, RectificationOrder.fact, Department.name,
            ServiceWindow.number, RectificationOrder.source_label,
        ),
        search_label="编号、事实、部门、窗口",
        filters=[
            Filter(
                name="state",
                label="状态",
                options=[
                    ("open", "未办结"), (OVERDUE, "逾期"),
                    *state_options(FLOW),
                ],
                where=of_state,
            ),
            Filter(
                name="department",
                label="部门",
                options=[(str(each.id), each.name) for each in departments],
                where=lambda value: RectificationOrder.department_id == int(value),
            ),
            Filter(
                name="severity",
                label="严重程度",
                options=[(each.value, label) for each, label in SEVERITY_LABELS.items()],
                where=lambda value: RectificationOrder.severity == Severity(value),
            ),
            Filter(
                name="period",
                label="期间",
                options=PERIODS,
                where=lambda value: (
                    RectificationOrder.found_at >= clock.now() - period_days(value)
                ),
            ),
        ],
        default_sort="-found",
        tie_break=RectificationOrder.id.desc(),
        empty_text="还没有整改通知单。",
    )  # fmt: skip


COLUMNS: Sequence[Column[OrderRow]] = (
    Column(
        name="number", label="编号", cell=show_number, sort=RectificationOrder.number,
        is_short=True, export=lambda row: row.order.number or "",
    ),
    Column(
        name="found", label="发现", cell=lambda row: formats.short_moment(row.order.found_at),
        sort=RectificationOrder.found_at, is_short=True, export=lambda row: row.order.found_at,
    ),
    Column(
        name="department", label="部门", cell=lambda row: row.department,
        sort=Department.position,
    ),
    Column(
        name="window", label="窗口", cell=lambda row: row.window or "—",
        sort=ServiceWindow.number, is_short=True,
    ),
    Column(name="fact", label="事实", cell=lambda row: row.order.fact),
    Column(
        name="severity", label="程度", cell=lambda row: SEVERITY_LABELS[row.order.severity],
        sort=RectificationOrder.severity, is_short=True,
    ),
    Column(
        name="state", label="状态", cell=show_state, sort=RectificationOrder.state,
        is_short=True,
    ),
    Column(
        name="due", label="期限", cell=show_due, sort=RectificationOrder.due_at, is_short=True,
        export=lambda row: row.order.due_at,
    ),
)  # fmt: skip
SHEET_COLUMNS: Sequence[Column[OrderRow]] = (
    Column(name="source", label="来源", cell=lambda row: row.order.source_label),
    Column(
        name="cause", label="原因",
        cell=lambda row: CAUSE_LABELS[row.order.cause] if row.order.cause else "—",
    ),
)  # fmt: skip
