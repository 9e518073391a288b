"""Headings of sections, of keys and of shared stems, and lines that belong to no question."""

import re
from dataclasses import dataclass
from decimal import Decimal

from app.questions.parsing.answer_lists import listed_keys
from app.questions.parsing.folding import fold
from app.questions.parsing.numbers import Family, int_of_number, number_mark
from app.questions.parsing.words import HEADING_BY_WORD, Heading, alternatives


@dataclass(frozen=True, kw_only=True)
class SectionMark:
    """A heading such as 一、单选题（每题2分，共20分）; what follows it on its line begins at `end`.

    `title` is the heading as it was typed; `family` that of its own number, None without one.
    """

    heading: Heading | None
    title: str
    end: int
    family: Family | None = None
    ordinal: int = 0
    marks: Decimal | None = None
    marks_per_blank: Decimal | None = None
    has_keys: bool = False


@dataclass(frozen=True, kw_only=True)
class GroupMark:
    """A line with which a shared stem begins.

    It holds until question `last` or for `count` questions, if that is said; `is_sure` when it
    can't be a line of an answer.
    """

    last: int | None
    end: int
    count: int | None = None
    is_sure: bool = True


_ORDINAL = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十\d]{1,3}\s*(?:部分|大题|题型|章|节|单元)\s*[、.:,]?"
    r"|[一二三四五六七八九十]{1,3}\s*[、.:,]|\(\s*[一二三四五六七八九十\d]{1,3}\s*\)\s*[、.:]?"
    r"|\d{1,2}\s*[、.]|[#*]{1,4})?\s*"
)
_CHAPTER = re.compile(
    r"\s*\[?第\s*[一二三四五六七八九十百\d]{1,4}\s*(?:部分|章|节|单元|编|篇|类|模块)"
    r"(?:\s*$|[\s:、.](?![^\n]*(?:[。?!_]|\(\s*\)))[^\n]{0,40})"
)
_KIND = rf"(?:{alternatives(HEADING_BY_WORD)})"
_KEYS = r"(?:参考答案|标准答案|正确答案|答案)(?:(?:及|与|和|、)?(?:解析|评分标准|评分要点))?"
_SECTION = re.compile(
    rf"\[?\s*({_KIND})\s*(?:部分|试题|题目|类|共)?\s*\]?\s*({_KEYS})?\s*\]?\s*[:.。,]?\s*"
)
_ASIDE = re.compile(r"\s*[(\[](?P<aside>[^()\[\]]{0,200})[)\]]\s*[:.。]?\s*")
_COUNTS = re.compile(r"(?:每|共|本|合计|总|满分|各|\d+\s*(?:题|道|小题|分))\S{0,60}")
_INSTRUCTION = re.compile(r"(?:每|共|本|请|下列|以下|下面|在下|从|将|正确|认为|对的|合计|总|满分|各|\d+\s*(?:题|道|小题|分))")  # fmt: skip  # noqa: E501
_PER_QUESTION = re.compile(
    r"(?:每|各)\s*(?:小题|题|道题|道|小)?\s*得?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分"
)
_PER_BLANK = re.compile(r"每\s*个?空格?\s*得?\s*(\d{1,3}(?:\.\d{1,2})?)\s*分")

_KEY_HEADING = re.compile(
    rf"\s*(?:附件?\d*\s*[:.、]?)?\s*\[?(?:[^。?？!_()]{{0,30}}[题卷库试习册集])?\s*({_KEYS})\s*\]?\s*(?:\([^()]{{0,30}}\))?\s*[:。]?\s*"
)
_GROUP = re.compile(
    r"\s*\[?\s*(?:共用题干|共同题干|案例分析|案例|材料|资料|背景材料|背景资料|情景|阅读材料)"
    r"\s*(?:[一二三四五六七八九十]{1,3}|\d{1,3})?\s*(?:\]\s*[:、.]?|[:、.]|\s(?=\S)|$)"
)
_RANGE = r"第?\s*(\d{1,4})\s*题?\s*[-~至到、]\s*第?\s*(\d{1,4})\s*小?题?"
_GROUP_RANGE = re.compile(
    rf"\s*[(\[]?\s*{_RANGE}\s*(?:共用(?:题干|以下|下列|备选)|题干|基于|为案例)[^)\]]{{0,20}}[)\]]?\s*[:.]?"
)
_GROUP_COUNT = re.compile(
    r"\s*[(\[]?\s*(?:以下|下列|下面|后面)?\s*(\d{1,2}|[一二三四五六七八九十两]{1,2})?\s*(?:道|个)?小?题(?:目)?"
    r"\s*共用(?:上述|以上|上面|同一|一个|本)?\s*(?:题干|材料|案例)\s*[)\]]?\s*[:.。]?\s*"
)
_GROUP_END = re.compile(
    r"\s*[(\[]?\s*(?:(?:共用题干|案例|材料|题干)\s*(?:到此)?(?:结束|完)|以上为(?:共用题干|案例|材料)[^。]{0,20})\s*[)\]]?\s*[。.]?\s*"
)
_READ_AND_ANSWER = re.compile(
    rf"\s*[(\[]?\s*(?:请?(?:根据|阅读|结合|依据))\s*[^。]{{0,20}}?(?:材料|案例|资料|情况|情景|题干)[^。]{{0,20}}?"
    rf"(?:回答|完成|作答|解答)\s*{_RANGE}"
)

_NOISE = re.compile(
    r"\s*(?:-\s*\d{1,4}\s*-|第\s*\d{1,4}\s*页.{0,20}|共\s*\d{1,4}\s*页|\d{1,4}\s*/\s*\d{1,4}|[-=_*~.·…—\s]{3,}"
    r"|页码.{0,10}|Page\s*\d+.{0,20}|以下无正文|试[卷题]到此结束.{0,10})\s*",
    re.IGNORECASE,
)
_PAPER_WORDS = re.compile(
    r"姓\s*名|得\s*分|密\s*封\s*线|单\s*位|准考证|工\s*号|部\s*门|评\s*卷\s*人|阅\s*卷|科\s*室|考试时间|考试时长|总\s*分|满\s*分|题\s*号|座位|内不要答题|内不得答题|内请勿答题|答题线"
)
_PAPER_LINE = re.compile(r"[\s_:：.…·—\-、,()/]*")
_PAGE_INSIDE = re.compile(r".{0,40}第\s*\d{1,4}\s*页\s*[,/]?\s*(?:共\s*\d{1,4}\s*页)?\s*")


def section_mark(text: str) -> SectionMark | None:
    """Find a heading that names a kind of questions; None for anything else."""
    folded = fold(text)
    if _CHAPTER.fullmatch(folded):
        return SectionMark(heading=None, title=text.strip(), end=len(text))
    ordinal = _ORDINAL.match(folded)
    start = ordinal.end() if ordinal else 0
    found = _SECTION.match(folded, start)
    if not found:
        return None
    end, aside = found.end(), ""
    if between := _ASIDE.match(folded, end):
        end, aside = between.end(), between["aside"]
    rest = folded[end:].strip()
    if rest and not aside and _COUNTS.fullmatch(rest):
        aside, end, rest = rest, len(folded), ""
    elif rest and _INSTRUCTION.match(rest) and (aside or _is_instruction(folded, start, end, rest)):
        aside, end, rest = aside + rest, len(folded), ""
    return _build(text, folded, start, end, found, aside, rest)


def _build(  # noqa: PLR0917 - the parts of one line, in their order.
    text: str, folded: str, start: int, end: int, found: re.Match[str], aside: str, rest: str
) -> SectionMark | None:
    has_ordinal = bool(folded[:start].strip())
    if folded[:start].strip()[:1].isdecimal() and not found[1].endswith("题"):
        return None  # 1. 简述。 is a question.
    if rest and not (found[2] or has_ordinal or found[0].rstrip().endswith((":", "]"))):
        return None
    if rest and not _may_follow(rest, found):
        return None
    mark = number_mark(folded[:start])
    return SectionMark(
        heading=HEADING_BY_WORD[found[1]],
        title=text.strip(),
        end=end,
        family=mark.family if mark else None,
        ordinal=mark.value if mark else 0,
        marks=_marks(_PER_QUESTION, aside),
        marks_per_blank=_marks(_PER_BLANK, aside),
        has_keys=bool(found[2]),
    )


def _is_instruction(folded: str, start: int, end: int, rest: str) -> bool:
    """Tell whether words behind a heading are for those who answer: 判断题。请在括号内打√."""
    ends = folded[:end].rstrip()[-1] in ":。.,"
    return bool(_PER_QUESTION.search(rest)) or (start > 0 and ends and "( )" not in rest)


def _may_follow(rest: str, found: re.Match[str]) -> bool:
    """Tell whether keys stand behind the heading; a stem there makes it a tag of its question."""
    ends = found[0].rstrip().endswith((":", "]", "。")) or found[2]
    return bool(ends and listed_keys(rest))


def _marks(pattern: re.Pattern[str], text: str) -> Decimal | None:
    found = pattern.search(text)
    return Decimal(found[1]) if found else None


def key_heading(text: str) -> bool:
    """Tell whether a line stands above keys: 参考答案, 附：标准答案及解析."""
    return bool(_KEY_HEADING.fullmatch(fold(text)))


def group_mark(text: str) -> GroupMark | None:
    """Find a line with which a shared stem (共用题干, 案例) begins."""
    folded = fold(text)
    if found := _READ_AND_ANSWER.match(folded):
        return GroupMark(last=int(found[2]), end=0)
    if found := _GROUP_RANGE.match(folded):
        return GroupMark(last=int(found[2]), end=found.end())
    if found := _GROUP_COUNT.fullmatch(folded):
        return GroupMark(last=None, end=len(text), count=int_of_number(found[1] or "") or None)
    if found := _GROUP.match(folded):
        inside = re.match(rf"\s*\(?{_RANGE}\)?\s*[:.]?", folded[found.end() :])
        last = int(inside[2]) if inside else None
        is_sure = "共用题干" in found[0] or found[0].lstrip().startswith("[") or last is not None
        return GroupMark(last=last, end=found.end(), is_sure=is_sure)
    return None


def is_group_end(text: str) -> bool:
    """Tell whether a line ends a shared stem: 【共用题干结束】."""
    return bool(_GROUP_END.fullmatch(fold(text)))


def is_noise(text: str) -> bool:
    """Tell whether a line is of the page and not of a question: page numbers, 姓名____ 得分____."""
    folded = fold(text)
    if _NOISE.fullmatch(folded) or _PAGE_INSIDE.fullmatch(folded):
        return True
    if len(folded) > 200:  # noqa: PLR2004 - no line of a paper's head is as long.
        return False
    bare = re.sub(r"[\s_.…·—\-]+", "", folded)
    if not _PAPER_WORDS.search(bare):
        return False
    left = re.sub(r"\d+(?:分钟|分)?", "", _PAPER_WORDS.sub("", bare))
    return bool(_PAPER_LINE.fullmatch(left))
