"""Pages of one quarter's assessment: how far it is, collecting, and its lists."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.assessment import collecting, guards, lists, portraits, sheets
from app.assessment.models import (
    AssessmentCycle,
    CycleState,
    DepartmentSheet,
    Portrait,
    PortraitKind,
)
from app.assessment.views import blueprint
from app.assessment.workflow import CYCLE_FLOW
from app.audit.exports import answer_export
from app.jobs import service as jobs
from app.kernel import db, htmx, listing
from app.kernel.declared import require
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, signed_in
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

OWN = Permission.ASSESSMENT_OWN_READ
READ = Permission.ASSESSMENT_PORTRAIT_READ
RUN = Permission.ASSESSMENT_CYCLE_RUN


@blueprint.get("/cycles/<int:record_id>")
@require(OWN)
def show_cycle(record_id: int) -> ResponseReturnValue:
    """Show how far the assessment of a quarter is, and lead to what I may read of it."""
    cycle, user = load(record_id), signed_in()
    own = db.session.execute(
        portraits.select_own(user).where(Portrait.cycle_id == record_id)
    ).one_or_none()
    job = jobs.get_open_job(f"{collecting.COLLECT_JOB}:{record_id}")
    return render_template(
        "assessment/show_cycle.html",
        cycle=cycle,
        scheme=portraits.scheme_of(cycle),
        panel=panel_of(CYCLE_FLOW, cycle, user),
        scored=guards.count_portraits(record_id, PortraitKind.SCORED),
        letters=guards.count_portraits(record_id, PortraitKind.FACTS),
        open_objections=guards.count_open(record_id),
        own=portraits.view_of(own) if own else None,
        may_read=user.can(READ) and cycle.state is not CycleState.COLLECTING,
        may_collect=user.can(RUN) and cycle.state is CycleState.COLLECTING and job is None,
        is_collecting=job is not None,
    )


@blueprint.post("/cycles/<int:record_id>/collect")
@require(RUN)
def collect_cycle(record_id: int) -> ResponseReturnValue:
    """Collect a quarter anew, and show how far that is."""
    cycle, user = load(record_id), signed_in()
    if cycle.state is not CycleState.COLLECTING:
        abort(404)
    with db.write():
        job = collecting.order_collecting(cycle_id=record_id, ordered_by_id=user.person_id)
    return redirect(url_for("jobs.show_job", public_id=job), 303)


@blueprint.get("/cycles/<int:record_id>/portraits")
@require(READ)
def list_portraits(record_id: int) -> ResponseReturnValue:
    """List the portraits of a quarter that I may read."""
    cycle, user = load(record_id), signed_in()
    view = listing.show(
        lists.portraits(user.departments_of(READ)),
        portraits_of(record_id),
        request.args,
        url=url_for(".list_portraits", record_id=record_id),
        export_url=url_for(".export_portraits", record_id=record_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("assessment/list_portraits.html", listing=view, cycle=cycle)


@blueprint.get("/cycles/<int:record_id>/portraits/export")
@require(READ)
def export_portraits(record_id: int) -> ResponseReturnValue:
    """Give the list as an Excel file."""
    cycle, user = load(record_id), signed_in()
    return answer_export(
        lists.portraits(user.departments_of(READ)),
        portraits_of(record_id),
        what="portraits",
        name=f"考核画像_{cycle.name}.xlsx",
        user=user,
    )


def portraits_of(record_id: int) -> Statement:
    """Select the portraits of a quarter that I may read."""
    found = portraits.select_portraits_for(signed_in())
    return found.where(Portrait.cycle_id == record_id)


@blueprint.get("/cycles/<int:record_id>/sheets")
@require(READ)
def list_sheets(record_id: int) -> ResponseReturnValue:
    """List the department sheets of a quarter that I may read."""
    cycle = load(record_id)
    view = listing.show(
        lists.SHEETS,
        sheets_of(record_id),
        request.args,
        url=url_for(".list_sheets", record_id=record_id),
        export_url=url_for(".export_sheets", record_id=record_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("assessment/list_sheets.html", listing=view, cycle=cycle)


@blueprint.get("/cycles/<int:record_id>/sheets/export")
@require(READ)
def export_sheets(record_id: int) -> ResponseReturnValue:
    """Give the list as an Excel file."""
    cycle, user = load(record_id), signed_in()
    return answer_export(
        lists.SHEETS,
        sheets_of(record_id),
        what="department_sheets",
        name=f"部门考核表_{cycle.name}.xlsx",
        user=user,
    )


def sheets_of(record_id: int) -> Statement:
    """Select the department sheets of a quarter that I may read."""
    found = sheets.select_sheets_for(signed_in())
    return found.where(DepartmentSheet.cycle_id == record_id)


def load(record_id: int) -> AssessmentCycle:
    """Load a cycle, or answer 404; that a quarter is assessed everybody may know."""
    cycle = db.session.get(AssessmentCycle, record_id)
    if cycle is None or not signed_in().can(OWN):
        abort(404)
    return cycle


register_moves(blueprint, CYCLE_FLOW, rule="/cycles/<int:record_id>", load=load)
