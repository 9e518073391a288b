"""Applying for 缓考 and 免考: a lead for people of his own department, a 经办人 for anybody.

Several people at once with one cause are one form and an application each. No sick note is asked
for: 病假 is a word in a list, and what is wrong with somebody is no concern of an exam.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.exams import excuse_flow
from app.exams.models import (
    Exam,
    ExamExcuse,
    ExamState,
    ExcuseCause,
    ExcuseKind,
    ExcuseState,
    Sitting,
    SittingStanding,
)
from app.exams.service import papers, scope
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.workflow import service as workflow

MOST_PEOPLE = 50
TYPED_CAUSES = (
    ExcuseCause.MATERNITY,
    ExcuseCause.SICK,
    ExcuseCause.ERRAND,
    ExcuseCause.DUTY,
    ExcuseCause.OTHER,
)
BETWEEN = re.compile(r"[\s,，、;；]+")
IN_FORCE = (ExcuseState.APPLIED, ExcuseState.APPROVED)
NO_TIME = "这场考试现在不能申请缓考、免考：还没有发布，或者已经评卷。"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is applied for: one kind and cause, for the people who are named."""

    kind: ExcuseKind
    cause: ExcuseCause
    people: str
    note: str


def select_roll_for(
    user: Principal, exam_id: int, permission: Permission = Permission.EXAMS_EXCUSE_APPLY
) -> Statement:
    """Select those on the roll of an exam for whom this person may act, with person and 部门."""
    found = (
        select(Sitting, Person, Department)
        .join(Person, Person.id == Sitting.person_id)
        .join(Department, Department.id == Sitting.department_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .where(Sitting.exam_id == exam_id, Exam.published_at.is_not(None))
    )
    return scope.within(found, user, permission)


def get_exam_for(
    user: Principal, exam_id: int, permission: Permission = Permission.EXAMS_EXCUSE_APPLY
) -> Exam | None:
    """Give an exam on whose roll people stand for whom this person may act."""
    roll = select_roll_for(user, exam_id, permission)
    if db.session.scalar(roll.with_only_columns(Sitting.id).limit(1)) is None:
        return None
    return db.session.get_one(Exam, exam_id)


def list_exams_for(user: Principal, permission: Permission) -> list[Exam]:
    """Give the published exams that are not graded, with people for whom this person may act."""
    mine = scope.within(select(Sitting.exam_id), user, permission)
    found = select(Exam).where(
        Exam.state == ExamState.PUBLISHED, Exam.is_for_named.is_(False), Exam.id.in_(mine)
    )
    return list(db.session.scalars(found.order_by(Exam.closes_at, Exam.id)))


def apply_excuses(*, exam_id: int, wanted: Wanted, user: Principal) -> list[int]:
    """Apply for all who are named, or for nobody; gives the ids. Raises RefusedError."""
    exam = papers.get_locked(exam_id)
    if exam.state is not ExamState.PUBLISHED:
        raise RefusedError(form=NO_TIME)
    check_cause(wanted)
    sittings = find_people(exam_id, wanted.people, user)
    return [apply(sitting, wanted, user) for sitting in sittings]


def check_cause(wanted: Wanted) -> None:
    """Refuse causes that the kind does not know, and one without a word; raises RefusedError."""
    if wanted.cause not in TYPED_CAUSES:
        raise RefusedError(cause="请选原因。")
    if wanted.kind is ExcuseKind.EXEMPTION and wanted.cause is not ExcuseCause.OTHER:
        raise RefusedError(cause="这个原因请申请缓考；免考请选“其他”，并写明原因。")
    if wanted.cause is ExcuseCause.OTHER and not wanted.note:
        raise RefusedError(note="选“其他”的，请写明原因。")


def find_people(exam_id: int, text: str, user: Principal) -> Sequence[Sitting]:
    """Find those who are named by 工号 or name, of whom one applies for; raises RefusedError."""
    words = list(dict.fromkeys(each for each in BETWEEN.split(text) if each))
    if not words:
        raise RefusedError(people="请写姓名或工号。")
    if len(words) > MOST_PEOPLE:
        raise RefusedError(people=f"一次最多申请{MOST_PEOPLE}人，请分几次办理。")
    named = Person.name.in_(words) | Person.staff_number.in_([each.upper() for each in words])
    found = db.session.execute(select_roll_for(user, exam_id).where(named).order_by(Sitting.id))
    roll = [(sitting, person) for sitting, person, _ in found]
    return list({one.id: one for one in (find_one(word, roll) for word in words)}.values())


def find_one(word: str, roll: Sequence[tuple[Sitting, Person]]) -> Sitting:
    """Give the one whom a word means, who may be excused; raises RefusedError."""
    found = [one for one, person in roll if word.upper() == person.staff_number.upper()] or [
        one for one, person in roll if word == person.name
    ]
    if not found:
        raise RefusedError(people=f"这场考试的名单里没有“{word}”，请核对姓名或工号。")
    if len(found) > 1:
        raise RefusedError(people=f"有{len(found)}个人叫“{word}”，请写工号。")
    check_free(found[0], word)
    return found[0]


def check_free(sitting: Sitting, word: str) -> None:
    """Refuse somebody who has begun or is excused already; raises RefusedError."""
    if sitting.started_at is not None:
        raise RefusedError(people=f"“{word}”已经开始答题，不能再缓考、免考。")
    in_force = select(ExamExcuse.id).where(
        ExamExcuse.sitting_id == sitting.id, ExamExcuse.state.in_(IN_FORCE)
    )
    is_excused = sitting.standing is not SittingStanding.DUE
    if is_excused or db.session.scalar(in_force) is not None:
        raise RefusedError(people=f"“{word}”已经申请过，或者已经缓考、免考，不用再申请。")


def apply(sitting: Sitting, wanted: Wanted, user: Principal) -> int:
    """Add one application and begin its path; returns its id."""
    excuse = ExamExcuse(
        sitting_id=sitting.id,
        state=ExcuseState.APPLIED,
        kind=wanted.kind,
        cause=wanted.cause,
        note=wanted.note,
        is_automatic=False,
    )
    db.session.add(excuse)
    workflow.begin(excuse_flow.FLOW, excuse, user=user)
    return excuse.id


def exempt(sittings: Collection[Sitting], cause: ExcuseCause) -> None:
    """Exempt people by what the site knows itself, in the write that puts them on the roll."""
    for sitting in sittings:
        sitting.standing = SittingStanding.EXEMPT
        excuse = ExamExcuse(
            sitting_id=sitting.id,
            state=ExcuseState.APPROVED,
            kind=ExcuseKind.EXEMPTION,
            cause=cause,
            note="",
            is_automatic=True,
        )
        db.session.add(excuse)
        workflow.begin(excuse_flow.FLOW, excuse, user=None)


def select_excuses_for(user: Principal) -> Statement:
    """Select the applications of those for whom this person applies or decides."""
    found = (
        select(ExamExcuse, Sitting, Exam, Person, Department)
        .join(Sitting, Sitting.id == ExamExcuse.sitting_id)
        .join(Exam, Exam.id == Sitting.exam_id)
        .join(Person, Person.id == Sitting.person_id)
        .join(Department, Department.id == Sitting.department_id)
    )
    return scope.within(found, user, Permission.EXAMS_EXCUSE_READ)


def get_excuse_for(user: Principal, excuse_id: int) -> ExamExcuse | None:
    """Give one that this person may see."""
    found: ExamExcuse | None = db.session.scalar(
        select_excuses_for(user).where(ExamExcuse.id == excuse_id)
    )
    return found


def get_excuse_of(sitting_id: int) -> ExamExcuse | None:
    """Give what waits or counts for a sitting, else what came of the last application."""
    found: ExamExcuse | None = db.session.scalar(
        select(ExamExcuse)
        .where(ExamExcuse.sitting_id == sitting_id)
        .order_by(ExamExcuse.state.in_(IN_FORCE).desc(), ExamExcuse.id.desc())
        .limit(1)
    )
    return found
