"""Pages of the exams: for those who sit them, and for those who organise them."""

from flask import Blueprint

blueprint = Blueprint("exams", __name__, url_prefix="/exams")

from app.exams.views import (  # noqa: E402 - they add their routes to it.
    call_backs,
    live,
    marks,
    moves,
    papers,
    pictures,
    results,
    running,
    sittings,
)

__all__ = [
    "blueprint",
    "call_backs",
    "live",
    "marks",
    "moves",
    "papers",
    "pictures",
    "results",
    "running",
    "sittings",
]
