"""The entrance of the demonstration: enter as any role, without a password.

Registered only where CLEAN_WINDOW_DEMO=1. It answers only on the machine itself, unless the
demonstration was told to listen to others.
"""

from ipaddress import ip_address

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import demo as accounts_demo
from app.accounts import service as accounts
from app.accounts.browser_session import remember
from app.accounts.sessions import SignedIn, begin_session
from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams import demo as exams_demo
from app.kernel import clock, db
from app.kernel.config import Config
from app.kernel.declared import public
from app.kernel.forms import RefusedError
from app.kernel.permissions import ROLE_LABELS

blueprint = Blueprint("entrance", __name__, url_prefix="/demo")


@blueprint.before_request
def refuse_others() -> None:
    """Let nobody in from outside, unless the demonstration listens to the network on purpose."""
    config: Config = current_app.config["SITE"]
    address = request.remote_addr
    is_here = address is None or ip_address(address).is_loopback
    if not is_here and not config.is_demo_open:
        abort(404)


@blueprint.get("/")
@public
def show_entrance() -> ResponseReturnValue:
    """Show who one can be."""
    people = [
        {
            "staff_number": member.enters_as,
            "name": member.name,
            "department": member.department,
            "role": "、".join(ROLE_LABELS[role] for role in member.duties),
            "says": member.says,
        }
        for member in accounts_demo.CAST
    ]
    return render_template(
        "home/show_entrance.html",
        people=people,
        password=accounts_demo.PASSWORD,
        hall_name=accounts.hall_name(),
    )


@blueprint.post("/enter")
@public
def enter_as() -> ResponseReturnValue:
    """Begin a session as one of the cast."""
    signed = enter(request.form.get("staff_number", ""))
    remember(signed)
    return redirect(url_for("home.show_home"), 303)


@blueprint.post("/try-exam")
@public
def try_exam() -> ResponseReturnValue:
    """Make a five-question exam for one person, enter as him and lead him to its notice."""
    member = accounts_demo.CAST[0]
    signed = enter(member.staff_number)
    try:
        exam_id = exams_demo.make_trial(staff_number=member.staff_number, now=clock.now())
    except RefusedError as refused:
        flash(str(refused), "error")
        return redirect(url_for("entrance.show_entrance"), 303)
    remember(signed)
    return redirect(url_for("exams.show_notice", exam_id=exam_id), 303)


def enter(staff_number: str) -> SignedIn:
    """Begin a session for a member of the cast; nobody else can be entered as."""
    if staff_number not in {member.enters_as for member in accounts_demo.CAST}:
        abort(404)
    account = accounts.find_account(accounts.normalise(staff_number))
    if account is None:
        abort(404)
    with db.write():
        append(AuditEvent.ACCOUNTS_DEMO_ENTERED, person_id=account.person_id)
        return begin_session(account)
