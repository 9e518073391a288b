"""Booking by the lead: no window falls below its least staffing; who is left over waits.

"A person on duty at a window may be booked only if the window keeps minimum staffing (setting),
otherwise 分两期." A place that becomes free goes, in the same transaction, to the first in line
whose window can spare him. 请假 is given before the class begins.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, select

from app.accounts.models import Department, Person
from app.accounts.roster.models import (
    POST_GROUP_LABELS,
    Absence,
    Placement,
    Post,
    PostGroup,
    ServiceWindow,
)
from app.accounts.roster.placements import absent, not_left, placed
from app.audit.models import AuditEvent
from app.inbox import service as inbox
from app.inspections.people import people_at
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.settings import service as settings
from app.training import classes
from app.training.models import (
    VOID_STATES,
    ClassState,
    Seat,
    SeatState,
    TrainingClass,
)
from app.training.settings import LEAST_STAFF
from app.workdays import service as workdays

BOOK = Permission.TRAINING_SEAT_BOOK
NOT_OPEN = "这一课现在不能报名，请先看课堂的状态。"
BEGUN = "已经开课，不能再请假；没有到的，课后记为缺席。"
NOBODY = "请至少勾选一个人。"
NOT_YOURS = "有的人不在可以报名的名单里，请刷新后再选。"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may be booked, or stands on the list already."""

    person_id: int
    name: str
    staff_number: str
    department: str
    department_id: int
    place: str
    # Left over from the class of which this one is the second session.
    is_left_over: bool


def select_placed(on: date) -> Select[Person, Placement, Department, Post, str | None]:
    """Select who works in the hall on a day and is not on leave."""
    away = select(Absence.person_id).where(*absent(on))
    return (
        select(Person, Placement, Department, Post, ServiceWindow.number)
        .join(Placement, Placement.person_id == Person.id)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == Placement.window_id)
        .where(*placed(on), not_left(on), Person.joined_on <= on, Person.id.not_in(away))
        .order_by(Department.position, Person.name_key, Person.id)
    )


def list_candidates(found: TrainingClass, user: Principal) -> list[Candidate]:
    """Give whom somebody may book: his own people, for whom the class is, not on its list yet."""
    scope = user.departments_of(BOOK)
    chosen = classes.list_department_ids(found.id)
    statement = select_placed(clock.local(found.starts_at).date())
    if chosen:
        statement = statement.where(Placement.department_id.in_(chosen))
    if scope is not None:
        statement = statement.where(Placement.department_id.in_(scope))
    if found.post_groups:
        groups = [PostGroup(each) for each in found.post_groups]
        statement = statement.where(Post.post_group.in_(groups))
    on_list = select(Seat.person_id).where(
        Seat.class_id == found.id, Seat.state.in_((SeatState.BOOKED, SeatState.WAITING))
    )
    rows = db.session.execute(
        statement.where(Person.id.not_in(on_list), Person.id != (found.teacher_id or 0))
    ).all()
    left_over = list_left_over(found)
    return [
        Candidate(
            person_id=person.id,
            name=person.name,
            staff_number=person.staff_number,
            department=department.name,
            department_id=department.id,
            place=place_text(number, post),
            is_left_over=person.id in left_over,
        )
        for person, _, department, post, number in rows
    ]


def place_text(window: str | None, post: Post) -> str:
    """Say where somebody works: his window, or the group of his post."""
    return POST_GROUP_LABELS[post.post_group] if window is None else f"{window}窗口"


def list_left_over(found: TrainingClass) -> set[int]:
    """Give who still waits in the class of which this one is a copy: the first session."""
    return set(
        db.session.scalars(
            select(Seat.person_id).where(
                Seat.class_id == (found.copied_from_id or 0), Seat.state == SeatState.WAITING
            )
        )
    )


def book(*, class_id: int, person_ids: Collection[int], user: Principal) -> tuple[int, int]:
    """Book people in the open write; gives how many got a place and how many wait.

    Raises RefusedError, and then nobody is booked.
    """
    found = classes.get_locked(class_id)
    check_open(found)
    chosen = [each for each in list_candidates(found, user) if each.person_id in set(person_ids)]
    if not person_ids:
        raise RefusedError(form=NOBODY)
    if len(chosen) != len(set(person_ids)):
        raise RefusedError(form=NOT_YOURS)
    refuse_double(found, chosen)
    taken = classes.count(class_id).due
    free = len(chosen) if found.seats is None else max(0, found.seats - taken)
    if shortage := find_shortage(found, [each.person_id for each in chosen[:free]]):
        raise RefusedError(form=shortage)
    for place, each in enumerate(chosen):
        put(found, each, SeatState.BOOKED if place < free else SeatState.WAITING, user)
    leave_first_session(found, chosen, user)
    waiting = max(0, len(chosen) - free)
    booked = len(chosen) - waiting
    classes.log(
        AuditEvent.TRAINING_SEATS_BOOKED, found, user.person_id, records=booked, waiting=waiting
    )
    return booked, waiting


def check_open(found: TrainingClass) -> None:
    """Refuse booking for a class that doesn't take any; raises RefusedError.

    Whoever comes along can be booked until the class has been entered as held.
    """
    if found.state is not ClassState.BOOKING:
        raise RefusedError(form=NOT_OPEN)


def put(found: TrainingClass, each: Candidate, state: SeatState, user: Principal) -> None:
    """Give somebody a place, or one on the waiting list; tells him."""
    # Who had leave, or was taken off the waiting list, begins anew on the line that he has.
    seat = db.session.scalar(
        select(Seat).where(Seat.class_id == found.id, Seat.person_id == each.person_id)
    ) or Seat(class_id=found.id, person_id=each.person_id)
    seat.department_id, seat.state = each.department_id, state
    seat.booked_by_id, seat.booked_at = user.person_id, clock.now()
    seat.reason, seat.freed_by_id, seat.freed_at = "", None, None
    db.session.add(seat)
    db.session.flush()
    word = "已为你报名" if state is SeatState.BOOKED else "你排在候补"
    tell(found, [each.person_id], f"{word}：{title_of(found)}。")


def leave_first_session(found: TrainingClass, chosen: Sequence[Candidate], user: Principal) -> None:
    """Take those who got a place in the second session off the first one's waiting list."""
    ids = [each.person_id for each in chosen if each.is_left_over]
    rows = db.session.scalars(
        select(Seat).where(
            Seat.class_id == (found.copied_from_id or 0),
            Seat.state == SeatState.WAITING,
            Seat.person_id.in_(ids),
        )
    ).all()
    for seat in rows:
        set_free(seat, SeatState.WITHDRAWN, "已报第二期", user)
    db.session.flush()


def refuse_double(found: TrainingClass, chosen: Sequence[Candidate]) -> None:
    """Refuse whoever is booked for another class at the same time; raises RefusedError."""
    names = {each.person_id: each.name for each in chosen}
    for seat, other in overlapping(found, names):
        raise RefusedError(
            form=f"{names[seat.person_id]}同一时间已报“{other.title}”，请去掉后再提交。"
        )


def overlapping(
    found: TrainingClass, person_ids: Iterable[int]
) -> Sequence[tuple[Seat, TrainingClass]]:
    """Give the places that people have in other classes at the same time."""
    rows = db.session.execute(
        select(Seat, TrainingClass)
        .join(TrainingClass, TrainingClass.id == Seat.class_id)
        .where(
            Seat.person_id.in_(list(person_ids)),
            Seat.state == SeatState.BOOKED,
            TrainingClass.id != found.id,
            TrainingClass.state.not_in(VOID_STATES),
            TrainingClass.starts_at < found.ends_at,
            TrainingClass.ends_at > found.starts_at,
        )
        .order_by(Seat.id)
    )
    return [(seat, other) for seat, other in rows]


def find_shortage(found: TrainingClass, person_ids: Collection[int]) -> str:
    """Say which windows would have too few people, and when; the empty text where none has.

    Only what lies within the hall's opening hours counts: after them nobody is kept from a window.
    """
    hours = open_hours(found)
    if not hours or not person_ids:
        return ""
    day = clock.local(found.starts_at).date()
    windows = lock_windows(person_ids, day)
    least = settings.get(LEAST_STAFF)
    told = []
    for window in windows:
        at_window = people_at(window.id, day)
        gone = gone_from(found, at_window) | (set(at_window) & set(person_ids))
        left = len(at_window) - len(gone)
        if left < least:
            told.append(f"{window.number}窗口{hours}只剩{left}人，少于最少{least}人")
    if not told:
        return ""
    return f"{'；'.join(told)}。没有人报上名。请减少人数，其余的人分两期，报下一期。"


def lock_windows(person_ids: Collection[int], day: date) -> Sequence[ServiceWindow]:
    """Hold the windows from which people go: two classes can't empty one at the same moment."""
    mine = select(Placement.window_id).where(
        Placement.person_id.in_(list(person_ids)), *placed(day), Placement.window_id.is_not(None)
    )
    return db.session.scalars(
        select(ServiceWindow)
        .where(ServiceWindow.id.in_(mine))
        .order_by(ServiceWindow.number)
        .with_for_update()
    ).all()


def gone_from(found: TrainingClass, people: Sequence[int]) -> set[int]:
    """Give which of some people are in this class, or in another at the same time."""
    here = db.session.scalars(
        select(Seat.person_id).where(
            Seat.class_id == found.id,
            Seat.state == SeatState.BOOKED,
            Seat.person_id.in_(list(people)),
        )
    )
    return set(here) | {seat.person_id for seat, _ in overlapping(found, people)}


def open_hours(found: TrainingClass) -> str:
    """Give the part of a class that lies within opening hours: 15:00至16:30; "" for none."""
    start, end = clock.local(found.starts_at), clock.local(found.ends_at)
    parts = []
    for period in workdays.get_calendar().periods(start.date()):
        since, until = max(start.time(), period.start), min(end.time(), period.end)
        if since < until:
            parts.append(f"{since:%H:%M}至{until:%H:%M}")
    return "、".join(parts)


def free(*, seat_id: int, reason: str, user: Principal) -> Seat:
    """Give leave to somebody who is booked, or take him off the waiting list, in the open write.

    The first in line whose window can spare him moves up. Raises RefusedError.
    """
    found = classes.get_locked(db.session.get_one(Seat, seat_id).class_id)
    # Read again under the lock of its class: another may have given the leave a moment ago.
    seat = db.session.get_one(Seat, seat_id, populate_existing=True)
    check_open(found)
    if clock.now() >= found.starts_at:
        raise RefusedError(form=BEGUN)
    if seat.state not in {SeatState.BOOKED, SeatState.WAITING}:
        raise RefusedError(form="这个人已经请假或者取消了。")
    if not reason:
        raise RefusedError(reason="请写明原因。")
    was_booked = seat.state is SeatState.BOOKED
    set_free(seat, SeatState.LEAVE if was_booked else SeatState.WITHDRAWN, reason, user)
    classes.log(AuditEvent.TRAINING_SEAT_FREED, found, user.person_id, of_person=seat.person_id)
    if was_booked:
        promote(found)
    return seat


def set_free(seat: Seat, state: SeatState, reason: str, user: Principal) -> None:
    """Write down that somebody gives up his place."""
    seat.state, seat.reason = state, reason
    seat.freed_by_id, seat.freed_at = user.person_id, clock.now()
    db.session.flush()


def promote(found: TrainingClass) -> None:
    """Let the first in line whose window can spare him have the place that became free."""
    if found.seats is not None and classes.count(found.id).due >= found.seats:
        return
    waiting = db.session.scalars(
        select(Seat)
        .where(Seat.class_id == found.id, Seat.state == SeatState.WAITING)
        .order_by(Seat.booked_at, Seat.id)
    ).all()
    for seat in waiting:
        if not find_shortage(found, [seat.person_id]) and not overlapping(found, [seat.person_id]):
            seat.state = SeatState.BOOKED
            db.session.flush()
            told = [seat.person_id, seat.booked_by_id]
            tell(found, told, f"候补转为已报：{title_of(found)}。")
            return


def tell(found: TrainingClass, person_ids: Collection[int], text: str) -> None:
    """Write a notice about a class."""
    inbox.tell(
        person_ids, text, endpoint="training.show_class", arguments={"public_id": found.public_id}
    )


def title_of(found: TrainingClass) -> str:
    """Name a class with its time and place."""
    return f"“{found.title}”，{formats.short_moment(found.starts_at)}，{found.place}"


@dataclass(frozen=True, kw_only=True)
class SeatRow:
    """One line of a class's list."""

    seat: Seat
    name: str
    staff_number: str
    department: str


def select_seats(class_id: int) -> Select[Seat, Person, Department]:
    """Select a class's list with persons and departments."""
    return (
        select(Seat, Person, Department)
        .join(Person, Person.id == Seat.person_id)
        .join(Department, Department.id == Seat.department_id)
        .where(Seat.class_id == class_id)
    )


def list_seats(class_id: int, scope: frozenset[int] | None = None) -> list[SeatRow]:
    """Give a class's list by department and name; of some departments where a scope is given."""
    statement = select_seats(class_id).order_by(Department.position, Person.name_key, Person.id)
    if scope is not None:
        statement = statement.where(Seat.department_id.in_(scope))
    return [
        SeatRow(
            seat=seat,
            name=person.name,
            staff_number=person.staff_number,
            department=department.name,
        )
        for seat, person, department in db.session.execute(statement)
    ]


def get_seat_for(user: Principal, found: TrainingClass, seat_id: int) -> SeatRow | None:
    """Give a line of a class's list to whoever books in its department."""
    scope = user.departments_of(BOOK)
    rows = [each for each in list_seats(found.id, scope) if each.seat.id == seat_id]
    return rows[0] if rows else None
