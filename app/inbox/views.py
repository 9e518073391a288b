"""待办: what waits for me, with a light that says why; 通知: what I should know."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.inbox import lists, service
from app.kernel import db, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, Principal, signed_in

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@require(Permission.INBOX_STEP_READ)
def list_steps() -> ResponseReturnValue:
    """Show what waits for me, the most urgent first."""
    user = signed_in()
    view = listing.show(
        lists.steps_for(user),
        service.select_steps_for(user),
        request.args,
        url=url_for(".list_steps"),
        export_url=url_for(".export_steps"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("inbox/list_steps.html", listing=view, tabs=tabs(user, ".list_steps"))


@blueprint.get("/inbox/export")
@require(Permission.INBOX_STEP_READ)
def export_steps() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.steps_for(user),
        service.select_steps_for(user),
        what="steps",
        name="待办.xlsx",
        user=user,
    )


@blueprint.get("/notices")
@require(Permission.INBOX_STEP_READ)
def list_notices() -> ResponseReturnValue:
    """Show my notices, the newest first; opening the page marks none of them."""
    user = signed_in()
    view = listing.show(
        lists.NOTICES,
        service.select_notices_for(user),
        request.args,
        url=url_for(".list_notices"),
        export_url=url_for(".export_notices"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "inbox/list_notices.html",
        listing=view,
        tabs=tabs(user, ".list_notices"),
        unread=service.count_unread(user),
    )


@blueprint.get("/notices/export")
@require(Permission.INBOX_STEP_READ)
def export_notices() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.NOTICES,
        service.select_notices_for(user),
        what="notices",
        name="通知.xlsx",
        user=user,
    )


@blueprint.post("/notices/read")
@require(Permission.INBOX_STEP_READ)
def read_notices() -> ResponseReturnValue:
    """Mark all my notices as read."""
    with db.write():
        service.mark_read(person_id=signed_in().person_id)
    return redirect(url_for(".list_notices"), 303)


def tabs(user: Principal, here: str) -> list[dict[str, object]]:
    """Give the two pages of the room, with how much of each is new to the person."""
    pages = (
        ("待办", ".list_steps", service.count_steps(user)),
        ("通知", ".list_notices", service.count_unread(user)),
    )
    return [
        {
            "label": label,
            "url": url_for(endpoint),
            "is_current": endpoint == here,
            "count": count or None,
        }
        for label, endpoint, count in pages
    ]
