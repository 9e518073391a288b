"""Who has opened which key, and since when: the log says it, before the first byte of a page.

"Whoever opened the key of a drawn question since the draft began is 免考(命题)." Every page, paper,
export and file that shows keys calls `record_keys_read` first. A page that somebody opens again
within the hour makes no second event.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app.audit.models import AuditEntry, AuditEvent
from app.audit.service import record_read
from app.kernel import clock, db
from app.kernel.permissions import Principal
from app.kernel.types import json_digest
from app.questions.models import QuestionVersion

OBJECT = "question_keys"
AGAIN = timedelta(hours=1)


def record_keys_read(user: Principal, question_ids: Collection[int]) -> None:
    """Write down that somebody gets to see these keys, unless he did so within the hour.

    Opens its own short write; never inside another one. The same questions are the same event,
    whichever page shows them.
    """
    ids = sorted(set(question_ids))
    if not ids:
        return
    digest = json_digest(ids)[:16]
    if not is_recorded(user.person_id, digest):
        record_read(person_id=user.person_id, object_type=OBJECT, object_id=digest, questions=ids)


def is_recorded(person_id: int, digest: str) -> bool:
    """Tell whether the log says so of the last hour."""
    found = select(AuditEntry.seq).where(
        AuditEntry.event == AuditEvent.RECORD_READ,
        AuditEntry.person_id == person_id,
        AuditEntry.object_type == OBJECT,
        AuditEntry.object_id == digest,
        AuditEntry.at > clock.now() - AGAIN,
    )
    return db.session.scalar(found.limit(1)) is not None


def who_opened(question_ids: Collection[int], since: datetime) -> Mapping[int, frozenset[int]]:
    """Give who has opened or written the keys of which of some questions since a moment.

    What was opened within the hour before it counts too: that made no second event.
    """
    wanted = frozenset(question_ids)
    opened: dict[int, set[int]] = defaultdict(set)
    read = select(AuditEntry.person_id, AuditEntry.data).where(
        AuditEntry.event == AuditEvent.RECORD_READ,
        AuditEntry.object_type == OBJECT,
        AuditEntry.person_id.is_not(None),
        AuditEntry.at > since - AGAIN,
    )
    for person_id, data in db.session.execute(read):
        opened[person_id] |= wanted & set(data["questions"])
    wrote = select(QuestionVersion.created_by_id, QuestionVersion.question_id).where(
        QuestionVersion.question_id.in_(wanted),
        QuestionVersion.created_by_id.is_not(None),
        QuestionVersion.created_at >= since,
    )
    for author_id, question_id in db.session.execute(wrote):
        if author_id is not None:
            opened[author_id].add(question_id)
    return {person_id: frozenset(ids) for person_id, ids in opened.items() if ids}
