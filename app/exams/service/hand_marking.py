"""人工评卷: short and long answers, marked by question, nobody knowing whose they are.

An exam with such answers is graded when the last of them is settled (`double_marking`), and not
before: no result counts an answer that nobody has read. Nobody marks his own answer, or one answer
twice; whoever may not see a key marks nothing (`questions.hidden_from`). Answers come in the order
of a hash and under a code: neither tells a name, a department or a time.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, func, select

from app.accounts.roster.holders import list_holders
from app.audit.models import AuditEvent
from app.exams.answer_shapes import is_answered
from app.exams.double_marking import are_apart, next_round, settle
from app.exams.marking import BY_HAND
from app.exams.models import AnswerMark, Exam, ExamState, PaperForm, PaperQuestion, Sitting
from app.exams.service.given import read_chosen
from app.exams.service.papers import get_locked, log
from app.exams.settings import APART_PERCENT
from app.inbox import service as inbox
from app.kernel import clock, db, keyed
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal, roles_with
from app.settings import service as settings

MARK = Permission.EXAMS_ANSWER_MARK
CODE_LENGTH = 10
MARKABLE = (ExamState.PUBLISHED, ExamState.GRADED)
WAITING = "还有{count}份主观题没有评完，评完后自动评卷。"
TAKEN = "这份答卷刚由别人评了，没有保存你的分数；请看下一份。"
RELEASED = "成绩已经公布，不能再评；题目或评分有问题的，请走题目纠错。"
NOT_YOURS = "这份答卷不由你评。"
OUTSIDE = "得分在0至{full}分之间，每0.5分一档。"
CHANGED = "这份答卷的分数刚改过，没有保存；请看现在的分数再改。"
REMARK_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class GivenMark:
    """What one marker gave; `is_mine` tells the reader that it was he."""

    round: int
    marks: Decimal
    remark: str
    version: int
    is_mine: bool


@dataclass(frozen=True, kw_only=True)
class HandAnswer:
    """An answer as its marker meets it: a code, the text, and what he may know of marks.

    `round` is which marker he would be; None where it is not his turn. A third one sees the marks
    of both before him, the second nothing of the first.
    """

    code: str
    text: str
    round: int | None
    mine: GivenMark | None
    seen: Sequence[GivenMark]
    is_settled: bool


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


def list_sittings(exam_id: int, number: int) -> list[Sitting]:
    """Give the sittings that are handed in and whose form asks a question, by code."""
    forms = db.session.execute(
        select(PaperForm.code, PaperForm.numbers).where(PaperForm.exam_id == exam_id)
    )
    asking = [code for code, numbers in forms if number in numbers]
    found = select(Sitting).where(
        Sitting.exam_id == exam_id,
        Sitting.handed_in_at.is_not(None),
        Sitting.form_code.in_(asking),
    )
    return sorted(db.session.scalars(found), key=lambda each: code_of(each, number))


def code_of(sitting: Sitting, number: int) -> str:
    """Give the code under which an answer is marked; another one for each question of a sitting.

    With the site's own key: whoever knows a sitting's public id from another page learns no code.
    """
    return keyed.digest(f"{sitting.public_id}:{number}:answer")[:CODE_LENGTH].upper()


def read_answers(exam_id: int, number: int) -> list[tuple[Sitting, str]]:
    """Give the answers to one question that say anything, in the order of their codes."""
    sittings = list_sittings(exam_id, number)
    chosen = read_chosen([each.id for each in sittings], number=number)
    texts = [(each, chosen.get(each.id, {}).get(number, ())) for each in sittings]
    return [(each, "\n".join(given)) for each, given in texts if is_answered(given)]


def read_marks(sitting_ids: Sequence[int]) -> Mapping[tuple[int, int], Sequence[AnswerMark]]:
    """Give all marks of some sittings, by sitting and number, by round."""
    found: dict[tuple[int, int], list[AnswerMark]] = defaultdict(list)
    rows = select(AnswerMark).where(AnswerMark.sitting_id.in_(list(sitting_ids)))
    for row in db.session.scalars(rows.order_by(AnswerMark.round)):
        found[row.sitting_id, row.number].append(row)
    return found


def apart_percent(exam: Exam) -> int:
    """Give by how much two markers may differ: what held on the day on which an exam was published.

    A later value is for later exams: no answer that is settled comes apart again.
    """
    told_at = exam.published_at or clock.now()
    return settings.get(APART_PERCENT, on=clock.local(told_at).date())


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
    exam = db.session.get_one(Exam, exam_id)
    percent = apart_percent(exam)
    for (sitting_id, number), marks in read_marks(sitting_ids).items():
        earned = settle(
            by_round(marks), full_marks[number], is_double=exam.is_double_marked, percent=percent
        )
        if earned is not None:
            settled[sitting_id][number] = earned
    return settled


def count_waiting(exam_id: int) -> int:
    """Count the answers of an exam that are not settled, and sittings that are not sealed yet."""
    if not list_hand_questions(exam_id):
        return 0
    unsealed = select(func.count()).where(
        Sitting.exam_id == exam_id,
        Sitting.started_at.is_not(None),
        Sitting.handed_in_at.is_(None),
    )
    unsettled = sum(each.answered - each.settled for each in list_progress(exam_id, None))
    return unsettled + (db.session.scalar(unsealed) or 0)


def list_progress(exam_id: int, person_id: int | None) -> list[Progress]:
    """Tell how far each question is that people mark, and how many answers wait for a person."""
    exam = db.session.get_one(Exam, exam_id)
    return [
        progress_of(question, list_answers(exam, question, person_id), person_id)
        for question in list_hand_questions(exam_id)
    ]


def progress_of(
    question: PaperQuestion, answers: Sequence[HandAnswer], person_id: int | None
) -> Progress:
    """Count the answers to one question."""
    return Progress(
        question=question,
        answered=len(answers),
        settled=sum(each.is_settled for each in answers),
        for_me=0 if person_id is None else sum(each.round is not None for each in answers),
    )


def list_answers(exam: Exam, question: PaperQuestion, person_id: int | None) -> list[HandAnswer]:
    """Give the answers to a question as one marker meets them; his own answer is left to others."""
    answers = read_answers(exam.id, question.number)
    marks = read_marks([sitting.id for sitting, _ in answers])
    percent = apart_percent(exam)
    return [
        as_met(
            exam,
            question,
            (sitting, text),
            marks.get((sitting.id, question.number), ()),
            person_id=person_id,
            percent=percent,
        )
        for sitting, text in answers
    ]


def as_met(
    exam: Exam,
    question: PaperQuestion,
    answer: tuple[Sitting, str],
    marks: Sequence[AnswerMark],
    *,
    person_id: int | None,
    percent: int,
) -> HandAnswer:
    """Give one answer as one marker meets it."""
    sitting, text = answer
    given = [
        GivenMark(
            round=each.round,
            marks=each.marks,
            remark=each.remark,
            version=each.version,
            is_mine=each.marker_id == person_id,
        )
        for each in marks
    ]
    mine = next((each for each in given if each.is_mine), None)
    rounds = by_round(marks)
    wanted = next_round(rounds, question.marks, is_double=exam.is_double_marked, percent=percent)
    is_free = mine is None and sitting.person_id != person_id
    turn = wanted if is_free else None
    is_third = turn is not None and are_apart(rounds, question.marks, percent)
    return HandAnswer(
        code=code_of(sitting, question.number),
        text=text,
        round=turn,
        mine=mine,
        seen=given if is_third else (),
        is_settled=wanted is None,
    )


@dataclass(frozen=True, kw_only=True)
class Marking:
    """What a marker sends: `version` is that of the marks of his own that he saw, 0 without any."""

    marks: Decimal
    remark: str
    version: int


def mark_answer(*, exam_id: int, number: int, code: str, marking: Marking, user: Principal) -> None:
    """Store what a marker gives, or gives anew; raises RefusedError.

    The exam is locked, so of two markers who send at once one comes second and is told.
    """
    exam = get_locked(exam_id)
    question = db.session.get(PaperQuestion, (exam_id, number))
    if question is None or exam.state not in MARKABLE:
        raise RefusedError(form=RELEASED)
    check_marks(marking.marks, question.marks)
    sitting = find_sitting(exam_id, number, code)
    if sitting is None or sitting.person_id == user.person_id:
        raise RefusedError(form=NOT_YOURS)
    marks = read_marks([sitting.id]).get((sitting.id, number), ())
    mine = next((each for each in marks if each.marker_id == user.person_id), None)
    if mine is not None:
        change(mine, marking)
    elif marking.version:
        raise RefusedError(form=CHANGED)
    else:
        add(exam, question, sitting, marks, marking, user)
    log(
        AuditEvent.EXAMS_ANSWER_MARKED,
        exam,
        user.person_id,
        number=number,
        sitting=sitting.public_id,
        marks=str(marking.marks),
    )


def check_marks(marks: Decimal, full: Decimal) -> None:
    """Refuse marks beyond the question's, and ones between the steps; raises RefusedError."""
    if not 0 <= marks <= full or marks * 2 % 1:
        raise RefusedError(marks=OUTSIDE.format(full=f"{full.normalize():f}"))


def change(mine: AnswerMark, marking: Marking) -> None:
    """Give other marks than before, in the open write; raises RefusedError."""
    if marking.version != mine.version:
        raise RefusedError(form=CHANGED)
    mine.marks, mine.remark, mine.marked_at = marking.marks, marking.remark, clock.now()
    mine.version += 1
    db.session.flush()


def add(  # noqa: PLR0917 - the parts of one row.
    exam: Exam,
    question: PaperQuestion,
    sitting: Sitting,
    marks: Sequence[AnswerMark],
    marking: Marking,
    user: Principal,
) -> None:
    """Store first marks of a marker, in the open write; raises RefusedError."""
    wanted = next_round(
        by_round(marks),
        question.marks,
        is_double=exam.is_double_marked,
        percent=apart_percent(exam),
    )
    if wanted is None:
        raise RefusedError(form=TAKEN)
    db.session.add(
        AnswerMark(
            sitting_id=sitting.id,
            number=question.number,
            round=wanted,
            marker_id=user.person_id,
            marks=marking.marks,
            remark=marking.remark,
            marked_at=clock.now(),
            version=1,
        )
    )
    db.session.flush()


def find_sitting(exam_id: int, number: int, code: str) -> Sitting | None:
    """Find whose answer stands under a code."""
    found = list_sittings(exam_id, number)
    return next((each for each in found if code_of(each, number) == code), None)


def forget_marks(sitting_id: int, number: int) -> bool:
    """Let an answer wait anew whose text is another one now, in the open write. Tells if it did."""
    had = bool(read_marks([sitting_id]).get((sitting_id, number)))
    db.session.execute(
        delete(AnswerMark).where(AnswerMark.sitting_id == sitting_id, AnswerMark.number == number)
    )
    return had


def list_remarks(sitting_id: int) -> Mapping[int, Sequence[str]]:
    """Give what markers wrote to somebody's answers, by number."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = select(AnswerMark).where(AnswerMark.sitting_id == sitting_id, AnswerMark.remark != "")
    for row in db.session.scalars(rows.order_by(AnswerMark.number, AnswerMark.round)):
        found[row.number].append(row.remark)
    return found


def notice_key(exam_id: int) -> str:
    """Name the notice that answers wait, which each marker gets once."""
    return f"exams.marking:{exam_id}"


def were_told(exam_id: int) -> bool:
    """Tell whether those who mark know already."""
    return inbox.was_told(notice_key(exam_id))


def tell(exam: Exam, waiting: int, *, about: str = "") -> None:
    """Tell whoever may mark that answers wait, in the open write; once `about` each thing."""
    inbox.tell(
        [each.id for each in list_holders(roles_with(MARK), clock.today())],
        f"{exam.title}：有{waiting}份主观题答卷等着评分，评完后自动评卷。",
        endpoint="exams.list_marking",
        arguments={"exam_id": exam.id},
        key=f"{notice_key(exam.id)}{about}",
    )
