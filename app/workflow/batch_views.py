"""Pages of 汇总表: the list, making one, deciding on it in the site or by its signed sheet."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.accounts.models import Person
from app.audit.exports import answer_export
from app.files import papers, scans
from app.files import service as files
from app.files.uploads import take_upload
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.acts import move as make_move
from app.kernel.declared import delegable, require, takes_bytes
from app.kernel.forms import BaseForm, RefusedError, ask_first
from app.kernel.permissions import Permission, Principal, signed_in
from app.workflow import batch_paper, batches
from app.workflow.definition import Flow, Move
from app.workflow.forms import SignatureForm
from app.workflow.models import BATCH_STATE_LABELS, BatchState, DecisionBatch
from app.workflow.pages import read_signature

READ, PREPARE = Permission.WORKFLOW_BATCH_READ, Permission.WORKFLOW_BATCH_PREPARE
REFUSED = 422
# No line of a sheet has a number of so many digits.
MOST = 5
KINDS = {BatchState.DRAFT: "tag-amber", BatchState.DECIDED: "tag-green", BatchState.DROPPED: "tag"}
DROP_QUESTION = "作废后不能恢复；表上的各项照旧等待签批，可以再列入新的汇总表。"
DECIDE_QUESTION = "勾选的各项一次办理，没有勾选的照旧等待。"

blueprint = Blueprint("workflow", __name__, url_prefix="/batches")


class ChooseForm(BaseForm):
    """The records that go on a sheet, or the lines of one that are decided on."""

    record_ids = SelectMultipleField("项目", coerce=int)


@dataclass(frozen=True, kw_only=True)
class BatchRow:
    """A sheet as the list shows it."""

    batch: DecisionBatch
    drafter: str
    decision: str


def row_of(found: tuple[DecisionBatch, str]) -> BatchRow:
    """Name the parts of a result row."""
    batch, drafter = found
    flow, move = batches.find_move(batch.flow, batch.move)
    return BatchRow(batch=batch, drafter=drafter, decision=f"{flow.noun}{move.label}")


BATCHES: listing.Listing[BatchRow] = listing.Listing(
    id="batch-list",
    noun="张汇总表",
    title="汇总表",
    row=row_of,
    columns=[
        listing.Column(
            name="number",
            label="编号",
            cell=lambda row: listing.Cell(text=row.batch.number, href=url_of(row.batch.id)),
            sort=DecisionBatch.number,
            is_short=True,
        ),
        listing.Column(name="decision", label="办理的事", cell=lambda row: row.decision),
        listing.Column(
            name="drafter", label="经办人", cell=lambda row: row.drafter, sort=Person.name_key
        ),
        listing.Column(
            name="drafted",
            label="制表日期",
            cell=lambda row: formats.day(clock.local(row.batch.drafted_at).date()),
            sort=DecisionBatch.drafted_at,
            is_short=True,
        ),
        listing.Column(
            name="state",
            label="状态",
            cell=lambda row: listing.Cell(
                text=BATCH_STATE_LABELS[row.batch.state], kind=KINDS[row.batch.state]
            ),
            is_short=True,
        ),
    ],
    search=(DecisionBatch.number, Person.name, Person.name_key),
    search_label="编号或经办人",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=[(state.value, label) for state, label in BATCH_STATE_LABELS.items()],
            where=lambda value: DecisionBatch.state == value,
        )
    ],
    default_sort="-drafted",
    tie_break=DecisionBatch.id.desc(),
    empty_text="还没有汇总表。",
)


@blueprint.get("")
@require(READ)
def list_batches() -> ResponseReturnValue:
    """List the sheets that I may see."""
    user = signed_in()
    view = listing.show(
        BATCHES,
        batches.select_batches_for(user),
        request.args,
        url=url_for(".list_batches"),
        export_url=url_for(".export_batches"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    choices = [
        (f"为{flow.noun}制作{move.label}汇总表", new_url(flow, move))
        for flow, move in batches.batch_moves()
    ]
    return render_template(
        "workflow/list_batches.html",
        listing=view,
        choices=choices if user.can(PREPARE) else [],
    )


@blueprint.get("/export")
@require(READ)
def export_batches() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        BATCHES,
        batches.select_batches_for(user),
        what="batches",
        name="汇总表.xlsx",
        user=user,
    )


@blueprint.route("/new/<string:flow_name>/<string:move_name>", methods=["GET", "POST"])
@require(PREPARE)
def new_batch(flow_name: str, move_name: str) -> ResponseReturnValue:
    """Choose what goes on a new sheet: all that waits, unless something is left out."""
    flow, move = find_move(flow_name, move_name)
    user, form = signed_in(), ChooseForm()
    candidates = batches.list_candidates(user, flow, move)
    form.record_ids.choices = [
        SelectChoice(each.record.id, f"{each.department}　{each.title}") for each in candidates
    ]
    if request.method != "POST":
        form.record_ids.data = [each.record.id for each in candidates]
        return draw_new(flow, move, form)
    chosen = set(form.record_ids.data or [])
    try:
        with db.write():
            batch = batches.draft_batch(flow=flow, move=move, record_ids=chosen, user=user)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return draw_new(flow, move, form, status=REFUSED)
    flash(f"已制作{batch.number}。", "success")
    return redirect(url_of(batch.id), 303)


def draw_new(flow: Flow, move: Move, form: ChooseForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the choice."""
    page = render_template(
        "workflow/new_batch.html",
        form=form,
        title=f"{flow.noun}{move.label}汇总表",
        back_url=url_for(".list_batches"),
    )
    return page, status


@blueprint.get("/<int:batch_id>")
@delegable
@require(READ)
def show_batch(batch_id: int) -> ResponseReturnValue:
    """Show a sheet, and what I may do with it."""
    return draw(load_to_decide(batch_id), SignatureForm())


def draw(batch: DecisionBatch, form: SignatureForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the page of a sheet."""
    user, is_open = signed_in(), batch.state is BatchState.DRAFT
    flow, move = batches.find_move(batch.flow, batch.move)
    lines = batches.list_lines(batch.id)
    page = render_template(
        "workflow/show_batch.html",
        batch=batch,
        title=f"{flow.noun}{move.label}汇总表",
        label=move.label,
        state=BATCH_STATE_LABELS[batch.state],
        kind=KINDS[batch.state][4:],
        lines=lines,
        urls=urls_of(flow, [each.line.record_id for each in lines]) if user.can(READ) else {},
        may_read=user.can(READ),
        briefs=batches.list_briefs(batch),
        form=form,
        may_decide=is_open and batches.may_decide(user, batch),
        may_sign=is_open and user.can(Permission.WORKFLOW_SIGNATURE_RECORD),
        may_drop=is_open and user.can(PREPARE),
        question=DECIDE_QUESTION,
        drop_question=DROP_QUESTION,
        accept=scans.ACCEPTED,
        is_ready=papers.is_ready(batch_paper.KIND, batch.id),
    )
    return page, status


def urls_of(flow: Flow, record_ids: list[int]) -> dict[int, str]:
    """Give the addresses of the records on a sheet."""
    found = db.session.query(flow.model).where(flow.model.id.in_(record_ids))
    return {each.id: url_for(flow.endpoint, **flow.arguments(each)) for each in found}


@blueprint.post("/<int:batch_id>/decide")
@delegable
@require(READ)
def decide_batch(batch_id: int) -> ResponseReturnValue:
    """Decide on the chosen lines in the site, after asking once more.

    Of one that was decided meanwhile, and of one that he made himself, the service says why not.
    """
    batch, user = load_to_decide(batch_id), signed_in()
    if not is_refused_by_service(batch, user):
        if not batches.may_decide(user, batch):
            abort(403)
        asked = ask_first(
            title=f"确认办理{batch.number}？",
            question=DECIDE_QUESTION,
            label="确认办理",
            back_url=url_of(batch_id),
        )
        if asked is not None:
            return asked
    return make_move(
        lambda: batches.decide_batch(batch_id=batch_id, places=chosen_places(), user=user),
        done="已办理，没有办成的写明了原因。",
        to=url_of(batch_id),
    )


def is_refused_by_service(batch: DecisionBatch, user: Principal) -> bool:
    """Tell whether the service has a sentence that says why somebody can't decide."""
    is_own = user.person_id == batch.drafted_by_id
    return batch.state is not BatchState.DRAFT or is_own


@blueprint.post("/<int:batch_id>/signed")
@require(Permission.WORKFLOW_SIGNATURE_RECORD)
@takes_bytes(scans.MAX_BYTES)
def sign_batch(batch_id: int) -> ResponseReturnValue:
    """Enter a sheet that was signed on paper: its scan decides on all chosen lines."""
    batch, form, user = load(batch_id), SignatureForm(), signed_in()
    form.version.data = 0
    upload = take_upload(form, max_bytes=scans.MAX_BYTES)
    if upload is None:
        return draw(batch, form, status=REFUSED)
    try:
        scan = scans.keep_scan(upload)
        sha256 = files.put_content(scan.content)
        with db.write():
            signature = read_signature(form, scan, sha256)
            batches.decide_batch(
                batch_id=batch_id, places=chosen_places(), user=user, signature=signature
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return draw(batch, form, status=REFUSED)
    flash("已代录线下签批，没有办成的写明了原因。", "success")
    return redirect(url_of(batch_id), 303)


@blueprint.post("/<int:batch_id>/drop")
@require(PREPARE)
def drop_batch(batch_id: int) -> ResponseReturnValue:
    """Give up a sheet, after asking once more."""
    batch = load(batch_id)
    asked = ask_first(
        title=f"作废{batch.number}？",
        question=DROP_QUESTION,
        label="确认作废",
        back_url=url_of(batch_id),
    )
    if asked is not None:
        return asked
    return make_move(
        lambda: batches.drop_batch(batch_id=batch_id, user=signed_in()),
        done="已作废。",
        to=url_of(batch_id),
    )


def chosen_places() -> set[int]:
    """Read the lines that were ticked; junk counts as none."""
    typed = request.form.getlist("places")
    return {int(each) for each in typed if each.isascii() and each.isdigit() and len(each) < MOST}


def find_move(flow_name: str, move_name: str) -> tuple[Flow, Move]:
    """Find a decision that a sheet can make, or answer 404."""
    try:
        return batches.find_move(flow_name, move_name)
    except KeyError:
        abort(404)


def load(batch_id: int) -> DecisionBatch:
    """Load a sheet that I may see, or answer 404."""
    batch = batches.get_batch_for(signed_in(), batch_id)
    if batch is None:
        abort(404)
    return batch


def load_to_decide(batch_id: int) -> DecisionBatch:
    """Load a sheet that I may see, or may decide on as B角 of one who is away; else answer 404."""
    user = signed_in()
    batch = batches.get_batch_for(user, batch_id) if user.can(READ) else None
    batch = batch or batches.get_batch_to_decide(user, batch_id)
    if batch is None:
        abort(404)
    return batch


def load_batch(*, batch_id: int) -> DecisionBatch:
    """Load a sheet for its paper."""
    return load(batch_id)


def url_of(batch_id: int) -> str:
    """Give the address of a sheet."""
    return url_for("workflow.show_batch", batch_id=batch_id)


def new_url(flow: Flow, move: Move) -> str:
    """Give the address at which a new sheet is made."""
    return url_for("workflow.new_batch", flow_name=flow.name, move_name=move.name)


papers.add_routes(blueprint, batch_paper.KIND, "/<int:batch_id>", READ, load_batch)
