"""The list of a year's special days: its columns, its filter, its sheet."""

from flask import url_for

from app.kernel import formats
from app.kernel.listing import Cell, Column, Filter, Listing
from app.kernel.permissions import Permission, signed_in
from app.workdays.models import CALENDAR_SOURCE_LABELS, DAY_KIND_LABELS, DayKind, SpecialDay
from app.workdays.periods import load_periods, show_periods

KIND_TAGS = {DayKind.OFF: "tag", DayKind.WORK: "tag-blue", DayKind.ORDINARY: ""}


def show_day(row: SpecialDay) -> Cell:
    """Show the day; whoever may edit it gets there from here."""
    can_edit = signed_in().can(Permission.WORKDAYS_CALENDAR_EDIT)
    href = url_for("workdays.edit_day", day=row.day) if can_edit else None
    return Cell(text=formats.month_day(row.day), href=href)


def show_kind(row: SpecialDay) -> Cell:
    """Show whether one works, as a tag where that is unusual."""
    return Cell(text=DAY_KIND_LABELS[row.kind], kind=KIND_TAGS[row.kind])


def show_hall(row: SpecialDay) -> str:
    """Show the hall's hours where it has its own on this day."""
    return "照常" if row.periods is None else show_periods(load_periods(row.periods))


DAYS: Listing[SpecialDay] = Listing(
    id="special-days",
    noun="天特别安排",
    title="特别安排",
    row=lambda found: found[0],
    columns=[
        Column(
            name="day",
            label="日期",
            cell=show_day,
            sort=SpecialDay.day,
            is_short=True,
            export=lambda row: row.day,
        ),
        Column(name="weekday", label="星期", cell=lambda row: formats.weekday(row.day)),
        Column(name="kind", label="工作日", cell=show_kind, sort=SpecialDay.kind),
        Column(name="name", label="事由", cell=lambda row: row.name, sort=SpecialDay.name),
        Column(name="hall", label="大厅", cell=show_hall),
        Column(
            name="source",
            label="来源",
            cell=lambda row: CALENDAR_SOURCE_LABELS[row.source],
            sort=SpecialDay.source,
            is_wide=True,
        ),
    ],
    search=[SpecialDay.name],
    search_label="事由",
    filters=[
        Filter(
            name="kind",
            label="工作日",
            options=[(kind.value, label) for kind, label in DAY_KIND_LABELS.items()],
            where=lambda value: SpecialDay.kind == DayKind(value),
        )
    ],
    default_sort="day",
    tie_break=SpecialDay.day,
    # A year fits on one page.
    per_page=60,
    empty_text="这一年还没有登记特别安排的日子。",
)
