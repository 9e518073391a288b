"""Signing 看, 陪 and 独立 item by item, and assessing what was signed."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.kernel import clock
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import ask_first
from app.kernel.permissions import Permission, signed_in
from app.mentoring import signing
from app.mentoring.forms import ItemAssessmentForm
from app.mentoring.models import LEVEL_LABELS, Level, MentoringPair, PairState
from app.mentoring.views import blueprint
from app.mentoring.views.loading import REFUSED, load, load_item, pair_url

JOIN = Permission.MENTORING_PAIR_JOIN
SOLO_QUESTION = "签了独立，就请考核人来考核；考核以前徒弟还不能单独办理。"


@blueprint.post("/pairs/<string:public_id>/items/<int:item_id>/sign")
@require(JOIN)
def sign_item(public_id: str, item_id: int) -> ResponseReturnValue:
    """Sign the next level of an item, as the master; 独立 asks first."""
    pair, user = load(public_id), signed_in()
    load_item(pair, item_id)
    if pair.master_id != user.person_id:
        abort(404)
    word = request.form.get("level", "")
    if word not in {Level.WATCH, Level.ASSIST, Level.SOLO}:
        abort(400)
    level = Level(word)
    if level is Level.SOLO:
        asked = ask_first(
            title="签“独立”？",
            question=SOLO_QUESTION,
            label="签“独立”",
            back_url=pair_url(pair),
        )
        if asked is not None:
            return asked
    return move(
        lambda: signing.sign(pair_id=pair.id, item_id=item_id, level=level, user=user),
        done=f"已签“{LEVEL_LABELS[level]}”。",
        to=pair_url(pair),
    )


@blueprint.route("/pairs/<string:public_id>/items/<int:item_id>/assess", methods=["GET", "POST"])
@require(JOIN)
def assess_item(public_id: str, item_id: int) -> ResponseReturnValue:
    """Write down how the apprentice did an item, as the assessor."""
    pair, user = load(public_id), signed_in()
    item, service_item = load_item(pair, item_id)
    if pair.assessor_id != user.person_id:
        abort(404)
    form = ItemAssessmentForm(held_on=clock.today())
    if request.method != "POST":
        if pair.state is not PairState.RUNNING or item.level is not Level.SOLO:
            abort(404)
        return draw_assessment(form, pair, item_id, service_item.name)

    def act() -> bool:
        signing.assess(pair_id=pair.id, item_id=item_id, given=form.assessment(), user=user)
        return True

    if save(form, act) is None:
        return draw_assessment(form, pair, item_id, service_item.name, status=REFUSED)
    flash("考核已记下。", "success")
    return redirect(pair_url(pair), 303)


def draw_assessment(
    form: ItemAssessmentForm, pair: MentoringPair, item_id: int, name: str, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form of an assessment."""
    page = render_template(
        "mentoring/assess_item.html", form=form, pair=pair, item_id=item_id, name=name
    )
    return page, status
