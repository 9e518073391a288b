"""The pages of the room: the bank, one question, sheets of review, files that are read."""

from app.questions.imports import models  # noqa: F401 - its tables are known from here on.
from app.questions.views import bank, coverage, question, reviews
from app.questions.views.base import blueprint

__all__ = ["bank", "blueprint", "coverage", "question", "reviews"]
