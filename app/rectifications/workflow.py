"""The states and moves of a 整改通知单, as data.

"时限 (签收次日起N个工作日，至X月X日17:00)"; 申诉 lets the clock run on. Nobody decides about what
he drafted, found, repaired or signed, and nothing is closed without evidence that another has
checked.
"""

from datetime import date, datetime, time

from sqlalchemy import func, select

from app.accounts.roster.models import Placement
from app.accounts.roster.placements import placed
from app.kernel import clock, db, formats
from app.kernel.permissions import Permission
from app.rectifications.models import (
    SEVERITY_LABELS,
    OrderPhoto,
    OrderState,
    RectificationOrder,
)
from app.rectifications.settings import (
    CLOSE_DAYS,
    DECIDE_DAYS,
    RECEIVE_DAYS,
    RECHECK_DAYS,
    SIGN_DAYS,
)
from app.workdays import service as workdays
from app.workflow.definition import Act, Flow, Holders, Move, Named, State, Waiting, refuse
from app.workflow.numbering import next_number
from app.workflow.service import setting_days

SERIES = "整改"
TITLE_LENGTH = 40
NO_EVIDENCE = "还没有佐证照片，不能销号；请退回重改。"
TOO_EARLY = "纸上的日期早于通知单的上一步，请核对。"
# A receipt on paper bears a day and no hour.
NOON = time(12)
TOO_LATE = "申诉期限已过（{until}）。"

ISSUE = Holders(permission=Permission.RECTIFICATIONS_ORDER_ISSUE)
SIGN = Holders(permission=Permission.RECTIFICATIONS_ORDER_SIGN)
REPLY = Holders(permission=Permission.RECTIFICATIONS_ORDER_REPLY)
RECHECK = Holders(permission=Permission.RECTIFICATIONS_ORDER_RECHECK)
CLOSE = Holders(permission=Permission.RECTIFICATIONS_ORDER_CLOSE)
APPEAL = Holders(permission=Permission.RECTIFICATIONS_ORDER_APPEAL)
DECIDE = Holders(permission=Permission.RECTIFICATIONS_ORDER_DECIDE)
ROUND = ("found_by_id", "found_with_id", "led_by_id", "drafted_by_id")
SIGNERS = ("drafted_by_id", "found_by_id")
RECHECKERS = (*ROUND, "repaired_by_id", "responsible_id")
CLOSERS = ("drafted_by_id", "repaired_by_id", "rechecked_by_id")
DECIDERS = (*ROUND, "signed_by_id", "appealed_by_id")
# What is left where everybody has had to do with it: a small hall names one more.
NOBODY_ELSE = "没有其他人的，请系统管理员为另一人申请这个角色。"
NOT_SIGNER = f"发现问题的人和开单人不能签发，请由其他负责人签发；{NOBODY_ELSE}"
NOT_RECHECKER = f"参加这次巡查（含带班）、开单、整改的人不能复查，请由其他巡查员复查；{NOBODY_ELSE}"
NOT_DECIDER = (
    f"参加这次巡查（含带班）、开单、签发、申诉的人不能裁定，请由其他中心领导裁定；{NOBODY_ELSE}"
)
NOT_CLOSER = f"开单、整改、复查的人不能销号，请由其他负责人销号；{NOBODY_ELSE}"


def mend_due(order: RectificationOrder) -> datetime:
    """Give until when an order must be mended: counted from its receipt, or from its return."""
    is_returned = order.is_passed is False and order.rechecked_at is not None
    begun = order.rechecked_at if is_returned else order.received_at
    return workdays.get_deadline(received=begun or clock.now(), days=order.mend_days).due


def days_to_mend(order: RectificationOrder) -> int:
    """Give the working days that are left to mend; after an appeal the clock has run on."""
    calendar, until = workdays.get_calendar(), clock.local(mend_due(order)).date()
    # As the engine counts from now: what is received after 17:00 counts as of the next day.
    day, left = calendar.counted_day(clock.now()), 0
    while day < until:
        day = calendar.next_workday(day)
        left += 1
    # Something is always left: who waited for a decision must be able to act on it.
    return max(left, 1)


def appeal_until(order: RectificationOrder) -> datetime:
    """Give until when the department may object: working days from the receipt."""
    return workdays.get_deadline(
        received=order.received_at or clock.now(), days=order.appeal_days
    ).due


def number_it(order: RectificationOrder, act: Act) -> None:
    """Give the number with the signature: what is never signed leaves no gap."""
    del act
    # The order is signed already and has no number yet: it must not be sent like that.
    with db.session.no_autoflush:
        order.number = next_number(SERIES, on=clock.today())


def check_in_time(order: RectificationOrder, act: Act) -> None:
    """Refuse an appeal after its last day; one of each order is heard. Raises RefusedError.

    Of one on paper the day counts on which it was signed, not the one on which it is entered.
    """
    check_signed_after(order.received_at, act)
    until = appeal_until(order)
    is_late = clock.now() > until
    if act.signed_on is not None:
        is_late = act.signed_on > clock.local(until).date()
    if is_late:
        refuse(form=TOO_LATE.format(until=f"至{formats.short_moment(until)}"))
    if order.decided_by_id is not None:
        refuse(form="这张通知单的申诉已经裁定过，不再受理。")


def check_signed_after(moment: datetime | None, act: Act) -> None:
    """Refuse a sheet that is older than what it answers; raises RefusedError."""
    if act.signed_on is None or moment is None:
        return
    if act.signed_on < clock.local(moment).date():
        refuse(signed_on=TOO_EARLY)


def check_receipt(order: RectificationOrder, act: Act) -> None:
    """Refuse a receipt from before the signature; raises RefusedError."""
    check_signed_after(order.signed_at, act)


def take_receipt(order: RectificationOrder, act: Act) -> None:
    """Let the days of a receipt on paper count from the day that stands on it."""
    if act.signed_on is None or act.signed_on >= clock.today():
        return
    noon = clock.from_local(datetime.combine(act.signed_on, NOON))
    order.received_at = max(noon, order.signed_at or noon)


def check_reply(order: RectificationOrder, act: Act) -> None:
    """Refuse a 回执 from before the receipt; raises RefusedError."""
    check_signed_after(order.received_at, act)


def is_of_department(order: RectificationOrder, person_id: int, on: date) -> bool:
    """Tell whether somebody worked in the notified department on a day: who signs its sheets."""
    found = select(Placement.id).where(
        Placement.person_id == person_id,
        Placement.department_id == order.department_id,
        *placed(on),
    )
    return db.session.scalar(found.limit(1)) is not None


def pass_it(order: RectificationOrder, act: Act) -> None:
    """Write down that the re-check found it mended."""
    del act
    order.is_passed = True


def fail_it(order: RectificationOrder, act: Act) -> None:
    """Write down that the re-check found it not mended: the next time wants new evidence."""
    del act
    order.is_passed = False
    order.cycle += 1


def check_evidence(order: RectificationOrder, act: Act) -> None:
    """Refuse to close what nobody can see; raises RefusedError."""
    del act
    if not count_photos(order) or not order.is_passed:
        refuse(form=NO_EVIDENCE)


def count_photos(order: RectificationOrder) -> int:
    """Count the photos of what was mended, since it was sent back where it was."""
    found = select(func.count(OrderPhoto.id)).where(
        OrderPhoto.order_id == order.id, OrderPhoto.cycle == order.cycle
    )
    return db.session.scalar(found) or 0


def title(order: RectificationOrder) -> str:
    """Name an order in one line, for lists of what waits; without a number by its fact alone."""
    return "　".join(filter(None, (order.number, order.fact[:TITLE_LENGTH])))


def facts(order: RectificationOrder) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    return [
        ("事实", order.fact),
        ("违反依据", order.basis),
        ("整改要求", order.requirement),
        ("严重程度", SEVERITY_LABELS[order.severity]),
        *([("整改措施", order.measure)] if order.measure else []),
    ]


STATES = (
    State(
        value=OrderState.TO_SIGN, label="待签发", kind="amber", owner=SIGN,
        days=setting_days(SIGN_DAYS),
    ),
    State(
        value=OrderState.RETURNED, label="退回补充", kind="amber",
        owner=Named(column="drafted_by_id"), days=setting_days(SIGN_DAYS),
    ),
    State(
        value=OrderState.TO_RECEIVE, label="待签收", kind="amber", owner=REPLY,
        days=setting_days(RECEIVE_DAYS),
    ),
    State(
        value=OrderState.MENDING, label="整改中", kind="blue", owner=REPLY, days=days_to_mend
    ),
    State(
        value=OrderState.APPEALED, label="申诉中", kind="amber", owner=DECIDE,
        days=setting_days(DECIDE_DAYS),
    ),
    State(
        value=OrderState.TO_RECHECK, label="待复查", kind="amber", owner=RECHECK,
        days=setting_days(RECHECK_DAYS),
    ),
    State(
        value=OrderState.TO_CLOSE, label="待销号", kind="amber", owner=CLOSE,
        days=setting_days(CLOSE_DAYS),
    ),
    State(value=OrderState.CLOSED, label="已销号", kind="green", waiting=Waiting.CLOSED),
    State(value=OrderState.REVOKED, label="已撤销", waiting=Waiting.CLOSED),
    # Given up before it was issued: what was found stands, and counts.
    State(value=OrderState.NOT_ISSUED, label="未开单", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="sign", label="签发", sources=(OrderState.TO_SIGN,), target=OrderState.TO_RECEIVE,
        by=SIGN, permission=Permission.RECTIFICATIONS_ORDER_SIGN, stamp="signed",
        not_by=SIGNERS, refused=NOT_SIGNER,
        is_approval=True, is_primary=True, effect=number_it, tells=("drafted_by_id",),
        question="签发后送达部门，编号和内容不能再改。", done="已签发，等部门签收。",
    ),
    Move(
        name="send-back", label="退回补充", sources=(OrderState.TO_SIGN,),
        target=OrderState.RETURNED, by=SIGN, permission=Permission.RECTIFICATIONS_ORDER_SIGN,
        reason="退回原因", is_return=True, tells=("drafted_by_id",), done="已退回开单人。",
    ),
    Move(
        name="resubmit", label="再送签发", sources=(OrderState.RETURNED,),
        target=OrderState.TO_SIGN, by=Named(column="drafted_by_id"),
        permission=Permission.RECTIFICATIONS_ORDER_ISSUE, is_primary=True,
        done="已送签发。",
    ),
    Move(
        name="withdraw", label="不再开单", sources=(OrderState.RETURNED,),
        target=OrderState.NOT_ISSUED, by=Named(column="drafted_by_id"),
        permission=Permission.RECTIFICATIONS_ORDER_ISSUE, reason="不再开单的原因",
        done="未开单，不再送达；发现的问题仍在台账里，照样计。",
    ),
    Move(
        name="receive", label="签收", sources=(OrderState.TO_RECEIVE,), target=OrderState.MENDING,
        by=REPLY, permission=Permission.RECTIFICATIONS_ORDER_REPLY, stamp="received",
        paper=is_of_department, guard=check_receipt, effect=take_receipt,
        is_primary=True, done="已签收，整改时限从下一个工作日算起。",
    ),
    Move(
        name="reply", label="填写回执", sources=(OrderState.MENDING,),
        target=OrderState.TO_RECHECK, by=REPLY, permission=Permission.RECTIFICATIONS_ORDER_REPLY,
        stamp="repaired", not_by=("rechecked_by_id",),
        refused="复查过的人不能再填回执，请由部门其他负责人填写。",
        is_primary=True, endpoint="rectifications.reply_order",
        paper=is_of_department, guard=check_reply,
        done="回执已提交，等复查。",
    ),
    Move(
        name="appeal", label="申诉", sources=(OrderState.MENDING,), target=OrderState.APPEALED,
        by=APPEAL, permission=Permission.RECTIFICATIONS_ORDER_APPEAL, stamp="appealed",
        not_by=("decided_by_id",), refused="裁定过的人不能申诉。", reason="申诉理由",
        paper=is_of_department, guard=check_in_time, tells=("drafted_by_id", "signed_by_id"),
        done="申诉已提交；裁定以前整改时限照走。",
    ),
    Move(
        name="uphold", label="申诉成立，撤销通知单", sources=(OrderState.APPEALED,),
        target=OrderState.REVOKED, by=DECIDE, permission=Permission.RECTIFICATIONS_ORDER_DECIDE,
        stamp="decided", not_by=DECIDERS,
        refused=NOT_DECIDER,
        reason="裁定意见", is_approval=True, tells=("appealed_by_id", "drafted_by_id"),
        done="已撤销，这一项不计。",
    ),
    Move(
        name="dismiss", label="维持原通知单", sources=(OrderState.APPEALED,),
        target=OrderState.MENDING, by=DECIDE, permission=Permission.RECTIFICATIONS_ORDER_DECIDE,
        stamp="decided", not_by=DECIDERS,
        refused=NOT_DECIDER,
        reason="裁定意见", is_approval=True, tells=("appealed_by_id",),
        done="已维持，部门继续整改。",
    ),
    Move(
        name="pass", label="复查通过", sources=(OrderState.TO_RECHECK,),
        target=OrderState.TO_CLOSE, by=RECHECK,
        permission=Permission.RECTIFICATIONS_ORDER_RECHECK, stamp="rechecked", not_by=RECHECKERS,
        refused=NOT_RECHECKER,
        reason="复查情况", is_primary=True, effect=pass_it, done="复查通过，等销号。",
    ),
    Move(
        name="fail", label="退回重改", sources=(OrderState.TO_RECHECK,),
        target=OrderState.MENDING, by=RECHECK,
        permission=Permission.RECTIFICATIONS_ORDER_RECHECK, stamp="rechecked", not_by=RECHECKERS,
        refused=NOT_RECHECKER,
        reason="退回原因", is_return=True, effect=fail_it, tells=("repaired_by_id",),
        done="已退回部门重改。",
    ),
    Move(
        name="close", label="销号", sources=(OrderState.TO_CLOSE,), target=OrderState.CLOSED,
        by=CLOSE, permission=Permission.RECTIFICATIONS_ORDER_CLOSE, stamp="closed",
        not_by=CLOSERS, refused=NOT_CLOSER,
        is_approval=True, is_primary=True, guard=check_evidence,
        tells=("repaired_by_id", "drafted_by_id"), question="销号后不能再改。", done="已销号。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="rectifications.order",
    noun="整改通知单",
    word="order",
    model=RectificationOrder,
    states=STATES,
    moves=MOVES,
    title=title,
    department=lambda order: order.department_id,
    endpoint="rectifications.show_order",
    arguments=lambda order: {"public_id": order.public_id},
    object_type="rectification_order",
    begun="开单",
    facts=facts,
)
