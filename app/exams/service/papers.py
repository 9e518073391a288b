"""Papers as organisers see them: who may, what one consists of, its settings and its authors.

经办人起草: whoever drafts, changes, fills or sends a paper decides nothing on it (ExamAuthor). Its
questions are chosen in `choosing`, whether it can be sat says `readiness`; its path stands in
`exam_flow`, what publication does in `publishing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Select, delete, false, select

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import (
    FROZEN_STATES,
    BlueprintRow,
    Exam,
    ExamAuthor,
    ExamDepartment,
    ExamExcuse,
    ExamItem,
    ExamState,
    ExcuseCause,
    PaperForm,
    PaperQuestion,
    Sitting,
)
from app.inbox import service as inbox
from app.kernel import db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal
from app.questions import service as questions
from app.questions.models import Question, QuestionVersion

FLOW_NAME = "exams.exam"
NOT_A_DRAFT = "试卷已经送审或发布，不能再改。需要修改的，请由审核人退回。"
WRONG_STATE = "试卷的状态已经变了，请刷新后再看。"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a 经办人 sets for an exam, beside its questions."""

    title: str
    notice: str
    opens_at: datetime
    closes_at: datetime
    minutes: int
    pass_marks: Decimal
    department_ids: Sequence[int]
    releases_when_complete: bool = False
    # Sat by those whom `publishing.name_persons` names, wherever they work.
    is_for_named: bool = False
    needs_approval: bool = False
    # Whether two people mark each short or long answer.
    is_double_marked: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question of a draft or a paper as organisers see it."""

    number: int
    question: Question
    version: QuestionVersion
    marks: Decimal


def select_papers_for(principal: Principal) -> Select[Exam, str]:
    """Select the papers that this person may see as an organiser, with the drafter's name.

    One that he sits himself is none of them; one of which he knows the keys, and so never sits, is.
    """
    statement = select(Exam, Person.name).join(Person, Person.id == Exam.drafted_by_id)
    if not principal.can(Permission.EXAMS_PAPER_READ):
        return statement.where(false())
    mine = select(Sitting.exam_id).where(
        Sitting.person_id == principal.person_id, Sitting.id.not_in(knows_keys())
    )
    return statement.where(Exam.id.not_in(mine))


def get_paper_for(principal: Principal, exam_id: int) -> Exam | None:
    """Give a paper to an organiser who does not sit it himself."""
    found: Exam | None = db.session.scalar(select_papers_for(principal).where(Exam.id == exam_id))
    return found


def hidden_questions(principal: Principal) -> frozenset[int]:
    """Give the questions of unreleased papers that this person sits: their keys are not for him."""
    return questions_sat_by(principal.person_id)


def questions_sat_by(person_id: int) -> frozenset[int]:
    """Give the questions that somebody sits in exams whose marks are not released."""
    return frozenset(
        db.session.scalars(
            select(PaperQuestion.question_id)
            .join(Exam, Exam.id == PaperQuestion.exam_id)
            .join(Sitting, Sitting.exam_id == Exam.id)
            .where(
                Sitting.person_id == person_id,
                Sitting.id.not_in(knows_keys()),
                Exam.released_at.is_(None),
            )
        )
    )


def knows_keys() -> Select[int]:
    """Select the sittings of those who are 免考(命题): they know the keys, and that stays so."""
    return select(ExamExcuse.sitting_id).where(ExamExcuse.cause == ExcuseCause.KEY_SEEN)


def question_ids(exam_id: int) -> set[int]:
    """Give the questions of a paper, in any of its forms."""
    chosen = select(ExamItem.question_id).where(ExamItem.exam_id == exam_id)
    return {*db.session.scalars(chosen), *drawn_ids(exam_id)}


def drawn_ids(exam_id: int) -> set[int]:
    """Give the questions of the forms that are drawn for a paper."""
    return {each for form in list_forms(exam_id) for each in form.question_ids}


def list_items(exam_id: int) -> list[Item]:
    """Give the questions of a draft in their order."""
    rows = db.session.execute(
        questions.select_current()
        .join(ExamItem, ExamItem.question_id == Question.id)
        .add_columns(ExamItem.number, ExamItem.marks)
        .where(ExamItem.exam_id == exam_id)
        .order_by(ExamItem.number)
    )
    return [
        Item(number=number, question=question, version=version, marks=marks)
        for question, version, number, marks in rows
    ]


def list_department_names(exam_id: int) -> list[str]:
    """Give the departments that sit the exam, in the hall's 序列."""
    return list(
        db.session.scalars(
            select(Department.name)
            .join(ExamDepartment, ExamDepartment.department_id == Department.id)
            .where(ExamDepartment.exam_id == exam_id)
            .order_by(Department.position)
        )
    )


def read_names(exam: Exam) -> dict[str, str]:
    """Give the names of those who drafted, submitted, published and released a paper."""
    ids = {
        "drafted_by": exam.drafted_by_id,
        "submitted_by": exam.submitted_by_id,
        "published_by": exam.published_by_id,
        "released_by": exam.released_by_id,
    }
    known = dict(
        db.session.execute(
            select(Person.id, Person.name).where(Person.id.in_([v for v in ids.values() if v]))
        ).all()
    )
    return {role: known.get(person_id or 0, "") for role, person_id in ids.items()}


def list_department_ids(exam_id: int) -> list[int]:
    """Give the ids of the departments that sit the exam."""
    return list(
        db.session.scalars(
            select(ExamDepartment.department_id).where(ExamDepartment.exam_id == exam_id)
        )
    )


def add_author(exam_id: int, person_id: int) -> None:
    """Write down that somebody has worked on a paper; he may not publish it."""
    row = {"exam_id": exam_id, "person_id": person_id}
    db.session.execute(db.insert(ExamAuthor).values(row).on_conflict_do_nothing())


def is_author(exam_id: int, person_id: int) -> bool:
    """Tell whether somebody has drafted, changed, filled or submitted a paper."""
    return db.session.get(ExamAuthor, (exam_id, person_id)) is not None


def list_authors(exam_id: int) -> frozenset[int]:
    """Give everybody who has drafted, changed, filled or submitted a paper."""
    found = select(ExamAuthor.person_id).where(ExamAuthor.exam_id == exam_id)
    return frozenset(db.session.scalars(found))


def list_rows(exam_id: int) -> list[BlueprintRow]:
    """Give what is to be drawn for a paper, in its order."""
    return list(
        db.session.scalars(
            select(BlueprintRow)
            .where(BlueprintRow.exam_id == exam_id)
            .order_by(BlueprintRow.number)
        )
    )


def list_forms(exam_id: int) -> list[PaperForm]:
    """Give the forms of a paper, as drawn or as frozen."""
    return list(
        db.session.scalars(
            select(PaperForm).where(PaperForm.exam_id == exam_id).order_by(PaperForm.code)
        )
    )


def list_unreleased_questions() -> frozenset[int]:
    """Give the questions of published papers whose marks are not out: their keys are for nobody."""
    return frozenset(
        db.session.scalars(
            select(PaperQuestion.question_id)
            .join(Exam, Exam.id == PaperQuestion.exam_id)
            .where(Exam.state.in_(FROZEN_STATES), Exam.released_at.is_(None))
        )
    )


def list_question_ids(exam_id: int, form_code: int) -> frozenset[int]:
    """Give the questions of the bank that a form of a published paper puts."""
    form = db.session.get_one(PaperForm, (exam_id, form_code))
    return frozenset(
        db.session.scalars(
            select(PaperQuestion.question_id).where(
                PaperQuestion.exam_id == exam_id, PaperQuestion.number.in_(form.numbers)
            )
        )
    )


def list_form_items(exam_id: int, form: PaperForm) -> list[Item]:
    """Give the questions of one form in their order, as the bank holds them now."""
    worth = {row.kind: row.marks for row in list_rows(exam_id)}
    chosen = {item.question.id: item.marks for item in list_items(exam_id)}
    found = {
        question.id: (question, version)
        for question, version in db.session.execute(
            questions.select_current().where(Question.id.in_(form.question_ids))
        )
    }
    pairs = [found[each] for each in form.question_ids]
    return [
        Item(
            number=place,
            question=question,
            version=version,
            marks=chosen.get(question.id) or worth[version.kind],
        )
        for place, (question, version) in enumerate(pairs, start=1)
    ]


def drop_forms(exam_id: int) -> None:
    """Make the forms of a draft void: it has changed since they were drawn."""
    db.session.execute(delete(PaperForm).where(PaperForm.exam_id == exam_id))


def log_edit(exam: Exam, edited_by_id: int) -> None:
    """Count a change of a draft, with the one who made it, in the open write."""
    exam.version += 1
    drop_forms(exam.id)
    add_author(exam.id, edited_by_id)
    log(AuditEvent.EXAMS_EDITED, exam, edited_by_id)


def edit_paper(*, exam_id: int, seen_version: int, settings: Settings, edited_by_id: int) -> None:
    """Change a draft's settings; raises RefusedError, or StaleEditError."""
    exam = get_draft(exam_id)
    if exam.version != seen_version:
        raise StaleEditError
    check_settings(settings)
    exam.title, exam.notice = settings.title, settings.notice
    exam.opens_at, exam.closes_at = settings.opens_at, settings.closes_at
    exam.minutes, exam.pass_marks = settings.minutes, settings.pass_marks
    exam.releases_when_complete = settings.releases_when_complete
    exam.needs_approval = settings.needs_approval
    exam.is_double_marked = settings.is_double_marked
    db.session.flush()
    inbox.retitle(FLOW_NAME, exam_id, exam.title)
    set_departments(exam_id, settings.department_ids)
    log_edit(exam, edited_by_id)


def check_settings(settings: Settings) -> None:
    """Refuse settings that can't work; raises RefusedError."""
    errors = {}
    if settings.closes_at <= settings.opens_at:
        errors["closes_at"] = "结束时间要晚于开放时间。"
    elif (settings.closes_at - settings.opens_at).total_seconds() < settings.minutes * 60:
        errors["minutes"] = "限时比开放的时间还长，请缩短限时，或者推迟结束时间。"
    known = {department.id for department in accounts.list_departments()}
    if not settings.department_ids or not set(settings.department_ids) <= known:
        errors["department_ids"] = "请至少选一个参加考试的部门。"
    if errors:
        raise RefusedError(**errors)


def set_departments(exam_id: int, department_ids: Sequence[int]) -> None:
    """Replace the departments of a draft."""
    db.session.execute(delete(ExamDepartment).where(ExamDepartment.exam_id == exam_id))
    for department_id in sorted(set(department_ids)):
        db.session.add(ExamDepartment(exam_id=exam_id, department_id=department_id))
    db.session.flush()


def get_locked(exam_id: int) -> Exam:
    """Give an exam for a decision: nobody else decides on it until this write has ended."""
    return db.session.get_one(Exam, exam_id, with_for_update=True)


def get_draft(exam_id: int) -> Exam:
    """Give an exam that may still be changed; raises RefusedError."""
    exam = get_locked(exam_id)
    if exam.state is not ExamState.DRAFT:
        raise RefusedError(form=NOT_A_DRAFT)
    return exam


def log(event: AuditEvent, exam: Exam, person_id: int | None, **data: object) -> None:
    """Add an event about an exam to the open write."""
    append(event, person_id=person_id, object_type="exam", object_id=exam.id, **data)
    db.session.flush()


def all_department_ids() -> list[int]:
    """Give all departments: an exam for named persons is for people of any."""
    return [each.id for each in accounts.list_departments()]
