"""The text of a rule without a database: split at 第X条, put together again, compared.

People paste a rule as one text. What begins a line with 第X条 is an article, with 第X章 a chapter;
a handbook without 第X条 is split at 一、二、三; whatever has neither is one piece.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.regulations.models import MAX_CHAPTER, MAX_LABEL

DIGITS = "零〇一二三四五六七八九十百千0-9０-９"
ARTICLE = re.compile(rf"\s*(第\s*[{DIGITS}]+\s*条)[\s：:]*")
CHAPTER = re.compile(rf"\s*(第\s*[{DIGITS}]+\s*[章节])(.*)")
HEADING = re.compile(rf"\s*([{DIGITS}]+、)\s*")
WHOLE = "全文"
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True, kw_only=True)
class Article:
    """An article as it was typed."""

    label: str
    text: str
    chapter: str = ""


@dataclass(frozen=True, kw_only=True)
class Split:
    """A text in its parts. `problems` can't be kept; `notes` want a second look."""

    introduction: str
    articles: tuple[Article, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def split(text: str) -> Split:
    """Split a text into what stands before the first article, and its articles."""
    lines = [line.rstrip() for line in text.split("\n")]
    head = next((each for each in (ARTICLE, HEADING) if any(map(each.match, lines))), None)
    if head is None:
        whole = text.strip()
        return checked("", [Article(label=WHOLE, text=whole)] if whole else [])
    introduction, articles, chapter = [], [], ""
    for line in lines:
        beginning, title = head.match(line), CHAPTER.match(line)
        if beginning:
            label = re.sub(r"\s", "", beginning[1]).removesuffix("、")
            articles.append((label, chapter, [line[beginning.end() :].strip()]))
            chapter = ""
        elif title and head is ARTICLE:
            chapter = " ".join(filter(None, (re.sub(r"\s", "", title[1]), title[2].strip())))
        elif articles:
            articles[-1][2].append(line.strip())
        else:
            introduction.append(line.strip())
    return checked(
        "\n".join(introduction).strip(),
        [
            Article(label=label, chapter=chapter, text="\n".join(parts).strip())
            for label, chapter, parts in articles
        ],
    )


def checked(introduction: str, articles: Sequence[Article]) -> Split:
    """Look for what is empty, too long or there twice, and for gaps in the numbers."""
    return Split(
        introduction=introduction,
        articles=tuple(articles),
        problems=tuple(problems_in(articles)),
        notes=tuple(gaps_in(articles)),
    )


def problems_in(articles: Sequence[Article]) -> Iterator[str]:
    """Find what could not be cited."""
    if not articles:
        yield "请写正文。"
    seen: set[str] = set()
    for each in articles:
        if not each.text:
            yield f"{each.label}没有内容。"
        if each.label in seen:
            yield f"{each.label}出现了两次。"
        if len(each.label) > MAX_LABEL or len(each.chapter) > MAX_CHAPTER:
            yield f"{each.label[:MAX_LABEL]}的条号或章名太长。"
        seen.add(each.label)


def gaps_in(articles: Sequence[Article]) -> Iterator[str]:
    """Find where the numbers do not go on by one; it may be meant."""
    numbers = [(each.label, number_of(each.label)) for each in articles]
    for (_, one), (label, other) in pairwise(numbers):
        if one is not None and other is not None and other != one + 1:
            yield f"{label}前面的条号不连续，请核对。"


def number_of(label: str) -> int | None:
    """Read the number in 第十二条 or 第12条; None where there is none."""
    found = re.sub(r"[第条]", "", label)
    if found.isdecimal():
        return int(found)
    total, digit = 0, 0
    for each in found.replace("〇", "零"):
        if each in NUMERALS:
            digit = NUMERALS.index(each)
        elif each in UNITS:
            total, digit = total + (digit or 1) * UNITS[each], 0
        else:
            return None
    return total + digit if found else None


def join(introduction: str, articles: Sequence[Article]) -> str:
    """Put a text together again, as `split` takes it apart."""
    parts = [introduction] if introduction else []
    for each in articles:
        parts += [each.chapter] if each.chapter else []
        if each.label == WHOLE:
            parts.append(each.text)
        else:
            mark = "　" if each.label.endswith("条") else "、"
            parts.append(f"{each.label}{mark}{each.text}")
    return "\n".join(parts)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A few characters of a comparison: `same`, `added` or `removed`."""

    kind: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """One article of a comparison: `same`, `changed`, `added` or `removed`."""

    kind: str
    before: Article | None
    after: Article | None
    pieces: tuple[Piece, ...] = ()

    @property
    def label(self) -> str:
        """Name the article; both numbers where it has moved."""
        labels = [each.label for each in (self.before, self.after) if each is not None]
        return "，现".join(dict.fromkeys(labels))


def compare(before: Sequence[Article], after: Sequence[Article]) -> list[Change]:
    """Compare two versions by what the articles say: an inserted one moves no other."""
    matcher = difflib.SequenceMatcher(
        a=[each.text for each in before], b=[each.text for each in after], autojunk=False
    )
    changes: list[Change] = []
    for tag, one, one_end, other, other_end in matcher.get_opcodes():
        if tag == "equal":
            pairs = zip(before[one:one_end], after[other:other_end], strict=True)
            changes += [Change(kind="same", before=old, after=new) for old, new in pairs]
        else:
            changes += pair_up(before[one:one_end], after[other:other_end])
    return changes


def pair_up(before: Sequence[Article], after: Sequence[Article]) -> list[Change]:
    """Compare what differs, by label first; what is left over was added or removed."""
    old = {each.label: each for each in before}
    shared = {each.label for each in after} & old.keys()
    if not shared and len(before) == len(after):
        return [changed(one, other) for one, other in zip(before, after, strict=True)]
    gone = [Change(kind="removed", before=each, after=None) for each in before
            if each.label not in shared]  # fmt: skip
    return gone + [
        changed(old[each.label], each)
        if each.label in shared
        else Change(kind="added", before=None, after=each)
        for each in after
    ]


def changed(before: Article, after: Article) -> Change:
    """Compare the words of one article."""
    return Change(
        kind="changed",
        before=before,
        after=after,
        pieces=tuple(pieces_of(before.text, after.text)),
    )


def pieces_of(before: str, after: str) -> Iterator[Piece]:
    """Give what stayed, what went and what came, in reading order."""
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, one, one_end, other, other_end in matcher.get_opcodes():
        if tag == "equal":
            yield Piece(kind="same", text=before[one:one_end])
            continue
        if one_end > one:
            yield Piece(kind="removed", text=before[one:one_end])
        if other_end > other:
            yield Piece(kind="added", text=after[other:other_end])
