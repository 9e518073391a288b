"""直通车 from an outside form: upload, preview with what is wrong in each row, take in."""

import re

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.files.uploads import take_upload
from app.kernel import db, htmx, listing, spreadsheets
from app.kernel.acts import move
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError, text_in
from app.kernel.permissions import Permission, signed_in
from app.suggestions import imports, outside_files
from app.suggestions.forms import ImportForm
from app.suggestions.lists import IMPORTS
from app.suggestions.models import (
    IDEA_CHANNEL_LABELS,
    IDEA_IMPORT_STATE_LABELS,
    IdeaChannel,
    IdeaImport,
    IdeaImportState,
)
from app.suggestions.outside_files import Row
from app.suggestions.views import blueprint
from app.suggestions.views.following import REFUSED, where

# The number of a row of a file.
PLACE = re.compile("[0-9]{1,6}")
RECORD = Permission.SUGGESTIONS_IDEA_RECORD


@blueprint.get("/suggestions/imports")
@require(RECORD)
def list_imports() -> ResponseReturnValue:
    """List the files that I uploaded."""
    view = listing.show(
        IMPORTS,
        imports.select_imports_for(signed_in()),
        request.args,
        url=url_for("suggestions.list_imports"),
        empty_action=("导入文件", url_for("suggestions.new_import")),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("suggestions/list_imports.html", listing=view)


@blueprint.get("/suggestions/imports/template")
@require(RECORD)
def export_template() -> Response:
    """Give the empty file."""
    return spreadsheets.answer_with(outside_files.template_file(), "直通车导入模板.xlsx")


@blueprint.route("/suggestions/imports/new", methods=["GET", "POST"])
@require(RECORD)
@takes_bytes(outside_files.MAX_BYTES)
def new_import() -> ResponseReturnValue:
    """Upload a file; nothing is taken in before it has been looked at."""
    form = ImportForm()
    if request.method != "POST":
        return show_form(form)
    found = take_upload(form, max_bytes=outside_files.MAX_BYTES)
    if found is None:
        return show_form(form, status=REFUSED)
    try:
        rows = outside_files.read_rows(found.content, imports.department_ids())
        with db.write():
            public_id = imports.upload(
                rows=rows, file_name=found.name, source=text_in(form.source), user=signed_in()
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_form(form, status=REFUSED)
    return redirect(url_for("suggestions.show_import", public_id=public_id), 303)


def show_form(form: ImportForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the upload."""
    return render_template("suggestions/new_import.html", form=form, **where()), status


def load(public_id: str) -> IdeaImport:
    """Load a file that I uploaded, or answer 404."""
    found = imports.get_import_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/suggestions/imports/<string:public_id>")
@require(RECORD)
def show_import(public_id: str) -> ResponseReturnValue:
    """Show each row with what is wrong with it."""
    found = load(public_id)
    rows = imports.list_rows(found)
    taken = [each for each in rows if not each.problem]
    return render_template(
        "suggestions/show_import.html",
        found=found,
        state=IDEA_IMPORT_STATE_LABELS[found.state],
        is_waiting=found.state is IdeaImportState.PREVIEWED,
        rows=preview(rows),
        later=max(0, len(rows) - imports.PAGE),
        taken=len(taken),
        refused=len(rows) - len(taken),
    )


def preview(rows: list[Row]) -> list[tuple[Row, str]]:
    """Give the rows to be looked at now, with the names of their channels."""
    return [
        (each, "" if each.problem else IDEA_CHANNEL_LABELS[IdeaChannel(each.channel)])
        for each in imports.first_page(rows)
    ]


def places_in(name: str) -> set[int]:
    """Give the places of rows that a form names."""
    return {int(each) for each in request.form.getlist(name) if PLACE.fullmatch(each)}


@blueprint.post("/suggestions/imports/<string:public_id>/apply")
@require(RECORD)
def apply_import(public_id: str) -> ResponseReturnValue:
    """Take in what is ticked of the rows that were shown; the next ones are shown then."""
    found, user = load(public_id), signed_in()
    seen, chosen = places_in("seen"), places_in("chosen")
    return move(
        lambda: imports.apply(import_id=found.id, seen=seen, chosen=chosen, user=user),
        done="勾选的已导入，等投诉反馈专员先行联系、受理。",
        to=url_for("suggestions.show_import", public_id=public_id),
    )


@blueprint.post("/suggestions/imports/<string:public_id>/discard")
@require(RECORD)
def discard_import(public_id: str) -> ResponseReturnValue:
    """Throw a file away before it is taken in."""
    found, user = load(public_id), signed_in()
    return move(
        lambda: imports.discard(import_id=found.id, user=user),
        done="已清除这个文件的内容。",
        to=url_for("suggestions.list_imports"),
    )
