"""Pages of the exams: for those who sit them, and for those who organise them."""

from flask import Blueprint

blueprint = Blueprint("exams", __name__, url_prefix="/exams")

from app.exams.views import (  # noqa: E402 - they add their routes to it.
    analysis,
    batches,
    call_backs,
    composing,
    corrections,
    doubts,
    excuses,
    live,
    marking,
    marks,
    moves,
    my_exams,
    my_results,
    next_papers,
    notices,
    papers,
    pictures,
    printing,
    report,
    report_lists,
    results,
    rolls,
    running,
    sittings,
)

__all__ = [
    "analysis", "batches", "blueprint", "call_backs", "composing", "corrections", "doubts",
    "excuses", "live", "marking", "marks", "moves", "my_exams", "my_results", "next_papers",
    "notices", "papers", "pictures", "printing", "report", "report_lists", "results", "rolls",
    "running", "sittings",
]  # fmt: skip
