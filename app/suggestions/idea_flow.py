"""The way of an idea, as data: 受理, 并案, 不予受理, 办理, 答复. 转纪检 is no move (handovers.py).

效能10 “征集机制、创新企业群众意见建议”. What stands in lists of what
waits, in notices and in the path never quotes an idea: it may turn out to be 涉廉材料, which leave
no trace of their content (HALL.md 6.1).
"""

from collections.abc import Mapping
from typing import Any

from app.kernel import formats
from app.kernel.permissions import Permission
from app.settings import service as settings
from app.suggestions import settings as numbers
from app.suggestions.idea_effects import (
    allow_extension,
    check_answer,
    check_extension,
    check_merge,
    check_reason,
    keep_answer,
    keep_extension,
    keep_reason,
    merge,
    take_up,
)
from app.suggestions.models import (
    IDEA_CHANNEL_LABELS,
    IDEA_KIND_LABELS,
    Idea,
    IdeaKind,
    IdeaState,
)
from app.workdays import service as workdays
from app.workflow.definition import Flow, Holders, Move, Record, State, Waiting
from app.workflow.service import setting_days

TRIAGE = Permission.SUGGESTIONS_IDEA_TRIAGE
OWN = "提出人不能办理自己的意见，请由其他人办理。"
STAFF = Holders(permission=Permission.SUGGESTIONS_STAFF_IDEA_TRIAGE)
PUBLIC = Holders(permission=Permission.SUGGESTIONS_PUBLIC_IDEA_TRIAGE)
ANSWERERS = Holders(permission=Permission.SUGGESTIONS_IDEA_ANSWER)
LEADERS = Holders(permission=Permission.SUGGESTIONS_EXTENSION_DECIDE)


def title_of(record: Record) -> str:
    """Give an idea in one line without a word of what it says."""
    kind = IDEA_KIND_LABELS[record.kind]
    on = formats.month_day(record.received_on)
    return f"{kind}（{on}，{IDEA_CHANNEL_LABELS[record.channel]}）"


def arguments_of(record: Record) -> Mapping[str, Any]:
    """Give what its address is made of."""
    return {"public_id": record.public_id}


def department_of(record: Record) -> int | None:
    """Give where it belongs."""
    department_id: int | None = record.department_id
    return department_id


def answer_days(record: Record) -> int:
    """Give how long an answer may take: longer for what is hard.

    An extension is counted from when the answer was due before, never from the decision; where it
    was refused the old day stands. What is over by now is due today.
    """
    before = record.before_extension_at
    if before is None:
        return settings.get(numbers.HARD_ANSWER if record.is_hard else numbers.ANSWER)
    more = settings.get(numbers.EXTENSION) if record.is_extended else 0
    return workdays.count_days_left(workdays.get_deadline(received=before, days=more).due)


STATES = (
    State(
        value=IdeaState.STAFF_WAITING,
        label="待受理",
        kind="amber",
        owner=STAFF,
        days=setting_days(numbers.STAFF_TRIAGE),
    ),
    State(
        value=IdeaState.PUBLIC_WAITING,
        label="待先行联系、受理",
        kind="amber",
        owner=PUBLIC,
        days=setting_days(numbers.PUBLIC_TRIAGE),
    ),
    State(value=IdeaState.HANDLING, label="办理中", kind="blue", owner=ANSWERERS, days=answer_days),
    State(
        value=IdeaState.EXTENDING,
        label="待批延期",
        kind="amber",
        owner=LEADERS,
        days=setting_days(numbers.EXTENSION_DECISION),
    ),
    State(value=IdeaState.MERGED, label="已并案", kind="blue", waiting=Waiting.CLOSED),
    State(value=IdeaState.REFUSED, label="不予受理", waiting=Waiting.CLOSED),
    State(value=IdeaState.ANSWERED, label="已答复", kind="green", waiting=Waiting.CLOSED),
)


def triage_moves(kind: IdeaKind, source: IdeaState, by: Holders) -> tuple[Move, ...]:
    """Give the moves of whoever takes in ideas of one kind; their pages are the same."""
    return (
        Move(
            name=f"accept-{kind}",
            label="受理",
            sources=[source],
            target=IdeaState.HANDLING,
            by=by,
            permission=TRIAGE,
            stamp="triaged",
            not_by=["author_id"],
            refused=OWN,
            endpoint="suggestions.accept_idea",
            done="已受理，转业务科室负责人办理。",
            is_primary=True,
            effect=take_up,
            tells=["author_id"],
        ),
        Move(
            name=f"merge-{kind}",
            label="并案",
            sources=[source],
            target=IdeaState.MERGED,
            by=by,
            permission=TRIAGE,
            stamp="triaged",
            not_by=["author_id"],
            refused=OWN,
            endpoint="suggestions.merge_idea",
            done="已并案，原件答复时提出人也会得到答复。",
            guard=check_merge,
            effect=merge,
            tells=["author_id"],
        ),
        Move(
            name=f"refuse-{kind}",
            label="不予受理",
            sources=[source],
            target=IdeaState.REFUSED,
            by=by,
            permission=TRIAGE,
            stamp="triaged",
            not_by=["author_id"],
            refused=OWN,
            endpoint="suggestions.refuse_idea",
            done="已记为不予受理，提出人会看到理由。",
            guard=check_reason,
            effect=keep_reason,
            tells=["author_id"],
        ),
    )


MOVES = (
    *triage_moves(IdeaKind.STAFF, IdeaState.STAFF_WAITING, STAFF),
    *triage_moves(IdeaKind.PUBLIC, IdeaState.PUBLIC_WAITING, PUBLIC),
    Move(
        name="answer",
        label="答复",
        sources=[IdeaState.HANDLING],
        target=IdeaState.ANSWERED,
        by=ANSWERERS,
        permission=Permission.SUGGESTIONS_IDEA_ANSWER,
        stamp="answered",
        not_by=["author_id"],
        refused=OWN,
        endpoint="suggestions.answer_idea",
        done="已答复。",
        is_primary=True,
        guard=check_answer,
        effect=keep_answer,
        tells=["author_id"],
    ),
    Move(
        name="ask-extension",
        label="申请延期",
        sources=[IdeaState.HANDLING],
        target=IdeaState.EXTENDING,
        by=ANSWERERS,
        permission=Permission.SUGGESTIONS_IDEA_ANSWER,
        not_by=["author_id"],
        refused=OWN,
        endpoint="suggestions.extend_idea",
        done="已申请延期，等中心领导审批。",
        guard=check_extension,
        effect=keep_extension,
    ),
    Move(
        name="allow-extension",
        label="同意延期",
        sources=[IdeaState.EXTENDING],
        target=IdeaState.HANDLING,
        by=LEADERS,
        permission=Permission.SUGGESTIONS_EXTENSION_DECIDE,
        not_by=["author_id"],
        refused=OWN,
        is_approval=True,
        is_primary=True,
        endpoint="suggestions.allow_extension_idea",
        done="已同意延期一次。",
        effect=allow_extension,
    ),
    Move(
        name="refuse-extension",
        label="不同意延期",
        sources=[IdeaState.EXTENDING],
        target=IdeaState.HANDLING,
        by=LEADERS,
        permission=Permission.SUGGESTIONS_EXTENSION_DECIDE,
        not_by=["author_id"],
        refused=OWN,
        is_return=True,
        done="不同意延期，请按原期限答复。",
    ),
)

IDEA_FLOW = Flow(
    name="suggestions.idea",
    noun="意见建议",
    word="idea",
    model=Idea,
    states=STATES,
    moves=MOVES,
    title=title_of,
    department=department_of,
    endpoint="suggestions.show_idea",
    arguments=arguments_of,
    object_type="idea",
    begun="提出",
    begins=[IdeaState.PUBLIC_WAITING],
)
