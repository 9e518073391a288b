"""Deadlines counted anew after the calendar has changed: only those that are open, listed first.

"A year without its official notice counts Monday to Friday, says 暂定, and recomputes open
deadlines only, listed before applied." Nothing moves by itself: whoever keeps the calendar sees the
list and agrees to just that. What was closed keeps the deadline that it had.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.inbox.models import OpenStep
from app.kernel import db, formats
from app.kernel.forms import StaleEditError
from app.kernel.types import json_digest
from app.workdays import service as workdays
from app.workflow import service
from app.workflow.engine import Decider
from app.workflow.models import WorkflowMove

RECOUNT = "recount"
LABEL = "期限重算"
REASON = "工作日历有变动，期限由{before}改为{after}。"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An open step whose deadline is another one by the calendar as it stands now."""

    step: OpenStep
    before: datetime
    after: datetime


def list_moved() -> list[Moved]:
    """Give the open steps whose deadline the calendar no longer gives, the earliest first."""
    calendar = workdays.get_calendar()
    steps = db.session.scalars(
        select(OpenStep).where(OpenStep.closed_at.is_(None)).order_by(OpenStep.due_at, OpenStep.id)
    )
    found = (
        Moved(
            step=step,
            before=step.due_at,
            after=max(calendar.add_workdays(step.opened_at, step.days).due, step.opened_at),
        )
        for step in steps
    )
    return [each for each in found if each.before != each.after]


def fingerprint(moved: Sequence[Moved]) -> str:
    """Give a short hash of a list, so that only the list that was seen is applied."""
    return json_digest([[each.step.id, each.after.isoformat()] for each in moved])[:16]


def recount(*, seen: str, recounted_by_id: int) -> int:
    """Move the deadlines of the list that was seen, in the open write; gives how many.

    Raises StaleEditError when the list is another one by now.
    """
    moved = list_moved()
    if seen != fingerprint(moved):
        raise StaleEditError
    flows = {each.name: each for each in service.all_flows()}
    for each in moved:
        step, flow = each.step, flows.get(each.step.flow)
        step.due_at = each.after
        if flow is None:
            continue
        record = service.get_locked(flow, step.record_id)
        record.due_at = each.after
        line = WorkflowMove(
            move=RECOUNT,
            from_state=str(record.state),
            reason=REASON.format(
                before=formats.moment(each.before), after=formats.moment(each.after)
            ),
            files=[],
            due_before=each.before,
        )
        service.write_line(flow, record, line, Decider(person_id=None))
    db.session.flush()
    append(
        AuditEvent.WORKFLOW_RECOUNTED,
        person_id=recounted_by_id,
        object_type="open_step",
        records=len(moved),
    )
    return len(moved)
