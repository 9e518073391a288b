"""How schemes, cycles and objections go: who may make which move, and what keeps him from it.

"考核细则 is locked before the period"; "release is impossible while an objection is open"; an
objection is decided by somebody who had no hand in the portrait. What the moves do to portraits
stands in effects.py.
"""

from typing import Any

from app.assessment import content, effects, guards
from app.assessment.models import (
    AssessmentCycle,
    AssessmentScheme,
    CycleState,
    Objection,
    ObjectionState,
    SchemeState,
)
from app.assessment.settings import (
    APPROVAL_DAYS,
    COLLECT_DAYS,
    DECISION_DAYS,
    DRAFT_DAYS,
    PREVIEW_DAYS,
    RELEASE_DAYS,
    SCHEME_DAYS,
)
from app.kernel.permissions import Permission
from app.settings import service as settings
from app.workflow.definition import Flow, Holders, Move, Named, State, Waiting
from app.workflow.service import setting_days

DRAFT = Permission.ASSESSMENT_SCHEME_DRAFT
APPROVE = Permission.ASSESSMENT_SCHEME_APPROVE
RUN = Permission.ASSESSMENT_CYCLE_RUN
CONFIRM = Permission.ASSESSMENT_CYCLE_APPROVE
OWN = Permission.ASSESSMENT_OWN_READ
DECIDE = Permission.ASSESSMENT_OBJECTION_DECIDE
AUTHORS = ("drafted_by_id", "edited_by_id", "submitted_by_id")
HANDS = ("drafted_by_id", "commented_by_id", "unit_by_id", "run_by_id")
NOT_THEIRS = "本人、写评语和科室意见的人、办理这次考核的人不能答复异议，请由其他人办理。"

SCHEME_FLOW = Flow(
    name="assessment.scheme",
    noun="考核细则",
    word="scheme",
    model=AssessmentScheme,
    states=(
        State(
            value=SchemeState.DRAFT,
            label="起草中",
            owner=Holders(permission=DRAFT),
            days=setting_days(DRAFT_DAYS),
        ),
        State(
            value=SchemeState.APPROVAL,
            label="待审定",
            kind="amber",
            owner=Holders(permission=APPROVE),
            days=setting_days(SCHEME_DAYS),
        ),
        State(value=SchemeState.LOCKED, label="已锁定", kind="green", waiting=Waiting.RESTING),
        State(value=SchemeState.REVOKED, label="已撤回", waiting=Waiting.CLOSED),
        State(value=SchemeState.DROPPED, label="不再起草", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="submit",
            label="送审",
            sources=(SchemeState.DRAFT,),
            target=SchemeState.APPROVAL,
            by=Holders(permission=DRAFT),
            permission=DRAFT,
            stamp="submitted",
            guard=guards.check_scheme,
            is_primary=True,
            done="已送审。",
        ),
        Move(
            name="drop",
            label="不再起草",
            sources=(SchemeState.DRAFT,),
            target=SchemeState.DROPPED,
            by=Holders(permission=DRAFT),
            permission=DRAFT,
            question="这一版考核细则不再起草？之后可以另起草一版。",
        ),
        Move(
            name="approve",
            label="审定",
            sources=(SchemeState.APPROVAL,),
            target=SchemeState.LOCKED,
            by=Holders(permission=APPROVE),
            permission=APPROVE,
            not_by=AUTHORS,
            stamp="approved",
            is_approval=True,
            guard=guards.check_before_period,
            is_primary=True,
            tells=("drafted_by_id",),
            done="已审定，细则从现在起锁定。",
        ),
        Move(
            name="send-back",
            label="退回修改",
            sources=(SchemeState.APPROVAL,),
            target=SchemeState.DRAFT,
            by=Holders(permission=APPROVE),
            permission=APPROVE,
            reason="退回的理由",
            is_return=True,
            tells=("drafted_by_id",),
        ),
        Move(
            name="revoke",
            label="撤回",
            sources=(SchemeState.LOCKED,),
            target=SchemeState.REVOKED,
            by=Holders(permission=APPROVE),
            permission=APPROVE,
            reason="撤回的理由",
            guard=guards.check_before_period,
            tells=("drafted_by_id",),
            done="已撤回，可以起草新的一版。",
        ),
    ),
    title=lambda scheme: f"{scheme.period}（第{scheme.edition}版）",
    department=lambda _scheme: None,
    endpoint="assessment.show_scheme",
    arguments=lambda scheme: {"record_id": scheme.id},
    object_type="assessment_scheme",
    facts=lambda scheme: guards.scheme_facts(content.load(scheme.content)),
)


def preview_days(record: Any) -> int:  # noqa: ANN401 - a record of the flow.
    """Give how long the preview may last with the answers to objections and the approval."""
    del record
    return settings.get(PREVIEW_DAYS) + settings.get(APPROVAL_DAYS)


CYCLE_FLOW = Flow(
    name="assessment.cycle",
    noun="季度考核",
    word="cycle",
    model=AssessmentCycle,
    states=(
        State(
            value=CycleState.COLLECTING,
            label="采集中",
            owner=Holders(permission=RUN),
            days=setting_days(COLLECT_DAYS),
        ),
        State(
            value=CycleState.PREVIEW,
            label="预览中",
            kind="amber",
            owner=Holders(permission=CONFIRM),
            days=preview_days,
        ),
        State(
            value=CycleState.APPROVED,
            label="已审定",
            kind="blue",
            owner=Holders(permission=RUN),
            days=setting_days(RELEASE_DAYS),
        ),
        State(value=CycleState.RELEASED, label="已公布", kind="green", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="preview",
            label="开始预览",
            sources=(CycleState.COLLECTING,),
            target=CycleState.PREVIEW,
            by=Holders(permission=RUN),
            permission=RUN,
            guard=guards.check_frozen,
            effect=effects.begin_preview,
            question="每个人将看到自己的画像，并可以提出异议；数据从现在起不再重新采集。",
            is_primary=True,
            done="预览已开始，已通知每一个人。",
        ),
        Move(
            name="approve",
            label="审定",
            sources=(CycleState.PREVIEW,),
            target=CycleState.APPROVED,
            by=Holders(permission=CONFIRM),
            permission=CONFIRM,
            not_by=("drafted_by_id",),
            stamp="approved",
            is_approval=True,
            guard=guards.check_preview_over,
            is_primary=True,
            tells=("drafted_by_id",),
            done="已审定，由办公室公布。",
        ),
        Move(
            name="release",
            label="公布",
            sources=(CycleState.APPROVED,),
            target=CycleState.RELEASED,
            by=Holders(permission=RUN),
            permission=RUN,
            stamp="released",
            guard=guards.check_no_open,
            effect=effects.tell_released,
            question="公布以后不能再改。每个人将收到通知。",
            is_primary=True,
            done="已公布，已通知每一个人。",
        ),
    ),
    title=lambda cycle: cycle.name,
    department=lambda _cycle: None,
    endpoint="assessment.show_cycle",
    arguments=lambda cycle: {"record_id": cycle.id},
    object_type="assessment_cycle",
    begun="开始采集",
    facts=guards.cycle_facts,
)

OBJECTION_FLOW = Flow(
    name="assessment.objection",
    noun="考核异议",
    word="objection",
    model=Objection,
    states=(
        State(
            value=ObjectionState.OPEN,
            label="待答复",
            kind="amber",
            owner=Holders(permission=DECIDE),
            days=setting_days(DECISION_DAYS),
        ),
        State(value=ObjectionState.UPHELD, label="成立", kind="green", waiting=Waiting.CLOSED),
        State(value=ObjectionState.REJECTED, label="不成立", waiting=Waiting.CLOSED),
        State(value=ObjectionState.WITHDRAWN, label="已撤回", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="uphold",
            label="异议成立",
            sources=(ObjectionState.OPEN,),
            target=ObjectionState.UPHELD,
            by=Holders(permission=DECIDE),
            permission=DECIDE,
            not_by=HANDS,
            refused=NOT_THEIRS,
            stamp="decided",
            reason="查明的情况",
            effect=effects.uphold,
            tells=("drafted_by_id",),
            done="异议成立：这一条不再计入，画像已重新汇总为新版。",
        ),
        Move(
            name="reject",
            label="异议不成立",
            sources=(ObjectionState.OPEN,),
            target=ObjectionState.REJECTED,
            by=Holders(permission=DECIDE),
            permission=DECIDE,
            not_by=HANDS,
            refused=NOT_THEIRS,
            stamp="decided",
            reason="查明的情况",
            effect=effects.reject,
            tells=("drafted_by_id",),
            done="已答复本人。",
        ),
        Move(
            name="withdraw",
            label="撤回异议",
            sources=(ObjectionState.OPEN,),
            target=ObjectionState.WITHDRAWN,
            by=Named(column="drafted_by_id"),
            permission=OWN,
            effect=effects.withdraw,
            question="撤回以后，这一条不能再提异议。",
            done="异议已撤回。",
        ),
    ),
    title=guards.objection_title,
    department=guards.objection_department,
    endpoint="assessment.show_objection",
    arguments=lambda objection: {"public_id": objection.public_id},
    object_type="assessment_objection",
    begun="提出异议",
    facts=guards.objection_facts,
)
FLOWS = (SCHEME_FLOW, CYCLE_FLOW, OBJECTION_FLOW)
