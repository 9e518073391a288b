"""Records and 出师考核 that came on paper, entered by a 经办人 with their scan (代录)."""

from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Person
from app.files import scans
from app.files import service as files
from app.files.uploads import Upload, take_upload
from app.kernel import clock, db
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, text_in
from app.kernel.permissions import Permission, signed_in
from app.mentoring import months
from app.mentoring.forms import PaperFinalForm, PaperRecordForm, paper_final_form
from app.mentoring.models import MentoringPair, MentoringRecord, PairState, RecordState
from app.mentoring.record_flow import RECORD_FLOW, pair_of
from app.mentoring.views import blueprint
from app.mentoring.views.loading import REFUSED, load, load_record, load_row, pair_url
from app.mentoring.workflow import PAIR_FLOW
from app.workflow import service as workflow
from app.workflow.definition import Flow
from app.workflow.late import is_second_tap
from app.workflow.pages import read_signature

SheetOfPair = PaperRecordForm | PaperFinalForm
ENTER = Permission.WORKFLOW_SIGNATURE_RECORD
ON_PAPER = "on-paper"


@blueprint.route("/records/<string:public_id>/on-paper/signed", methods=["GET", "POST"])
@require(ENTER)
@takes_bytes(scans.MAX_BYTES)
def sign_record(public_id: str) -> ResponseReturnValue:
    """Enter the record of a month that both have signed on one sheet."""
    record = load_record(public_id)
    check_may_enter(RECORD_FLOW, record)
    form = PaperRecordForm()
    del form.reason
    if request.method != "POST":
        if record.state is not RecordState.DUE:
            abort(404)
        form.signed_by.data = number_of(record.master_id)
    elif keep(RECORD_FLOW, record, ON_PAPER, form, form.words):
        return done(RECORD_FLOW, ON_PAPER, url_for("mentoring.show_record", public_id=public_id))
    pair = pair_of(record)
    return draw(form, pair, record, f"代录{months.label(record.month)}带教记录")


@blueprint.route("/pairs/<string:public_id>/assess/signed", methods=["GET", "POST"])
@require(ENTER)
@takes_bytes(scans.MAX_BYTES)
def sign_final_pair(public_id: str) -> ResponseReturnValue:
    """Enter a 出师考核 that the assessor has held and signed on paper."""
    pair = load(public_id)
    check_may_enter(PAIR_FLOW, pair)
    form = paper_final_form()
    del form.reason
    name = "pass"
    if request.method != "POST":
        if pair.state is not PairState.ASSESSING:
            abort(404)
        form.signed_by.data = number_of(pair.assessor_id)
        form.held_on.data = clock.today()
    else:
        name = "pass" if form.is_passed else "practise-on"
        if keep(PAIR_FLOW, pair, name, form, lambda: {"assessment": form.assessment()}):
            return done(PAIR_FLOW, name, pair_url(pair))
    return draw(form, pair, pair, "代录出师考核")


def check_may_enter(flow: Flow, record: MentoringRecord | MentoringPair) -> None:
    """Answer 403 to whoever may not enter sheets of this department."""
    if not workflow.may_record(flow, record, signed_in()):
        abort(403)


def number_of(person_id: int) -> str:
    """Give the 工号 of whoever is expected to have signed."""
    return db.session.get_one(Person, person_id).staff_number


def keep(
    flow: Flow,
    record: MentoringRecord | MentoringPair,
    name: str,
    form: SheetOfPair,
    data: Any,  # noqa: ANN401 - gives what the move needs, once the form is right.
) -> bool:
    """Make the move that a sheet bears, with its scan; False with the reasons on the form."""
    upload = take_upload(form, max_bytes=scans.MAX_BYTES)
    is_made = upload is not None and make(flow, record.id, name, form, upload, data())
    return is_made or is_second_tap(flow, record.id, name, form)


def make(  # noqa: PLR0917 - what one sheet is made of.
    flow: Flow,
    record_id: int,
    name: str,
    form: SheetOfPair,
    upload: Upload,
    data: Mapping[str, Any],
) -> bool:
    """Keep the scan and make the move in one write."""
    try:
        scan = scans.keep_scan(upload)
        sha256 = files.put_content(scan.content)
        with db.write():
            workflow.execute(
                flow,
                record_id=record_id,
                name=name,
                user=signed_in(),
                seen_version=form.version.data,
                # As the assessor's own page writes it: his opinion stands in the path.
                reason=text_in(form.opinion) if isinstance(form, PaperFinalForm) else "",
                signature=read_signature(form, scan, sha256),
                data=data,
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return False
    return True


def done(flow: Flow, name: str, url: str) -> ResponseReturnValue:
    """Say what was entered, and go to its page."""
    flash(f"已代录纸质单。{flow.move(name).done}", "success")
    return redirect(url, 303)


def draw(
    form: SheetOfPair, pair: MentoringPair, record: MentoringRecord | MentoringPair, title: str
) -> ResponseReturnValue:
    """Show the form of a sheet."""
    is_record = isinstance(record, MentoringRecord)
    if request.method != "POST":
        form.version.data = record.version
    back = url_for("mentoring.show_record", public_id=record.public_id) if is_record else ""
    page = render_template(
        f"mentoring/{'sign_record' if is_record else 'sign_final_pair'}.html",
        form=form,
        title=title,
        row=load_row(pair.public_id),
        action_url=request.path,
        back_url=back or pair_url(pair),
        accept=scans.ACCEPTED,
    )
    return page, REFUSED if request.method == "POST" else 200
