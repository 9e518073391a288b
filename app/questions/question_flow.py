"""The states and moves of a question, as data: 未审核, 已审核, 在用, 停用.

"states draft, reviewed, in use, retired; review by a second person as a workflow". A question waits
for nobody by itself: what waits is the sheet on which it is reviewed (reviews/workflow.py). Passing
it and using it are the site's moves, made with the sheet's decision and with a published paper.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, exists, select

from app.kernel import db
from app.kernel.permissions import Permission
from app.questions.models import QUESTION_STATE_LABELS, Question, QuestionState
from app.questions.reviews.models import QuestionReviewLine, ReviewLineState
from app.workflow.definition import Act, Flow, Holders, Move, Named, State, Waiting, refuse

EDITORS = Holders(permission=Permission.QUESTIONS_QUESTION_EDIT)
SITE = Named(column="nobody_id")
UNDER_REVIEW = "这道题正在送审，请先在送审单上撤出这道题，或者等审核完再办。"
DRAFT, REVIEWED = QuestionState.DRAFT, QuestionState.REVIEWED
IN_USE, RETIRED = QuestionState.IN_USE, QuestionState.RETIRED
KINDS = {DRAFT: "amber", REVIEWED: "blue", IN_USE: "green", RETIRED: ""}


def waits_on_sheet() -> ColumnElement[bool]:
    """Give the condition that a question waits on a sheet."""
    return exists().where(
        QuestionReviewLine.question_id == Question.id,
        QuestionReviewLine.state == ReviewLineState.PENDING,
    )


def waiting_among(question_ids: Collection[int]) -> frozenset[int]:
    """Give those of some questions that wait on a sheet."""
    found = select(Question.id).where(Question.id.in_(question_ids), waits_on_sheet())
    return frozenset(db.session.scalars(found))


def is_under_review(question_id: int) -> bool:
    """Tell whether a question waits on a sheet."""
    return bool(waiting_among([question_id]))


def check_not_waiting(question: Question, act: Act) -> None:
    """Refuse to take a question away from under those who review it."""
    del act
    if is_under_review(question.id):
        refuse(form=UNDER_REVIEW)


STATES = tuple(
    State(value=each, label=QUESTION_STATE_LABELS[each], kind=KINDS[each], waiting=Waiting.RESTING)
    for each in QuestionState
)

MOVES = (
    Move(
        name="pass", label="审核通过", sources=(DRAFT,), target=REVIEWED, by=SITE,
        permission=Permission.QUESTIONS_REVIEW_DECIDE, endpoint="questions.list_reviews",
    ),
    Move(
        name="use", label="用于试卷", sources=(REVIEWED,), target=IN_USE, by=SITE,
        permission=Permission.QUESTIONS_REVIEW_DECIDE, endpoint="questions.list_reviews",
    ),
    Move(
        name="revise", label="修改", sources=(REVIEWED, IN_USE, RETIRED), target=DRAFT,
        by=EDITORS, permission=Permission.QUESTIONS_QUESTION_EDIT,
        endpoint="questions.edit_question",
    ),
    Move(
        name="retire", label="停用", sources=(DRAFT, REVIEWED, IN_USE), target=RETIRED,
        by=EDITORS, permission=Permission.QUESTIONS_QUESTION_EDIT, reason="停用原因",
        guard=check_not_waiting, question="停用后不能再选入试卷；已经发布的试卷不受影响。",
        done="这道题已停用。",
    ),
    Move(
        name="restore", label="恢复", sources=(RETIRED,), target=DRAFT, by=EDITORS,
        permission=Permission.QUESTIONS_QUESTION_EDIT,
        question="恢复后是“未审核”，重新审核通过才能选入试卷。", done="已恢复，请重新送审。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="questions.question",
    noun="题目",
    word="question",
    model=Question,
    states=STATES,
    moves=MOVES,
    title=lambda question: f"第{question.id}题",
    department=lambda _question: None,
    endpoint="questions.show_question",
    arguments=lambda question: {"record_id": question.id},
    object_type="question",
    begun="录入",
)
