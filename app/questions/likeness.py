"""Which of many texts are nearly the same: at least nine tenths, by the measure of difflib.

Comparing each of ten thousand questions with each other one would take hours. Two texts that are
that much alike share most of their pairs of neighbouring characters, so that they share at least
one of the rarest few of either: only texts that meet there are compared.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

ALIKE = 0.9
MARKS = re.compile(
    r"[\s，。、；：？！“”‘’（）()《》〈〉「」【】\[\],;:?!\"'…—_·]|(?<!\d)\.|\.(?!\d)"
)
# What of its pairs a text can lack in another that is alike. Of n and m characters M match, and
# 2M >= 0.9(n + m). Each of n's own n - M breaks two pairs at most, each of the m - M one: together
# at most 0.65n - 0.35m, and since M <= m, m is at least 9/11 of n.
MOST_BROKEN = 4 / 11


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """Two of the texts, by their positions, `first` before `second`; `share` is 0.9 to 1."""

    first: int
    second: int
    share: float


def fold(text: str) -> str:
    """Give a text as it is compared: one width, one case, without blanks and marks of sentences.

    What makes a number another number stays: 1.5, 20%, -3.
    """
    return MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


def compared_text(stem: str, options: Iterable[str]) -> str:
    """Give what makes a question the same as another: stem and options, in whatever order."""
    return stem + "".join(sorted(options))


def find_alike(texts: Sequence[str], *, since: int = 0) -> Iterator[Likeness]:
    """Find pairs of texts that are alike, of which at least one stands at `since` or behind it.

    Empty texts are like nothing. Pairs come in the order of their second text.
    """
    folded = [fold(each) for each in texts]
    rare = rarest(folded)
    met: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(folded):
        if place >= since:
            yield from compare(folded, place, {each for pair in rare[place] for each in met[pair]})
        if text:
            for pair in rare[place]:
                met[pair].append(place)


def find_like(text: str, others: Sequence[str]) -> list[tuple[int, float]]:
    """Give the positions of the texts that one text is like, with their share, the most first.

    For one text against all: without the rarest pairs, which are worth their cost for many.
    """
    folded = fold(text)
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(folded)
    # 2M >= 0.9(n + m) with M at most the shorter one.
    least, most = len(folded) * 9 / 11, len(folded) * 11 / 9
    found = []
    for place, other in enumerate(map(fold, others)):
        if other and least <= len(other) <= most:
            matcher.set_seq1(other)
            if matcher.quick_ratio() >= ALIKE and (share := matcher.ratio()) >= ALIKE:
                found.append((place, share))
    return sorted(found, key=lambda each: -each[1])


def compare(folded: Sequence[str], place: int, candidates: set[int]) -> Iterator[Likeness]:
    """Measure one text against those that it has met."""
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(folded[place])
    for other in sorted(candidates):
        matcher.set_seq1(folded[other])
        # The first two are upper bounds, and quick.
        if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE:
            share = matcher.ratio()
            if share >= ALIKE:
                yield Likeness(first=other, second=place, share=share)


def rarest(folded: Sequence[str]) -> list[tuple[str, ...]]:
    """Give the rarest pairs of each text, one more than a text that is alike can lack."""
    pairs = [sorted(set(pairs_of(each))) for each in folded]
    counts = Counter(pair for each in pairs for pair in each)
    found = []
    for text, each in zip(folded, pairs, strict=True):
        rare_first = sorted(each, key=lambda pair: (counts[pair], pair))
        found.append(tuple(rare_first[: math.ceil(len(text) * MOST_BROKEN) + 1]))
    return found


def pairs_of(text: str) -> list[str]:
    """Give each pair of neighbours; a text of one character is its own pair."""
    return [text[start : start + 2] for start in range(len(text) - 1)] or [text][: len(text)]
