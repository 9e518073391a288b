"""The states and moves of a monthly record, as data: written by one, confirmed by the other.

"Every phone step has a desk-PC way and a paper way": a record that both signed on paper is entered
by a 经办人 with its scan, and so is a confirmation.
"""

from datetime import date

from app.kernel import clock, db
from app.kernel.permissions import Permission
from app.mentoring import months
from app.mentoring.models import MentoringPair, MentoringRecord, RecordState
from app.mentoring.settings import CONFIRM
from app.workflow.definition import Act, Flow, Move, Named, State, Waiting, refuse
from app.workflow.service import setting_days

JOIN = Permission.MENTORING_PAIR_JOIN
MASTER, APPRENTICE = Named(column="master_id"), Named(column="apprentice_id")
CONFIRMER, SITE = Named(column="confirmer_id"), Named(column="nobody_id")
TOO_LATE = "这个月的记录已经过了期限，不再补写；请写本月的。"
WRITTEN = "已写好，等对方确认；双方确认以后才算一次。"


def pair_of(record: MentoringRecord) -> MentoringPair:
    """Give the pair of a record."""
    return db.session.get_one(MentoringPair, record.pair_id)


def days_to_write(record: MentoringRecord) -> int:
    """Give the working days that are left to write a record."""
    return months.workdays_until(clock.local(months.record_deadline(record.month)).date())


def check_in_time(record: MentoringRecord, act: Act) -> None:
    """Refuse a record that comes after its deadline; raises RefusedError."""
    del act
    if record.due_at is not None and record.due_at < clock.now():
        refuse(form=TOO_LATE)


def put_words(record: MentoringRecord, act: Act) -> None:
    """Keep what was written."""
    record.taught = act.data["taught"]
    record.progress = act.data["progress"]
    record.plan_next = act.data["plan_next"]


def take_words(record: MentoringRecord, act: Act) -> None:
    """Keep what was written, and who is to confirm it: the other one."""
    put_words(record, act)
    is_master = act.decided_by_id == record.master_id
    record.confirmer_id = record.apprentice_id if is_master else record.master_id


def keep_sheet(record: MentoringRecord, act: Act) -> None:
    """Keep a record that both have signed on one sheet: the master wrote, the other confirmed."""
    put_words(record, act)
    record.written_by_id, record.confirmed_by_id = record.master_id, record.apprentice_id
    record.confirmer_id = record.apprentice_id
    record.written_at = record.confirmed_at = clock.now()


def is_master(record: MentoringRecord, person_id: int, on: date) -> bool:
    """Tell whether a signature on paper is the master's."""
    del on
    return person_id == record.master_id


def is_confirmer(record: MentoringRecord, person_id: int, on: date) -> bool:
    """Tell whether a signature on paper is that of whoever has to confirm."""
    del on
    return person_id == record.confirmer_id


def facts(record: MentoringRecord) -> list[tuple[str, str]]:
    """Give what whoever confirms reads beside the question."""
    return [
        ("带教内容", record.taught),
        ("掌握情况", record.progress),
        ("下月安排", record.plan_next),
    ]


RECORD_FLOW = Flow(
    name="mentoring.record",
    noun="带教记录",
    word="record",
    model=MentoringRecord,
    states=(
        State(
            value=RecordState.DUE, label="待填写", kind="amber", owner=MASTER, days=days_to_write
        ),
        State(
            value=RecordState.TO_CONFIRM, label="待对方确认", kind="blue", owner=CONFIRMER,
            days=setting_days(CONFIRM),
        ),
        State(
            value=RecordState.CONFIRMED, label="双方已确认", kind="green", waiting=Waiting.CLOSED
        ),
        State(value=RecordState.LAPSED, label="没有记录", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="write-master", label="填写记录", sources=(RecordState.DUE,),
            target=RecordState.TO_CONFIRM, by=MASTER, permission=JOIN, stamp="written",
            endpoint="mentoring.write_record", guard=check_in_time, effect=take_words,
            is_primary=True, done=WRITTEN,
        ),
        Move(
            name="write-apprentice", label="填写记录", sources=(RecordState.DUE,),
            target=RecordState.TO_CONFIRM, by=APPRENTICE, permission=JOIN, stamp="written",
            endpoint="mentoring.write_record", guard=check_in_time, effect=take_words,
            is_primary=True, done=WRITTEN,
        ),
        Move(
            name="confirm", label="确认", sources=(RecordState.TO_CONFIRM,),
            target=RecordState.CONFIRMED, by=CONFIRMER, permission=JOIN, stamp="confirmed",
            not_by=("written_by_id",), refused="写记录的人不能自己确认。",
            is_primary=True, tells=("written_by_id",), done="已确认，这个月的记录算数了。",
            question="确认以后不能再改。", paper=is_confirmer,
        ),
        Move(
            name="on-paper", label="双方在纸上签字", sources=(RecordState.DUE,),
            target=RecordState.CONFIRMED, by=SITE, permission=JOIN,
            endpoint="mentoring.show_record", sheet_endpoint="mentoring.sign_record",
            paper=is_master, guard=check_in_time, effect=keep_sheet,
            tells=("master_id", "apprentice_id"), done="这个月的记录算数了。",
        ),
        Move(
            name="send-back", label="请对方改", sources=(RecordState.TO_CONFIRM,),
            target=RecordState.DUE, by=CONFIRMER, permission=JOIN, reason="哪里要改",
            is_return=True, tells=("written_by_id",), done="已退回，请双方商量后再写。",
        ),
        Move(
            name="lapse", label="过期，不再补写",
            sources=(RecordState.DUE, RecordState.TO_CONFIRM), target=RecordState.LAPSED,
            by=SITE, permission=JOIN, endpoint="mentoring.show_record",
        ),
    ),
    title=lambda record: f"{months.label(record.month)}带教记录",
    department=lambda record: pair_of(record).department_id,
    endpoint="mentoring.show_record",
    arguments=lambda record: {"public_id": record.public_id},
    object_type="mentoring_record",
    begun="到月",
    facts=facts,
)  # fmt: skip
