"""How many records of a flow that ended in a span were carried out by their day.

The path alone tells it: each line holds until when somebody had to act before it. The due day
itself is in time, whatever the hour.
"""

from collections.abc import Collection
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import select

from app.kernel import clock, db
from app.kernel.evidence import Span
from app.workflow.definition import Flow
from app.workflow.models import WorkflowMove


class Punctuality(NamedTuple):
    """Of how many records, how many in time."""

    in_time: int
    total: int


def count_in_time(flow: Flow, *, ended: StrEnum, steps: Collection[str], span: Span) -> Punctuality:
    """Count the records that came to the state `ended` in a span, and those without a late step.

    `steps` names the moves that carry the work out.
    """
    since, until = span.moments
    closed = set(
        db.session.scalars(
            select(WorkflowMove.record_id).where(
                WorkflowMove.flow == flow.name,
                WorkflowMove.to_state == str(ended),
                WorkflowMove.at >= since,
                WorkflowMove.at < until,
            )
        )
    )
    lines = db.session.execute(
        select(WorkflowMove.record_id, WorkflowMove.at, WorkflowMove.due_before).where(
            WorkflowMove.flow == flow.name,
            WorkflowMove.move.in_(steps),
            WorkflowMove.record_id.in_(closed),
            WorkflowMove.due_before.is_not(None),
        )
    )
    late = {record_id for record_id, at, due in lines if due and day_of(at) > day_of(due)}
    return Punctuality(in_time=len(closed - late), total=len(closed))


def day_of(moment: datetime) -> date:
    """Give the day of an instant in the hall."""
    return clock.local(moment).date()
