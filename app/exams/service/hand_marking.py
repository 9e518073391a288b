"""人工评卷: what a marker gives, and who is told that answers wait.

"Short and essay answers marked by question with names hidden." Nobody marks his own answer, or one
answer twice; whoever may not see a key marks nothing (`questions.hidden_from`). How answers are met
stands in `hand_answers`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete

from app.accounts.roster.holders import list_holders
from app.audit.models import AuditEvent
from app.exams.double_marking import THIRD, next_round
from app.exams.models import AnswerMark, Exam, ExamState, PaperQuestion, Sitting
from app.exams.service.hand_answers import (
    by_round,
    code_of,
    list_hand_questions,
    list_sittings,
    may_change,
    read_marks,
    rule_of,
)
from app.exams.service.papers import get_locked, log, questions_sat_by
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal, roles_with

MARK = Permission.EXAMS_ANSWER_MARK
MARKABLE = (ExamState.PUBLISHED, ExamState.GRADED)
TAKEN = "这份答卷刚由别人评了，没有保存你的分数；请看下一份。"
RELEASED = "成绩已经公布，不能再评；题目或评分有问题的，请走题目纠错。"
NOT_YOURS = "这份答卷不由你评。"
OUTSIDE = "得分在0至{full}分之间，每0.5分一档。"
CHANGED = "这份答卷的分数刚改过，没有保存；请看现在的分数再改。"
BY_THIRD = "这份答卷已由第三人评定，前两人的分数不再改。"
REMARK_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class Marking:
    """What a marker sends: `version` is that of the marks of his own that he saw, 0 without any."""

    marks: Decimal
    remark: str
    version: int


def mark_answer(*, exam_id: int, number: int, code: str, marking: Marking, user: Principal) -> None:
    """Store what a marker gives, or gives anew; raises RefusedError.

    The exam is locked, so of two markers who send at once one comes second and is told. Where this
    leaves two markers apart, those who can be the third are told.
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
        change(mine, marking, marks)
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
    given = read_marks([sitting.id])[sitting.id, number]
    if next_round(by_round(given), question.marks, rule_of(exam)) == THIRD:
        tell_third(exam, given)


def check_marks(marks: Decimal, full: Decimal) -> None:
    """Refuse marks beyond the question's, and ones between the steps; raises RefusedError."""
    if not 0 <= marks <= full or marks * 2 % 1:
        raise RefusedError(marks=OUTSIDE.format(full=f"{full.normalize():f}"))


def change(mine: AnswerMark, marking: Marking, given: Sequence[AnswerMark]) -> None:
    """Give other marks than before, in the open write; raises RefusedError.

    What a third has settled, the first two can't move: he had their marks before him.
    """
    if not may_change(mine.round, given):
        raise RefusedError(form=BY_THIRD)
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
    wanted = next_round(by_round(marks), question.marks, rule_of(exam))
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


def notice_key(exam_id: int) -> str:
    """Name the notice that answers wait, which each marker gets once."""
    return f"exams.marking:{exam_id}"


def were_told(exam_id: int) -> bool:
    """Tell whether those who mark know already."""
    return inbox.was_told(notice_key(exam_id))


def list_markers(exam_id: int) -> list[int]:
    """Give who can mark something: not those who sit all of it themselves, unreleased."""
    wanted = {each.question_id for each in list_hand_questions(exam_id)}
    holders = list_holders(roles_with(MARK), clock.today())
    return [each.id for each in holders if not wanted <= questions_sat_by(each.id)]


def tell_third(exam: Exam, given: Sequence[AnswerMark]) -> None:
    """Tell those who have not marked an answer that two are apart, each once for an exam."""
    others = set(list_markers(exam.id)) - {each.marker_id for each in given}
    notify(exam, others, "有答卷两人评分相差较大，等第三人评定。", about=":third")


def tell(exam: Exam, waiting: int, *, about: str = "") -> None:
    """Tell whoever can mark that answers wait, in the open write; once `about` each thing."""
    text = f"有{waiting}份主观题答卷等着评分，评完后自动评卷。"
    notify(exam, list_markers(exam.id), text, about=about)


def notify(exam: Exam, person_ids: Collection[int], text: str, *, about: str) -> None:
    """Write to some markers, in the open write; to each once `about` each thing."""
    inbox.tell(
        person_ids,
        f"{exam.title}：{text}",
        endpoint="exams.list_marking",
        arguments={"exam_id": exam.id},
        key=f"{notice_key(exam.id)}{about}",
    )
