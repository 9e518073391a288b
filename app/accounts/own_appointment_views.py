"""What an appointed person does himself: begin with a password of his own, or decline."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import appointments, passwords
from app.accounts.administration import ACCOUNT_KIND_LABELS
from app.accounts.appointment_models import Appointment
from app.accounts.forms import AcceptForm
from app.accounts.policy import security_profile
from app.accounts.views import BUSY, blueprint
from app.kernel import db
from app.kernel.acts import move
from app.kernel.declared import proven, require
from app.kernel.forms import RefusedError, ask_first, text_in
from app.kernel.permissions import Permission, signed_in

DECLINE_QUESTION = "不接受后，这项任命作废，要重新提出。"


@blueprint.route("/account/appointment", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_OWN_MANAGE)
@proven
def accept_appointment() -> ResponseReturnValue:
    """Begin as administrator: set the password of the new account myself."""
    user, form = signed_in(), AcceptForm()
    mine = appointments.find_mine(user.person_id)
    if mine is None or user.is_administrator:
        abort(404)
    if request.method != "POST":
        return show_accept(mine, form)
    if not form.validate():
        return show_accept(mine, form, status=422)
    try:
        appointments.check_password(mine, text_in(form.password))
        password_hash = passwords.hash_password(text_in(form.password))
        with db.write():
            appointments.accept(user=user, password_hash=password_hash)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_accept(mine, form, status=422)
    except passwords.BusyError:
        form.add_errors({"": BUSY})
        return show_accept(mine, form, status=503)
    flash(f"管理员账号已启用：请退出，再用登录名“{mine.login_name}”登录。", "success")
    return redirect(url_for("home.show_home"), 303)


def show_accept(mine: Appointment, form: AcceptForm, *, status: int = 200) -> ResponseReturnValue:
    """Show what I was appointed to, and the form."""
    profile = security_profile()
    page = render_template(
        "accounts/accept_appointment.html",
        appointment=mine,
        kind=ACCOUNT_KIND_LABELS[mine.kind],
        form=form,
        profile=profile,
        question=DECLINE_QUESTION,
    )
    return page, status


@blueprint.post("/account/appointment/decline")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def decline_appointment() -> ResponseReturnValue:
    """Decline what I was appointed to."""
    user = signed_in()
    mine = appointments.find_mine(user.person_id)
    if mine is None or user.is_administrator:
        abort(404)
    asked = ask_first(
        title="不接受这项任命？",
        question=DECLINE_QUESTION,
        label="不接受",
        back_url=url_for("accounts.accept_appointment"),
    )
    if asked is not None:
        return asked
    appointment_id = mine.id
    return move(
        lambda: appointments.withdraw(user=user, appointment_id=appointment_id),
        done="已办理：不接受这项任命。",
        to=url_for("home.show_home"),
    )
