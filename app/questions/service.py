"""Writing and reading questions. Every change is a new version; what was asked stays.

"versions kept for ever": a question that is changed after its review has to be reviewed again
before it is drawn. Who sits a paper, or may sit it, does not get its keys here either: rooms name
such questions through the socket `hidden_questions`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from flask import current_app
from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select

from app.accounts.roster.models import PostGroup
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.config import Config
from app.kernel.feature import StepState, features
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Principal
from app.questions.checking import key_faults, option_faults
from app.questions.kinds import CHOICES, LETTERS, QuestionDifficulty, QuestionKind
from app.questions.models import (
    MAX_TAG,
    TRUE_FALSE_OPTIONS,
    USUAL_BANK,
    Question,
    QuestionCategory,
    QuestionGroup,
    QuestionPicture,
    QuestionState,
    QuestionTag,
    QuestionVersion,
)
from app.questions.parsing.result import Option
from app.questions.question_flow import FLOW, UNDER_REVIEW, is_under_review
from app.workflow import service as workflow

STALE = "别人在你打开之后改过这道题，你的修改还没有保存。下面是最新的内容，请对照后再改。"
MOST_TAGS = 10


@dataclass(frozen=True, kw_only=True)
class Content:
    """The wording of a question with its key, as one piece.

    `key` is as the contract of `questions parse` writes an answer. Without marks the paper gives
    them. `pictures` are the ids of stored files by their marker in the stem.
    """

    kind: QuestionKind
    category: QuestionCategory
    stem: str
    options: Sequence[str]
    key: Sequence[Any]
    marks: Decimal | None
    basis: str
    analysis: str
    post_group: PostGroup | None = None
    difficulty: QuestionDifficulty | None = None
    # The article that it cites, beside the basis in words.
    article_id: int | None = None
    # The stem that it shares with other questions.
    group_id: int | None = None
    pictures: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a new question goes: into which bank, under which words."""

    bank: str = USUAL_BANK
    tags: Collection[str] = ()
    is_demonstration: bool = False


USUAL_PLACE = Place()


def select_current() -> Select[Question, QuestionVersion]:
    """Select questions with the version in force."""
    return select(Question, QuestionVersion).join(QuestionVersion, of_current())


def of_current() -> ColumnElement[bool]:
    """Give the condition that joins a question to the version in force."""
    return and_(
        QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.wording
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


def drawable() -> ColumnElement[bool]:
    """Give the condition that a question may be chosen for a new paper.

    "It cannot be drawn outside the demonstration until reviewed": inside, its questions can.
    """
    config: Config = current_app.config["SITE"]
    is_looked_at = Question.state.in_((QuestionState.REVIEWED, QuestionState.IN_USE))
    if not config.is_demo:
        return is_looked_at
    is_shown = and_(Question.is_demonstration.is_(True), Question.state == QuestionState.DRAFT)
    return or_(is_looked_at, is_shown)


def select_drawable_ids() -> Select[int]:
    """Select the ids of the questions that may be chosen for a new paper."""
    return select(Question.id).join(QuestionVersion, of_current()).where(drawable())


def get_group(group_id: int | None) -> QuestionGroup | None:
    """Give a stem that questions share."""
    return None if group_id is None else db.session.get(QuestionGroup, group_id)


def pictures_of(version: QuestionVersion) -> dict[str, int]:
    """Give the ids of the pictures in a version's stem by their markers."""
    rows = db.session.execute(
        select(QuestionPicture.marker, QuestionPicture.file_id).where(
            QuestionPicture.version_id == version.id
        )
    )
    return {row.marker: row.file_id for row in rows}


def create_question(*, content: Content, user: Principal | None, place: Place = USUAL_PLACE) -> int:
    """Add a question in its first version; raises RefusedError. Returns its id.

    Without a user it is the site itself that adds it, from a file that an engineer reads in.
    """
    check_content(content)
    question = Question(
        state=QuestionState.DRAFT,
        wording=1,
        bank=place.bank,
        is_demonstration=place.is_demonstration,
        drafted_by_id=user.person_id if user else None,
        used_times=0,
    )
    db.session.add(question)
    workflow.begin(FLOW, question, user=user)
    add_version(question, content, user.person_id if user else None)
    set_tags(question_id=question.id, tags=place.tags)
    append(
        AuditEvent.QUESTIONS_CREATED,
        person_id=user.person_id if user else None,
        object_type="question",
        object_id=question.id,
    )
    return question.id


def revise_question(
    *, question_id: int, seen_version: int, content: Content, user: Principal
) -> bool:
    """Add a version; raises RefusedError, or StaleEditError when the seen version is outdated.

    One that was reviewed is 未审核 again: what somebody looked at is not what it says now. Gives
    False where nothing of it has changed: then it stays as it was.
    """
    question = db.session.get_one(Question, question_id, with_for_update=True)
    if question.version != seen_version:
        raise StaleEditError
    check_content(content)
    if says_the_same(question, content):
        return False
    if is_under_review(question_id):
        raise RefusedError(form=UNDER_REVIEW)
    if question.state is QuestionState.DRAFT:
        workflow.touch(question)
    else:
        workflow.execute(FLOW, record_id=question_id, name="revise", user=user)
    question.wording += 1
    add_version(question, content, user.person_id)
    append(
        AuditEvent.QUESTIONS_REVISED,
        person_id=user.person_id,
        object_type="question",
        object_id=question_id,
        version=question.wording,
    )
    return True


def says_the_same(question: Question, content: Content) -> bool:
    """Tell whether a question says already what somebody wants it to say."""
    now = db.session.scalars(
        select(QuestionVersion).where(
            QuestionVersion.question_id == question.id,
            QuestionVersion.number == question.wording,
        )
    ).one()
    options = list(content.options) if content.kind in CHOICES else []
    return content_of(now) == replace(content, options=options, key=stored_key(content))


def content_of(version: QuestionVersion) -> Content:
    """Give what a version says."""
    return Content(
        kind=version.kind,
        category=version.category,
        post_group=version.post_group,
        difficulty=version.difficulty,
        stem=version.stem,
        group_id=version.group_id,
        pictures=pictures_of(version),
        options=[each["text"] for each in version.options if version.kind in CHOICES],
        key=version.key,
        marks=version.marks,
        basis=version.basis,
        article_id=version.article_id,
        analysis=version.analysis,
    )


def list_banks() -> list[str]:
    """Name the banks that hold a question."""
    return list(db.session.scalars(select(Question.bank).distinct().order_by(Question.bank)))


def mark_used(question_ids: Collection[int], *, on: date) -> None:
    """Write down that a paper with these questions was published, in the open write."""
    for question in db.session.scalars(select(Question).where(Question.id.in_(question_ids))):
        question.used_times += 1
        question.used_on = max(question.used_on or on, on)
        if question.state is QuestionState.REVIEWED:
            workflow.execute(FLOW, record_id=question.id, name="use", user=None)
    db.session.flush()


def add_group(*, stem: str, created_by_id: int | None) -> int:
    """Add a stem that questions share; returns its id."""
    group = QuestionGroup(stem=stem, created_by_id=created_by_id, created_at=clock.now())
    db.session.add(group)
    db.session.flush()
    return group.id


def set_tags(*, question_id: int, tags: Iterable[str]) -> None:
    """Replace the words by which a question is found; raises RefusedError."""
    wanted = check_tags(tags)
    db.session.execute(delete(QuestionTag).where(QuestionTag.question_id == question_id))
    for each in wanted:
        db.session.add(QuestionTag(question_id=question_id, tag=each))
    db.session.flush()


def check_tags(tags: Iterable[str]) -> list[str]:
    """Give the tags of one question, cleaned; raises RefusedError where they are too many."""
    wanted = clean_tags(tags)
    if len(wanted) > MOST_TAGS:
        raise RefusedError(tags=f"一道题最多{MOST_TAGS}个知识点。")
    return wanted


def clean_tags(tags: Iterable[str]) -> list[str]:
    """Give tags without blanks and repetitions, in their order; raises RefusedError."""
    found = list(dict.fromkeys(" ".join(each.split()) for each in tags if each.strip()))
    if any(len(each) > MAX_TAG for each in found):
        raise RefusedError(tags=f"一个知识点最多{MAX_TAG}个字。")
    return found


def tags_of(question_ids: Collection[int]) -> dict[int, list[str]]:
    """Give the tags of questions, sorted."""
    found: dict[int, list[str]] = {each: [] for each in question_ids}
    rows = db.session.execute(
        select(QuestionTag.question_id, QuestionTag.tag)
        .where(QuestionTag.question_id.in_(question_ids))
        .order_by(QuestionTag.tag)
    )
    for question_id, tag in rows:
        found[question_id].append(tag)
    return found


def add_version(question: Question, content: Content, person_id: int | None) -> None:
    """Add the version that `question.wording` announces, with its pictures."""
    version = QuestionVersion(
        question_id=question.id,
        number=question.wording,
        kind=content.kind,
        category=content.category,
        post_group=content.post_group,
        difficulty=content.difficulty,
        stem=content.stem,
        group_id=content.group_id,
        options=labelled(content),
        key=stored_key(content),
        marks=content.marks,
        basis=content.basis,
        article_id=content.article_id,
        analysis=content.analysis,
        searched=searched_text(content),
        created_by_id=person_id,
        created_at=clock.now(),
        note="",
    )
    db.session.add(version)
    db.session.flush()
    for marker, file_id in content.pictures.items():
        db.session.add(QuestionPicture(version_id=version.id, marker=marker, file_id=file_id))
    db.session.flush()


def stored_key(content: Content) -> list[Any]:
    """Give a key as it is kept: letters in their order."""
    return sorted(content.key) if content.kind in CHOICES else list(content.key)


def searched_text(content: Content) -> str:
    """Give what lists search: all that stands in a question but its key."""
    shared = ""
    if content.group_id is not None:
        shared = db.session.get_one(QuestionGroup, content.group_id).stem
    texts = [shared, content.stem, *content.options, content.basis, content.analysis]
    return "\n".join(searchable(each) for each in texts if each)


def searchable(text: str) -> str:
    """Give a text as it is searched: full-width letters and digits as ordinary ones, one case."""
    return "".join(normalize("NFKC", c) if c.isalnum() else c for c in text).casefold()


def labelled(content: Content) -> list[dict[str, str]]:
    """Give options their labels; a true/false question has its own two."""
    if content.kind is QuestionKind.TRUE_FALSE:
        return TRUE_FALSE_OPTIONS
    return [
        {"label": label, "text": text}
        for label, text in zip(LETTERS, content.options, strict=False)
    ]


def check_content(content: Content) -> None:
    """Refuse a question that nobody could answer or mark; raises RefusedError."""
    options = [Option(**each) for each in labelled(content)]
    errors = {
        "stem": "" if content.stem.strip() else "请写题干。",
        "options": next(option_faults(content.kind, options), ""),
        "key": next(key_faults(content.kind, options, content.key), ""),
        "marks": "分值要大于0。" if content.marks is not None and content.marks <= 0 else "",
        "post_group": "公共题不分岗位，请选“不分岗位”，或者把类别改为岗位题。"
        if content.post_group and content.category is QuestionCategory.COMMON
        else "",
    }
    if found := {name: text for name, text in errors.items() if text}:
        raise RefusedError(**found)


def read_first_step() -> StepState:
    """Count the questions of the bank, for the first run of a hall."""
    not_retired = Question.state != QuestionState.RETIRED
    count = db.session.scalar(select(func.count(Question.id)).where(not_retired))
    return StepState(is_done=bool(count), fact=f"题库现有{count or 0}道题")


def read_review_step() -> StepState:
    """Count the questions that may be drawn, for the first run of a hall."""
    count = db.session.scalar(select(func.count(Question.id)).where(drawable()))
    return StepState(is_done=bool(count), fact=f"其中{count or 0}道审核通过，可以选入试卷")
