"""Which questions the papers of the demonstration ask, by a rule that gives sensible papers.

A month's paper has a hundred marks: 20 单选 of two, 15 多选 of three, 15 判断 of one; "试卷由公共题
和岗位题组成": of each kind three fifths are 公共题. What is drawn is seeded by the day. The bank is
divided, so that nothing that this month's exam asks was asked before: people see their old results
and sheets whole meanwhile.
"""

import random
from collections.abc import Sequence
from decimal import Decimal
from enum import IntEnum
from itertools import groupby

from sqlalchemy import ColumnElement, exists, or_, select

from app.exams.service import choosing
from app.kernel import clock, db
from app.questions import service as questions
from app.questions.kinds import QuestionKind
from app.questions.models import (
    Question,
    QuestionCategory,
    QuestionPicture,
    QuestionState,
    QuestionVersion,
)
from app.questions.reviews.models import QuestionReview, QuestionReviewLine, ReviewState

# Of each kind: how many 公共题 and how many 岗位题 a month's paper asks.
MIX = {
    QuestionKind.SINGLE: (12, 8),
    QuestionKind.MULTIPLE: (9, 6),
    QuestionKind.TRUE_FALSE: (9, 6),
}
COUNT = sum(sum(each) for each in MIX.values())
CATEGORIES = (QuestionCategory.COMMON, QuestionCategory.POST)
PASS_SHARE = Decimal("0.6")


class Share(IntEnum):
    """For which exams a question is kept: of every four two, one and one."""

    EARLIER = 0
    THIS_MONTH = 1
    CLASSES = 3


def draw_paper(share: Share, chance: random.Random) -> list[int]:
    """Draw a month's paper from what the bank has on the clock's day, kind by kind."""
    kept = read_share(share)
    return [
        question_id
        for kind, counts in MIX.items()
        for category, count in zip(CATEGORIES, counts, strict=True)
        for question_id in sorted(chance.sample(kept.get((kind, category), []), count))
    ]


def read_share(share: Share) -> dict[tuple[QuestionKind, QuestionCategory], list[int]]:
    """Give the questions that are kept for some exams, by kind and category, in their order."""
    order = (QuestionVersion.kind, QuestionVersion.category, Question.id)
    first = select(Question.id, QuestionVersion.kind, QuestionVersion.category, existed())
    rows = db.session.execute(
        first.join(QuestionVersion, questions.of_current())
        .where(questions.drawable(), *plain())
        .order_by(*order)
    ).all()
    found = {}
    for key, group in groupby(rows, key=lambda row: (row[1], row[2])):
        wanted = {share, (share + 2) % 4} if share is Share.EARLIER else {share}
        found[key] = [row[0] for place, row in enumerate(group) if place % 4 in wanted and row[3]]
    return found


def plain() -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that a question stands alone: no case, no picture, nothing to type."""
    return (
        QuestionVersion.kind.in_(list(MIX)),
        QuestionVersion.group_id.is_(None),
        QuestionVersion.id.not_in(select(QuestionPicture.version_id)),
    )


def existed() -> ColumnElement[bool]:
    """Give the condition that a question was in the bank on the clock's day, and is not in dispute.

    What waits for its review, came back or was changed after it is asked by nobody; what passed,
    from then on.
    """
    line = exists().where(QuestionReviewLine.question_id == Question.id)
    passed = exists().where(
        QuestionReviewLine.question_id == Question.id,
        QuestionReviewLine.review_id == QuestionReview.id,
        QuestionReview.state == ReviewState.APPROVED,
        QuestionReview.approved_at <= clock.now(),
        Question.state != QuestionState.DRAFT,
    )
    return (Question.drafted_at <= clock.now()) & or_(~line, passed)


def draw_few(count: int, chance: random.Random) -> list[int]:
    """Draw the questions of a class's test, which no month's exam asks."""
    kept = read_share(Share.CLASSES)
    return sorted(
        chance.sample([each for _, group in sorted(kept.items()) for each in group], count)
    )


def pass_marks(question_ids: Sequence[int]) -> Decimal:
    """Give the marks that pass a paper of these questions: three fifths."""
    current = questions.select_current().where(Question.id.in_(question_ids))
    full = sum(
        (choosing.marks_of(version) for _, version in db.session.execute(current)), Decimal(0)
    )
    return (full * PASS_SHARE).quantize(Decimal("0.01"))
