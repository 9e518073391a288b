"""The states and moves of 叫回窗口, as data: asked, confirmed by the lead, and back again.

办件优先: "a call-back to the window ends nothing: the personal clock stops and runs on, once, when
the lead has confirmed and the person re-enters within the open days, both moments in history". The
clock stands still from the asking on; declined or taken back, it has never stood still.
"""

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.accounts.roster import holders
from app.exams.models import CallBack, CallBackState, Exam, Sitting
from app.exams.service import extra_time, running
from app.inbox import service as inbox
from app.kernel import clock, db, formats
from app.kernel.permissions import Permission, Role
from app.workflow.definition import Act, Flow, Holders, Move, Named, State, Waiting, refuse

ASKED, CONFIRMED = CallBackState.ASKED, CallBackState.CONFIRMED
RESUMED, DECLINED, CANCELLED = (
    CallBackState.RESUMED,
    CallBackState.DECLINED,
    CallBackState.CANCELLED,
)
CONFIRM, SIT = Permission.EXAMS_CALLBACK_CONFIRM, Permission.EXAMS_SITTING_SIT
LEADS = Holders(permission=CONFIRM)
PERSON = Named(column="drafted_by_id")
# Whoever called him back knows it today.
DAYS = 1
NOT_YOURS = "本人不能确认；部门有窗口负责人的，由窗口负责人确认。"
ENDED = "这份答卷已经收走，不用再确认。"
EXAM_PAUSED = "考试正在暂停，请稍等，继续以后就能返回。"
CLOSED = "考试开放时间已过，不能再返回；已保存的答案都在，照常评卷。"


def sitting_of(record: CallBack) -> Sitting:
    """Give the sitting that somebody was called from; held while its clock is being set."""
    return db.session.get_one(Sitting, record.sitting_id, with_for_update=True)


def exam_of(sitting: Sitting) -> Exam:
    """Give its exam; nobody pauses it meanwhile."""
    return db.session.get_one(Exam, sitting.exam_id, with_for_update={"read": True})


def without_lead(record: CallBack) -> frozenset[int]:
    """Bar 经办人 where the department has a lead who can confirm: he knows who was called."""
    on = clock.today()
    department_id = department_of(record)
    leads = set(holders.list_scoped(Role.WINDOW_LEAD, department_id, on)) - {record.drafted_by_id}
    if not leads:
        return frozenset()
    clerks = {each.id for each in holders.list_holders([Role.CLERK], on)}
    return frozenset(clerks - leads)


def department_of(record: CallBack) -> int:
    """Give the department of whoever was called back."""
    found = select(Sitting.department_id).where(Sitting.id == record.sitting_id)
    return db.session.scalars(found).one()


def check_open(record: CallBack, act: Act) -> None:
    """Refuse what no longer helps anybody."""
    del act
    if sitting_of(record).handed_in_at is not None:
        refuse(form=ENDED)


def check_return(record: CallBack, act: Act) -> None:
    """Refuse to run on after the close, and while the whole exam stands still."""
    check_open(record, act)
    sitting = sitting_of(record)
    exam, now = exam_of(sitting), clock.now()
    if exam.paused_at is not None:
        refuse(form=EXAM_PAUSED)
    if now >= exam.closes_at + extra_time.read_one(exam.id, sitting.id):
        refuse(form=CLOSED)


def run_on(record: CallBack, act: Act) -> None:
    """Give the time back that the clock stood still, as far as the exam is open."""
    del act
    sitting, now = sitting_of(record), clock.now()
    exam = exam_of(sitting)
    running.run_on(sitting, exam, extra_time.read_one(exam.id, sitting.id), now)
    record.resumed_at = now


def forget_stop(record: CallBack, act: Act) -> None:
    """Let the clock have run all the time; a pause of the whole exam since then holds it anew."""
    sitting = sitting_of(record)
    if sitting.handed_in_at is not None or sitting.deadline_at is None:
        return
    paused_at = exam_of(sitting).paused_at
    is_held = paused_at is not None and paused_at < sitting.deadline_at
    sitting.stopped_at = paused_at if is_held else None
    if act.decided_by_id != record.drafted_by_id:
        left = formats.moment(sitting.deadline_at)
        tell(record, f"叫回窗口没有得到确认，计时从未停过，到{left}为止。理由：{act.reason}")


def tell_confirmed(record: CallBack, act: Act) -> None:
    """Tell who was called back that he can return."""
    del act
    tell(record, "叫回窗口已经确认，计时停着；办完件请在开放时间内返回，继续答题。")


def tell(record: CallBack, text: str) -> None:
    """Write a notice to the person himself; it leads to his sitting."""
    if record.drafted_by_id is None:
        return
    public_id = sitting_of(record).public_id
    arguments = {"public_id": public_id}
    inbox.tell([record.drafted_by_id], text, endpoint="exams.show_sitting", arguments=arguments)


def title_of(record: CallBack) -> str:
    """Name a call-back in a line."""
    sitting = db.session.get_one(Sitting, record.sitting_id)
    person = db.session.get_one(Person, sitting.person_id)
    return f"{person.name}：{db.session.get_one(Exam, sitting.exam_id).title}"


def facts_of(record: CallBack) -> list[tuple[str, str]]:
    """Give what whoever confirms reads; nothing of any answer."""
    sitting = db.session.get_one(Sitting, record.sitting_id)
    person = db.session.get_one(Person, sitting.person_id)
    back = formats.moment(record.resumed_at) if record.resumed_at else "还没有返回"
    return [
        ("考试", db.session.get_one(Exam, sitting.exam_id).title),
        ("姓名", f"{person.name}（{person.staff_number}）"),
        ("部门", db.session.get_one(Department, sitting.department_id).name),
        ("叫回时间", formats.moment(record.called_at)),
        ("当时还剩", f"{record.left_seconds // 60}分{record.left_seconds % 60}秒"),
        ("返回时间", back),
    ]


STATES = (
    State(value=ASKED, label="待确认", kind="amber", owner=LEADS, days=lambda _record: DAYS),
    State(value=CONFIRMED, label="已确认", kind="blue", waiting=Waiting.RESTING),
    State(value=RESUMED, label="已返回", kind="green", waiting=Waiting.CLOSED),
    State(value=DECLINED, label="未确认", waiting=Waiting.CLOSED),
    State(value=CANCELLED, label="已取消", waiting=Waiting.CLOSED),
)

MOVES = (
    Move(
        name="confirm", label="确认叫回", sources=(ASKED,), target=CONFIRMED, by=LEADS,
        permission=CONFIRM, stamp="confirmed", not_by=("drafted_by_id",), bars=without_lead,
        refused=NOT_YOURS, is_primary=True, guard=check_open, effect=tell_confirmed,
        done="已确认，本人返回后计时接着走。",
    ),
    Move(
        name="decline", label="不确认", sources=(ASKED,), target=DECLINED, by=LEADS,
        permission=CONFIRM, reason="不确认的理由", not_by=("drafted_by_id",), bars=without_lead,
        refused=NOT_YOURS, guard=check_open, effect=forget_stop,
        done="已回复，他的计时按没有停过算。",
    ),
    Move(
        name="resume", label="继续答题", sources=(CONFIRMED,), target=RESUMED, by=PERSON,
        permission=SIT, endpoint="exams.resume_sitting", guard=check_return, effect=run_on,
    ),
    Move(
        name="cancel", label="取消叫回", sources=(ASKED,), target=CANCELLED, by=PERSON,
        permission=SIT, endpoint="exams.cancel_call_back", effect=forget_stop,
    ),
)  # fmt: skip

FLOW = Flow(
    name="exams.call_back",
    noun="叫回窗口",
    word="call_back",
    model=CallBack,
    states=STATES,
    moves=MOVES,
    title=title_of,
    department=department_of,
    endpoint="exams.show_call_back",
    arguments=lambda record: {"record_id": record.id},
    object_type="call_back",
    begun="叫回",
    facts=facts_of,
)
