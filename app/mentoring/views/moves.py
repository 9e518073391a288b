"""Moves of a pair with a page of their own: asking for an early end, and the 出师考核.

Every other move has the page that the workflow makes for it.
"""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.declared import require
from app.kernel.forms import VersionedForm, text_in
from app.kernel.permissions import Permission, signed_in
from app.mentoring.forms import EndForm, FinalAssessmentForm, final_form
from app.mentoring.models import END_REASON_LABELS, MentoringPair
from app.mentoring.signing import Assessment
from app.mentoring.views import blueprint
from app.mentoring.views.loading import REFUSED, load, load_row, pair_url
from app.mentoring.workflow import PAIR_FLOW, facts, title
from app.workflow import engine
from app.workflow import service as workflow
from app.workflow.late import check_offered, make_once
from app.workflow.pages import register_moves

END_MOVES = ("ask-end-master", "ask-end-apprentice", "ask-end-department")

register_moves(blueprint, PAIR_FLOW, rule="/pairs/<string:public_id>", load=load)


@blueprint.route("/pairs/<string:public_id>/end", methods=["GET", "POST"])
@require(Permission.HOME_PAGE_VIEW)
def end_pair(public_id: str) -> ResponseReturnValue:
    """Ask for an early end, with a neutral reason; 业务科室 decides."""
    pair, form = load(public_id), EndForm()
    name = end_move_of(pair)
    if request.method != "POST":
        return draw(pair, form, "end_pair")
    data = {"reason": form.reason.data, "note": text_in(form.note)}
    reason = END_REASON_LABELS.get(form.reason.data, "")
    if form.validate() and make_once(PAIR_FLOW, pair.id, name, form, reason=reason, data=data):
        flash(PAIR_FLOW.move(name).done, "success")
        return redirect(pair_url(pair), 303)
    return draw(pair, form, "end_pair", status=REFUSED)


def end_move_of(pair: MentoringPair) -> str:
    """Give as whom I may ask for the end: as master, as apprentice or for the department."""
    actor = workflow.actor_of(signed_in())
    is_offered = engine.belongs if request.method == "POST" else engine.may
    found = [name for name in END_MOVES if is_offered(PAIR_FLOW, PAIR_FLOW.move(name), pair, actor)]
    if not found:
        abort(404)
    return found[0]


@blueprint.route("/pairs/<string:public_id>/assess", methods=["GET", "POST"])
@require(Permission.MENTORING_PAIR_JOIN)
def assess_pair(public_id: str) -> ResponseReturnValue:
    """出师考核: a result for each line; all of them right is a pass."""
    pair = load(public_id)
    check_offered(PAIR_FLOW, pair, "pass")
    form = final_form(held_on=clock.today())
    if request.method != "POST":
        return draw(pair, form, "assess_pair")
    if form.validate() and finish(pair, form, form.assessment()):
        return redirect(pair_url(pair), 303)
    return draw(pair, form, "assess_pair", status=REFUSED)


def finish(pair: MentoringPair, form: FinalAssessmentForm, given: Assessment) -> bool:
    """Make the move that the lines bear; False with the reasons on the form."""
    name = "pass" if given.is_passed else "practise-on"
    data = {"assessment": given}
    if not make_once(PAIR_FLOW, pair.id, name, form, reason=given.opinion, data=data):
        return False
    flash(PAIR_FLOW.move(name).done, "success")
    return True


def draw(
    pair: MentoringPair, form: VersionedForm, template: str, *, status: int = 200
) -> ResponseReturnValue:
    """Draw the page of a move."""
    if request.method != "POST":
        form.version.data = pair.version
    page = render_template(
        f"mentoring/{template}.html",
        pair=pair,
        row=load_row(pair.public_id),
        title=title(pair),
        facts=[{"label": label, "text": text} for label, text in facts(pair)],
        form=form,
    )
    return page, status
