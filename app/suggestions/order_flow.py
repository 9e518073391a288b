"""The way of a 建议单, as data: 拟制, 签发, 签收, 承办反馈, 落实, 核验, 回访, 二次回访.

效能10 “将改进要求定向派发至相关部门或人员”. A suggestion is no penalty:
不采纳 with its reasons is an end like 已办结, once the issuer has agreed. Nothing is closed without
evidence that somebody else has verified.
"""

from collections.abc import Sequence
from datetime import datetime, time

from app.kernel import clock
from app.kernel.permissions import Permission
from app.settings import service as settings
from app.suggestions import settings as numbers
from app.suggestions.order_effects import (
    begin_anew,
    check_complete,
    check_feedback,
    check_finished,
    check_revisit,
    check_visit,
    check_visitor,
    give_number,
    keep_feedback,
    keep_result,
    keep_revisit,
    keep_unsuitable,
    keep_verification,
    keep_visit,
)
from app.suggestions.order_models import ImprovementOrder, OrderState
from app.workdays import service as workdays
from app.workflow.definition import Flow, Holders, Move, Record, State, Waiting
from app.workflow.service import setting_days

DRAFT = Permission.SUGGESTIONS_ORDER_DRAFT
ISSUE = Permission.SUGGESTIONS_ORDER_ISSUE
CARRY = Permission.SUGGESTIONS_ORDER_CARRY
VERIFY = Permission.SUGGESTIONS_ORDER_VERIFY
VISIT = Permission.SUGGESTIONS_ORDER_VISIT
DRAFTERS, ISSUERS = Holders(permission=DRAFT), Holders(permission=ISSUE)
CARRIERS, VERIFIERS = Holders(permission=CARRY), Holders(permission=VERIFY)
VISITORS = Holders(permission=VISIT)
AUTHORS = ("drafted_by_id", "edited_by_id", "submitted_by_id")
NOT_OWN_WORK = "拟制、承办这张建议单的人不能核验，请由其他人核验。"
NOT_OWN_DECISION = "填写承办反馈的人不能确认不采纳，请由其他人办理。"
NOT_THE_SAME = "承办的人不能回访，二次回访也不能由首次回访的人做，请由其他人回访。"


def carry_days(record: Record) -> int:
    """Give 承办时限 as it stands on the paper."""
    days: int = record.carry_days
    return days


def days_to_revisit(record: Record) -> int:
    """Give the working days until the second visit is due: a visit's days after it may begin."""
    begins = datetime.combine(record.revisit_from, time(12), clock.SHANGHAI)
    return workdays.count_days_left(begins) + settings.get(numbers.ORDER_VISIT)


def facts_of(record: Record) -> Sequence[tuple[str, str]]:
    """Give what whoever decides reads beside the question."""
    aim = f"{record.indicator}：{record.current_value} → {record.target_value}"
    return [
        ("问题", record.problem),
        ("改进要求", record.demand),
        *([("指标", aim)] if record.indicator else []),
        ("承办时限", f"{record.carry_days}个工作日"),
        *([("承办反馈", record.verdict_reason)] if record.verdict_reason else []),
    ]


def title_of(record: Record) -> str:
    """Give a 建议单 in one line: its number, once it has one, and what it is about."""
    return f"{record.number} {record.title}" if record.number else str(record.title)


def department_of(record: Record) -> int | None:
    """Give the department that it goes to."""
    department_id: int | None = record.department_id
    return department_id


STATES = (
    State(
        value=OrderState.DRAFT,
        label="拟制",
        owner=DRAFTERS,
        days=setting_days(numbers.ORDER_DRAFT),
    ),
    State(
        value=OrderState.ISSUING,
        label="待签发",
        kind="amber",
        owner=ISSUERS,
        days=setting_days(numbers.ORDER_ISSUE),
    ),
    State(
        value=OrderState.RECEIVING,
        label="待签收",
        kind="amber",
        owner=CARRIERS,
        days=setting_days(numbers.ORDER_RECEIPT),
    ),
    State(
        value=OrderState.FEEDBACK,
        label="待承办反馈",
        kind="amber",
        owner=CARRIERS,
        days=setting_days(numbers.ORDER_FEEDBACK),
    ),
    State(
        value=OrderState.DECLINING,
        label="不采纳，待确认",
        kind="amber",
        owner=ISSUERS,
        days=setting_days(numbers.ORDER_DECLINE),
    ),
    State(value=OrderState.CARRYING, label="落实中", kind="blue", owner=CARRIERS, days=carry_days),
    State(
        value=OrderState.VERIFYING,
        label="待核验",
        kind="amber",
        owner=VERIFIERS,
        days=setting_days(numbers.ORDER_VERIFY),
    ),
    State(
        value=OrderState.VISITING,
        label="待回访",
        kind="blue",
        owner=VISITORS,
        days=setting_days(numbers.ORDER_VISIT),
    ),
    State(
        value=OrderState.REVISITING,
        label="待二次回访",
        kind="blue",
        owner=VISITORS,
        days=days_to_revisit,
    ),
    State(value=OrderState.CLOSED, label="已办结", kind="green", waiting=Waiting.CLOSED),
    State(value=OrderState.DECLINED, label="不采纳，已确认", waiting=Waiting.CLOSED),
)

MOVES = (
    Move(
        name="submit",
        label="送签",
        sources=[OrderState.DRAFT],
        target=OrderState.ISSUING,
        by=DRAFTERS,
        permission=DRAFT,
        stamp="submitted",
        done="已送签，等中心领导签发。",
        is_primary=True,
        guard=check_complete,
    ),
    Move(
        name="issue",
        label="签发",
        sources=[OrderState.ISSUING],
        target=OrderState.RECEIVING,
        by=ISSUERS,
        permission=ISSUE,
        stamp="issued",
        not_by=AUTHORS,
        is_approval=True,
        is_batch=True,
        is_primary=True,
        done="已签发，等承办部门签收。",
        guard=check_complete,
        effect=give_number,
        tells=["drafted_by_id", "addressee_id"],
    ),
    Move(
        name="send-back",
        label="退回修改",
        sources=[OrderState.ISSUING],
        target=OrderState.DRAFT,
        by=ISSUERS,
        permission=ISSUE,
        reason="退回的理由",
        is_return=True,
        done="已退回修改。",
        tells=["drafted_by_id"],
    ),
    Move(
        name="receive",
        label="签收",
        sources=[OrderState.RECEIVING],
        target=OrderState.FEEDBACK,
        by=CARRIERS,
        permission=CARRY,
        stamp="received",
        done="已签收，请填写承办反馈。",
        is_primary=True,
    ),
    Move(
        name="adopt",
        label="承办反馈：采纳",
        sources=[OrderState.FEEDBACK],
        target=OrderState.CARRYING,
        by=CARRIERS,
        permission=CARRY,
        stamp="feedback",
        endpoint="suggestions.answer_order",
        done="已反馈，请按期落实。",
        is_primary=True,
        guard=check_feedback,
        effect=keep_feedback,
        tells=["drafted_by_id"],
    ),
    Move(
        name="decline",
        label="承办反馈：不采纳",
        sources=[OrderState.FEEDBACK],
        target=OrderState.DECLINING,
        by=CARRIERS,
        permission=CARRY,
        stamp="feedback",
        endpoint="suggestions.answer_order",
        done="已反馈不采纳，等签发人确认。",
        guard=check_feedback,
        effect=keep_feedback,
        tells=["drafted_by_id", "issued_by_id"],
    ),
    Move(
        name="confirm-decline",
        label="确认不采纳",
        sources=[OrderState.DECLINING],
        target=OrderState.DECLINED,
        by=ISSUERS,
        permission=ISSUE,
        stamp="confirmed",
        not_by=["feedback_by_id"],
        refused=NOT_OWN_DECISION,
        is_approval=True,
        is_primary=True,
        done="已确认不采纳，建议单到此结束。",
        tells=["drafted_by_id", "feedback_by_id"],
    ),
    Move(
        name="insist",
        label="请再研究",
        sources=[OrderState.DECLINING],
        target=OrderState.FEEDBACK,
        by=ISSUERS,
        permission=ISSUE,
        reason="请再研究的理由",
        is_return=True,
        done="已退回承办部门再研究。",
        tells=["feedback_by_id"],
    ),
    Move(
        name="finish",
        label="报核验",
        sources=[OrderState.CARRYING],
        target=OrderState.VERIFYING,
        by=CARRIERS,
        permission=CARRY,
        stamp="carried",
        endpoint="suggestions.finish_order",
        done="已报核验。",
        is_primary=True,
        guard=check_finished,
        effect=keep_result,
    ),
    Move(
        name="verify",
        label="核验通过",
        sources=[OrderState.VERIFYING],
        target=OrderState.VISITING,
        by=VERIFIERS,
        permission=VERIFY,
        stamp="verified",
        not_by=[*AUTHORS, "feedback_by_id", "carried_by_id"],
        refused=NOT_OWN_WORK,
        reason="核验情况",
        done="核验通过，等回访。",
        is_primary=True,
        effect=keep_verification,
        tells=["carried_by_id"],
    ),
    Move(
        name="return",
        label="退回落实",
        sources=[OrderState.VERIFYING],
        target=OrderState.CARRYING,
        by=VERIFIERS,
        permission=VERIFY,
        not_by=["feedback_by_id", "carried_by_id"],
        refused=NOT_OWN_WORK,
        reason="退回的理由",
        is_return=True,
        done="已退回承办部门落实。",
        tells=["carried_by_id"],
    ),
    Move(
        name="visit",
        label="登记回访",
        sources=[OrderState.VISITING],
        target=OrderState.REVISITING,
        by=VISITORS,
        permission=VISIT,
        stamp="visited",
        not_by=["carried_by_id", "feedback_by_id"],
        refused=NOT_THE_SAME,
        endpoint="suggestions.visit_order",
        done="已登记回访。",
        is_primary=True,
        guard=check_visit,
        effect=keep_visit,
    ),
    Move(
        name="reopen",
        label="回访：没有解决，退回落实",
        sources=[OrderState.VISITING],
        target=OrderState.CARRYING,
        by=VISITORS,
        permission=VISIT,
        not_by=["carried_by_id", "feedback_by_id"],
        refused=NOT_THE_SAME,
        endpoint="suggestions.visit_order",
        is_return=True,
        done="没有解决，已退回承办部门落实。",
        guard=check_visit,
        effect=begin_anew,
        tells=["carried_by_id", "issued_by_id"],
    ),
    Move(
        name="skip-visit",
        label="不宜回访",
        sources=[OrderState.VISITING, OrderState.REVISITING],
        target=OrderState.CLOSED,
        by=VISITORS,
        permission=VISIT,
        not_by=["carried_by_id", "feedback_by_id"],
        refused=NOT_THE_SAME,
        reason="不宜回访的理由",
        done="已记为不宜回访，建议单办结。",
        guard=check_visitor,
        effect=keep_unsuitable,
        tells=["carried_by_id"],
    ),
    Move(
        name="revisit",
        label="登记二次回访",
        sources=[OrderState.REVISITING],
        target=OrderState.CLOSED,
        by=VISITORS,
        permission=VISIT,
        stamp="revisited",
        not_by=["visited_by_id", "carried_by_id", "feedback_by_id"],
        refused=NOT_THE_SAME,
        endpoint="suggestions.revisit_order",
        done="已登记二次回访，建议单办结。",
        is_primary=True,
        guard=check_revisit,
        effect=keep_revisit,
        tells=["carried_by_id"],
    ),
    Move(
        name="recur",
        label="二次回访：又发生，退回落实",
        sources=[OrderState.REVISITING],
        target=OrderState.CARRYING,
        by=VISITORS,
        permission=VISIT,
        not_by=["visited_by_id", "carried_by_id", "feedback_by_id"],
        refused=NOT_THE_SAME,
        endpoint="suggestions.revisit_order",
        is_return=True,
        done="又发生了，已退回承办部门落实。",
        guard=check_revisit,
        effect=begin_anew,
        tells=["carried_by_id", "issued_by_id"],
    ),
)

ORDER_FLOW = Flow(
    name="suggestions.order",
    noun="优化工作建议单",
    word="order",
    model=ImprovementOrder,
    states=STATES,
    moves=MOVES,
    title=title_of,
    department=department_of,
    endpoint="suggestions.show_order",
    arguments=lambda record: {"record_id": record.id},
    object_type="improvement_order",
    begun="拟制",
    facts=facts_of,
)
