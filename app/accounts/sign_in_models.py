"""What proves who somebody is, beside the password that counts: codes, earlier passwords, a second
factor; and what slows down whoever guesses.

"身份鉴别信息应具有复杂度要求并定期更换" (GB/T 22239 8.1.4.1): the rules stand in `policy`.
"""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Base
from app.kernel.types import INTERNAL, PERSONAL, SENSITIVE, UtcDateTime


class ActivationCode(Base):
    """The one-time code of an account without a usable password; gone once it has set one."""

    __tablename__ = "activation_code"
    __table_args__ = (
        CheckConstraint("valid_until > issued_at", name="valid_after_issue"),
        {"info": INTERNAL},
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(200), info=SENSITIVE)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)


class PasswordHistory(Base):
    """A password that an account had or has, so that the last five are not taken again."""

    __tablename__ = "password_history"
    __table_args__ = (Index(None, "account_id", "set_at"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    password_hash: Mapped[str] = mapped_column(String(200), info=SENSITIVE)
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """A confirmed authenticator (TOTP). `last_step` is the last half minute whose code was used."""

    __tablename__ = "second_factor"
    __table_args__ = (
        CheckConstraint("tries >= 0", name="tries_count"),
        CheckConstraint("last_step > 0", name="confirmed_by_a_code"),
        {"info": INTERNAL},
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    # To compute codes it is needed as it is; a hash would not do.
    secret: Mapped[str] = mapped_column(String(64), info=SENSITIVE)
    confirmed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_step: Mapped[int]
    tries: Mapped[int] = mapped_column(default=0)
    tries_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RecoveryCode(Base):
    """A code for whoever lost his authenticator; works once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index(None, "account_id"), {"info": INTERNAL})

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SENSITIVE)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInChallenge(Base):
    """A right password that still waits for its second step. It opens nothing: no session yet."""

    __tablename__ = "sign_in_challenge"
    __table_args__ = (Index(None, "created_at"), {"info": INTERNAL})

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True, info=SENSITIVE)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AddressThrottle(Base):
    """Failed sign-ins from one address; the empty address counts those from everywhere."""

    __tablename__ = "address_throttle"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures_count"), {"info": INTERNAL})

    address: Mapped[str] = mapped_column(String(45), primary_key=True, info=PERSONAL)
    failures: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PublicArrival(Base):
    """A form that came from somebody who is not signed in; kept for an hour, only to be counted.

    `sender` is a keyed hash of the address: nobody reads from it who sent what.
    """

    __tablename__ = "public_arrival"
    __table_args__ = (Index(None, "form", "at"), {"info": INTERNAL})

    id: Mapped[int] = mapped_column(primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    sender: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SlipBatch(Base):
    """Activation slips printed in one go; the file is erased when fetched, or after a day."""

    __tablename__ = "slip_batch"
    __table_args__ = (
        CheckConstraint("slips > 0", name="not_empty"),
        CheckConstraint("(file_id IS NULL) = (erased_at IS NOT NULL)", name="there_or_erased"),
        {"info": INTERNAL},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(24), unique=True)
    ordered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    slips: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
