"""Signing in by 工号 and password; opens its own writes, because hashing happens between them.

Five failures lock a login name for fifteen minutes (等保: 登录失败处理). Every refusal reads
the same and takes as long, whether the name is unknown, locked or disabled, or the password wrong.
"""

from datetime import timedelta

from sqlalchemy import delete, select

from app.accounts import passwords
from app.accounts.models import Account, Person, SessionEnd, SignInThrottle
from app.accounts.service import find_account, normalise
from app.accounts.sessions import SignedIn, begin_session, end_session
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
FAILURES_FORGOTTEN_AFTER = timedelta(days=1)


class SignInRefusedError(Exception):
    """Sign-in failed; why is nobody's business."""


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


def decide_sign_in(name: str, *, is_right: bool, rehashed: str | None) -> SignedIn | None:
    """Decide on what is true now, not on what was read before hashing."""
    account = find_account(name)
    throttle = get_throttle(name)
    now = clock.now()
    is_locked = throttle.locked_until is not None and throttle.locked_until > now
    if not is_right or is_locked or account is None or not may_sign_in(account):
        count_failure(name, throttle, person_id=account.person_id if account else None)
        return None
    db.session.delete(throttle)
    if rehashed is not None:
        account.password_hash = rehashed
    append(AuditEvent.ACCOUNTS_SIGNED_IN, person_id=account.person_id)
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


def count_failure(name: str, throttle: SignInThrottle, *, person_id: int | None) -> None:
    """Count a failed sign-in; the fifth locks the name. A locked name is not locked for longer."""
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
    append(AuditEvent.ACCOUNTS_SIGN_IN_FAILED, person_id=person_id, failures=throttle.failures)
    if throttle.failures >= MAX_FAILURES and throttle.locked_until is None:
        throttle.locked_until = now + LOCK
        append(AuditEvent.ACCOUNTS_LOCKED, person_id=person_id)
