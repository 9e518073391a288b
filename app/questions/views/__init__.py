"""The pages of the room: the bank, one question, sheets of review, files that are read."""

from app.questions.views import (
    bank,
    coverage,
    exports,
    import_items,
    imports,
    question,
    reviews,
)
from app.questions.views.base import blueprint

__all__ = [
    "bank",
    "blueprint",
    "coverage",
    "exports",
    "import_items",
    "imports",
    "question",
    "reviews",
]
