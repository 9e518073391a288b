"""A version of the bank in the shape that readers of files give: for checks, and for files."""

from app.questions.kinds import DIFFICULTY_LABELS, QuestionKind
from app.questions.models import QuestionVersion
from app.questions.parsing.result import Option, ParsedQuestion


def as_parsed(version: QuestionVersion) -> ParsedQuestion:
    """Give a version as a question that was read; without tags, shared stem and pictures.

    对 and 错 are no options that a file would write.
    """
    has_letters = version.kind is not QuestionKind.TRUE_FALSE
    return ParsedQuestion(
        place=version.question_id,
        number=str(version.question_id),
        kind=version.kind,
        stem=version.stem,
        options=tuple(Option(**each) for each in version.options) if has_letters else (),
        answer=list(version.key),
        marks=version.marks,
        difficulty=DIFFICULTY_LABELS[version.difficulty] if version.difficulty else "",
        basis=version.basis or None,
        analysis=version.analysis,
        where=f"题库第{version.question_id}题",
    )
