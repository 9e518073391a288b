"""Appending to the log, inside the transaction of the act: no event, no act.

`record_read` and `record_export` are two of the three things that a GET may write; they open their
own short write, before the first byte of the answer.
"""

from flask import g, has_request_context, request

from app.audit.models import AuditEntry, AuditEvent
from app.kernel import clock, db

# State-changing endpoints that make no event, each with its reason. Everything else must make one.
UNAUDITED_WRITES = {
    "exams.save_answer": "每次作答都记日志会让全场排队；答案行自带版本号和服务器时间。",
    "exams.save_answers": "同上：不用脚本时的整页保存。",
}


def append(
    event: AuditEvent,
    *,
    person_id: int | None,
    object_type: str = "",
    object_id: object = "",
    **data: object,
) -> None:
    """Add an event to the open write; `data` holds no passwords, answers or tokens."""
    in_request = has_request_context()
    db.session.add(
        AuditEntry(
            at=clock.now(),
            event=event,
            person_id=person_id,
            request_id=getattr(g, "request_id", "") if in_request else "",
            address=(request.remote_addr or "") if in_request else "",
            object_type=object_type,
            object_id=str(object_id),
            data=data,
        )
    )
    db.session.flush()


def record_read(*, person_id: int, object_type: str, object_id: object) -> None:
    """Write down that somebody opened a record about another person."""
    with db.write():
        append(
            AuditEvent.RECORD_READ,
            person_id=person_id,
            object_type=object_type,
            object_id=object_id,
        )


def record_export(*, person_id: int, what: str, state: str) -> None:
    """Write down that somebody takes data out of the site; `state` is the list's query string."""
    with db.write():
        append(
            AuditEvent.RECORD_EXPORTED, person_id=person_id, object_type=what, filters=state[:500]
        )
