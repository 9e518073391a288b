"""Pages of the checklist: the version in force, and the forms that make the next one."""

from collections.abc import Callable
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.inspections import checklists
from app.inspections.forms import ItemForm
from app.inspections.models import ChecklistItem
from app.inspections.views import blueprint
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.regulations import service as regulations

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value


@blueprint.get("/checklist")
@require(Permission.INSPECTIONS_CHECKLIST_READ)
def show_checklist() -> ResponseReturnValue:
    """Show the checklist in force."""
    items = checklists.list_current()
    return render_template(
        "inspections/show_checklist.html",
        current=checklists.get_current(),
        items=items,
        cited=regulations.get_articles([each.article_id for each in items]),
        can_edit=signed_in().can(Permission.INSPECTIONS_CHECKLIST_EDIT),
    )


@blueprint.post("/checklist/begin")
@require(Permission.INSPECTIONS_CHECKLIST_EDIT)
def make_checklist() -> ResponseReturnValue:
    """Take over the items that come with the site as the first version."""
    user = signed_in()
    return move(
        lambda: checklists.make_first(made_by_id=user.person_id),
        done="检查表第1版已启用，可以逐项修改。",
        to=url_for(".show_checklist"),
    )


@blueprint.route("/checklist/items/new", methods=["GET", "POST"])
@require(Permission.INSPECTIONS_CHECKLIST_EDIT)
def new_item() -> ResponseReturnValue:
    """Add an item: the checklist gets a new version."""
    user, form = signed_in(), ItemForm(version=seen_now())
    form.prepare_articles()
    if request.method != "POST":
        return show_form(form)

    def act() -> bool:
        checklists.add_item(
            seen=form.version.data, content=form.read_content(), made_by_id=user.person_id
        )
        return True

    return answer(form, act, None)


@blueprint.route("/checklist/items/<string:code>/edit", methods=["GET", "POST"])
@require(Permission.INSPECTIONS_CHECKLIST_EDIT)
def edit_item(code: str) -> ResponseReturnValue:
    """Change an item, or leave it out: the checklist gets a new version."""
    user, item = signed_in(), load(code)
    form = ItemForm(
        name=item.name,
        basis=item.basis,
        article_id=item.article_id or 0,
        phrases="\n".join(item.phrases),
        shows_absence=item.shows_absence,
        version=seen_now(),
    )
    form.prepare_articles(item.article_id)
    if request.method != "POST":
        return show_form(form, item)

    def act() -> bool:
        checklists.change_item(
            code=code,
            seen=form.version.data,
            content=form.read_content(),
            is_kept=not form.is_gone.data,
            made_by_id=user.person_id,
        )
        return True

    return answer(form, act, item)


def seen_now() -> int:
    """Give the number of the version that a form shows."""
    current = checklists.get_current()
    return current.number if current else 0


def load(code: str) -> ChecklistItem:
    """Load an item in force by its code, or answer 404."""
    item = next((each for each in checklists.list_current() if each.code == code), None)
    if item is None:
        abort(404)
    return item


def answer(
    form: ItemForm, act: Callable[[], bool], item: ChecklistItem | None
) -> ResponseReturnValue:
    """Save, or show the form with what is wrong."""
    try:
        if save(form, act) is None:
            return show_form(form, item, status=REFUSED)
    except StaleEditError:
        form.form_errors.append("检查表刚有新的一版，请返回看过再改。")
        return show_form(form, item, status=STALE)
    flash("检查表已有新的一版；以前的记录仍用原来的版本。", "success")
    return redirect(url_for(".show_checklist"), 303)


def show_form(
    form: ItemForm, item: ChecklistItem | None = None, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form of an item."""
    return render_template("inspections/edit_item.html", form=form, item=item), status
