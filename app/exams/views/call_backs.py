"""Pages of 叫回窗口: asked by whoever sits, listed and confirmed by his lead."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department, Person
from app.audit.exports import answer_export
from app.exams import device
from app.exams.call_back_flow import FLOW, facts_of
from app.exams.models import CallBack, CallBackState, Exam, Sitting
from app.exams.service import call_backs
from app.exams.views import blueprint
from app.exams.views.own import load
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.declared import polling, require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.workflow.lists import state_options, state_tag
from app.workflow.pages import register_moves
from app.workflow.panels import panel_of

CONFIRM, SIT = Permission.EXAMS_CALLBACK_CONFIRM, Permission.EXAMS_SITTING_SIT
STOPPED = "计时已停住，等窗口负责人确认。可以去窗口了。"
BACK = "计时接着走。"
CUT = "考试到{until}结束，剩余时间按到那时为止计算。"
TAKEN_BACK = "已取消叫回，计时按没有停过算。"


@dataclass(frozen=True, kw_only=True)
class CallBackRow:
    """One call-back in the list."""

    record: CallBack
    exam: Exam
    person: Person
    department: Department


def person_cell(row: CallBackRow) -> listing.Cell:
    """Show the name; it leads to the call-back."""
    url = url_for("exams.show_call_back", record_id=row.record.id)
    return listing.Cell(text=row.person.name, href=url)


CALL_BACKS: listing.Listing[CallBackRow] = listing.Listing(
    id="call-back-list",
    noun="次叫回",
    title="叫回窗口",
    row=lambda found: CallBackRow(
        record=found[0], exam=found[2], person=found[3], department=found[4]
    ),
    columns=[
        listing.Column(name="name", label="姓名", cell=person_cell, sort=Person.name_key),
        listing.Column(
            name="department",
            label="部门",
            cell=lambda row: row.department.name,
            sort=Department.position,
        ),
        listing.Column(
            name="exam", label="考试", cell=lambda row: row.exam.title, sort=Exam.closes_at
        ),
        listing.Column(
            name="called",
            label="叫回时间",
            cell=lambda row: formats.short_moment(row.record.called_at),
            sort=CallBack.called_at,
            export=lambda row: row.record.called_at,
        ),
        listing.Column(
            name="state",
            label="状态",
            cell=lambda row: state_tag(FLOW, row.record.state),
            sort=CallBack.state,
        ),
    ],
    search=(Person.name, Person.staff_number, Exam.title),
    search_label="姓名、工号或考试",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=state_options(FLOW),
            where=lambda value: CallBack.state == CallBackState(value),
        )
    ],
    default_sort="-called",
    tie_break=CallBack.id.desc(),
    empty_text="还没有人被叫回窗口。",
)


@blueprint.get("/call-backs")
@require(CONFIRM)
def list_call_backs() -> ResponseReturnValue:
    """List the call-backs of my people."""
    view = listing.show(
        CALL_BACKS,
        call_backs.select_for(signed_in()),
        request.args,
        url=url_for("exams.list_call_backs"),
        export_url=url_for("exams.export_call_backs"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_call_backs.html", listing=view)


@blueprint.get("/call-backs/export")
@require(CONFIRM)
def export_call_backs() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        CALL_BACKS, call_backs.select_for(user), what="call-backs", name="叫回窗口.xlsx", user=user
    )


@blueprint.get("/call-backs/<int:record_id>")
@require(CONFIRM)
def show_call_back(record_id: int) -> ResponseReturnValue:
    """Show one with its path and what comes next."""
    record = load_call_back(record_id=record_id)
    return render_template(
        "exams/show_call_back.html",
        heading=f"叫回窗口　{FLOW.title(record)}",
        rows=[{"label": label, "text": text} for label, text in facts_of(record)],
        panel=panel_of(FLOW, record, signed_in()),
    )


def load_call_back(*, record_id: int) -> CallBack:
    """Load one that I may see, or answer 404."""
    found = call_backs.get_for(signed_in(), record_id)
    if found is None:
        abort(404)
    return found


register_moves(blueprint, FLOW, rule="/call-backs/<int:record_id>", load=load_call_back)


@blueprint.route("/sittings/<string:public_id>/call-back", methods=["GET", "POST"])
@require(SIT)
@polling
def ask_call_back(public_id: str) -> ResponseReturnValue:
    """Ask before the clock stops: it does so once in an exam. A fragment says how far it is."""
    exam, sitting = load(public_id)
    if request.method != "POST" and htmx.is_fragment_request():
        return show_state(sitting)
    away = redirect(url_for("exams.show_sitting", public_id=public_id), 303)
    is_here = not sitting.is_over(clock.now()) and not device.is_other(sitting)
    if request.method != "POST":
        is_free = sitting.started_at is not None and sitting.stopped_at is None
        if not is_here or not is_free or call_backs.get_of(sitting.id) is not None:
            return away
        return render_template("exams/ask_call_back.html", exam=exam, sitting=sitting)
    if not is_here:
        return away
    try:
        with db.write():
            call_backs.ask(sitting_id=sitting.id, user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
    else:
        flash(STOPPED, "success")
    return away


def show_state(sitting: Sitting) -> ResponseReturnValue:
    """Show how far a call-back is, for the page that waits."""
    record = call_backs.get_of(sitting.id)
    return htmx.respond(
        render_template("exams/_call_back.html", call_back=record, sitting=sitting),
        status=200 if record and record.state is CallBackState.ASKED else htmx.STOP_POLLING,
    )


@blueprint.route("/call-backs/<int:record_id>/resume", methods=["GET", "POST"])
@require(SIT)
def resume_sitting(record_id: int) -> ResponseReturnValue:
    """Come back to my paper: the clock runs on from what was left."""
    sitting = load_own(record_id)
    answer = redirect(url_for("exams.show_sitting", public_id=sitting.public_id), 303)
    if request.method != "POST" or device.is_other(sitting):
        return answer
    try:
        with db.write():
            until = call_backs.resume(record_id=record_id, user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
        return answer
    flash(BACK if until is None else CUT.format(until=formats.moment(until)), "success")
    return answer


@blueprint.route("/call-backs/<int:record_id>/cancel", methods=["GET", "POST"])
@require(SIT)
def cancel_call_back(record_id: int) -> ResponseReturnValue:
    """Take my call-back back: the clock has never stood still."""
    sitting = load_own(record_id)
    answer = redirect(url_for("exams.show_sitting", public_id=sitting.public_id), 303)
    if request.method != "POST" or device.is_other(sitting):
        return answer
    try:
        with db.write():
            call_backs.cancel(record_id=record_id, user=signed_in())
    except RefusedError as refused:
        flash(str(refused), "error")
    else:
        flash(TAKEN_BACK, "success")
    return answer


def load_own(record_id: int) -> Sitting:
    """Load the sitting of my own call-back, or answer 404."""
    found = call_backs.get_own(signed_in(), record_id)
    if found is None:
        abort(404)
    return found
