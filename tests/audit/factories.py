"""Entries, heads and broken logs to look at."""

from contextlib import contextmanager

from sqlalchemy import select, text

from app.audit import heads, service, verify
from app.audit.models import AuditEntry, AuditEvent, AuditHead
from app.kernel import clock, db
from app.kernel.feature import features
from tests.support import cast
from tests.support.database import writing


def write(count=1, event=AuditEvent.WORKDAYS_DAY_CHANGED, **fields):
    """Append entries, each in a write of its own."""
    fields = {"person_id": cast.person_id("clerk"), "object_type": "special_day", **fields}
    for place in range(count):
        with db.write():
            service.append(event, **{"object_id": place, "kind": "休", **fields})


def write_at(instant, count=1, **fields):
    with clock.frozen(instant):
        write(count, **fields)


def entries(event=None):
    """Give the log as a new read sees it."""
    db.session.close()
    found = select(AuditEntry).order_by(AuditEntry.seq)
    if event is not None:
        found = found.where(AuditEntry.event == event)
    return list(db.session.scalars(found))


def head():
    db.session.close()
    return db.session.execute(select(AuditHead.seq, AuditHead.hash)).one()


def check():
    """Verify as the command does."""
    db.session.close()
    found = verify.check(heads.read_heads())
    db.session.close()
    return found


def outcome():
    found = check()
    return found.verdict.value, found.at


@contextmanager
def without_triggers(app):
    """Give a connection of whoever has got at the database itself."""
    db.session.close()
    is_sqlite = db.database.engine.dialect.name == "sqlite"
    registry = [each for room in features(app) for each in room.triggers]
    with writing(), db.database.engine.begin() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for each in registry:
                connection.execute(text(f"DROP TRIGGER {each.name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        yield connection
        if is_sqlite:
            for each in registry:
                connection.exec_driver_sql(each.sqlite)
        else:
            connection.execute(text("SET session_replication_role = origin"))


def tamper(app, statement, **values):
    with without_triggers(app) as connection:
        connection.execute(text(statement), values)


def rehash(app, seq):
    """Give an entry the hash that fits what it holds, as a clever forger does."""
    [entry] = [each for each in entries() if each.seq == seq]
    hash_ = service.chain.digest(service.chain.fields_of(entry), entry.prev_hash)
    db.session.close()
    tamper(app, "UPDATE audit_entry SET hash = :hash WHERE seq = :seq", hash=hash_, seq=seq)
