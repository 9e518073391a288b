"""Pages of 移送单: no field for a text, and only for the two who hand over and receive."""

from http import HTTPStatus

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.inspections import handovers
from app.inspections.forms import HandoverForm
from app.inspections.models import Handover
from app.inspections.views import blueprint
from app.kernel import clock, db
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
MOST_SHOWN = 50


@blueprint.get("/handovers")
@require(Permission.INSPECTIONS_HANDOVER_READ)
def list_handovers() -> ResponseReturnValue:
    """Show the 移送单 that I gave or received, without a count."""
    user = signed_in()
    found = db.session.execute(
        handovers.select_handovers_for(user)
        .order_by(Handover.handed_on.desc(), Handover.slip_number)
        .limit(MOST_SHOWN)
    ).all()
    return render_template(
        "inspections/list_handovers.html",
        found=found,
        may_make=user.can(Permission.INSPECTIONS_HANDOVER_MAKE),
    )


@blueprint.route("/handovers/new", methods=["GET", "POST"])
@require(Permission.INSPECTIONS_HANDOVER_MAKE)
def new_handover() -> ResponseReturnValue:
    """Give a number to a hand-over to one of the named persons."""
    user, form = signed_in(), HandoverForm()
    receivers = handovers.list_receivers(clock.today(), user.person_id)
    form.prepare(receivers)
    if request.method != "POST":
        return render_template("inspections/new_handover.html", form=form, receivers=receivers)
    made = save(
        form,
        lambda: (
            handovers.hand_over(
                receiver_id=form.receiver_id.data, client_id=form.client_id.data, user=user
            ).public_id
        ),
    )
    if made is None:
        page = render_template("inspections/new_handover.html", form=form, receivers=receivers)
        return page, REFUSED
    return redirect(url_for(".show_handover", public_id=made), 303)


@blueprint.get("/handovers/<string:public_id>")
@require(Permission.INSPECTIONS_HANDOVER_READ)
def show_handover(public_id: str) -> ResponseReturnValue:
    """Show a 移送单 as it is printed and signed."""
    found = handovers.get_handover_for(signed_in(), public_id)
    if found is None:
        abort(404)
    handover, giver, receiver = found
    return render_template(
        "inspections/show_handover.html",
        handover=handover,
        giver=giver,
        receiver=receiver,
        hall=accounts.hall_name(),
    )
