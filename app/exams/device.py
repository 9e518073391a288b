"""The one browser that may answer: a random mark in a cookie, of which the site keeps a hash.

SE6: take-over by a second device happens openly. The mark is no trait of a machine: it says nothing
but that this browser is the one that began.
"""

import re
import secrets
from hashlib import sha256

from flask import current_app, request
from werkzeug.wrappers import Response

from app.exams.models import Sitting

COOKIE = "exam-device"
MARK = re.compile(r"[A-Za-z0-9_-]{32}")
DAYS = 40


def read() -> str:
    """Give the hash of this browser's mark; empty where it has none."""
    mark = request.cookies.get(COOKIE, "")
    return hash_of(mark) if MARK.fullmatch(mark) else ""


def hash_of(mark: str) -> str:
    """Give what the site keeps of a mark."""
    return sha256(mark.encode()).hexdigest()


def is_other(sitting: Sitting) -> bool:
    """Tell whether another browser than this one answers a sitting now."""
    return sitting.device not in {"", read()}


def choose() -> str:
    """Give this browser's mark, or a new one."""
    mark = request.cookies.get(COOKIE, "")
    return mark if MARK.fullmatch(mark) else secrets.token_urlsafe(24)


def keep(response: Response, mark: str) -> Response:
    """Let the browser keep its mark, out of reach of scripts."""
    response.set_cookie(
        COOKIE,
        mark,
        max_age=DAYS * 24 * 3600,
        path="/exams",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        httponly=True,
        samesite="Lax",
    )
    return response
