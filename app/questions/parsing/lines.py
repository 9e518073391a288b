"""What each line of a file begins with, found once, and what comes after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from app.questions.parsing.answer_lists import is_list
from app.questions.parsing.document import Line
from app.questions.parsing.fields import starts_with_field
from app.questions.parsing.folding import fold
from app.questions.parsing.headings import (
    GroupMark,
    SectionMark,
    group_mark,
    is_group_end,
    is_noise,
    key_heading,
    section_mark,
)
from app.questions.parsing.keys import letter_keys, truth_keys
from app.questions.parsing.numbers import Family, NumberMark, number_mark
from app.questions.parsing.options import first_label, split_stem
from app.questions.parsing.words import HEADING_BY_WORD, Heading, alternatives

MOST_AHEAD = 40


class Begin(Enum):
    """The forms in which a line begins."""

    BLANK = auto()
    NOISE = auto()
    SECTION = auto()
    KEYS = auto()
    GROUP = auto()
    GROUP_END = auto()
    LIST = auto()
    FIELD = auto()
    OPTION = auto()
    NUMBER = auto()
    TEXT = auto()


_TAG = re.compile(
    rf"\s*(?:[(\[]\s*(?P<boxed>{alternatives(HEADING_BY_WORD)})\s*(?:[,;、]?\s*\d+(?:\.\d+)?\s*分)?\s*[)\]]"
    rf"|(?P<plain>{alternatives(each for each in HEADING_BY_WORD if each.endswith('题'))})\s*(?=\d+\s*[.、:]))\s*[:、.]?"  # noqa: E501
)
_KEY_BEFORE = re.compile(
    r"\s*[(_]\s*([A-H]{1,8}|√|×|对|错|正确|错误|T)?\s*[)_]\s*(?=\d{1,3}\s*[.、](?!\d))"
)


@dataclass(frozen=True)
class Tag:
    """A kind named at the beginning of a stem: （单选）, 【判断题】."""

    heading: Heading
    end: int


def tag_of(text: str) -> Tag | None:
    """Find the kind that stands at the beginning of a text."""
    found = _TAG.match(fold(text))
    if not found or HEADING_BY_WORD[found["boxed"] or found["plain"]] is Heading.CASE:
        return None
    return Tag(HEADING_BY_WORD[found["boxed"] or found["plain"]], found.end())


class ReadLine:
    """A line with what it begins with."""

    def __init__(self, line: Line, *, bare: bool = False) -> None:
        """Look at the line's beginning only; a bare one has no tag and no key before its text."""
        self.where = line.where
        self.goes_on = line.goes_on
        text = line.text.strip()
        self.key_before = ""
        plain = bare or line.goes_on
        if not plain and (found := _KEY_BEFORE.match(fold(text))):
            self.key_before = found[1] or ""
            self.before, text = text[: found.end()], text[found.end() :].strip()
        else:
            self.before = ""
        self.tag: Tag | None = None
        self.text = text
        if not plain and (tag := tag_of(text)) and text[tag.end :].strip():
            self.tag, self.text = tag, text[tag.end :].strip()
        self.typed = line.text.strip()

    @cached_property
    def begin(self) -> Begin:
        """Name the form in which it begins."""
        if not self.text:
            return Begin.BLANK
        if self.goes_on:
            return Begin.TEXT
        for begin, is_so in self._forms():
            if is_so:
                return begin
        return Begin.TEXT

    def _forms(self) -> Sequence[tuple[Begin, object]]:
        if self.tag or self.before:
            return ((Begin.NUMBER, self.number),)
        return (
            (Begin.NOISE, is_noise(self.text)),
            (Begin.SECTION, self.section),
            (Begin.GROUP_END, is_group_end(self.text)),
            (Begin.LIST, is_list(self.text)),
            (Begin.KEYS, key_heading(self.text)),
            (Begin.FIELD, starts_with_field(self.text)),
            (Begin.GROUP, self.group),
            (Begin.OPTION, self.label),
            (Begin.NUMBER, self.number),
        )

    @cached_property
    def section(self) -> SectionMark | None:
        """Give the heading that it is."""
        return section_mark(self.text)

    @cached_property
    def group(self) -> GroupMark | None:
        """Give the beginning of a shared stem that it is."""
        return group_mark(self.text)

    @cached_property
    def label(self) -> str:
        """Give the letter of the option with which it begins."""
        return first_label(self.text)

    @cached_property
    def number(self) -> NumberMark | None:
        """Give its number; a key or a tag before the number is passed over."""
        return number_mark(fold(self.text))

    @cached_property
    def is_label(self) -> bool:
        """Tell whether it is 答案： with nothing behind it."""
        return self.begin is Begin.KEYS and starts_with_field(self.text)

    @cached_property
    def body(self) -> str:
        """Give what stands behind its number."""
        return self.text[self.number.end :].strip() if self.number else self.text

    @cached_property
    def has_key_inside(self) -> bool:
        """Tell whether its text holds a key or options of its own."""
        text = self.body
        folded = fold(text)
        return bool(
            letter_keys(text)
            or truth_keys(text)
            or self.key_before
            or split_stem(text)[1]
            or "答案" in folded
        )


class Lines:
    """All lines of a file, with a look ahead that is bounded."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.all = [ReadLine(each) for each in lines]

    def following(self, place: int) -> ReadLine | None:
        """Give the next line that isn't blank."""
        for line in self.all[place + 1 : place + 1 + MOST_AHEAD]:
            if line.begin not in {Begin.BLANK, Begin.NOISE}:
                return line
        return None

    def is_question(self, place: int) -> bool:
        """Tell whether options or a key follow a numbered line before the next number."""
        line = self.all[place]
        if line.has_key_inside or line.tag:
            return True
        own = line.number.family if line.number else Family.DIGIT
        for later in self.all[place + 1 : place + 1 + MOST_AHEAD]:
            if later.begin is Begin.OPTION:
                return later.label == "A"
            if later.begin is Begin.FIELD or later.is_label:
                return True
            if later.begin in {Begin.SECTION, Begin.KEYS, Begin.GROUP, Begin.LIST}:
                return False
            if later.begin is Begin.NUMBER and later.number and later.number.family <= own:
                return False
        return False
