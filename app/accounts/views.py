"""Signing in and out."""

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager
from flask_wtf.csrf import generate_csrf

from app.accounts import hall, passwords, service, sessions
from app.accounts.browser_session import SESSION_KEY, remember
from app.accounts.forms import CodeForm, SignInForm
from app.accounts.sessions import SignedIn
from app.accounts.settings import lock_numbers
from app.accounts.sign_in import (
    CodeRefusedError,
    SecondStepError,
    SignInRefusedError,
    is_challenge,
)
from app.accounts.sign_in import enter_code as finish_sign_in
from app.accounts.sign_in import sign_in as begin_sign_in
from app.kernel import db, declared, htmx
from app.kernel.declared import answers_json, public, require
from app.kernel.forms import text_in
from app.kernel.guard import is_local_path
from app.kernel.permissions import Permission, principal, signed_in

blueprint = Blueprint("accounts", __name__)

RETRY_AFTER_SECONDS = 3
# In the cookie: a right password that still waits for its code.
CHALLENGE_KEY = "challenge"
MAX_CODE = 40
CODE_WANTED = "这个账号开启了动态口令：请再输入手机上的6位数字。"
CODE_REFUSED = (
    "动态口令不对、已经用过，或者登录等得太久了。请等手机上换了数字再输；5分钟内最多输错5次。"
)
REFUSED = (
    "工号或密码不正确，或者账号暂时不能登录。"
    "连续输错{times}次会锁定{minutes}分钟；忘记密码、激活码过期的，请联系系统管理员。"
)
BUSY = "现在登录的人较多，正在排队，请等3秒再点“登录”。"


class Manager(LoginManager):  # type: ignore[misc]
    """Flask-Login without its cookie for weeks, which this site never sets.

    Looking for it on every answer would open the session: public pages would vary by a cookie that
    nobody reads, and no proxy could keep them.
    """

    def _update_remember_cookie(self, response: Response) -> Response:
        """Leave the answer and the session alone."""
        return response


def init(app: Flask) -> None:
    """Let Flask-Login find the principal by the session's secret."""
    manager = Manager()
    # Templates know the principal; a second look at the database would break error pages.
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None
    manager.user_loader(sessions.load_principal)
    app.before_request(touch)


def touch() -> None:
    """Keep the session of whoever passed the guard alive; a page that polls is nobody."""
    if request.endpoint is None or request.endpoint == "site.serve_static":
        return
    if declared.is_polled(current_app, request.endpoint) and htmx.is_fragment_request():
        return
    if declared.is_untraced(current_app, request.endpoint):
        return
    user = principal()
    if user is not None:
        sessions.touch_session(user)


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Sign in with 工号 and password."""
    form = SignInForm()
    if request.method != "POST":
        form.next.data = request.args.get("next", "")
        is_new = not service.is_set_up()
        return redirect(url_for("accounts.set_up"), 303) if is_new else show_sign_in(form)
    if not form.validate():
        return show_sign_in(form, status=422)
    try:
        signed = check_password(form)
    except SecondStepError as step:
        return ask_for_code(step.challenge, text_in(form.next))
    except SignInRefusedError:
        form.add_errors({"": refused_text()})
        return show_sign_in(form, status=422)
    except passwords.BusyError:
        form.add_errors({"": BUSY})
        return show_sign_in(form, status=503)
    remember(signed)
    return go_on(text_in(form.next))


def refused_text() -> str:
    """Say that a sign-in is refused, the same whatever the reason, with the numbers in force."""
    return REFUSED.format(**lock_numbers())


def go_on(target: str) -> ResponseReturnValue:
    """Lead to the page that somebody wanted before he signed in, or to the home page."""
    return redirect(target if is_local_path(target) else url_for("home.show_home"), 303)


def ask_for_code(challenge: str, target: str) -> ResponseReturnValue:
    """Lead to the second step. The cookie holds what stands for the first, and opens nothing."""
    session[CHALLENGE_KEY] = challenge
    wanted = target if is_local_path(target) else None
    return redirect(url_for("accounts.enter_code", next=wanted), 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
def enter_code() -> ResponseReturnValue:
    """Finish signing in by the code of an authenticator, or by a recovery code."""
    challenge = session.get(CHALLENGE_KEY, "")
    if not challenge or not is_challenge(challenge):
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    if request.method != "POST":
        form.next.data = request.args.get("next", "")
        return render_template("accounts/enter_code.html", form=form)
    if not form.validate():
        return render_template("accounts/enter_code.html", form=form), 422
    try:
        signed = finish_sign_in(
            challenge=challenge, code=text_in(form.code), replaces=session.get(SESSION_KEY)
        )
    except CodeRefusedError:
        form.add_errors({"code": CODE_REFUSED})
        return render_template("accounts/enter_code.html", form=form), 422
    remember(signed)
    return go_on(text_in(form.next))


def check_password(form: SignInForm, code: str = "") -> SignedIn:
    """Sign in with what was typed, in place of the session that this browser has."""
    return begin_sign_in(
        login_name=text_in(form.staff_number),
        password=text_in(form.password),
        replaces=session.get(SESSION_KEY),
        code=code,
    )


def show_sign_in(form: SignInForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form; a full queue says when to come back."""
    page = render_template("accounts/sign_in.html", form=form, hall=hall.get_profile())
    return page, status, {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else {}  # noqa: PLR2004


@blueprint.route("/sign-in/again", methods=["GET", "POST"])
@public
@answers_json
def sign_in_again() -> ResponseReturnValue:
    """Let a page whose session has gone ask for the password in place.

    GET gives a token for the POST; the POST gives the token for what the page sends next.
    """
    if request.method != "POST":
        return jsonify(csrf_token=generate_csrf())
    form = SignInForm()
    if not form.validate():
        return jsonify(error="refused", message="请输入密码。"), 422
    try:
        signed = check_password(form, request.form.get("code", "")[:MAX_CODE])
    except (SecondStepError, CodeRefusedError) as step:
        message = CODE_WANTED if isinstance(step, SecondStepError) else CODE_REFUSED
        return jsonify(error="second_factor", message=message), 422
    except SignInRefusedError:
        return jsonify(error="refused", message=refused_text()), 422
    except passwords.BusyError:
        return jsonify(error="busy", message=BUSY), 503, {"Retry-After": str(RETRY_AFTER_SECONDS)}
    remember(signed)
    return jsonify(csrf_token=generate_csrf())


@blueprint.post("/sign-out")
@require(Permission.ACCOUNTS_SESSION_END)
def sign_out() -> ResponseReturnValue:
    """End this session; the browser forgets what it kept, but never unsent answers."""
    user = signed_in()
    with db.write():
        sessions.sign_out(token=user.session_id, person_id=user.person_id)
    session.clear()
    response = make_response(redirect(url_for("accounts.sign_in"), 303))
    # Local storage stays: it may hold answers that could not be sent yet.
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
