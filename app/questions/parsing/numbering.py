"""Whether a numbered line begins a question, goes on with one, or is a heading of its own."""

from dataclasses import dataclass
from enum import Enum, auto

from app.questions.parsing.drafts import Draft, Section
from app.questions.parsing.lines import Begin, Lines, ReadLine
from app.questions.parsing.numbers import Family, NumberMark
from app.questions.parsing.words import LONG_FIELDS, Field, Heading

MOST_LEFT_OUT = 60
UNCLEAR = "题号和题内的编号分不清，请核对本题是否完整，有没有混进别的题。"
ODD_NUMBER = "本题里有一行以别的编号开头，可能是另一道题，请核对。"


class Role(Enum):
    """What a numbered line is."""

    QUESTION = auto()
    SUB_QUESTION = auto()
    TOPIC = auto()
    TEXT = auto()


@dataclass(frozen=True)
class Around:
    """All that the decision looks at."""

    lines: Lines
    place: int
    section: Section
    draft: Draft | None

    @property
    def line(self) -> ReadLine:
        """Give the line in question."""
        return self.lines.all[self.place]

    @property
    def is_question(self) -> bool:
        """Tell whether options or a key follow."""
        return self.lines.is_question(self.place)


def role_of(around: Around) -> Role:
    """Decide on a numbered line; notes on the draft what can't be decided."""
    mark = around.line.number
    if mark is None or around.line.tag or around.line.before:
        return Role.QUESTION
    scope = around.draft.group if around.draft else None
    if scope and scope.family is mark.family and scope.family is not around.section.family:
        return _in_scope(around, mark, scope.last_number)
    if around.section.family is None:
        return _first_of_section(around, mark)
    if mark.family is around.section.family:
        return _in_scope(around, mark, around.section.last)
    if mark.family < around.section.family:
        return _above(around, mark)
    return _below(around, mark)


def _first_of_section(around: Around, mark: NumberMark) -> Role:
    if mark.is_weak and mark.value != 1:
        return Role.TEXT
    if mark.family in {Family.CHINESE, Family.CHINESE_BRACKET} and not _is_numbered_so(around):
        return Role.TOPIC if around.draft is None or around.draft.is_complete else Role.TEXT
    if around.draft and not around.section.is_numbered and not around.draft.is_complete:
        return Role.TEXT
    return Role.QUESTION


def _is_numbered_so(around: Around) -> bool:
    """Tell whether questions are numbered 一、 here: no other number comes before a key."""
    following = around.lines.following(around.place)
    if around.section.heading is Heading.CASE:
        return True
    if following and following.begin is Begin.NUMBER and following.number:
        return following.number.family is around.lines.all[around.place].number.family and (  # type: ignore[union-attr]
            around.section.heading is not None
        )
    return around.is_question or (around.section.heading is not None)


def _in_scope(around: Around, mark: NumberMark, last: int) -> Role:  # noqa: PLR0911 - a table of cases.
    """Decide on a number of the same form as those of the questions."""
    draft = around.draft
    if draft is None:
        return Role.QUESTION
    if mark.value == last + 1:
        return _expected(around, draft, mark)
    if mark.is_weak:
        return Role.TEXT
    if _is_in_answer(draft):
        return _in_answer(around, draft, mark, last)
    if last < mark.value <= last + MOST_LEFT_OUT:
        return Role.QUESTION
    if draft.is_complete or draft.wanted is Heading.TRUE_FALSE or around.line.has_key_inside:
        return Role.QUESTION
    return _point(draft, mark)


def _expected(around: Around, draft: Draft, mark: NumberMark) -> Role:
    """Decide on the number that the next question should have; a point may have it too."""
    following = around.lines.following(around.place)
    if draft.points and draft.points == mark.value - 1:
        if following and draft.options and following.label == draft.next_letter:
            return _point(draft, mark)
        if not around.is_question or _lacks_all(around, draft):
            draft.doubt(UNCLEAR)
            return _point(draft, mark)
        draft.doubt(UNCLEAR)
    elif draft.most_points >= mark.value and around.is_question and UNCLEAR in draft.doubts:
        # The number came once as a point and now once more: this one is the question.
        draft.doubts.remove(UNCLEAR)
    return Role.QUESTION


def _point(draft: Draft, mark: NumberMark) -> Role:
    draft.points = draft.most_points = mark.value
    return Role.TEXT


def _lacks_all(around: Around, draft: Draft) -> bool:
    """Tell whether the question has nothing to answer with, and all before it have."""
    earlier = [each for each in around.section.drafts[-6:] if each is not draft]
    return not draft.is_complete and bool(earlier) and all(each.is_complete for each in earlier)


def _is_in_answer(draft: Draft) -> bool:
    """Tell whether a text is being read that may have numbered points."""
    if draft.active is Field.KEY:
        return draft.is_written
    return draft.active in LONG_FIELDS - {Field.STEM}


def _in_answer(around: Around, draft: Draft, mark: NumberMark, last: int) -> Role:
    if mark.value in {1, draft.points + 1}:
        if around.is_question and mark.value == 1 and _begins_anew(around):
            return Role.QUESTION
        return _point(draft, mark)
    if mark.value > last and around.is_question:
        return Role.QUESTION
    draft.doubt(UNCLEAR)
    return Role.TEXT


def _begins_anew(around: Around) -> bool:
    """Tell whether number 1 begins a new paper: options stand right below it."""
    following = around.lines.following(around.place)
    return bool(following and following.begin is Begin.OPTION) or around.line.has_key_inside


def _above(around: Around, mark: NumberMark) -> Role:
    """Decide on 一、 or （一） among questions numbered 1."""
    draft = around.draft
    if draft is None:
        return Role.TOPIC
    following = around.lines.following(around.place)
    heads = (
        following is not None
        and following.begin is Begin.NUMBER
        and following.number is not None
        and following.number.family is around.section.family
        and following.number.value in {1, around.section.last + 1}
    ) or (following is not None and following.begin in {Begin.GROUP, Begin.SECTION})
    if _is_in_answer(draft) and draft.is_written:
        return Role.TOPIC if heads and mark.value == around.section.ordinal + 1 else Role.TEXT
    if heads:
        return Role.TOPIC
    if draft.is_complete and not _is_in_answer(draft):
        draft.doubt(ODD_NUMBER)
    return Role.TEXT


def _below(around: Around, mark: NumberMark) -> Role:
    """Decide on （1） 1) ① among questions numbered 1."""
    draft = around.draft
    if draft is None:
        return Role.QUESTION
    if draft.group and draft.group.family is None and draft.group.drafts == [draft]:
        return Role.TEXT
    may_share = draft.wanted in {None, Heading.CASE}
    if may_share and not draft.is_complete and mark.value == 1 and mark.family < Family.CIRCLED:
        is_case = draft.wanted is Heading.CASE
        return Role.SUB_QUESTION if is_case or around.is_question else Role.TEXT
    if _is_in_answer(draft) or not draft.is_complete:
        return Role.TEXT
    if mark.value == around.section.last + 1 and around.is_question:
        draft.doubt(ODD_NUMBER)
        return Role.QUESTION
    if draft.active is not Field.OPTIONS:
        draft.doubt(ODD_NUMBER)
    return Role.TEXT
