"""One exam from the first question to the printed sheet, every step by a form found on a page."""

import re
from datetime import timedelta

import pytest

from app.audit.models import AuditEntry, AuditEvent
from app.exams.models import Exam
from app.kernel import clock, db
from tests.exams.factories import Examinee, printed, run_jobs, sweep
from tests.questions.factories import MULTIPLE, SINGLE, TRUE_FALSE
from tests.support import cast
from tests.support.questions import pass_review

EVENTS = [
    AuditEvent.QUESTIONS_CREATED,
    AuditEvent.QUESTIONS_CREATED,
    AuditEvent.QUESTIONS_CREATED,
    AuditEvent.EXAMS_EDITED,
    AuditEvent.EXAMS_EDITED,
    AuditEvent.EXAMS_EDITED,
    AuditEvent.EXAMS_PUBLISHED,
    AuditEvent.EXAMS_STARTED,
    AuditEvent.EXAMS_HANDED_IN,
    AuditEvent.EXAMS_GRADING_ORDERED,
    AuditEvent.EXAMS_GRADED,
    AuditEvent.FILES_PAPER_ORDERED,
]


def typed(instant):
    """Write a time as a browser's control sends it."""
    return clock.local(instant).strftime("%Y-%m-%dT%H:%M")


def draft_by_forms(app, clerk, now):
    for question in (SINGLE, MULTIPLE, TRUE_FALSE):
        answer = clerk.submit(clerk.get("/questions/new"), question)
        with app.app_context(), db.write():
            pass_review(int(answer.location.rsplit("/", 1)[1]))
    page = clerk.get("/exams/papers/new")
    departments = [each.get("value") for each in page.all("[name=department_ids]")]
    values = {
        "title": "2026年11月一月一考",
        "opens_at": typed(now.now),
        "closes_at": typed(now.now + timedelta(hours=8)),
        "minutes": "40",
        "pass_marks": "20",
        "department_ids": departments,
    }
    page = clerk.follow(clerk.submit(page, values))
    for _ in range(3):
        page = clerk.follow(clerk.submit(page, form="#choose", button="add"))
    [paper] = [href for href in page.links() if re.fullmatch(r"/exams/papers/\d+", href)]
    clerk.submit(clerk.get(paper), form="form[action$=submit]")
    return paper


@pytest.mark.db
def test_an_exam_from_the_first_draft_to_the_printed_sheet(browse, app, now):
    clerk, chief, staff = browse("clerk"), browse("chief"), browse("staff")
    paper = draft_by_forms(app, clerk, now)
    assert "2026年11月一月一考" in chief.get("/").text_of("main")
    chief.submit(chief.get(f"{paper}/pass"))
    clerk.submit(clerk.get(f"{paper}/publish"))
    page = chief.get(paper)
    assert "应考2人" in page.text

    task = staff.get("/").one(".task a")
    examinee = Examinee(staff, int(task.get("href").rsplit("/", 1)[1]))
    page = examinee.start()
    assert len(page.all(".question")) == 3
    # The last question that was chosen is the first that was typed: newest first in the bank.
    assert examinee.save(1, ["true"], 1)["saved"]
    staff.submit(examinee.page(), {"answer-2": ["A", "B", "C"]}, form="#paper")
    receipt = examinee.hand_in()
    assert "2/3题" in receipt.text
    assert "2026年11月20日 10:00" in receipt.text

    now.move(hours=8, seconds=67)
    with app.app_context():
        sweep()
    # The people are back at their desks the next morning.
    clerk, chief, staff = browse("clerk"), browse("chief"), browse("staff")
    examinee.browser = staff
    assert staff.get(f"{examinee.url}/result", status=303).location == examinee.notice
    assert "已评卷，待公布" in chief.get("/").text
    chief.submit(chief.get(f"{paper}/release"))
    assert "20分，合格" in staff.get("/").text

    result = staff.get(f"{examinee.url}/result")
    [wrong] = result.all("main > .result-item")
    # By the 题号 that the person read: questions of one kind stand together.
    assert wrong.get("aria-label") == "第1题"
    assert SINGLE["basis"] in result.text
    job = staff.submit(result, form="form[action$=sheet]")
    assert "排队中" in staff.follow(job).text
    with app.app_context():
        run_jobs()
    done = staff.follow(job)
    [sheet] = [href for href in done.links() if href.endswith("sheet.pdf")]
    pdf = staff.get(sheet)
    assert pdf.headers["Content-Type"] == "application/pdf"
    text = printed(pdf.data)
    assert cast.name_of("staff") in text
    assert "20分" in text
    with app.app_context():
        log = db.session.query(AuditEntry).order_by(AuditEntry.seq).all()
        assert [each.event for each in log if each.event in set(EVENTS)] == EVENTS
        assert db.session.query(Exam).one().graded_run == 1
