"""Keys as people write them: ABD, A、B、D, （ B ）, √, 对, 正确."""

import re
from dataclasses import dataclass

from app.questions.parsing.folding import fold
from app.questions.parsing.words import FALSE_WORDS, TRUE_WORDS

_LETTERS = re.compile(
    r"(?:选择?|为|是|应选)?\s*\(?\s*([A-Ha-h](?:[\s,、;/.和与及|+&]*[A-Ha-h])*)\s*\)?\s*[。.;,、]*"
)
_TRUTHS = sorted(TRUE_WORDS | FALSE_WORDS, key=len, reverse=True)
_TRUTH = re.compile(
    rf"\(?\s*({'|'.join(map(re.escape, _TRUTHS))})\s*\)?(?:\s*[。.,;:、]\s*|\s+|(?=\()|$)"
)
_BRACKET = re.compile(r"\(([^()]{0,30})\)|_+([^_()]{1,20})_+")
_EMPTY_THEN_KEY = re.compile(r"[(_]\s*[)_]\s*[。.]?\s*([A-H](?:[\s,、]*[A-H])*)\s*$")


@dataclass(frozen=True, kw_only=True)
class StemKey:
    """A key inside a stem: its text, and where it stands between start and end."""

    text: str
    start: int
    end: int


def letters_of(text: str) -> str:
    """Give the letters of a choice's key as they were typed, "" for anything else."""
    found = _LETTERS.fullmatch(fold(text).strip())
    return "".join(re.findall("[A-H]", found[1].upper())) if found else ""


def truth_of(text: str) -> tuple[bool, str] | None:
    """Give the truth that a key says and what is said after it; None where it says none."""
    folded = fold(text).strip()
    found = _TRUTH.match(folded)
    if not found:
        return None
    rest = text.strip()[found.end() :].strip()
    said = found[1] in TRUE_WORDS
    again = _TRUTH.fullmatch(fold(rest)) if rest else None
    if again and (again[1] in TRUE_WORDS) != said:
        return None
    return said, "" if again else rest


def letter_keys(stem: str) -> list[StemKey]:
    """Find letters in brackets or on a line inside a stem."""
    folded = fold(stem)
    keys = []
    for found in _BRACKET.finditer(folded):
        group = 1 if found[1] is not None else 2
        before = folded[found.start() - 1] if found.start() else ""
        if letters_of(found[group]) and not (before.isascii() and before.isalnum()):
            keys.append(StemKey(text=found[group], start=found.start(group), end=found.end(group)))
    if not keys and (late := _EMPTY_THEN_KEY.search(folded)):
        keys.append(StemKey(text=late[1], start=late.start(1), end=late.end(1)))
    return keys


def truth_keys(stem: str) -> list[StemKey]:
    """Find √ × 对 错 in brackets at either end of a stem, and √ or × bare at its end."""
    folded = fold(stem)
    keys = []
    for found in _BRACKET.finditer(folded):
        group = 1 if found[1] is not None else 2
        is_outer = not folded[: found.start()].strip() or not folded[found.end() :].strip(" 。.,;")
        said = found[group].strip()
        if is_outer and said in TRUE_WORDS | FALSE_WORDS:
            keys.append(StemKey(text=said, start=found.start(group), end=found.end(group)))
    bare = re.search(r"[^(\s]\s*([√×])\s*[。.]?\s*$", folded)
    if bare and not keys:
        keys.append(StemKey(text=bare[1], start=bare.start(1), end=bare.end(1)))
    return keys


def without_keys(stem: str, keys: list[StemKey]) -> str:
    """Give the stem with its places left empty: （ B ） becomes （　　）."""
    for key in reversed(keys):
        wide = stem[key.start - 1 : key.start] not in {"(", "_"}
        inside = stem[key.start - 1 : key.start] in {"(", "（", "﹙"}
        blank = ("　　" if wide else "  ") if inside else ""
        stem = stem[: key.start] + blank + stem[key.end :]
    return stem.strip()
