"""Pages of 个人信息副本: ordering one's own or, with the password, somebody else's; fetching it."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.privacy import copies
from app.accounts.roster.people_views import load_mine
from app.accounts.views import blueprint
from app.audit.service import record_export
from app.files import service as files
from app.kernel import db
from app.kernel.declared import proven, require
from app.kernel.permissions import Permission, signed_in


@blueprint.post("/account/copy")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def order_own_copy() -> ResponseReturnValue:
    """Order a copy of what the site holds about me."""
    return order(signed_in().person_id)


@blueprint.post("/people/<int:person_id>/copy")
@require(Permission.ACCOUNTS_COPY_ORDER)
@proven
def order_copy(person_id: int) -> ResponseReturnValue:
    """Order a copy for a person whose roster I keep, to hand it to him."""
    return order(load_mine(person_id).person.id)


def order(person_id: int) -> ResponseReturnValue:
    """Order a copy and go where its progress is shown."""
    with db.write():
        job = copies.order_copy(person_id=person_id, ordered_by_id=signed_in().person_id)
    return redirect(url_for("jobs.show_job", public_id=job), 303)


@blueprint.get("/account/copies/<string:public_id>")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def show_copy(public_id: str) -> ResponseReturnValue:
    """Show a copy that I ordered, with its download."""
    found = copies.get_copy_for(signed_in(), public_id)
    if found is None:
        abort(404)
    copy, person = found
    return render_template(
        "accounts/show_copy.html",
        copy=copy,
        person=person,
        file=copies.file_of(copy),
        until=copy.made_at + copies.KEPT,
    )


@blueprint.get("/account/copies/<string:public_id>/file")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def export_copy(public_id: str) -> ResponseReturnValue:
    """Hand the file over; the event is committed before its first byte goes."""
    user = signed_in()
    found = copies.get_copy_for(user, public_id)
    file = copies.file_of(found[0]) if found else None
    response = files.answer_if_there(file, is_inline=False)
    record_export(person_id=user.person_id, what="personal_copy", state=f"copy={public_id}")
    return response
