"""What a record's page shows of its workflow: the light, whose turn it is, the moves, the path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.inbox import service as inbox
from app.inbox.models import OpenStep
from app.kernel import db, formats
from app.kernel.permissions import ROLE_LABELS, Principal, roles_with
from app.workdays import service as workdays
from app.workdays.lights import Light
from app.workflow import engine, recounting, service
from app.workflow.definition import Flow, Holders, Move, Named, Record, State
from app.workflow.engine import Actor
from app.workflow.models import DecisionBatch, PaperSignature, WorkflowMove


@dataclass(frozen=True, kw_only=True)
class MoveLink:
    """One move as a button: posts at once, or leads to its page."""

    label: str
    url: str
    is_primary: bool
    # Posts at once: nothing is asked for.
    is_direct: bool


@dataclass(frozen=True, kw_only=True)
class PathEntry:
    """One line of a record's path, as `_macros/timeline.html` draws it."""

    title: str
    who: str
    when: str
    note: str = ""
    tag: str = ""
    state: str = ""
    # The scan of the sheet on which it was signed.
    scan_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """All that a record's page shows of its workflow."""

    state: str
    kind: str
    light: Light | None
    whose: str
    version: int
    moves: Sequence[MoveLink]
    signed: Sequence[MoveLink]
    path: Sequence[PathEntry]


def panel_of(flow: Flow, record: Record, user: Principal) -> Panel:
    """Gather it for one person who may see the record."""
    state = flow.state(record.state)
    return Panel(
        state=state.label,
        kind=state.kind,
        light=light_of_record(flow, record),
        whose=whose_turn(flow, state, record),
        version=record.version,
        moves=[link_of(flow, each, record) for each in service.doable(flow, record, user)],
        signed=signed_links(flow, record, user),
        path=path_of(flow, record),
    )


def light_of_record(flow: Flow, record: Record) -> Light | None:
    """Derive the light of a record that waits; None where nobody must act."""
    step = inbox.get_open(flow.name, record.id)
    return None if step is None else inbox.light_of_step(step, workdays.get_calendar())


def whose_turn(flow: Flow, state: State, record: Record) -> str:
    """Say who must act: a name, or the roles that hold the permission, with the department."""
    if isinstance(state.owner, Named):
        person = db.session.get(Person, getattr(record, state.owner.column))
        return person.name if person else ""
    if not isinstance(state.owner, Holders):
        return ""
    department = db.session.get(Department, flow.department(record) or 0)
    roles = [ROLE_LABELS[role] for role in roles_with(state.owner.permission)]
    place = f"（{department.name}）" if department else ""
    return f"{'、'.join(roles)}{place}"


def link_of(flow: Flow, move: Move, record: Record) -> MoveLink:
    """Draw a move as a button."""
    return MoveLink(
        label=move.label,
        url=url_for(endpoint_of(flow, move), **flow.arguments(record)),
        is_primary=move.is_primary,
        is_direct=not (move.endpoint or move.reason or move.question or move.is_approval),
    )


def endpoint_of(flow: Flow, move: Move, *, is_signed: bool = False) -> str:
    """Name the page of a move: the room's own, or one made here, `commitments.approve_sheet`."""
    own = move.sheet_endpoint if is_signed else move.endpoint
    if own:
        return own
    room = flow.endpoint.partition(".")[0]
    word = f"{move.name}_{flow.word}".replace("-", "_")
    return f"{room}.sign_{word}" if is_signed else f"{room}.{word}"


def pages_of(*flows: Flow) -> frozenset[str]:
    """Name the pages of moves that are made from the table."""
    return frozenset(
        endpoint_of(flow, move, is_signed=is_signed)
        for flow in flows
        for move in flow.moves
        for is_signed in (False, True)
        if not move.endpoint and (move.is_signable or not is_signed)
    )


def signed_links(flow: Flow, record: Record, user: Principal) -> list[MoveLink]:
    """Give the ways to enter a decision that was signed on paper, for a 经办人."""
    if not service.may_record(flow, record, user):
        return []
    return [
        MoveLink(
            label=f"代录{each.sheet}：{each.label}",
            url=url_for(endpoint_of(flow, each, is_signed=True), **flow.arguments(record)),
            is_primary=False,
            is_direct=False,
        )
        for each in flow.moves_of(record)
        if each.paper is not None or (each.is_approval and not each.endpoint)
    ]


def path_of(flow: Flow, record: Record) -> list[PathEntry]:
    """Give the whole path of a record, oldest line first; signed lines lead to their scan."""
    rows = db.session.execute(
        select(WorkflowMove, PaperSignature, DecisionBatch)
        .outerjoin(PaperSignature, PaperSignature.id == WorkflowMove.signature_id)
        .outerjoin(DecisionBatch, DecisionBatch.id == WorkflowMove.batch_id)
        .where(*service.of_record(flow, record.id))
        .order_by(WorkflowMove.step)
    ).all()
    people = {
        person_id
        for line, signed, _ in rows
        for person_id in (line.person_id, line.for_person_id, recorder_of(signed))
        if person_id is not None
    }
    names = accounts.names_of(people)
    return [
        replace(entry_of(flow, line, signed, batch, names), scan_url=scan_url(flow, record, line))
        for line, signed, batch in rows
    ]


def recorder_of(signed: PaperSignature | None) -> int | None:
    """Give who entered a signed sheet."""
    return None if signed is None else signed.recorded_by_id


def scan_url(flow: Flow, record: Record, line: WorkflowMove) -> str:
    """Give the address of the scan behind a line; empty where there is none."""
    if line.signature_id is None:
        return ""
    return url_for(scan_endpoint(flow), step=line.step, **flow.arguments(record))


def scan_endpoint(flow: Flow) -> str:
    """Name the page that opens scans of a flow's records."""
    return f"{flow.endpoint.partition('.')[0]}.show_{flow.word}_scan"


def entry_of(
    flow: Flow,
    line: WorkflowMove,
    signed: PaperSignature | None,
    batch: DecisionBatch | None,
    names: Mapping[int, str],
) -> PathEntry:
    """Write one line: who acted in which role; of a signed sheet, who signed and who entered it."""
    label = label_of(flow, line)
    notes = [line.reason] if line.reason else []
    if batch is not None:
        notes.append(f"按汇总表{batch.number}办理。")
    if signed is not None:
        minutes = f"，纪要{signed.minute_number}" if signed.minute_number else ""
        recorded = names.get(signed.recorded_by_id, "")
        notes.append(
            f"{signed.meeting}{minutes}；代录人{recorded}，{formats.moment(signed.recorded_at)}录入。"
        )
    return PathEntry(
        title=f"{label} → {flow.state(line.to_state).label}",
        who=who_text(line, names),
        when=formats.day(signed.signed_on) if signed else formats.moment(line.at),
        note="".join(each if each.endswith(("。", "！", "？")) else f"{each}。" for each in notes),
        tag=flow.move(line.move).sheet if signed else "",
    )


def label_of(flow: Flow, line: WorkflowMove) -> str:
    """Name what was done: a move of the flow, its beginning, or a deadline counted anew."""
    special = {service.BEGUN: flow.begun, recounting.RECOUNT: recounting.LABEL}
    return special.get(line.move) or flow.move(line.move).label


def who_text(line: WorkflowMove, names: Mapping[int, str]) -> str:
    """Write who acted: his name with his roles, and in whose place."""
    if line.person_id is None:
        return "系统" if line.acted_as == "system" else line.acted_as
    roles = "、".join(ROLE_LABELS[role] for role in ROLE_LABELS if role in line.acted_as.split(","))
    who = f"{names.get(line.person_id, '')}{f'（{roles}）' if roles else ''}"
    absent = names.get(line.for_person_id or 0)
    return f"{who}代{absent}" if absent else who


def first_move(flow: Flow, record: Record, actor: Actor) -> tuple[str, str] | None:
    """Give the move that most people make next, for lists of what waits."""
    moves = engine.doable(flow, record, actor)
    chosen = next((each for each in moves if each.is_primary), None)
    if chosen is None:
        return None
    return chosen.label, url_for(endpoint_of(flow, chosen), **flow.arguments(record))


def quick_moves(steps: Sequence[OpenStep], user: Principal) -> dict[int, tuple[str, str]]:
    """Give the next move of each of some steps: the way from 待办 to where it is made."""
    found: dict[int, tuple[str, str]] = {}
    actor = service.actor_of(user)
    flows = {each.name: each for each in service.all_flows()}
    for name in {each.flow for each in steps} & flows.keys():
        flow = flows[name]
        mine = [each for each in steps if each.flow == name]
        records: dict[int, Any] = {
            each.id: each
            for each in db.session.scalars(
                select(flow.model).where(flow.model.id.in_([step.record_id for step in mine]))
            )
        }
        for step in mine:
            move = first_move(flow, records[step.record_id], actor)
            if move is not None:
                found[step.id] = move
    return found
