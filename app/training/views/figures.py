"""月度绩效数据: the list, and its import with a preview of what is wrong."""

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.files.uploads import take_upload
from app.kernel import db, htmx, listing, spreadsheets
from app.kernel.acts import move
from app.kernel.declared import require, takes_bytes
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, signed_in
from app.training import figure_files, figures, lists
from app.training.forms import FigureForm
from app.training.models import FIGURE_IMPORT_STATE_LABELS, FigureImport, FigureImportState
from app.training.views import blueprint
from app.training.views.loading import REFUSED

IMPORT = Permission.TRAINING_FIGURE_IMPORT
MOST_SHOWN = 100


@blueprint.get("/figures")
@require(IMPORT)
def list_figures() -> ResponseReturnValue:
    """List the monthly figures."""
    user = signed_in()
    view = listing.show(
        lists.figures_list(),
        figures.select_figures_for(user),
        request.args,
        url=url_for("training.list_figures"),
        export_url=url_for("training.export_figures"),
        empty_action=("导入Excel", url_for("training.new_figure_import")),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "training/list_figures.html",
        listing=view,
        tabs=lists.tabs_of(user, "training.list_figures"),
    )


@blueprint.get("/figures/export")
@require(IMPORT)
def export_figures() -> Response:
    """Give the monthly figures as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.figures_list(),
        figures.select_figures_for(user),
        what="figures",
        name="月度绩效数据.xlsx",
        user=user,
    )


@blueprint.get("/figures/template")
@require(IMPORT)
def export_figure_template() -> Response:
    """Give the empty file."""
    return spreadsheets.answer_with(figure_files.template_file(), "月度绩效数据模板.xlsx")


@blueprint.route("/figures/imports/new", methods=["GET", "POST"])
@require(IMPORT)
@takes_bytes(figure_files.MAX_BYTES)
def new_figure_import() -> ResponseReturnValue:
    """Upload a file; nothing is taken in before it has been looked at."""
    form = FigureForm()
    if request.method != "POST":
        return render_template("training/new_figure_import.html", form=form)
    upload = take_upload(form, max_bytes=figure_files.MAX_BYTES)
    if upload is None:
        return render_template("training/new_figure_import.html", form=form), REFUSED
    try:
        rows = figure_files.read_rows(upload.content)
        with db.write():
            public_id = figures.upload(rows=rows, file_name=upload.name, user=signed_in())
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return render_template("training/new_figure_import.html", form=form), REFUSED
    return redirect(url_for("training.show_figure_import", public_id=public_id), 303)


def load_import(public_id: str) -> FigureImport:
    """Load a file that I uploaded, or answer 404."""
    found = figures.get_import_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found


@blueprint.get("/figures/imports/<string:public_id>")
@require(IMPORT)
def show_figure_import(public_id: str) -> ResponseReturnValue:
    """Show what is wrong in a file, and what would be taken in."""
    found = load_import(public_id)
    rows = figures.list_rows(found)
    right = [each for each in rows if not each.problem]
    return render_template(
        "training/show_figure_import.html",
        found=found,
        state=FIGURE_IMPORT_STATE_LABELS[found.state],
        is_waiting=found.state is FigureImportState.PREVIEWED,
        rows=rows[:MOST_SHOWN],
        later=max(0, len(rows) - MOST_SHOWN),
        right=len(right),
        known=figures.count_known(right),
        wrong=len(rows) - len(right),
    )


@blueprint.post("/figures/imports/<string:public_id>/apply")
@require(IMPORT)
def apply_figure_import(public_id: str) -> ResponseReturnValue:
    """Take in all rows that are right."""
    found, user = load_import(public_id), signed_in()
    return move(
        lambda: figures.apply(import_id=found.id, user=user),
        done="已导入。",
        to=url_for("training.show_figure_import", public_id=public_id),
    )


@blueprint.post("/figures/imports/<string:public_id>/discard")
@require(IMPORT)
def discard_figure_import(public_id: str) -> ResponseReturnValue:
    """Throw a file away before it is taken in."""
    found, user = load_import(public_id), signed_in()
    return move(
        lambda: figures.discard(import_id=found.id, user=user),
        done="已清除这个文件的内容。",
        to=url_for("training.list_figures"),
    )
