"""我的账号: everybody's own password, sessions and second factor; and the password once more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import (
    Flask,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.accounts import (
    check_pictures,
    devices,
    own_account,
    passwords,
    second_factor,
    sessions,
    views,
)
from app.accounts.browser_session import SESSION_KEY, remember
from app.accounts.forms import FactorForm, NewPasswordForm, ProofForm
from app.accounts.networks import refuse_from_elsewhere
from app.accounts.policy import security_profile
from app.accounts.privacy import photos
from app.accounts.settings import lock_numbers
from app.accounts.sign_in import ForeignNetworkError, SignInRefusedError, prove
from app.accounts.views import BUSY, RETRY_AFTER_SECONDS, blueprint, go_on
from app.kernel import clock, db, errors, guard
from app.kernel.acts import move
from app.kernel.declared import proven, require, wants_json
from app.kernel.forms import PROOF_FIELD, RefusedError, ask_first, posted_fields, text_in
from app.kernel.permissions import Permission, Principal, signed_in

PROOF_LASTS = timedelta(minutes=5)
# What somebody may do before he has set the password or second factor that he must set.
WHILE_HELD = frozenset({"accounts.sign_out", "accounts.confirm_password"})
WRONG_PASSWORD = "密码不正确。连续输错{times}次会锁定{minutes}分钟。"  # noqa: S105 - a message.
REMOVE_QUESTION = "关闭后只凭密码就能登录，没有用完的恢复码同时作废。"
HELD = "请先设置新密码，再继续。已保存的内容不会丢失。"


@dataclass(frozen=True, kw_only=True)
class SessionView:
    """A signed-in browser as a page shows it."""

    handle: str
    device: str
    address: str
    begun_at: datetime
    seen_at: datetime
    is_this: bool


def init(app: Flask) -> None:
    """Wire sign-in, and the three questions that the guard asks before a view."""
    views.init(app)
    check_pictures.init(app)
    app.register_error_handler(ForeignNetworkError, lambda _error: errors.show_error(403))
    guard.add_check(app, refuse_from_elsewhere)
    guard.add_check(app, lead_to_duty)
    guard.add_proof(app, ask_for_proof)


def lead_to_duty(user: Principal) -> ResponseReturnValue | None:
    """Lead whoever must set a password or second factor there, whatever he asked for (AU3)."""
    held_at = user.held_at
    if held_at is None or request.endpoint in {held_at, *WHILE_HELD}:
        return None
    url = url_for(held_at)
    if wants_json(current_app, request.endpoint):
        return jsonify(error="held", message=HELD, url=url), 403
    if request.headers.get("HX-Request") == "true":
        return "", 403, {"HX-Redirect": url}
    return redirect(url, 303)


def is_proven(user: Principal) -> bool:
    """Tell whether the password was typed within the last five minutes."""
    return user.proven_at is not None and clock.now() - user.proven_at < PROOF_LASTS


def ask_for_proof(user: Principal) -> ResponseReturnValue | None:
    """Ask for the password before a dangerous act, unless it was typed lately (AC10).

    What was posted is carried along and posted again together with the password.
    """
    if is_proven(user):
        return None
    if wants_json(current_app, request.endpoint):
        return jsonify(error="proof", message="请刷新页面，重新输入密码。"), 403
    page = url_for("accounts.confirm_password", next=guard.return_path())
    if request.headers.get("HX-Request") == "true":
        return "", 403, {"HX-Redirect": page}
    if request.method != "POST":
        return redirect(page, 303)
    form = ProofForm()
    if PROOF_FIELD not in request.form:
        return show_proof(form)
    return take_proof(user, form)


def take_proof(user: Principal, form: ProofForm) -> ResponseReturnValue | None:
    """Check the password that was typed; None lets the request through."""
    if not form.validate():
        return show_proof(form, status=422)
    try:
        token = prove(
            account_id=user.account_id,
            token=user.session_id,
            password=text_in(form.proof_password),
        )
    except SignInRefusedError:
        form.add_errors({PROOF_FIELD: WRONG_PASSWORD.format(**lock_numbers())})
        return show_proof(form, status=422)
    except passwords.BusyError:
        form.add_errors({"": BUSY})
        return show_proof(form, status=503)
    keep(token)
    return None


def keep(token: str) -> None:
    """Go on with the session's new secret, in this request too."""
    session[SESSION_KEY] = token
    user = sessions.load_principal(token)
    # Flask-Login keeps whom it found for the request, and has no public way to look again.
    current_app.login_manager._update_request_context_with_user(user)  # type: ignore[attr-defined]  # noqa: SLF001


def show_proof(form: ProofForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the page that asks for the password, with what was posted in hidden fields."""
    page = render_template(
        "accounts/confirm_password.html",
        form=form,
        fields=posted_fields(but={"next"} if is_confirm_page() else ()),
        action=request.full_path.rstrip("?"),
        has_next=is_confirm_page(),
    )
    return page, status, {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}  # noqa: PLR2004


def is_confirm_page() -> bool:
    """Tell whether the page stands for itself, and not in the way of an act."""
    return request.endpoint == "accounts.confirm_password"


@blueprint.route("/confirm-password", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_OWN_MANAGE)
def confirm_password() -> ResponseReturnValue:
    """Ask for the password once more, and go on to the page that wanted it."""
    form = ProofForm()
    if request.method != "POST":
        form.next.data = request.args.get("next", "")
        return show_proof(form)
    return take_proof(signed_in(), form) or go_on(text_in(form.next))


@blueprint.get("/account")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def show_own_account() -> ResponseReturnValue:
    """Show my password's age, my signed-in browsers and my second factor."""
    user = signed_in()
    account, profile = own_account.get_own(user), security_profile()
    return render_template(
        "accounts/show_own_account.html",
        account=account,
        due_at=account.password_set_at + profile.renewal if profile.renewal else None,
        sessions=describe_sessions(user.account_id, user.session_id),
        has_factor=second_factor.has_factor(user.account_id),
        recovery_codes=second_factor.count_recovery_codes(user.account_id),
        may_remove_factor=own_account.may_remove_factor(user),
        remove_question=REMOVE_QUESTION,
        photo=photos.get_file(user.person_id),
    )


def describe_sessions(account_id: int, token: str = "") -> list[SessionView]:
    """Give the living sessions of an account; the one with this secret is 本机."""
    this = sessions.hash_token(token)
    return [
        SessionView(
            handle=sessions.handle_of(each),
            device=devices.in_words(each.device),
            address=each.address or "—",
            begun_at=each.created_at,
            seen_at=each.seen_at,
            is_this=each.token_hash == this,
        )
        for each in sessions.list_living(account_id)
    ]


@blueprint.route("/account/password", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_OWN_MANAGE)
def change_password() -> ResponseReturnValue:
    """Choose a new password: of my own accord, after activation, or because it is due."""
    form, user = NewPasswordForm(), signed_in()
    must_prove = own_account.must_prove(user)
    if not must_prove:
        del form.present
    if request.method != "POST":
        return show_new_password(form)
    if not form.validate():
        return show_new_password(form, status=422)
    try:
        if must_prove:
            prove_present(user, form)
        signed = own_account.change_password(user=signed_in(), password=text_in(form.password))
    except (RefusedError, SignInRefusedError) as refused:
        errors = getattr(refused, "errors", {"present": WRONG_PASSWORD.format(**lock_numbers())})
        form.add_errors(errors)
        return show_new_password(form, status=422)
    except passwords.BusyError:
        form.add_errors({"": BUSY})
        return show_new_password(form, status=503)
    remember(signed)
    flash("新密码已设好，别处的登录都已退出。", "success")
    return redirect(url_for("accounts.show_own_account"), 303)


def prove_present(user: Principal, form: NewPasswordForm) -> None:
    """Check the present password; raises SignInRefusedError for a wrong one."""
    token = prove(account_id=user.account_id, token=user.session_id, password=text_in(form.present))
    keep(token)


def show_new_password(form: NewPasswordForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form, with the rules of the profile in force."""
    user, profile = signed_in(), security_profile()
    page = render_template(
        "accounts/change_password.html",
        form=form,
        is_first=not own_account.must_prove(user),
        is_held=user.held_at is not None,
        profile=profile,
    )
    return page, status, {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}  # noqa: PLR2004


@blueprint.post("/account/sessions/end-others")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def end_other_sessions() -> ResponseReturnValue:
    """End my sessions everywhere but here."""
    with db.write():
        count = own_account.end_other_sessions(signed_in())
    flash(f"已退出别处的{count}个登录。", "success")
    return redirect(url_for("accounts.show_own_account"), 303)


@blueprint.post("/account/sessions/<string:handle>/end")
@require(Permission.ACCOUNTS_OWN_MANAGE)
def end_own_session(handle: str) -> ResponseReturnValue:
    """End one of my sessions."""
    user = signed_in()
    found = sessions.find_living(user.account_id, handle)
    if found is None:
        abort(404)
    with db.write():
        own_account.end_session(user=user, token_hash=found.token_hash)
    flash("已退出这个登录。", "success")
    return redirect(url_for("accounts.show_own_account"), 303)


@blueprint.route("/account/second-factor", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_OWN_MANAGE)
@proven
def add_factor() -> ResponseReturnValue:
    """Set up an authenticator: a QR code and the secret to type, confirmed by a first code."""
    form, user = FactorForm(), signed_in()
    if second_factor.has_factor(user.account_id):
        return redirect(url_for("accounts.show_own_account"), 303)
    if request.method != "POST":
        return show_factor(form)
    if not form.validate():
        return show_factor(form, status=422)
    try:
        with db.write():
            codes = second_factor.add_factor(
                account=own_account.get_own(user),
                secret=text_in(form.secret),
                code=text_in(form.code),
            )
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_factor(form, status=422)
    return render_template("accounts/show_recovery_codes.html", codes=codes)


def show_factor(form: FactorForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the secret; after a wrong code the same one."""
    account = own_account.get_own(signed_in())
    offered = second_factor.offer(account.login_name, text_in(form.secret))
    form.secret.data = offered.secret
    page = render_template("accounts/add_factor.html", form=form, factor=offered)
    return page, status


@blueprint.post("/account/second-factor/remove")
@require(Permission.ACCOUNTS_OWN_MANAGE)
@proven
def remove_factor() -> ResponseReturnValue:
    """Sign in by password alone from now on."""
    user, back_url = signed_in(), url_for("accounts.show_own_account")
    if not second_factor.has_factor(user.account_id):
        return redirect(back_url, 303)
    asked = ask_first(
        title="确认关闭动态口令？", question=REMOVE_QUESTION, label="关闭", back_url=back_url
    )
    if asked is not None:
        return asked
    return move(lambda: own_account.remove_factor(user), done="已关闭动态口令。", to=back_url)
