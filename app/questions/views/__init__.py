"""The pages of the room: the bank, one question, sheets of review, files that are read."""

from app.questions.views import bank, exports, import_items, imports, question
from app.questions.views.base import blueprint

__all__ = ["bank", "blueprint", "exports", "import_items", "imports", "question"]
