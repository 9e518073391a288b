"""Writing and reading questions. Every change is a new version; what was asked stays.

Who sits a paper, or may sit it, does not get its keys here either: rooms name such questions
through the socket `hidden_questions`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import current_app
from sqlalchemy import Select, and_, func, select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.feature import StepState, features
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Principal
from app.questions.kinds import MAX_OPTIONS, MIN_OPTIONS, OPTION_LABELS
from app.questions.models import (
    TRUE_FALSE_OPTIONS,
    Question,
    QuestionCategory,
    QuestionKind,
    QuestionState,
    QuestionVersion,
)

STALE = "别人在你打开之后改过这道题，你的修改还没有保存。下面是最新的内容，请对照后再改。"


@dataclass(frozen=True, kw_only=True)
class Content:
    """The wording of a question with its key, as one piece."""

    kind: QuestionKind
    category: QuestionCategory
    stem: str
    options: Sequence[str]
    key: Sequence[str]
    marks: Decimal
    basis: str
    analysis: str
    # The article that it cites, beside the basis in words.
    article_id: int | None = None


def select_current() -> Select[Question, QuestionVersion]:
    """Select questions with the version in force."""
    return select(Question, QuestionVersion).join(
        QuestionVersion,
        and_(
            QuestionVersion.question_id == Question.id,
            QuestionVersion.number == Question.version,
        ),
    )


def select_questions_for(principal: Principal) -> Select[Question, QuestionVersion]:
    """Select the questions that this person may read with their keys."""
    return select_current().where(Question.id.not_in(hidden_from(principal)))


def get_question_for(
    principal: Principal, question_id: int
) -> tuple[Question, QuestionVersion] | None:
    """Give a question with the version in force, or None where this person may not see its key."""
    found = db.session.execute(
        select_questions_for(principal).where(Question.id == question_id)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def hidden_from(principal: Principal) -> frozenset[int]:
    """Gather the questions whose keys this person must not see now."""
    rooms = features(current_app)
    hidden = [room.hidden_questions(principal) for room in rooms if room.hidden_questions]
    return frozenset().union(*hidden)


def list_versions(question_id: int) -> list[QuestionVersion]:
    """Give all versions, the newest first."""
    return list(
        db.session.scalars(
            select(QuestionVersion)
            .where(QuestionVersion.question_id == question_id)
            .order_by(QuestionVersion.number.desc())
        )
    )


def create_question(*, content: Content, created_by_id: int, is_demonstration: bool = False) -> int:
    """Add a question in its first version; raises RefusedError. Returns its id."""
    check_content(content)
    question = Question(
        state=QuestionState.ACTIVE,
        version=1,
        is_demonstration=is_demonstration,
        created_by_id=created_by_id,
        created_at=clock.now(),
    )
    db.session.add(question)
    db.session.flush()
    add_version(question, content, created_by_id)
    append(
        AuditEvent.QUESTIONS_CREATED,
        person_id=created_by_id,
        object_type="question",
        object_id=question.id,
    )
    return question.id


def revise_question(
    *, question_id: int, seen_version: int, content: Content, revised_by_id: int
) -> None:
    """Add a version; raises RefusedError, or StaleEditError when the seen version is outdated."""
    question = db.session.get_one(Question, question_id, with_for_update=True)
    if question.version != seen_version:
        raise StaleEditError
    check_content(content)
    question.version += 1
    add_version(question, content, revised_by_id)
    append(
        AuditEvent.QUESTIONS_REVISED,
        person_id=revised_by_id,
        object_type="question",
        object_id=question_id,
        version=question.version,
    )


def set_state(*, question_id: int, state: QuestionState, changed_by_id: int) -> None:
    """Retire a question from new papers, or take it back; papers that have it keep it."""
    question = db.session.get_one(Question, question_id)
    question.state = state
    append(
        AuditEvent.QUESTIONS_RETIRED,
        person_id=changed_by_id,
        object_type="question",
        object_id=question_id,
        state=state,
    )


def add_version(question: Question, content: Content, person_id: int) -> None:
    """Add the version that `question.version` announces."""
    db.session.add(
        QuestionVersion(
            question_id=question.id,
            number=question.version,
            kind=content.kind,
            category=content.category,
            stem=content.stem,
            options=labelled(content),
            key=sorted(content.key),
            marks=content.marks,
            basis=content.basis,
            article_id=content.article_id,
            analysis=content.analysis,
            created_by_id=person_id,
            created_at=clock.now(),
            note="",
        )
    )
    db.session.flush()


def labelled(content: Content) -> list[dict[str, str]]:
    """Give options their labels; a true/false question has its own two."""
    if content.kind is QuestionKind.TRUE_FALSE:
        return TRUE_FALSE_OPTIONS
    return [
        {"label": label, "text": text}
        for label, text in zip(OPTION_LABELS, content.options, strict=False)
    ]


def check_content(content: Content) -> None:
    """Refuse a question that nobody could answer or mark; raises RefusedError."""
    errors = {**check_options(content), **check_key(content)}
    if content.marks <= 0:
        errors["marks"] = "分值要大于0。"
    if errors:
        raise RefusedError(**errors)


def check_options(content: Content) -> dict[str, str]:
    """Check number and difference of the options."""
    if content.kind is QuestionKind.TRUE_FALSE:
        return {}
    if not MIN_OPTIONS <= len(content.options) <= MAX_OPTIONS:
        return {"options": f"请写{MIN_OPTIONS}至{MAX_OPTIONS}个选项，每行一个。"}
    if len(set(content.options)) < len(content.options):
        return {"options": "有两个选项是一样的，请改掉其中一个。"}
    return {}


def check_key(content: Content) -> dict[str, str]:
    """Check that the key fits kind and options."""
    labels = {option["label"] for option in labelled(content)}
    if not set(content.key) <= labels:
        return {"key": "答案里有没写出来的选项，请核对。"}
    if content.kind is QuestionKind.MULTIPLE:
        return {} if len(content.key) >= MIN_OPTIONS else {"key": "多选题至少有两个正确答案。"}
    return {} if len(content.key) == 1 else {"key": "请选定唯一的正确答案。"}


def read_first_step() -> StepState:
    """Count the questions in use, for the first run of a hall."""
    count = db.session.scalar(
        select(func.count(Question.id)).where(Question.state == QuestionState.ACTIVE)
    )
    return StepState(is_done=bool(count), fact=f"题库现有{count or 0}道题")
