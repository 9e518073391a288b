"""Who may see a key: rooms name through a socket the questions that somebody must not see."""

from dataclasses import replace

import pytest

from app.kernel.permissions import Grant, Principal, Role
from app.questions import service
from app.questions.kinds import QuestionKind
from tests.questions.factories import add_question
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def principal(who):
    return Principal(
        account_id=0,
        person_id=cast.person_id(who),
        name=cast.name_of(who),
        staff_number="",
        department_id=1,
        department_name="",
        grants=frozenset({Grant(role=Role.CLERK, department_id=None)}),
        session_id="",
    )


@pytest.fixture
def hide(app, monkeypatch):
    """Let rooms hide questions, each its own."""

    def act(*sockets):
        rooms = app.extensions["clean-window"]
        bare = [replace(room, hidden_questions=None) for room in rooms]
        hiding = [replace(bare[place], hidden_questions=each) for place, each in enumerate(sockets)]
        monkeypatch.setitem(app.extensions, "clean-window", hiding + bare[len(hiding) :])

    return act


def test_a_hidden_question_can_neither_be_listed_nor_opened(hide):
    shown, first, second = (add_question(stem=f"{place}题") for place in range(3))
    hide(
        lambda user: (
            frozenset({first}) if user.person_id == cast.person_id("clerk") else frozenset()
        ),
        lambda user: frozenset({second}),
    )
    clerk = principal("clerk")
    assert service.hidden_from(clerk) == {first, second}
    assert [
        found.id for found, _ in service.db.session.execute(service.select_questions_for(clerk))
    ] == [shown]
    assert service.get_question_for(clerk, shown) is not None
    assert service.get_question_for(clerk, first) is None
    assert service.get_question_for(principal("chief"), first) is not None
    assert service.get_question_for(principal("chief"), second) is None


def test_a_hidden_question_is_not_found_on_any_page(browse, hide):
    number = add_question(stem="保密题")
    hide(lambda user: frozenset({number}))
    clerk = browse("clerk")
    for path in ("", "/edit"):
        clerk.get(f"/questions/{number}{path}", status=404)
    sent = {"reason": "不要了", "version": "2", "csrf_token": clerk.token()}
    clerk.post(f"/questions/{number}/retire", sent, status=404)
    assert "保密题" not in clerk.get("/questions").text


KEYS = {
    "single": (["B"], ["B"]),
    "multiple": (["C", "A"], ["A", "C"]),
    "true_false": (["false"], ["false"]),
    "blank": ([["乙", "甲"], ["丙"]], [["乙", "甲"], ["丙"]]),
    "numeric": ([{"value": "15", "tolerance": "0"}], [{"value": "15", "tolerance": "0"}]),
    "short": (["参考答案"], ["参考答案"]),
    "essay": (["参考答案"], ["参考答案"]),
}


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_letters_are_stored_in_order_and_other_keys_as_they_are(kind):
    key, kept = KEYS[kind]
    number = add_question(kind=kind, key=key)
    [version] = service.list_versions(number)
    assert version.key == kept
