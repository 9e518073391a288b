"""移送件: for 纪检 persons the list and the content until it is signed for; for whoever handed one
over its content-free paper, and nothing else.
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.service import record_read
from app.files import papers as paper_pages
from app.kernel import db, htmx, listing
from app.kernel.forms import RefusedError, ask_first
from app.kernel.permissions import Permission, require, signed_in
from app.suggestions import handovers, ideas, papers
from app.suggestions.handovers import HandoverRow
from app.suggestions.lists import HANDOVERS
from app.suggestions.models import IDEA_CHANNEL_LABELS, IdeaHandover
from app.suggestions.views import blueprint

RECEIVE = Permission.SUGGESTIONS_HANDOVER_RECEIVE
RECEIVE_QUESTION = "签收以后，本站的原文、图片、联系电话永久清除，不能恢复。请先按规定线下接收。"


@blueprint.get("/suggestions/handovers")
@require(RECEIVE)
def list_handovers() -> ResponseReturnValue:
    """List what was handed over, for 纪检 persons; no file of it can be made."""
    view = listing.show(
        HANDOVERS,
        handovers.select_handovers_for(signed_in()),
        request.args,
        url=url_for("suggestions.list_handovers"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("suggestions/list_handovers.html", listing=view)


def load_row(record_id: int) -> HandoverRow:
    """Load a 移送 that I receive or have handed over, or answer 404."""
    row = handovers.get_handover_for(signed_in(), record_id)
    if row is None:
        abort(404)
    return row


def load(record_id: int) -> IdeaHandover:
    """Load what a 移送单 is made of."""
    return load_row(record_id).handover


@blueprint.get("/suggestions/handovers/<int:record_id>")
@require(Permission.HOME_PAGE_VIEW)
def show_handover(record_id: int) -> ResponseReturnValue:
    """Show a 移送件: its content to 纪检 alone, who is written down for reading it."""
    row, user = load_row(record_id), signed_in()
    receives = user.can(RECEIVE)
    record_read(person_id=user.person_id, object_type="idea_handover", object_id=row.handover.id)
    return render_template(
        "suggestions/show_handover.html",
        row=row,
        channel=IDEA_CHANNEL_LABELS[row.idea.channel],
        receives=receives,
        is_waiting=handovers.is_waiting(row),
        messages=ideas.list_messages(row.idea) if receives else [],
        question=RECEIVE_QUESTION,
        is_printed=paper_pages.is_ready(papers.HANDOVER, record_id),
    )


@blueprint.post("/suggestions/handovers/<int:record_id>/receive")
@require(RECEIVE)
def receive_handover(record_id: int) -> ResponseReturnValue:
    """签收: the content is erased for good."""
    load_row(record_id)
    back_url = url_for("suggestions.show_handover", record_id=record_id)
    asked = ask_first(
        title="确认签收？", question=RECEIVE_QUESTION, label="签收并清除", back_url=back_url
    )
    if asked is not None:
        return asked
    try:
        with db.write():
            handovers.receive(handover_id=record_id, user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
    else:
        flash("已签收，本站的内容已经永久清除。", "success")
    return redirect(back_url, 303)


paper_pages.add_routes(
    blueprint,
    papers.HANDOVER,
    "/suggestions/handovers/<int:record_id>",
    Permission.HOME_PAGE_VIEW,
    load,
)
