"""Monthly records: opened by the site, written by one of the two, confirmed by the other.

"One record a month, written by either, confirmed by the other (a record counts only when both
confirmed; a month without one is shown as such)". What nobody wrote in time becomes no record: the
site writes that down, and reproaches nobody.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from app.inbox import service as inbox
from app.kernel import clock, db, formats
from app.kernel.permissions import Principal
from app.mentoring import months, presence
from app.mentoring.models import (
    UNDER_WAY,
    MentoringPair,
    MentoringRecord,
    PairState,
    RecordState,
)
from app.mentoring.record_flow import RECORD_FLOW
from app.workflow import service as workflow

PUBLIC_ID_BYTES = 12
# From when on a term counts as nearly over.
NEAR_END = timedelta(days=31)
TERM_ENDS = "结对{number}的期限到{day}：学会的可以申请出师考核，没有学会的可以请业务科室延长一次。"
TERM_OVER = "结对{number}的期限{day}已到：请申请出师考核、延长一次，或者提前结束。"
NOT_KEPT = "没有记录"
TO_COME = "未到"
ENDED_THEN = "当月结束，不再记"
ONE_SIDED = "一方已写，另一方没有确认"


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """One month of a pair: its record, or that there is none."""

    month: date
    record: MentoringRecord | None
    text: str
    kind: str


def list_records(pair_id: int) -> list[MentoringRecord]:
    """Give the records of a pair by month."""
    return list(
        db.session.scalars(
            select(MentoringRecord)
            .where(MentoringRecord.pair_id == pair_id)
            .order_by(MentoringRecord.month)
        )
    )


def list_months(pair: MentoringPair) -> list[MonthLine]:
    """Give every month of a pair from its beginning to its end, those without a record too."""
    if pair.approved_at is None:
        return []
    found = {each.month: each for each in list_records(pair.id)}
    over = over_on(pair)
    until = min(pair.ends_on, over or pair.ends_on)
    wanted = {*months.recorded(begun_on(pair), until), *found}
    return [line_of(month, found.get(month), over) for month in sorted(wanted)]


def begun_on(pair: MentoringPair) -> date:
    """Give the day from which records are kept: no month before the approval can be missing."""
    if pair.approved_at is None:
        return pair.starts_on
    return max(pair.starts_on, months.first_of(clock.local(pair.approved_at).date()))


def over_on(pair: MentoringPair) -> date | None:
    """Give the day on which a pair came to its end, or one of the two had his last day."""
    moment = pair.graduated_at if pair.state is PairState.GRADUATED else pair.ended_at
    ended = clock.local(moment).date() if moment else None
    found = [each for each in (ended, presence.over_since(pair)) if each is not None]
    return min(found, default=None)


def line_of(month: date, record: MentoringRecord | None, over: date | None = None) -> MonthLine:
    """Say of a month how far its record is; a deadline that has passed needs no sweep.

    The month in which a pair came to its end needs no record. What one of the two wrote and the
    other never confirmed does not count, and is shown as what it is.
    """
    is_kept = record is not None and record.state is RecordState.CONFIRMED
    if over is not None and month == months.first_of(over) and not is_kept:
        return MonthLine(month=month, record=None, text=ENDED_THEN, kind="")
    if record is None:
        is_past = month < months.first_of(clock.today())
        text, kind = (NOT_KEPT, "") if is_past else (TO_COME, "")
    else:
        state = RECORD_FLOW.state(record.state)
        text, kind = state.label, state.kind
        if is_late(record) and record.state is RecordState.DUE:
            text, kind = NOT_KEPT, ""
        if record.state is RecordState.LAPSED and record.written_by_id is not None:
            text = ONE_SIDED
    return MonthLine(month=month, record=record, text=text, kind=kind)


def get_record(public_id: str) -> MentoringRecord | None:
    """Give a record; its page asks the pair whether somebody may see it."""
    return db.session.scalar(select(MentoringRecord).where(MentoringRecord.public_id == public_id))


def list_waiting(user: Principal) -> list[MentoringRecord]:
    """Give the records that somebody can write now."""
    mine = (MentoringRecord.master_id == user.person_id) | (
        MentoringRecord.apprentice_id == user.person_id
    )
    return list(
        db.session.scalars(
            select(MentoringRecord)
            .where(mine, MentoringRecord.state == RecordState.DUE)
            .order_by(MentoringRecord.month, MentoringRecord.id)
        )
    )


def open_month(pair: MentoringPair, month: date) -> None:
    """Open the record of a month, once, in the open write."""
    found = select(MentoringRecord.id).where(
        MentoringRecord.pair_id == pair.id, MentoringRecord.month == month
    )
    if db.session.scalar(found) is not None:
        return
    record = MentoringRecord(
        public_id=secrets.token_urlsafe(PUBLIC_ID_BYTES),
        pair_id=pair.id,
        month=month,
        state=RecordState.DUE,
        master_id=pair.master_id,
        apprentice_id=pair.apprentice_id,
    )
    db.session.add(record)
    workflow.begin(RECORD_FLOW, record, user=None)


def months_to_open(pair: MentoringPair) -> Sequence[date]:
    """Give the months whose record can be written now; none once one of the two has left."""
    if presence.over_since(pair) is not None:
        return []
    within = months.recorded(begun_on(pair), min(clock.today(), pair.ends_on))
    return [each for each in within if clock.now() <= months.record_deadline(each)]


def close_open(pair: MentoringPair) -> None:
    """Let no record of a pair wait any longer, in the open write: the pair has come to its end."""
    for record in list_records(pair.id):
        if record.state in {RecordState.DUE, RecordState.TO_CONFIRM}:
            workflow.execute(RECORD_FLOW, record_id=record.id, name="lapse", user=None)


def sweep() -> None:
    """Open this month's records and end those that came too late; the worker calls it.

    Whose term is nearly over, or is, is told so, once each.
    """
    remind_of_ends()
    for pair_id in db.session.scalars(
        select(MentoringPair.id).where(
            MentoringPair.state.in_(UNDER_WAY), MentoringPair.starts_on <= clock.today()
        )
    ).all():
        open_due(pair_id)
    for record_id in list_late():
        with db.write():
            record = workflow.get_locked(RECORD_FLOW, record_id)
            if is_late(record):
                workflow.execute(RECORD_FLOW, record_id=record_id, name="lapse", user=None)


def remind_of_ends() -> None:
    """Tell master and apprentice a month before the end of their term, and when it is over."""
    today = clock.today()
    found = db.session.scalars(
        select(MentoringPair).where(
            MentoringPair.state == PairState.RUNNING,
            MentoringPair.ends_on <= today + NEAR_END,
        )
    ).all()
    if not found:
        return
    with db.write():
        for pair in found:
            is_over = pair.ends_on < today
            inbox.tell(
                {pair.master_id, pair.apprentice_id},
                (TERM_OVER if is_over else TERM_ENDS).format(
                    number=pair.number, day=formats.day(pair.ends_on)
                ),
                endpoint="mentoring.show_pair",
                arguments={"public_id": pair.public_id},
                key=f"mentoring:end:{pair.id}:{pair.ends_on.isoformat()}:{is_over}",
            )


def open_due(pair_id: int) -> None:
    """Open what is to be written of one pair; nothing is begun where nothing is missing."""
    pair = db.session.get_one(MentoringPair, pair_id)
    present = {each.month for each in list_records(pair_id)}
    missing = [each for each in months_to_open(pair) if each not in present]
    if not missing:
        return
    with db.write():
        pair = db.session.get_one(MentoringPair, pair_id, with_for_update=True)
        for month in missing if pair.is_under_way else ():
            open_month(pair, month)


def list_late() -> list[int]:
    """Give the records whose time is over."""
    found = db.session.scalars(
        select(MentoringRecord).where(
            MentoringRecord.state.in_((RecordState.DUE, RecordState.TO_CONFIRM)),
            MentoringRecord.due_at < clock.now(),
        )
    )
    return [each.id for each in found if is_late(each)]


def is_late(record: MentoringRecord) -> bool:
    """Tell whether a record can no longer come: nobody wrote it, or the other did not confirm.

    What was written early may be confirmed as long as it could have been written.
    """
    if record.due_at is None or record.due_at >= clock.now():
        return False
    return record.state is RecordState.DUE or months.record_deadline(record.month) < clock.now()
