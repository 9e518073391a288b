"""The ledgers of rounds and of findings, and what happened at one window."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import service as accounts
from app.audit.exports import answer_export
from app.inspections import checklists, findings, lists, rounds, windows
from app.inspections.findings import FindingRow
from app.inspections.views import blueprint
from app.kernel import clock, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.rectifications import service as rectifications

QUARTER = 92


@blueprint.get("")
@require(Permission.INSPECTIONS_ROUND_READ)
def list_inspections() -> ResponseReturnValue:
    """List the rounds."""
    user = signed_in()
    may_make = user.can(Permission.INSPECTIONS_ROUND_MAKE)
    view = listing.show(
        lists.ROUNDS,
        rounds.select_rounds_for(user),
        request.args,
        url=url_for(".list_inspections"),
        export_url=url_for(".export_inspections"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    running = rounds.list_running(user.person_id) if may_make else []
    return render_template(
        "inspections/list_inspections.html", listing=view, may_make=may_make, running=running
    )


@blueprint.get("/export")
@require(Permission.INSPECTIONS_ROUND_READ)
def export_inspections() -> ResponseReturnValue:
    """Give the ledger of rounds as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.ROUNDS,
        rounds.select_rounds_for(user),
        what="inspection",
        name="巡查台账.xlsx",
        user=user,
    )


@blueprint.get("/findings")
@require(Permission.INSPECTIONS_FINDING_READ)
def list_findings() -> ResponseReturnValue:
    """List the findings that I may see."""
    user = signed_in()
    view = listing.show(
        ledger(),
        findings.select_findings_for(user),
        request.args,
        url=url_for(".list_findings"),
        export_url=url_for(".export_findings"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "inspections/list_findings.html",
        listing=view,
        on_the_spot=formats.share(*findings.share_on_the_spot(user, days=QUARTER)),
    )


@blueprint.get("/findings/export")
@require(Permission.INSPECTIONS_FINDING_READ)
def export_findings() -> ResponseReturnValue:
    """Give the ledger of findings as an Excel file."""
    user = signed_in()
    return answer_export(
        ledger(),
        findings.select_findings_for(user),
        what="finding",
        name="问题台账.xlsx",
        user=user,
    )


def ledger() -> listing.Listing[FindingRow]:
    """Give the ledger with what I may choose from."""
    mine = signed_in().departments_of(Permission.INSPECTIONS_FINDING_READ)
    departments = [each for each in accounts.list_departments() if mine is None or each.id in mine]
    return lists.make_findings(
        departments,
        windows.list_windows_for(signed_in()),
        checklists.list_current(),
    )


@blueprint.get("/windows/<int:window_id>")
@require(Permission.INSPECTIONS_FINDING_READ)
def show_window(window_id: int) -> ResponseReturnValue:
    """Show what rounds found at one window, and its open orders."""
    user = signed_in()
    found = windows.get_window_for(user, window_id)
    if found is None:
        abort(404)
    window, department = found
    return render_template(
        "inspections/show_window.html",
        window=window,
        department=department,
        checks=windows.list_checks(user, window_id),
        orders=rectifications.list_open_for(user, window_id=window_id)
        if user.can(Permission.RECTIFICATIONS_ORDER_READ)
        else [],
        today=clock.today(),
    )
