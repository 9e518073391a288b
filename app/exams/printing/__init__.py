"""The papers of an exam (printed by app/files/papers.py), each from a frozen snapshot."""

from app.exams.printing.department import DEPARTMENT_SHEET
from app.exams.printing.evidence_pack import EVIDENCE_PACK
from app.exams.printing.notice import NOTICE
from app.exams.printing.question_paper import ANSWER_SHEET, KEY_PAPER, PAPER_A3, PAPER_A4
from app.exams.printing.result_sheet import RESULT_SHEET

__all__ = [
    "ANSWER_SHEET", "DEPARTMENT_SHEET", "EVIDENCE_PACK", "KEY_PAPER", "KINDS", "NOTICE",
    "PAPER_A3", "PAPER_A4", "RESULT_SHEET",
]  # fmt: skip

KINDS = (
    RESULT_SHEET, DEPARTMENT_SHEET, NOTICE, PAPER_A4, PAPER_A3, ANSWER_SHEET, KEY_PAPER,
    EVIDENCE_PACK,
)  # fmt: skip
