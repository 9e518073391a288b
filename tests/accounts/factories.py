"""Accounts in every state that a sign-in may meet, and a look at what a sign-in costs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pyotp
from argon2 import PasswordHasher
from sqlalchemy import event, select, update

from app.accounts import credentials, second_factor, service
from app.accounts.models import (
    Account,
    AccountKind,
    Hall,
    Person,
    SignInSession,
    SignInThrottle,
)
from app.audit.models import AuditEntry
from app.kernel import clock, db
from tests.support import cast

WRONG = "not the password"
UNKNOWN = "SY999"


def number_of(who):
    """Give the 工号 that somebody types."""
    return cast.member_of(who)[0]


def try_sign_in(browser, typed, password=cast.PASSWORD, status=303):
    """Type into the form of the sign-in page and send it."""
    values = {"staff_number": typed, "password": password}
    return browser.submit(browser.get("/sign-in"), values, status=status)


def change_account(who, **values):
    with db.write():
        db.session.execute(
            update(Account).where(Account.person_id == cast.person_id(who)).values(**values)
        )


def disable(who):
    change_account(who, disabled_at=clock.now())


def let_leave(who, on):
    with db.write():
        db.session.execute(
            update(Person).where(Person.id == cast.person_id(who)).values(left_on=on)
        )


def grant(who, role, starts_on=date(2025, 1, 6), ends_on=None):
    with db.write():
        service.grant_at_set_up(
            person_id=cast.person_id(who), role=role, starts_on=starts_on, ends_on=ends_on
        )


def password_hash(who):
    return db.session.scalar(
        select(Account.password_hash).where(Account.person_id == cast.person_id(who))
    )


def throttle(login_name):
    return db.session.get(SignInThrottle, login_name)


def sessions():
    return list(db.session.scalars(select(SignInSession).order_by(SignInSession.created_at)))


def events(*kinds):
    """Give the log's entries of some kinds, oldest first."""
    return list(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.event.in_(kinds)).order_by(AuditEntry.seq)
        )
    )


def faceless(page, typed):
    """Give a page without what differs by nature: the token, and what was typed."""
    body = re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", page.body)
    return body.replace(typed, "")


@contextmanager
def counted_writes() -> Iterator[list[str]]:
    """Gather the statements inside the block that write."""
    statements = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if statement.split(None, 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            statements.append(statement)

    engine = db.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


@contextmanager
def counted_verifications(monkeypatch) -> Iterator[list[str]]:
    """Gather the hashes that Argon2 is asked about; the call itself goes through."""
    real, asked = PasswordHasher.verify, []

    def note(hasher, stored, password):
        asked.append(stored)
        return real(hasher, stored, password)

    with monkeypatch.context() as patch:
        patch.setattr(PasswordHasher, "verify", note)
        yield asked


FRESH = "Harvest-Lantern-88"


def wait_for_code(who, *, hours=24):
    """Void somebody's password and give him a code; returns it as it is printed."""
    code = credentials.make_code()
    code_hash = credentials.hash_code(code)
    with db.write():
        credentials.issue_code(
            account=cast.account(who),
            code_hash=code_hash,
            valid_until=clock.now() + timedelta(hours=hours),
            issued_by_id=None,
        )
    return code


def choose_password(browser, password=FRESH, status=303, **changes):
    """Type a new password into the page of the account."""
    page = browser.get("/account/password")
    values = {"password": password, "repeated": password, **changes}
    if page.all("[name=present]"):
        values = {"present": cast.PASSWORD, **values}
    return browser.submit(page, values, form="#password-form", status=status)


SECRET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def code_now(secret=SECRET, *, steps=0):
    """Give what an authenticator shows now, or some half minutes later."""
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


def with_factor(who, now):
    """Give somebody a second factor, an hour ago; returns his recovery codes."""
    now.move(hours=-1)
    with db.write():
        codes = second_factor.add_factor(account=cast.account(who), secret=SECRET, code=code_now())
    now.move(hours=1)
    return codes


def login_of(who):
    """Give the name that a member of the cast signs in with."""
    return cast.ADMINISTRATORS[who][2] if who in cast.ADMINISTRATORS else cast.member_of(who)[0]


def with_one_administrator():
    """Let the hall be a small one: 翟景行 holds all duties."""
    with db.write():
        db.session.execute(update(Hall).values(has_separate_administrators=False))
        for who in ("secadmin", "auditor"):
            db.session.get_one(Account, cast.account(who).id).disabled_at = clock.now()
        db.session.flush()
        db.session.get_one(Account, cast.account("sysadmin").id).kind = AccountKind.ADMINISTRATOR
