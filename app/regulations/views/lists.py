"""The must-read lists of the posts: what stands there, a line more, a line less."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.kernel import htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.regulations import lists, reading_lists
from app.regulations.forms import ItemForm
from app.regulations.reading_lists import ItemRow
from app.regulations.settings import READING_DAYS
from app.regulations.views.base import REFUSED, blueprint, list_posts
from app.settings import service as settings

READ = Permission.REGULATIONS_READING_READ
EDIT = Permission.REGULATIONS_READING_EDIT


@blueprint.get("/lists")
@require(READ)
def list_items() -> ResponseReturnValue:
    """List what each post must read."""
    may_edit = signed_in().can(EDIT)
    view = listing.show(
        lists.make_items(list_posts(), may_edit=may_edit),
        reading_lists.select_items(),
        request.args,
        url=url_for(".list_items"),
        export_url=url_for(".export_items"),
        empty_action=("列入第一项", url_for(".new_item")) if may_edit else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("regulations/list_items.html", listing=view, may_edit=may_edit)


@blueprint.get("/lists/export")
@require(READ)
def export_items() -> ResponseReturnValue:
    """Give the lists as an Excel file."""
    return answer_export(
        lists.make_items(list_posts(), may_edit=False),
        reading_lists.select_items(),
        what="reading_item",
        name="必读清单.xlsx",
        user=signed_in(),
    )


@blueprint.route("/lists/new", methods=["GET", "POST"])
@require(EDIT)
def new_item() -> ResponseReturnValue:
    """Put a rule on the list of a post, or on that of everybody."""
    form = ItemForm(days=settings.get(READING_DAYS))
    form.prepare(reading_lists.list_readable(), list_posts())
    if request.method != "POST":
        return show_form(form)

    def act() -> int:
        return reading_lists.add_item(
            regulation_id=form.regulation_id.data,
            post_id=form.post_id.data or None,
            days=form.days.data or 0,
            user=signed_in(),
        )

    if save(form, act) is None:
        return show_form(form, status=REFUSED)
    flash("已列入必读清单，从今天起请在岗人员确认。", "success")
    return redirect(url_for(".list_items"), 303)


def show_form(form: ItemForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of a line."""
    return render_template("regulations/new_item.html", form=form), status


@blueprint.route("/lists/<int:item_id>/end", methods=["GET", "POST"])
@require(EDIT)
def end_item(item_id: int) -> ResponseReturnValue:
    """Take a rule off a list, after asking."""
    row = load(item_id)
    if request.method != "POST":
        return render_template("regulations/end_item.html", row=row)

    def act() -> None:
        reading_lists.end_item(item_id=item_id, user=signed_in())

    return move(act, done="已移出必读清单。", to=url_for(".list_items"))


def load(item_id: int) -> ItemRow:
    """Load a line, or answer 404."""
    row = reading_lists.get_item(item_id)
    if row is None:
        abort(404)
    return row
