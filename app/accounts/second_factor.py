"""动态口令 (TOTP): a second proof, from an authenticator, that each code gives only once.

Codes change every 30 seconds; one step before and after counts, because clocks differ. Five wrong
codes within five minutes stop further tries until these are over. Whoever lost the authenticator
has ten recovery codes, shown once and stored as hashes.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

import pyotp
import segno
from sqlalchemy import delete, func, select, update

from app.accounts.models import Account
from app.accounts.sign_in_models import RecoveryCode, SecondFactor
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError

STEP_SECONDS = 30
DIGITS = 6
DRIFT = 1
MAX_TRIES = 5
TRIES_WINDOW = timedelta(minutes=5)
RECOVERY_CODES = 10
RECOVERY_ALPHABET = "346789ABCDEFGHJKMNPQRTVWXY"
RECOVERY_LENGTH = 16
SECRET_LENGTH = 32
ISSUER = "清廉窗口"


@dataclass(frozen=True, kw_only=True)
class NewFactor:
    """A secret that is not confirmed yet, as the page shows it."""

    secret: str
    picture: str

    @property
    def spaced(self) -> str:
        """The secret as a person types it, in groups of four."""
        return " ".join(self.secret[start : start + 4] for start in range(0, SECRET_LENGTH, 4))


def offer(login_name: str, secret: str = "") -> NewFactor:
    """Give a secret with its QR code, a picture in itself so that no policy must be loosened."""
    secret = secret if is_secret(secret) else pyotp.random_base32(SECRET_LENGTH)
    uri = pyotp.TOTP(secret).provisioning_uri(name=login_name, issuer_name=ISSUER)
    return NewFactor(secret=secret, picture=segno.make(uri, error="m").svg_data_uri(scale=5))


def is_secret(text: str) -> bool:
    """Tell whether a text is a secret as this page makes them."""
    return len(text) == SECRET_LENGTH and set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def matching_step(secret: str, code: str, *, after: int) -> int | None:
    """Give the step whose code this is, later than `after`; None for a wrong or used one."""
    now, totp = int(clock.now().timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    found = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
    ]
    return next((step for step in found if step > after), None)


def tidy(code: str) -> str:
    """Give a code as it was meant: blanks and hyphens left out, letters large."""
    return "".join(c for c in code.upper() if c.isalnum())


def has_factor(account_id: int) -> bool:
    """Tell whether an account signs in by two steps."""
    return db.session.get(SecondFactor, account_id) is not None


def add_factor(*, account: Account, secret: str, code: str) -> list[str]:
    """Confirm a new authenticator by its first code; gives the recovery codes, this once.

    Raises RefusedError for a wrong code, or where there is one already.
    """
    step = matching_step(secret, tidy(code), after=0) if is_secret(secret) else None
    if step is None:
        raise RefusedError(code="动态口令不对。请看手机上最新的6位数字；手机时间要准。")
    if has_factor(account.id):
        raise RefusedError(form="已经开启了动态口令。要换手机，请先关闭再开启。")
    db.session.add(
        SecondFactor(
            account_id=account.id, secret=secret, confirmed_at=clock.now(), last_step=step, tries=0
        )
    )
    append_of(AuditEvent.ACCOUNTS_FACTOR_ADDED, account)
    return add_recovery_codes(account.id)


def add_recovery_codes(account_id: int) -> list[str]:
    """Make recovery codes in place of all older ones; only their hashes are kept."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    codes = [
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    db.session.add_all(
        RecoveryCode(code_hash=hash_recovery(code), account_id=account_id) for code in codes
    )
    db.session.flush()
    groups = range(0, RECOVERY_LENGTH, 4)
    return ["-".join(code[start : start + 4] for start in groups) for code in codes]


def hash_recovery(code: str) -> str:
    """Hash a recovery code; it is random and long, so one fast hash is enough."""
    return hashlib.sha256(code.encode()).hexdigest()


def count_recovery_codes(account_id: int) -> int:
    """Count the codes that were not used yet."""
    unused = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    found = db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused))
    return found or 0


def remove_factor(*, account: Account, removed_by_id: int) -> None:
    """Take the authenticator and its recovery codes away, in the open write."""
    for table in (RecoveryCode, SecondFactor):
        db.session.execute(delete(table).where(table.account_id == account.id))
    append(
        AuditEvent.ACCOUNTS_FACTOR_REMOVED,
        person_id=removed_by_id,
        object_type="account",
        object_id=account.id,
    )


def use_code(account: Account, typed: str) -> bool:
    """Take a code at sign-in: right and not used before; failures are counted in the open write."""
    factor = db.session.get_one(SecondFactor, account.id, with_for_update=True)
    code = tidy(typed)
    is_right = not is_stopped(factor) and (use_step(factor, code) or use_recovery(account, code))
    if is_right:
        factor.tries, factor.tries_since = 0, None
    else:
        count_try(factor)
        append_of(AuditEvent.ACCOUNTS_FACTOR_FAILED, account)
    db.session.flush()
    return is_right


def is_stopped(factor: SecondFactor) -> bool:
    """Tell whether the tries of these five minutes are used up."""
    since = factor.tries_since
    return since is not None and factor.tries >= MAX_TRIES and since > clock.now() - TRIES_WINDOW


def count_try(factor: SecondFactor) -> None:
    """Count a wrong code; a window that is over begins anew."""
    now = clock.now()
    if factor.tries_since is None or factor.tries_since <= now - TRIES_WINDOW:
        factor.tries, factor.tries_since = 0, now
    factor.tries += 1


def use_step(factor: SecondFactor, code: str) -> bool:
    """Take a code of the authenticator; its step and all before are used up."""
    step = matching_step(factor.secret, code, after=factor.last_step)
    if step is not None:
        factor.last_step = step
    return step is not None


def use_recovery(account: Account, code: str) -> bool:
    """Take a recovery code; it is used up."""
    if len(code) != RECOVERY_LENGTH:
        return False
    used = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.code_hash == hash_recovery(code),
            RecoveryCode.account_id == account.id,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
    )
    is_used: bool = used.rowcount == 1  # type: ignore[attr-defined]
    if is_used:
        append_of(AuditEvent.ACCOUNTS_RECOVERY_CODE_USED, account)
    return is_used


def append_of(event: AuditEvent, account: Account) -> None:
    """Write down what the owner of an account did."""
    append(event, person_id=account.person_id, object_type="account", object_id=account.id)
