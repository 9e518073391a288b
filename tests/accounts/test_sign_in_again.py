"""A page whose session has gone asks for the password in place, and goes on."""

import json

import pytest

from app.accounts import passwords
from tests.accounts.factories import WRONG, disable, faceless, try_sign_in

URL = "/sign-in/again"


def ask(visitor, token, status, **values):
    sent = {"staff_number": "SY001", "password": WRONG, "csrf_token": token, **values}
    return visitor.post(URL, sent, status=status)


def token_from(visitor):
    return json.loads(visitor.get(URL).body)["csrf_token"]


@pytest.mark.db
def test_the_password_gives_a_session_and_the_token_for_what_is_sent_next(browse, now):
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    now.move(minutes=31)
    assert visitor.client.get("/").status_code == 303
    answer = ask(visitor, token_from(visitor), 200, password="Quiet-Window-2026")
    assert visitor.client.get("/").status_code == 200
    token = json.loads(answer.body)["csrf_token"]
    assert visitor.post("/sign-out", {"csrf_token": token}).location == "/sign-in"


def test_without_a_token_nothing_is_checked(browse, monkeypatch):
    monkeypatch.setattr(passwords, "verify", None)
    answer = browse(None).post(URL, {"staff_number": "SY001", "password": WRONG}, status=400)
    assert json.loads(answer.body)["error"] == "refused"


def test_a_refusal_is_json_and_says_no_more_than_the_page(browse, app):
    visitor = browse(None)
    wrong = ask(visitor, token_from(visitor), 422)
    with app.app_context():
        disable("staff")
    disabled = ask(visitor, token_from(visitor), 422, password="Quiet-Window-2026")
    assert faceless(wrong, "") == faceless(disabled, "")
    assert json.loads(wrong.body)["error"] == "refused"
    assert "锁定15分钟" in json.loads(wrong.body)["message"]


def test_an_empty_form_is_refused_without_counting_a_failure(browse):
    visitor = browse(None)
    token = token_from(visitor)
    for _ in range(6):
        ask(visitor, token, 422, password="")
    assert try_sign_in(visitor, "SY001").location == "/"


def test_it_counts_towards_the_same_lock(browse):
    visitor = browse(None)
    token = token_from(visitor)
    for _ in range(5):
        ask(visitor, token, 422)
    ask(visitor, token, 422, password="Quiet-Window-2026")
    try_sign_in(visitor, "SY001", status=422)


def test_a_full_queue_says_when_to_try_again(browse, monkeypatch):
    def busy(stored, password):
        raise passwords.BusyError

    monkeypatch.setattr(passwords, "verify", busy)
    visitor = browse(None)
    answer = ask(visitor, token_from(visitor), 503)
    assert answer.headers["Retry-After"] == "3"
    assert json.loads(answer.body)["error"] == "busy"


def test_its_answers_are_kept_by_nobody(browse):
    assert browse(None).get(URL).headers["Cache-Control"] == "no-store"
