"""Looks at one line or one question, by which the walk over a file decides."""

from app.questions.parsing.drafts import Draft, SharedStem
from app.questions.parsing.key_parts import is_key_text
from app.questions.parsing.keys import letter_keys, truth_keys
from app.questions.parsing.lines import Begin, ReadLine


def is_full(group: SharedStem, number: int) -> bool:
    """Tell whether a shared stem has all the questions that it says it has."""
    if group.last:
        return number > group.last
    return bool(group.count) and len(group.drafts) == group.count


def looks_asked(line: ReadLine | None) -> bool:
    """Tell whether a line under a heading is a question: a stem leaves room for the answer."""
    if line is None or line.begin not in {Begin.NUMBER, Begin.TEXT}:
        return False
    squeezed = "".join(line.text.split())
    return any(each in squeezed for each in ("()", "（）", "__"))


def is_key_line(line: ReadLine | None) -> bool:
    """Tell whether a line under a heading is nothing but keys."""
    if line is None:
        return False
    if line.begin is Begin.LIST:
        return True
    return line.begin is Begin.NUMBER and is_key_text(line.body)


def is_weak_option(text: str) -> bool:
    """Tell whether only a blank follows the letter, which may be a word."""
    return len(text) > 1 and text[1:2].isspace()


def is_open(draft: Draft) -> bool:
    """Tell whether the key's label stood alone, so that the key is on the next line."""
    return bool(draft.keys) and not draft.keys[-1].text


def has_key(draft: Draft) -> bool:
    """Tell whether a question has a key already, inside its stem too."""
    stem = "".join(draft.stem)
    return bool(draft.keys or letter_keys(stem) or truth_keys(stem))
