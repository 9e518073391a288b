"""Classes: drafted from the year's plan or copied from the last one, loaded for whoever may see.

"year's plan → 复制上期 → six fields → save and send for approval: at most eight clicks". What a
class says is changed in its draft only; a class that was announced is cancelled and copied.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, false, func, or_, select
from sqlalchemy.sql import ColumnElement

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.accounts.roster.models import POST_GROUP_LABELS, PostGroup
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal
from app.training import post_tests
from app.training.models import (
    DRAFT_STATES,
    REVIEW_STATES,
    VOID_STATES,
    ClassDepartment,
    ClassKind,
    ClassState,
    PlanItem,
    Seat,
    SeatState,
    TrainingClass,
)
from app.workdays import service as workdays

PUBLIC_ID_BYTES = 12
READ, DRAFT = Permission.TRAINING_CLASS_READ, Permission.TRAINING_CLASS_DRAFT
NOT_A_DRAFT = "只有起草中的课堂能修改；已经排期的，请取消后复制一份再开。"
OTHER_KIND = "党建课堂由党支部审定，起草以后不能和其他课堂互换；请另开一个。"
MONTH = timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class Content:
    """What is typed about a class. `teacher` is a name, or the 工号 of somebody of the hall."""

    kind: ClassKind
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    teacher: str
    post_groups: Sequence[PostGroup] = ()
    department_ids: Sequence[int] = ()
    seats: int | None = None
    aim: str = ""
    has_test: bool = True
    has_survey: bool = True


def scope_condition(user: Principal, permission: Permission) -> ColumnElement[bool]:
    """Give the condition that a class belongs to where somebody holds a permission."""
    scope = user.departments_of(permission)
    if scope is None:
        return TrainingClass.id.is_not(None)
    return TrainingClass.department_id.in_(scope)


def covers(user: Principal, permission: Permission, found: TrainingClass) -> bool:
    """Tell whether somebody holds a permission for a class: the centre's own need all of it."""
    scope = user.departments_of(permission)
    return scope is None or found.department_id in scope


def readable(user: Principal) -> ColumnElement[bool]:
    """Give the classes whose ledger somebody reads; drafts only those who draft or decide."""
    if not user.can(READ):
        return false()
    unfinished = TrainingClass.state.in_((*DRAFT_STATES, *REVIEW_STATES, ClassState.DROPPED))
    seen = [
        scope_condition(user, each)
        for each in (
            DRAFT,
            Permission.TRAINING_CLASS_APPROVE,
            Permission.TRAINING_PARTY_CLASS_APPROVE,
        )
        if user.can(each)
    ]
    return or_(~unfinished, *seen)


def select_classes_for(user: Principal) -> Select[TrainingClass]:
    """Select the classes in the ledger of somebody."""
    return select(TrainingClass).where(readable(user))


def attended_by(person_id: int) -> ColumnElement[bool]:
    """Give the condition that somebody is, or was, on the list of a class that is announced."""
    mine = select(Seat.class_id).where(Seat.person_id == person_id)
    taught = TrainingClass.teacher_id == person_id
    hidden = (*DRAFT_STATES, *REVIEW_STATES, ClassState.DROPPED, ClassState.SCHEDULED)
    return (TrainingClass.id.in_(mine) | taught) & TrainingClass.state.not_in(hidden)


def get_class_for(user: Principal, public_id: str) -> TrainingClass | None:
    """Give a class to whoever reads the ledger, or is on its list."""
    allowed = or_(readable(user), attended_by(user.person_id))
    found: TrainingClass | None = db.session.scalar(
        select(TrainingClass).where(TrainingClass.public_id == public_id, allowed)
    )
    return found


def get_listed_for(user: Principal, public_id: str) -> TrainingClass | None:
    """Give a class to whoever reads the ledger."""
    return db.session.scalar(select_classes_for(user).where(TrainingClass.public_id == public_id))


def get_locked(class_id: int) -> TrainingClass:
    """Give a class for a decision: nobody else decides on it until this write has ended."""
    return db.session.get_one(TrainingClass, class_id, with_for_update=True)


def list_department_ids(class_id: int) -> list[int]:
    """Give the departments for whose people a class is; none is all."""
    return list(
        db.session.scalars(
            select(ClassDepartment.department_id)
            .where(ClassDepartment.class_id == class_id)
            .order_by(ClassDepartment.department_id)
        )
    )


def audience_text(found: TrainingClass) -> str:
    """Say for whom a class is."""
    groups = [POST_GROUP_LABELS[PostGroup(each)] for each in found.post_groups]
    names = db.session.scalars(
        select(Department.name)
        .join(ClassDepartment, ClassDepartment.department_id == Department.id)
        .where(ClassDepartment.class_id == found.id)
        .order_by(Department.position)
    ).all()
    where = "、".join(names) or "全部部门"
    return f"{where}，{'、'.join(groups)}岗位" if groups else f"{where}，全体人员"


def content_of(found: TrainingClass) -> Content:
    """Give what a class says, as it is typed."""
    teacher = db.session.get(Person, found.teacher_id or 0)
    return Content(
        kind=found.kind,
        title=found.title,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        place=found.place,
        teacher=teacher.staff_number if teacher else found.teacher,
        post_groups=[PostGroup(each) for each in found.post_groups],
        department_ids=list_department_ids(found.id),
        seats=found.seats,
        aim=found.aim,
        has_test=found.has_test,
        has_survey=found.has_survey,
    )


def find_last(user: Principal, kind: ClassKind, title: str) -> TrainingClass | None:
    """Give what 复制上期 copies: the last of that title, or of that kind; one that was held."""
    same = (TrainingClass.title == title).desc()
    begun = (TrainingClass.starts_at <= clock.now()).desc()
    found: TrainingClass | None = db.session.scalar(
        select_classes_for(user)
        .where(TrainingClass.kind == kind, TrainingClass.state.not_in(VOID_STATES))
        .order_by(same, begun, TrainingClass.starts_at.desc())
        .limit(1)
    )
    return found


def proposal(source: TrainingClass, item: PlanItem | None, *, is_second: bool) -> Content:
    """Give what a new class starts from: the last one, on a working day a month on.

    A second session, for those left over, is a week on and says so.
    """
    content = content_of(source)
    if is_second:
        return moved(replace(content, title=second_title(content.title)), source, 7)
    content = moved(content, source, MONTH.days)
    if item is None:
        return content
    content = replace(content, title=item.title)
    return on_day(content, proposed_day(item, clock.local(source.starts_at).day))


def second_title(title: str) -> str:
    """Name a second session."""
    return f"{title.removesuffix('（第二期）')[:50]}（第二期）"


def moved(content: Content, source: TrainingClass, days: int) -> Content:
    """Move a class by some days, to a working day that is still to come."""
    day = clock.local(source.starts_at).date() + timedelta(days=days)
    return on_day(content, day)


def on_day(content: Content, day: date) -> Content:
    """Put a class on the first working day from `day`, after today, at the same hours."""
    calendar = workdays.get_calendar()
    day = calendar.next_workday(max(day, clock.today() + timedelta(days=1)) - timedelta(days=1))
    shift = day - clock.local(content.starts_at).date()
    return replace(content, starts_at=content.starts_at + shift, ends_at=content.ends_at + shift)


def proposed_day(item: PlanItem, day: int) -> date:
    """Give the day of a plan's month that a class is proposed for."""
    return date(item.year, item.month, min(day, 28))


def draft(
    *,
    content: Content,
    user: Principal,
    copied_from_id: int | None = None,
    plan_item_id: int | None = None,
) -> TrainingClass:
    """Add a draft in the open write; its test is copied along. Raises RefusedError."""
    check(content)
    check_plan(plan_item_id)
    scope = user.departments_of(DRAFT)
    found = TrainingClass(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        state=first_state(content.kind),
        department_id=None if scope is None else min(scope),
        copied_from_id=copied_from_id,
        plan_item_id=plan_item_id,
        conclusion="",
        drafted_by_id=user.person_id,
        drafted_at=clock.now(),
        moved_at=clock.now(),
    )
    write(found, content)
    db.session.add(found)
    db.session.flush()
    set_departments(found.id, content.department_ids)
    source = db.session.get(TrainingClass, copied_from_id or 0)
    if found.has_test and source is not None and source.exam_id is not None:
        post_tests.copy(found, source.exam_id, by_id=user.person_id)
    return found


def first_state(kind: ClassKind) -> ClassState:
    """Give the state in which a class begins: 党建课堂 goes the way of the branch."""
    return ClassState.PARTY_DRAFT if kind is ClassKind.PARTY else ClassState.DRAFT


def edit(*, class_id: int, seen_version: int, content: Content, user: Principal) -> TrainingClass:
    """Change a draft in the open write; raises RefusedError or StaleEditError."""
    found = get_locked(class_id)
    if found.version != seen_version:
        raise StaleEditError
    if found.state not in DRAFT_STATES:
        raise RefusedError(form=NOT_A_DRAFT)
    if first_state(content.kind) is not found.state:
        raise RefusedError(kind=OTHER_KIND)
    check(content)
    write(found, content)
    found.version += 1
    set_departments(found.id, content.department_ids)
    post_tests.follow(found, by_id=user.person_id)
    log(AuditEvent.TRAINING_CLASS_EDITED, found, user.person_id)
    return found


def write(found: TrainingClass, content: Content) -> None:
    """Write what was typed into a class."""
    teacher_id, teacher = read_teacher(content.teacher)
    found.kind, found.title, found.place = content.kind, content.title, content.place
    found.starts_at, found.ends_at = content.starts_at, content.ends_at
    found.teacher, found.teacher_id = teacher, teacher_id
    found.post_groups = [each.value for each in content.post_groups]
    found.seats, found.aim = content.seats, content.aim
    found.has_test, found.has_survey = content.has_test, content.has_survey


def read_teacher(text: str) -> tuple[int | None, str]:
    """Tell whether the teacher is of this hall: then his 工号 was typed. Raises RefusedError."""
    account = accounts.find_account(accounts.normalise(text))
    person = db.session.get(Person, account.person_id) if account else None
    if person is None:
        return None, text
    if person.left_on is not None and person.left_on < clock.today():
        raise RefusedError(teacher="这个人已经离岗，请换一位讲师。")
    return person.id, person.name


def check(content: Content) -> None:
    """Refuse times and departments that can't be; raises RefusedError."""
    if content.ends_at <= content.starts_at:
        raise RefusedError(ends="结束时间要晚于开始时间。")
    known = {each.id for each in accounts.list_departments()}
    if not set(content.department_ids) <= known:
        raise RefusedError(department_ids="请从列表里选部门。")


def check_plan(item_id: int | None) -> None:
    """Refuse a second class of one line of the plan; raises RefusedError."""
    held = select(TrainingClass.id).where(
        TrainingClass.plan_item_id == item_id, TrainingClass.state.not_in(VOID_STATES)
    )
    if item_id is not None and db.session.scalar(held.limit(1)) is not None:
        raise RefusedError(form="计划里的这一项已经开课，请在课堂里查看。")


def set_departments(class_id: int, department_ids: Collection[int]) -> None:
    """Replace the departments of a draft."""
    db.session.execute(delete(ClassDepartment).where(ClassDepartment.class_id == class_id))
    db.session.add_all(
        ClassDepartment(class_id=class_id, department_id=each) for each in set(department_ids)
    )
    db.session.flush()


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many stand where on a class's list. 请假 and 缺席 are never added up."""

    due: int
    signed: int
    waiting: int
    leave: int

    @property
    def missing(self) -> int:
        """How many were booked and have not signed in."""
        return self.due - self.signed


def count(class_id: int) -> Counts:
    """Count a class's list."""
    rows = db.session.execute(
        select(Seat.state, func.count(), func.count(Seat.signed_at))
        .where(Seat.class_id == class_id)
        .group_by(Seat.state)
    ).all()
    by_state = {state: (number, signed) for state, number, signed in rows}
    due, signed = by_state.get(SeatState.BOOKED, (0, 0))
    return Counts(
        due=due,
        signed=signed,
        waiting=by_state.get(SeatState.WAITING, (0, 0))[0],
        leave=by_state.get(SeatState.LEAVE, (0, 0))[0],
    )


def signed_ids(class_id: int) -> list[int]:
    """Give those who took part in a class."""
    return list(
        db.session.scalars(
            select(Seat.person_id)
            .where(Seat.class_id == class_id, Seat.signed_at.is_not(None))
            .order_by(Seat.person_id)
        )
    )


def log(event: AuditEvent, found: TrainingClass, person_id: int | None, **data: object) -> None:
    """Add an event about a class to the open write."""
    append(event, person_id=person_id, object_type="training_class", object_id=found.id, **data)
    db.session.flush()
