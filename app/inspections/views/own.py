"""What a point of the assessment opens: a check or a finding, for the person whom it concerns.

Who inspected is told to nobody here, and no other person is named: an 明察暗访 stays one.
"""

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.accounts.roster.models import ServiceWindow
from app.files import service as files
from app.inspections import findings
from app.inspections.findings import FindingRow, row_of, select_findings
from app.inspections.models import TRACK_LABELS, ChecklistItem, Finding, Inspection, WindowCheck
from app.inspections.views import blueprint
from app.kernel import db
from app.kernel.declared import require
from app.kernel.evidence import may_open
from app.kernel.permissions import Permission, signed_in

OWN = Permission.ASSESSMENT_OWN_READ
CACHE = "private, max-age=300"


@blueprint.get("/<string:public_id>/windows/<int:window_id>/mine")
@require(OWN)
def show_own_check(public_id: str, window_id: int) -> ResponseReturnValue:
    """Show what a finished round saw at a window, to those who were there."""
    found = db.session.execute(
        select(Inspection, WindowCheck, ServiceWindow)
        .join(WindowCheck, WindowCheck.inspection_id == Inspection.id)
        .join(ServiceWindow, ServiceWindow.id == WindowCheck.window_id)
        .where(
            Inspection.public_id == public_id,
            Inspection.ended_at.is_not(None),
            WindowCheck.window_id == window_id,
        )
    ).one_or_none()
    if found is None:
        abort(404)
    inspection, check, window = found
    check_may_open(check)
    items = db.session.execute(
        select(Finding, ChecklistItem.name)
        .join(ChecklistItem, ChecklistItem.id == Finding.item_id)
        .where(Finding.check_id == check.id)
        .order_by(Finding.id)
    ).all()
    return render_template(
        "inspections/show_own_check.html",
        inspection=inspection,
        window=window,
        findings=items,
    )


@blueprint.get("/findings/<string:public_id>/mine")
@require(OWN)
def show_own_finding(public_id: str) -> ResponseReturnValue:
    """Show a finding with its photos to the person whom it concerns and who assesses him."""
    row = load_own(public_id)
    return render_template(
        "inspections/show_own_finding.html",
        row=row,
        finding=row.finding,
        track=TRACK_LABELS[row.finding.track],
        is_unannounced=row.inspection.way.value == "unannounced",
    )


@blueprint.get("/findings/<string:public_id>/mine/photos/<string:moment>")
@require(OWN)
def show_own_photo(public_id: str, moment: str) -> ResponseReturnValue:
    """Give a photo of such a finding."""
    file = findings.get_photo(load_own(public_id).finding, moment)
    response = files.answer_if_there(file, is_inline=False)
    response.headers["Cache-Control"] = CACHE
    return response


def load_own(public_id: str) -> FindingRow:
    """Load a finding of a finished round that concerns me or whom I assess, or answer 404."""
    found = db.session.execute(
        select_findings().where(Finding.public_id == public_id, Inspection.ended_at.is_not(None))
    ).one_or_none()
    if found is None:
        abort(404)
    row = row_of(tuple(found))
    check_may_open(row.check)
    return row


def check_may_open(check: WindowCheck) -> None:
    """Answer 404 to whoever was not there and assesses nobody there."""
    user = signed_in()
    mine = user.person_id if user.person_id in check.on_duty else None
    if not may_open(user, person_id=mine, department_id=check.department_id):
        abort(404)
