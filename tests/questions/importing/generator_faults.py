"""The faults that halls' files have, put into sound questions one at a time."""

from dataclasses import replace

from app.questions.kinds import QuestionKind
from tests.questions.importing.expectations import Expected
from tests.questions.importing.generator_rows import Drawn, Section

STRAY = "会议室投影仪请提前两天预约。"


def draw_fault(rng, section: Section, number: int) -> str:
    """Draw one of the faults that a question of this layout can have."""
    faults = ["no key"]
    is_choice = section.kind in {QuestionKind.SINGLE, QuestionKind.MULTIPLE}
    if is_choice and section.key_place != "ranges":
        faults.append("key beyond options")
    if section.kind is QuestionKind.SINGLE and section.key_place != "ranges":
        faults.append("single with two letters")
    if is_choice and section.key_place == "bracket":
        faults.append("two keys that disagree")
    if is_choice:
        faults.append("missing option")
    if is_choice and section.key_place == "line":
        faults += ["stray text", *(["duplicate number", "swallowed line"] if number > 1 else [])]
    return rng.choice(faults)


def damage(rng, section: Section, drawn: list[Drawn]) -> list[Drawn]:
    """Put each fault in; a fault of two questions also makes its neighbours doubtful."""
    damaged = [damage_one(section, each) for each in drawn]
    for at, each in enumerate(drawn):
        if each.fault == "no key" and section.key_place == "ranges":
            spoil_range(damaged, at)
        if each.fault in {"duplicate number", "swallowed line"}:
            spoil_neighbours(damaged, at)
    return damaged


def damage_one(section: Section, drawn: Drawn) -> Drawn:
    """Write one question wrongly, and say that a person must look at it."""
    expected = drawn.expected
    if not drawn.fault:
        return drawn
    if drawn.fault == "stray text":
        # Behind a line of 解析 or 依据 it would be nothing but that line running on.
        expected = replace(expected, analysis="", basis=None)
    may_mend = drawn.fault in {"swallowed line", "stray text"}
    drawn = replace(drawn, expected=replace(expected, doubt=drawn.fault, may_mend=may_mend))
    changes = {
        "no key": {"key": []},
        "key beyond options": {"key": ["G"] if section.kind is QuestionKind.SINGLE else ["A", "G"]},
        "single with two letters": {"key": ["A", "C"]},
        "two keys that disagree": {"second_key": other_key(expected)},
        "missing option": {"lost_option": "B"},
        "duplicate number": {"written_number": drawn.written_number - 1},
        "swallowed line": {"is_swallowed": True},
        "stray text": {"stray": STRAY},
    }
    return replace(drawn, **changes[drawn.fault])


def other_key(expected: Expected) -> str:
    """Give a key that is not the right one; "" for a question without options."""
    answer = [str(each) for each in expected.answer]
    letters = [label for label, _ in expected.options]
    rest = [letter for letter in letters if letter not in answer]
    return "".join(sorted([*answer[1:], rest[0]])) if rest else "".join(answer[:-1])


def spoil_range(damaged: list[Drawn], at: int) -> None:
    """A range with a letter too few tells none of its keys."""
    for near in range(at - at % 5, at - at % 5 + 5):
        damaged[near] = doubted(damaged[near], "a key list with a gap", may_mend=False)


def spoil_neighbours(damaged: list[Drawn], at: int) -> None:
    """The question before, and the one behind, may be doubted: their numbers don't follow."""
    for near in (at - 1, at + 1):
        if 0 <= near < len(damaged) and not damaged[near].expected.doubt:
            damaged[near] = doubted(damaged[near], "a neighbour of a fault", may_mend=True)
    if at and damaged[at].is_swallowed:
        damaged[at - 1] = replace(damaged[at - 1], precedes_swallowed=True, stray="")


def doubted(drawn: Drawn, doubt: str, *, may_mend: bool) -> Drawn:
    return replace(drawn, expected=replace(drawn.expected, doubt=doubt, may_mend=may_mend))
