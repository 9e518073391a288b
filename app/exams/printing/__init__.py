"""The papers of an exam (printed by app/files/papers.py), each from a frozen snapshot."""

from app.exams.printing.result_sheet import RESULT_SHEET

__all__ = ["KINDS", "RESULT_SHEET"]

KINDS = (RESULT_SHEET,)
