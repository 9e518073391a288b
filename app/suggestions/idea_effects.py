"""What moves of an idea ask for and what they change beside its state; named in idea_flow.py.

效能10 “针对高频、共性诉求”: ideas that say the same become one, and every author keeps being told.
An idea is adopted together with its 建议单 or not at all.
"""

from dataclasses import dataclass

from sqlalchemy import select

from app.inbox import service as inbox
from app.kernel import clock, db
from app.kernel.permissions import Principal
from app.suggestions import orders
from app.suggestions.models import (
    IDEA_OUTCOME_LABELS,
    Idea,
    IdeaOutcome,
    IdeaState,
)
from app.workflow.definition import Act, refuse

MERGEABLE = (
    IdeaState.STAFF_WAITING,
    IdeaState.PUBLIC_WAITING,
    IdeaState.HANDLING,
    IdeaState.EXTENDING,
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What is answered, in the parts that every answer has, and what goes on the 建议单."""

    outcome: IdeaOutcome
    finding: str
    text: str
    reason: str = ""
    department_id: int | None = None
    # What stands on the 建议单: written for it, nothing of the idea is copied.
    title: str = ""
    problem: str = ""
    cause: str = ""
    demand: str = ""
    user: Principal | None = None


def take_up(record: Idea, act: Act) -> None:
    """Put down whether it is hard, and which department it concerns."""
    record.is_hard = bool(act.data.get("is_hard", False))
    if "department_id" in act.data:
        record.department_id = act.data["department_id"]


def check_reason(record: Idea, act: Act) -> None:
    """Refuse a refusal without its reason; raises RefusedError."""
    del record
    if not act.data.get("reason", ""):
        refuse(reason="请写明不予受理的理由和依据，提出人会看到。")


def keep_reason(record: Idea, act: Act) -> None:
    """Keep the reason beside the idea, where its author and those of merged ones read it."""
    record.reason = act.data["reason"]
    for each in list_merged(record):
        tell_author(each, "你提的意见并入的那一件不予受理，理由写在里面。")


def check_merge(record: Idea, act: Act) -> None:
    """Refuse an idea that nothing can be merged into; raises RefusedError."""
    into = find_target(act)
    if into is None or into.id == record.id or into.state not in MERGEABLE:
        refuse(into="请选一件还在办理的意见并入。")
    elif into.author_id is not None and into.author_id == act.decided_by_id:
        refuse(into="不能并入自己提的意见，请由其他人办理。")


def find_target(act: Act) -> Idea | None:
    """Give the idea that another is merged into."""
    into_id = act.data.get("into_id")
    return db.session.get(Idea, into_id, with_for_update=True) if into_id else None


def merge(record: Idea, act: Act) -> None:
    """Let an idea, and whatever was merged into it before, follow another one."""
    into_id = act.data["into_id"]
    record.merged_into_id = into_id
    for each in list_merged(record):
        each.merged_into_id = into_id


def list_merged(record: Idea) -> list[Idea]:
    """Give the ideas that follow an idea, oldest first."""
    found = db.session.scalars(
        select(Idea)
        .where(Idea.merged_into_id == record.id, Idea.state == IdeaState.MERGED)
        .order_by(Idea.id)
    )
    return list(found)


def check_answer(record: Idea, act: Act) -> None:
    """Refuse an answer without its parts; raises RefusedError."""
    del record
    answer = act.data.get("answer")
    if not isinstance(answer, Answer):
        refuse(form="请填写答复。")
        return
    missing = {}
    if not answer.finding:
        missing["finding"] = "请写明核实的情况。"
    if not answer.text:
        missing["answer"] = "请写明答复意见。"
    if answer.outcome is not IdeaOutcome.ADOPTED and not answer.reason:
        missing["reason"] = f"{IDEA_OUTCOME_LABELS[answer.outcome]}的，请写明理由。"
    if answer.outcome is not IdeaOutcome.DECLINED:
        missing |= order_gaps(answer)
    if missing:
        refuse(**missing)


def order_gaps(answer: Answer) -> dict[str, str]:
    """Say what is missing on the 建议单 of an answer that adopts, by the fields of its form."""
    parts = (
        ("order_title", answer.title, "采纳的，请写建议单的事由。"),
        ("order_problem", answer.problem, "采纳的，请写建议单上的问题。"),
        ("order_cause", answer.cause, "采纳的，请写建议单上的原因。"),
        ("demand", answer.demand, "采纳的，请写明要求承办部门改进什么。"),
        ("department_id", answer.department_id, "采纳的，请选承办部门。"),
    )
    return {name: told for name, given, told in parts if not given}


def keep_answer(record: Idea, act: Act) -> None:
    """Keep the answer, draft the 建议单 of what is adopted, tell the authors of merged ideas."""
    answer: Answer = act.data["answer"]
    record.outcome, record.finding = answer.outcome, answer.finding
    record.answer, record.reason = answer.text, answer.reason
    db.session.flush()
    if answer.outcome is not IdeaOutcome.DECLINED:
        orders.draft_from_idea(
            record,
            department_id=answer.department_id,
            title=answer.title,
            problem=answer.problem,
            cause=answer.cause,
            demand=answer.demand,
            drafted_by_id=act.decided_by_id,
            user=answer.user,
        )
    for each in list_merged(record):
        tell_author(each, f"你提的意见已并案答复：{IDEA_OUTCOME_LABELS[answer.outcome]}。")


def tell_author(idea: Idea, text: str) -> None:
    """Write a notice to the author of a merged idea, once; the public reads it by its code."""
    if idea.author_id is not None:
        inbox.tell(
            [idea.author_id],
            text,
            endpoint="suggestions.show_idea",
            arguments={"public_id": idea.public_id},
            key=f"idea-answered:{idea.id}",
        )


def check_extension(record: Idea, act: Act) -> None:
    """Refuse a second extension, one asked for too late or without a reason.

    到期前申请: what is overdue stays overdue. Raises RefusedError.
    """
    if record.before_extension_at is not None:
        refuse(form="延期只能申请一次，请按期限答复。")
    if record.due_at is not None and clock.local(record.due_at).date() < clock.today():
        refuse(form="期限已过，不能再申请延期，请尽早答复。")
    if not act.data.get("reason", ""):
        refuse(reason="请写明延期的理由。")


def keep_extension(record: Idea, act: Act) -> None:
    """Keep the reason, and until when the answer was due."""
    record.extension_reason = act.data["reason"]
    record.before_extension_at = record.due_at


def allow_extension(record: Idea, act: Act) -> None:
    """Give the days of the extension; what the leader says stands beside the idea."""
    record.is_extended = True
    record.extension_opinion = act.data.get("opinion", "")
