"""The answers that people mark, as their markers meet them, and how far that is.

Answers come under a code and in its order: neither tells a name, a department or a time. An exam
waits for its first run until every answer that says anything is settled (`double_marking`).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from app.exams.answer_shapes import is_answered
from app.exams.double_marking import THIRD, Rule, are_apart, next_round, settle
from app.exams.marking import BY_HAND
from app.exams.models import AnswerMark, Exam, PaperForm, PaperQuestion, Sitting
from app.exams.service.given import read_chosen
from app.exams.settings import APART_PERCENT
from app.kernel import clock, db, keyed
from app.settings import service as settings

CODE_LENGTH = 10
WAITING = "还有{count}份主观题没有评完，评完后自动评卷。"


@dataclass(frozen=True, kw_only=True)
class GivenMark:
    """What one marker gave; `is_mine` tells the reader that it was he."""

    round: int
    marks: Decimal
    remark: str
    version: int
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class Given:
    """An answer as it was handed in, with all marks that it has."""

    sitting: Sitting
    text: str
    marks: Sequence[AnswerMark]


@dataclass(frozen=True, kw_only=True)
class HandAnswer:
    """An answer as its marker meets it: a code, the text, and what he may know of marks.

    `round` is which marker he would be; None where it is not his turn. A third one sees the marks
    of both before him, the second nothing of the first. `may_change` is about `mine`.
    """

    code: str
    text: str
    round: int | None
    mine: GivenMark | None
    seen: Sequence[GivenMark]
    is_settled: bool
    may_change: bool


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far the answers to one question are: all that were given, those settled, those for me."""

    question: PaperQuestion
    answered: int
    settled: int
    for_me: int


def list_hand_questions(exam_id: int) -> list[PaperQuestion]:
    """Give the questions of an exam that people mark."""
    found = (
        select(PaperQuestion)
        .where(PaperQuestion.exam_id == exam_id, PaperQuestion.kind.in_(BY_HAND))
        .order_by(PaperQuestion.number)
    )
    return list(db.session.scalars(found))


def rule_of(exam: Exam) -> Rule:
    """Give by how much two markers may differ: what held on the day an exam was published.

    A later value is for later exams: no answer that is settled comes apart again.
    """
    told_at = exam.published_at or clock.now()
    percent = settings.get(APART_PERCENT, on=clock.local(told_at).date())
    return Rule(is_double=exam.is_double_marked, percent=percent)


def list_sittings(exam_id: int, number: int) -> Sequence[Sitting]:
    """Give the sittings that are handed in and whose form asks a question."""
    forms = db.session.execute(
        select(PaperForm.code, PaperForm.numbers).where(PaperForm.exam_id == exam_id)
    )
    asking = [code for code, numbers in forms if number in numbers]
    found = select(Sitting).where(
        Sitting.exam_id == exam_id,
        Sitting.handed_in_at.is_not(None),
        Sitting.form_code.in_(asking),
    )
    return db.session.scalars(found).all()


def code_of(sitting: Sitting, number: int) -> str:
    """Give the code under which an answer is marked; another one for each question of a sitting.

    With the site's own key: whoever knows a sitting's public id from another page learns no code.
    """
    return keyed.digest(f"{sitting.public_id}:{number}:answer")[:CODE_LENGTH].upper()


def read_marks(
    sitting_ids: Sequence[int],
) -> defaultdict[tuple[int, int], list[AnswerMark]]:
    """Give all marks of some sittings, by sitting and number, by round."""
    found: defaultdict[tuple[int, int], list[AnswerMark]] = defaultdict(list)
    rows = select(AnswerMark).where(AnswerMark.sitting_id.in_(list(sitting_ids)))
    for row in db.session.scalars(rows.order_by(AnswerMark.round)):
        found[row.sitting_id, row.number].append(row)
    return found


def by_round(marks: Sequence[AnswerMark]) -> dict[int, Decimal]:
    """Give marks by the round in which they were given."""
    return {each.round: each.marks for each in marks}


def settle_batch(
    exam_id: int, full_marks: Mapping[int, Decimal], sitting_ids: Sequence[int]
) -> Mapping[int, Mapping[int, Decimal]]:
    """Give what hand-marked answers of some sittings earn; unsettled ones are left out.

    `full_marks` has the questions that people mark, by number.
    """
    settled: dict[int, dict[int, Decimal]] = defaultdict(dict)
    if not full_marks:
        return settled
    rule = rule_of(db.session.get_one(Exam, exam_id))
    for (sitting_id, number), marks in read_marks(sitting_ids).items():
        earned = settle(by_round(marks), full_marks[number], rule)
        if earned is not None:
            settled[sitting_id][number] = earned
    return settled


def count_waiting(exam_id: int) -> int:
    """Count the answers of an exam that are not settled, and sittings that are not sealed yet."""
    questions = list_hand_questions(exam_id)
    if not questions:
        return 0
    exam = db.session.get_one(Exam, exam_id)
    unsettled = sum(
        not answer.is_settled for each in questions for answer in list_answers(exam, each, None)
    )
    unsealed = select(func.count()).where(
        Sitting.exam_id == exam_id,
        Sitting.started_at.is_not(None),
        Sitting.handed_in_at.is_(None),
    )
    return unsettled + (db.session.scalar(unsealed) or 0)


def list_progress(exam_id: int, person_id: int) -> list[Progress]:
    """Tell how far each question is that people mark, and how many answers wait for a person."""
    exam = db.session.get_one(Exam, exam_id)
    return [
        progress_of(question, list_answers(exam, question, person_id))
        for question in list_hand_questions(exam_id)
    ]


def progress_of(question: PaperQuestion, answers: Sequence[HandAnswer]) -> Progress:
    """Count the answers to one question as one marker meets them."""
    return Progress(
        question=question,
        answered=len(answers),
        settled=sum(each.is_settled for each in answers),
        for_me=sum(each.round is not None for each in answers),
    )


def list_answers(exam: Exam, question: PaperQuestion, person_id: int | None) -> list[HandAnswer]:
    """Give the answers to a question that say anything, as one marker meets them, by code.

    Without a person as nobody meets them, for counting.
    """
    sittings = list_sittings(exam.id, question.number)
    ids = [each.id for each in sittings]
    chosen, marks, rule = read_chosen(ids, question.number), read_marks(ids), rule_of(exam)
    handed_in = [
        Given(sitting=each, text="\n".join(said), marks=marks[each.id, question.number])
        for each in sittings
        if is_answered(said := chosen.get(each.id, {}).get(question.number, ()))
    ]
    met = [as_met(question, rule, each, person_id) for each in handed_in]
    return sorted(met, key=lambda each: each.code)


def as_met(question: PaperQuestion, rule: Rule, given: Given, person_id: int | None) -> HandAnswer:
    """Give one answer as one marker meets it; his own is left to others."""
    marks = [
        GivenMark(
            round=each.round,
            marks=each.marks,
            remark=each.remark,
            version=each.version,
            is_mine=each.marker_id == person_id,
        )
        for each in given.marks
    ]
    mine = next((each for each in marks if each.is_mine), None)
    rounds = by_round(given.marks)
    wanted = next_round(rounds, question.marks, rule)
    turn = wanted if mine is None and given.sitting.person_id != person_id else None
    is_third = turn is not None and are_apart(rounds, question.marks, rule)
    return HandAnswer(
        code=code_of(given.sitting, question.number),
        text=given.text,
        round=turn,
        mine=mine,
        seen=marks if is_third else (),
        is_settled=wanted is None,
        may_change=mine is not None and may_change(mine.round, given.marks),
    )


def may_change(round_: int, given: Sequence[AnswerMark]) -> bool:
    """Tell whether the marks of one round may become others: until a third has settled them."""
    return round_ == THIRD or THIRD not in by_round(given)


def list_remarks(sitting_id: int) -> Mapping[int, Sequence[str]]:
    """Give what markers wrote to somebody's answers, by number."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = select(AnswerMark).where(AnswerMark.sitting_id == sitting_id, AnswerMark.remark != "")
    for row in db.session.scalars(rows.order_by(AnswerMark.number, AnswerMark.round)):
        found[row.number].append(row.remark)
    return found
