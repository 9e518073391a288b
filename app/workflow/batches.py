"""汇总表: one sheet by which many records are decided at once.

"Batch 审定 by one 汇总表 (42 departments, one decision)." A 经办人 puts records that wait for one
decision on a sheet; it is decided in the site by whoever may, or printed, signed and entered with
its scan. Each record is moved as if it were alone: what has changed since then, or may not be
decided by this person, stays where it is, and the sheet says why.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.inbox.models import OpenStep
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.workflow import engine, numbering, service
from app.workflow.definition import Flow, Holders, Move, Record, Signature
from app.workflow.models import BatchLine, BatchState, DecisionBatch, PaperSignature

SERIES = "汇总"
MOST = 100
NONE_CHOSEN = "请至少选一项。"
TOO_MANY = f"一张汇总表最多{MOST}项，请分几张。"
GONE = "有的项目已经不在等待签批，或者在另一张汇总表上，请刷新后重选。"
CHANGED = "列表以后内容有变动"
NOT_OPEN = "这张汇总表已经办理或者作废了。"
OWN_SHEET = "汇总表是你制作的，不能由你在网上办理：请由其他人办理，或者打印签批后代录。"
NONE_MOVED = "没有一项能办理：{reason}"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A record that waits for a decision and may be put on a sheet."""

    record: Record
    title: str
    department: str
    step: OpenStep


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a sheet with its department's name."""

    line: BatchLine
    department: str


def batch_moves() -> list[tuple[Flow, Move]]:
    """Give the decisions of all rooms that a sheet can make."""
    return [(flow, move) for flow in service.all_flows() for move in flow.batch_moves()]


def find_move(flow_name: str, move_name: str) -> tuple[Flow, Move]:
    """Give a decision by its names; raises KeyError for one that no sheet can make."""
    return {(flow.name, move.name): (flow, move) for flow, move in batch_moves()}[
        flow_name, move_name
    ]


def list_candidates(user: Principal, flow: Flow, move: Move) -> list[Candidate]:
    """Give what waits for a decision where this 经办人 works, in the hall's 序列."""
    taken = (
        select(BatchLine.record_id)
        .join(DecisionBatch)
        .where(DecisionBatch.flow == flow.name, DecisionBatch.state == BatchState.DRAFT)
    )
    rows = db.session.execute(
        select(flow.model, OpenStep, Department.name)
        .join(OpenStep, OpenStep.record_id == flow.model.id)
        .outerjoin(Department, Department.id == OpenStep.department_id)
        .where(
            OpenStep.flow == flow.name,
            OpenStep.closed_at.is_(None),
            flow.model.state.in_(list(move.sources)),
            flow.model.id.not_in(taken),
        )
        .order_by(Department.position, OpenStep.id)
    ).all()
    return [
        Candidate(record=record, title=flow.title(record), department=name or "全中心", step=step)
        for record, step, name in rows
        if may_prepare(user, flow, record)
    ]


def may_prepare(user: Principal, flow: Flow, record: Record) -> bool:
    """Tell whether somebody may put a record on a sheet."""
    owner = Holders(permission=Permission.WORKFLOW_BATCH_PREPARE)
    return engine.holds(user.grants, owner, flow.department(record))


def draft_batch(
    *, flow: Flow, move: Move, record_ids: Collection[int], user: Principal
) -> DecisionBatch:
    """Make a sheet of some records that wait; raises RefusedError."""
    if not record_ids:
        raise RefusedError(record_ids=NONE_CHOSEN)
    if len(record_ids) > MOST:
        raise RefusedError(record_ids=TOO_MANY)
    chosen = [each for each in list_candidates(user, flow, move) if each.record.id in record_ids]
    if len(chosen) != len(set(record_ids)):
        raise RefusedError(record_ids=GONE)
    batch = DecisionBatch(
        number=numbering.next_number(SERIES, on=clock.today()),
        flow=flow.name,
        move=move.name,
        state=BatchState.DRAFT,
        drafted_by_id=user.person_id,
        drafted_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    for place, each in enumerate(chosen, start=1):
        db.session.add(line_of(batch, place, flow, each))
    db.session.flush()
    note(AuditEvent.WORKFLOW_BATCH_DRAFTED, batch, user, records=len(chosen))
    return batch


def line_of(batch: DecisionBatch, place: int, flow: Flow, found: Candidate) -> BatchLine:
    """Write one line, in the version that is on the sheet."""
    return BatchLine(
        batch_id=batch.id,
        place=place,
        record_id=found.record.id,
        seen_version=found.record.version,
        title=found.title[:200],
        department_id=flow.department(found.record),
        refusal="",
    )


def decide_batch(
    *,
    batch_id: int,
    places: Collection[int],
    user: Principal,
    signature: Signature | None = None,
) -> tuple[int, int]:
    """Decide on the chosen lines of a sheet; gives how many moved and how many stayed.

    Those that were not chosen were struck out: they wait on. Raises RefusedError where no line
    could be moved; then nothing has changed.
    """
    batch = get_locked(batch_id)
    flow, move = find_move(batch.flow, batch.move)
    if signature is not None:
        check_recorder(batch, flow, user)
    elif batch.drafted_by_id == user.person_id:
        raise RefusedError(form=OWN_SHEET)
    signed = service.keep_signature(signature, user) if signature else None
    lines = list_lines(batch.id)
    reasons = []
    for each in (found.line for found in lines):
        if each.place not in places:
            each.is_moved, each.refusal = False, "没有勾选"
            continue
        each.is_moved, each.refusal = move_line(flow, move, each, batch, user, signature, signed)
        reasons.append(each.refusal)
    moved = sum(each.line.is_moved is True for each in lines)
    if not moved:
        raise RefusedError(form=NONE_MOVED.format(reason=next(filter(None, reasons), NONE_CHOSEN)))
    batch.state, batch.ended_at = BatchState.DECIDED, clock.now()
    batch.decided_by_id = signature.signed_by_id if signature else user.person_id
    batch.signature_id = signed.id if signed else None
    db.session.flush()
    stayed = len(lines) - moved
    note(AuditEvent.WORKFLOW_BATCH_DECIDED, batch, user, records=moved, refused=stayed)
    return moved, stayed


def move_line(  # noqa: PLR0917 - what one line needs of its sheet.
    flow: Flow,
    move: Move,
    line: BatchLine,
    batch: DecisionBatch,
    user: Principal,
    signature: Signature | None,
    signed: PaperSignature | None,
) -> tuple[bool, str]:
    """Move the record of one line; gives whether it moved, and if not, why."""
    record = service.get_locked(flow, line.record_id)
    if record.version != line.seen_version:
        return False, CHANGED
    try:
        decider = service.decider_of(flow, move, record, user, signature)
        with db.session.begin_nested():
            service.make(flow, move, record, decider, data={}, signed=signed, batch_id=batch.id)
    except RefusedError as refused:
        return False, str(refused)[:300]
    return True, ""


def check_recorder(batch: DecisionBatch, flow: Flow, user: Principal) -> None:
    """Refuse to enter a signed sheet for records where one is not a 经办人; raises RefusedError."""
    for each in list_lines(batch.id):
        if not service.may_record(flow, service.get_locked(flow, each.line.record_id), user):
            raise RefusedError(form=service.NOT_YOUR_RECORD)


def drop_batch(*, batch_id: int, user: Principal) -> None:
    """Give up a sheet; its records wait on. Raises RefusedError."""
    batch = get_locked(batch_id)
    batch.state, batch.ended_at = BatchState.DROPPED, clock.now()
    db.session.flush()
    note(AuditEvent.WORKFLOW_BATCH_DROPPED, batch, user)


def get_locked(batch_id: int) -> DecisionBatch:
    """Give a sheet that is still open; raises RefusedError."""
    batch = db.session.get_one(DecisionBatch, batch_id, with_for_update=True)
    if batch.state is not BatchState.DRAFT:
        raise RefusedError(form=NOT_OPEN)
    return batch


def note(event: AuditEvent, batch: DecisionBatch, user: Principal, **data: object) -> None:
    """Write down an act on a sheet."""
    append(
        event,
        person_id=user.person_id,
        object_type="batch",
        object_id=batch.id,
        number=batch.number,
        **data,
    )


def select_batches_for(user: Principal) -> Statement:
    """Select the sheets that somebody may see: those of whose records he sees every department."""
    statement = select(DecisionBatch, Person.name).join(
        Person, Person.id == DecisionBatch.drafted_by_id
    )
    departments = user.departments_of(Permission.WORKFLOW_BATCH_READ)
    if departments is None:
        return statement
    elsewhere = select(BatchLine.batch_id).where(
        BatchLine.department_id.is_(None) | BatchLine.department_id.not_in(departments)
    )
    return statement.where(DecisionBatch.id.not_in(elsewhere))


def get_batch_for(user: Principal, batch_id: int) -> DecisionBatch | None:
    """Give a sheet that somebody may see."""
    found: Any = db.session.execute(
        select_batches_for(user).where(DecisionBatch.id == batch_id)
    ).one_or_none()
    return None if found is None else found[0]


def list_lines(batch_id: int) -> Sequence[Line]:
    """Give the lines of a sheet in their order."""
    rows = db.session.execute(
        select(BatchLine, Department.name)
        .outerjoin(Department, Department.id == BatchLine.department_id)
        .where(BatchLine.batch_id == batch_id)
        .order_by(BatchLine.place)
    )
    return [Line(line=line, department=name or "全中心") for line, name in rows]


def list_briefs(batch: DecisionBatch) -> dict[int, tuple[str, ...]]:
    """Give what each record on a sheet says, by its line; of one that has changed since, that."""
    flow, _ = find_move(batch.flow, batch.move)
    records = {each.id: each for each in list_records(batch)}
    found = {}
    for line in (each.line for each in list_lines(batch.id)):
        record = records[line.record_id]
        has_changed = line.is_moved is not True and record.version != line.seen_version
        found[line.place] = (CHANGED,) if has_changed else tuple(flow.brief(record))
    return found


def may_decide(user: Principal, batch: DecisionBatch) -> bool:
    """Tell whether somebody may decide on a sheet in the site: on any of its records.

    Never on one that he made himself, as the database says too.
    """
    if batch.drafted_by_id == user.person_id:
        return False
    flow, move = find_move(batch.flow, batch.move)
    actor = service.actor_of(user)
    return any(engine.may(flow, move, each, actor) for each in list_records(batch))


def list_records(batch: DecisionBatch) -> Sequence[Record]:
    """Give the records on a sheet."""
    flow, _ = find_move(batch.flow, batch.move)
    ids = select(BatchLine.record_id).where(BatchLine.batch_id == batch.id)
    return db.session.scalars(select(flow.model).where(flow.model.id.in_(ids))).all()


def get_batch_to_decide(user: Principal, batch_id: int) -> DecisionBatch | None:
    """Give a sheet that is somebody's to decide in another's place, decided or not."""
    batch = db.session.get(DecisionBatch, batch_id)
    if batch is None:
        return None
    flow, move = find_move(batch.flow, batch.move)
    actor = service.actor_of(user)
    records = list_records(batch)
    is_his = any(engine.find_absent(flow, move, each, actor) for each in records)
    return batch if is_his else None
