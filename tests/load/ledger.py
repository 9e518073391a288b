"""The ledger held against the database, read through a connection that the site never had."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import Connection, NullPool, create_engine, select

from app.accounts.models import SignInSession, SignInThrottle
from app.accounts.sessions import hash_token
from app.audit.models import AuditEntry, AuditEvent
from app.exams.models import Answer, LateAnswer, Sitting
from tests.load.data import token_of
from tests.load.record import Ledger, Save

Stored = Mapping[tuple[str, int], tuple[int, tuple[str, ...]]]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a run has cost: promises that were broken, acts that were done twice."""

    promised: int
    lost: tuple[str, ...]
    double: tuple[str, ...]


@contextmanager
def fresh_connection(app: Flask) -> Iterator[Connection]:
    """Open a new connection without the site's engine, pragmas or caches."""
    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"], poolclass=NullPool)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def compare(app: Flask, ledger: Ledger) -> Verdict:
    """Compare all that was promised with what is stored."""
    with fresh_connection(app) as connection:
        lost = [
            *lost_saves(ledger.saves, read_answers(connection)),
            *lost_hand_ins(ledger.hand_ins, connection),
            *lost_sign_ins(app, ledger.sign_ins, connection),
        ]
        double = list(double_acts(connection))
    promised = len(ledger.saves) + len(ledger.hand_ins) + len(ledger.sign_ins)
    return Verdict(promised=promised, lost=tuple(lost), double=tuple(double))


def read_answers(connection: Connection) -> Stored:
    """Give every stored answer by sitting and question."""
    rows = connection.execute(
        select(Sitting.public_id, Answer.number, Answer.revision, Answer.chosen).join(
            Answer, Answer.sitting_id == Sitting.id
        )
    )
    return {
        (sitting, number): (revision, tuple(chosen)) for sitting, number, revision, chosen in rows
    }


def lost_saves(saves: Iterable[Save], stored: Stored) -> Iterator[str]:
    """Name every promised answer that is not there, or is there in an older or other form."""
    for save in saves:
        revision, chosen = stored.get((save.sitting, save.number), (0, ()))
        is_kept = revision > save.revision or (revision, chosen) == (save.revision, save.chosen)
        if not is_kept:
            yield f"answer {save}: stored is revision {revision}, {chosen}"


def lost_hand_ins(receipts: Mapping[str, str], connection: Connection) -> Iterator[str]:
    """Name every promised hand-in that is not there, or has another receipt."""
    rows = connection.execute(
        select(Sitting.public_id, Sitting.receipt).where(Sitting.handed_in_at.is_not(None))
    )
    stored = dict(rows.all())
    for sitting, receipt in receipts.items():
        if stored.get(sitting) != receipt:
            yield f"hand-in {sitting}: shown {receipt!r}, stored {stored.get(sitting)!r}"


def lost_sign_ins(app: Flask, cookies: Iterable[str], connection: Connection) -> Iterator[str]:
    """Name every sign-in whose session is not there, and everybody who was locked out."""
    stored = set(connection.scalars(select(SignInSession.token_hash)))
    for cookie in cookies:
        if hash_token(token_of(app, cookie)) not in stored:
            yield f"sign-in {cookie[:20]}"
    for name in connection.scalars(select(SignInThrottle.login_name)):
        yield f"sign-in of {name} was counted as a failure"


def double_acts(connection: Connection) -> Iterator[str]:
    """Name every sitting that was handed in twice, and every answer kept aside as late."""
    handed_in = connection.scalars(
        select(AuditEntry.object_id).where(AuditEntry.event == AuditEvent.EXAMS_HANDED_IN)
    )
    for sitting, count in Counter(handed_in).items():
        if count > 1:
            yield f"hand-in {sitting}: {count} times"
    for late in connection.scalars(select(LateAnswer.id)):
        yield f"late answer {late}: nobody was late"
