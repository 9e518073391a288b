"""Options: A. A、 A． (A) 【A】 a) one to a line, several on a line, behind the stem."""

import re
from dataclasses import dataclass

from app.questions.parsing.folding import fold

_MARK = re.compile(
    r"(?P<bracket>[(\[]\s*(?:选项)?\s*([A-Ha-h])\s*[)\]]\s*[.、:]?)"
    r"|(?P<said>选项\s*([A-Ha-h])\s*[.、:)]?)"
    r"|(?P<marked>(?<![A-Za-z0-9_])([A-Ha-h])\s*[.、:)·,]+)"
    r"|(?P<spaced>(?<![A-Za-z0-9_])([A-Ha-h])(?=[\s]))"
)
_NAKED = re.compile(r"\s*([A-H])(?=[\u4e00-\u9fff《“\"])")


@dataclass(frozen=True, kw_only=True)
class OptionMark:
    """A letter that may begin an option, from `start` to `end` of its line."""

    label: str
    start: int
    end: int
    style: str
    is_upper: bool


@dataclass(frozen=True, kw_only=True)
class OptionPart:
    """One option as it was typed."""

    label: str
    text: str


def marks_in(folded: str) -> list[OptionMark]:
    """Find every letter of a folded line that may begin an option."""
    marks = []
    for found in _MARK.finditer(folded):
        letter = next(each for each in found.groups()[1::2] if each)
        style = found.lastgroup or ""
        kind = folded[found.end() - 1] if style == "marked" else style
        marks.append(
            OptionMark(
                label=letter.upper(),
                start=found.start(),
                end=found.end(),
                style=kind,
                is_upper=letter.isupper(),
            )
        )
    return marks


def first_label(text: str) -> str:
    """Give the letter of the option with which a line begins, "" where it begins with none."""
    folded = fold(text)
    found = _MARK.match(folded, len(folded) - len(folded.lstrip()))
    if not found:
        return ""
    return next(each for each in found.groups()[1::2] if each).upper()


def naked_label(text: str) -> str:
    """Give the letter that stands before a Chinese text without any mark between: A政务公开."""
    found = _NAKED.match(fold(text))
    return found[1] if found else ""


def split_options(text: str, following: str = "") -> list[OptionPart]:
    """Part a line that begins with an option; `following` is the next line's first letter."""
    folded = fold(text)
    marks = marks_in(folded)
    if not marks or folded[: marks[0].start].strip():
        return [OptionPart(label=naked_label(text), text=text.strip()[1:].strip())]
    return _parts(text, _chain(folded, marks, following))


def split_stem(text: str, following: str = "") -> tuple[str, list[OptionPart]]:
    """Part a stem from options on the same line; two at least, beginning with A."""
    folded = fold(text)
    marks = marks_in(folded)
    for place, mark in enumerate(marks):
        if mark.label != "A" or following == "A" or not _begins_chain(folded, mark):
            continue
        chain = _chain(folded, marks[place:], following)
        if len(chain) > 1 and all(each.text for each in _parts(text, chain)):
            return text[: mark.start].rstrip(), _parts(text, chain)
    return text, []


def _begins_chain(folded: str, mark: OptionMark) -> bool:
    before = folded[: mark.start]
    if not before.strip():
        return False
    if mark.style == "spaced":
        return before[-1] == "\t" or before.endswith("  ")
    return before[-1].isspace() or before[-1] in ")。?:_!;]："


def _chain(folded: str, marks: list[OptionMark], following: str) -> list[OptionMark]:
    """Take the letters that follow each other from the first mark on."""
    chain = [marks[0]]
    for mark in marks[1:]:
        last = chain[-1]
        if ord(mark.label) != ord(last.label) + 1 or mark.label == following:
            continue
        if mark.is_upper == last.is_upper and _parts_from(folded, last, mark):
            chain.append(mark)
    return chain


def _parts_from(folded: str, last: OptionMark, mark: OptionMark) -> bool:
    """Tell whether a letter begins the next option and isn't a word of the last one."""
    between = folded[last.end : mark.start]
    if not between.strip():
        return False
    if mark.style == "spaced":
        return last.style == "spaced" and between[-1].isspace()
    if between[-1].isspace():
        return True
    return mark.style == last.style and between[-1] not in "选和或与及、/项"


def _parts(text: str, chain: list[OptionMark]) -> list[OptionPart]:
    ends = [each.start for each in chain[1:]] + [len(text)]
    texts = [text[mark.end : end].strip() for mark, end in zip(chain, ends, strict=True)]
    if len(texts) > 1 and all(each.endswith((";", "；")) for each in texts[:-1]):
        # They part the options of a line and belong to none of them.
        texts = [each.rstrip(";；").rstrip() for each in texts]
    return [
        OptionPart(label=mark.label, text=each) for mark, each in zip(chain, texts, strict=True)
    ]
