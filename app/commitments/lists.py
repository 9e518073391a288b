"""The lists of this room: versions of sheets, and 党员示范岗."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import url_for
from sqlalchemy import func, select

from app.accounts.models import Department, Person
from app.accounts.roster import periods
from app.accounts.roster.models import Placement, ServiceWindow
from app.commitments.models import (
    PLATE_STATE_LABELS,
    SHEET_STATE_LABELS,
    CommitmentLine,
    CommitmentSheet,
    ModelPost,
    PlateState,
    SheetState,
    SheetVersion,
)
from app.commitments.plates import PlateRow
from app.commitments.plates import row_of as plate_row
from app.commitments.sheets import SheetRow
from app.commitments.sheets import row_of as sheet_row
from app.kernel import formats
from app.kernel.listing import Cell, Column, Filter, Listing
from app.kernel.permissions import Permission, Principal

SHEET_TAGS = {
    SheetState.DRAFT: "tag",
    SheetState.REVIEW: "tag-amber",
    SheetState.APPROVAL: "tag-amber",
    SheetState.PUBLIC: "tag-green",
    SheetState.UPDATED: "tag",
    SheetState.WITHDRAWN: "tag",
    SheetState.DROPPED: "tag",
}
PLATE_TAGS = {
    PlateState.ASKED: "tag-amber",
    PlateState.CONFIRMED: "tag-green",
    PlateState.REFUSED: "tag",
    PlateState.ENDED: "tag",
}
# All commitments of a version in one text, to be searched.
ALL_LINES = (
    select(
        func.aggregate_strings(
            CommitmentLine.before + CommitmentLine.number + CommitmentLine.after, " "
        )
    )
    .where(CommitmentLine.version_id == SheetVersion.id)
    .correlate(SheetVersion)
    .scalar_subquery()
)


def sheet_cell(row: SheetRow) -> Cell:
    """Show whose a version is, and lead to its page."""
    return Cell(
        text=row.department.name, href=url_for("commitments.show_sheet", record_id=row.version.id)
    )


def state_cell(row: SheetRow) -> Cell:
    """Show how far a version is."""
    state = row.version.state
    return Cell(text=SHEET_STATE_LABELS[state], kind=SHEET_TAGS[state])


def since_cell(row: SheetRow) -> str:
    """Show from which day on a version is or was public."""
    published_on = row.version.published_on
    return formats.day(published_on) if published_on else "—"


SHEETS: Listing[SheetRow] = Listing(
    id="sheet-list",
    noun="份承诺公示牌",
    title="承诺公示牌",
    row=sheet_row,
    columns=[
        Column(name="department", label="部门", cell=sheet_cell, sort=Department.position),
        Column(
            name="window",
            label="窗口",
            cell=lambda row: row.place,
            sort=ServiceWindow.number,
            is_short=True,
        ),
        Column(name="state", label="状态", cell=state_cell, sort=SheetVersion.state),
        Column(
            name="edition",
            label="版本",
            cell=lambda row: row.edition,
            sort=SheetVersion.edition,
            export=lambda row: row.version.edition,
            is_short=True,
        ),
        Column(
            name="since",
            label="公开日期",
            cell=since_cell,
            sort=SheetVersion.published_on,
            export=lambda row: row.version.published_on,
            is_short=True,
        ),
        Column(
            name="moved",
            label="最近办理",
            cell=lambda row: formats.short_moment(row.version.moved_at),
            sort=SheetVersion.moved_at,
            export=lambda row: row.version.moved_at,
            is_wide=True,
        ),
    ],
    search=(Department.name, ServiceWindow.number, ServiceWindow.name, ALL_LINES),
    search_label="部门、窗口号或承诺内容",
    default_sort="department",
    tie_break=(CommitmentSheet.window_id.is_not(None), ServiceWindow.number, SheetVersion.id),
    empty_text="还没有承诺公示牌。",
)


def sheets_for(user: Principal) -> Listing[SheetRow]:
    """Give the list with the departments that somebody may choose from."""
    scope = user.departments_of(Permission.COMMITMENTS_SHEET_READ)
    state = Filter(
        name="state",
        label="状态",
        options=[(each.value, label) for each, label in SHEET_STATE_LABELS.items()],
        where=lambda value: SheetVersion.state == SheetState(value),
    )
    department = periods.department_filter(CommitmentSheet.department_id, scope)
    return replace(SHEETS, filters=[state, department])


def plate_cell(row: PlateRow) -> Cell:
    """Show whose a plate is, and lead to its page."""
    return Cell(
        text=row.person.name, href=url_for("commitments.show_plate", record_id=row.plate.id)
    )


def plate_state_cell(row: PlateRow) -> Cell:
    """Show how far a plate is."""
    state = row.plate.state
    return Cell(text=PLATE_STATE_LABELS[state], kind=PLATE_TAGS[state])


PLATES: Listing[PlateRow] = Listing(
    id="plate-list",
    noun="项党员示范岗",
    title="党员示范岗",
    row=plate_row,
    columns=[
        Column(name="person", label="姓名", cell=plate_cell, sort=Person.name_key, is_short=True),
        Column(
            name="number",
            label="工号",
            cell=lambda row: row.person.staff_number,
            sort=Person.staff_number,
            is_short=True,
        ),
        Column(
            name="department",
            label="部门",
            cell=lambda row: row.department.name,
            sort=Department.position,
        ),
        Column(name="place", label="岗位", cell=lambda row: row.place),
        Column(name="state", label="状态", cell=plate_state_cell, sort=ModelPost.state),
        Column(
            name="moved",
            label="最近办理",
            cell=lambda row: formats.short_moment(row.plate.moved_at),
            sort=ModelPost.moved_at,
            export=lambda row: row.plate.moved_at,
            is_wide=True,
        ),
    ],
    search=(Person.name, Person.staff_number, Person.name_key, Department.name),
    search_label="姓名、拼音、工号或部门",
    default_sort="person",
    tie_break=ModelPost.id.desc(),
    empty_text="还没有党员示范岗。",
)


def plates_for(user: Principal) -> Listing[PlateRow]:
    """Give the list with the departments that somebody may choose from."""
    scope = user.departments_of(Permission.COMMITMENTS_PLATE_READ)
    state = Filter(
        name="state",
        label="状态",
        options=[(each.value, label) for each, label in PLATE_STATE_LABELS.items()],
        where=lambda value: ModelPost.state == PlateState(value),
    )
    department = periods.department_filter(Placement.department_id, scope)
    return replace(PLATES, filters=[state, department])


def tabs_of(user: Principal, current: str) -> Sequence[dict[str, Any]]:
    """Give the two lists of this room as tabs."""
    parts = (
        ("承诺公示牌", "commitments.list_sheets", Permission.COMMITMENTS_SHEET_READ),
        ("党员示范岗", "commitments.list_plates", Permission.COMMITMENTS_PLATE_READ),
    )
    return [
        {"label": label, "url": url_for(endpoint), "is_current": endpoint == current}
        for label, endpoint, permission in parts
        if user.can(permission)
    ]
