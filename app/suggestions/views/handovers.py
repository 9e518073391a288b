"""移送件: the content for the one named receiver until he signs for it; for whoever handed one over
its content-free paper, and nothing else. Nobody finds those of others, and nothing counts them.
"""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.kernel import clock, db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import RefusedError, ask_first
from app.kernel.permissions import Permission, signed_in
from app.suggestions import handovers, ideas
from app.suggestions.forms import HandOverForm
from app.suggestions.handovers import HandoverRow
from app.suggestions.models import IDEA_CHANNEL_LABELS, IDEA_KIND_LABELS, Idea
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED
from app.suggestions.views.pages import idea_url, lead_to

READ = Permission.SUGGESTIONS_HANDOVER_READ
RECEIVE_QUESTION = "签收以后，本站的原文、图片、联系电话永久清除，不能恢复。请先按规定线下接收。"
MOST_SHOWN = 50


@blueprint.route("/suggestions/ideas/<string:public_id>/hand-over", methods=["GET", "POST"])
@require(Permission.SUGGESTIONS_IDEA_TRIAGE)
def hand_over_idea(public_id: str) -> ResponseReturnValue:
    """转纪检: from now on nobody but the person who is named here reads it."""
    user = signed_in()
    idea = ideas.get_handled(user, public_id)
    if idea is None:
        return lead_to(user, public_id)
    if not handovers.may_hand_over(idea, user):
        abort(404)
    form = HandOverForm()
    form.prepare(handovers.list_receivers(clock.today(), user.person_id))
    if request.method != "POST":
        form.version.data = idea.version
        return draw_form(idea, form)
    made = save(
        form,
        lambda: handovers.hand_over(
            idea_id=idea.id,
            receiver_id=form.receiver_id.data,
            seen_version=form.version.data,
            user=user,
        ),
    )
    if made is None:
        return draw_form(idea, form, status=REFUSED)
    flash("已转纪检。请打印移送单，交接时当面签字。", "success")
    return redirect(url_for("suggestions.show_handover", public_id=made), 303)


def draw_form(idea: Idea, form: HandOverForm, *, status: int = 200) -> ResponseReturnValue:
    """Ask to whom it is handed over."""
    page = render_template(
        "suggestions/hand_over_idea.html",
        idea=idea,
        form=form,
        back_url=idea_url(idea),
        kind=IDEA_KIND_LABELS[idea.kind],
    )
    return page, status


@blueprint.get("/suggestions/handovers")
@require(READ)
def list_handovers() -> ResponseReturnValue:
    """Show the 移送单 that I gave or that name me, without a count; no file of it can be made."""
    found = handovers.list_handovers_for(signed_in(), MOST_SHOWN)
    return render_template("suggestions/list_handovers.html", found=found)


def load_row(public_id: str) -> HandoverRow:
    """Load a 移送 that names me as giver or receiver, or answer 404."""
    row = handovers.get_handover_for(signed_in(), public_id)
    if row is None:
        abort(404)
    return row


@blueprint.get("/suggestions/handovers/<string:public_id>")
@require(READ)
def show_handover(public_id: str) -> ResponseReturnValue:
    """Show a 移送单 as the browser prints it; its content below, to the named receiver alone."""
    row, user = load_row(public_id), signed_in()
    may_read = handovers.may_read(row, user)
    return render_template(
        "suggestions/show_handover.html",
        row=row,
        hall=accounts.hall_name(),
        channel=IDEA_CHANNEL_LABELS[row.idea.channel],
        may_read=may_read,
        messages=ideas.list_messages(row.idea) if may_read else [],
        question=RECEIVE_QUESTION,
    )


@blueprint.post("/suggestions/handovers/<string:public_id>/receive")
@require(Permission.SUGGESTIONS_HANDOVER_RECEIVE)
def receive_handover(public_id: str) -> ResponseReturnValue:
    """签收: the content is erased for good."""
    load_row(public_id)
    back_url = url_for("suggestions.show_handover", public_id=public_id)
    asked = ask_first(
        title="确认签收？", question=RECEIVE_QUESTION, label="签收并清除", back_url=back_url
    )
    if asked is not None:
        return asked
    try:
        with db.write():
            handovers.receive(public_id=public_id, user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
    else:
        flash("已签收，本站的内容已经永久清除。", "success")
    return redirect(back_url, 303)
