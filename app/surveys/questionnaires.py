"""Drafting a questionnaire: a new version from the one in use, its questions one by one.

Only whoever drafted a version changes it, and only while it is a draft: who approves it has
written none of it. A version that was approved is copied, never changed.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal
from app.surveys import questions
from app.surveys.models import Questionnaire, QuestionnaireState
from app.surveys.questions import Question
from app.surveys.service import get_in_use
from app.surveys.workflow import FLOW
from app.workflow import service as workflow

TITLE = "培训满意度问卷"
NOT_A_DRAFT = "只有起草人能改，而且只在起草中能改。"
NO_ROOM = questions.TOO_MANY
LEANED_ON = "后面有题的条件指向这一题，请先改那一题的条件。"

Change = Callable[[list[Question]], list[Question]]


def select_all() -> Statement:
    """Select all versions; whoever may read one may read all."""
    return select(Questionnaire)


def get_for(user: Principal, record_id: int) -> Questionnaire | None:
    """Give a version that somebody may see."""
    if not user.can(Permission.SURVEYS_QUESTIONNAIRE_READ):
        return None
    return db.session.get(Questionnaire, record_id)


def may_edit(record: Questionnaire, user: Principal) -> bool:
    """Tell whether somebody may change a version now."""
    is_mine = record.drafted_by_id == user.person_id
    return is_mine and record.state is QuestionnaireState.DRAFT


def draft(*, user: Principal) -> Questionnaire:
    """Begin a new version: the one in use once more, or the eight standard questions."""
    before = get_in_use()
    record = Questionnaire(
        title=before.title if before else TITLE,
        questions=before.questions if before else questions.dump(questions.STANDARD),
        is_by_department=before.is_by_department if before else False,
        state=QuestionnaireState.DRAFT,
        drafted_by_id=user.person_id,
        drafted_at=clock.now(),
        moved_at=clock.now(),
        version=1,
    )
    db.session.add(record)
    workflow.begin(FLOW, record, user=user)
    return record


def edit(
    *,
    record_id: int,
    seen_version: int,
    user: Principal,
    change: Change | None = None,
    title: str | None = None,
    is_by_department: bool | None = None,
) -> Questionnaire:
    """Change a draft of one's own, in the open write; raises StaleEditError and RefusedError."""
    record = db.session.get_one(Questionnaire, record_id, with_for_update=True)
    if not may_edit(record, user):
        raise RefusedError(form=NOT_A_DRAFT)
    if record.version != seen_version:
        raise StaleEditError
    if change is not None:
        record.questions = questions.dump(change(questions.load(record.questions)))
    record.title = record.title if title is None else title
    if is_by_department is not None:
        record.is_by_department = is_by_department
    workflow.touch(record)
    db.session.flush()
    append(
        AuditEvent.SURVEYS_QUESTIONNAIRE_EDITED,
        person_id=user.person_id,
        object_type=FLOW.object_type,
        object_id=record.id,
        records=len(record.questions),
    )
    return record


def put_question(question: Question, place: int) -> Change:
    """Let a question stand at a place, from 1 on: a new one, or one that was there before."""

    def change(asked: list[Question]) -> list[Question]:
        given = question if question.code else replace(question, code=questions.next_code(asked))
        others = [each for each in asked if each.code != given.code]
        if len(others) >= questions.MOST_QUESTIONS:
            raise RefusedError(form=NO_ROOM)
        others.insert(place - 1, given)
        check(others)
        return others

    return change


def check(asked: list[Question]) -> None:
    """Refuse an order in which a condition looks at what comes later, or at no option."""
    for place, question in enumerate(asked):
        if not questions.holds(question, asked[:place]):
            raise RefusedError(form=questions.NO_CONDITION.format(place=place + 1))


def take_out(code: str) -> Change:
    """Let a question go, unless another one is asked by its answers."""

    def change(asked: list[Question]) -> list[Question]:
        if any(each.condition and each.condition.code == code for each in asked):
            raise RefusedError(form=LEANED_ON)
        return [each for each in asked if each.code != code]

    return change


def take_in(read: Sequence[Question], *, is_instead: bool) -> Change:
    """Let questions out of a file stand behind those that there are, or in their place.

    They get codes of their own: what a file calls them stands in no address.
    """

    def change(asked: list[Question]) -> list[Question]:
        taken = [] if is_instead else list(asked)
        for each in read:
            taken.append(replace(each, code=questions.next_code(taken)))
        if len(taken) > questions.MOST_QUESTIONS:
            raise RefusedError(file=NO_ROOM)
        return taken

    return change
