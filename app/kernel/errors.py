"""Error pages: Chinese, with what to do and a request number, and never a trace, a path or SQL."""

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, abort, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, NotFound

from app.kernel import declared
from app.kernel.gate import GateTimeoutError
from app.kernel.guard import ForeignOriginError

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 3


@dataclass(frozen=True)
class Advice:
    """What an error page says."""

    heading: str
    text: str


class AdvisedNotFound(NotFound):
    """A 404 of which a room knows more than that there is nothing: what to do, and where."""

    def __init__(self, advice: Advice, back_url: str) -> None:
        super().__init__()
        self.advice = advice
        self.back_url = back_url


ADVICE = {
    400: Advice("这次提交没有被接受", "页面打开得太久了。请先复制填写的内容，再刷新后提交。"),
    401: Advice("请先登录", "登录后再打开这一页。"),
    403: Advice("没有权限", "这一页不在你的职责范围内。确有需要的，请联系本部门经办人。"),
    404: Advice("没有找到这一页", "地址可能写错了，或者内容已经撤下。请从首页重新进入。"),
    405: Advice("不能这样打开这一页", "请从首页重新进入，再按页面上的按钮操作。"),
    409: Advice("内容已经变了", "别人刚刚改过，或者已经进入下一步。请刷新后看最新的内容，再决定。"),
    413: Advice("提交的内容太大", "请缩短文字，或者换一个小一些的文件再试。"),
    500: Advice("系统出了差错", "已保存的内容不会丢失。请稍后再试；仍不行的，请把编号告诉管理员。"),
    503: Advice("系统正忙", "请等几秒，再按浏览器的“刷新”重新提交。已保存的内容不会丢失。"),
}  # fmt: skip
ERROR_CODES = {400: "refused", 401: "signed_out", 403: "forbidden", 503: "busy"}


def init(app: Flask) -> None:
    """Number every request and answer every error."""
    app.before_request(number_request)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(ForeignOriginError, show_foreign_origin)
    app.register_error_handler(GateTimeoutError, show_busy)
    app.register_error_handler(IntegrityError, show_conflict)
    app.register_error_handler(Exception, show_unexpected)


def number_request() -> None:
    """Give the request a number that stands in the log and on its error page."""
    g.request_id = secrets.token_hex(6)
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        # No browser sends that, and reading the arguments of such an address would fail anywhere.
        abort(400)


def show_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what Flask or a view refused; redirects pass through."""
    code = error.code or 500
    if code < 400:  # noqa: PLR2004 - a redirect, not an error.
        return error
    if isinstance(error, AdvisedNotFound):
        return show_error(code, advice=error.advice, back_url=error.back_url)
    return show_error(code)


def show_csrf_error(error: CSRFError) -> ResponseReturnValue:
    """Answer a form without a valid token."""
    logger.info("request %s refused: csrf, %s", g.request_id, error.description)
    return show_error(400)


def show_foreign_origin(error: ForeignOriginError) -> ResponseReturnValue:
    """Answer a request that another site sent."""
    del error
    logger.warning("request %s refused: foreign origin", g.request_id)
    return show_error(400)


def show_busy(error: GateTimeoutError) -> ResponseReturnValue:
    """Answer when the database stayed busy."""
    del error
    logger.warning("request %s: the gate timed out", g.request_id)
    return show_error(503)


def show_conflict(error: IntegrityError) -> ResponseReturnValue:
    """Answer when the database refused what somebody else has made impossible in the meantime."""
    logger.warning("request %s refused by the database: %s", g.request_id, error.orig)
    return show_error(409)


def show_unexpected(error: Exception) -> ResponseReturnValue:
    """Answer a fault of the site; the trace goes to the log only."""
    logger.error("request %s failed", g.request_id, exc_info=error)
    return show_error(500)


def show_error(
    code: int, *, advice: Advice | None = None, back_url: str = ""
) -> ResponseReturnValue:
    """Render the page, a fragment for htmx, or JSON for a script."""
    advice = advice or ADVICE.get(code, ADVICE[400 if code < 500 else 500])  # noqa: PLR2004
    number = getattr(g, "request_id", "")
    headers = {"X-Request-ID": number}
    if code == 503:  # noqa: PLR2004
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if declared.wants_json(current_app, request.endpoint):
        body = {"error": ERROR_CODES.get(code, "failed"), "message": advice.text, "request": number}
        return jsonify(body), code, headers
    is_fragment = request.headers.get("HX-Request") == "true"
    name = "errors/_error.html" if is_fragment else "errors/error.html"
    page = render_template(
        name,
        code=code,
        heading=advice.heading,
        advice=advice.text,
        back_url=back_url,
        request_id=number,
    )
    return page, code, headers
