"""How often public forms are taken: so many an hour from one address, so many from everywhere.

"Public suggestion: per-IP (5/h), global (60/h) limits; over limit 429 in Chinese; staff pages
unaffected under flood." What is over the limit is refused by a read, so that a flood takes no turn
at the gate; what is taken is counted in the write that takes it, for both web processes at once.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, func, select, text

from app.accounts.limits import scope_of
from app.accounts.sign_in_models import PublicArrival
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db

WINDOW = timedelta(hours=1)


class TooManyError(Exception):
    """The address, or all together, have sent as much as is taken within an hour."""


@dataclass(frozen=True, kw_only=True)
class Limit:
    """How much of a form is taken within an hour; no limit for all together where it is None."""

    form: str
    per_address: int
    altogether: int | None = None


def sender_of(address: str) -> str:
    """Give what stands for an address: the same within this hall, told by nothing outside of it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(
        key, b"public-arrival:" + scope_of(address).encode(), hashlib.sha256
    ).hexdigest()


def check(limit: Limit, address: str) -> None:
    """Refuse what is over the limit, by reading only; raises TooManyError."""
    recent = (PublicArrival.form == limit.form, PublicArrival.at > clock.now() - WINDOW)
    mine = PublicArrival.sender == sender_of(address)
    counted = select(func.count(PublicArrival.id), func.count(PublicArrival.id).filter(mine))
    altogether, own = db.session.execute(counted.where(*recent)).one()
    is_full = limit.altogether is not None and altogether >= limit.altogether
    if own >= limit.per_address or is_full:
        raise TooManyError


def take(limit: Limit, address: str) -> None:
    """Count one in the open write; raises TooManyError. The last one that is taken is logged."""
    lock()
    check(limit, address)
    erase_passed()
    db.session.add(PublicArrival(form=limit.form, sender=sender_of(address), at=clock.now()))
    db.session.flush()
    try:
        check(limit, address)
    except TooManyError:
        append(AuditEvent.PUBLIC_FORM_LIMITED, person_id=None, form=limit.form)


def erase_passed() -> None:
    """Erase what came more than an hour ago, in the open write."""
    db.session.execute(delete(PublicArrival).where(PublicArrival.at <= clock.now() - WINDOW))


def erase_old() -> None:
    """Erase what counts no more; called by the worker, whether anybody sends again or not."""
    passed = PublicArrival.at <= clock.now() - WINDOW
    if db.session.scalar(select(PublicArrival.id).where(passed).limit(1)) is not None:
        with db.write():
            erase_passed()


def lock() -> None:
    """Let nobody else count until this write ends; on SQLite the gate has seen to that."""
    if db.database.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE public_arrival IN SHARE ROW EXCLUSIVE MODE"))
