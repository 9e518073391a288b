"""同意延期, with the leader's opinion: it stays a column of the idea and goes when the idea goes.

What stands in the path can't be erased (HALL.md 6.1), nor can a signed sheet: this one decision has
neither, and a B角 makes it for a leader who is away.
"""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel.declared import delegable, require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission
from app.suggestions.forms import OpinionForm
from app.suggestions.idea_flow import IDEA_FLOW
from app.suggestions.models import IDEA_KIND_LABELS, Idea
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED
from app.suggestions.views.pages import load
from app.workflow.late import make_once
from app.workflow.pages import MovePages, back_of

PAGES = MovePages(flow=IDEA_FLOW, load=load)
ALLOW = IDEA_FLOW.move("allow-extension")


@blueprint.route("/suggestions/ideas/<string:public_id>/allow-extension", methods=["GET", "POST"])
@delegable
@require(Permission.SUGGESTIONS_EXTENSION_DECIDE)
def allow_extension_idea(public_id: str) -> ResponseReturnValue:
    """Allow an extension, with what the leader wants to say."""
    idea: Idea = PAGES.find(ALLOW, {"public_id": public_id})
    form = OpinionForm()
    if request.method != "POST":
        form.version.data = idea.version
        return draw_form(idea, form)
    data = {"opinion": text_in(form.opinion)}
    if not (form.validate() and make_once(IDEA_FLOW, idea.id, ALLOW.name, form, data=data)):
        return draw_form(idea, form, status=REFUSED)
    flash(ALLOW.done, "success")
    return redirect(back_of(PAGES, ALLOW, idea), 303)


def draw_form(idea: Idea, form: OpinionForm, *, status: int = 200) -> ResponseReturnValue:
    """Ask for the opinion."""
    page = render_template(
        "suggestions/allow_extension_idea.html",
        form=form,
        title=IDEA_FLOW.title(idea),
        reason=idea.extension_reason,
        kind=IDEA_KIND_LABELS[idea.kind],
        back_url=back_of(PAGES, ALLOW, idea),
    )
    return page, status
