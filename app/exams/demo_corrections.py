"""题目纠错 of the demonstration: one question void, one kept, one that waits for the chief.

Last month's marks were out when two people doubted a question; the 经办人 checked, the chief
decided, everybody was marked again. Another doubt was answered with the basis of the key. A third
question the 经办人 has found himself: it waits since yesterday.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from app.accounts.demo_cast import one_of_cast
from app.accounts.demo_days import at
from app.exams.correction_flow import FLOW
from app.exams.models import (
    CorrectionKind,
    Exam,
    PaperQuestion,
    QuestionCorrection,
    Sitting,
    SittingResult,
)
from app.exams.service import corrections, doubts
from app.exams.service.corrections import Finding
from app.kernel import clock, db
from app.questions.kinds import QuestionKind
from app.workdays import service as workdays
from app.workflow import service as workflow

CHECKS, DECIDES = "QY0103", "QY0201"
DOUBTS = (
    "题干没有写明是哪一类窗口，两种理解都说得通，请核对。",
    "这个说法在不同岗位的规定里不一样，请核对依据。",
)
KEPT_DOUBT = "选项里两个说法都见过，是不是都可以？"
VOID_OPINION = "题干没有写明适用哪一类岗位，有歧义，建议作废，题库里改好再用。"
KEPT_OPINION = "依据原文写得明确，只有这一个选项与原文一致。"
FOUND_OPINION = "题干没有写明以哪一年的方案为准，两个方案的说法不同，建议作废，题库里改好再用。"


def correct_some(exam_id: int, today: date, work: Callable[[], None]) -> None:
    """Doubt, check and decide after an exam's release; `work` does what a decision orders."""
    exam = db.session.get_one(Exam, exam_id)
    released = clock.local(exam.released_at or exam.closes_at).date()
    wrong = read_wrong(exam_id)
    judged = list_numbers(exam_id, QuestionKind.TRUE_FALSE, wrong)
    single = list_numbers(exam_id, QuestionKind.SINGLE, wrong)
    calendar = workdays.get_calendar()
    checked_on = calendar.next_workday(released)
    void = doubt(judged[0], wrong[judged[0]], released, DOUBTS)
    kept = doubt(single[0], wrong[single[0]], released, (KEPT_DOUBT,))
    check(void, CorrectionKind.VOID, VOID_OPINION, checked_on)
    check(kept, CorrectionKind.UNCHANGED, KEPT_OPINION, checked_on)
    decide(kept, "keep", checked_on, 15)
    decide(void, "apply", checked_on, 16)
    with clock.frozen(at(checked_on, 16, 2)):
        work()
    yesterday = calendar.last_workday(today - timedelta(days=1))
    with clock.frozen(at(yesterday, 15)), db.write():
        found = corrections.open_correction(
            exam_id=exam_id, number=single[1], user=one_of_cast(CHECKS)
        )
    check(found, CorrectionKind.VOID, FOUND_OPINION, yesterday, 16)


def read_wrong(exam_id: int) -> dict[int, list[Sitting]]:
    """Give the sittings that earned nothing for a question, by its number, in a fixed order."""
    run = db.session.get_one(Exam, exam_id).graded_run
    rows = db.session.execute(
        select(Sitting, SittingResult.details)
        .join(SittingResult, SittingResult.sitting_id == Sitting.id)
        .where(Sitting.exam_id == exam_id, SittingResult.run == run)
        .order_by(Sitting.id)
    )
    found = defaultdict(list)
    for sitting, details in rows:
        for number, earned in details.items():
            if not Decimal(earned):
                found[int(number)].append(sitting)
    return found


def list_numbers(
    exam_id: int, kind: QuestionKind, wrong: Mapping[int, Sequence[Sitting]]
) -> list[int]:
    """Give the questions of a kind that most people got wrong, the worst first."""
    numbers = db.session.scalars(
        select(PaperQuestion.number).where(
            PaperQuestion.exam_id == exam_id, PaperQuestion.kind == kind
        )
    ).all()
    return sorted(numbers, key=lambda number: (-len(wrong.get(number, ())), number))


def doubt(number: int, wrong: Sequence[Sitting], day: date, reasons: tuple[str, ...]) -> int:
    """Let some of those who were wrong doubt a question; gives the id of its correction."""
    record_id = 0
    for place, (sitting, reason) in enumerate(zip(wrong, reasons, strict=False)):
        with clock.frozen(at(day, 10 + place, 20)), db.write():
            record_id = doubts.raise_doubt(sitting=sitting, number=number, reason=reason)
    return record_id


def check(record_id: int, kind: CorrectionKind, opinion: str, day: date, hour: int = 11) -> None:
    """Let the 经办人 say what is right."""
    finding = Finding(kind=kind, further="", opinion=opinion)
    with clock.frozen(at(day, hour)), db.write():
        corrections.check_correction(
            correction_id=record_id,
            finding=finding,
            seen_version=db.session.get_one(QuestionCorrection, record_id).version,
            user=one_of_cast(CHECKS),
        )


def decide(record_id: int, name: str, day: date, hour: int) -> None:
    """Let the chief decide; what is ordered the caller has done."""
    with clock.frozen(at(day, hour)), db.write():
        workflow.execute(FLOW, record_id=record_id, name=name, user=one_of_cast(DECIDES))
