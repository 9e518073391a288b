"""训后测试: a short exam for those who signed in, sat in `exams` under all of its rules.

The paper is drafted with the class, its questions copied from the last one, and goes for approval
with it; a 业务科室负责人 publishes it in 一月一考 before anybody is on its roll. Who signed in is
named when the class has been held. Whoever may know the keys sits none.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from app.exams.models import EXAM_PHASE_LABELS, Exam, ExamState, SittingResult
from app.exams.service import drafting, papers, publishing, results
from app.exams.settings import usual_pass_marks
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.settings import service as settings
from app.training.models import VOID_STATES, TrainingClass
from app.training.settings import TEST_DAYS, TEST_MINUTES
from app.workdays import service as workdays

# Of the full marks; the paper's own page may set another.
PASS_SHARE = Decimal("0.6")
CENT = Decimal("0.01")
NOTICE = "由这一课的签到人员参加，开放时间内任选空闲时段，办件优先。"


@dataclass(frozen=True, kw_only=True)
class TestFigures:
    """How a test came out: 应考, 实考, 合格, mean of full marks; nothing before its release."""

    exam: Exam
    phase: str
    is_released: bool
    due: int
    sat: int
    passed: int
    mean: Decimal | None


def settings_of(found: TrainingClass, pass_marks: Decimal) -> papers.Settings:
    """Give the settings of a class's test: open from its end for some working days."""
    return papers.Settings(
        title=f"{found.title[:70]}·训后测试",
        notice=NOTICE,
        opens_at=found.ends_at,
        closes_at=closes_at(found.ends_at),
        minutes=settings.get(TEST_MINUTES),
        pass_marks=pass_marks,
        department_ids=papers.all_department_ids(),
        releases_when_complete=True,
        is_for_named=True,
    )


def closes_at(ends_at: datetime) -> datetime:
    """Give until when a test is open."""
    return workdays.get_deadline(received=ends_at, days=settings.get(TEST_DAYS)).due


def begin(found: TrainingClass, *, by_id: int) -> int:
    """Draft an empty paper for a class in the open write; gives its id."""
    found.exam_id = drafting.draft_paper(
        settings=settings_of(found, usual_pass_marks()), drafted_by_id=by_id
    )
    db.session.flush()
    return found.exam_id


def copy(found: TrainingClass, source_id: int, *, by_id: int) -> None:
    """Draft a class's paper with the questions of another one, in the open write."""
    exam_id = begin(found, by_id=by_id)
    drafting.copy_items(exam_id=exam_id, source_id=source_id, edited_by_id=by_id)
    full = sum((each.marks for each in papers.list_items(exam_id)), Decimal(0))
    exam = db.session.get_one(Exam, exam_id)
    exam.pass_marks = (full * PASS_SHARE).quantize(CENT)
    db.session.flush()


def follow(found: TrainingClass, *, by_id: int) -> None:
    """Let the draft of a paper follow the title and the time of its class, in the open write."""
    exam = get_exam(found)
    if exam is None or exam.state is not ExamState.DRAFT:
        return
    papers.edit_paper(
        exam_id=exam.id,
        seen_version=exam.version,
        settings=settings_of(found, exam.pass_marks),
        edited_by_id=by_id,
    )


def get_exam(found: TrainingClass) -> Exam | None:
    """Give the paper of a class's test."""
    return db.session.get(Exam, found.exam_id or 0)


def submit(found: TrainingClass, *, by_id: int) -> None:
    """Send a paper that has questions for approval along with its class, in the open write."""
    exam = get_exam(found)
    if exam is not None and exam.state is ExamState.DRAFT and papers.list_items(exam.id):
        publishing.submit_paper(exam_id=exam.id, submitted_by_id=by_id)


def name_persons(found: TrainingClass, person_ids: list[int]) -> None:
    """Put those who signed in on the roll, in the open write."""
    if found.has_test and found.exam_id is not None:
        publishing.name_persons(exam_id=found.exam_id, person_ids=person_ids)


def state_text(found: TrainingClass) -> str:
    """Say how far a class's test is."""
    if not found.has_test:
        return "不安排"
    exam = get_exam(found)
    if exam is None:
        return "还没有试卷" if may_begin(found) else "没有出试卷"
    return EXAM_PHASE_LABELS[exam.phase(clock.now())]


def read_figures(found: TrainingClass) -> TestFigures | None:
    """Give how a class's test came out; None where there is none."""
    exam = get_exam(found)
    if not found.has_test or exam is None:
        return None
    figures = results.read_figures(exam)
    is_released = exam.released_at is not None
    return TestFigures(
        exam=exam,
        phase=EXAM_PHASE_LABELS[exam.phase(clock.now())],
        is_released=is_released,
        due=figures.expected,
        sat=figures.sat,
        passed=figures.passed if is_released else 0,
        mean=figures.mean if is_released else None,
    )


def list_marks(exam_id: int) -> list[Decimal]:
    """Give all marks of a released test, without names."""
    exam = db.session.get_one(Exam, exam_id)
    rows = db.session.execute(results.select_sittings(exam).where(SittingResult.marks.is_not(None)))
    return [result.marks for *_, result in rows]


def may_begin(found: TrainingClass) -> bool:
    """Tell whether a paper may still be drafted for a class."""
    is_over = found.held_at is not None or found.state in VOID_STATES
    return found.has_test and found.exam_id is None and not is_over


def begin_once(class_id: int, *, by_id: int) -> int:
    """Draft the paper of a class that has none yet, in the open write; raises RefusedError."""
    found = db.session.get_one(TrainingClass, class_id, with_for_update=True)
    if not found.has_test:
        raise RefusedError(form="这一课没有安排训后测试。")
    if found.exam_id is not None:
        raise RefusedError(form="这一课已经有测试卷，请在一月一考里修改。")
    if found.held_at is not None or found.state in VOID_STATES:
        raise RefusedError(form="这一课已经结束，不能再出测试卷。")
    return begin(found, by_id=by_id)
