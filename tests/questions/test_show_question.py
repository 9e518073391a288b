"""One question with its key and versions; retiring it and taking it back."""

import pytest

from app.questions.models import QuestionState
from app.questions.question_flow import FLOW
from app.workflow.service import rebuild_state
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
    links = browse("chief").get(f"/questions/{question_id}").links()
    assert not [each for each in links if each.endswith(("/edit", "/retire"))]


def retire(clerk, question_id, **values):
    return clerk.submit(clerk.get(f"/questions/{question_id}/retire"), values)


@pytest.mark.db
def test_a_question_is_retired_with_its_reason_and_taken_back(browse, app, question_id):
    clerk = browse("clerk")
    page = clerk.follow(retire(clerk, question_id, reason="条文已经修订"))
    assert state_of(app, question_id) is QuestionState.RETIRED
    assert "停用" in page.text_of("h1")
    assert "条文已经修订" in page.text
    clerk.submit(clerk.get(f"/questions/{question_id}/restore"))
    # What was out of use is looked at again before it is drawn.
    assert state_of(app, question_id) is QuestionState.DRAFT
    with app.app_context():
        assert rebuild_state(FLOW, question_id)[0] == "draft"


def test_a_question_is_not_retired_without_a_reason(browse, app, question_id):
    clerk = browse("clerk")
    page = clerk.get(f"/questions/{question_id}/retire")
    answer = clerk.submit(page, {"reason": " "}, status=422)
    assert "请写明停用原因。" in answer.text
    assert state_of(app, question_id) is QuestionState.REVIEWED


def test_a_retired_question_keeps_its_versions(browse, app, question_id):
    clerk = browse("clerk")
    retire(clerk, question_id, reason="条文已经修订")
    assert "第1版" in clerk.get(f"/questions/{question_id}").text


@pytest.mark.parametrize("who", ["staff", "chief"])
def test_only_a_clerk_retires(browse, app, question_id, who):
    person = browse(who)
    sent = {"reason": "不要了", "version": "2", "csrf_token": person.token()}
    person.post(f"/questions/{question_id}/retire", sent, status=403)
    assert state_of(app, question_id) is QuestionState.REVIEWED


@pytest.mark.parametrize("move", ["pass", "use"])
def test_what_only_the_site_does_has_no_page(browse, question_id, move):
    browse("clerk").get(f"/questions/{question_id}/{move}", status=404)


def test_staff_see_no_question_of_the_bank(browse, question_id):
    staff = browse("staff")
    staff.get("/questions", status=403)
    staff.get(f"/questions/{question_id}", status=403)
    staff.get("/questions/export", status=403)


@pytest.mark.parametrize("number", ["4711", "0", "99999999999999999999", "x"])
def test_what_does_not_exist_is_not_found(browse, number):
    browse("clerk").get(f"/questions/{number}", status=404)
