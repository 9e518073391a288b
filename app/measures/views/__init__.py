"""The pages of 任务分解: the board, one row, readings, plans and their tables."""

from flask import Blueprint

blueprint = Blueprint("measures", __name__, url_prefix="/measures")

from app.measures.views import board, plans, readings, tasks  # noqa: E402 - they add to it.

__all__ = ["blueprint", "board", "plans", "readings", "tasks"]
