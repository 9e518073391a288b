"""Lists of keys: 1-5：DAABC, 1.A 2.B 3.ABD, and tables of 题号 and 答案."""

import re
from dataclasses import dataclass

from app.questions.parsing.folding import fold

_ONE = r"(?:[A-Ha-h]{1,8}|[A-H](?:[,、][A-H]){1,7}|√|×|正确|错误|对|错|[TFXYNtfxyn])"
_NUMBER = r"\(?\s*(\d{1,4})\s*\)?"
_RANGE = re.compile(r"\(?\s*(\d{1,4})\s*[-~至到]\s*(\d{1,4})\s*\)?\s*题?\s*[.:、)]?\s*")
_SPAN = re.compile(r"第?\(?\s*(\d{1,4})\s*(?:[-~至到]\s*(\d{1,4})\s*)?\)?\s*题?\s*[.、:)]?\s*")
LONGEST = 500
_PAIR = re.compile(
    rf"第?{_NUMBER}\s*题?\s*(?:[.、:)-]|答案)*\s*(\(?\s*{_ONE}\s*\)?)(?![A-Za-z\u4e00-\u9fff])"
)
_PAIRS = re.compile(
    rf"(?:第?\(?\s*\d{{1,4}}\s*\)?\s*题?\s*(?:[.、:)-]|答案){{0,3}}\s*\(?\s*{_ONE}\s*\)?(?:[\s,;、。.]+|$|(?=第?\(?\d)))+"
)
_SPREAD = re.compile(r"[\s,、;/.。]+")
_TOKEN = re.compile(rf"{_ONE}")


@dataclass(frozen=True, kw_only=True)
class ListedKey:
    """A key of a list: the question's number and the text; None where numbers and keys disagree."""

    number: int
    text: str | None


def listed_keys(text: str) -> list[ListedKey]:
    """Read a line that is nothing but a list of keys; [] for any other line."""
    folded = fold(text).strip()
    if _RANGE.search(folded) and _SPAN.match(folded):
        return _ranges(folded)
    if not folded or not _PAIRS.fullmatch(folded):
        return []
    return [
        ListedKey(number=int(found[1]), text=found[2].strip("() "))
        for found in _PAIR.finditer(folded)
    ]


def is_list(text: str) -> bool:
    """Tell whether a line can only be a list: a range, or two numbers at least."""
    keys = listed_keys(text)
    return len(keys) > 1


def _ranges(folded: str) -> list[ListedKey]:
    """Read ranges of numbers, and single numbers between them: 1-5：DAABC 6：B."""
    starts = list(_SPAN.finditer(folded))
    keys: list[ListedKey] = []
    for found, following in zip(starts, [*starts[1:], None], strict=True):
        end = following.start() if following else len(folded)
        first, last = int(found[1]), int(found[2] or found[1])
        if not 0 <= last - first < LONGEST:
            return []
        values = _values(folded[found.end() : end], last - first + 1, is_single=not found[2])
        if not values:
            return []
        keys += [ListedKey(number=first + at, text=value) for at, value in enumerate(values)]
    return keys


def _values(text: str, count: int, *, is_single: bool) -> list[str] | list[None]:
    """Part the keys of a range; as many None as it has numbers where the two disagree."""
    text = text.strip(" ,;、.。")
    tokens = [each for each in _SPREAD.split(text) if each]
    if not tokens or not all(_is_run(each) for each in tokens):
        return []
    if is_single:
        return ["".join(tokens)]
    if len(tokens) == count:
        return tokens
    single = [each for token in tokens for each in _singles(token)]
    if len(single) == count:
        return single
    return [None] * max(count, 0)


def _is_run(token: str) -> bool:
    return bool(re.fullmatch(r"[A-Ha-h]+|[√×]+|[对错]+|(?:正确|错误)+|[TFtf]+|[YN]+", token))


def _singles(token: str) -> list[str]:
    return re.findall("正确|错误|.", token)
