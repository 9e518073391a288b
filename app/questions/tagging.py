"""Words put on many questions at once, or taken off them: the ticked ones, or a whole list."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.questions import service
from app.questions.models import Question, QuestionTag

MOST = 2000
PORTION = 500
NOTHING_CHOSEN = "请先勾选题目，或者勾选“符合条件的全部”。"
NO_TAG = "请写知识点，几个之间用“、”隔开。"
TOO_MANY = "一次最多改{most}道题，这里有{count}道，请用查询条件缩小范围。"


@dataclass(frozen=True, kw_only=True)
class Tagged:
    """How many questions were changed, and which were left out and why."""

    changed: int
    unchanged: int
    full: Sequence[int]


def tag_questions(
    *, question_ids: Collection[int], tags: Sequence[str], is_added: bool, user: Principal
) -> Tagged:
    """Put tags on questions or take them off, in the open write; raises RefusedError.

    A question that would have too many tags keeps those that it has.
    """
    wanted = service.clean_tags(tags)
    if not wanted:
        raise RefusedError(tags=NO_TAG)
    ids = seen_among(question_ids, user)
    if not ids:
        raise RefusedError(questions=NOTHING_CHOSEN)
    if len(ids) > MOST:
        raise RefusedError(questions=TOO_MANY.format(most=MOST, count=len(ids)))
    change = add_tags if is_added else drop_tags
    parts = [change(ids[at : at + PORTION], wanted) for at in range(0, len(ids), PORTION)]
    full = [each for part in parts for each in part.full]
    changed = sum(part.changed for part in parts)
    append(
        AuditEvent.QUESTIONS_TAGGED,
        person_id=user.person_id,
        object_type="question",
        object_id=",".join(map(str, ids[:PORTION])) if len(ids) == 1 else "",
        tags="、".join(wanted),
        act="加上" if is_added else "去掉",
        count=changed,
    )
    return Tagged(changed=changed, unchanged=len(ids) - changed - len(full), full=full)


def retag(*, question_id: int, tags: Sequence[str], user: Principal) -> bool:
    """Replace the tags of one question, in the open write; tells whether any changed."""
    before = service.tags_of([question_id])[question_id]
    if sorted(service.clean_tags(tags)) == sorted(before):
        return False
    service.set_tags(question_id=question_id, tags=tags)
    append(
        AuditEvent.QUESTIONS_TAGGED,
        person_id=user.person_id,
        object_type="question",
        object_id=question_id,
        tags="、".join(service.clean_tags(tags)),
        act="改为",
        count=1,
    )
    return True


def seen_among(question_ids: Collection[int], user: Principal) -> list[int]:
    """Give those of some questions that this person may see, sorted."""
    hidden, wanted = service.hidden_from(user), sorted(set(question_ids))
    found: list[int] = []
    for at in range(0, len(wanted), PORTION):
        part = wanted[at : at + PORTION]
        found += db.session.scalars(select(Question.id).where(Question.id.in_(part)))
    return sorted(each for each in found if each not in hidden)


def add_tags(ids: Sequence[int], tags: Sequence[str]) -> Tagged:
    """Put tags on questions that have room for them."""
    kept = service.tags_of(ids)
    full = [each for each in ids if len({*kept[each], *tags}) > service.MOST_TAGS]
    rows = [
        {"question_id": each, "tag": tag}
        for each in ids
        if each not in full
        for tag in tags
        if tag not in kept[each]
    ]
    if rows:
        db.session.execute(db.insert(QuestionTag).values(rows))
    changed = len({row["question_id"] for row in rows})
    return Tagged(changed=changed, unchanged=len(ids) - changed - len(full), full=full)


def drop_tags(ids: Sequence[int], tags: Sequence[str]) -> Tagged:
    """Take tags off questions."""
    those = (QuestionTag.question_id.in_(ids), QuestionTag.tag.in_(tags))
    changed = db.session.scalar(
        select(func.count(QuestionTag.question_id.distinct())).where(*those)
    )
    db.session.execute(delete(QuestionTag).where(*those))
    return Tagged(changed=changed or 0, unchanged=len(ids) - (changed or 0), full=())
