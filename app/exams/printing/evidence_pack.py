"""答卷存档: everything that is known of one sitting, for whoever has to answer for a mark.

"Evidence pack of a sitting (paper as seen, every change with time, marks, rule)." The questions
stand in the order and with the letters that the person saw; each save that counted is listed with
its time, and each grading run with its marks. Markers are not named beside their remarks.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from app.accounts import service as accounts
from app.audit.models import AuditEntry, AuditEvent
from app.exams.answer_shapes import write_answer
from app.exams.kinds import write_part_rule
from app.exams.models import (
    GRACE,
    HANDED_IN_BY_LABELS,
    LATE_CAUSE_LABELS,
    AnswerChange,
    CallBack,
    Exam,
    ExamControl,
    LateAdmission,
    LateAnswer,
    Sitting,
    SittingResult,
)
from app.exams.printing.layout import moment_or_dash, print_out
from app.exams.service import results, sittings
from app.exams.service.amendments import Amendment, read_amendments
from app.exams.service.live import act_text
from app.exams.service.results import ResultItem
from app.exams.service.sittings import PlacedQuestion
from app.files.papers import PaperKind
from app.jobs import service as jobs
from app.kernel import clock, db, formats, pdf
from app.questions.kinds import CHOICES, OPTION_LABELS, QUESTION_KIND_LABELS

NOT_GRADED = "还没有评卷，不能制作答卷存档。"


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happened, with its time to the second."""

    at: str
    what: str


@dataclass(frozen=True, kw_only=True)
class SeenQuestion:
    """One question as it was seen, what was answered when, and what it earned."""

    number: int
    kind: str
    case: str
    stem: str
    options: tuple[str, ...]
    changes: tuple[Step, ...]
    late: tuple[Step, ...]
    chosen: str
    key: str
    amended: str
    basis: str
    earned: str
    marks: str
    remarks: tuple[str, ...]
    pictures: int


@dataclass(frozen=True, kw_only=True)
class RunLine:
    """The marks of one grading run."""

    run: str
    marks: str
    verdict: str
    counts: str


@dataclass(frozen=True, kw_only=True)
class EvidencePack:
    """Everything that stands in the pack of a sitting."""

    hall: str
    exam: str
    name: str
    staff_number: str
    department: str
    form: str
    receipt: str
    started_at: str
    deadline_at: str
    ended: str
    fingerprint: str
    rules: tuple[str, ...]
    steps: tuple[Step, ...]
    runs: tuple[RunLine, ...]
    questions: tuple[SeenQuestion, ...]
    dated: str


def read_pack(sitting_id: int) -> EvidencePack:
    """Read all that is known of a sitting; raises JobRefusedError before it is graded."""
    sitting = db.session.get_one(Sitting, sitting_id)
    exam = db.session.get_one(Exam, sitting.exam_id)
    result = results.get_result(exam, sitting)
    if result is None or exam.graded_at is None:
        raise jobs.JobRefusedError(NOT_GRADED)
    person, department = results.read_sitter(sitting)
    ended = HANDED_IN_BY_LABELS[sitting.handed_in_by] if sitting.handed_in_by else "—"
    return EvidencePack(
        hall=accounts.hall_name(),
        exam=exam.title,
        name=person.name,
        staff_number=person.staff_number,
        department=department,
        form=f"第{sitting.form_code}卷",
        receipt=sitting.receipt,
        started_at=moment_or_dash(sitting.started_at),
        deadline_at=moment_or_dash(sitting.deadline_at),
        ended=f"{moment_or_dash(sitting.handed_in_at)}（{ended}）",
        fingerprint=exam.paper_hash[:16],
        rules=tuple(rules_of(exam)),
        steps=tuple(Step(at=second(at), what=what) for at, what in steps_of(exam, sitting)),
        runs=tuple(runs_of(exam, sitting)),
        questions=tuple(questions_of(exam, sitting, result.items)),
        dated=formats.moment(max(exam.graded_at, exam.released_at or exam.graded_at)),
    )


def second(value: datetime) -> str:
    """Write a time to the second: the order of two saves must be told."""
    return f"{formats.month_day(clock.local(value).date())} {clock.local(value):%H:%M:%S}"


def rules_of(exam: Exam) -> Iterator[str]:
    """Say by which rules the marks were given."""
    full, needed = formats.marks(exam.full_marks), formats.marks(exam.pass_marks)
    yield f"限时{exam.minutes}分钟；满分{full}分，{needed}分合格。"
    yield "单选题、判断题答对得满分，答错、不答不得分。"
    yield write_part_rule(exam.part_rule, exam.option_marks)
    grace = int(GRACE.total_seconds())
    yield f"到时自动交卷；到时后{grace}秒内收到的答案仍然计入，再迟的另存，采纳要写理由。"


def steps_of(exam: Exam, sitting: Sitting) -> list[tuple[datetime, str]]:
    """Give what happened, in its order."""
    found = [*own_steps(sitting), *room_steps(exam, sitting), *call_steps(sitting)]
    found += [
        (each.received_at, f"另存第{each.number}号题的答案：{LATE_CAUSE_LABELS[each.cause]}")
        for each in db.session.scalars(
            select(LateAnswer).where(LateAnswer.sitting_id == sitting.id)
        )
    ]
    found += [
        (admission.admitted_at, f"采纳另存的答案：{admission.reason}")
        for admission in db.session.scalars(
            select(LateAdmission)
            .join(LateAnswer, LateAnswer.id == LateAdmission.late_answer_id)
            .where(LateAnswer.sitting_id == sitting.id)
        )
    ]
    if exam.released_at is not None:
        found.append((exam.released_at, "公布成绩"))
    return sorted(found, key=lambda each: each[0])


def own_steps(sitting: Sitting) -> Iterator[tuple[datetime, str]]:
    """Give the beginning, the end, and each change of device."""
    if sitting.started_at is not None:
        yield sitting.started_at, "进入考试"
    if sitting.handed_in_at is not None and sitting.handed_in_by is not None:
        yield sitting.handed_in_at, HANDED_IN_BY_LABELS[sitting.handed_in_by]
    taken = db.session.scalars(
        select(AuditEntry.at).where(
            AuditEntry.person_id == sitting.person_id,
            AuditEntry.event == AuditEvent.EXAMS_TAKEN_OVER,
            AuditEntry.object_id == sitting.public_id,
        )
    )
    for at in taken:
        yield at, "换一台设备继续"


def room_steps(exam: Exam, sitting: Sitting) -> Iterator[tuple[datetime, str]]:
    """Give what organisers did, for everybody or for this person."""
    acts = db.session.scalars(
        select(ExamControl).where(
            ExamControl.exam_id == exam.id,
            or_(ExamControl.sitting_id.is_(None), ExamControl.sitting_id == sitting.id),
        )
    )
    for each in acts:
        whom = "全场" if each.sitting_id is None else "对本人"
        yield each.made_at, f"{whom}{act_text(each)}{'：' if each.text else ''}{each.text}"


def call_steps(sitting: Sitting) -> Iterator[tuple[datetime, str]]:
    """Give the call back to the window, and what came of it."""
    found = db.session.scalars(select(CallBack).where(CallBack.sitting_id == sitting.id))
    for each in found:
        yield each.called_at, "叫回窗口"
        if each.confirmed_at is not None:
            yield each.confirmed_at, "窗口负责人确认叫回，计时停住"
        if each.resumed_at is not None:
            yield each.resumed_at, "返回考试，继续计时"


def runs_of(exam: Exam, sitting: Sitting) -> Iterator[RunLine]:
    """Give the marks of each grading run; one of them counts."""
    found = db.session.scalars(
        select(SittingResult)
        .where(SittingResult.sitting_id == sitting.id, SittingResult.run <= exam.graded_run)
        .order_by(SittingResult.run)
    )
    for each in found:
        yield RunLine(
            run=f"第{each.run}次评卷",
            marks=f"{formats.marks(each.marks)}分",
            verdict="合格" if each.is_passed else "不合格",
            counts="计入" if each.run == exam.graded_run else "已被更正",
        )


def questions_of(
    exam: Exam, sitting: Sitting, items: Sequence[ResultItem]
) -> Iterator[SeenQuestion]:
    """Give the questions as they were seen."""
    seen = {each.question.number: each for each in sittings.list_placed(exam, sitting)}
    amendments = read_amendments(exam.id)
    changes: defaultdict[int, list[AnswerChange]] = defaultdict(list)
    for change in db.session.scalars(
        select(AnswerChange)
        .where(AnswerChange.sitting_id == sitting.id)
        .order_by(AnswerChange.number, AnswerChange.revision)
    ):
        changes[change.number].append(change)
    late: defaultdict[int, list[LateAnswer]] = defaultdict(list)
    for answer in db.session.scalars(
        select(LateAnswer).where(LateAnswer.sitting_id == sitting.id).order_by(LateAnswer.id)
    ):
        late[answer.number].append(answer)
    shown: set[int | None] = {None}
    for item in items:
        placed = seen[item.number]
        is_first = placed.question.group_key not in shown
        shown.add(placed.question.group_key)
        letters = letters_of(placed)
        yield SeenQuestion(
            number=item.place,
            kind=QUESTION_KIND_LABELS[item.kind],
            case=placed.question.group_stem if is_first else "",
            stem=item.stem,
            options=tuple(options_of(placed, letters)),
            changes=tuple(
                Step(at=second(each.saved_at), what=answer_text(item, each.chosen, letters))
                for each in changes[item.number]
            ),
            late=tuple(
                Step(at=second(each.received_at), what=answer_text(item, each.chosen, letters))
                for each in late[item.number]
            ),
            chosen=seen_text(item, item.chosen, letters),
            key=seen_text(item, item.key, letters),
            amended=amended_text(item, amendments[item.number], letters),
            basis=item.basis,
            earned=formats.marks(item.earned),
            marks=formats.marks(item.marks),
            remarks=tuple(item.remarks),
            pictures=len(placed.question.pictures),
        )


def letters_of(placed: PlacedQuestion) -> Mapping[str, str]:
    """Give the letter under which each option was seen, by its label in the bank."""
    if placed.question.kind not in CHOICES:
        return {}
    return dict(zip(placed.labels, OPTION_LABELS, strict=False))


def options_of(placed: PlacedQuestion, letters: Mapping[str, str]) -> Iterator[str]:
    """Write the options in the order in which they were seen."""
    texts = {each["label"]: each["text"] for each in placed.question.options}
    for label in placed.labels:
        yield f"{letters[label]}. {texts[label]}" if label in letters else texts[label]


def answer_text(item: ResultItem, chosen: Sequence[str], letters: Mapping[str, str]) -> str:
    """Write an answer with the letters that were seen."""
    return write_answer(item.kind, [letters.get(each, each) for each in chosen])


def seen_text(item: ResultItem, written: str, letters: Mapping[str, str]) -> str:
    """Write choices, given by the labels of the bank, with the letters that were seen."""
    if item.kind not in CHOICES or not set(written) <= set(letters):
        return written
    return "".join(sorted(letters[each] for each in written))


def amended_text(item: ResultItem, amendment: Amendment, letters: Mapping[str, str]) -> str:
    """Say what a decided correction has made of the question."""
    if amendment.is_void:
        return "本题作废，都得满分"
    if item.further:
        also = "、".join(seen_text(item, each, letters) for each in item.further.split("、"))
        return f"{also}也算对"
    return ""


def lay_out(pack: EvidencePack, code: str) -> pdf.Document:
    """Lay the pack out; its date is that of the marks."""
    return print_out(
        "evidence_pack",
        pack,
        code,
        title=f"{pack.exam}答卷存档 {pack.name}",
        hall=pack.hall,
        dated=pack.dated,
    )


EVIDENCE_PACK = PaperKind(
    name="exams.evidence",
    title="答卷存档",
    word="evidence",
    endpoint="exams.show_evidence_paper",
    snapshot=read_pack,
    document=lay_out,
    file_name=lambda pack: f"{pack.exam}答卷存档-{pack.name}-{pack.staff_number}",
)
