"""The lists of the room: 值班表, rounds, findings, what happened at one window."""

from collections.abc import Sequence
from datetime import timedelta

from flask import url_for
from sqlalchemy import ColumnElement, or_

from app.accounts.models import Department, Person
from app.accounts.roster.models import ServiceWindow
from app.inspections.findings import FindingRow
from app.inspections.findings import row_of as finding_of
from app.inspections.models import (
    DUTY_PERIOD_LABELS,
    INSPECTION_WAY_LABELS,
    TRACK_LABELS,
    ChecklistItem,
    DutyEntry,
    DutyPeriod,
    Finding,
    Inspection,
    InspectionWay,
    Track,
)
from app.inspections.rosters import DutyRow, First, Leader, Second
from app.inspections.rosters import row_of as duty_of
from app.inspections.rounds import Lead, Mate, RoundRow
from app.inspections.rounds import row_of as round_of
from app.kernel import clock, formats
from app.kernel.listing import Cell, Column, Filter, Listing, tag
from app.kernel.permissions import Permission, signed_in
from app.rectifications.models import OrderState, RectificationOrder

PERIODS = (("month", "近一个月"), ("quarter", "近三个月"), ("year", "近一年"))
DAYS = {"month": 31, "quarter": 92, "year": 366}
RESULTS = (
    ("first", "首次提醒"), ("open", "待改好"), ("fixed", "已改好"), ("revoked", "已撤销"),
    ("not_issued", "未开单"),
)  # fmt: skip


def show_day(row: DutyRow) -> Cell:
    """Show the day; whoever keeps the roster gets to the line from here."""
    can_edit = signed_in().can(Permission.INSPECTIONS_ROSTER_EDIT)
    is_past = row.entry.day < clock.today()
    href = url_for("inspections.edit_duty", entry_id=row.entry.id)
    text = f"{formats.month_day(row.entry.day)} {formats.weekday(row.entry.day)}"
    return Cell(text=text, href=href if can_edit and not is_past else None)


DUTIES: Listing[DutyRow] = Listing(
    id="duty-list",
    noun="条值班",
    title="巡查值班表",
    row=lambda found: duty_of(tuple(found)),
    columns=[
        Column(
            name="day", label="日期", cell=show_day, sort=DutyEntry.day, is_short=True,
            export=lambda row: row.entry.day,
        ),
        Column(
            name="period", label="时段", cell=lambda row: DUTY_PERIOD_LABELS[row.entry.period],
            sort=DutyEntry.period, is_short=True,
        ),
        Column(name="first", label="巡查人", cell=lambda row: row.first, is_short=True),
        Column(name="second", label="巡查人", cell=lambda row: row.second, is_short=True),
        Column(name="leader", label="带班领导", cell=lambda row: row.leader, is_short=True),
        Column(name="areas", label="区域", cell=lambda row: row.entry.areas),
    ],
    search=(First.name, Second.name, Leader.name, DutyEntry.areas),
    search_label="姓名、区域",
    filters=[
        Filter(
            name="period",
            label="时段",
            options=[(each.value, label) for each, label in DUTY_PERIOD_LABELS.items()],
            where=lambda value: DutyEntry.period == DutyPeriod(value),
        )
    ],
    default_sort="-day",
    tie_break=DutyEntry.id,
    empty_text="还没有排值班。",
)  # fmt: skip


def round_number(row: RoundRow) -> Cell:
    """Show the number, which leads to the round."""
    href = url_for("inspections.show_inspection", public_id=row.inspection.public_id)
    return Cell(text=row.inspection.number, href=href)


def round_state(row: RoundRow) -> Cell:
    """Show whether a round is finished."""
    if row.inspection.is_over:
        return Cell(text="已结束", kind="tag-green")
    return Cell(text="进行中", kind="tag-blue")


def since(value: str) -> ColumnElement[bool]:
    """Narrow rounds to a period."""
    return Inspection.day >= clock.today() - timedelta(days=DAYS[value])


ROUNDS: Listing[RoundRow] = Listing(
    id="round-list",
    noun="次巡查",
    title="巡查台账",
    row=lambda found: round_of(tuple(found)),
    columns=[
        Column(
            name="number", label="编号", cell=round_number, sort=Inspection.number, is_short=True
        ),
        Column(
            name="day", label="日期", cell=lambda row: formats.month_day(row.inspection.day),
            sort=Inspection.day, is_short=True, export=lambda row: row.inspection.day,
        ),
        Column(
            name="period", label="时段", is_short=True,
            cell=lambda row: DUTY_PERIOD_LABELS[row.inspection.period], sort=Inspection.period,
        ),
        Column(
            name="way", label="方式", is_wide=True,
            cell=lambda row: INSPECTION_WAY_LABELS[row.inspection.way], sort=Inspection.way,
        ),
        Column(
            name="people", label="巡查人", cell=lambda row: f"{row.inspector}、{row.second}"
        ),
        Column(name="leader", label="带班领导", cell=lambda row: row.leader, is_wide=True),
        Column(
            name="checks", label="窗口", cell=lambda row: str(row.checks), align="right",
            export=lambda row: row.checks,
        ),
        Column(
            name="findings", label="问题", cell=lambda row: str(row.findings), align="right",
            export=lambda row: row.findings,
        ),
        Column(
            name="fixed", label="现场办结", align="right",
            cell=lambda row: formats.share(row.fixed, row.findings),
        ),
        Column(name="state", label="状态", cell=round_state),
    ],
    search=(Inspection.number, Person.name, Mate.name, Lead.name),
    search_label="编号、姓名",
    filters=[
        Filter(
            name="state",
            label="状态",
            options=[("running", "进行中"), ("over", "已结束")],
            where=lambda value: (
                Inspection.ended_at.is_(None)
                if value == "running"
                else Inspection.ended_at.is_not(None)
            ),
        ),
        Filter(
            name="way",
            label="方式",
            options=[(each.value, label) for each, label in INSPECTION_WAY_LABELS.items()],
            where=lambda value: Inspection.way == InspectionWay(value),
        ),
        Filter(name="span", label="期间", options=PERIODS, where=since),
    ],
    default_sort="-number",
    tie_break=Inspection.id.desc(),
    empty_text="还没有巡查记录。",
)  # fmt: skip


def finding_fact(row: FindingRow) -> Cell:
    """Show the fact, which leads to the finding."""
    href = url_for("inspections.show_finding", public_id=row.finding.public_id)
    return Cell(text=row.finding.fact, href=href)


def finding_state(row: FindingRow) -> Cell:
    """Show what came of a finding."""
    return tag(*row.state)


def of_result(value: str) -> ColumnElement[bool]:
    """Narrow findings by what came of them."""
    conditions: dict[str, ColumnElement[bool]] = {
        "first": Finding.is_first.is_(True),
        "open": or_(
            (Finding.track == Track.ON_THE_SPOT) & Finding.fixed_at.is_(None),
            RectificationOrder.state.not_in(
                (OrderState.CLOSED, OrderState.REVOKED, OrderState.NOT_ISSUED)
            ),
        ),
        "fixed": or_(Finding.fixed_at.is_not(None), RectificationOrder.state == OrderState.CLOSED),
        "revoked": RectificationOrder.state == OrderState.REVOKED,
        "not_issued": RectificationOrder.state == OrderState.NOT_ISSUED,
    }
    return conditions[value]


FINDING_COLUMNS: Sequence[Column[FindingRow]] = (
    Column(
        name="found", label="时间", cell=lambda row: formats.short_moment(row.finding.found_at),
        sort=Finding.found_at, is_short=True, export=lambda row: row.finding.found_at,
    ),
    Column(
        name="window", label="窗口", sort=ServiceWindow.number, is_short=True,
        cell=lambda row: row.window.number,
    ),
    Column(
        name="department", label="部门", cell=lambda row: row.department,
        sort=Department.position, is_wide=True,
    ),
    Column(name="item", label="检查项", cell=lambda row: row.item.name),
    Column(name="fact", label="事实", cell=finding_fact),
    Column(
        name="track", label="处理", cell=lambda row: TRACK_LABELS[row.finding.track],
        sort=Finding.track, is_short=True,
    ),
    Column(name="state", label="结果", cell=finding_state),
    Column(
        name="order", label="通知单", is_wide=True, is_short=True,
        cell=lambda row: (row.order.number or "") if row.order else "",
    ),
    Column(
        name="round", label="巡查", cell=lambda row: row.inspection.number,
        sort=Inspection.number, is_wide=True, is_short=True,
    ),
)  # fmt: skip


def make_findings(
    departments: Sequence[Department],
    windows: Sequence[ServiceWindow],
    items: Sequence[ChecklistItem],
) -> Listing[FindingRow]:
    """Declare the ledger of findings with what its reader may choose from."""
    return Listing(
        id="finding-list",
        noun="个问题",
        title="问题台账",
        row=lambda found: finding_of(tuple(found)),
        columns=FINDING_COLUMNS,
        search=(Finding.fact, ServiceWindow.number, Inspection.number, Department.name),
        search_label="事实、窗口、部门、编号",
        filters=[
            Filter(
                name="window",
                label="窗口",
                options=[(str(each.id), each.number) for each in windows],
                where=lambda value: ServiceWindow.id == int(value),
            ),
            Filter(
                name="department",
                label="部门",
                options=[(str(each.id), each.name) for each in departments],
                where=lambda value: Department.id == int(value),
            ),
            Filter(
                name="item",
                label="检查项",
                options=[(each.code, each.name) for each in items],
                where=lambda value: ChecklistItem.code == value,
            ),
            Filter(
                name="track",
                label="处理",
                options=[(each.value, label) for each, label in TRACK_LABELS.items()],
                where=lambda value: Finding.track == Track(value),
            ),
            Filter(name="result", label="结果", options=RESULTS, where=of_result),
            Filter(name="span", label="期间", options=PERIODS, where=since),
        ],
        default_sort="-found",
        tie_break=Finding.id.desc(),
        empty_text="还没有发现问题。",
    )
