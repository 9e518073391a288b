"""Reading a text in a test, and looking at what came of it."""

from app.questions.parsing import parse_file
from app.questions.parsing.result import ParseResult


def read(text: str, name: str = "题库.txt", keys: str | None = None) -> ParseResult:
    answers = (keys.encode(), "答案.txt") if keys is not None else None
    return parse_file(text.encode(), name, answers=answers)


def sure(result: ParseResult) -> list[tuple[str, list]]:
    """Give kind and answer of every question that can be taken."""
    return [(each.kind.value, each.answer) for each in result.questions if result.is_sure(each)]


def doubts(result: ParseResult, place: int = 0) -> str:
    return "".join(each.message for each in result.problems_of(result.questions[place]))
