"""The entrance of the demonstration: as whom one may enter, and the exam that one may try."""

from datetime import date

import pytest

from app.accounts import demo
from app.accounts import service as accounts
from app.audit.models import AuditEvent
from app.exams.models import Exam, ExamPhase, Sitting
from app.kernel import db
from tests.accounts.factories import events, sessions
from tests.exams.factories import Examinee, run_jobs
from tests.questions.factories import add_question

ENTRANCE = "/demo/"
QUESTIONS = 6


@pytest.fixture
def people(app):
    """Put the demonstration's cast beside that of the tests, with a small bank of questions."""
    with app.app_context():
        with db.write():
            home = accounts.add_department(name="演示部门", position=9)
            for member in demo.CAST:
                demo.add(member, home, "nobody signs in with it", date(2025, 1, 6))
        for place in range(QUESTIONS):
            add_question(stem=f"{place}号题")


def test_everybody_of_the_cast_has_a_button(browse, people):
    page = browse(None).get(ENTRANCE)
    offered = [each.get("value") for each in page.all("[name=staff_number]")]
    assert offered == [member.enters_as for member in demo.CAST]
    assert "安全管理员" in page.text


@pytest.mark.db
def test_entering_gives_a_session_and_is_written_down(app, browse, people):
    visitor = browse(None)
    answer = visitor.submit(visitor.get(ENTRANCE), form=".entrances form:first-child")
    assert demo.CAST[0].name in visitor.follow(answer).text
    with app.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_DEMO_ENTERED)
        account = accounts.find_account(accounts.normalise(demo.CAST[0].enters_as))
        assert (entry.person_id, sessions()[0].account_id) == (account.person_id, account.id)


@pytest.mark.parametrize("number", ["SY003", "", "QY9999", "qy0103"])
def test_nobody_else_can_be_entered_as(app, browse, people, number):
    visitor = browse(None)
    token = visitor.get(ENTRANCE).all("[name=csrf_token]")[0].get("value")
    sent = {"staff_number": number, "csrf_token": token}
    visitor.post(f"{ENTRANCE}enter", sent, status=404)
    with app.app_context():
        assert sessions() == []


def test_another_machine_finds_no_entrance(app, browse, people):
    visitor = browse(None)
    far = {"REMOTE_ADDR": "10.1.2.3"}
    assert visitor.client.get(ENTRANCE, environ_overrides=far).status_code == 404
    for here in ("127.0.0.1", "::1", "127.8.8.8"):
        near = {"REMOTE_ADDR": here}
        assert visitor.client.get(ENTRANCE, environ_overrides=near).status_code == 200


@pytest.mark.db
def test_the_exam_to_try_ends_in_marks_by_itself(app, browse, people):
    visitor = browse(None)
    answer = visitor.submit(visitor.get(ENTRANCE), form="form[action$=try-exam]")
    with app.app_context():
        exam = db.session.query(Exam).one()
        assert (exam.question_count, exam.minutes, exam.releases_when_complete) == (5, 3, True)
        assert db.session.query(Sitting).count() == 1
    assert answer.location == f"/exams/{exam.id}"
    examinee = Examinee(visitor, exam.id)
    examinee.start()
    examinee.save(1, ["C"], 1)
    examinee.hand_in()
    with app.app_context():
        run_jobs()
        db.session.expire_all()
        assert db.session.get_one(Exam, exam.id).phase(exam.closes_at) is ExamPhase.RELEASED
    assert "得分 10分" in visitor.get(f"{examinee.url}/result").text


def test_the_exam_can_be_tried_again_and_again(app, browse, people, now):
    for _ in range(2):
        visitor = browse(None)
        visitor.submit(visitor.get(ENTRANCE), form="form[action$=try-exam]")
        now.move(minutes=5)
    with app.app_context():
        assert db.session.query(Exam).count() == 2


def test_without_the_demonstrations_people_there_is_nothing_to_try(app, browse):
    visitor = browse(None)
    page = visitor.get(ENTRANCE)
    assert visitor.submit(page, form="form[action$=try-exam]", status=404).status == 404
    with app.app_context():
        assert sessions() == []
        assert db.session.query(Exam).count() == 0
