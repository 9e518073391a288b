"""Pages of one finding: what it is, its photos, mending it on the spot, making an order."""

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.service import names_of
from app.files import service as files
from app.inspections import findings
from app.inspections.findings import FindingRow
from app.inspections.forms import EscalateForm, FixForm
from app.inspections.models import TRACK_LABELS
from app.inspections.views import blueprint
from app.inspections.views.loading import load_finding, load_my_finding
from app.inspections.views.rounds import MAX_PHOTO, read_photo, windows_url
from app.kernel.acts import attempt, move
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import ask_first, text_in
from app.kernel.permissions import Permission, signed_in
from app.rectifications.models import Severity

READ, MAKE = Permission.INSPECTIONS_FINDING_READ, Permission.INSPECTIONS_ROUND_MAKE
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
CACHE = "private, max-age=300"
ESCALATE_QUESTION = "当场改不好的，改开整改通知单：签发后送达部门，有时限，由别的巡查员复查。"


@blueprint.get("/findings/<string:public_id>")
@require(READ)
def show_finding(public_id: str) -> ResponseReturnValue:
    """Show a finding with its photos and what came of it."""
    row, user = load_finding(public_id), signed_in()
    confirmed = row.finding.confirmed_by_id
    return render_template(
        "inspections/show_finding.html",
        row=row,
        finding=row.finding,
        track=TRACK_LABELS[row.finding.track],
        confirmed_by=names_of({confirmed}).get(confirmed, "") if confirmed else "",
        may_fix=may_fix(row),
        may_read_round=user.departments_of(Permission.INSPECTIONS_ROUND_READ) is None,
    )


def may_fix(row: FindingRow) -> bool:
    """Tell whether this is still to be mended on the spot, by a round of mine."""
    mine = {row.inspection.inspector_id, row.inspection.second_id}
    return (
        signed_in().person_id in mine
        and not row.inspection.is_over
        and row.state == ("待改好", "amber")
    )


@blueprint.get("/findings/<string:public_id>/photos/<string:moment>")
@require(READ)
def show_photo(public_id: str, moment: str) -> ResponseReturnValue:
    """Give the photo from before or after; a browser that opens it by itself saves it (IN5)."""
    file = findings.get_photo(load_finding(public_id).finding, moment)
    if file is None:
        abort(404)
    try:
        response = files.answer_with(file, is_inline=False)
    except files.DamagedFileError:
        abort(404)
    response.headers["Cache-Control"] = CACHE
    return response


@blueprint.route("/findings/<string:public_id>/fix", methods=["GET", "POST"])
@require(MAKE)
@takes_bytes(MAX_PHOTO)
def fix_finding(public_id: str) -> ResponseReturnValue:
    """Close a 立行立改: the photo after, confirmed by somebody of the window."""
    row, form, user = load_my_finding(public_id), FixForm(), signed_in()
    if request.method != "POST":
        return show_fix(row, form)
    photo = read_photo(form, is_needed=True)
    if photo is None or form.errors:
        return show_fix(row, form, status=REFUSED)

    def act() -> bool:
        findings.fix(
            finding_id=row.finding.id,
            photo=photo,
            staff_number=text_in(form.staff_number),
            user=user,
        )
        return True

    if attempt(form, act) is None:
        return show_fix(row, form, status=REFUSED)
    flash("立行立改已办结，窗口已确认。", "success")
    return redirect(windows_url(row.inspection.public_id, row.window.id), 303)


def show_fix(
    row: FindingRow,
    form: FixForm | None = None,
    escalate: EscalateForm | None = None,
    *,
    status: int = 200,
) -> ResponseReturnValue:
    """Show both ways on: mended with a photo, or an order with its severity."""
    page = render_template(
        "inspections/fix_finding.html",
        row=row,
        form=form or FixForm(formdata=None),
        escalate=escalate or EscalateForm(formdata=None),
        question=ESCALATE_QUESTION,
    )
    return page, status


@blueprint.post("/findings/<string:public_id>/escalate")
@require(MAKE)
def escalate_finding(public_id: str) -> ResponseReturnValue:
    """Make a 整改通知单 of what can't be mended on the spot, after asking once more."""
    row, user, form = load_my_finding(public_id), signed_in(), EscalateForm()
    if not form.validate():
        return show_fix(row, escalate=form, status=REFUSED)
    asked = ask_first(
        title="改开整改通知单？",
        question=ESCALATE_QUESTION,
        label="改开整改通知单",
        back_url=url_for(".fix_finding", public_id=public_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: findings.escalate(
            finding_id=row.finding.id, severity=Severity(form.severity.data), user=user
        ),
        done="已开整改通知单，等签发。",
        to=windows_url(row.inspection.public_id, row.window.id),
    )
