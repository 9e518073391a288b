"""补考: "from 不合格, 缺考, 缓考 in one step, at least 70 % other questions, stated rule".

A draft for named persons, with the blueprint of the exam for which it makes up; nothing that stood
in that exam is drawn again. Which of two marks counts is said here, once, for whoever asks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import or_, select

from app.audit.models import AuditEvent
from app.exams.kinds import MAKEUP_RULE_LABELS, MakeupRule
from app.exams.models import Exam, ExamPerson, ExamState, Sitting, SittingResult, SittingStanding
from app.exams.service import blueprints, drafting, papers, results
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal

NOT_RELEASED = "成绩公布以后才能安排补考。"
NOBODY = "没有不合格、缺考或者缓考的人，不用补考。"
NO_CHAIN = "补考不再安排补考。"
DAYS_AHEAD = timedelta(days=7)


class MakeupReason(StrEnum):
    """Why somebody is to sit again."""

    FAILED = "failed"
    ABSENT = "absent"
    DEFERRED = "deferred"


MAKEUP_REASON_LABELS = {
    MakeupReason.FAILED: "不合格",
    MakeupReason.ABSENT: "缺考",
    MakeupReason.DEFERRED: "缓考",
}


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The mark that counts for somebody: of how many, and in which sitting it was earned."""

    sitting: Sitting
    marks: Decimal
    full_marks: Decimal

    @property
    def share(self) -> Decimal:
        """Give the marks as a share of the full ones, so that two papers can be compared."""
        return self.marks / self.full_marks if self.full_marks else Decimal(0)


@dataclass(frozen=True, kw_only=True)
class CountedNote:
    """Which mark counts, in words, and the same person's results in the other exams of these."""

    text: str
    others: Sequence[tuple[Exam, Sitting]]


def list_candidates(exam: Exam, department_id: int | None = None) -> dict[int, MakeupReason]:
    """Give who is to sit again, by person, with the reason; of all, or of one department."""
    found: dict[int, MakeupReason] = {}
    for sitting, result in read_results(exam, department_id=department_id).values():
        if sitting.standing is SittingStanding.DEFERRED:
            found[sitting.person_id] = MakeupReason.DEFERRED
        elif sitting.standing is SittingStanding.EXEMPT:
            continue
        elif sitting.started_at is None:
            found[sitting.person_id] = MakeupReason.ABSENT
        elif result is not None and not result.is_passed:
            found[sitting.person_id] = MakeupReason.FAILED
    return found


def read_results(
    exam: Exam, person_id: int | None = None, *, department_id: int | None = None
) -> dict[int, tuple[Sitting, SittingResult | None]]:
    """Give the sittings of an exam with the result that counts, by person.

    Of one, of a department, or of all.
    """
    rows = (
        select(Sitting, SittingResult)
        .outerjoin(SittingResult, results.is_counted(exam))
        .where(Sitting.exam_id == exam.id)
    )
    if person_id is not None:
        rows = rows.where(Sitting.person_id == person_id)
    if department_id is not None:
        rows = rows.where(Sitting.department_id == department_id)
    return {sitting.person_id: (sitting, result) for sitting, result in db.session.execute(rows)}


def draft_makeup(*, source_id: int, rule: MakeupRule, drafted_by_id: int) -> int:
    """Draft the 补考 of a released exam, with its people; raises RefusedError. Returns its id."""
    source = db.session.get_one(Exam, source_id)
    if source.state is not ExamState.RELEASED:
        raise RefusedError(form=NOT_RELEASED)
    if source.makeup_of_id is not None or source.is_for_named:
        raise RefusedError(form=NO_CHAIN)
    people = list_candidates(source)
    if not people:
        raise RefusedError(form=NOBODY)
    exam_id = drafting.draft_paper(settings=settings_of(source), drafted_by_id=drafted_by_id)
    exam = papers.get_draft(exam_id)
    exam.makeup_of_id, exam.makeup_rule = source_id, rule
    exam.starts_by_button, exam.is_double_marked = source.starts_by_button, source.is_double_marked
    blueprints.put(exam, blueprints.rows_of(source_id), blueprints.way_of(source))
    db.session.add_all(ExamPerson(exam_id=exam_id, person_id=each) for each in sorted(people))
    db.session.flush()
    papers.log(AuditEvent.EXAMS_NAMED, exam, drafted_by_id, sittings=len(people))
    if papers.list_rows(exam_id):
        blueprints.order_drawing(exam_id=exam_id, ordered_by_id=drafted_by_id)
    return exam_id


def settings_of(source: Exam) -> papers.Settings:
    """Give the settings of a 补考: as long as its exam was, a week from now on."""
    opens_at = clock.now().replace(minute=0, second=0, microsecond=0) + DAYS_AHEAD
    return papers.Settings(
        title=f"{source.title[:76]}（补考）",
        notice=source.notice,
        opens_at=opens_at,
        closes_at=opens_at + (source.closes_at - source.opens_at),
        minutes=source.minutes,
        pass_marks=source.pass_marks,
        department_ids=papers.list_department_ids(source.id),
        releases_when_complete=source.releases_when_complete,
        needs_approval=source.needs_approval,
    )


def counted_mark(exam: Exam, person_id: int) -> Counted | None:
    """Give the mark that counts for somebody in an exam, its 补考 included; None without any."""
    return counted_marks(exam, person_id).get(person_id)


def write_counted(exam: Exam, person_id: int) -> CountedNote | None:
    """Say which mark counts for somebody who sat a 补考 too; None where there is nothing to say."""
    first = db.session.get_one(Exam, exam.makeup_of_id) if exam.makeup_of_id else exam
    sat = {
        each.id: (each, found[person_id].sitting)
        for each in [first, *list_released_makeups(first.id)]
        if person_id in (found := earned_in(each, read_results(each, person_id)))
    }
    makeups = [each for each, _ in sat.values() if each.makeup_rule is not None]
    counted = counted_mark(first, person_id) if makeups else None
    if counted is None or makeups[-1].makeup_rule is None:
        return None
    marks, full = formats.marks(counted.marks), formats.marks(counted.full_marks)
    rule = MAKEUP_RULE_LABELS[makeups[-1].makeup_rule]
    return CountedNote(
        text=f"{first.title}和它的补考：{rule}。计入的成绩是{marks}分，满分{full}分。",
        others=[pair for exam_id, pair in sat.items() if exam_id != exam.id],
    )


def list_related(exam: Exam, user: Principal) -> Sequence[Exam]:
    """Give the exam for which one makes up, or its 补考, as far as this organiser sees them."""
    is_related = or_(Exam.id == exam.makeup_of_id, Exam.makeup_of_id == exam.id)
    found = papers.select_papers_for(user).where(is_related).order_by(Exam.opens_at, Exam.id)
    return db.session.scalars(found).all()


def counted_marks(exam: Exam, person_id: int | None = None) -> Mapping[int, Counted]:
    """Give the marks that count in an exam, its released 补考 included, by person.

    Of one person, or of all.
    """
    roll = read_results(exam, person_id)
    found = earned_in(exam, roll)
    deferred = {
        each for each, (sitting, _) in roll.items() if sitting.standing is SittingStanding.DEFERRED
    }
    for makeup in list_released_makeups(exam.id):
        for each, second in earned_in(makeup, read_results(makeup, person_id)).items():
            first = found.get(each)
            if first is None and each in deferred:
                found[each] = second
            else:
                found[each] = weigh(exam, makeup, first, second)
    return found


def weigh(exam: Exam, makeup: Exam, first: Counted | None, second: Counted) -> Counted:
    """Say which of two marks counts. 缓考 is no second try, and never comes here."""
    if makeup.makeup_rule is MakeupRule.MAKEUP:
        return second
    if makeup.makeup_rule is MakeupRule.PASS_ONLY and second.marks >= makeup.pass_marks:
        return Counted(sitting=second.sitting, marks=exam.pass_marks, full_marks=exam.full_marks)
    return second if first is None or second.share > first.share else first


def earned_in(
    exam: Exam, roll: Mapping[int, tuple[Sitting, SittingResult | None]]
) -> dict[int, Counted]:
    """Give the marks of those who sat one exam."""
    return {
        person_id: Counted(sitting=sitting, marks=result.marks, full_marks=exam.full_marks)
        for person_id, (sitting, result) in roll.items()
        if result is not None and sitting.started_at is not None
    }


def list_released_makeups(exam_id: int) -> Sequence[Exam]:
    """Give the released 补考 of an exam in their order."""
    found = select(Exam).where(Exam.makeup_of_id == exam_id, Exam.released_at.is_not(None))
    return db.session.scalars(found.order_by(Exam.closes_at, Exam.id)).all()
