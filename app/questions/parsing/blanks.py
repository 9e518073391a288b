"""Keys of 填空题: one list of accepted texts for each blank, only where the parts are certain."""

import re

from app.questions.parsing.folding import fold

_BLANK = re.compile(r"\(\s*_*\s*\)|\[\s*\]|_+")
_NUMBERED = re.compile(
    r"\(\d{1,2}\)|(?:^|(?<=[\s;,。、]))(?:\d{1,2}[.、)](?!\d)|[①-⑳]|第[一二三四五六七八九十\d]{1,2}空[:、]?)"
)
_CIRCLED = re.compile(r"[①-⑳]")
_SYNONYMS = re.compile(r"\s*(?:/|\||或者?(?=\S))\s*")
_SEPARATORS = (";", "、", ",", "\t", "  ", "\n", " ", "|")


def count_blanks(stem: str) -> int:
    """Count the places of a stem that are to be filled in: ____ and （　　）."""
    return len(_BLANK.findall(fold(stem)))


def blank_spans(stem: str) -> list[tuple[int, int]]:
    """Say where the places of a stem that are to be filled in begin and end."""
    return [found.span() for found in _BLANK.finditer(fold(stem))]


def split_blanks(key: str, blanks: int) -> list[list[str]] | None:
    """Part a key among the blanks; None where it isn't certain which part belongs where."""
    key = key.strip().rstrip("。;；")
    if not key or not blanks:
        return None
    parts = _parts(key, blanks)
    if parts is None or not all(parts):
        return None
    accepted = [_accepted(each) for each in parts]
    return None if any(each is None for each in accepted) else [each or [] for each in accepted]


def _parts(key: str, blanks: int) -> list[str] | None:
    folded = fold(key)
    marks = list(_NUMBERED.finditer(folded)) or list(_CIRCLED.finditer(folded))
    if marks and marks[0].start() == 0 and len(marks) == blanks:
        ends = [each.start() for each in marks[1:]] + [len(key)]
        return [
            key[mark.end() : end].strip(" \t\n　;；,，、")
            for mark, end in zip(marks, ends, strict=True)
        ]
    if blanks == 1:
        has_parts = any(each in folded for each in (";", "、"))
        return None if has_parts else [key]
    return _separated(key, folded, blanks)


def _separated(key: str, folded: str, blanks: int) -> list[str] | None:
    for separator in _SEPARATORS:
        if separator not in folded:
            continue
        parts, start = [], 0
        for piece in folded.split(separator):
            parts.append(key[start : start + len(piece)].strip())
            start += len(piece) + len(separator)
        if separator.isspace():
            parts = [each for each in parts if each]
        # The strongest separator decides: 甲、乙；丙 are two parts and not three.
        return parts if len(parts) == blanks else None
    return None


def _accepted(part: str) -> list[str] | None:
    """Give the texts that one blank accepts; None where a stroke may be part of the text."""
    folded = fold(part)
    if any(each in folded for each in (";", "、")):
        return None
    if re.search(r"\d\s*/\s*\d", folded):
        return None
    texts, start = [], 0
    for found in _SYNONYMS.finditer(folded):
        if found[0].strip() in {"或", "或者"} and len(folded) > 20:  # noqa: PLR2004
            return None
        texts.append(part[start : found.start()].strip())
        start = found.end()
    texts.append(part[start:].strip())
    return texts if all(texts) else None
