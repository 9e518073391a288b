"""The one door to htmx-flask: what its answers may carry, and what the package gets wrong mended.

htmx-flask 0.1.0 refuses valid swaps (`beforebegin`), passes Chinese text into headers where a real
server cuts the connection, and knows no HX-Reselect and no status 286. Views use only this page.
"""

from collections.abc import Mapping
from urllib.parse import quote

from flask import Flask, Response, make_response, request
from htmx_flask import Htmx
from htmx_flask import make_response as package_response

STOP_POLLING = 286
SWAPS = frozenset(
    {
        "innerHTML",
        "outerHTML",
        "textContent",
        "beforebegin",
        "afterbegin",
        "beforeend",
        "afterend",
        "delete",
        "none",
    }
)

_extension = Htmx()


def init(app: Flask) -> None:
    """Give requests their htmx properties."""
    _extension.init_app(app)


def is_fragment_request() -> bool:
    """Tell whether htmx asks for a fragment; a restored history entry wants the whole page."""
    wants = getattr(request, "htmx", None)
    return bool(wants) and not getattr(wants, "history_restore_request", False)


def respond(
    body: str = "",
    *,
    status: int = 200,
    triggers: Mapping[str, object] | None = None,
    push_url: str | None = None,
    reswap: str | None = None,
    retarget: str | None = None,
    reselect: str | None = None,
) -> Response:
    """Answer htmx with a fragment and its headers, all of them plain ASCII.

    `triggers` maps event names to details; Chinese in details is escaped by JSON. Raises
    ValueError for an unknown swap or a selector that is not ASCII.
    """
    response = make_response(
        package_response(
            body,
            push_url=quote_url(push_url) if push_url else None,
            retarget=_ascii(retarget) if retarget else None,
            trigger=dict(triggers) if triggers else None,
        )
    )
    response.status_code = status
    if reswap:
        response.headers["HX-Reswap"] = _swap(reswap)
    if reselect:
        response.headers["HX-Reselect"] = _ascii(reselect)
    return response


def redirect(url: str) -> Response:
    """Send the whole browser window elsewhere; headers of a 3xx never reach htmx."""
    response = make_response("", 204)
    response.headers["HX-Redirect"] = quote_url(url)
    return response


def quote_url(url: str) -> str:
    """Write a URL in ASCII, leaving what is already escaped as it is."""
    return quote(url, safe="/:?#[]@!$&'()*+,;=%-._~")


def _swap(value: str) -> str:
    style = value.split(" ", 1)[0]
    if style not in SWAPS:
        message = f"htmx knows no swap {style!r}"
        raise ValueError(message)
    return _ascii(value)


def _ascii(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        message = f"a header must be printable ASCII: {value!r}"
        raise ValueError(message)
    return value
