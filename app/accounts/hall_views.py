"""The page on which the administrator keeps the profile of the hall."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import hall
from app.accounts.hall_forms import TEXTS, HallForm
from app.accounts.views import blueprint
from app.kernel import clock, db
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError, text_in
from app.kernel.permissions import Permission, signed_in

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value
EMPTY = "（空）"

Changes = list[tuple[str, str, str]]


@blueprint.route("/hall", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_HALL_EDIT)
def edit_hall() -> ResponseReturnValue:
    """Show and change the profile of the hall."""
    user, form = signed_in(), HallForm(obj=hall.get_profile())
    if not form.is_submitted():
        return show_hall(form)
    if not form.validate():
        return show_hall(form, status=REFUSED)
    try:
        with db.write():
            hall.change_profile(profile=form.read_profile(), changed_by_id=user.person_id)
    except StaleEditError:
        return show_hall(form, status=STALE, changes=renew(form))
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_hall(form, status=REFUSED)
    flash("大厅信息已保存。", "success")
    return redirect(url_for(".edit_hall"), 303)


def renew(form: HallForm) -> Changes:
    """Let a stale form be sent once more; gives label, what is stored and what was typed."""
    stored = hall.get_profile()
    form.version.data = stored.version
    rows = [
        (form[name].label.text, getattr(stored, name) or EMPTY, text_in(form[name]) or EMPTY)
        for name in TEXTS
    ]
    return [row for row in rows if row[1] != row[2]]


def show_hall(
    form: HallForm, *, status: int = 200, changes: Changes | None = None
) -> ResponseReturnValue:
    """Show the form beside how the stored profile is printed."""
    profile = hall.get_profile()
    page = render_template(
        "accounts/edit_hall.html",
        form=form,
        profile=profile,
        example=profile.number_of(clock.today().year, 12),
        changes=changes,
    )
    return page, status
