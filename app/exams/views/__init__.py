"""Pages of the exams: for those who sit them, and for those who organise them."""

from flask import Blueprint

blueprint = Blueprint("exams", __name__, url_prefix="/exams")

from app.exams.views import composing, marks, moves, papers, pictures, results, sittings  # noqa: E402 - they add their routes to it.

__all__ = ["blueprint", "composing", "marks", "moves", "papers", "pictures", "results", "sittings"]
