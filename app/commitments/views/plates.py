"""Pages of 党员示范岗: the list, asking for one, and the page of one with the branch's moves."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.commitments import drafting, lists, plates
from app.commitments.forms import PlateForm
from app.commitments.models import ModelPost
from app.commitments.plates import PlateRow
from app.commitments.views import blueprint
from app.commitments.workflow import PLATE_FLOW
from app.kernel import htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import text_in
from app.kernel.permissions import Permission, signed_in
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

READ = Permission.COMMITMENTS_PLATE_READ
ASK = Permission.COMMITMENTS_PLATE_ASK
REFUSED = 422


@blueprint.get("/commitments/plates")
@require(READ)
def list_plates() -> ResponseReturnValue:
    """List the plates that I may see."""
    user, may_ask = signed_in(), signed_in().can(ASK)
    view = listing.show(
        lists.plates_for(user),
        plates.select_plates_for(user),
        request.args,
        url=url_for("commitments.list_plates"),
        export_url=url_for("commitments.export_plates"),
        empty_action=("申请第一项", url_for("commitments.new_plate")) if may_ask else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "commitments/list_plates.html",
        listing=view,
        tabs=lists.tabs_of(user, "commitments.list_plates"),
        may_ask=may_ask,
    )


@blueprint.get("/commitments/plates/export")
@require(READ)
def export_plates() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.plates_for(user),
        plates.select_plates_for(user),
        what="plates",
        name="党员示范岗.xlsx",
        user=user,
    )


@blueprint.route("/commitments/plates/new", methods=["GET", "POST"])
@require(ASK)
def new_plate() -> ResponseReturnValue:
    """Ask the branch for a plate."""
    user, form = signed_in(), PlateForm()
    if request.method != "POST":
        form.staff_number.data = request.args.get("person", "")[:32]
        return show_form(form)

    def act() -> int:
        return drafting.ask_for_plate(
            user=user, staff_number=text_in(form.staff_number), grounds=text_in(form.grounds)
        ).id

    record_id = save(form, act)
    if record_id is None:
        return show_form(form, status=REFUSED)
    flash("已送党支部确认。", "success")
    return redirect(url_for("commitments.show_plate", record_id=record_id), 303)


def show_form(form: PlateForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form."""
    return render_template("commitments/new_plate.html", form=form), status


@blueprint.get("/commitments/plates/<int:record_id>")
@require(READ)
def show_plate(record_id: int) -> ResponseReturnValue:
    """Show a plate with its path."""
    row = load_row(record_id)
    return render_template(
        "commitments/show_plate.html",
        row=row,
        has_lapsed=row.plate.state in plates.OPEN and plates.has_lapsed(row.plate),
        panel=panel_of(PLATE_FLOW, row.plate, signed_in()),
    )


def load_row(record_id: int) -> PlateRow:
    """Load a plate that I may see, or answer 404."""
    row = plates.get_plate_for(signed_in(), record_id)
    if row is None:
        abort(404)
    return row


def load(record_id: int) -> ModelPost:
    """Load the record of a move."""
    return load_row(record_id).plate


register_moves(blueprint, PLATE_FLOW, rule="/commitments/plates/<int:record_id>", load=load)
