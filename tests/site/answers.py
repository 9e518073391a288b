"""The headers of every answer, to the letter: what stands in app/kernel/headers.py, once more."""

from typing import Any

SITE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": SITE,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
# What else may stand on an answer, beside what says what it is and how long.
OTHERS = {
    "Cache-Control", "Vary", "Content-Type", "Content-Length", "Content-Disposition",
    "Content-Encoding", "Location", "Set-Cookie", "HX-Redirect", "X-Request-ID", "Allow",
    "Retry-After", "Clear-Site-Data",
}  # fmt: skip
FOREVER = "public, max-age=31536000, immutable"
# The only answers that a browser keeps.
KEPT = "site.serve_static"


def check_headers(
    answer: Any,
    *,
    policy: str = SITE,
    is_kept: bool = False,
    has_tls: bool = False,
) -> None:
    """Compare the headers of one answer, and find none that nobody has thought of."""
    wanted = {**ALWAYS, "Content-Security-Policy": policy}
    if has_tls:
        wanted["Strict-Transport-Security"] = "max-age=31536000"
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert set(answer.headers.keys()) - OTHERS == set(wanted)
    assert all(len(answer.headers.getlist(name)) == 1 for name in wanted)
    if is_kept:
        assert answer.headers["Cache-Control"] == FOREVER
    else:
        assert answer.headers["Cache-Control"] == "no-store"
        assert "HX-Request" in answer.headers["Vary"].split(", ")
