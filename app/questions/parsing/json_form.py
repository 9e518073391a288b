"""Questions in the JSON that `questions parse --json` writes, read back and checked."""

import base64
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.kernel.sheets_in import UnreadableFileError
from app.questions.checking import key_faults, number_of
from app.questions.kinds import CHOICES, OPTION_LABELS, QuestionKind
from app.questions.parsing.result import (
    Group,
    Option,
    ParsedQuestion,
    ParseResult,
    Picture,
    Problem,
    Severity,
)

NOT_OURS = '这个 JSON 文件不是题库的格式：应当是 {"questions": [...]}。请用本系统导出的文件。'
BAD_ITEM = "这道题的“{}”一项格式不对，没有采用。请核对文件。"
MOST_QUESTIONS = 50_000


def read_json(text: str) -> ParseResult | None:
    """Give the questions of a JSON text, None for any other; raises UnreadableFileError."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(NOT_OURS) from error
    items = said.get("questions") if isinstance(said, dict) else None
    if not isinstance(items, list) or len(items) > MOST_QUESTIONS:
        raise UnreadableFileError(NOT_OURS)
    questions, problems = [], []
    for place, item in enumerate(items):
        question, doubts = read_question(place, item if isinstance(item, dict) else {})
        questions.append(question)
        problems += [
            Problem(where=question.where, severity=Severity.ERROR, message=each, place=place)
            for each in doubts
        ]
    return ParseResult(questions=tuple(questions), problems=tuple(problems))


def read_question(place: int, item: Mapping[str, Any]) -> tuple[ParsedQuestion, list[str]]:
    """Give one question as the contract writes it, and what is wrong with its form."""
    kind, marks, options = _kind(item.get("kind")), _marks(item.get("marks")), _options(item)
    answer = item.get("answer", [])
    question = ParsedQuestion(
        place=place,
        number=_text(item.get("number")),
        kind=kind,
        stem=_text(item.get("stem")),
        options=options,
        answer=answer if isinstance(answer, list) else [],
        marks=marks,
        tags=tuple(_text(each) for each in item.get("tags") or () if _text(each)),
        difficulty=_text(item.get("difficulty")),
        basis=_text(item.get("basis")) or None,
        analysis=_text(item.get("analysis")),
        group=_group(item.get("group")),
        pictures=_pictures(item.get("pictures")),
        source=json.dumps(item, ensure_ascii=False, indent=1),
        where=f"第{place + 1}题",
    )
    doubts = [BAD_ITEM.format(name) for name, is_bad in _faults(item, question) if is_bad]
    return question, doubts


def _faults(item: Mapping[str, Any], question: ParsedQuestion) -> list[tuple[str, bool]]:
    labels = [each.label for each in question.options]
    return [
        ("kind", question.kind is None),
        ("stem", not question.stem),
        ("marks", item.get("marks") is not None and question.marks is None),
        (
            "options",
            len(labels) != len(item.get("options") or ())
            or _is_odd(labels, question.kind in CHOICES),
        ),
        ("answer", not _is_answer(question)),
        ("group", item.get("group") is not None and question.group is None),
        ("pictures", len(question.pictures) != len(item.get("pictures") or ())),
    ]


def _is_odd(labels: list[str], is_choice: bool) -> bool:  # noqa: FBT001
    return labels != list(OPTION_LABELS[: len(labels)]) or is_choice != bool(labels)


def _is_answer(question: ParsedQuestion) -> bool:
    """Tell whether an answer has the form of its kind, letters in order; an empty one is none."""
    if question.kind is None or any(key_faults(question.kind, question.options, question.answer)):
        return False
    return question.kind not in CHOICES or question.answer == sorted(question.answer)


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _kind(value: object) -> QuestionKind | None:
    return next((each for each in QuestionKind if each.value == value), None)


def _marks(value: object) -> Decimal | None:
    marks = number_of(value)
    return marks if marks is not None and marks >= 0 else None


def _options(item: Mapping[str, Any]) -> tuple[Option, ...]:
    options = item.get("options")
    if not isinstance(options, list):
        return ()
    return tuple(
        Option(label=_text(each.get("label")), text=_text(each.get("text")))
        for each in options
        if isinstance(each, dict) and _text(each.get("label")) and _text(each.get("text"))
    )


def _pictures(value: object) -> tuple[Picture, ...]:
    found = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    pairs = [(_text(each.get("marker")), _bytes(each.get("content"))) for each in found]
    return tuple(Picture(marker=name, content=content) for name, content in pairs if content)


def _bytes(value: object) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except ValueError:
        return b""


def _group(value: object) -> Group | None:
    if not isinstance(value, dict) or not _text(value.get("id")) or not _text(value.get("stem")):
        return None
    return Group(id=_text(value["id"]), stem=_text(value["stem"]))
