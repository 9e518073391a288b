"""What an account signs in with: a password that its owner chose, or until then a one-time code.

A code is random, stored as a hash, valid until the day printed on its slip (after a reset by an
administrator for a day), and gone once it has set a password: "初始密码强制修改". Until
then a second sign-in with it ends the first.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from app.accounts import passwords
from app.accounts.models import Account, Hall, Person
from app.accounts.passwords import NO_PASSWORD
from app.accounts.policy import About, SecurityProfile, problems
from app.accounts.service import UNNAMED_HALL
from app.accounts.sign_in_models import ActivationCode, PasswordHistory
from app.kernel import clock, db

# Nobody reads one character for another: no 0 and O, no 1, I and L, no 5 and S, no 2 and Z, no U.
ALPHABET = "346789ABCDEFGHJKMNPQRTVWXY"
CODE_LENGTH = 12
GROUP = 4


def make_code() -> str:
    """Give a new code as it is printed, in groups."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    return "-".join(code[start : start + GROUP] for start in range(0, CODE_LENGTH, GROUP))


def bare(code: str) -> str:
    """Give a code without what a person adds or leaves out: hyphens, blanks, case."""
    return "".join(c for c in code.upper() if c.isalnum())


def hash_code(code: str) -> str:
    """Hash a code as passwords are; outside of any write."""
    return passwords.hash_password(bare(code))


def find_code(account: Account | None) -> ActivationCode | None:
    """Give the code that an account waits for, valid or not."""
    return db.session.get(ActivationCode, account.id) if account else None


def credential_of(account: Account | None) -> str:
    """Give the hash that a sign-in is checked against; '' where nothing can be right."""
    code = find_code(account)
    if code is not None:
        return code.code_hash if code.valid_until > clock.now() else NO_PASSWORD
    return account.password_hash if account else NO_PASSWORD


def typed_for(account: Account | None, typed: str) -> str:
    """Give what was typed as the credential wants it: a code in its bare form."""
    return typed if find_code(account) is None else bare(typed)


def issue_code(
    *, account: Account, code_hash: str, valid_until: datetime, issued_by_id: int | None
) -> None:
    """Let an account sign in with a new code only; its password and an older code are void."""
    db.session.execute(delete(ActivationCode).where(ActivationCode.account_id == account.id))
    db.session.add(
        ActivationCode(
            account_id=account.id,
            code_hash=code_hash,
            issued_at=clock.now(),
            issued_by_id=issued_by_id,
            valid_until=valid_until,
        )
    )
    account.password_hash, account.must_change_password = NO_PASSWORD, True
    db.session.flush()


def store_password(*, account: Account, password_hash: str, remembered: int) -> None:
    """Take a new password into the open write, with the history that keeps it from returning."""
    now = clock.now()
    account.password_hash, account.password_set_at = password_hash, now
    account.must_change_password = False
    db.session.execute(delete(ActivationCode).where(ActivationCode.account_id == account.id))
    db.session.add(PasswordHistory(account_id=account.id, password_hash=password_hash, set_at=now))
    db.session.flush()
    newest = (
        select(PasswordHistory.id)
        .where(PasswordHistory.account_id == account.id)
        .order_by(PasswordHistory.set_at.desc(), PasswordHistory.id.desc())
        .limit(remembered)
    )
    # An older hash serves nothing any more, and would only be something to steal.
    db.session.execute(
        delete(PasswordHistory).where(
            PasswordHistory.account_id == account.id, PasswordHistory.id.not_in(newest)
        )
    )


def list_earlier(account: Account, remembered: int) -> Iterable[str]:
    """Give the hashes of the last passwords of an account, each once."""
    found = db.session.scalars(
        select(PasswordHistory.password_hash)
        .where(PasswordHistory.account_id == account.id)
        .order_by(PasswordHistory.set_at.desc(), PasswordHistory.id.desc())
        .limit(remembered)
    )
    return dict.fromkeys(each for each in (account.password_hash, *found) if each)


def check_new(account: Account, password: str, profile: SecurityProfile) -> list[str]:
    """Say what is wrong with a new password of an account; hashes, so outside of any write."""
    found = problems(password, about(account), profile)
    if not found and profile.renewal is not None:
        earlier = list(list_earlier(account, profile.remembered))
        if any(passwords.verify(each, password) for each in earlier):
            found.append(f"最近{profile.remembered}次用过的密码不能再用，请换一个新的。")
    return found


def about(account: Account) -> About:
    """Gather what the password of an account must not hold."""
    person = db.session.get_one(Person, account.person_id)
    return About(
        hall_name=db.session.scalar(select(Hall.name)) or UNNAMED_HALL,
        login_name=account.login_name,
        staff_number=person.staff_number,
        name=person.name,
    )
