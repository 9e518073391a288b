"""What a line is numbered with: 1. 1、 （1） 1) ① 一、 （一） 第1题."""

import re
from dataclasses import dataclass
from enum import IntEnum

_CHINESE_DIGITS = {word: value for value, word in enumerate("〇一二三四五六七八九")}
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_HUNDREDS = re.compile(r"([一二三四五六七八九])百零?(.*)")


class Family(IntEnum):
    """A way of numbering; a larger one usually stands inside a smaller one."""

    CHINESE = 0
    CHINESE_BRACKET = 1
    DIGIT = 2
    BRACKET = 3
    HALF = 4
    CIRCLED = 5


@dataclass(frozen=True, kw_only=True)
class NumberMark:
    """A number at the beginning of a line; the line's own text begins at `end`.

    A weak one may as well be a quantity, such as 3.5 or 20 件.
    """

    family: Family
    value: int
    end: int
    is_weak: bool = False


_CHINESE = "[一二三四五六七八九十百]{1,5}"
_PATTERNS: tuple[tuple[Family, re.Pattern[str]], ...] = (
    (Family.DIGIT, re.compile(r"\s*[第题]\s*(\d{1,4})\s*[题道]?\s*[.、:)\]]?")),
    (Family.DIGIT, re.compile(rf"\s*第\s*({_CHINESE})\s*题\s*[.、:)]?")),
    (Family.DIGIT, re.compile(r"\s*\[\s*第?(\d{1,4})题?\s*\]")),
    (Family.DIGIT, re.compile(r"\s*(\d{1,4})\s*(?:、|[.:](?!\d)|\.、|,(?!\d)|\t)[.、:]?")),
    (Family.BRACKET, re.compile(r"\s*\(\s*(\d{1,4})\s*\)[.、:]?")),
    (Family.HALF, re.compile(r"\s*(\d{1,4})\s*\)[.、:]?")),
    (Family.CHINESE, re.compile(rf"\s*({_CHINESE})\s*[、.:,]")),
    (Family.CHINESE_BRACKET, re.compile(rf"\s*\(\s*({_CHINESE})\s*\)[.、:]?")),
)
_WEAK = re.compile(r"\s*(\d{1,4})(?:\.(?=\d)| +(?=[^\s\d]))")
_CIRCLED = re.compile(r"\s*([①-⑳⑴-⒇⒈-⒛])[.、]?")
_TITLED = re.compile(r"\s*(?:第\s*\S{1,5}\s*题|题\s*\d)")


def number_mark(folded: str) -> NumberMark | None:
    """Find the number at the beginning of a folded line."""
    for family, pattern in _PATTERNS:
        found = pattern.match(folded)
        if found and (value := int_of_number(found[1])):
            if found[0].lstrip().startswith(("第", "题")) and not _TITLED.match(folded):
                continue
            return NumberMark(family=family, value=value, end=found.end())
    if found := _CIRCLED.match(folded):
        return _circled(found[1], found.end())
    if found := _WEAK.match(folded):
        return NumberMark(family=Family.DIGIT, value=int(found[1]), end=found.end(), is_weak=True)
    return None


def _circled(character: str, end: int) -> NumberMark:
    for first, family in (("①", Family.CIRCLED), ("⑴", Family.BRACKET), ("⒈", Family.DIGIT)):
        value = ord(character) - ord(first) + 1
        if 1 <= value <= 20:  # noqa: PLR2004 - as many as Unicode has of each.
            return NumberMark(family=family, value=value, end=end)
    raise ValueError(character)


def int_of_number(text: str) -> int:
    """Give the value of 12 or 十二; 0 where it is none."""
    if text.isdecimal():
        return int(text)
    if found := _HUNDREDS.fullmatch(text):
        return _CHINESE_DIGITS[found[1]] * 100 + (int_of_number(found[2]) if found[2] else 0)
    if found := _TENS.fullmatch(text):
        return _CHINESE_DIGITS.get(found[1], 1) * 10 + _CHINESE_DIGITS.get(found[2], 0)
    return _CHINESE_DIGITS.get(text, 0)
