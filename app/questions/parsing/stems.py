"""What a stem carries beside its text: the kind, the marks, and a key in brackets."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from app.questions.parsing.drafts import Draft
from app.questions.parsing.folding import fold
from app.questions.parsing.keys import (
    StemKey,
    letter_keys,
    letters_of,
    truth_keys,
    without_keys,
)
from app.questions.parsing.lines import tag_of
from app.questions.parsing.words import CHOICES, HEADING_BY_WORD, Heading, alternatives

_MARKS = r"[(\[]\s*(?:本题|本小题|共|每题)?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分\s*[)\]]"
_MARKS_BEFORE = re.compile(rf"\s*{_MARKS}\s*[.、:]?")
_MARKS_BEHIND = re.compile(rf"\s*{_MARKS}\s*[。.]?\s*$")
_TAG_BEHIND = re.compile(rf"\s*[(\[]\s*({alternatives(HEADING_BY_WORD)})\s*[)\]]\s*[。.]?\s*$")
_EMPTY = re.compile(r"\(\s*\)")
SEVERAL_KEYS = "题干里不止一处括号写着字母，分不清哪一处是答案。请改成“答案：”一行。"


@dataclass(kw_only=True)
class Stem:
    """A stem without what isn't its text."""

    text: str
    heading: Heading | None = None
    marks: Decimal | None = None
    keys: list[str] = field(default_factory=list)
    doubt: str = ""


def read_stem(draft: Draft) -> Stem:
    """Take kind, marks and key off the stem of a question."""
    stem = Stem(text="\n".join(draft.stem).strip())
    for _ in range(2):
        _take_before(stem)
        _take_behind(stem)
    _take_keys(stem, draft)
    return stem


def _take_before(stem: Stem) -> None:
    if (tag := tag_of(stem.text)) and stem.text[tag.end :].strip():
        stem.heading, stem.text = tag.heading, stem.text[tag.end :].strip()
    if (found := _MARKS_BEFORE.match(fold(stem.text))) and stem.text[found.end() :].strip():
        stem.marks, stem.text = Decimal(found[1]), stem.text[found.end() :].strip()


def _take_behind(stem: Stem) -> None:
    tail = max(0, len(stem.text) - 40)
    folded = fold(stem.text[tail:])
    if found := _MARKS_BEHIND.search(folded):
        stem.marks, stem.text = Decimal(found[1]), stem.text[: tail + found.start()].strip()
    elif found := _TAG_BEHIND.search(folded):
        stem.heading, stem.text = HEADING_BY_WORD[found[1]], stem.text[: tail + found.start()]


def _take_keys(stem: Stem, draft: Draft) -> None:
    keys = _keys_of(stem, draft)
    if not keys:
        return
    empty = bool(_EMPTY.search(fold(without_keys_marked(stem.text, keys))))
    said = {letters_of(each.text) or each.text for each in keys}
    if len(said) > 1 or len(keys) > 1 or (empty and _is_inside(stem.text, keys)):
        stem.doubt = SEVERAL_KEYS
    stem.keys = [each.text for each in keys]
    stem.text = without_keys(stem.text, keys)


def without_keys_marked(text: str, keys: list[StemKey]) -> str:
    """Give the text with its keys made unlike an empty place."""
    for key in keys:
        text = text[: key.start] + "答" * (key.end - key.start) + text[key.end :]
    return text


def _is_inside(stem: str, keys: list[StemKey]) -> bool:
    """Tell whether letters stand in brackets, beside which an empty one is odd."""
    return all(letters_of(each.text) and stem[each.start - 1] in "(（_" for each in keys)


def _keys_of(stem: Stem, draft: Draft) -> list[StemKey]:
    wanted = stem.heading or draft.wanted
    if draft.options or wanted in CHOICES:
        return letter_keys(stem.text)
    if wanted in {None, Heading.TRUE_FALSE, Heading.CASE}:
        return truth_keys(stem.text)
    return []
