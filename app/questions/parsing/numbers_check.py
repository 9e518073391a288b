"""What the numbers of a section's questions say: none twice, none left out."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from app.questions.parsing.drafts import Draft, Section
from app.questions.parsing.folding import fold

TWICE = "题号{}在这一部分出现了不止一次，请核对。"
MISSING = "第{}题后面缺第{}题。请核对是不是漏了题，或者题号没有写对。"
BROKEN = "本题后面的题号不连续，下一行可能还是本题的内容，请核对本题是否完整。"
SHIFTED = "本题前面有题号重复或者缺题号，后面又缺题号：本题的题号可能写错了，请核对。"
SWALLOWED = "第{}题没有找到，可能混进了本题。请核对本题是否只有一道题。"
NONE = -1
_INSIDE = re.compile(r"(?:(?<=[\s)。?])|^)(\d{1,4})\s*(?:[.](?!\d)|、)\s*(?=\S{4})", re.MULTILINE)


def check_numbers(sections: Iterable[Section]) -> list[tuple[str, str]]:
    """Note doubts about numbers on the questions; gives place and message of the others."""
    problems: list[tuple[str, str]] = []
    last = 0
    for section in sections:
        if any(not each.number for each in section.drafts):
            last = NONE
        drafts = [each for each in section.drafts if each.number and not _is_inner(each)]
        is_odd = _check_twice(drafts) or any(not each.number for each in section.drafts)
        for draft in section.drafts:
            _check_text(draft)
        if drafts:
            problems += _check_gaps(drafts, last, is_odd=is_odd)
            last = drafts[-1].number
    return problems


def _is_inner(draft: Draft) -> bool:
    return bool(draft.group and draft.group.family is not None)


def _check_twice(drafts: Sequence[Draft]) -> bool:
    """Doubt the questions that share a number; tells whether there are any."""
    is_found = False
    seen: dict[tuple[int, int], Draft] = {}
    for draft in drafts:
        earlier = seen.setdefault((id(draft.group), draft.number), draft)
        if earlier is not draft:
            is_found = True
            for each in (earlier, draft):
                each.doubt(TWICE.format(draft.number))
    return is_found


def _check_gaps(drafts: Sequence[Draft], last: int, *, is_odd: bool) -> list[tuple[str, str]]:
    problems = []
    first = drafts[0].number
    if first not in {1, last + 1} and last != NONE:
        problems.append((drafts[0].where, f"这一部分从第{first}题开始，前面的题没有找到。请核对。"))
    for draft, following in pairwise(drafts):
        if following.number == draft.number + 1 or draft.group is not following.group:
            continue
        if not following.is_complete or following.number <= draft.number:
            draft.doubt(BROKEN)
        if following.number <= draft.number:
            continue
        missing = _span(draft.number + 1, following.number - 1)
        problems.append((following.where, MISSING.format(draft.number, missing)))
        if is_odd:
            draft.doubt(SHIFTED)
        if _is_long(draft):
            draft.doubt(SWALLOWED.format(missing))
    return problems


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}～{last}"


def _is_long(draft: Draft) -> bool:
    """Tell whether a part of the question runs on, so that another one may be in it."""
    if len(draft.stem) > 1 or any(len(texts) > 1 for _, texts in draft.options):
        return True
    texts = [text for values in draft.fields.values() for text in values]
    return any("\n" in each for each in [*texts, *(key.text for key in draft.keys)])


def _check_text(draft: Draft) -> None:
    """Look for the next question's number in the middle of a line."""
    if not draft.number:
        return
    following = draft.number + 1
    lines = [*draft.stem, *(text for _, texts in draft.options for text in texts)]
    found = (each for line in lines for each in _INSIDE.finditer(fold(line)))
    if any(int(each[1]) == following for each in found):
        draft.doubt(SWALLOWED.format(following))
