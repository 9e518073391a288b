"""Forms of moves that are sent twice, or after somebody else was faster.

Nothing that was typed is lost: whoever is late gets his form back with the engine's reason, and
whoever taps twice is led on as after the first tap, whose answer may never have reached him.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from flask import abort, request
from sqlalchemy import select

from app.kernel import db
from app.kernel.acts import attempt
from app.kernel.forms import VersionedForm
from app.kernel.permissions import Principal, signed_in
from app.workflow import engine, service
from app.workflow.definition import Flow, Move, Record
from app.workflow.forms import SignatureForm
from app.workflow.models import PaperSignature, WorkflowMove

NOTHING: Mapping[str, Any] = MappingProxyType({})


def check_offered(flow: Flow, record: Record, name: str) -> None:
    """Answer 404 where a move is not mine to make now.

    What is sent is refused by the engine alone: the page comes back with what was typed into it,
    also when somebody else was faster.
    """
    actor = service.actor_of(signed_in())
    is_offered = engine.belongs if request.method == "POST" else engine.may
    if not is_offered(flow, flow.move(name), record, actor):
        abort(404)


def is_second_tap(
    flow: Flow, record_id: int, name: str, form: VersionedForm | SignatureForm
) -> bool:
    """Tell whether a form was refused only because its sender had made the move by it already.

    His first answer may never have reached him, so that the second says that it is done.
    """
    return is_repeat(flow, record_id, name, signed_in(), form.version.data)


def make_once(
    flow: Flow,
    record_id: int,
    name: str,
    form: VersionedForm,
    *,
    reason: str = "",
    data: Mapping[str, Any] = NOTHING,
) -> bool:
    """Make a move with what a form that is right says; a second tap of it counts as made.

    False with the reasons on the form.
    """
    made = attempt(
        form,
        lambda: service.execute(
            flow,
            record_id=record_id,
            name=name,
            user=signed_in(),
            seen_version=form.version.data,
            reason=reason,
            data=data,
        ),
    )
    return made is not None or is_second_tap(flow, record_id, name, form)


def has_waited(flow: Flow, record: Record, move: Move, user: Principal) -> bool:
    """Tell whether a record waited for this move of somebody, and went on without him."""
    sources = [str(each) for each in move.sources]
    found = select(WorkflowMove.id).where(
        *service.of_record(flow, record.id), WorkflowMove.from_state.in_(sources)
    )
    is_past = db.session.scalar(found.limit(1)) is not None
    return is_past and engine.belongs(flow, move, record, service.actor_of(user))


def is_repeat(flow: Flow, record_id: int, name: str, user: Principal, seen_version: int) -> bool:
    """Tell whether somebody sends once more the move that he has just made: a second tap."""
    version = db.session.scalar(select(flow.model.version).where(flow.model.id == record_id))
    last = (
        select(WorkflowMove.move, WorkflowMove.person_id, PaperSignature.recorded_by_id)
        .outerjoin(PaperSignature, PaperSignature.id == WorkflowMove.signature_id)
        .where(*service.of_record(flow, record_id))
        .order_by(WorkflowMove.step.desc())
        .limit(1)
    )
    move, person_id, recorded_by_id = db.session.execute(last).one()
    # Of a sheet that was signed on paper, whoever entered it.
    sent_by = recorded_by_id or person_id
    return version != seen_version and (move, sent_by) == (name, user.person_id)
