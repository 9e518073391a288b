"""A stem in pieces: text, blanks with their numbers, pictures where their markers stand.

Pure. What a stem says is never changed: where not as many blanks are seen as the key has, they
stay as they were typed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.questions.parsing.blanks import blank_spans

# As the readers of questions write them; anything in a row of digits is one marker.
MARKER = re.compile(r"\[图\d+\]")


@dataclass(frozen=True, kw_only=True)
class StemPiece:
    """A piece of a stem; exactly one of the three says something.

    `blank` counts from 1; `picture` is the place, from 1, among the pictures of the question.
    """

    text: str = ""
    blank: int = 0
    picture: int = 0


def pieces_of(stem: str, markers: Sequence[str] = (), blank_count: int = 0) -> list[StemPiece]:
    """Part a stem; a marker without a picture stays text."""
    cuts = sorted([*picture_cuts(stem, markers), *blank_cuts(stem, blank_count)])
    pieces, at = [], 0
    for start, end, blank, picture in cuts:
        pieces += [StemPiece(text=stem[at:start]), StemPiece(blank=blank, picture=picture)]
        at = end
    return [each for each in [*pieces, StemPiece(text=stem[at:])] if each != StemPiece()]


def picture_cuts(stem: str, markers: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Give start and end of each marker with the place of its picture."""
    for found in MARKER.finditer(stem):
        if found[0] in markers:
            yield *found.span(), 0, markers.index(found[0]) + 1


def blank_cuts(stem: str, blank_count: int) -> Iterator[tuple[int, int, int, int]]:
    """Give start and end of each blank with its number; none where their count is another."""
    spans = blank_spans(stem)
    if blank_count and len(spans) == blank_count:
        for number, (start, end) in enumerate(spans, start=1):
            yield start, end, number, 0


def unplaced(texts: Sequence[str], markers: Sequence[str]) -> list[int]:
    """Give the places of the pictures whose marker stands in none of these texts."""
    found = {marker for text in texts for marker in MARKER.findall(text)}
    return [place for place, marker in enumerate(markers, start=1) if marker not in found]
