"""Answers in words: read first by the branch or the office, who cover names, then by the others.

"Free text: only with n >= 8, shuffled, a reader may blank names before release." They come in
another order each time, stand with no other answer, and are neither exported nor printed.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Permission, Principal
from app.surveys.models import Survey, SurveyComment
from app.surveys.service import log, questions_of
from app.surveys.urn import shuffled

COVER = "○"
MOST_WORDS = 30
LEAST_LENGTH = 2
NO_WORD = "请写要遮盖的字词，每行一个。"
TOO_SHORT = f"每个字词至少{LEAST_LENGTH}个字，免得遮掉别的内容。"
NOT_FOUND = "意见里没有“{word}”，请核对。"
RELEASED = "已经放行，不能再改。"
NOTHING = "没有可以放行的文字意见。"


def list_comments(survey: Survey) -> list[tuple[str, list[str]]]:
    """Give what was written, by question, each list in an order drawn anew."""
    rows = db.session.execute(
        select(SurveyComment.question, SurveyComment.body).where(
            SurveyComment.survey_id == survey.id
        )
    ).all()
    return [
        (each.text, shuffled([body for code, body in rows if code == each.code]))
        for each in questions_of(survey)
        if any(code == each.code for code, _ in rows)
    ]


def comments_for(user: Principal, survey: Survey) -> list[tuple[str, list[str]]]:
    """Give what somebody may read of it now: before the release only those who may release."""
    is_released = survey.comments_released_at is not None
    if is_released or user.can(Permission.SURVEYS_COMMENT_RELEASE):
        return list_comments(survey)
    return []


def has_comments(survey: Survey) -> bool:
    """Tell whether there is anything to be released."""
    found = select(SurveyComment.id).where(SurveyComment.survey_id == survey.id)
    return db.session.scalar(found.limit(1)) is not None


def get_unreleased(survey_id: int) -> Survey:
    """Give a survey whose words still wait for their release; raises RefusedError."""
    survey = db.session.get_one(Survey, survey_id, with_for_update=True)
    if survey.comments_released_at is not None:
        raise RefusedError(form=RELEASED)
    if not has_comments(survey):
        raise RefusedError(form=NOTHING)
    return survey


def cover(*, survey_id: int, words: Sequence[str], user: Principal) -> None:
    """Put circles in the place of names, for good; raises RefusedError."""
    survey = get_unreleased(survey_id)
    wanted = list(dict.fromkeys(each.strip() for each in words if each.strip()))[:MOST_WORDS]
    if not wanted:
        raise RefusedError(words=NO_WORD)
    if any(len(each) < LEAST_LENGTH for each in wanted):
        raise RefusedError(words=TOO_SHORT)
    found = db.session.scalars(
        select(SurveyComment).where(SurveyComment.survey_id == survey.id)
    ).all()
    for word in wanted:
        if not any(word in each.body for each in found):
            raise RefusedError(words=NOT_FOUND.format(word=word))
    # Longer ones first: a name within a name leaves no half of it.
    for word in sorted(wanted, key=len, reverse=True):
        for each in found:
            each.body = each.body.replace(word, COVER * len(word))
    db.session.flush()
    log(AuditEvent.SURVEYS_COMMENTS_COVERED, survey, user.person_id, words=len(wanted))


def release(*, survey_id: int, user: Principal) -> None:
    """Let all who may read the results read the words too; raises RefusedError."""
    survey = get_unreleased(survey_id)
    survey.comments_released_at = clock.now()
    survey.comments_released_by_id = user.person_id
    log(AuditEvent.SURVEYS_COMMENTS_RELEASED, survey, user.person_id)
