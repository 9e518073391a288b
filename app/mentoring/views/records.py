"""Pages of monthly records: one record, writing it; confirming is a page of the workflow."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.mentoring import months
from app.mentoring.forms import RecordForm
from app.mentoring.models import MentoringRecord
from app.mentoring.record_flow import RECORD_FLOW, facts, pair_of
from app.mentoring.views import blueprint
from app.mentoring.views.loading import REFUSED, load_record, load_row
from app.workflow import engine
from app.workflow import service as workflow
from app.workflow.late import make_once
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

WRITE_MOVES = ("write-master", "write-apprentice")

register_moves(blueprint, RECORD_FLOW, rule="/records/<string:public_id>", load=load_record)


@blueprint.get("/records/<string:public_id>")
@require(Permission.HOME_PAGE_VIEW)
def show_record(public_id: str) -> ResponseReturnValue:
    """Show the record of a month, with its moves and its path."""
    record = load_record(public_id)
    return render_template(
        "mentoring/show_record.html",
        record=record,
        row=load_row(pair_of(record).public_id),
        month=months.label(record.month),
        details=[{"label": label, "text": text} for label, text in facts(record)],
        panel=panel_of(RECORD_FLOW, record, signed_in()),
    )


@blueprint.route("/records/<string:public_id>/write", methods=["GET", "POST"])
@require(Permission.MENTORING_PAIR_JOIN)
def write_record(public_id: str) -> ResponseReturnValue:
    """Write the record of a month, as the master or as the apprentice."""
    record = load_record(public_id)
    name, form = write_move_of(record), RecordForm(obj=record)
    if request.method != "POST":
        form.version.data = record.version
        return draw(record, form)
    is_made = form.validate() and make_once(RECORD_FLOW, record.id, name, form, data=form.words())
    if not is_made:
        return draw(record, form, status=REFUSED)
    flash(RECORD_FLOW.move(name).done, "success")
    return redirect(url_for("mentoring.show_record", public_id=public_id), 303)


def write_move_of(record: MentoringRecord) -> str:
    """Give as whom I may write it."""
    actor = workflow.actor_of(signed_in())
    is_offered = engine.belongs if request.method == "POST" else engine.may
    found = [
        name
        for name in WRITE_MOVES
        if is_offered(RECORD_FLOW, RECORD_FLOW.move(name), record, actor)
    ]
    if not found:
        abort(404)
    return found[0]


def draw(record: MentoringRecord, form: RecordForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of a record."""
    page = render_template(
        "mentoring/write_record.html",
        form=form,
        record=record,
        row=load_row(pair_of(record).public_id),
        month=months.label(record.month),
    )
    return page, status
