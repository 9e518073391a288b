"""Choosing the questions of a draft: add, take out, move up; numbers stay without gaps."""

import pytest

from app.audit.models import AuditEvent
from app.exams.models import ExamItem
from app.exams.service import choosing, papers
from app.kernel import db
from app.kernel.forms import RefusedError
from tests.exams.factories import at_once, draft, events, publish_exam, submit
from tests.questions.factories import add_question, revise
from tests.support import cast
from tests.support.questions import retire


@pytest.fixture
def bank(app):
    with app.app_context():
        return [add_question(stem=f"{place}号题") for place in range(1, 5)]


@pytest.fixture
def exam_id(app, bank):
    """A draft with the first three of four questions."""
    with app.app_context():
        return draft(bank[:3])


def url(exam_id):
    return f"/exams/papers/{exam_id}/questions"


def order(app, exam_id):
    with app.app_context():
        items = db.session.query(ExamItem).filter_by(exam_id=exam_id).order_by(ExamItem.number)
        assert [item.number for item in items] == list(range(1, items.count() + 1))
        return [item.question_id for item in items]


def press(browse, exam_id, name, question_id):
    """Press the button of one question, as it stands on the page."""
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    offered = {each.get("value") for each in page.all(f"button[name={name}]")}
    assert str(question_id) in offered
    token = page.one("#choose input[name=csrf_token]").get("value")
    answer = clerk.post(url(exam_id), {name: question_id, "csrf_token": token})
    return clerk.follow(answer)


@pytest.mark.db
def test_questions_are_added_moved_and_taken_out(browse, app, bank, exam_id):
    one, two, three, four = bank
    press(browse, exam_id, "add", four)
    assert order(app, exam_id) == [one, two, three, four]
    press(browse, exam_id, "up", three)
    assert order(app, exam_id) == [one, three, two, four]
    page = press(browse, exam_id, "remove", one)
    assert order(app, exam_id) == [three, two, four]
    assert "已选3题，满分30分" in page.text
    with app.app_context():
        # Three by the draft itself, three by the buttons.
        assert len(events(AuditEvent.EXAMS_EDITED)) == 6


def test_the_bank_offers_what_is_not_chosen_and_in_use(browse, app, bank, exam_id):
    with app.app_context(), db.write():
        retired = bank[3]
        retire(retired)
    page = browse("clerk").get(url(exam_id))
    assert not page.all("button[name=add]")
    assert len(page.all("button[name=remove]")) == 3


def test_a_retired_question_is_refused_with_a_reason(browse, app, bank, exam_id):
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    with app.app_context(), db.write():
        retire(bank[3])
    answer = clerk.submit(page, form="#choose", button="add")
    assert "已经停用" in clerk.follow(answer).text_of(".alert-error")
    assert order(app, exam_id) == bank[:3]


def test_adding_a_question_twice_adds_it_once(browse, app, bank, exam_id):
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    for _ in range(2):
        clerk.submit(page, form="#choose", button="add")
    assert order(app, exam_id) == bank


def test_the_first_question_can_not_be_moved_up(browse, app, bank, exam_id):
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    assert len(page.all("button[name=up]")) == 2
    clerk.post(url(exam_id), {"up": bank[0], "csrf_token": clerk.token()})
    clerk.post(url(exam_id), {"up": 4711, "csrf_token": clerk.token()})
    assert order(app, exam_id) == bank[:3]


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "９", "9" * 30, "1; DROP TABLE exam"])
def test_junk_changes_nothing(browse, app, bank, exam_id, value):
    clerk = browse("clerk")
    token = clerk.token()
    for name in ("add", "remove", "up"):
        clerk.post(url(exam_id), {name: value, "csrf_token": token})
    assert order(app, exam_id) == bank[:3]


def test_filter_and_page_of_the_bank_survive_a_choice(browse, app, exam_id):
    with app.app_context():
        for place in range(12):
            add_question(stem=f"另一题{place}")
    clerk = browse("clerk")
    page = clerk.get(f"{url(exam_id)}?q=另一题&page=2")
    answer = clerk.submit(page, form="#choose", button="add")
    assert answer.location == f"{url(exam_id)}?q=%E5%8F%A6%E4%B8%80%E9%A2%98&page=2"


def test_the_bank_answers_htmx_with_the_list_alone(browse, exam_id):
    page = browse("clerk").get(f"{url(exam_id)}?q=4号", fragment=True)
    assert len(page.all("button[name=add]")) == 1
    assert "<html" not in page.body


def test_a_draft_follows_the_bank(browse, app, bank, exam_id):
    with app.app_context():
        revise(bank[0], stem="改过的题干")
    assert "改过的题干" in browse("clerk").get(url(exam_id)).text


@pytest.mark.parametrize("state", ["submitted", "published"])
def test_after_sending_for_approval_the_choice_is_closed(browse, app, bank, exam_id, state):
    clerk = browse("clerk")
    with app.app_context():
        if state == "submitted":
            submit(exam_id)
        else:
            exam_id = publish_exam(bank[:3])
    answer = clerk.post(url(exam_id), {"remove": bank[0], "csrf_token": clerk.token()})
    assert papers.NOT_A_DRAFT in clerk.follow(answer).text
    assert order(app, exam_id) == bank[:3]
    left = clerk.get(url(exam_id), status=303)
    end = "/preview" if state == "published" else ""
    assert left.location == f"/exams/papers/{exam_id}{end}"


def test_a_published_paper_never_shows_the_wording_that_the_bank_has_now(browse, app, bank):
    with app.app_context():
        exam_id = publish_exam(bank[:3])
        revise(bank[0], stem="后来改过的题干")
    clerk = browse("clerk")
    page = clerk.follow(clerk.get(url(exam_id), status=303))
    assert "1号题" in page.text
    assert "后来改过的题干" not in page.text


def test_the_buttons_send_to_the_address_in_which_filter_and_page_stand(browse, bank, exam_id):
    """htmx puts filter and page into the page's address and leaves the form as it was."""
    clerk = browse("clerk")
    page = clerk.get(url(exam_id))
    assert page.one("#choose").get("action") is None
    assert page.one("form.filter-bar").get("hx-push-url") == "true"
    sent = {"add": bank[3], "csrf_token": clerk.token()}
    answer = clerk.post(f"{url(exam_id)}?q=题&kind=single", sent)
    assert answer.location == f"{url(exam_id)}?q=%E9%A2%98&kind=single"


def test_a_paper_has_at_most_a_hundred_questions(app, monkeypatch):
    monkeypatch.setattr(choosing, "MAX_QUESTIONS", 2)
    with app.app_context(), pytest.raises(RefusedError) as refusal:
        draft()
    assert "最多2道题" in str(refusal.value)


@pytest.mark.db
def test_choices_at_the_same_moment_leave_no_gap_and_no_double(app, bank, exam_id):
    def change(act, question_id):
        def run():
            with app.app_context(), db.write():
                act(
                    exam_id=exam_id,
                    question_id=question_id,
                    edited_by_id=cast.person_id("clerk"),
                )

        return run

    acts = [change(choosing.add_item, bank[3])] * 3
    acts += [change(choosing.remove_item, bank[0]), change(choosing.move_item_up, bank[2])]
    at_once(acts)
    assert sorted(order(app, exam_id)) == sorted(bank[1:])


@pytest.mark.parametrize("who", ["staff", "chief"])
def test_only_a_clerk_chooses(browse, app, bank, exam_id, who):
    person = browse(who)
    person.get(url(exam_id), status=403)
    person.post(url(exam_id), {"remove": bank[0], "csrf_token": person.token()}, status=403)
    assert order(app, exam_id) == bank[:3]
