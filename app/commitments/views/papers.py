"""Printing what is 公开中, and fetching what was printed of what no longer is."""

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from app.commitments import disclosure, prints
from app.commitments.models import PrintKind
from app.commitments.papers import KINDS, check_printable
from app.commitments.sheets import SheetRow
from app.commitments.views import blueprint
from app.commitments.views.sheets import load_row
from app.files import papers
from app.jobs.service import JobRefusedError
from app.kernel import db
from app.kernel.acts import move
from app.kernel.declared import require
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in

PRINT = Permission.COMMITMENTS_CARD_PRINT


@blueprint.post("/commitments/<int:record_id>/print-desk-card")
@require(PRINT)
def print_desk_card(record_id: int) -> ResponseReturnValue:
    """Order the cards of everybody on duty."""
    return order(record_id, PrintKind.DESK_CARD)


@blueprint.post("/commitments/<int:record_id>/print-poster")
@require(PRINT)
def print_poster(record_id: int) -> ResponseReturnValue:
    """Order the poster."""
    return order(record_id, PrintKind.POSTER)


@blueprint.post("/commitments/<int:record_id>/print-notice")
@require(PRINT)
def print_notice(record_id: int) -> ResponseReturnValue:
    """Order the notice."""
    return order(record_id, PrintKind.NOTICE)


def order(record_id: int, kind: PrintKind) -> ResponseReturnValue:
    """Order a paper of a version, and write down that I print it; then show its making."""
    load_row(record_id, PRINT)
    user = signed_in()
    try:
        with db.write():
            check_printable(kind, record_id)
            prints.note_print(record_id=record_id, kind=kind, printed_by_id=user.person_id)
            job = papers.order(
                KINDS[kind],
                record_id,
                values={"record_id": record_id},
                ordered_by_id=user.person_id,
            )
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("commitments.show_sheet", record_id=record_id), 303)
    return redirect(url_for("jobs.show_job", public_id=job), 303)


@blueprint.get("/commitments/<int:record_id>/desk-card.pdf")
@require(PRINT)
def show_desk_card(record_id: int) -> ResponseReturnValue:
    """Open the cards of everybody on duty."""
    return open_paper(load_row(record_id, PRINT), PrintKind.DESK_CARD)


@blueprint.get("/commitments/<int:record_id>/poster.pdf")
@require(PRINT)
def show_poster(record_id: int) -> ResponseReturnValue:
    """Open the poster."""
    return open_paper(load_row(record_id, PRINT), PrintKind.POSTER)


@blueprint.get("/commitments/<int:record_id>/notice.pdf")
@require(PRINT)
def show_notice(record_id: int) -> ResponseReturnValue:
    """Open the notice."""
    return open_paper(load_row(record_id, PRINT), PrintKind.NOTICE)


def open_paper(row: SheetRow, kind: PrintKind) -> ResponseReturnValue:
    """Open a paper that was printed and still says what holds; otherwise 404."""
    record_id = row.version.id
    if disclosure.get_in_force(record_id) is None:
        abort(404)
    try:
        code = papers.code_of(KINDS[kind].snapshot(record_id))
    except JobRefusedError:
        abort(404)
    return papers.open_file(papers.get_paper(KINDS[kind], record_id, code))


@blueprint.post("/commitments/<int:record_id>/prints/<int:print_id>/collect")
@require(PRINT)
def collect_print(record_id: int, print_id: int) -> ResponseReturnValue:
    """Write down that a print was fetched."""
    row = load_row(record_id, PRINT)
    if print_id not in {each.print_id for each in prints.list_prints(row.version.id)}:
        abort(404)
    return move(
        lambda: prints.collect(
            print_id=print_id, record_id=record_id, collected_by_id=signed_in().person_id
        ),
        done="已登记收回。",
        to=url_for("commitments.show_sheet", record_id=record_id),
    )
