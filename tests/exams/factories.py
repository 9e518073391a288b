"""Exams for tests: a hall that makes them through the services, and somebody who sits them."""

import json
import re
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select, text

from app.accounts import service as accounts
from app.accounts import sessions
from app.audit.models import AuditEntry
from app.exams.models import (
    Answer,
    Exam,
    LateAnswer,
    PaperQuestion,
    Sitting,
    SittingResult,
)
from app.exams.service import choosing, drafting, grading, publishing, sittings
from app.exams.service.papers import Settings
from app.jobs import service as jobs
from app.jobs.models import Job
from app.kernel import clock, db
from app.questions.kinds import QuestionKind
from tests.questions.factories import add_question
from tests.support import cast
from tests.support.pages import Browser

# One question of each kind, ten marks each.
BANK = (
    {"stem": "材料齐全的，多长时间内完成收件？"},
    {
        "kind": QuestionKind.MULTIPLE,
        "stem": "“三亮”行动包括哪几项？",
        "options": ["亮身份", "亮标准", "亮承诺", "亮成绩"],
        "key": ["A", "B", "C"],
    },
    {
        "kind": QuestionKind.TRUE_FALSE,
        "stem": "党员一律佩戴党员徽章。",
        "options": [],
        "key": ["true"],
    },
)
KEY = {1: ["C"], 2: ["A", "B", "C"], 3: ["true"]}
WRONG = {1: ["A"], 2: ["A", "B"], 3: ["false"]}
MINUTES = 40


def settings(**values):
    """Give settings of an exam that is open from now on for eight hours, for everybody."""
    now = clock.now()
    given = {
        "title": "2026年11月一月一考",
        "notice": "办件优先。\n多选题少选、错选均不得分。",
        "opens_at": now,
        "closes_at": now + timedelta(hours=8),
        "minutes": MINUTES,
        "pass_marks": Decimal(20),
        "department_ids": cast.department_ids(),
    }
    return Settings(**given | values)


def draft(questions=BANK, **values):
    """Draft an exam with these questions, made or given by their ids; returns its id."""
    ids = [each if isinstance(each, int) else add_question(**each) for each in questions]
    clerk = cast.person_id("clerk")
    with db.write():
        exam_id = drafting.draft_paper(settings=settings(**values), drafted_by_id=clerk)
        for question_id in ids:
            choosing.add_item(exam_id=exam_id, question_id=question_id, edited_by_id=clerk)
    return exam_id


def submit(exam_id):
    with db.write():
        publishing.submit_paper(exam_id=exam_id, submitted_by_id=cast.person_id("clerk"))


def review(exam_id, who="chief"):
    """Let the chief pass a paper that was sent."""
    with db.write():
        publishing.review_paper(exam_id=exam_id, reviewed_by_id=cast.person_id(who))


def id_of(who):
    """Give the id of a member of the cast, or the id that was given."""
    return cast.person_id(who) if isinstance(who, str) else who


def publish(exam_id, only=None):
    """Let the chief publish a draft; returns the number of sittings."""
    submit(exam_id)
    review(exam_id)
    with db.write():
        return publishing.publish_paper(
            exam_id=exam_id,
            published_by_id=cast.person_id("clerk"),
            only_person_ids=None if only is None else frozenset(map(id_of, only)),
        )


def publish_exam(questions=BANK, only=None, **values):
    """Make a published exam; returns its id."""
    exam_id = draft(questions, **values)
    publish(exam_id, only)
    return exam_id


def run_jobs():
    """Do what has been ordered, as the worker would."""
    for job_id in jobs.list_startable():
        jobs.run_job(job_id)


def sweep():
    """Let the worker's periodic task and what it orders run."""
    grading.sweep()
    run_jobs()


def release(exam_id):
    with db.write():
        grading.release_results(exam_id=exam_id, released_by_id=cast.person_id("chief"))


def order_grading(exam_id):
    with db.write():
        return grading.order_grading(exam_id=exam_id, ordered_by_id=cast.person_id("clerk"))


def admit(late_answer_id, reason="网络中断，有值班记录。"):
    with db.write():
        grading.admit_late_answer(
            late_answer_id=late_answer_id,
            reason=reason,
            admitted_by_id=cast.person_id("clerk"),
        )


def get_exam(exam_id):
    return db.session.get_one(Exam, exam_id)


def sitting_of(exam_id, who):
    return db.session.scalars(
        select(Sitting).where(Sitting.exam_id == exam_id, Sitting.person_id == id_of(who))
    ).one()


def sit(exam_id, who, chosen=KEY, hand_in=True):
    """Let somebody start, answer and hand in, past the pages; returns the sitting's public id."""
    sitting = sitting_of(exam_id, who)
    with db.write():
        sittings.start_sitting(exam_id=exam_id, person_id=sitting.person_id)
        for number, labels in chosen.items():
            save(sitting.id, number, labels)
        if hand_in:
            sittings.hand_in(sitting_id=sitting.id, received_at=clock.now())
    return sitting.public_id


def save(sitting_id, number, labels, revision=1, at=None):
    """Save an answer in the open write."""
    return sittings.save_answer(
        sitting_id=sitting_id,
        number=number,
        chosen=labels,
        is_flagged=False,
        revision=revision,
        received_at=at or clock.now(),
    )


def answers_of(sitting_id):
    """Give the stored answers: number -> (chosen, revision)."""
    rows = db.session.scalars(select(Answer).where(Answer.sitting_id == sitting_id))
    return {row.number: (row.chosen, row.revision) for row in rows}


def late_of(sitting_id):
    """Give the late answers in the order in which they came: (number, chosen, revision)."""
    rows = db.session.scalars(
        select(LateAnswer).where(LateAnswer.sitting_id == sitting_id).order_by(LateAnswer.id)
    )
    return [(row.number, row.chosen, row.revision) for row in rows]


def results_of(exam_id):
    """Give all stored results of an exam as rows that can be compared."""
    rows = db.session.execute(
        select(SittingResult)
        .join(Sitting, Sitting.id == SittingResult.sitting_id)
        .where(Sitting.exam_id == exam_id)
        .order_by(SittingResult.sitting_id, SittingResult.run)
    ).scalars()
    return [
        (row.sitting_id, row.run, row.marks, row.is_passed, row.correct_count, row.details)
        for row in rows
    ]


def frozen(exam_id):
    """Give the frozen questions of a paper in their order."""
    return list(
        db.session.scalars(
            select(PaperQuestion)
            .where(PaperQuestion.exam_id == exam_id)
            .order_by(PaperQuestion.number)
        )
    )


def jobs_of(kind):
    return list(db.session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


def events(*kinds):
    return list(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.event.in_(kinds)).order_by(AuditEntry.seq)
        )
    )


def graded_exam(now, **answers):
    """Make an exam that these people sat, closed and graded; returns its id."""
    exam_id = publish_exam()
    for who, chosen in answers.items():
        sit(exam_id, who, chosen)
    now.move(hours=8, seconds=67)
    sweep()
    return exam_id


def released_exam(now, **answers):
    exam_id = graded_exam(now, **answers)
    release(exam_id)
    return exam_id


def direct(statement, **values):
    """Run SQL past the site's own rules, as somebody at the database's prompt might."""
    with db.write():
        db.session.execute(text(statement), values)


def browser_of(app, person_id):
    """Give the browser of somebody outside of the cast."""
    with app.app_context(), db.write():
        signed = sessions.begin_session(accounts.business_account(person_id))
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = signed.token
    return Browser(app=app, client=client, who="somebody")


def twins(browser, count):
    """Give more browsers with the very same session, as of one person who clicks too often."""
    made = []
    for _ in range(count):
        client = browser.app.test_client()
        cookie = browser.client.get_cookie("clean-window")
        client.set_cookie("clean-window", cookie.value)
        if mark := browser.client.get_cookie("exam-device", path="/exams"):
            client.set_cookie("exam-device", mark.value, path="/exams")
        made.append(Browser(app=browser.app, client=client, who=browser.who))
    return made


def at_once(acts):
    """Call functions in threads that start together; gives what they return."""
    start = threading.Barrier(len(acts))

    def run(act):
        start.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def printed(content):
    """Read the text of a PDF, blanks left out: justified Chinese is full of them."""
    command = ["pdftotext", "-", "-"]
    text = subprocess.run(command, input=content, capture_output=True, check=True).stdout.decode()
    return "".join(text.split())


class Examinee:
    """Somebody who sits an exam in his browser; saves as the page's script does."""

    def __init__(self, browser, exam_id):
        self.browser = browser
        self.exam_id = exam_id
        self.notice = f"/exams/{exam_id}"
        self.url = ""
        self._token = ""

    def start(self):
        """Go in by the notice's button; returns the sitting page."""
        notice = self.browser.get(self.notice)
        answer = self.browser.submit(notice, form="form[action$=start]")
        self.url = answer.location
        page = self.browser.follow(answer)
        self._token = page.one("#paper input[name=csrf_token]").get("value")
        return page

    def page(self, status=200):
        return self.browser.get(self.url, status=status)

    def save(self, number, chosen, revision, status=200, **fields):
        """Save one answer by the script's request; returns the JSON answer."""
        data = {
            "answer": list(chosen),
            "revision": str(revision),
            "flagged": "0",
            "csrf_token": self._token,
            **fields,
        }
        answer = self.browser.client.post(f"{self.url}/answers/{number}", data=data)
        assert answer.status_code == status, answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "no-store"
        return json.loads(answer.get_data())

    def hand_in(self):
        """Hand in at once, as the script does; returns the receipt page."""
        answer = self.browser.post(f"{self.url}/hand-in", {"csrf_token": self._token})
        assert answer.location == f"{self.url}/receipt"
        return self.browser.follow(answer)

    @staticmethod
    def receipt(browser, url):
        """Give the number on the receipt of a sitting."""
        [code] = re.findall(r"\b[2-9A-Z]{10}\b", browser.get(f"{url}/receipt").text_of("main"))
        return code
