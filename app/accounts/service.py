"""People and their sign-in: by 工号 and password, with a server-side session that can be ended.

Five failures lock a login name for fifteen minutes (等保: 登录失败处理), where settings.py says
nothing else. Every refusal reads the same and takes as long, whether the name is unknown, locked or
disabled, or the password wrong.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta

from flask import has_request_context, request
from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from app.accounts import passwords, settings
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
    SessionEnd,
    SignInSession,
    SignInThrottle,
)
from app.accounts.roster import placements
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import placed
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.gate import GateTimeoutError
from app.kernel.permissions import GRANTS, Grant, Permission, Principal, Role

FAILURES_FORGOTTEN_AFTER = timedelta(days=1)
TOUCH_EVERY = timedelta(minutes=1)
TOUCH_TIMEOUT_SECONDS = 0.3
TOKEN_BYTES = 32
MAX_DEVICE = 120
# No password has this hash: the account waits for its activation.
NOT_ACTIVATED = "!"
UNNAMED_HALL = "政务服务中心"
# Characters whose reading as a surname differs from the usual one.
SURNAME_READINGS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "区": "ou", "盖": "ge", "查": "zha",
    "任": "ren", "华": "hua", "朴": "piao", "翟": "zhai", "尉": "yu", "种": "chong", "缪": "miao",
    "召": "shao", "逄": "pang", "员": "yun", "佴": "nai", "宓": "fu", "乐": "yue", "折": "she",
}  # fmt: skip


class SignInRefusedError(Exception):
    """Sign-in failed; why is nobody's business."""


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh session: the secret for the cookie, and whose it is."""

    token: str
    person_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class PersonOnRoll:
    """A person as other rooms list him."""

    person_id: int
    department_id: int


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


def sign_in(*, login_name: str, password: str, replaces: str | None = None) -> SignedIn:
    """Check 工号 and password and begin a session, which ends the one that the browser had.

    Opens its own writes: hashing happens between them. Raises SignInRefusedError, or
    passwords.BusyError when too many sign in at once.
    """
    name = normalise(login_name)
    account = find_account(name)
    is_right = passwords.verify(account.password_hash if account else None, password)
    rehashed = None
    if is_right and account and passwords.needs_rehash(account.password_hash):
        rehashed = passwords.hash_password(password)
    with db.write():
        signed_in = decide_sign_in(name, is_right=is_right, rehashed=rehashed)
        if signed_in is not None and replaces is not None:
            end_session(replaces, SessionEnd.REPLACED)
    if signed_in is None:
        raise SignInRefusedError
    return signed_in


def find_account(name: str) -> Account | None:
    """Give the account of a normalised login name."""
    return db.session.scalar(select(Account).where(Account.login_name == name))


def decide_sign_in(name: str, *, is_right: bool, rehashed: str | None) -> SignedIn | None:
    """Decide on what is true now, not on what was read before hashing."""
    account = find_account(name)
    throttle = get_throttle(name)
    now = clock.now()
    is_locked = throttle.locked_until is not None and throttle.locked_until > now
    if not is_right or is_locked or account is None or not may_sign_in(account):
        count_failure(name, throttle, account=account)
        return None
    db.session.delete(throttle)
    if rehashed is not None:
        account.password_hash = rehashed
    append(AuditEvent.ACCOUNTS_SIGNED_IN, person_id=account.person_id, acted_as=account.kind)
    return begin_session(account)


def may_sign_in(account: Account) -> bool:
    """Tell whether an account is in use: not disabled, and its person has not left."""
    left_on = db.session.scalar(select(Person.left_on).where(Person.id == account.person_id))
    return account.disabled_at is None and (left_on is None or left_on >= clock.today())


def get_throttle(name: str) -> SignInThrottle:
    """Give the counter of a login name, made where it is missing and held until the write ends."""
    db.session.execute(
        db.insert(SignInThrottle)
        .values(login_name=name, failures=0, last_failed_at=clock.now())
        .on_conflict_do_nothing()
    )
    return db.session.get_one(SignInThrottle, name, with_for_update=True)


def count_failure(name: str, throttle: SignInThrottle, *, account: Account | None) -> None:
    """Count a failed sign-in; the last one allowed locks the name.

    A locked name is not locked for longer.
    """
    now = clock.now()
    db.session.execute(
        delete(SignInThrottle).where(
            SignInThrottle.last_failed_at < now - FAILURES_FORGOTTEN_AFTER,
            SignInThrottle.login_name != name,
        )
    )
    is_old = throttle.last_failed_at < now - FAILURES_FORGOTTEN_AFTER
    if is_old or (throttle.locked_until is not None and throttle.locked_until <= now):
        throttle.locked_until, throttle.failures = None, 0
    throttle.failures, throttle.last_failed_at = throttle.failures + 1, now
    person_id = account.person_id if account else None
    # Which of his accounts was tried; an unknown name is nobody's.
    tried = account.kind if account else ""
    append(
        AuditEvent.ACCOUNTS_SIGN_IN_FAILED,
        person_id=person_id,
        acted_as=tried,
        failures=throttle.failures,
    )
    if throttle.failures >= settings.lock_after() and throttle.locked_until is None:
        throttle.locked_until = now + settings.lock()
        append(AuditEvent.ACCOUNTS_LOCKED, person_id=person_id, acted_as=tried)


def begin_session(account: Account) -> SignedIn:
    """Add a session to the open write; only its hash is stored."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    address, device = where_from()
    db.session.add(
        SignInSession(
            token_hash=hash_token(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            proven_at=now,
            address=address,
            device=device,
        )
    )
    person = db.session.get_one(Person, account.person_id)
    return SignedIn(token=token, person_id=person.id, name=person.name)


def where_from() -> tuple[str, str]:
    """Give address and browser of the request, as far as there is one."""
    if not has_request_context():
        return "", ""
    device = "".join(c for c in request.user_agent.string if c.isprintable())
    return request.remote_addr or "", device[:MAX_DEVICE]


def hash_token(token: str) -> str:
    """Hash a session's secret; it is long and random, so one fast hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def sign_out(*, token: str, person_id: int) -> None:
    """End a session: its cookie opens nothing from now on."""
    end_session(token, SessionEnd.SIGNED_OUT)
    append(AuditEvent.ACCOUNTS_SIGNED_OUT, person_id=person_id)


def end_session(token: str, reason: SessionEnd) -> None:
    """Write down that a session has ended; one that has ended stays as it is."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == hash_token(token), SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
    )


def set_password(*, account: Account, password_hash: str) -> None:
    """Give an account a new password and end all its sessions, in the open write."""
    account.password_hash, account.password_set_at = password_hash, clock.now()
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.account_id == account.id, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=SessionEnd.PASSWORD_CHANGED)
    )
    append(
        AuditEvent.ACCOUNTS_PASSWORD_SET,
        person_id=None,
        object_type="person",
        object_id=account.person_id,
    )


def load_principal(token: str) -> Principal | None:
    """Give the person of a living session: not ended, not idle too long, account in use."""
    now, today = clock.now(), clock.today()
    found = db.session.execute(
        select(Person, Department.id, Department.name, Account, SignInSession.seen_at)
        .join(Account, Account.person_id == Person.id)
        .join(SignInSession, SignInSession.account_id == Account.id)
        .join(Placement, and_(Placement.person_id == Person.id, *placed(today)))
        .join(Department, Department.id == Placement.department_id)
        .where(
            SignInSession.token_hash == hash_token(token),
            SignInSession.ended_at.is_(None),
            SignInSession.seen_at > now - settings.idle_limit(),
            SignInSession.created_at > now - settings.absolute_limit(),
            Account.disabled_at.is_(None),
            or_(Person.left_on.is_(None), Person.left_on >= today),
        )
    ).one_or_none()
    if found is None:
        return None
    person, department_id, department_name, account, seen_at = found
    return Principal(
        account_id=account.id,
        person_id=person.id,
        name=person.name,
        staff_number=person.staff_number,
        department_id=department_id,
        department_name=department_name,
        grants=grants_of(account, today),
        session_id=token,
        seen_at=seen_at,
    )


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


def touch_session(principal: Principal) -> None:
    """Keep a session alive, at most once a minute; one of the three things a GET may write.

    Where the database is busy the next page tries again: no page waits for this, let alone fails.
    """
    now = clock.now()
    if principal.seen_at is not None and now - principal.seen_at < TOUCH_EVERY:
        return
    with suppress(GateTimeoutError), db.write(timeout_seconds=TOUCH_TIMEOUT_SECONDS):
        db.session.execute(
            update(SignInSession)
            .where(
                SignInSession.token_hash == hash_token(principal.session_id),
                SignInSession.seen_at < now,
            )
            .values(seen_at=now)
        )


def list_departments() -> list[Department]:
    """Give all departments in the hall's fixed 序列."""
    return list(db.session.scalars(select(Department).order_by(Department.position)))


def list_examinees(
    *, department_ids: Iterable[int], on: date, since: date | None = None
) -> list[PersonOnRoll]:
    """Give who sits an exam of these departments: staff in service who know no keys.

    Whoever may draft or publish papers, or read the question bank, is left out; also one whose
    term has ended `since` then, when the paper was begun.
    """
    initiated = [
        role
        for role, allowed in GRANTS.items()
        if Permission.QUESTIONS_BANK_READ in allowed or Permission.EXAMS_PAPER_READ in allowed
    ]
    knows_keys = select(RoleGrant.person_id).where(
        RoleGrant.role.in_(initiated), *in_force(on, since)
    )
    is_staff = select(RoleGrant.person_id).where(RoleGrant.role == Role.STAFF, *in_force(on))
    rows = db.session.execute(
        select(Person.id, Placement.department_id)
        .join(Placement, and_(Placement.person_id == Person.id, *placed(on)))
        .where(
            Placement.department_id.in_(list(department_ids)),
            Person.id.in_(is_staff),
            Person.id.not_in(knows_keys),
            Person.joined_on <= on,
            or_(Person.left_on.is_(None), Person.left_on >= on),
        )
        .order_by(Person.id)
    )
    return [PersonOnRoll(person_id=person, department_id=home) for person, home in rows]


def person_names(person_ids: Collection[int]) -> Mapping[int, str]:
    """Give name and 工号 of persons, for the rooms below this one."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.staff_number).where(Person.id.in_(person_ids))
    )
    return {number: f"{name}（{staff_number}）" for number, name, staff_number in rows}


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
) -> None:
    """Give a role without asker and granter: by the site's set-up, or by a command."""
    now = clock.now()
    db.session.add(
        RoleGrant(
            person_id=person_id,
            role=role,
            department_id=department_id,
            starts_on=starts_on,
            ends_on=ends_on,
            requested_at=now,
            decided_at=now,
            is_granted=True,
        )
    )


def add_account(
    *,
    person_id: int,
    login_name: str,
    password_hash: str,
    kind: AccountKind = AccountKind.BUSINESS,
) -> Account:
    """Add an account to the open write."""
    account = Account(
        person_id=person_id,
        kind=kind,
        login_name=normalise(login_name),
        password_hash=password_hash,
        password_set_at=clock.now(),
    )
    db.session.add(account)
    db.session.flush()
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
