"""How a class comes about and ends, as data.

效能11: 业务课堂 ("会同相关科室、进驻部门") and 实践课堂 go to the 业务科室, 党建课堂
("依托中心党支部资源") to the branch; whoever drafted decides neither. What follows a class follows
by itself: those who signed in are asked how they found it, and get the test.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from app.accounts import service as accounts
from app.accounts.models import RoleGrant
from app.kernel import clock, db, formats
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Role
from app.kernel.setting import Setting
from app.surveys import service as surveys
from app.training import booking, classes, materials, post_tests
from app.training.models import CLASS_KIND_LABELS, ClassState, TrainingClass
from app.training.settings import ARCHIVE_DAYS, DRAFT_DAYS, EVALUATE_DAYS, OPEN_DAYS, REVIEW_DAYS
from app.workdays import service as workdays
from app.workflow import service as workflow
from app.workflow.definition import Act, Flow, Holders, Move, Named, Record, State, Waiting

DRAFTER = Named(column="drafted_by_id")
ORGANISERS = Holders(permission=Permission.TRAINING_CLASS_DRAFT)
SECTION = Holders(permission=Permission.TRAINING_CLASS_APPROVE)
BRANCH = Holders(permission=Permission.TRAINING_PARTY_CLASS_APPROVE)
KEEPERS = Holders(permission=Permission.TRAINING_CLASS_ARCHIVE)
SOURCE = "training.class"
NOT_OVER = "还没有到开课时间，不能登记为已授课。"
NOBODY = "还没有人签到，请先登记签到；没有开成的，请取消。"
TOO_LATE = "计划的时间已经过去，请退回修改时间，或者取消后复制一份再开。"
NO_RECORD = "请先写学习会记录，再完成评估。"


def days_until_held(record: Record) -> int:
    """Give how many working days the organiser has from now to enter a class as held."""
    return workdays.count_days_left(record.ends_at) + 1


def check_time(record: Record, act: Act) -> None:
    """Refuse to announce a class whose time has passed."""
    del act
    if record.starts_at <= clock.now():
        raise RefusedError(form=TOO_LATE)


def submit_test(record: Record, act: Act) -> None:
    """Send the test's paper along."""
    if act.decided_by_id is not None:
        post_tests.submit(record, by_id=act.decided_by_id)


def tell_leads(record: Record, act: Act) -> None:
    """Tell those who book for the departments concerned that they can."""
    del act
    chosen = classes.list_department_ids(record.id)
    statement = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.WINDOW_LEAD, *accounts.in_force(clock.today())
    )
    if chosen:
        statement = statement.where(
            or_(RoleGrant.department_id.is_(None), RoleGrant.department_id.in_(chosen))
        )
    leads = set(db.session.scalars(statement))
    booking.tell(record, leads, f"请为本部门人员报名：{booking.title_of(record)}。")


def check_held(record: Record, act: Act) -> None:
    """Refuse to enter a class as held before it began, or with nobody there."""
    del act
    if clock.now() < record.starts_at:
        raise RefusedError(form=NOT_OVER)
    if not classes.signed_ids(record.id):
        raise RefusedError(form=NOBODY)


def follow_up(record: Record, act: Act) -> None:
    """Ask those who signed in how they found it, and give them the test."""
    record.held_at = clock.now()
    signed = classes.signed_ids(record.id)
    db.session.flush()
    post_tests.name_persons(record, signed)
    if record.has_survey:
        surveys.open_for(
            source=SOURCE,
            source_id=record.id,
            title=f"{record.title}·满意度调查",
            person_ids=signed,
            opened_by_id=act.decided_by_id or record.drafted_by_id,
        )


def take_over(record: Record, act: Act) -> None:
    """Let another organise a class on: who began it may have left, or lost the role."""
    before, record.drafted_by_id = record.drafted_by_id, act.decided_by_id
    if before is not None:
        booking.tell(record, {before}, f"已由别人接手主办：{booking.title_of(record)}。")


def check_record(record: Record, act: Act) -> None:
    """Refuse to end a 学习会 without its record."""
    del act
    if materials.lacks_record(record):
        raise RefusedError(form=NO_RECORD)


def keep_conclusion(record: Record, act: Act) -> None:
    """Keep what the organiser concludes: the site itself concludes nothing."""
    record.conclusion = act.reason


def tell_all(record: Record, act: Act) -> None:
    """Tell everybody on the list that a class is cancelled."""
    people = {each.seat.person_id for each in booking.list_seats(record.id)}
    text = f"已取消：{booking.title_of(record)}。原因：{act.reason}"
    booking.tell(record, people, text)


def title_of(record: Record) -> str:
    """Name a class in lists of what waits."""
    day = formats.month_day(clock.local(record.starts_at).date())
    return f"{record.title}（{CLASS_KIND_LABELS[record.kind]}，{day}）"


def arguments_of(record: Record) -> Mapping[str, Any]:
    """Give the arguments of a class's address."""
    return {"public_id": record.public_id}


def facts_of(record: Record) -> Sequence[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    return [
        ("类别", CLASS_KIND_LABELS[record.kind]),
        ("主题", record.title),
        ("时间", f"{formats.moment(record.starts_at)}至{formats.time_of_day(record.ends_at)}"),
        ("地点", record.place),
        ("讲师", record.teacher),
        ("对象", classes.audience_text(record)),
        ("座位", f"{record.seats}个" if record.seats else "不限"),
        ("预期改变", record.aim or "没有写"),
        ("训后测试", post_tests.state_text(record)),
        ("满意度调查", "课后自动发给签到人员" if record.has_survey else "不安排"),
    ]


def approve_move(name: str, source: ClassState, by: Holders, label: str) -> Move:
    """Give the move by which a draft is approved; the section's and the branch's are alike."""
    return Move(
        name=name,
        label=label,
        sources=(source,),
        target=ClassState.SCHEDULED,
        by=by,
        permission=by.permission,
        stamp="approved",
        not_by=("drafted_by_id",),
        is_approval=True,
        is_primary=True,
        guard=check_time,
        done="已审核通过，主办人可以开始报名。",
        tells=("drafted_by_id",),
    )


def send_back_move(name: str, source: ClassState, target: ClassState, by: Holders) -> Move:
    """Give the move by which a draft goes back."""
    return Move(
        name=name,
        label="退回",
        sources=(source,),
        target=target,
        by=by,
        permission=by.permission,
        not_by=("drafted_by_id",),
        reason="退回的原因",
        is_return=True,
        done="已退回起草人。",
        tells=("drafted_by_id",),
    )


def submit_move(name: str, source: ClassState, target: ClassState) -> Move:
    """Give the move by which a draft is sent for approval."""
    return Move(
        name=name,
        label="送审",
        sources=(source,),
        target=target,
        by=DRAFTER,
        permission=Permission.TRAINING_CLASS_DRAFT,
        is_primary=True,
        guard=check_time,
        effect=submit_test,
        done="已送审。",
    )


def take_over_move(name: str, at: ClassState) -> Move:
    """Give the move by which another organises a class on from a state."""
    return Move(
        name=name,
        label="接手主办",
        sources=(at,),
        target=at,
        by=ORGANISERS,
        permission=Permission.TRAINING_CLASS_DRAFT,
        not_by=("drafted_by_id", "approved_by_id"),
        refused="主办人自己不用接手；审核过这一课的不能接手，请由其他人办理。",
        question="以后由你办理这一课；原来的主办人会收到通知。",
        effect=take_over,
        done="这一课现在由你主办。",
    )


def state(
    value: ClassState,
    label: str,
    kind: str,
    owner: Holders | Named | None = None,
    days: Setting[int] | None = None,
) -> State:
    """Give a state: one without an owner is closed, one without a setting waits for the class."""
    if owner is None:
        return State(value=value, label=label, kind=kind, waiting=Waiting.CLOSED)
    read = workflow.setting_days(days) if days else days_until_held
    return State(value=value, label=label, kind=kind, owner=owner, days=read)


FLOW = Flow(
    name="training.class",
    noun="课堂",
    word="class",
    model=TrainingClass,
    states=(
        state(ClassState.DRAFT, "起草中", "", DRAFTER, DRAFT_DAYS),
        state(ClassState.PARTY_DRAFT, "起草中", "", DRAFTER, DRAFT_DAYS),
        state(ClassState.REVIEW, "待科室审核", "amber", SECTION, REVIEW_DAYS),
        state(ClassState.PARTY_REVIEW, "待支部审定", "amber", BRANCH, REVIEW_DAYS),
        state(ClassState.SCHEDULED, "已排期", "blue", DRAFTER, OPEN_DAYS),
        state(ClassState.BOOKING, "报名中", "blue", DRAFTER),
        state(ClassState.HELD, "已授课，待评估", "amber", DRAFTER, EVALUATE_DAYS),
        state(ClassState.EVALUATED, "已评估，待归档", "green", KEEPERS, ARCHIVE_DAYS),
        state(ClassState.ARCHIVED, "已归档", "green"),
        state(ClassState.CANCELLED, "已取消", ""),
        state(ClassState.DROPPED, "不再起草", ""),
    ),
    moves=(
        submit_move("submit", ClassState.DRAFT, ClassState.REVIEW),
        submit_move("submit-party", ClassState.PARTY_DRAFT, ClassState.PARTY_REVIEW),
        approve_move("approve", ClassState.REVIEW, SECTION, "审核通过"),
        approve_move("approve-party", ClassState.PARTY_REVIEW, BRANCH, "支部审定"),
        send_back_move("send-back", ClassState.REVIEW, ClassState.DRAFT, SECTION),
        send_back_move("send-back-party", ClassState.PARTY_REVIEW, ClassState.PARTY_DRAFT, BRANCH),
        Move(
            name="open",
            label="开始报名",
            sources=(ClassState.SCHEDULED,),
            target=ClassState.BOOKING,
            by=DRAFTER,
            permission=Permission.TRAINING_CLASS_DRAFT,
            is_primary=True,
            guard=check_time,
            effect=tell_leads,
            done="已开始报名，已通知相关部门的窗口负责人。",
        ),
        Move(
            name="hold",
            label="确认已授课",
            sources=(ClassState.BOOKING,),
            target=ClassState.HELD,
            by=DRAFTER,
            permission=Permission.TRAINING_CLASS_DRAFT,
            is_primary=True,
            question="签到名单就此确定，没有签到的记为缺席；训后测试和满意度调查只发给签到的人。",
            guard=check_held,
            effect=follow_up,
            done="已确认授课，训后测试和满意度调查发给签到的人。",
        ),
        Move(
            name="evaluate",
            label="完成评估",
            sources=(ClassState.HELD,),
            target=ClassState.EVALUATED,
            by=DRAFTER,
            permission=Permission.TRAINING_CLASS_DRAFT,
            is_primary=True,
            reason="评估结论",
            guard=check_record,
            effect=keep_conclusion,
            done="已完成评估，等办公室归档。",
        ),
        Move(
            name="archive",
            label="归档",
            sources=(ClassState.EVALUATED,),
            target=ClassState.ARCHIVED,
            by=KEEPERS,
            permission=Permission.TRAINING_CLASS_ARCHIVE,
            stamp="archived",
            is_primary=True,
            not_by=("drafted_by_id",),
            refused="主办人不能归档自己主办的课堂，请由办公室其他人办理。",
            question="归档后不再改动。",
            done="已归档。",
            tells=("drafted_by_id",),
        ),
        *(
            take_over_move(name, each)
            for name, each in (
                ("take-over", ClassState.DRAFT),
                ("take-over-party", ClassState.PARTY_DRAFT),
                ("take-over-scheduled", ClassState.SCHEDULED),
                ("take-over-booking", ClassState.BOOKING),
                ("take-over-held", ClassState.HELD),
            )
        ),
        Move(
            name="cancel",
            label="取消",
            sources=(ClassState.SCHEDULED, ClassState.BOOKING),
            target=ClassState.CANCELLED,
            by=ORGANISERS,
            permission=Permission.TRAINING_CLASS_DRAFT,
            reason="取消的原因",
            effect=tell_all,
            done="已取消，已通知名单上的人。",
            tells=("drafted_by_id",),
        ),
        Move(
            name="drop",
            label="不再起草",
            sources=(ClassState.DRAFT, ClassState.PARTY_DRAFT),
            target=ClassState.DROPPED,
            by=DRAFTER,
            permission=Permission.TRAINING_CLASS_DRAFT,
            question="不再起草后不能恢复。",
            done="已不再起草。",
        ),
    ),
    title=title_of,
    department=lambda record: record.department_id,
    endpoint="training.show_class",
    arguments=arguments_of,
    object_type="training_class",
    begins=(ClassState.PARTY_DRAFT,),
    facts=facts_of,
)  # fmt: skip
