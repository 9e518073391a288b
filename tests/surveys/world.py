"""Surveys and questionnaires in every state, for the hall of tests/site; made by the services."""

from datetime import timedelta

from app.files import papers
from app.files import service as files
from app.kernel import clock, db
from app.surveys import questionnaires, service
from app.surveys.models import Survey
from app.surveys.papers import REPORT
from app.surveys.questions import Filled
from app.surveys.workflow import FLOW
from app.workflow.definition import Signature
from app.workflow.service import execute
from tests.support import cast

PDF = b"%PDF-1.7\n% stands for a printed report\n"
SCAN = b"\xff\xd8\xff stands for the scan of a questionnaire"
ASKED = ("staff", "other", "clerk", "chief", "lead", "inspector")
ALL = (*ASKED, "branch", "officer", "office", "leader", "discipline")


def fill(mark=""):
    """Make them all; gives the arguments of their addresses by name."""
    in_use = use_questionnaire(mark)
    closed = hold(mark)
    with db.write():
        opened = service.open_for(
            source="world",
            source_id=2,
            title=f"首问负责制讲座满意度{mark}",
            person_ids=[cast.person_id(who) for who in ASKED],
            opened_by_id=cast.person_id("branch"),
        )
        draft, review = (draft_questionnaire(mark) for _ in range(2))
        execute(FLOW, record_id=review, name="submit", user=cast.principal("clerk"))
    print_report(closed)
    return {
        "survey_open": {"public_id": db.session.get_one(Survey, opened).public_id},
        "survey_closed": {"public_id": db.session.get_one(Survey, closed).public_id},
        "questionnaire_draft": {"record_id": draft},
        "questionnaire_question": {"record_id": draft, "code": "q2"},
        "questionnaire_review": {"record_id": review},
        "questionnaire_in_use": {"record_id": in_use},
        "questionnaire_signed": {"record_id": in_use, "step": 3},
    }


def draft_questionnaire(mark):
    """Draft a version whose texts bear the mark, in the open write; gives its id."""
    record = questionnaires.draft(user=cast.principal("clerk"))
    return questionnaires.edit(
        record_id=record.id,
        seen_version=record.version,
        user=cast.principal("clerk"),
        title=f"培训满意度问卷{mark}",
    ).id


def use_questionnaire(mark):
    """Let the clerk enter the branch's signature under a version; gives its id."""
    sha256 = files.put_content(SCAN)
    with db.write():
        record_id = draft_questionnaire(mark)
        execute(FLOW, record_id=record_id, name="submit", user=cast.principal("clerk"))
        scan = files.add_file(
            sha256=sha256, size=len(SCAN), media_type="image/jpeg", name="签批单.jpg"
        )
        execute(
            FLOW,
            record_id=record_id,
            name="approve",
            user=cast.principal("clerk"),
            signature=Signature(
                signed_by_id=cast.person_id("branch"),
                signed_on=clock.today(),
                meeting=f"支委会{mark}",
                minute_number="3",
                scan_file_id=scan.id,
            ),
            reason="同意。",
        )
    return record_id


def hold(mark):
    """Open a survey a week ago, let nine answer it, and close it; gives its id."""
    begun = clock.now() - timedelta(days=10)
    with clock.frozen(begun), db.write():
        survey_id = service.open_for(
            source="world",
            source_id=1,
            title=f"服务礼仪讲座满意度{mark}",
            person_ids=[cast.person_id(who) for who in ALL],
            opened_by_id=cast.person_id("branch"),
        )
    survey = db.session.get_one(Survey, survey_id)
    public_id, closes_at = survey.public_id, survey.closes_at
    for place, who in enumerate(ALL[:9]):
        with clock.frozen(begun + timedelta(hours=1)):
            service.cast(
                public_id=public_id, person_id=cast.person_id(who), filled=answers(place, mark)
            )
    with clock.frozen(closes_at + timedelta(minutes=1)):
        service.close_due()
    return survey_id


def answers(place, mark=""):
    """Answer the standard questions."""
    rates = {f"q{number}": [(place + number) % 3] for number in range(1, 5)}
    written = {"q8": f"第{place}条建议{mark}"}
    return Filled(chosen={**rates, "q5": [1], "q6": [0, place % 5], "q7": [0]}, written=written)


def print_report(survey_id):
    """Store the report without printing it."""
    snapshot = REPORT.snapshot(survey_id)
    sha256 = files.put_content(PDF)
    with db.write():
        papers.store(
            REPORT,
            survey_id,
            papers.code_of(snapshot),
            snapshot,
            sha256=sha256,
            size=len(PDF),
        )


def print_again():
    """Store the report of what was closed, as it reads now."""
    print_report(db.session.query(Survey).filter(Survey.counted.is_not(None)).one().id)


def crowd(count):
    """Fill the lists: many surveys, many drafts."""
    asked = [cast.person_id(who) for who in ASKED]
    with db.write():
        for place in range(count):
            service.open_for(
                source="crowd",
                source_id=place + 1,
                title=f"第{place}次讲座满意度",
                person_ids=asked,
                opened_by_id=None,
            )
            draft_questionnaire("")
