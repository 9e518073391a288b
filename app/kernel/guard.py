"""What every request passes before its view: default deny, in one fixed order.

Where from (a foreign site is refused), who (401 or the sign-in page), is it really he (CSRF), must
he do something else first, may he (403), and for dangerous acts his password once more. The order
matters: whoever's session is gone is told so, not that his form was forged.
"""

from collections.abc import Callable, Iterable
from urllib.parse import SplitResult, urlsplit

from flask import Flask, abort, current_app, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from app.kernel import db, declared, permissions, public_forms

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

REFUSALS = "tell-refusals"
# What a form holds beside its file.
BODY_MARGIN = 64 * 1024

csrf = CSRFProtect()

Check = Callable[[permissions.Principal], ResponseReturnValue | None]
# Gives the roles of those in whose place somebody acts today; the room that knows puts it there.
FindStandIns = Callable[[permissions.Principal], Iterable[permissions.Grant]]
STAND_INS = "find-stand-ins"


class ForeignOriginError(Exception):
    """A page of another site sent this request."""


def init(app: Flask) -> None:
    """Put the guard before every request and the check for open writes behind it."""
    app.config.update(
        WTF_CSRF_CHECK_DEFAULT=False, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_SSL_STRICT=False
    )
    csrf.init_app(app)
    app.before_request(check_request)
    app.teardown_request(refuse_open_write)


def check_request() -> ResponseReturnValue | None:
    """Let a request through to its view, or answer it."""
    endpoint = request.endpoint
    if endpoint is None:
        return None
    is_unsafe = request.method not in SAFE_METHODS
    if is_unsafe:
        check_origin()
    permission = declared.permission_of(current_app, endpoint)
    user = permissions.principal() if permission else None
    if permission and user is None:
        return ask_to_sign_in()
    if is_unsafe:
        check_token()
    if user is None or permission is None:
        return None
    answer = ask_rooms("guard-checks", user)
    if answer is not None:
        return answer
    if not may_open(user, endpoint, permission):
        tell_refusal(user, endpoint)
        abort(403)
    is_proof_needed = declared.needs_proof(current_app, endpoint)
    return ask_rooms("proof-checks", user) if is_proof_needed else None


def may_open(
    user: permissions.Principal, endpoint: str, permission: permissions.Permission
) -> bool:
    """Tell whether somebody may open an endpoint: by his own roles, or in another's place."""
    if user.can(permission):
        return True
    if not declared.is_delegable(current_app, endpoint):
        return False
    find: FindStandIns | None = current_app.extensions.get(STAND_INS)
    grants = find(user) if find else ()
    return any(permission in permissions.GRANTS[each.role] for each in grants)


def widen_body(endpoint: str) -> None:
    """Let a declared route take more than the site's limit, from whoever may use it (IN3).

    Before the form is read for its token: what is read by then is too late to be refused.
    """
    most = declared.largest_body(current_app, endpoint)
    permission = declared.permission_of(current_app, endpoint)
    user = permissions.principal() if most else None
    if most and user and permission and may_open(user, endpoint, permission):
        request.max_content_length = most + BODY_MARGIN


def add_check(app: Flask, check: Check) -> None:
    """Let a room answer in place of every view, for whoever must do something else first."""
    app.extensions.setdefault("guard-checks", []).append(check)


def add_proof(app: Flask, check: Check) -> None:
    """Let a room ask for the password again before views declared with `@proven`."""
    app.extensions.setdefault("proof-checks", []).append(check)


def ask_rooms(kind: str, user: permissions.Principal) -> ResponseReturnValue | None:
    """Give the first answer that a room has."""
    checks: list[Check] = current_app.extensions.get(kind, [])
    return next((each for each in (check(user) for check in checks) if each is not None), None)


def on_refusal(app: Flask, tell: Callable[[permissions.Principal, str], None]) -> None:
    """Let a room know of everybody who is refused for want of a permission, and of the endpoint."""
    app.extensions.setdefault(REFUSALS, []).append(tell)


def tell_refusal(user: permissions.Principal, endpoint: str) -> None:
    """Tell whoever wants to know of refusals."""
    for tell in current_app.extensions.get(REFUSALS, []):
        tell(user, endpoint)


def check_token() -> None:
    """Refuse a form without the session's token; raises CSRFError."""
    if request.endpoint is not None:
        widen_body(request.endpoint)
    if None in request.form:
        # A part of a multipart form without a name: no browser sends it.
        abort(400)
    if request.endpoint is not None and declared.has_signed_form(current_app, request.endpoint):
        public_forms.check_token()
        return
    csrf.protect()


def check_origin() -> None:
    """Refuse what a page of another site sends; raises ForeignOriginError."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin")
    is_foreign = bool(origin) and take_apart(origin or "").netloc != request.host
    if site not in {"same-origin", "none"} or is_foreign:
        raise ForeignOriginError


def ask_to_sign_in() -> ResponseReturnValue:
    """Answer a request without a session in the form that its sender can read."""
    if declared.wants_json(current_app, request.endpoint):
        return jsonify(error="signed_out"), 401
    sign_in = url_for(current_app.config["SIGN_IN_ENDPOINT"], next=return_path())
    if request.headers.get("HX-Request") == "true":
        return "", 401, {"HX-Redirect": sign_in}
    return redirect(sign_in, 303)


def return_path() -> str | None:
    """Where to go after sign-in: the page itself, or the page that a fragment belongs to."""
    if request.method in SAFE_METHODS and request.headers.get("HX-Request") != "true":
        return request.full_path.rstrip("?")
    current = take_apart(request.headers.get("HX-Current-URL") or request.referrer or "")
    return current.path if current.netloc == request.host and current.path else None


def take_apart(url: str) -> SplitResult:
    """Take an address apart; a broken one names no host and no path."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def is_local_path(target: str | None) -> bool:
    """Tell whether `next=` names a page of this site and nothing else."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return False
    # Browsers read a backslash as a slash and drop tabs and line ends before they look.
    return target.isprintable() and "\\" not in target and not target.lower().startswith("/%2f")


def refuse_open_write(error: BaseException | None) -> None:
    """Fail loudly when a view left a write open: its answer would promise what is not saved."""
    if error is None and db.is_writing():
        message = "a request ended with an open write"
        raise RuntimeError(message)
