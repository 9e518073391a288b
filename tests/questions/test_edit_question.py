"""Changing a question: always a new version; a stale edit shows the difference and loses nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.audit.models import AuditEvent
from app.kernel.forms import StaleEditError
from app.questions import service
from app.questions.kinds import QuestionKind
from app.questions.models import QuestionState
from app.questions.question_flow import FLOW
from app.workflow.service import rebuild_state
from tests.accounts.factories import events
from tests.questions.factories import MULTIPLE, add_question, current, revise
from tests.support import cast


@pytest.fixture
def question_id(app):
    with app.app_context():
        return add_question()


def url(question_id):
    return f"/questions/{question_id}/edit"


def typed_in(page):
    """Give what stands in the form."""
    texts = {name: page.one(f"textarea[name={name}]").text for name in ("stem", "options", "key")}
    values = {"version": page.one("[name=version]").get("value")}
    return {name: (text or "").removeprefix("\n") for name, text in texts.items()} | values


@pytest.mark.db
def test_an_edit_is_a_new_version_and_the_old_one_stays(browse, app, question_id):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(url(question_id)), {"stem": "改过的题干", "key": "B"})
    assert answer.location == f"/questions/{question_id}"
    page = clerk.follow(answer)
    assert "改过的题干" in page.text
    assert "第2版" in page.text
    assert "材料齐全" in page.text
    with app.app_context():
        newer, older = service.list_versions(question_id)
        assert (newer.number, newer.stem, newer.key) == (2, "改过的题干", ["B"])
        assert (older.number, older.key) == (1, ["C"])
        [entry] = events(AuditEvent.QUESTIONS_REVISED)
        assert entry.data == {"version": 2}
        assert entry.person_id == cast.person_id("clerk")


def test_the_form_begins_with_what_is_stored(browse, question_id):
    page = browse("clerk").get(url(question_id))
    assert typed_in(page) == {
        "stem": "材料齐全的，多长时间内完成收件？",
        "options": "5分钟\n10分钟\n15分钟",
        "key": "C",
        "version": "2",
    }


def test_sending_the_form_as_it_is_makes_no_version(browse, app, question_id):
    clerk = browse("clerk")
    page = clerk.follow(clerk.submit(clerk.get(url(question_id))))
    assert "没有改动" in page.text
    with app.app_context():
        assert len(service.list_versions(question_id)) == 1
        assert current(question_id).Question.state is QuestionState.REVIEWED


def test_other_tags_make_no_version_and_need_no_review(browse, app, question_id):
    clerk = browse("clerk")
    page = clerk.follow(clerk.submit(clerk.get(url(question_id)), {"tags": "收件、首问"}))
    assert "知识点已保存" in page.text
    with app.app_context():
        assert len(service.list_versions(question_id)) == 1
        assert service.tags_of([question_id])[question_id] == ["收件", "首问"]
        assert current(question_id).Question.state is QuestionState.REVIEWED
        assert len(events(AuditEvent.QUESTIONS_TAGGED)) == 1


def test_a_true_or_false_question_comes_back_as_it_was_typed(browse, app):
    clerk = browse("clerk")
    with app.app_context():
        number = add_question(kind=QuestionKind.TRUE_FALSE, options=[], key=["false"])
    page = clerk.get(url(number))
    assert typed_in(page)["key"] == "错"
    assert typed_in(page)["options"] == ""


@pytest.mark.db
def test_a_stale_edit_shows_what_is_stored_and_keeps_what_was_typed(browse, app, question_id):
    clerk = browse("clerk")
    page = clerk.get(url(question_id))
    with app.app_context():
        revise(question_id, stem="别人改的题干", key=["A"])
    answer = clerk.submit(page, {"stem": "我的题干", "key": "B"}, status=409)
    assert "别人改的题干" in answer.text_of(".alert-warning")
    assert typed_in(answer) == {
        "stem": "我的题干",
        "options": "5分钟\n10分钟\n15分钟",
        "key": "B",
        "version": "4",
    }
    with app.app_context():
        assert current(question_id).QuestionVersion.stem == "别人改的题干"
    clerk.submit(answer)
    with app.app_context():
        assert current(question_id).QuestionVersion.stem == "我的题干"
        assert current(question_id).Question.wording == 3


@pytest.mark.parametrize("version", ["", "0", "junk", "-1", "1", "3", "９", "9" * 30])
def test_a_forged_version_is_a_stale_one(browse, app, question_id, version):
    clerk = browse("clerk")
    clerk.submit(clerk.get(url(question_id)), {"version": version}, status=409)
    with app.app_context():
        assert current(question_id).Question.wording == 1


def test_a_refused_edit_keeps_what_was_typed(browse, app, question_id):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(url(question_id)), {"key": "D", "stem": "新题干"}, status=422)
    assert answer.all("#key-error")
    assert typed_in(answer)["stem"] == "新题干"
    assert typed_in(answer)["version"] == "2"
    with app.app_context():
        assert current(question_id).Question.wording == 1


@pytest.mark.db
def test_a_reviewed_question_that_is_changed_has_to_be_reviewed_again(browse, app, question_id):
    clerk = browse("clerk")
    with app.app_context():
        assert current(question_id).Question.state is QuestionState.REVIEWED
    clerk.submit(clerk.get(url(question_id)), {"stem": "改过的题干"})
    with app.app_context():
        question = current(question_id).Question
        assert question.state is QuestionState.DRAFT
        assert rebuild_state(FLOW, question_id)[0] == "draft"


def test_a_question_can_change_its_kind(browse, app, question_id):
    clerk = browse("clerk")
    clerk.submit(clerk.get(url(question_id)), MULTIPLE)
    with app.app_context():
        assert current(question_id).QuestionVersion.key == ["A", "B", "C"]


@pytest.mark.db
def test_of_edits_at_the_same_moment_one_is_taken_and_the_others_are_told(app, question_id):
    def edit(place):
        with app.app_context():
            try:
                revise(question_id, seen_version=2, stem=f"第{place}人的题干")
            except StaleEditError:
                return 0
            return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(edit, range(6))) == 1
    with app.app_context():
        assert [each.number for each in service.list_versions(question_id)] == [2, 1]
        assert len(events(AuditEvent.QUESTIONS_REVISED)) == 1


@pytest.mark.parametrize("who", ["staff", "chief"])
def test_only_a_clerk_edits(browse, app, question_id, who):
    person = browse(who)
    person.get(url(question_id), status=403)
    person.post(url(question_id), {**MULTIPLE, "csrf_token": person.token()}, status=403)
    with app.app_context():
        assert current(question_id).Question.wording == 1


def test_what_does_not_exist_is_not_found(browse):
    clerk = browse("clerk")
    clerk.get(url(4711), status=404)
    clerk.post(url(4711), {**MULTIPLE, "csrf_token": clerk.token()}, status=404)
