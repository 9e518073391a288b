"""Surveys for tests: a questionnaire in use, people who are asked, ballots in the urn."""

from datetime import timedelta

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.kernel import clock, db
from app.surveys import questionnaires, service
from app.surveys.models import Survey, SurveyBallot, SurveyComment, SurveyRoll
from app.surveys.questions import Filled
from app.surveys.workflow import FLOW
from app.workflow.service import execute
from tests.support import cast

BALLOT = {
    "answer_q1": "0",
    "answer_q2": "1",
    "answer_q3": "1",
    "answer_q4": "2",
    "answer_q5": "1",
    "answer_q6": ["0", "2"],
}


def put_in_use(**values):
    """Let a version be drafted by the clerk and approved by the branch; gives its id."""
    with db.write():
        record = questionnaires.draft(user=cast.principal("clerk"))
        record_id = record.id
        if values:
            questionnaires.edit(
                record_id=record_id,
                seen_version=record.version,
                user=cast.principal("clerk"),
                **values,
            )
        execute(FLOW, record_id=record_id, name="submit", user=cast.principal("clerk"))
        execute(FLOW, record_id=record_id, name="approve", user=cast.principal("branch"))
    return record_id


def open_survey(person_ids, *, source_id=1, title="首问负责制讲座满意度"):
    """Open a survey for these people; gives its address, or None."""
    with db.write():
        survey_id = service.open_for(
            source="tests.event",
            source_id=source_id,
            title=title,
            person_ids=person_ids,
            opened_by_id=cast.person_id("branch"),
        )
        return survey_id and db.session.get_one(Survey, survey_id).public_id


def filled(rate=0, words=""):
    """Answer the standard questions alike."""
    written = {"q8": words} if words else {}
    chosen = {f"q{number}": [rate] for number in range(1, 5)}
    return Filled(chosen={**chosen, "q5": [1], "q6": [0]}, written=written)


def put(public_id, person_id, rate=0, words=""):
    """Put a ballot in."""
    return service.cast(public_id=public_id, person_id=person_id, filled=filled(rate, words))


def close(public_id):
    """Let the worker come round after the end of a survey."""
    closes_at = get(public_id).closes_at
    db.session.close()
    with clock.frozen(closes_at + timedelta(seconds=1)):
        service.close_due()


def get(public_id):
    """Give a survey as it is now."""
    db.session.expire_all()
    return db.session.scalars(select(Survey).where(Survey.public_id == public_id)).one()


def stored():
    """Give how many marks, ballots and comments the database holds."""
    db.session.close()
    marks = db.session.query(SurveyRoll).filter(SurveyRoll.has_answered.is_(True)).count()
    return marks, db.session.query(SurveyBallot).count(), db.session.query(SurveyComment).count()


def events():
    """Give the log's entries."""
    return db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
