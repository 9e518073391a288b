"""A frozen question as it is read again after the exam: whole, with its case and pictures, no key.

Sitting pages have their own rendering (`paper_html`), joined per person; results and corrections
read few questions, and draw them by the macro in `exams/_face.html`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.exams.models import PaperQuestion
from app.exams.stems import StemPiece, pieces_of


@dataclass(frozen=True, kw_only=True)
class Face:
    """What a question says; all its pictures stand below the stem, which names them."""

    number: int
    case: Sequence[StemPiece]
    stem: Sequence[StemPiece]
    markers: Sequence[str]
    options: Sequence[Mapping[str, str]]


def face_of(question: PaperQuestion) -> Face:
    """Give a frozen question in the pieces that a page draws."""
    markers = [str(each["marker"]) for each in question.pictures]
    return Face(
        number=question.number,
        case=pieces_of(question.group_stem, markers),
        stem=pieces_of(question.stem, markers, question.blank_count),
        markers=markers,
        options=question.options,
    )
