"""One question with its key and versions; retiring it and taking it back."""

import pytest

from app.audit.models import AuditEvent
from app.questions.models import QuestionState
from tests.accounts.factories import events
from tests.questions.factories import add_question, current


@pytest.fixture
def question_id(app):
    with app.app_context():
        return add_question()


def state_of(app, question_id):
    with app.app_context():
        return current(question_id).Question.state


def test_the_page_shows_key_and_basis(browse, question_id):
    page = browse("chief").get(f"/questions/{question_id}")
    assert page.text_of(".is-key").startswith("C. 15分钟")
    assert "2023年清廉窗口创建实施方案三（四）10" in page.text
    assert "承诺要写明多长时间。" in page.text


def test_whoever_may_not_edit_finds_no_buttons(browse, question_id):
    page = browse("chief").get(f"/questions/{question_id}")
    assert not page.all("form[action$=state]")
    assert f"/questions/{question_id}/edit" not in page.links()


@pytest.mark.db
def test_a_question_is_retired_and_taken_back(browse, app, question_id):
    clerk = browse("clerk")
    page = clerk.get(f"/questions/{question_id}")
    answer = clerk.submit(page, form="form[action$=state]")
    assert state_of(app, question_id) is QuestionState.RETIRED
    page = clerk.follow(answer)
    assert "停用" in page.text_of("h1")
    clerk.submit(page, form="form[action$=state]")
    assert state_of(app, question_id) is QuestionState.ACTIVE
    with app.app_context():
        states = [entry.data["state"] for entry in events(AuditEvent.QUESTIONS_RETIRED)]
    assert states == ["retired", "active"]


def test_a_retired_question_keeps_its_versions(browse, app, question_id):
    clerk = browse("clerk")
    clerk.submit(clerk.get(f"/questions/{question_id}"), form="form[action$=state]")
    assert "第1版" in clerk.get(f"/questions/{question_id}").text


@pytest.mark.parametrize("state", ["", "deleted", "ACTIVE"])
def test_an_invented_state_is_refused(browse, app, question_id, state):
    clerk = browse("clerk")
    sent = {"state": state, "csrf_token": clerk.token()}
    clerk.post(f"/questions/{question_id}/state", sent, status=400)
    assert state_of(app, question_id) is QuestionState.ACTIVE


@pytest.mark.parametrize("who", ["staff", "chief"])
def test_only_a_clerk_retires(browse, app, question_id, who):
    person = browse(who)
    sent = {"state": "retired", "csrf_token": person.token()}
    person.post(f"/questions/{question_id}/state", sent, status=403)
    assert state_of(app, question_id) is QuestionState.ACTIVE


def test_staff_see_no_question_of_the_bank(browse, question_id):
    staff = browse("staff")
    staff.get("/questions", status=403)
    staff.get(f"/questions/{question_id}", status=403)
    staff.get("/questions/export", status=403)


@pytest.mark.parametrize("number", ["4711", "0", "99999999999999999999", "x"])
def test_what_does_not_exist_is_not_found(browse, number):
    browse("clerk").get(f"/questions/{number}", status=404)
