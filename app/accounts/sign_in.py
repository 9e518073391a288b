"""Signing in by 工号 and password; opens its own writes, because hashing happens between them.

Five failures lock a login name for fifteen minutes (等保: 登录失败处理), where settings.py says
nothing else. Every refusal reads the same and takes as long, whether the name is unknown, locked or
disabled, or the password wrong.
Whoever has a second factor gets no session before it: only a challenge, for a few minutes.
"""

import secrets
from datetime import timedelta
from enum import StrEnum

from flask import has_request_context, request
from sqlalchemy import delete, select

from app.accounts import limits, networks, passwords, second_factor, settings
from app.accounts.credentials import credential_of, find_code, typed_for
from app.accounts.models import Account, AccountKind, Person, SessionEnd, SignInThrottle
from app.accounts.service import find_account, normalise
from app.accounts.sessions import (
    TOKEN_BYTES,
    SignedIn,
    begin_session,
    end_session,
    end_sessions_of,
    hash_token,
    prove_session,
)
from app.accounts.sign_in_models import SignInChallenge
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db

FAILURES_FORGOTTEN_AFTER = timedelta(days=1)
CHALLENGE_LIFE = timedelta(minutes=5)


class Refusal(StrEnum):
    """Why a sign-in did not succeed, as far as its answer differs."""

    WRONG = "wrong"
    NETWORK = "network"
    CODE = "code"


class SignInRefusedError(Exception):
    """Sign-in failed; why is nobody's business."""


class ForeignNetworkError(Exception):
    """An administrator's password was right, but he may not come from there."""


class CodeRefusedError(Exception):
    """The second step failed: a wrong or used code, too many tries, or the challenge is over."""


class SecondStepError(Exception):
    """The password was right; `challenge` stands for it until the code comes."""

    def __init__(self, challenge: str) -> None:
        super().__init__("a second step is needed")
        self.challenge = challenge


def sign_in(
    *, login_name: str, password: str, replaces: str | None = None, code: str = ""
) -> SignedIn:
    """Check 工号 and password and begin a session, which ends the one that the browser had.

    Raises SecondStepError where the account has a second factor and no code came along, otherwise
    SignInRefusedError, ForeignNetworkError or CodeRefusedError; and passwords.BusyError when too
    many sign in at once.
    """
    name = normalise(login_name)
    account = find_account(name)
    credential, typed = credential_of(account), typed_for(account, password)
    is_right = passwords.verify(credential, typed)
    rehashed = None
    if is_right and find_code(account) is None and passwords.needs_rehash(credential):
        rehashed = passwords.hash_password(password)
    with db.write():
        outcome = decide_sign_in(
            name, is_right=is_right, rehashed=rehashed, credential=credential, code=code
        )
        if isinstance(outcome, SignedIn) and replaces is not None:
            end_session(replaces, SessionEnd.REPLACED)
    return answer_with(outcome)


def answer_with(outcome: SignedIn | SecondStepError | Refusal) -> SignedIn:
    """Give the session, or raise what stands in its way."""
    if isinstance(outcome, SignedIn):
        return outcome
    if isinstance(outcome, SecondStepError):
        raise outcome
    if outcome is Refusal.NETWORK:
        raise ForeignNetworkError
    raise CodeRefusedError if outcome is Refusal.CODE else SignInRefusedError


def decide_sign_in(
    name: str,
    *,
    is_right: bool,
    rehashed: str | None = None,
    credential: str | None = None,
    code: str = "",
) -> SignedIn | SecondStepError | Refusal:
    """Decide on what is true now, not on what was read before hashing."""
    account = find_account(name)
    throttle = get_throttle(name)
    is_same = credential is None or credential == credential_of(account)
    is_stopped = is_locked(throttle) or limits.is_limited(address_of_request())
    if not is_right or not is_same or is_stopped or account is None or not may_sign_in(account):
        count_failure(name, throttle, account=account)
        return Refusal.WRONG
    if is_from_elsewhere(account):
        return refuse_network(account)
    db.session.delete(throttle)
    if rehashed is not None:
        account.password_hash = rehashed
    if second_factor.has_factor(account.id):
        return take_second_step(account, code)
    return let_in(account)


def let_in(account: Account) -> SignedIn:
    """Begin the session; of a one-time code only its last use stays signed in."""
    if find_code(account) is not None:
        end_sessions_of(account.id, SessionEnd.REPLACED)
    append(AuditEvent.ACCOUNTS_SIGNED_IN, person_id=account.person_id, acted_as=account.kind)
    return begin_session(account)


def take_second_step(account: Account, code: str) -> SignedIn | SecondStepError | Refusal:
    """Use the code that came along, or hand out a challenge for it."""
    if not code:
        return SecondStepError(add_challenge(account))
    return let_in(account) if second_factor.use_code(account, code) else Refusal.CODE


def add_challenge(account: Account) -> str:
    """Write down that the first step was passed; gives the secret that stands for it."""
    token, now = secrets.token_urlsafe(TOKEN_BYTES), clock.now()
    db.session.execute(
        delete(SignInChallenge).where(SignInChallenge.created_at < now - CHALLENGE_LIFE)
    )
    db.session.add(
        SignInChallenge(token_hash=hash_token(token), account_id=account.id, created_at=now)
    )
    append(
        AuditEvent.ACCOUNTS_FIRST_STEP_PASSED, person_id=account.person_id, acted_as=account.kind
    )
    return token


def enter_code(*, challenge: str, code: str, replaces: str | None = None) -> SignedIn:
    """Finish a sign-in by its second step; opens its own write. Raises CodeRefusedError."""
    with db.write():
        outcome = decide_code(hash_token(challenge), code)
        if isinstance(outcome, SignedIn) and replaces is not None:
            end_session(replaces, SessionEnd.REPLACED)
    return answer_with(outcome)


def decide_code(token_hash: str, code: str) -> SignedIn | Refusal:
    """Decide whether a code finishes the sign-in that a challenge stands for."""
    found = db.session.get(SignInChallenge, token_hash, with_for_update=True)
    if found is None or found.created_at < clock.now() - CHALLENGE_LIFE:
        return Refusal.CODE
    account = db.session.get_one(Account, found.account_id)
    if not may_sign_in(account) or not second_factor.has_factor(account.id):
        return Refusal.CODE
    if is_from_elsewhere(account):
        return refuse_network(account)
    if not second_factor.use_code(account, code):
        return Refusal.CODE
    db.session.delete(found)
    return let_in(account)


def is_challenge(challenge: str) -> bool:
    """Tell whether a challenge still waits for its code."""
    found = db.session.get(SignInChallenge, hash_token(challenge))
    return found is not None and found.created_at >= clock.now() - CHALLENGE_LIFE


def prove(*, account_id: int, token: str, password: str) -> str:
    """Check the password of a session once more; gives the session's new secret.

    Failures count like those of signing in, so that a stolen session can't try on. Opens its own
    write. Raises SignInRefusedError or passwords.BusyError.
    """
    account = db.session.get_one(Account, account_id)
    is_right = passwords.verify(account.password_hash, password)
    with db.write():
        fresh = decide_proof(account_id, account.password_hash, token, is_right=is_right)
    if fresh is None:
        raise SignInRefusedError
    return fresh


def decide_proof(account_id: int, checked: str, token: str, *, is_right: bool) -> str | None:
    """Decide on what is true now; a right password gives the session a new secret."""
    account = db.session.get_one(Account, account_id)
    throttle = get_throttle(account.login_name)
    is_same = checked == account.password_hash
    if (
        not is_right
        or not is_same
        or is_locked(throttle)
        or limits.is_limited(address_of_request())
    ):
        append(AuditEvent.ACCOUNTS_PROOF_FAILED, person_id=account.person_id)
        count_failure(account.login_name, throttle, account=account)
        return None
    db.session.delete(throttle)
    append(AuditEvent.ACCOUNTS_PASSWORD_PROVEN, person_id=account.person_id)
    return prove_session(token)


def may_sign_in(account: Account) -> bool:
    """Tell whether an account is in use: not disabled, and its person has not left."""
    left_on = db.session.scalar(select(Person.left_on).where(Person.id == account.person_id))
    return account.disabled_at is None and (left_on is None or left_on >= clock.today())


def address_of_request() -> str:
    """Give where the request comes from; empty outside of one."""
    return (request.remote_addr or "") if has_request_context() else ""


def is_from_elsewhere(account: Account) -> bool:
    """Tell whether an administrator comes from a network that is none of theirs."""
    is_administrator = account.kind is not AccountKind.BUSINESS
    return is_administrator and not networks.may_administer_from(address_of_request())


def refuse_network(account: Account) -> Refusal:
    """Write down that an administrator came from elsewhere."""
    append(
        AuditEvent.ACCOUNTS_NETWORK_REFUSED,
        person_id=account.person_id,
        object_type="account",
        object_id=account.id,
    )
    return Refusal.NETWORK


def is_locked(throttle: SignInThrottle) -> bool:
    """Tell whether a login name is locked at the moment."""
    return throttle.locked_until is not None and throttle.locked_until > clock.now()


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
    limits.count_failure(address_of_request())
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
