"""The sheet of review on paper, to be signed by whoever reviews it where he has no account at hand.

Keys stand on it: only who may see the sheet gets it. "Any approval can be 线下签批".
"""

from dataclasses import dataclass

from flask import render_template

from app.accounts import hall
from app.accounts.service import names_of
from app.files.papers import PaperKind
from app.kernel import clock, db, formats, pdf
from app.questions.faces import Face, faces_of
from app.questions.reviews import service
from app.questions.reviews.models import (
    REVIEW_LINE_LABELS,
    QuestionReview,
    ReviewLineState,
    ReviewState,
)

PASSED = (ReviewLineState.PENDING, ReviewLineState.PASSED)


@dataclass(frozen=True, kw_only=True)
class PrintedLine:
    """One question on the paper. `remark` is what became of one that was struck out."""

    place: int
    number: int
    kind: str
    shared: str
    stem: str
    options: tuple[str, ...]
    key: str
    basis: str
    remark: str


@dataclass(frozen=True, kw_only=True)
class ReviewSheet:
    """Everything that stands on the paper."""

    hall: str
    number: str
    drafted_by: str
    drafted_on: str
    lines: tuple[PrintedLine, ...]
    left: int
    is_withdrawn: bool
    made_for: str


def read_sheet(record_id: int) -> ReviewSheet:
    """Read all that the paper says of a sheet."""
    review = db.session.get_one(QuestionReview, record_id)
    lines = service.list_lines(record_id)
    faces = faces_of([version for _, version in lines])
    printed = tuple(
        print_line(line.place, face, "" if line.state in PASSED else remark_of(line))
        for (line, _), face in zip(lines, faces, strict=True)
    )
    drafter = review.drafted_by_id
    return ReviewSheet(
        hall=hall.get_profile().name,
        number=review.number,
        drafted_by=names_of([drafter]).get(drafter or 0, ""),
        drafted_on=formats.day(clock.local(review.drafted_at).date()),
        lines=printed,
        left=sum(1 for each in printed if not each.remark),
        is_withdrawn=review.state is ReviewState.WITHDRAWN,
        made_for=formats.moment(review.drafted_at),
    )


def remark_of(line: service.QuestionReviewLine) -> str:
    """Say why a question is no longer on the sheet."""
    label = REVIEW_LINE_LABELS[line.state]
    return f"{label}：{line.note}" if line.note else label


def print_line(place: int, face: Face, remark: str) -> PrintedLine:
    """Give a question as it is printed."""
    return PrintedLine(
        place=place,
        number=face.question_id,
        kind=face.kind,
        shared=face.shared,
        stem=face.stem,
        options=tuple(f"{label}. {text}" for label, text, _ in face.options if label),
        key=face.key,
        basis=face.basis,
        remark=remark,
    )


def lay_sheet(sheet: ReviewSheet, code: str) -> pdf.Document:
    """Lay the sheet out."""
    return pdf.Document(
        html=render_template("questions/pdf/review.html", sheet=sheet, check_code=code),
        stylesheets=(pdf.stylesheet("pdf/base.css"), pdf.stylesheet("questions/pdf/review.css")),
        title=f"题目送审单{sheet.number}",
        author=sheet.hall,
        created_at=clock.now(),
    )


REVIEW_PAPER = PaperKind(
    name="questions.review",
    title="题目送审单",
    word="review",
    endpoint="questions.show_review_paper",
    snapshot=read_sheet,
    document=lay_sheet,
    file_name=lambda sheet: f"题目送审单{sheet.number}",
)
