"""Sheets on which questions are reviewed: put together, struck from, read.

"review by a second person as a workflow": who drafted the sheet can't pass it, and nobody passes a
question that he wrote. A sheet that names a question which a person sits is not there for him.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, exists, false, select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.questions import service
from app.questions.as_parsed import as_parsed
from app.questions.checking import key_faults, option_faults
from app.questions.models import Question, QuestionState, QuestionVersion
from app.questions.question_flow import waiting_among
from app.questions.reviews.models import (
    QuestionReview,
    QuestionReviewLine,
    ReviewLineState,
    ReviewState,
)
from app.questions.reviews.workflow import FLOW
from app.workflow import service as workflow
from app.workflow.numbering import next_number

SERIES = "题审"
MOST_LINES = 100
MAX_REASON = 200
NOTHING_CHOSEN = "请先勾选要送审的题目。"
TOO_MANY = "一张送审单最多{most}道题，这里是{count}道，请分几张送审。"
NO_DRAFT = "不是“未审核”的题不用送审，请去掉。"
NOT_THERE = "没有这道题，请刷新列表后再选。"
ALREADY_WAITING = "已经在别的送审单上，请去掉，或者先从那张单上撤出。"
NO_BASIS = "没有写依据，请先补上制度或方案的名称和条款。"
NOT_OPEN = "这张送审单已经办结，请看最新的内容。"
NOT_PENDING = "这一项已经办过，请看最新的内容。"
NO_REASON = "请写明退回原因，写清要改什么。"
LONG_REASON = "退回原因最多{most}个字，请写短一些。"
NOT_YOURS = "你没有办理这一项的权限，请由审核人退回，或者由经办人撤出。"
NOT_OWN_REVIEWER = "送审的人不能退回自己送审的题，要拿下来请用“撤出这一题”。"

LineRow = tuple[QuestionReviewLine, QuestionVersion]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A sheet that was sent, and what of the chosen questions is not on it, with the reasons."""

    review_id: int
    number: str
    count: int
    faults: dict[int, str]


@dataclass(frozen=True, kw_only=True)
class Sendable:
    """Which of some questions can go on a sheet, and why the others can't, by their numbers."""

    rows: Sequence[tuple[Question, QuestionVersion]]
    faults: dict[int, str]


def draft_review(*, question_ids: Sequence[int], user: Principal) -> QuestionReview:
    """Put questions on a sheet that waits for a second person; raises RefusedError.

    Lines stand in the order of the questions' numbers and name the version in force.
    """
    if not question_ids:
        raise RefusedError(questions=NOTHING_CHOSEN)
    check_number(len(set(question_ids)))
    found = find_sendable(question_ids, user)
    if found.faults:
        raise RefusedError(questions=told(found.faults))
    return put_up(found.rows, user)


def check_number(count: int) -> None:
    """Refuse more questions than a sheet has room for; raises RefusedError."""
    if count > MOST_LINES:
        raise RefusedError(questions=TOO_MANY.format(most=MOST_LINES, count=count))


def put_up(rows: Sequence[tuple[Question, QuestionVersion]], user: Principal) -> QuestionReview:
    """Put questions that were looked at on a new sheet, in the open write."""
    review = QuestionReview(
        number=next_number(SERIES, on=clock.today()),
        state=ReviewState.WAITING,
        drafted_by_id=user.person_id,
        drafted_at=clock.now(),
        moved_at=clock.now(),
        version=1,
    )
    # Its step is named after its lines: they stand before its path begins.
    db.session.add(review)
    db.session.flush()
    add_lines(review.id, rows)
    workflow.begin(FLOW, review, user=user)
    return review


def send_chosen(*, question_ids: Sequence[int], user: Principal) -> Sent:
    """Put those of the chosen questions on a sheet that can be reviewed; raises RefusedError."""
    if not question_ids:
        raise RefusedError(questions=NOTHING_CHOSEN)
    found = find_sendable(question_ids, user)
    if not found.rows:
        raise RefusedError(questions=told(found.faults))
    check_number(len(found.rows))
    review, count = put_up(found.rows, user), len(found.rows)
    return Sent(review_id=review.id, number=review.number, count=count, faults=found.faults)


def add_lines(review_id: int, rows: Sequence[tuple[Question, QuestionVersion]]) -> None:
    """Add a line for each question, in the version that is looked at."""
    for place, (question, version) in enumerate(rows, start=1):
        db.session.add(
            QuestionReviewLine(
                review_id=review_id,
                place=place,
                question_id=question.id,
                wording=version.number,
                author_id=version.created_by_id,
                state=ReviewLineState.PENDING,
            )
        )
    db.session.flush()


def find_sendable(question_ids: Collection[int], user: Principal) -> Sendable:
    """Look at each question whether it can be reviewed."""
    wanted = sorted(set(question_ids))
    statement = service.select_questions_for(user).where(Question.id.in_(wanted))
    found = {row[0].id: (row[0], row[1]) for row in db.session.execute(statement)}
    waiting = waiting_among(wanted)
    faults = {each: NOT_THERE for each in wanted if each not in found}
    for number, (question, version) in found.items():
        if fault := fault_of(question, version, is_waiting=number in waiting):
            faults[number] = fault
    rows = [found[each] for each in wanted if each in found and each not in faults]
    return Sendable(rows=rows, faults=dict(sorted(faults.items())))


def fault_of(question: Question, version: QuestionVersion, *, is_waiting: bool) -> str:
    """Say why a question can't be reviewed now; "" where it can."""
    if question.state is not QuestionState.DRAFT:
        return NO_DRAFT
    if is_waiting:
        return ALREADY_WAITING
    if not version.basis.strip():
        return NO_BASIS
    parsed = as_parsed(version)
    faults = (
        *option_faults(version.kind, parsed.options),
        *key_faults(version.kind, parsed.options, parsed.answer),
    )
    return faults[0] if faults else ""


def told(faults: dict[int, str]) -> str:
    """Say of which questions what has to be done; those with the same fault together."""
    by_fault: dict[str, list[str]] = {}
    for number, fault in faults.items():
        by_fault.setdefault(fault, []).append(str(number))
    return "".join(f"第{'、'.join(each)}题：{fault}" for fault, each in by_fault.items())


def strike_line(*, review_id: int, place: int, reason: str, user: Principal) -> QuestionReviewLine:
    """Take one question off a sheet that waits; raises RefusedError.

    A reviewer gives it back with a reason; without the right to decide, or on his own sheet, a
    经办人 takes it off. The sheet stays open, and its version counts the change.
    """
    review = workflow.get_locked(FLOW, review_id)
    if review.state is not ReviewState.WAITING:
        raise RefusedError(form=NOT_OPEN)
    line = db.session.get(QuestionReviewLine, (review_id, place))
    if line is None or line.state is not ReviewLineState.PENDING:
        raise RefusedError(form=NOT_PENDING)
    line.state = struck_state(review, user)
    line.note = reason.strip()
    check_reason(line)
    line.decided_by_id = user.person_id
    workflow.touch(review)
    db.session.flush()
    append(
        AuditEvent.QUESTIONS_STRUCK,
        person_id=user.person_id,
        object_type="question_review",
        object_id=review_id,
        question=line.question_id,
        state=line.state.value,
    )
    return line


def struck_state(review: QuestionReview, user: Principal) -> ReviewLineState:
    """Tell as what somebody takes a question off; raises RefusedError."""
    may_decide = user.can(Permission.QUESTIONS_REVIEW_DECIDE)
    if may_decide and review.drafted_by_id != user.person_id:
        return ReviewLineState.RETURNED
    if user.can(Permission.QUESTIONS_QUESTION_EDIT):
        return ReviewLineState.WITHDRAWN
    raise RefusedError(form=NOT_OWN_REVIEWER if may_decide else NOT_YOURS)


def check_reason(line: QuestionReviewLine) -> None:
    """Refuse to give a question back without a word; raises RefusedError."""
    if line.state is ReviewLineState.RETURNED and not line.note:
        raise RefusedError(reason=NO_REASON)
    if len(line.note) > MAX_REASON:
        raise RefusedError(reason=LONG_REASON.format(most=MAX_REASON))


def select_reviews_for(user: Principal) -> Select[QuestionReview]:
    """Select the sheets that this person may see: none with a question whose key he must not."""
    statement = select(QuestionReview)
    if not user.can(Permission.QUESTIONS_BANK_READ):
        return statement.where(false())
    hidden = service.hidden_from(user)
    if not hidden:
        return statement
    names_hidden = exists().where(
        QuestionReviewLine.review_id == QuestionReview.id,
        QuestionReviewLine.question_id.in_(hidden),
    )
    return statement.where(~names_hidden)


def get_review_for(user: Principal, review_id: int) -> QuestionReview | None:
    """Give a sheet that this person may see, or None."""
    return db.session.scalar(select_reviews_for(user).where(QuestionReview.id == review_id))


def list_lines(review_id: int) -> list[LineRow]:
    """Give the lines of a sheet with the versions that they name, in their order."""
    rows = db.session.execute(
        select(QuestionReviewLine, QuestionVersion)
        .join(
            QuestionVersion,
            (QuestionVersion.question_id == QuestionReviewLine.question_id)
            & (QuestionVersion.number == QuestionReviewLine.wording),
        )
        .where(QuestionReviewLine.review_id == review_id)
        .order_by(QuestionReviewLine.place)
    )
    return [(row[0], row[1]) for row in rows]


def last_passed(wordings: Mapping[int, int]) -> list[QuestionVersion]:
    """Give of questions the version that was passed last before the one named."""
    rows = db.session.scalars(
        select(QuestionVersion)
        .join(
            QuestionReviewLine,
            (QuestionReviewLine.question_id == QuestionVersion.question_id)
            & (QuestionReviewLine.wording == QuestionVersion.number),
        )
        .where(
            QuestionReviewLine.question_id.in_(wordings),
            QuestionReviewLine.state == ReviewLineState.PASSED,
        )
        .order_by(QuestionVersion.number)
    )
    found = {each.question_id: each for each in rows if each.number < wordings[each.question_id]}
    return list(found.values())


def list_reviews_of(question_id: int) -> list[tuple[QuestionReviewLine, QuestionReview]]:
    """Give the sheets on which a question stood, the newest first."""
    rows = db.session.execute(
        select(QuestionReviewLine, QuestionReview)
        .join(QuestionReview, QuestionReview.id == QuestionReviewLine.review_id)
        .where(QuestionReviewLine.question_id == question_id)
        .order_by(QuestionReview.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def seen_among(review_ids: Collection[int], user: Principal) -> frozenset[int]:
    """Give those of some sheets that this person may see."""
    statement = select_reviews_for(user).where(QuestionReview.id.in_(review_ids))
    return frozenset(db.session.scalars(statement.with_only_columns(QuestionReview.id)))
