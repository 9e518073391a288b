"""The states and moves of a 岗位廉政风险点, as data; its review is an open step of its own.

Some working days before 复核日 the site asks for the review. Nothing rests on that sweep: that a
review is overdue is told from its day wherever it is shown.
"""

from sqlalchemy import select

from app.accounts.roster.models import Post
from app.kernel import clock, db, formats
from app.kernel.permissions import Permission
from app.regulations.models import (
    RISK_LEVEL_LABELS,
    WORK_STAGE_LABELS,
    RiskContent,
    RiskPoint,
    RiskState,
)
from app.regulations.settings import REVIEW_DAYS, RISK_DAYS
from app.workdays import service as workdays
from app.workflow.definition import Act, Flow, Holders, Move, Named, State, Waiting, refuse
from app.workflow.service import setting_days

DRAFTERS = Holders(permission=Permission.REGULATIONS_RISK_DRAFT)
APPROVERS = Holders(permission=Permission.REGULATIONS_RISK_APPROVE)
SITE = Named(column="nobody_id")
TITLE_LENGTH = 30


def content_of(risk: RiskPoint, number: int | None = None) -> RiskContent:
    """Give what a risk point says: the content written last, or the one with a number."""
    with db.session.no_autoflush:
        return db.session.scalars(
            select(RiskContent).where(
                RiskContent.risk_id == risk.id, RiskContent.number == (number or risk.latest)
            )
        ).one()


def post_of(risk: RiskPoint) -> str:
    """Name the post of a risk point."""
    return db.session.get_one(Post, risk.post_id).name


def title(risk: RiskPoint) -> str:
    """Name a risk point in one line."""
    content = content_of(risk)
    words = content.manifestation[:TITLE_LENGTH]
    return f"{post_of(risk)}·{WORK_STAGE_LABELS[content.stage]}　{words}"


def days_to_review(risk: RiskPoint) -> int:
    """Count the working days that are left until the review."""
    calendar, day, left = workdays.get_calendar(), clock.today(), 0
    until = content_of(risk, risk.current).review_on
    while (day := calendar.next_workday(day)) <= until:
        left += 1
    return left


def take_effect(risk: RiskPoint, act: Act) -> None:
    """Put the content that was approved in force."""
    del act
    content = content_of(risk)
    content.approved_at = clock.now()
    risk.current = content.number


def check_never_held(risk: RiskPoint, act: Act) -> None:
    """Let only what never held be dropped; what holds is ended by whoever approves."""
    del act
    if risk.current is not None:
        refuse(form="这个风险点有在用的内容，请修改后再送审；不再需要的，由科室负责人终止。")


def check_held(risk: RiskPoint, act: Act) -> None:
    """Let only what holds be ended."""
    del act
    if risk.current is None:
        refuse(form="这个风险点还没有批准过，请退回后由经办人撤下。")


def facts(risk: RiskPoint) -> list[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    content = content_of(risk)
    return [
        ("岗位", post_of(risk)),
        ("环节", WORK_STAGE_LABELS[content.stage]),
        ("风险表现", content.manifestation),
        ("等级", RISK_LEVEL_LABELS[content.level]),
        ("防控措施", content.measures),
        ("依据", content.basis),
        ("复核日", formats.day(content.review_on)),
    ]


STATES = (
    State(
        value=RiskState.REVIEWING, label="待审核", kind="amber", owner=APPROVERS,
        days=setting_days(REVIEW_DAYS),
    ),
    State(
        value=RiskState.RETURNED, label="退回修改", kind="amber", owner=DRAFTERS,
        days=setting_days(RISK_DAYS),
    ),
    State(value=RiskState.IN_FORCE, label="在用", kind="green", waiting=Waiting.RESTING),
    State(
        value=RiskState.REVIEW_DUE, label="待复核", kind="blue", owner=DRAFTERS,
        days=days_to_review,
    ),
    State(value=RiskState.ENDED, label="已终止", waiting=Waiting.CLOSED),
    State(value=RiskState.DROPPED, label="已撤下", waiting=Waiting.CLOSED),
)  # fmt: skip

MOVES = (
    Move(
        name="approve", label="批准", sources=(RiskState.REVIEWING,), target=RiskState.IN_FORCE,
        by=APPROVERS, permission=Permission.REGULATIONS_RISK_APPROVE, stamp="approved",
        not_by=("written_by_id",), is_approval=True, is_batch=True, effect=take_effect,
        is_primary=True, tells=("written_by_id",), question="批准后列入廉政风险点清单。",
        done="已列入廉政风险点清单。",
    ),
    Move(
        name="send-back", label="退回修改", sources=(RiskState.REVIEWING,),
        target=RiskState.RETURNED, by=APPROVERS,
        permission=Permission.REGULATIONS_RISK_APPROVE, reason="退回原因", is_return=True,
        tells=("written_by_id",), done="已退回修改。",
    ),
    Move(
        name="revise", label="复核与修改",
        sources=(RiskState.RETURNED, RiskState.IN_FORCE, RiskState.REVIEW_DUE),
        target=RiskState.REVIEWING, by=DRAFTERS,
        permission=Permission.REGULATIONS_RISK_DRAFT, endpoint="regulations.revise_risk",
        is_primary=True, done="已送审；批准以前，原来的内容继续有效。",
    ),
    Move(
        name="fall-due", label="到期提醒复核", sources=(RiskState.IN_FORCE,),
        target=RiskState.REVIEW_DUE, by=SITE,
        permission=Permission.REGULATIONS_RISK_DRAFT, endpoint="regulations.show_risk",
    ),
    Move(
        name="drop", label="撤下", sources=(RiskState.RETURNED,), target=RiskState.DROPPED,
        by=DRAFTERS, permission=Permission.REGULATIONS_RISK_DRAFT, reason="撤下原因",
        guard=check_never_held, done="已撤下。",
    ),
    Move(
        name="end", label="终止",
        sources=(RiskState.IN_FORCE, RiskState.REVIEW_DUE, RiskState.RETURNED),
        target=RiskState.ENDED, by=APPROVERS,
        permission=Permission.REGULATIONS_RISK_APPROVE, stamp="ended", reason="终止原因",
        guard=check_held, tells=("written_by_id",), question="终止后不再列入清单。",
        done="已终止，不再列入清单。",
    ),
)  # fmt: skip

FLOW = Flow(
    name="regulations.risk",
    noun="廉政风险点",
    word="risk",
    model=RiskPoint,
    states=STATES,
    moves=MOVES,
    title=title,
    department=lambda _risk: None,
    endpoint="regulations.show_risk",
    arguments=lambda risk: {"record_id": risk.id},
    object_type="risk_point",
    begun="提出",
    facts=facts,
    brief=lambda risk: [f"{label}：{text}" for label, text in facts(risk)],
)
