"""Whether a written text is the right one: blanks with their synonyms, and numbers. Pure.

Whoever writes in full width, in capitals, with blanks or a full stop has written the same. Blanks
whose order is free say so in the stem (顺序不限), where files keep it and people read it.
"""

import re
from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction
from unicodedata import normalize

from app.questions.parsing import folding

FREE_ORDER = ("顺序不限", "不分先后", "次序不限")
CLOSING_MARKS = ".,;:!?。、…"
MAX_DIGITS = 200
NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")


def is_free_order(stem: str) -> bool:
    """Tell whether a stem lets its blanks be filled in any order."""
    seen = folding.squeeze(stem)
    return any(words in seen for words in FREE_ORDER)


def fold(text: str) -> str:
    """Give a text as it is compared: one width and case, without blanks and marks at its end."""
    folded = folding.squeeze(normalize("NFKC", folding.tidy(text))).casefold()
    # Where a mark itself is asked for, nothing else is left to compare.
    return folded.rstrip(CLOSING_MARKS) or folded


def count_right_blanks(
    given: Sequence[str], key: Sequence[Sequence[str]], *, is_free_order: bool
) -> int:
    """Count the blanks that are filled in right; `key` has the accepted texts of each."""
    texts = [fold(text) for text in given]
    accepted = [{fold(text) for text in each} for each in key]
    if not is_free_order:
        return sum(
            1 for text, right in zip(texts, accepted, strict=False) if text and text in right
        )
    # The same text fills one blank only, unless the key itself can't do without repeating one.
    is_repeatable = count_matched(set().union(*accepted), accepted) < len(accepted)
    return count_matched(filter_texts(texts, is_repeatable=is_repeatable), accepted)


def filter_texts(texts: Sequence[str], *, is_repeatable: bool) -> list[str]:
    """Give the texts that may each fill a blank."""
    return [each for each in (texts if is_repeatable else dict.fromkeys(texts)) if each]


def count_matched(texts: Collection[str], accepted: Sequence[Collection[str]]) -> int:
    """Give to how many blanks a text of its own can be given: a maximum matching."""
    ordered = list(texts)
    holder: dict[int, int] = {}

    def place(text: int, tried: set[int]) -> bool:
        """Find a blank for a text; who holds it already looks for another."""
        for blank, right in enumerate(accepted):
            if ordered[text] in right and blank not in tried:
                tried.add(blank)
                if blank not in holder or place(holder[blank], tried):
                    holder[blank] = text
                    return True
        return False

    return sum(1 for text in range(len(ordered)) if place(text, set()))


def read_number(text: str) -> Fraction | None:
    """Read a number, exactly: １２, 1,234.5, -3; None for any other text."""
    folded = folding.fold(folding.tidy(text)).strip()
    if len(folded) > MAX_DIGITS or not NUMBER.fullmatch(folded):
        return None
    return Fraction(folded.replace(",", ""))


def exactly(text: str) -> Fraction:
    """Give a number of a key; decimals would round a difference of many places."""
    return Fraction(Decimal(text))


def is_right_number(text: str, *, value: str, tolerance: str) -> bool:
    """Tell whether a text is a number that lies no further from the value than the tolerance."""
    given = read_number(text)
    return given is not None and abs(given - exactly(value)) <= exactly(tolerance)
