"""The chain: every entry holds the hash of the one before, so that none can be changed alone.

Entries of a write are linked as its last act. The row of the head is locked from there to the
commit and no longer: entries and head move together, no two writes continue the same entry, and
no act waits for another lock while it holds this one.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from app.audit.models import AuditEntry, AuditHead
from app.kernel import db
from app.kernel.types import canonical_json, json_digest

# Statements on the table itself: every audited act makes them, and the ORM's way costs a
# millisecond more.
_HEAD = db.Base.metadata.tables[AuditHead.__tablename__]
_LOCK_HEAD = select(_HEAD.c.seq, _HEAD.c.hash).with_for_update()
_MOVE_HEAD = update(_HEAD).values(seq=bindparam("last_seq"), hash=bindparam("last_hash"))


def link(entries: list[AuditEntry]) -> None:
    """Put the entries of the open write at the end of the chain."""
    hold_persons(entries)
    connection = db.session.connection()
    seq, last = connection.execute(_LOCK_HEAD).one()
    for entry in entries:
        seq += 1
        entry.seq, entry.prev_hash = seq, last
        entry.hash = last = digest(fields_of(entry), last)
    db.session.add_all(entries)
    db.session.flush()
    connection.execute(_MOVE_HEAD, {"last_seq": seq, "last_hash": last})


def hold_persons(entries: Sequence[AuditEntry]) -> None:
    """Take the locks of the foreign keys first, on PostgreSQL: none is waited for under the head's.

    An insert takes them anyhow; on SQLite there is one writer.
    """
    persons = {entry.person_id for entry in entries} - {None}
    if not persons or db.database.engine.dialect.name == "sqlite":
        return
    number = db.Base.metadata.tables["person"].c.id
    lock = select(number).where(number.in_(persons)).order_by(number)
    db.session.execute(lock.with_for_update(read=True, key_share=True)).all()


def fields_of(entry: AuditEntry) -> dict[str, object]:
    """Give what an entry's hash covers, as it is stored: all of it but the hashes."""
    return {
        "seq": entry.seq,
        "at": at_text(entry.at),
        "event": entry.event.value,
        "person_id": entry.person_id,
        "acted_as": entry.acted_as,
        "request_id": entry.request_id,
        "address": entry.address,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "result": entry.result.value,
        "data": canonical_json(entry.data),
    }


def at_text(at: datetime | str) -> str:
    """Give an instant in the one form that is hashed; SQLite hands back its stored text."""
    if isinstance(at, str):
        return at.replace(" ", "T", 1) + "+00:00"
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def digest(fields: Mapping[str, Any], prev_hash: str) -> str:
    """Hash an entry: SHA-256 over the canonical JSON of its fields and the hash before."""
    return json_digest({**fields, "prev_hash": prev_hash})
