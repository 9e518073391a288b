"""What the log holds about one person: what he did, newest first. What others did to him is theirs.

The details of an entry may name other people, so the copy tells act, object, place and result.
"""

from collections.abc import Sequence

from app.audit import labels
from app.audit.models import AuditEntry
from app.kernel.personal import Field, PersonalTable, read_table

# A clerk's acts of three years; a sheet has room for more, a worker's memory has not.
MOST = 50_000
TITLE = "本人操作"


def tables_of(person_id: int) -> Sequence[PersonalTable]:
    """Give the person's own acts."""
    acts = read_table(
        TITLE,
        [
            Field(label="时间", value=AuditEntry.at),
            Field(
                label="事项",
                value=AuditEntry.event,
                show=labels.event_label,
                tells=[AuditEntry.person_id],
            ),
            Field(label="对象类别", value=AuditEntry.object_type, show=object_label),
            Field(label="对象编号", value=AuditEntry.object_id),
            Field(
                label="结果", value=AuditEntry.result, show=lambda each: labels.RESULT_LABELS[each]
            ),
            Field(label="地址", value=AuditEntry.address),
        ],
        lambda statement: (
            statement.where(AuditEntry.person_id == person_id)
            .order_by(AuditEntry.seq.desc())
            .limit(MOST)
        ),
    )
    return [acts]


def object_label(object_type: str) -> str:
    """Name what an act was about."""
    return labels.OBJECT_LABELS.get(object_type, object_type)
