"""Drafting and publishing a paper: 经办人起草, 科室负责人审核发布; never the same person.

Nobody publishes a paper that he drafted, changed, chose questions for or submitted.

Publication freezes the questions with their keys and creates a sitting for everybody on the roll:
staff of the chosen departments who can't know the keys.
"""

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, delete, false, func, select

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import (
    Exam,
    ExamAuthor,
    ExamDepartment,
    ExamItem,
    ExamPerson,
    ExamState,
    PaperKey,
    PaperQuestion,
    Sitting,
)
from app.kernel import clock, db
from app.kernel.formats import marks
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal
from app.kernel.types import canonical_json, json_digest
from app.questions import service as questions
from app.questions.kinds import USUAL_MARKS, QuestionKind
from app.questions.models import Question, QuestionPicture, QuestionVersion

MAX_QUESTIONS = 100
# What a sitting can show, and grading mark, without a person.
SAT_KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE)
PUBLIC_ID_BYTES = 12
RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 10
NOT_A_DRAFT = "试卷已经送审或发布，不能再改。需要修改的，请由审核人退回。"
WRONG_STATE = "试卷的状态已经变了，请刷新后再看。"
NOT_YOUR_OWN = (
    "起草、修改、选题或送审过这张试卷的人，不能审核、退回或发布它，请由其他业务科室负责人办理。"
)
NOT_WHAT_YOU_SAW = "你打开之后，试卷或题目改过，还没有发布。请看过最新的内容再审核。"


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
    # Sat by those whom `name_persons` names, wherever they work.
    is_for_named: bool = False


@dataclass(frozen=True, kw_only=True)
class Item:
    """A question of a draft or a paper as organisers see it."""

    number: int
    question: Question
    version: QuestionVersion
    marks: Decimal


def select_papers_for(principal: Principal) -> Select[Exam, str]:
    """Select the papers that this person may see as an organiser, with the drafter's name.

    One that he sits himself is none of them.
    """
    statement = select(Exam, Person.name).join(Person, Person.id == Exam.drafted_by_id)
    if not principal.can(Permission.EXAMS_PAPER_READ):
        return statement.where(false())
    mine = select(Sitting.exam_id).where(Sitting.person_id == principal.person_id)
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
            .where(Sitting.person_id == person_id, Exam.released_at.is_(None))
        )
    )


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


def draft_paper(*, settings: Settings, drafted_by_id: int) -> int:
    """Add a draft; raises RefusedError. Returns its id."""
    check_settings(settings)
    exam = Exam(
        title=settings.title,
        notice=settings.notice,
        state=ExamState.DRAFT,
        opens_at=settings.opens_at,
        closes_at=settings.closes_at,
        minutes=settings.minutes,
        pass_marks=settings.pass_marks,
        releases_when_complete=settings.releases_when_complete,
        is_for_named=settings.is_for_named,
        drafted_by_id=drafted_by_id,
        drafted_at=clock.now(),
    )
    db.session.add(exam)
    db.session.flush()
    set_departments(exam.id, settings.department_ids)
    add_author(exam.id, drafted_by_id)
    log(AuditEvent.EXAMS_DRAFTED, exam, drafted_by_id)
    return exam.id


def copy_items(*, exam_id: int, source_id: int, edited_by_id: int) -> int:
    """Fill a draft with the questions of another paper that are still in use; gives how many.

    Whoever copies sees neither a question nor a key by it, and can't publish the paper.
    """
    chosen = db.session.execute(
        select(ExamItem.question_id)
        .join(Question, Question.id == ExamItem.question_id)
        .join(QuestionVersion, questions.of_current())
        .where(ExamItem.exam_id == source_id, *sittable())
        .order_by(ExamItem.number)
    ).scalars()
    ids = chosen.all()
    for question_id in ids:
        add_item(exam_id=exam_id, question_id=question_id, edited_by_id=edited_by_id)
    return len(ids)


def add_author(exam_id: int, person_id: int) -> None:
    """Write down that somebody has worked on a paper; he may not publish it."""
    row = {"exam_id": exam_id, "person_id": person_id}
    db.session.execute(db.insert(ExamAuthor).values(row).on_conflict_do_nothing())


def is_author(exam_id: int, person_id: int) -> bool:
    """Tell whether somebody has drafted, changed, filled or submitted a paper."""
    return db.session.get(ExamAuthor, (exam_id, person_id)) is not None


def log_edit(exam: Exam, edited_by_id: int) -> None:
    """Count a change of a draft, with the one who made it, in the open write."""
    exam.version += 1
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
    db.session.flush()
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


def sittable() -> tuple[ColumnElement[bool], ...]:
    """Give the conditions that a question may be put into a paper, as papers are sat today.

    Reviewed, and of the kinds that a sitting shows and grading marks: no shared stem, no picture.
    """
    has_picture = select(QuestionPicture.version_id)
    return (
        questions.drawable(),
        QuestionVersion.kind.in_(SAT_KINDS),
        QuestionVersion.group_id.is_(None),
        QuestionVersion.id.not_in(has_picture),
    )


def select_sittable() -> Select[int]:
    """Select the ids of the questions that may be put into a paper."""
    current = select(Question.id).join(QuestionVersion, questions.of_current())
    return current.where(*sittable())


def marks_of(version: QuestionVersion) -> Decimal:
    """Give the marks that a question starts with in a paper: its own, or the usual of its kind."""
    return USUAL_MARKS[version.kind] if version.marks is None else version.marks


def add_item(*, exam_id: int, question_id: int, edited_by_id: int) -> None:
    """Put a question at the end of a draft, with its own marks; raises RefusedError."""
    exam = get_draft(exam_id)
    found = db.session.execute(
        questions.select_current().where(Question.id == question_id, *sittable())
    ).one_or_none()
    if found is None:
        raise RefusedError(form="这道题没有审核或者已经停用，不能选入试卷。")
    if db.session.get(ExamItem, (exam_id, question_id)) is not None:
        return
    version: QuestionVersion = found[1]
    last = db.session.scalar(select(func.max(ExamItem.number)).where(ExamItem.exam_id == exam_id))
    if (last or 0) >= MAX_QUESTIONS:
        raise RefusedError(form=f"一张试卷最多{MAX_QUESTIONS}道题。")
    db.session.add(
        ExamItem(
            exam_id=exam_id,
            question_id=question_id,
            number=(last or 0) + 1,
            marks=marks_of(version),
        )
    )
    log_edit(exam, edited_by_id)


def remove_item(*, exam_id: int, question_id: int, edited_by_id: int) -> None:
    """Take a question out of a draft and close the gap; raises RefusedError."""
    exam = get_draft(exam_id)
    db.session.execute(
        delete(ExamItem).where(ExamItem.exam_id == exam_id, ExamItem.question_id == question_id)
    )
    renumber(exam_id)
    log_edit(exam, edited_by_id)


def move_item_up(*, exam_id: int, question_id: int, edited_by_id: int) -> None:
    """Swap a question with the one before it; raises RefusedError."""
    exam = get_draft(exam_id)
    order = read_order(exam_id)
    place = order.index(question_id) if question_id in order else 0
    if place == 0:
        return
    order[place - 1], order[place] = order[place], order[place - 1]
    renumber(exam_id, order)
    log_edit(exam, edited_by_id)


def read_order(exam_id: int) -> list[int]:
    """Give the question ids of a draft in their order."""
    return list(
        db.session.scalars(
            select(ExamItem.question_id)
            .where(ExamItem.exam_id == exam_id)
            .order_by(ExamItem.number)
        )
    )


def renumber(exam_id: int, order: Sequence[int] | None = None) -> None:
    """Number the questions from 1; in two steps, because every number is unique at any time."""
    wanted = order if order is not None else read_order(exam_id)
    for offset in (1000, 1):
        for place, question_id in enumerate(wanted):
            item = db.session.get_one(ExamItem, (exam_id, question_id))
            item.number = offset + place
        db.session.flush()


def submit_paper(*, exam_id: int, submitted_by_id: int) -> None:
    """Send a draft for approval; raises RefusedError where something is missing."""
    exam = get_draft(exam_id)
    check_ready(exam, list_items(exam_id))
    exam.state, exam.sent_back_reason = ExamState.SUBMITTED, ""
    exam.submitted_at, exam.submitted_by_id = clock.now(), submitted_by_id
    exam.version += 1
    add_author(exam_id, submitted_by_id)
    log(AuditEvent.EXAMS_SUBMITTED, exam, submitted_by_id)


def send_back_paper(*, exam_id: int, reason: str, sent_back_by_id: int) -> None:
    """Give a submitted paper back to be changed, with the reason; raises RefusedError."""
    exam = get_locked(exam_id)
    if exam.state is not ExamState.SUBMITTED:
        raise RefusedError(form=WRONG_STATE)
    if is_author(exam_id, sent_back_by_id):
        raise RefusedError(form=NOT_YOUR_OWN)
    if not reason:
        raise RefusedError(reason="请写明退回的原因，起草人好照着改。")
    exam.state, exam.sent_back_reason = ExamState.DRAFT, reason
    exam.version += 1
    log(AuditEvent.EXAMS_SENT_BACK, exam, sent_back_by_id, reason=reason)


def check_ready(exam: Exam, items: Sequence[Item]) -> None:
    """Refuse a paper that can't be sat; raises RefusedError."""
    if not items:
        raise RefusedError(form="试卷还没有题，请先选题。")
    chosen = Question.id.in_([item.question.id for item in items])
    drawn = set(db.session.scalars(select_sittable().where(chosen)))
    if lost := [item.number for item in items if item.question.id not in drawn]:
        numbers = "、".join(map(str, lost))
        raise RefusedError(form=f"第{numbers}题没有审核或者已经停用，请换掉。")
    full = sum((item.marks for item in items), Decimal(0))
    if exam.pass_marks > full:
        raise RefusedError(form=f"合格分高于满分（{marks(full)}分），请修改合格分或者加题。")
    if exam.closes_at <= clock.now():
        raise RefusedError(form="结束时间已经过去，请先修改开放时间。")


def publish_paper(
    *,
    exam_id: int,
    published_by_id: int,
    seen: str | None = None,
    only_person_ids: frozenset[int] | None = None,
) -> int:
    """Freeze a submitted paper and put everybody on the roll; raises RefusedError.

    `seen` is the fingerprint of what the publisher read, None for commands: a submitted paper
    follows the bank. `only_person_ids` narrows the roll to these people of the chosen departments.
    Returns the number of sittings created. The publisher has not worked on the paper: a CHECK and
    a trigger say so too.
    """
    exam = get_locked(exam_id)
    if exam.state is not ExamState.SUBMITTED:
        raise RefusedError(form=WRONG_STATE)
    if is_author(exam_id, published_by_id):
        raise RefusedError(form=NOT_YOUR_OWN)
    items = list_items(exam_id)
    check_ready(exam, items)
    if seen is not None and seen != fingerprint(exam, items):
        raise RefusedError(form=NOT_WHAT_YOU_SAW)
    freeze(exam, items)
    used_on = clock.local(exam.opens_at).date()
    questions.mark_used([item.question.id for item in items], on=used_on)
    count = enrol(exam, only_person_ids)
    exam.state, exam.published_by_id = ExamState.PUBLISHED, published_by_id
    exam.published_at = clock.now()
    exam.version += 1
    log(AuditEvent.EXAMS_PUBLISHED, exam, published_by_id, sittings=count, paper=exam.paper_hash)
    return count


def fingerprint(exam: Exam, items: Sequence[Item]) -> str:
    """Give a short hash of what a paper's page shows, so that only what was read is published.

    The exam's version stands for settings, choice, order and marks; a version of a question never
    changes. Keys are no part of it: a hash of them would tell them to whoever tries all.
    """
    shown = [exam.version, *([item.question.id, item.version.number] for item in items)]
    return json_digest(shown)[:16]


def freeze(exam: Exam, items: Sequence[Item]) -> None:
    """Copy the questions as they were read, keys apart, and hash the whole paper."""
    whole = hashlib.sha256()
    for item in items:
        content = public_content(item)
        content_hash = json_digest(content)
        whole.update(canonical_json([content, item.version.key]).encode())
        db.session.add(frozen_question(exam.id, item, content_hash))
        db.session.flush()
        db.session.add(
            PaperKey(
                exam_id=exam.id,
                number=item.number,
                key=item.version.key,
                basis=item.version.basis,
                analysis=item.version.analysis,
            )
        )
    exam.paper_hash = whole.hexdigest()
    exam.full_marks = sum((item.marks for item in items), Decimal(0))
    exam.question_count = len(items)
    db.session.flush()


def public_content(item: Item) -> dict[str, object]:
    """Give what a sitting shows of a question; its hash names the cached HTML."""
    version = item.version
    return {
        "number": item.number,
        "kind": version.kind,
        "category": version.category,
        "stem": version.stem,
        "options": version.options,
        "marks": str(item.marks),
        "is_demonstration": item.question.is_demonstration,
    }


def frozen_question(exam_id: int, item: Item, content_hash: str) -> PaperQuestion:
    """Build the frozen row of a question."""
    version = item.version
    return PaperQuestion(
        exam_id=exam_id,
        number=item.number,
        question_id=item.question.id,
        kind=version.kind,
        category=version.category,
        stem=version.stem,
        options=version.options,
        marks=item.marks,
        is_demonstration=item.question.is_demonstration,
        content_hash=content_hash,
    )


def name_persons(*, exam_id: int, person_ids: Collection[int]) -> int:
    """Say who sits an exam for named persons, in the open write, once; gives how many get to.

    Of a paper that is not published yet they are kept until it is. Whoever may know the keys gets
    no sitting, named or not. Raises RefusedError.
    """
    exam = get_locked(exam_id)
    already = db.session.scalar(
        select(func.count()).select_from(ExamPerson).where(ExamPerson.exam_id == exam_id)
    )
    if not exam.is_for_named or already:
        raise RefusedError(form=WRONG_STATE)
    db.session.add_all(
        ExamPerson(exam_id=exam_id, person_id=person_id) for person_id in sorted(set(person_ids))
    )
    db.session.flush()
    log(AuditEvent.EXAMS_NAMED, exam, None, sittings=len(set(person_ids)))
    return enrol(exam, None) if exam.state is ExamState.PUBLISHED else 0


def list_named(exam_id: int) -> frozenset[int]:
    """Give whom an exam for named persons names."""
    return frozenset(
        db.session.scalars(select(ExamPerson.person_id).where(ExamPerson.exam_id == exam_id))
    )


def all_department_ids() -> list[int]:
    """Give all departments: an exam for named persons is for people of any."""
    return [each.id for each in accounts.list_departments()]


def departments_of(exam: Exam) -> list[int]:
    """Give the departments from which a roll is drawn: all, where persons are named."""
    if exam.is_for_named:
        return all_department_ids()
    return list_department_ids(exam.id)


def enrol(exam: Exam, only_person_ids: frozenset[int] | None) -> int:
    """Create a sitting for everybody on the roll; raises RefusedError when nobody is.

    An exam for named persons may have none yet.
    """
    if exam.is_for_named:
        only_person_ids = list_named(exam.id)
    roll = accounts.list_examinees(
        department_ids=departments_of(exam),
        on=clock.local(exam.opens_at).date(),
        since=min(clock.local(exam.drafted_at), clock.local(exam.opens_at)).date(),
    )
    if only_person_ids is not None:
        roll = [person for person in roll if person.person_id in only_person_ids]
    if not roll and not exam.is_for_named:
        raise RefusedError(form="所选部门没有应考人员，请核对参加部门。")
    db.session.add_all(
        Sitting(
            public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
            exam_id=exam.id,
            person_id=person.person_id,
            department_id=person.department_id,
            receipt="".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH)),
        )
        for person in roll
    )
    db.session.flush()
    return len(roll)


def log(event: AuditEvent, exam: Exam, person_id: int | None, **data: object) -> None:
    """Add an event about an exam to the open write."""
    append(event, person_id=person_id, object_type="exam", object_id=exam.id, **data)
    db.session.flush()
