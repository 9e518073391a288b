"""待办 and 通知 as lists: what waits for me with its light, and what I should know."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from sqlalchemy import ColumnElement

from app.accounts.models import Department
from app.inbox.models import Notice, OpenStep
from app.inbox.service import light_of_step
from app.kernel import clock, formats, listing
from app.kernel.permissions import Principal
from app.workdays import service as workdays
from app.workdays.lights import Light

# Where create_app's rooms put the way to moves of one step: ids of steps to (label, address).
QUICK_MOVES = "quick-moves"
QuickMoves = Callable[[Sequence[OpenStep], Principal], Mapping[int, tuple[str, str]]]


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One thing that waits, as the list shows it."""

    step: OpenStep
    department: str
    light: Light
    url: str
    # The move that most people make next, and where.
    move: tuple[str, str] | None = None


def rows_of(found: Sequence[Any], user: Principal) -> list[StepRow]:
    """Turn result rows into what the columns read: one calendar, one look at the next moves."""
    calendar = workdays.get_calendar()
    find: QuickMoves | None = current_app.extensions.get(QUICK_MOVES)
    moves = find([each[0] for each in found], user) if find else {}
    return [
        StepRow(
            step=step,
            department=department or "全中心",
            light=light_of_step(step, calendar),
            url=url_for(step.endpoint, **step.arguments),
            move=moves.get(step.id),
        )
        for step, department in found
    ]


def light_cell(row: StepRow) -> listing.Cell:
    """Show a light by its shape and word; the sentence that says why stands beside it."""
    return listing.Cell(text=row.light.word, kind=f"light-{row.light.kind.value}")


def move_cell(row: StepRow) -> listing.Cell:
    """Show the way to the next move; its page asks, and shows what it is about."""
    label, url = row.move or ("打开", row.url)
    return listing.Cell(text=label, href=url)


def is_overdue(value: str) -> ColumnElement[bool]:
    """Turn a chosen light into a condition: a day that is over, today, or later."""
    today = clock.from_local(
        clock.local(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    )
    if value == "late":
        return OpenStep.due_at < today
    return OpenStep.due_at >= today


def steps_for(user: Principal) -> listing.Listing[StepRow]:
    """Declare the list of what waits for somebody."""
    return listing.Listing(
        id="step-list",
        noun="件待办",
        title="待办",
        row=lambda found: rows_of([found], user)[0],
        rows=lambda found: rows_of(found, user),
        columns=[
            listing.Column(
                name="title",
                label="事项",
                cell=lambda row: listing.Cell(text=row.step.title, href=row.url),
            ),
            listing.Column(
                name="noun", label="种类", cell=lambda row: row.step.noun, is_short=True
            ),
            listing.Column(
                name="label", label="状态", cell=lambda row: row.step.label, is_short=True
            ),
            listing.Column(
                name="department",
                label="部门",
                cell=lambda row: row.department,
                sort=Department.position,
            ),
            listing.Column(name="light", label="灯", cell=light_cell, is_short=True),
            listing.Column(
                name="due", label="期限", cell=lambda row: row.light.reason, sort=OpenStep.due_at
            ),
            listing.Column(name="move", label="办理", cell=move_cell, is_short=True),
        ],
        search=(OpenStep.title, OpenStep.noun, OpenStep.label, Department.name),
        search_label="事项、种类、部门",
        filters=[
            listing.Filter(
                name="due",
                label="期限",
                options=[("late", "已逾期"), ("open", "未到期")],
                where=is_overdue,
            )
        ],
        default_sort="due",
        tie_break=OpenStep.id,
        empty_text="现在没有等你办的事。",
    )


NOTICES: listing.Listing[Notice] = listing.Listing(
    id="notice-list",
    noun="条通知",
    title="通知",
    row=lambda found: found[0],
    columns=[
        listing.Column(
            name="at",
            label="时间",
            cell=lambda row: formats.short_moment(row.at),
            sort=Notice.at,
            export=lambda row: formats.moment(row.at),
            is_short=True,
        ),
        listing.Column(
            name="text",
            label="内容",
            cell=lambda row: listing.Cell(
                text=row.text, href=url_for(row.endpoint, **row.arguments)
            ),
        ),
        listing.Column(
            name="state",
            label="状态",
            cell=lambda row: (
                listing.Cell(text="已读")
                if row.read_at
                else listing.Cell(text="未读", kind="tag-blue")
            ),
            is_short=True,
        ),
    ],
    search=(Notice.text,),
    search_label="内容",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=[("unread", "未读"), ("read", "已读")],
            where=lambda value: (
                Notice.read_at.is_(None) if value == "unread" else Notice.read_at.is_not(None)
            ),
        )
    ],
    default_sort="-at",
    tie_break=Notice.id.desc(),
    empty_text="还没有通知。",
)
