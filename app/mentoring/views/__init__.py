"""Pages of 师徒结对: lists, proposing, a pair with its plan, moves, monthly records, papers."""

from flask import Blueprint

blueprint = Blueprint("mentoring", __name__, url_prefix="/mentoring")

from app.mentoring.views import (  # noqa: E402 - they add their routes to it.
    items,
    moves,
    pairs,
    papers,
    proposing,
    records,
    sheets,
)

__all__ = ["blueprint", "items", "moves", "pairs", "papers", "proposing", "records", "sheets"]
