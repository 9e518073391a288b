"""Sessions: the table, not the cookie, is the truth about who is signed in.

A session ends after half an hour without a request, and after eight hours however busy it is; an
exam keeps it alive no longer. Only the hash of its secret is stored.
"""

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from flask import has_request_context, request
from sqlalchemy import and_, select, update

from app.accounts import settings
from app.accounts.models import Account, AccountKind, Department, Person, SessionEnd, SignInSession
from app.accounts.policy import security_profile
from app.accounts.roster.models import Placement
from app.accounts.roster.placements import not_left, placed
from app.accounts.service import grants_of
from app.accounts.sign_in_models import SecondFactor
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.gate import GateTimeoutError
from app.kernel.permissions import Principal

TOUCH_EVERY = timedelta(minutes=1)
TOUCH_TIMEOUT_SECONDS = 0.3
TOKEN_BYTES = 32
MAX_DEVICE = 120
HANDLE_LENGTH = 24


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A fresh session: the secret for the cookie, and whose it is."""

    token: str
    person_id: int
    name: str


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
    end_by_hash(hash_token(token), reason)


def load_principal(token: str) -> Principal | None:
    """Give the person of a living session: not ended, not idle too long, account in use."""
    now, today = clock.now(), clock.today()
    found = db.session.execute(
        select(Person, Department, Account, SignInSession)
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
            not_left(today),
        )
    ).one_or_none()
    if found is None:
        return None
    person, department, account, session = found
    return Principal(
        account_id=account.id,
        person_id=person.id,
        name=person.name,
        staff_number=person.staff_number,
        department_id=department.id,
        department_name=department.name,
        grants=grants_of(account, today),
        session_id=token,
        seen_at=session.seen_at,
        proven_at=session.proven_at,
        is_administrator=account.kind is not AccountKind.BUSINESS,
        held_at=held_at(account, session),
    )


def held_at(account: Account, session: SignInSession) -> str | None:
    """Give the page where somebody must do something before any other, if there is one.

    A password that falls due for renewal does so at the next sign-in, never in the middle of work.
    """
    profile = security_profile()
    is_due = profile.renewal and account.password_set_at + profile.renewal <= session.created_at
    if account.must_change_password or is_due:
        return "accounts.change_password"
    is_administrator = account.kind is not AccountKind.BUSINESS
    if profile.is_level_three and is_administrator:
        has_factor = db.session.get(SecondFactor, account.id) is not None
        return None if has_factor else "accounts.add_factor"
    return None


def prove_session(token: str) -> str:
    """Write down that the password was typed again; gives the session's new secret.

    The session stays the same one: its eight hours go on.
    """
    fresh = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == hash_token(token), SignInSession.ended_at.is_(None))
        .values(token_hash=hash_token(fresh), proven_at=clock.now())
    )
    return fresh


def list_living(account_id: int) -> list[SignInSession]:
    """Give the sessions of an account that open something, latest first."""
    now = clock.now()
    return list(
        db.session.scalars(
            select(SignInSession)
            .where(
                SignInSession.account_id == account_id,
                SignInSession.ended_at.is_(None),
                SignInSession.seen_at > now - settings.idle_limit(),
                SignInSession.created_at > now - settings.absolute_limit(),
            )
            .order_by(SignInSession.seen_at.desc(), SignInSession.token_hash)
        )
    )


def handle_of(session: SignInSession) -> str:
    """Give the name of a session in addresses; it opens nothing and tells nothing."""
    return hashlib.sha256(b"handle:" + session.token_hash.encode()).hexdigest()[:HANDLE_LENGTH]


def find_living(account_id: int, handle: str) -> SignInSession | None:
    """Give a living session of an account by its name."""
    found = [each for each in list_living(account_id) if handle_of(each) == handle]
    return found[0] if found else None


def end_sessions_of(account_id: int, reason: SessionEnd, *, but: str | None = None) -> int:
    """End all sessions of an account, but the one with this secret; gives how many there were."""
    ended = db.session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.ended_at.is_(None),
            SignInSession.token_hash != (hash_token(but) if but else ""),
        )
        .values(ended_at=clock.now(), end_reason=reason)
    )
    count: int = ended.rowcount  # type: ignore[attr-defined]
    return count


def end_sessions_of_people(
    person_ids: Collection[int],
    reason: SessionEnd,
    *,
    kinds: Collection[AccountKind] = tuple(AccountKind),
) -> None:
    """End all sessions of people, with all their accounts or those of some kinds."""
    accounts = select(Account.id).where(Account.person_id.in_(person_ids), Account.kind.in_(kinds))
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.account_id.in_(accounts), SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
    )


def end_by_hash(token_hash: str, reason: SessionEnd) -> None:
    """End one session of a list."""
    db.session.execute(
        update(SignInSession)
        .where(SignInSession.token_hash == token_hash, SignInSession.ended_at.is_(None))
        .values(ended_at=clock.now(), end_reason=reason)
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
