"""What stands beside a question: those with the same shared stem, those like it, its papers.

"near-duplicates (at least 0.9) in file and bank"; "where used". A reader learns of no question
whose key is hidden from him, and of no paper that he sits.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from flask import current_app

from app.kernel import db
from app.kernel.feature import QuestionUse, features
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.questions import service
from app.questions.likeness import compared_text, find_like
from app.questions.models import Question, QuestionVersion

MOST_ALIKE = 10
LEAST_POOLED = 2


def revise_group(*, group_id: int, stem: str, user: Principal) -> int:
    """Give the questions of a shared stem another one, each in a new version; gives its id.

    Raises RefusedError, also where one of them is under review or hidden from this person.
    """
    if not stem.strip():
        raise RefusedError(stem="请写共用题干。")
    found = db.session.execute(
        service.select_current()
        .where(QuestionVersion.group_id == group_id)
        .with_for_update(of=Question)
    ).all()
    if not found or {each[0].id for each in found} & service.hidden_from(user):
        raise RefusedError(form="有的题已经看不到了，请刷新后再看。")
    new_id = service.add_group(stem=stem.strip(), created_by_id=user.person_id)
    for question, version in found:
        content = replace(service.content_of(version), group_id=new_id)
        service.revise_question(
            question_id=question.id, seen_version=question.version, content=content, user=user
        )
    return new_id


def list_of_group(group_id: int | None, user: Principal) -> list[int]:
    """Give the questions that share a stem, those that this person may see, in their order."""
    if group_id is None:
        return []
    rows = service.select_questions_for(user).where(QuestionVersion.group_id == group_id)
    return [each[0].id for each in db.session.execute(rows.order_by(Question.id))]


def list_uses(question_id: int, user: Principal) -> list[QuestionUse]:
    """Give where a question was used, of all rooms that use questions."""
    rooms = [each.question_uses for each in features(current_app) if each.question_uses]
    return [use for room in rooms for use in room(question_id, user)]


def pool(uses: Sequence[QuestionUse]) -> QuestionUse | None:
    """Join what is known of a question from several exams, by how many answered; None of fewer."""
    known = [(each.asked, each.facility) for each in uses if each.facility is not None]
    if len(known) < LEAST_POOLED:
        return None
    asked = sum(count for count, _ in known)
    earned = sum((count * facility for count, facility in known), Decimal(0))
    return QuestionUse(title="", on=uses[0].on, asked=asked, facility=earned / asked)


def find_alike(version: QuestionVersion, user: Principal) -> list[tuple[int, int]]:
    """Give the questions of the bank that are nearly the same, with how many percent they share."""
    rows = db.session.execute(
        service.select_questions_for(user)
        .with_only_columns(Question.id, QuestionVersion.stem, QuestionVersion.options)
        .where(Question.id != version.question_id, QuestionVersion.kind == version.kind)
        .order_by(Question.id)
    ).all()
    texts = [compared_text(row.stem, (each["text"] for each in row.options)) for row in rows]
    own = compared_text(version.stem, (each["text"] for each in version.options))
    like = find_like(own, texts)
    return [(rows[place].id, int(share * 100)) for place, share in like[:MOST_ALIKE]]
