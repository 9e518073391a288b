"""A whole file into a bank without a page in between: what is sure, the rest is only named."""

from collections.abc import Callable, Mapping, Sequence

from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.questions.imports.conversion import EVERYBODY, problem
from app.questions.imports.examining import Examined, examine, known_in
from app.questions.imports.taking import (
    AT_ONCE,
    Destination,
    Drawn,
    add_picture,
    draw_pictures,
    take,
)
from app.questions.parsing.result import ParsedQuestion, ParseResult, Problem, Severity
from app.questions.word_out import write_docx
from app.questions.writing import write_json, write_xlsx

WRITERS: Mapping[str, Callable[[Sequence[ParsedQuestion]], bytes]] = {
    "xlsx": write_xlsx,
    "docx": write_docx,
    "json": write_json,
}


def take_file(
    result: ParseResult, *, bank: str, user: Principal | None
) -> tuple[list[int], list[Problem], bool]:
    """Take what is sure; gives the new ids, all problems, and whether nothing was left out."""
    examined = examine(result, known_in(bank))
    problems, ready = examined.said, []
    for each in examined.items:
        if each.is_sure:
            try:
                ready.append((each, draw_pictures(each.question)))
            except RefusedError as refused:
                problems.append(problem(each.question, str(refused)))
    to = Destination(bank=bank, audience=EVERYBODY, user=user)
    taken: list[int] = []
    groups: dict[str, int] = {}
    for start in range(0, len(ready), AT_ONCE):
        with db.write():
            taken += [take_one(*each, to, groups) for each in ready[start : start + AT_ONCE]]
    is_whole = all(each.severity is not Severity.ERROR for each in problems)
    return taken, problems, is_whole


def take_one(
    item: Examined, pictures: Sequence[Drawn], to: Destination, groups: dict[str, int]
) -> int:
    """Take one question with its pictures, in the open write."""
    ids = {each.marker: add_picture(each) for each in pictures}
    return take(item.question, to=to, groups=groups, pictures=ids)
