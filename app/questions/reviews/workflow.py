"""The states and moves of a 题目送审单, as data: written by one, passed by another.

What was struck out stays behind with its reason; the rest is passed by one decision, in the site or
by the sheet that was printed and signed. So a hall of one person can begin.
"""

from sqlalchemy import select

from app.kernel import db
from app.kernel.permissions import Permission
from app.questions.question_flow import FLOW as QUESTION_FLOW
from app.questions.reviews.models import (
    QuestionReview,
    QuestionReviewLine,
    ReviewLineState,
    ReviewState,
)
from app.questions.settings import REVIEW_DAYS
from app.workflow import service as workflow
from app.workflow.definition import Act, Flow, Holders, Move, State, Waiting, refuse
from app.workflow.service import setting_days

EDITORS = Holders(permission=Permission.QUESTIONS_QUESTION_EDIT)
REVIEWERS = Holders(permission=Permission.QUESTIONS_REVIEW_DECIDE)
NOTHING_LEFT = "单上的题都退回或者撤出了，没有可以通过的，请撤回这张送审单。"
OWN_QUESTIONS = "单上第{places}项是审核人自己写的，请先退回这几项，或者由其他人审核。"


def list_pending(review: QuestionReview) -> list[QuestionReviewLine]:
    """Give the lines that are not decided yet, in their order."""
    return list(
        db.session.scalars(
            select(QuestionReviewLine)
            .where(
                QuestionReviewLine.review_id == review.id,
                QuestionReviewLine.state == ReviewLineState.PENDING,
            )
            .order_by(QuestionReviewLine.place)
        )
    )


def check_lines(review: QuestionReview, act: Act) -> None:
    """Refuse to pass nothing, and refuse one's own questions."""
    pending = list_pending(review)
    if not pending:
        refuse(form=NOTHING_LEFT)
    own = [str(each.place) for each in pending if each.author_id == act.decided_by_id]
    if own:
        refuse(form=OWN_QUESTIONS.format(places="、".join(own)))


def pass_lines(review: QuestionReview, act: Act) -> None:
    """Let every question that is left be drawn from now on."""
    for each in list_pending(review):
        each.state, each.decided_by_id = ReviewLineState.PASSED, act.decided_by_id
        db.session.flush()
        workflow.execute(
            QUESTION_FLOW, record_id=each.question_id, name="pass", user=None, reason=review.number
        )


def return_lines(review: QuestionReview, act: Act) -> None:
    """Give all that is left back to those who wrote it."""
    for each in list_pending(review):
        each.state, each.note = ReviewLineState.RETURNED, act.reason
        each.decided_by_id = act.decided_by_id
    db.session.flush()


def withdraw_lines(review: QuestionReview, act: Act) -> None:
    """Take all that is left off the sheet."""
    for each in list_pending(review):
        each.state, each.decided_by_id = ReviewLineState.WITHDRAWN, act.decided_by_id
    db.session.flush()


def title_of(review: QuestionReview) -> str:
    """Name a sheet in one line, without a word of its questions."""
    count = db.session.query(QuestionReviewLine).filter_by(review_id=review.id).count()
    return f"{review.number}（{count}道题）"


def facts(review: QuestionReview) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question; never a question or its key."""
    pending = list_pending(review)
    return [("待审核", f"{len(pending)}道题")]


STATES = (
    State(
        value=ReviewState.WAITING, label="待审核", kind="amber", owner=REVIEWERS,
        days=setting_days(REVIEW_DAYS),
    ),
    State(value=ReviewState.APPROVED, label="已通过", kind="green", waiting=Waiting.CLOSED),
    State(value=ReviewState.RETURNED, label="已退回", waiting=Waiting.CLOSED),
    State(value=ReviewState.WITHDRAWN, label="已撤回", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="approve", label="审核通过", sources=(ReviewState.WAITING,),
        target=ReviewState.APPROVED, by=REVIEWERS,
        permission=Permission.QUESTIONS_REVIEW_DECIDE, stamp="approved",
        not_by=("drafted_by_id",), refused="送审的人不能审核自己送审的题，请由其他人审核。",
        is_approval=True, guard=check_lines, effect=pass_lines, is_primary=True,
        tells=("drafted_by_id",),
        question="通过后，单上没有退回的题都可以选入试卷。", done="已审核通过，可以选入试卷。",
    ),
    Move(
        name="send-back", label="整单退回", sources=(ReviewState.WAITING,),
        target=ReviewState.RETURNED, by=REVIEWERS,
        permission=Permission.QUESTIONS_REVIEW_DECIDE, reason="退回原因", effect=return_lines,
        tells=("drafted_by_id",), done="已整单退回，题目改好后可以重新送审。",
    ),
    Move(
        name="withdraw", label="撤回", sources=(ReviewState.WAITING,),
        target=ReviewState.WITHDRAWN, by=EDITORS,
        permission=Permission.QUESTIONS_QUESTION_EDIT, effect=withdraw_lines,
        question="撤回后题目仍是“未审核”，可以修改后重新送审。", done="已撤回。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="questions.review",
    noun="题目送审单",
    word="review",
    model=QuestionReview,
    states=STATES,
    moves=MOVES,
    title=title_of,
    department=lambda _review: None,
    endpoint="questions.show_review",
    arguments=lambda review: {"record_id": review.id},
    object_type="question_review",
    begun="送审",
    facts=facts,
)
