"""The one engine that changes a state: every move is one transaction of state, path, open step,
event and notices.

"One engine executes a move in one transaction: state, history row (who, in which role, when,
reason, attachments' hashes, due before and after), open step, audit event, notices. Any approval
can be 线下签批. No state is ever edited; sending back is a move." Pages of moves stand in pages.py,
decisions about many records in batches.py.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from app.accounts import service as accounts
from app.accounts.roster.representing import list_represented
from app.audit.models import AuditEvent
from app.audit.service import append
from app.files.models import StoredFile
from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.feature import features
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.kernel.setting import Setting
from app.settings import service as settings
from app.workdays import service as workdays
from app.workflow import engine
from app.workflow.definition import Act, Flow, Holders, Move, Named, Record, Signature
from app.workflow.engine import SITE, Actor, Decider
from app.workflow.models import PaperSignature, WorkflowMove

STALE = "你打开之后，这一项已经改过或者办过，没有办理。请看过最新的内容再办。"
NO_REASON = "请写明{label}。"
NOT_A_SIGNER = "签批人在那一天没有办理这一步的职权，请核对姓名和日期。"
NOT_YET = "签批日期不能晚于今天。"
NOT_YOUR_RECORD = "你不能代录这一项的签批。"
BEGUN = "begin"


def all_flows() -> list[Flow]:
    """Give the flows of all rooms."""
    return [flow for room in features(current_app) for flow in room.flows]


def setting_days(setting: Setting[int]) -> Callable[[Record], int]:
    """Let a state take its number of working days from a setting."""

    def read(record: Record) -> int:
        del record
        return settings.get(setting)

    return read


def actor_of(user: Principal | None) -> Actor:
    """Give a principal as the engine sees him; without one it is the site itself."""
    if user is None:
        return SITE
    stands_in = () if user.is_administrator else list_represented(user.person_id, clock.today())
    return Actor(person_id=user.person_id, grants=user.grants, represented=tuple(stands_in))


def begin(flow: Flow, record: Record, *, user: Principal | None) -> None:
    """Start the path of a record that has just been added, in the open write.

    The record stands in the flow's first state, or in another one that it may begin in.
    """
    now = clock.now()
    record.drafted_at, record.moved_at = record.drafted_at or now, now
    if record.drafted_by_id is None and user is not None:
        record.drafted_by_id = user.person_id
    record.version = record.version or 1
    db.session.flush()
    wait(flow, record, is_returned=False)
    decider = Decider(person_id=None) if user is None else Decider(
        person_id=user.person_id, acted_as=engine.roles_text(user.grants)
    )  # fmt: skip
    line = WorkflowMove(move=BEGUN, from_state=None, reason="", files=[], due_before=None)
    write_line(flow, record, line, decider)
    log(AuditEvent.WORKFLOW_BEGUN, flow, record, decider, {"state": flow.state(record.state).label})


def execute(
    flow: Flow,
    *,
    record_id: int,
    name: str,
    user: Principal | None,
    seen_version: int | None = None,
    reason: str = "",
    signature: Signature | None = None,
    files: Sequence[StoredFile] = (),
    data: Mapping[str, Any] | None = None,
) -> Record:
    """Make one move in the open write; raises RefusedError, and then nothing has changed.

    `seen_version` is what the page showed: another one refuses. A `signature` means that the one
    who signed decides, and that `user` enters it. `user` None is the site itself.
    """
    record, move = get_locked(flow, record_id), flow.move(name)
    if seen_version is not None and seen_version != record.version:
        raise RefusedError(form=STALE)
    decider = decider_of(flow, move, record, user, signature)
    signed = keep_signature(signature, user) if signature else None
    return make(
        flow, move, record, decider, reason=reason, files=files, data=data or {}, signed=signed
    )


def get_locked(flow: Flow, record_id: int) -> Record:
    """Give a record for a decision: nobody else moves it until this write has ended."""
    return db.session.get_one(flow.model, record_id, with_for_update=True)


def decider_of(
    flow: Flow, move: Move, record: Record, user: Principal | None, signature: Signature | None
) -> Decider:
    """Give who decides; raises RefusedError where nobody may."""
    if signature is None or user is None:
        return engine.find_decider(flow, move, record, actor_of(user))
    if not move.is_signable or not may_record(flow, record, user):
        raise RefusedError(form=NOT_YOUR_RECORD)
    if signature.signed_on > clock.today():
        raise RefusedError(signed_on=NOT_YET)
    signer = Actor(
        person_id=signature.signed_by_id,
        grants=accounts.read_grants(signature.signed_by_id, signature.signed_on),
    )
    engine.check_state(flow, move, record)
    if move.paper is not None:
        return engine.paper_signer(move, record, signer, signature.signed_on)
    try:
        return engine.find_decider(flow, move, record, signer)
    except RefusedError as refused:
        told = NOT_A_SIGNER if refused.errors.get("") == engine.NOT_YOURS else str(refused)
        raise RefusedError(signed_by=told) from refused


def may_record(flow: Flow, record: Record, user: Principal) -> bool:
    """Tell whether somebody may enter a decision on this record that was signed on paper."""
    owner = Holders(permission=Permission.WORKFLOW_SIGNATURE_RECORD)
    return engine.holds(user.grants, owner, flow.department(record))


def keep_signature(signature: Signature, user: Principal | None) -> PaperSignature:
    """Write down who signed, on which sheet, and who entered it."""
    if user is None:
        raise RefusedError(form=NOT_YOUR_RECORD)
    kept = PaperSignature(
        signed_by_id=signature.signed_by_id,
        signed_on=signature.signed_on,
        meeting=signature.meeting,
        minute_number=signature.minute_number,
        scan_file_id=signature.scan_file_id,
        recorded_by_id=user.person_id,
        recorded_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def make(
    flow: Flow,
    move: Move,
    record: Record,
    decider: Decider,
    *,
    reason: str = "",
    files: Sequence[StoredFile] = (),
    data: Mapping[str, Any],
    signed: PaperSignature | None = None,
    batch_id: int | None = None,
) -> Record:
    """Make a move for whoever decides, with all that belongs to it."""
    if move.reason and not reason.strip():
        raise RefusedError(reason=NO_REASON.format(label=move.reason))
    act = Act(
        decided_by_id=decider.person_id,
        reason=reason,
        signed_on=signed.signed_on if signed else None,
        data=data,
    )
    move.guard(record, act)
    line = WorkflowMove(
        move=move.name,
        from_state=str(record.state),
        reason=reason,
        files=[each.sha256 for each in files],
        due_before=record.due_at,
        signature_id=signed.id if signed else None,
        batch_id=batch_id,
    )
    engine.apply(move, record, decider, clock.now())
    move.effect(record, act)
    db.session.flush()
    wait(flow, record, is_returned=move.is_return)
    write_line(flow, record, line, decider)
    tell(flow, move, record, decider)
    event = AuditEvent.WORKFLOW_SIGNED if signed else AuditEvent.WORKFLOW_MOVED
    more = {"move": move.label, "state": flow.state(record.state).label}
    if signed:
        more["recorded_by"] = str(signed.recorded_by_id)
    log(event, flow, record, decider, more)
    return record


def wait(flow: Flow, record: Record, *, is_returned: bool) -> None:
    """Close the step before, and open that of the state in which the record now stands."""
    inbox.close_step(flow.name, record.id)
    state = flow.state(record.state)
    if state.owner is None or state.days is None:
        record.due_at = None
        db.session.flush()
        return
    days = state.days(record)
    record.due_at = workdays.get_deadline(received=clock.now(), days=days).due
    db.session.flush()
    owner = state.owner
    inbox.open_step(
        inbox.NewStep(
            flow=flow.name,
            record_id=record.id,
            noun=flow.noun,
            title=flow.title(record),
            label=state.label,
            endpoint=flow.endpoint,
            arguments=flow.arguments(record),
            person_id=getattr(record, owner.column) if isinstance(owner, Named) else None,
            permission=owner.permission if isinstance(owner, Holders) else None,
            department_id=flow.department(record),
            is_approval=engine.is_decision(flow, state),
            is_returned=is_returned,
            days=days,
            due_at=record.due_at,
            barred=engine.barred_from_step(flow, record),
        )
    )


def write_line(flow: Flow, record: Record, line: WorkflowMove, decider: Decider) -> None:
    """Add a line to a record's path, with the number that comes next."""
    line.flow, line.record_id = flow.name, record.id
    line.step = last_step(flow, record.id) + 1
    line.to_state, line.due_after, line.at = str(record.state), record.due_at, clock.now()
    line.person_id, line.for_person_id = decider.person_id, decider.for_person_id
    line.acted_as = decider.acted_as
    db.session.add(line)
    db.session.flush()


def last_step(flow: Flow, record_id: int) -> int:
    """Give how many lines a record's path has."""
    found = select(func.max(WorkflowMove.step)).where(*of_record(flow, record_id))
    return db.session.scalar(found) or 0


def of_record(flow: Flow, record_id: int) -> tuple[Any, ...]:
    """Give the condition that a line belongs to a record."""
    return WorkflowMove.flow == flow.name, WorkflowMove.record_id == record_id


def tell(flow: Flow, move: Move, record: Record, decider: Decider) -> None:
    """Write a notice to those whom a move names, but not to the one who made it."""
    people = {getattr(record, column) for column in move.tells} - {None, decider.person_id}
    if not people:
        return
    state = flow.state(record.state).label
    inbox.tell(
        people,
        f"{flow.noun}“{flow.title(record)}”：{move.label}，现在是“{state}”。",
        endpoint=flow.endpoint,
        arguments=flow.arguments(record),
    )


def log(
    event: AuditEvent, flow: Flow, record: Record, decider: Decider, data: Mapping[str, str]
) -> None:
    """Write a move down in the log."""
    append(
        event,
        person_id=decider.person_id,
        object_type=flow.object_type,
        object_id=record.id,
        acted_as=decider.acted_as,
        flow=flow.noun,
        **({"for_person": decider.for_person_id} if decider.for_person_id else {}),
        **data,
    )


def doable(flow: Flow, record: Record, user: Principal) -> list[Move]:
    """Give the moves that a person may make now."""
    return engine.doable(flow, record, actor_of(user))


def forget_content(flow: Flow, record: Record, title: str) -> None:
    """Let steps and notices about a record name it so from now on, in the open write.

    The record itself stays: its path can't be deleted, and another record must not get its number.
    """
    inbox.retitle(flow.name, record.id, title)
    text = f"{flow.noun}“{title}”：内容已经清除。"
    inbox.reword(flow.endpoint, flow.arguments(record), text)


def touch(record: Record) -> None:
    """Count an edit of a record, so that whoever saw it before can't decide on it."""
    record.version += 1


def rebuild_state(flow: Flow, record_id: int) -> tuple[str, datetime | None]:
    """Give the state and the due time that the path alone says; for tests and repairs."""
    state, due = "", None
    lines = db.session.scalars(
        select(WorkflowMove).where(*of_record(flow, record_id)).order_by(WorkflowMove.step)
    )
    for place, line in enumerate(lines, start=1):
        if line.step != place or (line.from_state or "") != state:
            raise ValueError(f"{flow.name} {record_id}: the path is broken at {place}")
        state, due = line.to_state, line.due_after
    return state, due
