"""A question that was read as its card shows it: beside its source, what is doubtful on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.questions.imports.conversion import has_own_letters
from app.questions.imports.models import IMPORT_ITEM_LABELS, ImportItemState, QuestionImportItem
from app.questions.imports.service import parsed_in
from app.questions.key_text import write_key
from app.questions.kinds import CHOICES, QUESTION_KIND_LABELS, read_difficulty
from app.questions.parsing.result import Option, ParsedQuestion
from app.questions.writing import marks_text

SEVERITIES = {"error": "要核对", "warning": "请留意"}
TAGS = {
    ImportItemState.SURE: "blue",
    ImportItemState.DOUBTFUL: "amber",
    ImportItemState.TAKEN: "green",
    ImportItemState.DROPPED: "",
}


@dataclass(frozen=True, kw_only=True)
class ItemCard:
    """One question of a file."""

    place: int
    where: str
    source: str
    state: str
    kind_of_state: str
    problems: Sequence[tuple[str, str]]
    shared_stem: str
    stem: str
    options: Sequence[Option]
    key: Sequence[str]
    facts: Sequence[tuple[str, str]]
    pictures: Sequence[tuple[str, int]]
    question_id: int | None
    can_take: bool
    can_mend: bool
    can_restore: bool


def card_of(item: QuestionImportItem, pictures: dict[str, int]) -> ItemCard:
    """Give the card of a question."""
    question = parsed_in(item)
    is_open = item.state in {ImportItemState.SURE, ImportItemState.DOUBTFUL}
    return ItemCard(
        place=item.place,
        where=item.where,
        source=item.source,
        state=IMPORT_ITEM_LABELS[item.state],
        kind_of_state=TAGS[item.state],
        problems=[(SEVERITIES[each["severity"]], each["message"]) for each in item.problems],
        shared_stem=question.group.stem if question.group else "",
        stem=question.stem,
        options=question.options,
        key=[each for each in question.answer if isinstance(each, str)],
        facts=facts_of(question),
        pictures=sorted(pictures.items()),
        question_id=item.question_id,
        can_take=item.state is ImportItemState.SURE,
        can_mend=is_open,
        can_restore=item.state is ImportItemState.DROPPED,
    )


def facts_of(question: ParsedQuestion) -> list[tuple[str, str]]:
    """Give what stands below the stem, each with its label; what must be there says if not."""
    marks = marks_text(question.marks)
    facts = (
        ("题型", QUESTION_KIND_LABELS[question.kind] if question.kind else "没有读到"),
        ("答案", key_text(question) or "没有读到"),
        ("分值", f"{marks}分" if marks else "由试卷定"),
        ("难度", question.difficulty),
        ("知识点", "、".join(question.tags)),
        ("依据", question.basis or "没有写"),
        ("解析", question.analysis),
    )
    return [(label, text) for label, text in facts if text]


def key_text(question: ParsedQuestion) -> str:
    """Write the key that was read; one that fits no kind is written as it stands."""
    try:
        return write_key(question.kind, question.answer)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        return "；".join(str(each) for each in question.answer)


def form_values(question: ParsedQuestion) -> dict[str, str | Decimal | None]:
    """Give what the form of a question is filled in with; the kind stays open where it is.

    So does a key of letters where one is missing: the form counts them anew, and B would be C.
    """
    is_choice = question.kind in CHOICES or question.kind is None
    difficulty = read_difficulty(question.difficulty)
    return {
        "kind": question.kind.value if question.kind else None,
        "stem": question.stem,
        "options": "\n".join(one_line(each.text) for each in question.options) if is_choice else "",
        "key": key_text(question) if has_own_letters(question) else "",
        "marks": question.marks,
        "difficulty": difficulty.value if difficulty else "",
        "tags": "、".join(question.tags),
        "basis": question.basis or "",
        "analysis": question.analysis,
    }


def one_line(text: str) -> str:
    """Give an option as the form takes it: one line each."""
    return " ".join(text.split("\n"))
