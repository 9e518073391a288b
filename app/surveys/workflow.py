"""How a questionnaire comes into use, as data: drafted, approved by another, replaced by the next.

"Reviewed and approved by a second person." A survey that is open keeps the questions with which it
was opened; the next one takes those that are in use then.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from app.kernel import db
from app.kernel.permissions import Permission
from app.surveys import questions
from app.surveys.models import Questionnaire, QuestionnaireState
from app.surveys.service import get_in_use
from app.surveys.settings import DRAFT_DAYS, REVIEW_DAYS
from app.workflow import service as workflow
from app.workflow.definition import (
    Act,
    Flow,
    Holders,
    Move,
    Named,
    Record,
    State,
    Waiting,
    refuse,
)

DRAFTER = Named(column="drafted_by_id")
APPROVERS = Holders(permission=Permission.SURVEYS_QUESTIONNAIRE_APPROVE)
# Moves that only the site itself makes.
SITE = Named(column="nobody_id")


def arguments(record: Record) -> Mapping[str, Any]:
    """Give what the address of a record takes."""
    return {"record_id": record.id}


def title_of(record: Record) -> str:
    """Name a version in lists of what waits."""
    edition = f"第{record.edition}版" if record.edition else "新一版"
    return f"{record.title}（{edition}）"


def facts_of(record: Record) -> Sequence[tuple[str, str]]:
    """Give what whoever approves reads beside the question."""
    asked = questions.load(record.questions)
    return [
        ("名称", record.title),
        ("题数", f"{len(asked)}道"),
        ("按部门分列", "是" if record.is_by_department else "否"),
        *((f"第{place}题", each.text) for place, each in enumerate(asked, start=1)),
    ]


def complete(record: Record, act: Act) -> None:
    """Let only what can be answered be sent on."""
    del act
    problems = questions.problems_of(questions.load(record.questions))
    if problems:
        refuse(form="".join(problems))


def give_way(record: Record, act: Act) -> None:
    """Check once more before the approval, and let the version in use give way.

    Before and not after: the database knows one that is in use.
    """
    complete(record, act)
    before = get_in_use()
    if before is not None:
        workflow.execute(FLOW, record_id=before.id, name="replace", user=None)


def number(record: Record, act: Act) -> None:
    """Give an approved version its number; nothing of it changes from now on."""
    del act
    # The database knows no version in use without a number: both are written at once.
    with db.session.no_autoflush:
        record.edition = (db.session.scalar(select(func.max(Questionnaire.edition))) or 0) + 1


FLOW = Flow(
    name="surveys.questionnaire",
    noun="满意度问卷",
    word="questionnaire",
    model=Questionnaire,
    object_type="questionnaire",
    endpoint="surveys.show_questionnaire",
    arguments=arguments,
    title=title_of,
    department=lambda _record: None,
    facts=facts_of,
    states=(
        State(
            value=QuestionnaireState.DRAFT,
            label="起草中",
            owner=DRAFTER,
            days=workflow.setting_days(DRAFT_DAYS),
        ),
        State(
            value=QuestionnaireState.REVIEW,
            label="待审核",
            kind="amber",
            owner=APPROVERS,
            days=workflow.setting_days(REVIEW_DAYS),
        ),
        State(value=QuestionnaireState.IN_USE, label="在用", kind="green", waiting=Waiting.RESTING),
        State(value=QuestionnaireState.REPLACED, label="已更新", waiting=Waiting.CLOSED),
        State(value=QuestionnaireState.DROPPED, label="不再起草", waiting=Waiting.CLOSED),
    ),
    moves=(
        Move(
            name="submit",
            label="送审",
            sources=(QuestionnaireState.DRAFT,),
            target=QuestionnaireState.REVIEW,
            by=DRAFTER,
            permission=Permission.SURVEYS_QUESTIONNAIRE_DRAFT,
            is_primary=True,
            guard=complete,
            done="已送审，由党支部、业务科室或办公室的其他人审核。",
        ),
        Move(
            name="drop",
            label="不再起草",
            sources=(QuestionnaireState.DRAFT,),
            target=QuestionnaireState.DROPPED,
            by=DRAFTER,
            permission=Permission.SURVEYS_QUESTIONNAIRE_DRAFT,
            question="放弃以后不能恢复，要用时重新起草。确定不再起草吗？",
            done="已放弃这份草稿。",
        ),
        Move(
            name="approve",
            label="审核通过",
            sources=(QuestionnaireState.REVIEW,),
            target=QuestionnaireState.IN_USE,
            by=APPROVERS,
            permission=Permission.SURVEYS_QUESTIONNAIRE_APPROVE,
            not_by=("drafted_by_id",),
            stamp="approved",
            is_approval=True,
            is_primary=True,
            guard=give_way,
            effect=number,
            tells=("drafted_by_id",),
            done="已通过，从现在起开启的调查用这一版。",
        ),
        Move(
            name="send-back",
            label="退回修改",
            sources=(QuestionnaireState.REVIEW,),
            target=QuestionnaireState.DRAFT,
            by=APPROVERS,
            permission=Permission.SURVEYS_QUESTIONNAIRE_APPROVE,
            reason="退回原因",
            is_return=True,
            tells=("drafted_by_id",),
            done="已退回起草人。",
        ),
        Move(
            name="replace",
            label="由新一版代替",
            sources=(QuestionnaireState.IN_USE,),
            target=QuestionnaireState.REPLACED,
            by=SITE,
            permission=Permission.SURVEYS_QUESTIONNAIRE_APPROVE,
            endpoint="surveys.show_questionnaire",
        ),
    ),
)
