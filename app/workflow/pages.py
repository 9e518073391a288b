"""Pages of moves: one for every move of a flow, made from the table; and for its signed sheets.

`register_moves` gives each move its own address and permission, so that the table of who gets what
where names them one by one. A move that asks for nothing is posted from the record's page; every
other has a page that shows the facts, asks for the reason and is a plain form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.accounts import service as accounts
from app.files import scans
from app.files import service as files
from app.files.models import StoredFile
from app.files.signed_sheets import SheetForm
from app.files.uploads import Upload, take_upload
from app.kernel import db
from app.kernel.declared import delegable, require, takes_bytes
from app.kernel.forms import RefusedError, date_in, text_in
from app.kernel.permissions import Permission, signed_in
from app.workflow import engine, late, panels, service
from app.workflow.definition import Flow, Move, Record, Signature
from app.workflow.forms import MoveForm, SignatureForm
from app.workflow.models import PaperSignature, WorkflowMove

REFUSED = 422
UNKNOWN_SIGNER = "没有这个工号，请核对签批人的工号。"

Load = Callable[..., Record]


class Sheet(Protocol):
    """A form on which a signed sheet is entered: a room's own has further fields."""

    signed_by: Any
    signed_on: Any


@dataclass(frozen=True, kw_only=True)
class MovePages:
    """The pages of one flow's moves, with the room's own loader of its records."""

    flow: Flow
    load: Load

    def find(self, move: Move, values: dict[str, Any]) -> Record:
        """Load a record: by the room's loader, or as B角 of one who is away and may decide."""
        user = signed_in()
        if user.can(move.permission):
            return self.load(**values)
        record = self.find_by_address(values)
        if record is None or not self.is_for_stand_in(move, record):
            abort(404)
        return record

    def is_for_stand_in(self, move: Move, record: Record) -> bool:
        """Tell whether a B角 gets the page of a move; sent late, it still comes back to him."""
        user = signed_in()
        if engine.may(self.flow, move, record, service.actor_of(user)):
            return True
        return request.method == "POST" and late.has_waited(self.flow, record, move, user)

    def find_by_address(self, values: dict[str, Any]) -> Record | None:
        """Find the record that an address names, whoever asks."""
        ((name, value),) = values.items()
        column = self.flow.model.id if name == "record_id" else getattr(self.flow.model, name)
        return db.session.scalar(select(self.flow.model).where(column == value))

    def is_seen(self, record: Record) -> bool:
        """Tell whether the room still shows the record to whoever asks."""
        values = request.view_args or {}
        try:
            return bool(self.load(**values).id == record.id)
        except NotFound:
            return False

    def url(self, record: Record) -> str:
        """Give the address of the record's page."""
        return url_for(self.flow.endpoint, **self.flow.arguments(record))


def register_moves(blueprint: Blueprint, flow: Flow, *, rule: str, load: Load) -> None:
    """Add the pages of a flow's moves below the address of its records.

    `rule` has one argument: `record_id`, or the column of that name such as `public_id`. `load`
    takes it and answers 404 to whoever may not see the record.
    """
    pages = MovePages(flow=flow, load=load)
    for move in flow.moves:
        if not move.endpoint:
            add_move(blueprint, pages, move, rule)
        if move.is_signable and not (move.endpoint or move.sheet_endpoint):
            add_signature(blueprint, pages, move, rule)
    if any(each.is_signable for each in flow.moves):
        add_scan(blueprint, pages, rule)


def add_move(blueprint: Blueprint, pages: MovePages, move: Move, rule: str) -> None:
    """Add the page of one move."""

    def make_move(**values: Any) -> ResponseReturnValue:
        """Ask for what the move needs, and make it."""
        return answer_move(pages, move, pages.find(move, values))

    view = require(move.permission)(make_move)
    if move.is_approval:
        view = delegable(view)
    name = view.__name__ = panels.endpoint_of(pages.flow, move).partition(".")[2]
    blueprint.add_url_rule(f"{rule}/{move.name}", name, view, methods=["GET", "POST"])


def answer_move(pages: MovePages, move: Move, record: Record) -> ResponseReturnValue:
    """Show the page of a move, or make the move; refusals stand above the form."""
    form = MoveForm()
    if request.method != "POST":
        form.version.data = record.version
        return draw_move(pages, move, record, form)
    # A move that asks for no reason takes none from whoever sends one all the same.
    reason = text_in(form.reason) if asks_reason(move) else ""
    is_made = form.validate() and late.make_once(
        pages.flow, record.id, move.name, form, reason=reason
    )
    if not is_made:
        return draw_move(pages, move, record, form, status=REFUSED)
    flash(move.done, "success")
    return redirect(back_of(pages, move, record), 303)


def back_of(pages: MovePages, move: Move, record: Record) -> str:
    """Give where a move leads back to: who acted in another's place may not see the record.

    Neither may whoever has just handed it back, of some.
    """
    is_own = signed_in().can(move.permission) and pages.is_seen(record)
    return pages.url(record) if is_own else url_for("inbox.list_steps")


def asks_reason(move: Move) -> bool:
    """Tell whether the page of a move has a place for a reason; what it has not it doesn't take."""
    return bool(move.reason) or move.is_approval


def draw_move(
    pages: MovePages, move: Move, record: Record, form: MoveForm, *, status: int = 200
) -> ResponseReturnValue:
    """Draw the page of a move."""
    form.reason.label.text = move.reason or "意见"
    page = render_template(
        "workflow/make_move.html",
        form=form,
        move=move,
        noun=pages.flow.noun,
        title=pages.flow.title(record),
        facts=pages.flow.facts(record),
        asks_reason=asks_reason(move),
        action_url=request.path,
        back_url=back_of(pages, move, record),
    )
    return page, status


def add_signature(blueprint: Blueprint, pages: MovePages, move: Move, rule: str) -> None:
    """Add the page on which a decision signed on paper is entered."""

    @require(Permission.WORKFLOW_SIGNATURE_RECORD)
    @takes_bytes(scans.MAX_BYTES)
    def record_signature(**values: Any) -> ResponseReturnValue:
        """Take what stands on the sheet, and its scan."""
        record = pages.load(**values)
        if not service.may_record(pages.flow, record, signed_in()):
            abort(403)
        return answer_signature(pages, move, record)

    name = panels.endpoint_of(pages.flow, move, is_signed=True).partition(".")[2]
    record_signature.__name__ = name
    blueprint.add_url_rule(
        f"{rule}/{move.name}/signed", name, record_signature, methods=["GET", "POST"]
    )


def answer_signature(pages: MovePages, move: Move, record: Record) -> ResponseReturnValue:
    """Show the form of a signed sheet, or make the move that it decided."""
    form = SignatureForm() if move.is_approval else SheetForm()
    if request.method != "POST":
        form.version.data = record.version
        return draw_signature(pages, move, record, form)
    upload = take_upload(form, max_bytes=scans.MAX_BYTES)
    is_posted = upload is not None and post_signature(pages.flow, move, record, form, upload)
    if is_posted or late.is_second_tap(pages.flow, record.id, move.name, form):
        flash(f"已代录{move.sheet}。{move.done}", "success")
        return redirect(pages.url(record), 303)
    return draw_signature(pages, move, record, form, status=REFUSED)


def post_signature(flow: Flow, move: Move, record: Record, form: SheetForm, upload: Upload) -> bool:
    """Keep the scan and make the move in one write; False with the reasons on the form."""
    try:
        scan = scans.keep_scan(upload)
        sha256 = files.put_content(scan.content)
        with db.write():
            signature = read_signature(form, scan, sha256)
            service.execute(
                flow,
                record_id=record.id,
                name=move.name,
                user=signed_in(),
                seen_version=form.version.data,
                reason=text_in(form.reason),
                signature=signature,
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return False
    return True


def read_signature(form: Sheet, scan: scans.Scan, sha256: str) -> Signature:
    """Read what stands on a sheet, and add its scan to the open write; raises RefusedError."""
    name = form.sheet if isinstance(form, SheetForm) else SheetForm.sheet
    account = accounts.find_account(accounts.normalise(text_in(form.signed_by)))
    if account is None:
        raise RefusedError(signed_by=UNKNOWN_SIGNER)
    file = files.add_file(
        sha256=sha256,
        size=len(scan.content),
        media_type=scan.media_type,
        name=f"{name}{date_in(form.signed_on):%Y%m%d}{scan.suffix}",
    )
    return Signature(
        signed_by_id=account.person_id,
        signed_on=date_in(form.signed_on),
        meeting=text_in(form.meeting) if isinstance(form, SignatureForm) else SheetForm.sheet,
        minute_number=text_in(form.minute_number) if isinstance(form, SignatureForm) else "",
        scan_file_id=file.id,
    )


def draw_signature(
    pages: MovePages, move: Move, record: Record, form: SheetForm, *, status: int = 200
) -> ResponseReturnValue:
    """Draw the form of a signed sheet."""
    form.reason.label.text = move.reason or form.reason.label.text
    page = render_template(
        "workflow/record_signature.html",
        form=form,
        title=f"代录{move.sheet}：{move.label}",
        subject=f"{pages.flow.noun}“{pages.flow.title(record)}”",
        facts=pages.flow.facts(record),
        action_url=request.path,
        back_url=pages.url(record),
        accept=scans.ACCEPTED,
    )
    return page, status


def add_scan(blueprint: Blueprint, pages: MovePages, rule: str) -> None:
    """Add the page that opens the scan behind a line of a record's path."""

    @require(Permission.INBOX_STEP_READ)
    def show_scan(step: int, **values: Any) -> ResponseReturnValue:
        """Give the scan to whoever may see the record, as a file that his browser saves (IN5)."""
        file = find_scan(pages.flow, pages.load(**values).id, step)
        return files.answer_if_there(file, is_inline=False)

    name = show_scan.__name__ = panels.scan_endpoint(pages.flow).partition(".")[2]
    blueprint.add_url_rule(f"{rule}/signatures/<int:step>", name, show_scan)


def find_scan(flow: Flow, record_id: int, step: int) -> StoredFile | None:
    """Give the scan behind a line of a record's path."""
    return db.session.scalar(
        select(StoredFile)
        .join(PaperSignature, PaperSignature.scan_file_id == StoredFile.id)
        .join(WorkflowMove, WorkflowMove.signature_id == PaperSignature.id)
        .where(*service.of_record(flow, record_id), WorkflowMove.step == step)
    )
