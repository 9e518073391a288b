"""题目纠错 as 经办人 and deciders meet it: beginning one without a doubt, checking, listing.

What is proposed is tested here: a further answer must fit the question as its key does, and differ
from every answer that counts already.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from app.exams import correction_flow
from app.exams.marking import BY_HAND
from app.exams.models import (
    CorrectionKind,
    CorrectionState,
    Exam,
    PaperKey,
    PaperQuestion,
    QuestionCorrection,
    QuestionDoubt,
)
from app.exams.service import doubts
from app.exams.service.amendments import Amendment, read_amendments
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.questions.checking import key_faults
from app.questions.key_text import read_key
from app.questions.parsing.result import Option
from app.workflow import service as workflow

NO_KEY_BY_HAND = "简答题、论述题由人评分，不能增加答案；可以维持，或者作废。"
ALREADY_RIGHT = "这个答案本来就算对，请核对。"
ALREADY_VOID = "这道题已经作废，不用再更正。"
NOTHING_TO_CHECK = "这道题已经有人核对，请看最新的情况。"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What whoever checked proposes; `further` is an answer as people write it."""

    kind: CorrectionKind
    further: str
    opinion: str


@dataclass(frozen=True, kw_only=True)
class Questioned:
    """A frozen question with its key, and what decided corrections say of it."""

    question: PaperQuestion
    key: PaperKey
    amendment: Amendment


def select_corrections_for(user: Principal) -> Statement:
    """Select the corrections that this person may see, with exam, question, number of doubts."""
    doubt_count = (
        select(func.count())
        .where(
            QuestionDoubt.exam_id == QuestionCorrection.exam_id,
            QuestionDoubt.number == QuestionCorrection.number,
        )
        .scalar_subquery()
    )
    found = (
        select(QuestionCorrection, Exam, PaperQuestion, doubt_count)
        .join(Exam, Exam.id == QuestionCorrection.exam_id)
        .join(
            PaperQuestion,
            (PaperQuestion.exam_id == QuestionCorrection.exam_id)
            & (PaperQuestion.number == QuestionCorrection.number),
        )
    )
    return found if user.can(Permission.EXAMS_RESULT_READ) else found.where(Exam.id.is_(None))


def get_correction_for(user: Principal, correction_id: int) -> QuestionCorrection | None:
    """Give one that this person may see."""
    found: QuestionCorrection | None = db.session.scalar(
        select_corrections_for(user).where(QuestionCorrection.id == correction_id)
    )
    return found


def get_questioned(exam_id: int, number: int) -> Questioned | None:
    """Give a frozen question of a marked exam with its key; the caller decides who may see it."""
    question = db.session.get(PaperQuestion, (exam_id, number))
    key = db.session.get(PaperKey, (exam_id, number))
    if question is None or key is None:
        return None
    return Questioned(
        question=question,
        key=key,
        amendment=read_amendments(exam_id)[number],
    )


def open_correction(*, exam_id: int, number: int, user: Principal) -> int:
    """Begin a correction of what one has found oneself; gives its id, or that of one that waits."""
    waiting = doubts.get_open(exam_id, number)
    if waiting is not None:
        return waiting.id
    if db.session.get_one(Exam, exam_id).state not in correction_flow.MARKED:
        raise RefusedError(form=correction_flow.NOT_MARKED)
    return doubts.begin(exam_id, number, user=user).id


def read_further(questioned: Questioned, finding: Finding) -> list[Any]:
    """Read the further answer of a finding, [] where it proposes none; raises RefusedError."""
    if questioned.amendment.is_void and finding.kind is not CorrectionKind.UNCHANGED:
        raise RefusedError(kind=ALREADY_VOID)
    if finding.kind is not CorrectionKind.FURTHER:
        return []
    question = questioned.question
    if question.kind in BY_HAND:
        raise RefusedError(kind=NO_KEY_BY_HAND)
    key = read_key(question.kind, finding.further, stem=question.stem)
    options = [Option(label=each["label"], text=each["text"]) for each in question.options]
    for fault in key_faults(question.kind, options, key):
        raise RefusedError(further=fault)
    if key in [list(questioned.key.key), *map(list, questioned.amendment.further)]:
        raise RefusedError(further=ALREADY_RIGHT)
    return key


def check_correction(
    *, correction_id: int, finding: Finding, seen_version: int, user: Principal
) -> QuestionCorrection:
    """Say what is right, for a second person to decide; raises RefusedError."""
    correction = db.session.get_one(QuestionCorrection, correction_id)
    questioned = get_questioned(correction.exam_id, correction.number)
    if questioned is None or correction.state is not CorrectionState.RAISED:
        raise RefusedError(form=NOTHING_TO_CHECK)
    data: Mapping[str, Any] = MappingProxyType(
        {
            "kind": finding.kind.value,
            "further_key": read_further(questioned, finding),
            "opinion": finding.opinion,
        }
    )
    checked: QuestionCorrection = workflow.execute(
        correction_flow.FLOW,
        record_id=correction_id,
        name="check",
        user=user,
        seen_version=seen_version,
        data=data,
    )
    return checked
