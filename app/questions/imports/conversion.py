"""Questions as they are read and written, and as the bank keeps them: one into the other.

"Export to Excel, Word and JSON that import again equal": nothing is added on the way, and what the
bank cannot keep is said. Pure but for the question of which pictures lie where.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from app.accounts.roster.models import PostGroup
from app.kernel.forms import RefusedError
from app.questions import service
from app.questions.as_parsed import as_parsed
from app.questions.kinds import CHOICES, LETTERS, read_difficulty
from app.questions.models import QuestionCategory, QuestionGroup, QuestionVersion
from app.questions.parsing.result import (
    Group,
    Option,
    ParsedQuestion,
    Picture,
    Problem,
    Severity,
)
from app.questions.service import Content

MARKER = re.compile(r"\[图\d+\]")
NAME_BYTES = 16
UNKNOWN_DIFFICULTY = "难度“{}”不认识，没有采用。请写 易、中、难。"
BROKEN_LETTERS = "选项的字母不是从A起连着的，请对照原文核对选项和答案。"


@dataclass(frozen=True, kw_only=True)
class Audience:
    """For whom the questions of a file are meant."""

    category: QuestionCategory = QuestionCategory.COMMON
    post_group: PostGroup | None = None


EVERYBODY = Audience()


def content_of(
    question: ParsedQuestion,
    *,
    audience: Audience = EVERYBODY,
    group_id: int | None = None,
    pictures: Mapping[str, int] | None = None,
) -> Content:
    """Give a question that was read as the bank takes it; it must have a kind."""
    if question.kind is None:
        raise RefusedError(kind="没有题型，请选择题型。")
    return Content(
        kind=question.kind,
        category=audience.category,
        post_group=audience.post_group,
        difficulty=read_difficulty(question.difficulty),
        stem=question.stem,
        group_id=group_id,
        pictures=dict(pictures or {}),
        options=[each.text for each in question.options],
        key=question.answer,
        marks=question.marks,
        basis=question.basis or "",
        analysis=question.analysis,
    )


def faults_of(question: ParsedQuestion) -> Iterator[Problem]:
    """Say what the bank would not take of a question, or would keep otherwise than it was read."""
    if question.difficulty and read_difficulty(question.difficulty) is None:
        yield problem(question, UNKNOWN_DIFFICULTY.format(question.difficulty), Severity.WARNING)
    if question.kind in CHOICES and not has_own_letters(question):
        yield problem(question, BROKEN_LETTERS)
    try:
        service.check_content(content_of(question))
        service.check_tags(question.tags)
    except RefusedError as refused:
        yield from (problem(question, each) for each in refused.errors.values())


def has_own_letters(question: ParsedQuestion) -> bool:
    """Tell whether the options have the letters that the bank would give them."""
    return LETTERS.startswith("".join(each.label for each in question.options))


def problem(question: ParsedQuestion, message: str, severity: Severity = Severity.ERROR) -> Problem:
    """Give a problem of a question."""
    return Problem(where=question.where, severity=severity, message=message, place=question.place)


def group_name(group: Group) -> str:
    """Give the name by which the questions of a shared stem find each other, short and unique."""
    said = f"{group.id}\0{group.stem}".encode()
    return blake2b(said, digest_size=NAME_BYTES).hexdigest()


def numbered_anew(question: ParsedQuestion) -> ParsedQuestion:
    """Count a question's pictures from 1, whatever number they had in their file.

    Those of a shared stem keep theirs: other questions show the same.
    """
    shared = set(MARKER.findall(question.group.stem)) if question.group else set()
    own = [each.marker for each in question.pictures if each.marker not in shared]
    free = (f"[图{number}]" for number in range(1, len(own) + len(shared) + 1))
    names = dict(zip(own, (each for each in free if each not in shared), strict=False))

    def renamed(text: str) -> str:
        return MARKER.sub(lambda found: names.get(found[0], found[0]), text)

    return replace(
        question,
        stem=renamed(question.stem),
        options=tuple(
            Option(label=each.label, text=renamed(each.text)) for each in question.options
        ),
        pictures=tuple(
            Picture(marker=names.get(each.marker, each.marker), content=each.content)
            for each in question.pictures
        ),
    )


def parsed_of(
    version: QuestionVersion,
    *,
    place: int,
    tags: Collection[str] = (),
    group: QuestionGroup | None = None,
    pictures: Sequence[Picture] = (),
) -> ParsedQuestion:
    """Give a version of the bank as files write it, numbered by its place in the file."""
    return replace(
        as_parsed(version),
        place=place,
        number=str(place + 1),
        tags=tuple(tags),
        group=Group(id=str(group.id), stem=group.stem) if group else None,
        pictures=tuple(pictures),
    )
