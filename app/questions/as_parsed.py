"""A version of the bank in the shape that readers of files give: for the linter and for checks."""

from collections.abc import Sequence

from app.questions.kinds import DIFFICULTY_LABELS
from app.questions.models import QuestionVersion
from app.questions.parsing.result import Group, Option, ParsedQuestion


def as_parsed(
    version: QuestionVersion, *, tags: Sequence[str] = (), group: Group | None = None
) -> ParsedQuestion:
    """Give a version as a question that was read; without its pictures."""
    return ParsedQuestion(
        place=version.question_id,
        number=str(version.question_id),
        kind=version.kind,
        stem=version.stem,
        options=tuple(Option(**each) for each in version.options),
        answer=version.key,
        marks=version.marks,
        tags=tuple(tags),
        difficulty=DIFFICULTY_LABELS[version.difficulty] if version.difficulty else "",
        basis=version.basis,
        analysis=version.analysis,
        group=group,
        where=f"题库第{version.question_id}题",
    )
