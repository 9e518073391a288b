"""People of the hall: who is there, and what changes about him, each with its day.

A person is added, transferred, absent, and leaves; nothing of it is typed over. Whoever holds the
roster in one department only (a 联络员) sees and changes the people of that department.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.accounts import passwords, service
from app.accounts.administration import keep_duties_without
from app.accounts.models import (
    Account,
    AccountKind,
    Department,
    Employment,
    Person,
    SessionEnd,
)
from app.accounts.roster import departures, placements
from app.accounts.roster.models import (
    Absence,
    AbsenceKind,
    Authorisation,
    Deputy,
    Placement,
    Post,
    ServiceWindow,
)
from app.accounts.roster.placements import not_left
from app.accounts.sessions import end_sessions_of_people
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal, Role

TAKEN = "这个工号已经有人使用。离岗的人回来，请用新的工号，或联系系统管理员。"
ANONYMISED = "这个人离岗已久，信息已经匿名，不能再办理。"
OVERLAPS = "这几天里已经登记过不在岗，请先看已有的记录。"


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    """A person as the list shows him: with the placement of today, or his last one."""

    person: Person
    placement: Placement
    department: Department
    post: Post
    window: ServiceWindow | None
    absence: Absence | None


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What is typed about a person himself."""

    staff_number: str
    name: str
    employment: Employment | None
    phone: str


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody works, and as what."""

    department_id: int
    window_id: int | None
    post_id: int


def select_people_for(principal: Principal) -> Statement:
    """Select the people whom this principal may see, each with place and absence of today."""
    today = clock.today()
    statement = (
        select(Person, Placement, Department, Post, ServiceWindow, Absence)
        .join(
            Placement,
            placements.standing(today),
        )
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == Placement.window_id)
        .outerjoin(
            Absence,
            and_(
                Absence.person_id == Person.id,
                *placements.absent(today),
            ),
        )
    )
    departments = principal.departments_of(Permission.ACCOUNTS_ROSTER_READ)
    if departments is not None:
        statement = statement.where(Placement.department_id.in_(departments))
    return statement


def get_person_for(principal: Principal, person_id: int) -> PersonRow | None:
    """Give a person whom this principal may see."""
    found = db.session.execute(
        select_people_for(principal).where(Person.id == person_id)
    ).one_or_none()
    return None if found is None else row_of(found)


def row_of(
    found: tuple[Person, Placement, Department, Post, ServiceWindow | None, Absence | None],
) -> PersonRow:
    """Name the parts of a result row."""
    person, placement, department, post, window, absence = found
    return PersonRow(
        person=person,
        placement=placement,
        department=department,
        post=post,
        window=window,
        absence=absence,
    )


def may_edit(principal: Principal, department_id: int) -> bool:
    """Tell whether this principal keeps the roster of a department."""
    return principal.can(Permission.ACCOUNTS_ROSTER_EDIT, department_id=department_id)


def add_person(*, particulars: Particulars, place: Place, joined_on: date, added_by_id: int) -> int:
    """Add a person as 窗口工作人员, with an account that is not activated yet; returns his id.

    Raises RefusedError where the 工号 is taken.
    """
    refuse_taken(particulars.staff_number, but=None)
    return service.add_person(
        staff_number=particulars.staff_number,
        name=particulars.name,
        employment=particulars.employment,
        phone=particulars.phone,
        department_id=place.department_id,
        window_id=place.window_id,
        post_id=place.post_id,
        password_hash=passwords.NO_PASSWORD,
        roles=[Role.STAFF],
        joined_on=joined_on,
        added_by_id=added_by_id,
    )


def refuse_taken(staff_number: str, *, but: int | None) -> None:
    """Refuse a 工号 that somebody has, however it is written; raises RefusedError."""
    account = service.find_account(service.normalise(staff_number))
    number = select(Person.id).where(Person.staff_number == staff_number.strip())
    owners = {account.person_id} if account else set()
    owners |= set(db.session.scalars(number))
    if owners - {but}:
        raise RefusedError(staff_number=TAKEN)


def change_person(
    *, person_id: int, seen_version: int, particulars: Particulars, changed_by_id: int
) -> None:
    """Change what is written about a person himself; his login name follows his 工号.

    Raises StaleEditError for an edit of another version, RefusedError for a 工号 that is taken.
    """
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.version != seen_version:
        raise StaleEditError
    refuse_anonymised(person)
    refuse_taken(particulars.staff_number, but=person_id)
    before = particulars_of(person)
    if before == particulars:
        return
    person.staff_number, person.name = particulars.staff_number, particulars.name
    person.name_key = service.sort_key(particulars.name)
    person.employment, person.phone = particulars.employment, particulars.phone
    account = service.business_account(person_id)
    account.login_name = service.normalise(particulars.staff_number)
    flush_or_refuse(staff_number=TAKEN)
    changed = [
        name
        for name in ("staff_number", "name", "employment", "phone")
        if getattr(before, name) != getattr(particulars, name)
    ]
    # The log keeps what was changed, not the telephone numbers themselves.
    append(
        AuditEvent.ACCOUNTS_PERSON_CHANGED,
        person_id=changed_by_id,
        object_type="person",
        object_id=person_id,
        changed=changed,
        before={"staff_number": before.staff_number, "name": before.name},
    )


def refuse_anonymised(person: Person) -> None:
    """Refuse to write about whom nobody knows any more; raises RefusedError."""
    if person.anonymised_at is not None:
        raise RefusedError(form=ANONYMISED)


def particulars_of(person: Person) -> Particulars:
    """Give what is stored about a person himself."""
    return Particulars(
        staff_number=person.staff_number,
        name=person.name,
        employment=person.employment,
        phone=person.phone,
    )


def flush_or_refuse(**errors: str) -> None:
    """Send what is pending; what the database refuses becomes a message beside its field."""
    try:
        db.session.flush()
    except IntegrityError as error:
        raise RefusedError(**errors) from error


def transfer(*, person_id: int, place: Place, starts_on: date, by_id: int) -> None:
    """Let a person work elsewhere from a day on; raises RefusedError."""
    placements.transfer(
        person_id=person_id,
        department_id=place.department_id,
        window_id=place.window_id,
        post_id=place.post_id,
        starts_on=starts_on,
    )
    append(
        AuditEvent.ACCOUNTS_TRANSFERRED,
        person_id=by_id,
        object_type="person",
        object_id=person_id,
        department_id=place.department_id,
        window_id=place.window_id,
        post_id=place.post_id,
        starts_on=starts_on.isoformat(),
    )


def cancel_transfer(*, person_id: int, by_id: int) -> None:
    """Take back the last transfer: the placement before it goes on; raises RefusedError."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    last, before = last_two_placements(person_id)
    if before is None or person.left_on is not None:
        raise RefusedError(form="没有可以撤销的调动。")
    gone = {
        "department_id": last.department_id,
        "window_id": last.window_id,
        "post_id": last.post_id,
        "starts_on": last.starts_on.isoformat(),
    }
    db.session.delete(last)
    db.session.flush()
    before.ends_on = None
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_TRANSFER_CANCELLED,
        person_id=by_id,
        object_type="person",
        object_id=person_id,
        **gone,
    )


def last_two_placements(person_id: int) -> tuple[Placement, Placement | None]:
    """Give a person's last placement and the one before it."""
    rows = db.session.scalars(
        select(Placement)
        .where(Placement.person_id == person_id)
        .order_by(Placement.starts_on.desc())
        .limit(2)
    ).all()
    return rows[0], rows[1] if len(rows) > 1 else None


def let_leave(*, person_id: int, left_on: date, by_id: int) -> None:
    """Register a person's last day: with it ends all that he holds (departures.py).

    Raises RefusedError for a day before his last placement began, for one who has left, and for
    who holds the last account of an administrator's duty.
    """
    keep_duties_without([person_id])
    person = db.session.get_one(Person, person_id, with_for_update=True)
    last, _ = last_two_placements(person_id)
    if person.left_on is not None:
        raise RefusedError(form="这个人已经登记离岗。")
    if left_on < last.starts_on:
        raise RefusedError(
            left_on=f"离岗日期不能早于现岗位的开始日期（{formats.day(last.starts_on)}）。"
        )
    person.left_on = last.ends_on = left_on
    db.session.flush()
    ended = departures.end_with({person_id: left_on})
    append(
        AuditEvent.ACCOUNTS_LEFT,
        person_id=by_id,
        object_type="person",
        object_id=person_id,
        left_on=left_on.isoformat(),
        ended_deputies=departures.ids_of(ended, Deputy),
        ended_authorisations=departures.ids_of(ended, Authorisation),
    )


def cancel_leaving(*, person_id: int, by_id: int) -> None:
    """Take back a departure; what ended with it is given anew. Raises RefusedError."""
    person = db.session.get_one(Person, person_id, with_for_update=True)
    if person.left_on is None:
        raise RefusedError(form="这个人没有登记离岗。")
    refuse_anonymised(person)
    last, _ = last_two_placements(person_id)
    was = person.left_on
    person.left_on = last.ends_on = None
    if was < clock.today():
        shut_out_administrator(person_id, by_id)
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_LEAVING_CANCELLED,
        person_id=by_id,
        object_type="person",
        object_id=person_id,
        left_on=was.isoformat(),
    )


def shut_out_administrator(person_id: int, by_id: int) -> None:
    """Disable the administrator's account of whoever comes back: its duty has gone to others.

    Who registers people must not make an administrator; he is appointed anew.
    """
    found = select(Account).where(
        Account.person_id == person_id,
        Account.kind != AccountKind.BUSINESS,
        Account.disabled_at.is_(None),
    )
    for account in db.session.scalars(found.with_for_update()):
        account.disabled_at = clock.now()
        append(
            AuditEvent.ACCOUNTS_DISABLED,
            person_id=by_id,
            object_type="account",
            object_id=account.id,
            of_person=person_id,
            reason="撤销离岗",
        )


def end_sessions(person_id: int, reason: SessionEnd) -> None:
    """End every session of a person's business account: he signs in anew, unsent answers stay."""
    end_sessions_of_people([person_id], reason, kinds={AccountKind.BUSINESS})


def add_absence(
    *,
    person_id: int,
    kind: AbsenceKind,
    starts_on: date,
    ends_on: date,
    covered_by_id: int | None,
    by_id: int,
) -> None:
    """Register that a person is not at his post, and who stands in; raises RefusedError."""
    if ends_on < starts_on:
        raise RefusedError(ends_on="结束日期不能早于开始日期。")
    if covered_by_id == person_id:
        raise RefusedError(covered_by="替岗的人不能是本人。")
    refuse_anonymised(db.session.get_one(Person, person_id, with_for_update=True))
    if find_overlap(person_id, starts_on, ends_on) is not None:
        raise RefusedError(starts_on=OVERLAPS)
    db.session.add(
        Absence(
            person_id=person_id,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            covered_by_id=covered_by_id,
        )
    )
    flush_or_refuse(starts_on=OVERLAPS)
    append(
        AuditEvent.ACCOUNTS_ABSENCE_ADDED,
        person_id=by_id,
        object_type="person",
        object_id=person_id,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on.isoformat(),
        covered_by=covered_by_id,
    )


def find_overlap(person_id: int, starts_on: date, ends_on: date) -> int | None:
    """Give an absence of a person that shares a day with a period."""
    return db.session.scalar(
        select(Absence.id).where(
            Absence.person_id == person_id,
            Absence.cancelled_at.is_(None),
            Absence.starts_on <= ends_on,
            Absence.ends_on >= starts_on,
        )
    )


def cancel_absence(*, person_id: int, absence_id: int, by_id: int) -> None:
    """Take an absence back; the row stays. Raises RefusedError where there is none to cancel."""
    absence = db.session.get(Absence, absence_id, with_for_update=True)
    if absence is None or absence.person_id != person_id or absence.cancelled_at is not None:
        raise RefusedError(form="这条记录已经取消，或者不存在。")
    absence.cancelled_at = clock.now()
    db.session.flush()
    append(
        AuditEvent.ACCOUNTS_ABSENCE_CANCELLED,
        person_id=by_id,
        object_type="person",
        object_id=person_id,
        starts_on=absence.starts_on.isoformat(),
        ends_on=absence.ends_on.isoformat(),
    )


def find_colleague(staff_number: str) -> int | None:
    """Give the person with a 工号 who is in service today."""
    today = clock.today()
    return db.session.scalar(
        select(Person.id).where(
            func.lower(Person.staff_number) == staff_number.strip().lower(),
            not_left(today),
        )
    )


def need_colleague(staff_number: str, *, field: str) -> int:
    """Give the person with a 工号; raises RefusedError beside the field where it was typed."""
    person_id = find_colleague(staff_number)
    if person_id is None:
        raise RefusedError(**{field: "没有这个工号，或者这个人已经离岗。"})
    return person_id


@dataclass(frozen=True, kw_only=True)
class PlacementLine:
    """One step of a person's path through the hall."""

    starts_on: date
    ends_on: date | None
    department: str
    post: str
    window: str


def list_placements(person_id: int) -> list[PlacementLine]:
    """Give where a person has worked, oldest first."""
    rows = db.session.execute(
        select(Placement, Department.name, Post.name, ServiceWindow.number)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .outerjoin(ServiceWindow, ServiceWindow.id == Placement.window_id)
        .where(Placement.person_id == person_id)
        .order_by(Placement.starts_on)
    )
    return [
        PlacementLine(
            starts_on=placement.starts_on,
            ends_on=placement.ends_on,
            department=department,
            post=post,
            window=window or "",
        )
        for placement, department, post, window in rows
    ]


def list_absences(person_id: int) -> list[tuple[Absence, str]]:
    """Give a person's absences that were not cancelled, the latest first, with who stands in."""
    standing_in = aliased(Person)
    rows = db.session.execute(
        select(Absence, standing_in.name)
        .outerjoin(standing_in, standing_in.id == Absence.covered_by_id)
        .where(Absence.person_id == person_id, Absence.cancelled_at.is_(None))
        .order_by(Absence.starts_on.desc())
        .limit(50)
    )
    return [(absence, name or "") for absence, name in rows]
