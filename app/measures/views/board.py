"""The board as of now and as of any past day, what has changed since, and Excel."""

from datetime import date

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.files import papers
from app.kernel import clock, htmx, listing
from app.kernel.declared import require
from app.kernel.listing import Listing, ListView, Statement
from app.kernel.permissions import Permission, signed_in
from app.measures import lists
from app.measures.board import (
    Row,
    Status,
    changes_since,
    list_rows,
    read_statuses,
    reds,
    select_rows,
)
from app.measures.change_papers import CHANGES, PastDay
from app.measures.lights import WORDS
from app.measures.models import MeasurePlan
from app.measures.plans import list_plans
from app.measures.views import blueprint

READ = Permission.MEASURES_TASK_READ
EARLIEST = date(2000, 1, 1)


def rows_shown() -> list[Row]:
    """Give the rows of the plan that the address names, or of all that are not archived."""
    chosen = request.args.get("plan", "")
    known = {str(each.id): each.id for each in list_plans()}
    return list_rows(plan_id=known.get(chosen))


def statement_of(rows: list[Row]) -> Statement:
    """Select the rows of the plans that are shown."""
    ids = {each.plan.id for each in rows}
    return select_rows().where(MeasurePlan.id.in_(ids))


def declare(rows: list[Row], day: date | None, *, is_sheet: bool = False) -> Listing[Status]:
    """Declare the board over rows as of a day."""
    statuses = {each.row.measure.id: each for each in read_statuses(rows, day)}
    return lists.make_board(
        statuses,
        plans=list_plans(),
        departments=accounts.list_departments(),
        is_sheet=is_sheet,
    )


def past_day(text: str | None) -> date | None:
    """Read a day that lies behind; None for anything else."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if EARLIEST <= day < clock.today() else None


@blueprint.get("")
@require(READ)
def list_tasks() -> ResponseReturnValue:
    """Show the board of today; with a past day in the form below it, that day's or what changed."""
    day = past_day(request.args.get("day"))
    if day is not None:
        name = "show_changes" if request.args.get("show") == "changes" else "replay_tasks"
        return redirect(url_for(f"measures.{name}", day=day.isoformat()), 303)
    rows = rows_shown()
    statuses = read_statuses(rows)
    board = lists.make_board(
        {each.row.measure.id: each for each in statuses},
        plans=list_plans(),
        departments=accounts.list_departments(),
    )
    view = show(board, rows, url_for("measures.list_tasks"))
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "measures/list_tasks.html",
        listing=view,
        reds=reds(statuses),
        counts=count_lights(statuses),
        has_rows=bool(rows),
        yesterday=clock.today().replace(day=1),
    )


def show(board: Listing[Status], rows: list[Row], url: str) -> ListView:
    """Draw a board as a list."""
    may_load = signed_in().can(Permission.MEASURES_PLAN_MANAGE)
    return listing.show(
        board,
        statement_of(rows),
        request.args,
        url=url,
        export_url=url_for("measures.export_tasks") if url == url_for("measures.list_tasks")
        else None,
        empty_action=("载入计划", url_for("measures.list_plans")) if may_load else None,
    )  # fmt: skip


def count_lights(statuses: list[Status]) -> list[tuple[str, str, int]]:
    """Count the rows of each light: its kind, its word, how many."""
    kinds = [each.kind for each in statuses]
    found = [(kind.value, word, kinds.count(kind)) for kind, word in WORDS.items()]
    return [*found, ("", "无数据", kinds.count(None))]


@blueprint.get("/export")
@require(READ)
def export_tasks() -> ResponseReturnValue:
    """Give the board as an Excel file."""
    rows = rows_shown()
    return answer_export(
        declare(rows, None, is_sheet=True),
        statement_of(rows),
        what="measures",
        name="任务分解看板.xlsx",
        user=signed_in(),
    )


@blueprint.get("/on/<string:day>")
@require(READ)
def replay_tasks(day: str) -> ResponseReturnValue:
    """Show the board as it stood at the end of a past day."""
    past = past_day(day)
    if past is None:
        abort(404)
    rows = rows_shown()
    url = url_for("measures.replay_tasks", day=day)
    view = show(declare(rows, past), rows, url)
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("measures/replay_tasks.html", listing=view, day=past)


@blueprint.get("/changes/<string:day>")
@require(READ)
def show_changes(day: str) -> ResponseReturnValue:
    """Show what has changed since the end of a past day, such as the last 季度工作会."""
    past, rows = load_day(day), list_rows()
    changes = changes_since(rows, past.day)
    return render_template(
        "measures/show_changes.html",
        changes=changes,
        day=past.day,
        same=len(rows) - len(changes),
        is_printed=papers.is_ready(CHANGES, past.id),
    )


def load_day(day: str) -> PastDay:
    """Give a past day by its address, or answer 404."""
    past = past_day(day)
    if past is None:
        abort(404)
    return PastDay(day=past)


papers.add_routes(blueprint, CHANGES, "/changes/<string:day>", READ, load_day)
