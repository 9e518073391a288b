"""Pages of 异议: those that one decides or follows, and the page of one with its moves."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.assessment import guards, lists, objections
from app.assessment.models import Objection
from app.assessment.views import blueprint
from app.assessment.workflow import OBJECTION_FLOW
from app.audit.exports import answer_export
from app.kernel import htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

OWN = Permission.ASSESSMENT_OWN_READ
READ = Permission.ASSESSMENT_PORTRAIT_READ


@blueprint.get("/objections")
@require(READ)
def list_objections() -> ResponseReturnValue:
    """List the objections that I decide or follow."""
    view = listing.show(
        lists.OBJECTIONS,
        objections.select_objections_for(signed_in()),
        request.args,
        url=url_for(".list_objections"),
        export_url=url_for(".export_objections"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("assessment/list_objections.html", listing=view)


@blueprint.get("/objections/export")
@require(READ)
def export_objections() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.OBJECTIONS,
        objections.select_objections_for(user),
        what="objections",
        name="考核异议.xlsx",
        user=user,
    )


@blueprint.get("/objections/<string:public_id>")
@require(OWN)
def show_objection(public_id: str) -> ResponseReturnValue:
    """Show an objection with its answer and its path."""
    objection = load(public_id)
    portrait, row, person = guards.parts_of(objection)
    return render_template(
        "assessment/show_objection.html",
        objection=objection,
        portrait=portrait,
        row=row,
        person=person,
        facts=guards.objection_facts(objection),
        panel=panel_of(OBJECTION_FLOW, objection, signed_in()),
    )


def load(public_id: str) -> Objection:
    """Load an objection that is mine or that I read, or answer 404."""
    objection = objections.get_objection_for(signed_in(), public_id)
    if objection is None:
        abort(404)
    return objection


register_moves(blueprint, OBJECTION_FLOW, rule="/objections/<string:public_id>", load=load)
