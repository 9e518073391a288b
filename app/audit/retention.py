"""日志至少留存六个月: how long entries are kept, and the one job that takes older ones away.

A purge stands behind a cut, which says where the chain goes on; the chain vouches for the cut by
an entry that repeats it. The database lets nothing younger go, whatever is asked of it.
"""

import logging
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from app.audit.models import LEAST_DAYS, AuditCut, AuditEntry, AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.feature import READ_SETTING
from app.kernel.setting import Setting, SettingKind

logger = logging.getLogger(__name__)

RETENTION_DAYS = Setting[int](
    key="audit.retention_days",
    group="审计日志",
    label="日志保存多久",
    unit="天",
    kind=SettingKind.INT,
    # Three years; the law asks for six months, and the database for as much.
    default=3 * 366,
    minimum=LEAST_DAYS,
    maximum=10 * 366,
    source="网络安全法：网络日志留存不少于六个月；本站至少183天，数据库也拒绝更短的",
    is_policy=True,
)
# How many go in one write, so that nobody waits long for it.
MOST_AT_ONCE = 5000


class RetentionTooShortError(ValueError):
    """Fewer days than the law asks for; nobody may set that."""


def retention_days() -> int:
    """Give for how many days entries are kept: the setting, whose values a room above keeps."""
    days: int = current_app.extensions[READ_SETTING](RETENTION_DAYS)
    return days


def purge_old_entries() -> None:
    """Take away what is older than the retention; called by the worker, harmless to repeat."""
    days = retention_days()
    while purge(days=days):
        logger.info("old entries of the audit log were taken away")


def purge(*, days: int) -> int:
    """Take away the oldest entries, older than `days`; returns how many, 0 where none is left.

    Raises RetentionTooShortError under 183 days.
    """
    if days < LEAST_DAYS:
        message = f"entries are kept for {LEAST_DAYS} days at least"
        raise RetentionTooShortError(message)
    now = clock.now()
    older_than = now - timedelta(days=days)
    if find_last(older_than) is None:
        return 0
    with db.write():
        return cut_off(older_than=older_than, now=now)


def find_last(older_than: datetime) -> int | None:
    """Give the last entry of the oldest ones that may go; no younger one stands before it.

    The clock may have been set back: then an old time stands behind a young one and stays.
    """
    first = db.session.scalar(select(func.min(AuditEntry.seq)))
    if first is None:
        return None
    stop = first + MOST_AT_ONCE
    young = db.session.scalar(
        select(func.min(AuditEntry.seq)).where(AuditEntry.seq < stop, AuditEntry.at >= older_than)
    )
    return db.session.scalar(
        select(func.max(AuditEntry.seq)).where(AuditEntry.seq < (young or stop))
    )


def cut_off(*, older_than: datetime, now: datetime) -> int:
    """Write the cut, take the entries away and write that down, in the open write."""
    last = find_last(older_than)
    if last is None:
        return 0
    hash_ = db.session.scalars(select(AuditEntry.hash).where(AuditEntry.seq == last)).one()
    db.session.add(AuditCut(seq=last, hash=hash_, at=now, older_than=older_than))
    db.session.flush()
    gone = db.session.execute(delete(AuditEntry).where(AuditEntry.seq <= last))
    removed: int = gone.rowcount  # type: ignore[attr-defined]
    append(
        AuditEvent.AUDIT_PURGED,
        person_id=None,
        object_type="audit_log",
        object_id=last,
        removed=removed,
        hash=hash_,
        older_than=older_than.isoformat(),
    )
    return removed
