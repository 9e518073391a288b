"""A sheet as its page shows it: each question whole, and what is new since it was passed last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.accounts.service import names_of
from app.questions.faces import Face, changes_between, faces_of
from app.questions.reviews import service
from app.questions.reviews.models import REVIEW_LINE_LABELS, ReviewLineState

LINE_KINDS = {
    ReviewLineState.PENDING: "amber",
    ReviewLineState.PASSED: "green",
    ReviewLineState.RETURNED: "red",
    ReviewLineState.WITHDRAWN: "",
}


@dataclass(frozen=True, kw_only=True)
class SheetLine:
    """One question on the page of a sheet."""

    place: int
    face: Face
    state: ReviewLineState
    label: str
    kind: str
    note: str
    author: str
    decided_by: str
    # What is other than in the version that was passed last, None where none was.
    changes: Sequence[Mapping[str, str]] | None


def read_lines(review_id: int) -> list[SheetLine]:
    """Read the lines of a sheet; the number of queries doesn't grow with them."""
    rows = service.list_lines(review_id)
    faces = faces_of([version for _, version in rows])
    earlier = earlier_faces(rows)
    people = {person for line, _ in rows for person in (line.author_id, line.decided_by_id)}
    names = names_of({each for each in people if each is not None})
    return [
        SheetLine(
            place=line.place,
            face=face,
            state=line.state,
            label=REVIEW_LINE_LABELS[line.state],
            kind=LINE_KINDS[line.state],
            note=line.note,
            author=names.get(line.author_id or 0, ""),
            decided_by=names.get(line.decided_by_id or 0, ""),
            changes=changes_between(earlier[line.question_id], face)
            if line.question_id in earlier
            else None,
        )
        for (line, _), face in zip(rows, faces, strict=True)
    ]


def earlier_faces(rows: Sequence[service.LineRow]) -> dict[int, Face]:
    """Give the version of each question that was passed before the one on the sheet."""
    passed = service.last_passed({line.question_id: line.wording for line, _ in rows})
    return {each.question_id: each for each in faces_of(passed)}
