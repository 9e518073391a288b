"""The states and moves of a measure, as data: 立项, 签收, 推进, 复核, 销号.

"立项 -> 签收 -> 推进 -> 复核 -> 销号, another person at 复核; 延期 only before the date, at most
twice." The office assigns, the department signs for it and reports, another section reviews, a
leader closes. While a measure runs nobody is dunned by a step: its light says how it goes.
"""

from datetime import date

from sqlalchemy import func, select

from app.kernel import clock, db, formats
from app.kernel.permissions import Permission
from app.measures.models import (
    Measure,
    MeasureExtension,
    MeasureIndicator,
    MeasurePlan,
    MeasureReading,
    TaskState,
)
from app.measures.settings import CLOSE_DAYS, EXTENSION_DAYS, RECEIVE_DAYS, REVIEW_DAYS
from app.measures.sources import find_source
from app.workflow.definition import Act, Flow, Holders, Move, State, Waiting, refuse
from app.workflow.service import setting_days

MOST_EXTENSIONS = 2
READ_ONLY = "这份计划已经归档，只能查看。"
NO_DEPARTMENT = "请选择牵头部门。"
TOO_LATE = "期限{on}当天起不能再申请延期。"
TWICE = f"已经申请过{MOST_EXTENSIONS}次延期，不能再申请。"
LATER = "新的期限要晚于现在的期限{on}。"
NOT_READ = "“{label}”还没有读数，请先填报再申请办结。"

ASSIGN = Holders(permission=Permission.MEASURES_TASK_ASSIGN)
CARRY = Holders(permission=Permission.MEASURES_TASK_CARRY)
REVIEW = Holders(permission=Permission.MEASURES_TASK_REVIEW)
CLOSE = Holders(permission=Permission.MEASURES_TASK_CLOSE)


def check_plan(measure: Measure, act: Act | None = None) -> None:
    """Refuse what would change a closed plan; raises RefusedError."""
    del act
    if db.session.get_one(MeasurePlan, measure.plan_id).is_closed:
        refuse(form=READ_ONLY)


def check_assignment(measure: Measure, act: Act) -> None:
    """Refuse an assignment without a department, or one that is due before it begins."""
    check_plan(measure)
    if not act.data.get("department_id"):
        refuse(department_id=NO_DEPARTMENT)
    if act.data["ends_on"] < measure.begins_on:
        refuse(ends_on=f"完成期限不能早于{formats.day(measure.begins_on)}。")


def assign_it(measure: Measure, act: Act) -> None:
    """Write down whose it is and until when; whoever has it next signs for it anew."""
    measure.department_id, measure.partners = act.data["department_id"], act.data["partners"]
    measure.ends_on = act.data["ends_on"]
    measure.received_by_id = measure.received_at = None


def check_readings(measure: Measure, act: Act) -> None:
    """Refuse to report what nobody has read; the site's own figures count as read."""
    check_plan(measure)
    del act
    read = select(MeasureReading.indicator_id)
    missing = db.session.scalars(
        select(MeasureIndicator)
        .where(MeasureIndicator.measure_id == measure.id, MeasureIndicator.id.not_in(read))
        .order_by(MeasureIndicator.place)
    )
    for each in missing:
        if find_source(each.source_name) is None and each.kind != "watched":
            refuse(form=NOT_READ.format(label=each.label))


def report_it(measure: Measure, act: Act) -> None:
    """Let what was sent back before count as mended."""
    del act
    measure.is_returned = False


def return_it(measure: Measure, act: Act) -> None:
    """Remember that a review sent it back: until it is reported again its light is amber."""
    del act
    measure.is_returned = True


def check_extension(measure: Measure, act: Act) -> None:
    """Refuse an extension on or after the day, a third one, or one that is none."""
    check_plan(measure)
    until = act.data.get("until_on")
    if clock.today() >= measure.ends_on:
        refuse(form=TOO_LATE.format(on=formats.day(measure.ends_on)))
    if count_extensions(measure.id) >= MOST_EXTENSIONS:
        refuse(form=TWICE)
    if not isinstance(until, date) or until <= measure.ends_on:
        refuse(until_on=LATER.format(on=formats.day(measure.ends_on)))


def count_extensions(measure_id: int) -> int:
    """Count how often an extension was asked for."""
    found = select(func.count(MeasureExtension.id)).where(MeasureExtension.measure_id == measure_id)
    return db.session.scalar(found) or 0


def ask_it(measure: Measure, act: Act) -> None:
    """Write down what is asked for; the date stays until it is granted."""
    extension = MeasureExtension(
        measure_id=measure.id,
        asked_by_id=act.decided_by_id,
        asked_at=clock.now(),
        before_on=measure.ends_on,
        until_on=act.data["until_on"],
        reason=act.reason,
        opinion="",
    )
    db.session.add(extension)


def open_extension(measure: Measure) -> MeasureExtension:
    """Give the extension that waits for its decision."""
    return db.session.scalars(
        select(MeasureExtension).where(
            MeasureExtension.measure_id == measure.id, MeasureExtension.decided_at.is_(None)
        )
    ).one()


def grant_it(measure: Measure, act: Act) -> None:
    """Let the new date hold."""
    extension = open_extension(measure)
    decide(extension, act, is_granted=True)
    measure.ends_on = extension.until_on


def refuse_it(measure: Measure, act: Act) -> None:
    """Let the old date hold."""
    decide(open_extension(measure), act, is_granted=False)


def decide(extension: MeasureExtension, act: Act, *, is_granted: bool) -> None:
    """Write a decision down."""
    extension.decided_by_id, extension.decided_at = act.decided_by_id, clock.now()
    extension.is_granted, extension.opinion = is_granted, act.reason


def name_of(measure: Measure) -> str:
    """Name a measure as people speak of it: 效能10 坚持以评促优."""
    plan = db.session.get_one(MeasurePlan, measure.plan_id)
    return f"{plan.short}{measure.code}　{measure.title}"


def facts(measure: Measure) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    told = [("原文", measure.source), ("完成期限", formats.day(measure.ends_on))]
    if measure.state is TaskState.EXTENDING:
        extension = open_extension(measure)
        told += [("申请延到", formats.day(extension.until_on)), ("理由", extension.reason)]
    return told


STATES = (
    State(value=TaskState.PENDING, label="待分解", kind="", waiting=Waiting.RESTING),
    State(
        value=TaskState.TO_RECEIVE, label="待签收", kind="amber", owner=CARRY,
        days=setting_days(RECEIVE_DAYS),
    ),
    State(value=TaskState.RUNNING, label="推进中", kind="blue", waiting=Waiting.RESTING),
    State(
        value=TaskState.EXTENDING, label="申请延期", kind="amber", owner=CLOSE,
        days=setting_days(EXTENSION_DAYS),
    ),
    State(
        value=TaskState.TO_REVIEW, label="待复核", kind="amber", owner=REVIEW,
        days=setting_days(REVIEW_DAYS),
    ),
    State(
        value=TaskState.TO_CLOSE, label="待销号", kind="amber", owner=CLOSE,
        days=setting_days(CLOSE_DAYS),
    ),
    State(value=TaskState.CLOSED, label="已销号", kind="green", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="assign", label="分解任务",
        sources=(TaskState.PENDING, TaskState.TO_RECEIVE, TaskState.RUNNING),
        target=TaskState.TO_RECEIVE, by=ASSIGN, permission=Permission.MEASURES_TASK_ASSIGN,
        stamp="assigned", endpoint="measures.assign_task", guard=check_assignment,
        effect=assign_it, done="已分解，等牵头部门签收。",
    ),
    Move(
        name="receive", label="签收", sources=(TaskState.TO_RECEIVE,), target=TaskState.RUNNING,
        by=CARRY, permission=Permission.MEASURES_TASK_CARRY, stamp="received", is_primary=True,
        guard=check_plan, done="已签收，请按月填报读数。",
    ),
    Move(
        name="report", label="申请办结", sources=(TaskState.RUNNING,),
        target=TaskState.TO_REVIEW, by=CARRY, permission=Permission.MEASURES_TASK_CARRY,
        stamp="reported", not_by=("reviewed_by_id",),
        refused="复核过的人不能再申请办结，请由部门其他负责人办理。",
        reason="完成情况", guard=check_readings, effect=report_it, done="已申请办结，等复核。",
    ),
    Move(
        name="pass", label="复核通过", sources=(TaskState.TO_REVIEW,), target=TaskState.TO_CLOSE,
        by=REVIEW, permission=Permission.MEASURES_TASK_REVIEW, stamp="reviewed",
        not_by=("reported_by_id", "received_by_id"),
        refused="签收和申请办结的人不能复核，请由其他人复核。", reason="复核意见",
        is_primary=True, guard=check_plan, tells=("reported_by_id",), done="复核通过，等销号。",
    ),
    Move(
        name="return", label="退回", sources=(TaskState.TO_REVIEW,), target=TaskState.RUNNING,
        by=REVIEW, permission=Permission.MEASURES_TASK_REVIEW, stamp="reviewed",
        not_by=("reported_by_id", "received_by_id"),
        refused="签收和申请办结的人不能复核，请由其他人复核。", reason="退回原因", is_return=True,
        guard=check_plan, effect=return_it, tells=("reported_by_id",), done="已退回牵头部门。",
    ),
    Move(
        name="close", label="销号", sources=(TaskState.TO_CLOSE,), target=TaskState.CLOSED,
        by=CLOSE, permission=Permission.MEASURES_TASK_CLOSE, stamp="closed",
        not_by=("reported_by_id", "reviewed_by_id"),
        refused="申请办结和复核的人不能销号，请由其他中心领导销号。", is_approval=True,
        is_primary=True, guard=check_plan, tells=("reported_by_id", "assigned_by_id"),
        question="销号后不能再改。", done="已销号。",
    ),
    Move(
        name="extend", label="申请延期", sources=(TaskState.RUNNING,),
        target=TaskState.EXTENDING, by=CARRY, permission=Permission.MEASURES_TASK_CARRY,
        stamp="asked", not_by=("decided_by_id",), refused="决定过延期的人不能申请延期。",
        reason="延期理由", endpoint="measures.extend_task", guard=check_extension, effect=ask_it,
        done="已申请延期；决定以前原期限不变。",
    ),
    Move(
        name="grant", label="同意延期", sources=(TaskState.EXTENDING,), target=TaskState.RUNNING,
        by=CLOSE, permission=Permission.MEASURES_TASK_CLOSE, stamp="decided",
        not_by=("asked_by_id",), refused="申请延期的人不能决定延期。", is_approval=True,
        is_primary=True, guard=check_plan, effect=grant_it, tells=("asked_by_id",),
        done="已同意，按新的期限计。",
    ),
    Move(
        name="refuse", label="不同意延期", sources=(TaskState.EXTENDING,),
        target=TaskState.RUNNING, by=CLOSE, permission=Permission.MEASURES_TASK_CLOSE,
        stamp="decided", not_by=("asked_by_id",), refused="申请延期的人不能决定延期。",
        is_approval=True, reason="不同意的理由", guard=check_plan, effect=refuse_it,
        tells=("asked_by_id",), done="已决定，按原期限计。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="measures.task",
    noun="任务",
    word="task",
    model=Measure,
    states=STATES,
    moves=MOVES,
    title=name_of,
    department=lambda measure: measure.department_id,
    endpoint="measures.show_task",
    arguments=lambda measure: {"record_id": measure.id},
    object_type="measure",
    begun="立项",
    facts=facts,
)
