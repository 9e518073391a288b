"""Questions as files for people and other systems: Excel, JSON. What is written here reads back.

The Excel file has the columns of our own template, so that an export is also the best example of
how to fill it in. JSON is the contract of `questions parse`.
"""

import base64
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.kernel.spreadsheets import MEDIA_TYPE as XLSX
from app.kernel.spreadsheets import write_table
from app.questions.key_text import write_key
from app.questions.kinds import OPTION_LABELS, QUESTION_KIND_LABELS
from app.questions.parsing.result import ParsedQuestion, Problem

TITLE = "题库"
MEDIA_TYPES = {
    "xlsx": XLSX,
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "doc": "application/msword",
}
BETWEEN_TAGS = "、"
HEADER = (
    "题号", "题型", "题目", *(f"选项{letter}" for letter in OPTION_LABELS), "答案", "分值", "难度",
    "知识点", "依据", "解析", "共用题干",
)  # fmt: skip


def write_json(questions: Sequence[ParsedQuestion], problems: Sequence[Problem] = ()) -> bytes:
    """Write the contract's document."""
    document = {
        "questions": [plain(each) for each in questions],
        "problems": [plain_problem(each) for each in problems],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def plain_problem(problem: Problem) -> dict[str, str]:
    """Give a problem as the contract writes it."""
    return {
        "where": problem.where,
        "severity": problem.severity.value,
        "message": problem.message,
    }


def plain(question: ParsedQuestion) -> dict[str, Any]:
    """Give a question as the contract writes it; difficulty and pictures only where it has some."""
    group = question.group
    found: dict[str, Any] = {
        "number": question.number,
        "kind": question.kind.value if question.kind else None,
        "stem": question.stem,
        "options": [{"label": each.label, "text": each.text} for each in question.options],
        "answer": question.answer,
        "marks": None if question.marks is None else f"{question.marks:.2f}",
        "tags": list(question.tags),
        "basis": question.basis,
        "analysis": question.analysis,
        "group": {"id": group.id, "stem": group.stem} if group else None,
    }
    if question.difficulty:
        found["difficulty"] = question.difficulty
    if question.pictures:
        found["pictures"] = [
            {"marker": each.marker, "content": base64.b64encode(each.content).decode()}
            for each in question.pictures
        ]
    return found


def write_xlsx(questions: Sequence[ParsedQuestion]) -> bytes:
    """Write one sheet, a question to a row."""
    return write_table(TITLE, HEADER, [row_of(each) for each in questions])


def row_of(question: ParsedQuestion) -> list[str]:
    """Give a question's cells, all of them text."""
    options = {each.label: each.text for each in question.options}
    return [
        question.number,
        QUESTION_KIND_LABELS[question.kind] if question.kind else "",
        question.stem,
        *(options.get(letter, "") for letter in OPTION_LABELS),
        write_key(question.kind, question.answer),
        marks_text(question.marks),
        question.difficulty,
        BETWEEN_TAGS.join(question.tags),
        question.basis or "",
        question.analysis,
        question.group.stem if question.group else "",
    ]


def marks_text(marks: Decimal | None) -> str:
    """Give marks without idle zeros."""
    return "" if marks is None else f"{marks:.2f}".rstrip("0").rstrip(".")
