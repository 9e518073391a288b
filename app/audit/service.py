"""Appending to the log, inside the transaction of the act: no event, no act.

`record_read`, `record_export` and `record_refusal` may be called by a GET; they open their own
short write, before the first byte of the answer.
"""

from collections import Counter
from contextlib import suppress
from datetime import datetime, timedelta

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import select

from app.audit import chain
from app.audit.models import RESULT_OF, AuditEntry, AuditEvent, AuditResult
from app.kernel import clock, db, declared, guard, permissions
from app.kernel.gate import GateTimeoutError
from app.kernel.permissions import Principal

# State-changing endpoints that make no event, each with its reason. Everything else must make one.
UNAUDITED_WRITES = {
    "exams.save_answer": "每次作答都记日志会让全场排队；答案行自带版本号和服务器时间。",
    "exams.save_answers": "同上：不用脚本时的整页保存。",
    "exams.send_pulse": "只记页面几秒前还在，供考场看板用；没有内容，也不是谁的决定。",
    "inbox.read_notices": "看过自己的通知，不是日后要证明的事。",
    "inspections.new_handover": "移送单不能在任何地方数得出来；登记表只增不改，只有两个人看得到。",
    "suggestions.hand_over_idea": "同上：移送件的登记只有移交人和写明的接收人看得到。",
    "suggestions.receive_handover": "同上：签收记在移送单上，内容同时清除。",
    "surveys.answer_survey": "匿名投票：记一条就等于记下谁在什么时候投了票。",
}

# Who acted, where it is nobody who is signed in.
SYSTEM = "system"
VISITOR = "visitor"
# A person who is signed in without any role.
NO_ROLE = "none"
# Of the same person's refusals at the same page one a minute is written down, with a count.
REFUSALS_EVERY = timedelta(minutes=1)
REFUSAL_TIMEOUT_SECONDS = 1.0
UNRECORDED = "audit-unrecorded-refusals"


def init(app: Flask) -> None:
    """Hear of refusals from the guard, which knows no rooms."""
    app.extensions[UNRECORDED] = Counter[tuple[int, str]]()
    guard.on_refusal(app, record_refusal)


def append(
    event: AuditEvent,
    *,
    person_id: int | None,
    object_type: str = "",
    object_id: object = "",
    acted_as: object = "",
    **data: object,
) -> None:
    """Add an event to the open write; `data` holds no passwords, answers or tokens.

    `acted_as` is given where the request's roles don't say it: by the kind of account at sign-in.
    It gets its place in the chain at the end of the write. Raises RuntimeError outside of one.
    """
    is_traced = has_request_context() and not is_anonymous()
    entry = AuditEntry(
        at=clock.now(),
        event=event,
        person_id=person_id,
        acted_as=str(acted_as) or capacity(),
        request_id=getattr(g, "request_id", "") if is_traced else "",
        address=(request.remote_addr or "") if is_traced else "",
        object_type=object_type,
        object_id=str(object_id),
        result=RESULT_OF.get(event, AuditResult.DONE),
        data=data,
    )
    db.at_end(chain.link, entry)


def is_anonymous() -> bool:
    """Tell whether this request is a form whose sender is promised to stay unknown.

    An address beside the number of his opinion would say for years who he is.
    """
    endpoint = request.endpoint
    return endpoint is not None and (
        declared.has_signed_form(current_app, endpoint)
        or declared.is_untraced(current_app, endpoint)
    )


def capacity() -> str:
    """Give as what the sender of this request acts: his roles, or that he is not signed in."""
    if not has_request_context():
        return SYSTEM
    user = permissions.principal()
    return (",".join(sorted(user.roles)) or NO_ROLE) if user else VISITOR


def record_read(*, person_id: int, object_type: str, object_id: object, **data: object) -> None:
    """Write down that somebody opened a record about another person."""
    with db.write():
        append(
            AuditEvent.RECORD_READ,
            person_id=person_id,
            object_type=object_type,
            object_id=object_id,
            **data,
        )


def record_export(*, person_id: int, what: str, state: str) -> None:
    """Write down that somebody takes data out of the site; `state` is the list's query string."""
    with db.write():
        append(
            AuditEvent.RECORD_EXPORTED, person_id=person_id, object_type=what, filters=state[:500]
        )


def record_refusal(user: Principal, endpoint: str) -> None:
    """Write down that somebody was refused for want of a permission, at most once a minute.

    A flood of refusals fills no disk and holds nobody up: what comes within the minute is counted
    in this process and told by the next entry; where the database is busy, one is only counted.
    At a page that keeps nobody's name the refusal is told without it.
    """
    unrecorded: Counter[tuple[int, str]] = current_app.extensions[UNRECORDED]
    is_unnamed = declared.is_untraced(current_app, endpoint)
    person_id = None if is_unnamed else user.person_id
    key = (person_id or 0, endpoint)
    if is_recorded(person_id, endpoint, since=clock.now() - REFUSALS_EVERY):
        unrecorded[key] += 1
        return
    repeated = unrecorded.pop(key, 0)
    with suppress(GateTimeoutError), db.write(timeout_seconds=REFUSAL_TIMEOUT_SECONDS):
        append(
            AuditEvent.ACCESS_REFUSED,
            person_id=person_id,
            object_type="page",
            object_id=endpoint,
            acted_as=VISITOR if is_unnamed else "",
            repeated=repeated,
        )
        return
    unrecorded[key] += repeated + 1


def is_recorded(person_id: int | None, endpoint: str, *, since: datetime) -> bool:
    """Tell whether this refusal stands in the log since then."""
    found = select(AuditEntry.seq).where(
        AuditEntry.event == AuditEvent.ACCESS_REFUSED,
        AuditEntry.at > since,
        AuditEntry.person_id == person_id,
        AuditEntry.object_id == endpoint,
    )
    return db.session.scalar(found.limit(1)) is not None
