"""The list of the sheets of review."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.engine import Row

from app.accounts.service import names_of
from app.kernel import db, formats, listing
from app.questions.reviews.models import (
    QuestionReview,
    QuestionReviewLine,
    ReviewLineState,
    ReviewState,
)
from app.questions.reviews.workflow import FLOW
from app.workflow.lists import state_options, state_tag


@dataclass(frozen=True, kw_only=True)
class ReviewRow:
    """A sheet in the list, with what became of its questions."""

    review: QuestionReview
    drafted_by: str
    approved_by: str
    counts: Mapping[ReviewLineState, int]

    @property
    def total(self) -> int:
        """Count all questions on it."""
        return sum(self.counts.values())


def read_rows(found: Sequence[Row[QuestionReview]]) -> list[ReviewRow]:
    """Read what a page of the list says, in two queries more."""
    reviews = [each[0] for each in found]
    people = {each.drafted_by_id for each in reviews} | {each.approved_by_id for each in reviews}
    names = names_of({each for each in people if each is not None})
    counts = counts_of([each.id for each in reviews])
    return [
        ReviewRow(
            review=each,
            drafted_by=names.get(each.drafted_by_id or 0, ""),
            approved_by=names.get(each.approved_by_id or 0, ""),
            counts=counts.get(each.id, {}),
        )
        for each in reviews
    ]


def counts_of(review_ids: Sequence[int]) -> dict[int, dict[ReviewLineState, int]]:
    """Count the questions of sheets by what became of them."""
    rows = db.session.execute(
        select(QuestionReviewLine.review_id, QuestionReviewLine.state, func.count())
        .where(QuestionReviewLine.review_id.in_(review_ids))
        .group_by(QuestionReviewLine.review_id, QuestionReviewLine.state)
    )
    found: dict[int, dict[ReviewLineState, int]] = {}
    for review_id, state, count in rows:
        found.setdefault(review_id, {})[state] = count
    return found


def state_is(value: str) -> ColumnElement[bool]:
    """Filter by state."""
    return QuestionReview.state == ReviewState(value)


def result_of(row: ReviewRow) -> str:
    """Say what became of the questions on a sheet."""
    passed = row.counts.get(ReviewLineState.PASSED, 0)
    returned = row.counts.get(ReviewLineState.RETURNED, 0)
    return f"通过{passed}道，退回{returned}道" if passed or returned else ""


REVIEWS: listing.Listing[ReviewRow] = listing.Listing(
    id="review-list",
    noun="张送审单",
    title="题目审核",
    row=lambda found: read_rows([found])[0],
    rows=read_rows,
    columns=[
        listing.Column(
            name="number", label="编号", sort=QuestionReview.id, is_short=True,
            cell=lambda row: listing.Cell(
                text=row.review.number,
                href=url_for("questions.show_review", record_id=row.review.id),
            ),
        ),
        listing.Column(
            name="drafted_at", label="送审时间", sort=QuestionReview.drafted_at, is_short=True,
            cell=lambda row: formats.moment(row.review.drafted_at),
        ),
        listing.Column(
            name="drafted_by", label="送审人", is_short=True, cell=lambda row: row.drafted_by,
        ),
        listing.Column(
            name="total", label="题数", align="right", cell=lambda row: f"{row.total}道",
            export=lambda row: row.total,
        ),
        listing.Column(
            name="result", label="结果", cell=result_of,
        ),
        listing.Column(
            name="approved_by", label="审核人", is_short=True, cell=lambda row: row.approved_by,
        ),
        listing.Column(
            name="state", label="状态", sort=QuestionReview.state,
            cell=lambda row: state_tag(FLOW, row.review.state),
        ),
    ],
    search=(QuestionReview.number,),
    search_label="编号",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=state_options(FLOW),
            where=state_is,
        )
    ],
    default_sort="-number",
    tie_break=QuestionReview.id.desc(),
    empty_text="还没有送审过题目。",
)  # fmt: skip
