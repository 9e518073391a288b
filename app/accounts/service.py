"""People, departments, accounts and roles of the hall: who is there, and what he may do today.

How somebody signs in stands in `sign_in`, what a signed-in browser is in `sessions`.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from app.accounts.models import (
    DUTIES_OF,
    Account,
    AccountKind,
    Department,
    DepartmentKind,
    Employment,
    Hall,
    Person,
    RoleGrant,
)
from app.accounts.roster import placements
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import not_left, placed
from app.accounts.sign_in_models import PasswordHistory
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.permissions import Grant, Role

UNNAMED_HALL = "政务服务中心"
# Characters whose reading as a surname differs from the usual one.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "盖": "ge", "查": "zha",
    "任": "ren", "华": "hua", "朴": "piao", "翟": "zhai", "尉": "yu", "种": "chong", "缪": "miao",
    "召": "shao", "逄": "pang", "员": "yun", "佴": "nai", "宓": "fu", "乐": "yue", "折": "she",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class PersonOnRoll:
    """A person as other rooms list him."""

    person_id: int
    department_id: int
    joined_on: date


def normalise(login_name: str) -> str:
    """Give the one form of a 工号: full-width, case and blanks make no difference."""
    return unicodedata.normalize("NFKC", login_name).strip().casefold()[:64]


def sort_key(name: str) -> str:
    """Give the pinyin by which a name is found in lists."""
    # Its tables take a third of a second to load, and only adding people needs them.
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    rest = lazy_pinyin(name, style=Style.TONE3)
    if name[:1] in SURNAME_READINGS:
        rest[0] = SURNAME_READINGS[name[0]]
    return " ".join(rest)[:200]


def find_account(name: str) -> Account | None:
    """Give the account of a normalised login name."""
    return db.session.scalar(select(Account).where(Account.login_name == name))


def grants_of(account: Account, today: date) -> frozenset[Grant]:
    """Give what an account may be used as: granted roles, or the duty that its kind is for."""
    if account.kind is AccountKind.BUSINESS:
        return read_grants(account.person_id, today)
    return frozenset(Grant(role=role, department_id=None) for role in DUTIES_OF[account.kind])


def read_grants(person_id: int, today: date) -> frozenset[Grant]:
    """Give the roles that a person holds today."""
    rows = db.session.execute(
        select(RoleGrant.role, RoleGrant.department_id).where(
            RoleGrant.person_id == person_id, *in_force(today)
        )
    )
    return frozenset(Grant(role=role, department_id=scope) for role, scope in rows)


def in_force(today: date, since: date | None = None) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions under which a grant holds on a day, or held on any day `since`."""
    return (
        RoleGrant.is_granted.is_(True),
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= (since or today)),
    )


def list_departments() -> list[Department]:
    """Give all departments in the hall's fixed 序列."""
    return list(db.session.scalars(select(Department).order_by(Department.position)))


def list_examinees(*, department_ids: Iterable[int], on: date) -> list[PersonOnRoll]:
    """Give the roll of an exam of these departments: staff in service on that day.

    Who of them has to come says the exam's own room: whoever knows a key is 免考(命题).
    """
    is_staff = select(RoleGrant.person_id).where(RoleGrant.role == Role.STAFF, *in_force(on))
    rows = db.session.execute(
        select(Person.id, Placement.department_id, Person.joined_on)
        .join(Placement, and_(Placement.person_id == Person.id, *placed(on)))
        .where(
            Placement.department_id.in_(list(department_ids)),
            Person.id.in_(is_staff),
            Person.joined_on <= on,
            not_left(on),
        )
        .order_by(Person.id)
    )
    return [
        PersonOnRoll(person_id=person, department_id=home, joined_on=joined)
        for person, home, joined in rows
    ]


def person_names(person_ids: Collection[int]) -> Mapping[int, str]:
    """Give name and 工号 of persons, for the rooms below this one."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.staff_number).where(Person.id.in_(person_ids))
    )
    return {number: f"{name}（{staff_number}）" for number, name, staff_number in rows}


def names_of(person_ids: Iterable[int | None]) -> dict[int, str]:
    """Give the names alone, by the ids; none stands for nobody."""
    known = Person.id.in_(set(person_ids) - {None})
    return dict(db.session.execute(select(Person.id, Person.name).where(known)).all())


def find_persons(word: str) -> Collection[int]:
    """Give the ids of persons whose name or 工号 holds a word; it is taken literally."""
    columns = (Person.name, Person.staff_number)
    return db.session.scalars(
        select(Person.id).where(or_(*(each.icontains(word, autoescape=True) for each in columns)))
    ).all()


def add_department(
    *, name: str, position: int, kind: DepartmentKind = DepartmentKind.STATIONED
) -> int:
    """Add a department at its place in the 序列."""
    department = Department(name=name, position=position, kind=kind)
    db.session.add(department)
    db.session.flush()
    return department.id


def add_person(
    *,
    staff_number: str,
    name: str,
    department_id: int,
    password_hash: str,
    roles: Iterable[Role],
    joined_on: date,
    post: str = "",
    post_id: int | None = None,
    window_id: int | None = None,
    employment: Employment | None = None,
    phone: str = "",
    added_by_id: int | None = None,
) -> int:
    """Add a person with an account and centre-wide roles to the open write; returns his id.

    `post` is the name of a post, added where it is not known yet, for who has no `post_id`.
    """
    person = Person(
        staff_number=staff_number.strip(),
        name=name,
        name_key=sort_key(name),
        employment=employment,
        phone=phone,
        joined_on=joined_on,
    )
    db.session.add(person)
    db.session.flush()
    placements.place(
        person_id=person.id,
        department_id=department_id,
        window_id=window_id,
        post_id=post_id or placements.find_or_add_post(post),
        starts_on=joined_on,
    )
    add_account(person_id=person.id, login_name=staff_number, password_hash=password_hash)
    for role in roles:
        grant_at_set_up(person_id=person.id, role=role, starts_on=joined_on)
    append(
        AuditEvent.ACCOUNTS_PERSON_ADDED,
        person_id=added_by_id,
        object_type="person",
        object_id=person.id,
        roles=sorted(roles),
    )
    return person.id


def grant_at_set_up(
    *,
    person_id: int,
    role: Role,
    starts_on: date,
    ends_on: date | None = None,
    department_id: int | None = None,
    decided_by_id: int | None = None,
) -> RoleGrant:
    """Give a role without asker: by the site's set-up, in its first run, or by a command."""
    now = clock.now()
    grant = RoleGrant(
        person_id=person_id,
        role=role,
        department_id=department_id,
        starts_on=starts_on,
        ends_on=ends_on,
        requested_at=now,
        decided_by_id=decided_by_id,
        decided_at=now,
        is_granted=True,
    )
    db.session.add(grant)
    return grant


def add_account(
    *,
    person_id: int,
    login_name: str,
    password_hash: str,
    kind: AccountKind = AccountKind.BUSINESS,
) -> Account:
    """Add an account to the open write; without a password it waits for an activation code."""
    now = clock.now()
    account = Account(
        person_id=person_id,
        kind=kind,
        login_name=normalise(login_name),
        password_hash=password_hash,
        password_set_at=now,
        must_change_password=not password_hash,
    )
    db.session.add(account)
    db.session.flush()
    if password_hash:
        db.session.add(
            PasswordHistory(account_id=account.id, password_hash=password_hash, set_at=now)
        )
    return account


def business_account(person_id: int) -> Account:
    """Give the account with which a person does business; raises NoResultFound without one."""
    return db.session.scalars(
        select(Account).where(Account.person_id == person_id, Account.kind == AccountKind.BUSINESS)
    ).one()


def hall_name() -> str:
    """Give the name of the hall; a plain word until it has been set up."""
    return db.session.scalar(select(Hall.name)) or UNNAMED_HALL


def set_hall_name(name: str) -> None:
    """Set the name of the hall."""
    hall = db.session.get(Hall, 1)
    if hall is None:
        db.session.add(Hall(id=1, name=name))
    else:
        hall.name = name


def separate_administrators() -> None:
    """Turn 三员分立 on; the hall must be there."""
    db.session.get_one(Hall, 1).has_separate_administrators = True


def is_set_up() -> bool:
    """Tell whether anybody can sign in yet."""
    return db.session.scalar(select(Account.person_id).limit(1)) is not None
