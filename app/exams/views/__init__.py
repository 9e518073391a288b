"""Pages of the exams: for those who sit them, and for those who organise them."""

from flask import Blueprint

blueprint = Blueprint("exams", __name__, url_prefix="/exams")

from app.exams.views import marks, moves, papers, pictures, results, sittings  # noqa: E402 - they add their routes to it.

__all__ = ["blueprint", "marks", "moves", "papers", "pictures", "results", "sittings"]
