"""Dangerous acts ask for the password again, unless it was typed within five minutes (AC10)."""

import pytest
from flask import url_for

from app.accounts.models import Account
from app.audit.models import AuditEvent
from app.kernel import db, declared
from tests.accounts.factories import WRONG, events, sessions
from tests.support import cast

PROVEN = {
    "accounts.unlock_account", "accounts.disable_account", "accounts.enable_account",
    "accounts.reset_account", "accounts.reset_factor", "accounts.end_account_sessions",
    "accounts.end_account_session", "accounts.print_slips", "accounts.fetch_slips", "accounts.order_copy",
    "accounts.add_factor", "accounts.remove_factor",
    "accounts.decide_role", "accounts.end_role", "accounts.list_first_roles",
    "accounts.give_asked_roles", "accounts.withdraw_first_role", "accounts.open_hall",
    "accounts.new_appointment", "accounts.decide_appointment", "accounts.accept_appointment",
    "accounts.separate_duties",
}  # fmt: skip


def disable_url(who="staff"):
    return f"/accounts/{cast.account(who).id}/disable"


@pytest.fixture
def late(browse, now):
    """A system administrator who signed in six minutes ago."""
    browser = browse("sysadmin")
    now.move(minutes=6)
    return browser


def send(browser, url):
    data = {"csrf_token": browser.token(), "reason": "离岗", "confirmed": "yes"}
    return browser.post(url, data, status=None)


def test_these_acts_want_the_password_again(app):
    wanting = {name for name in app.view_functions if declared.needs_proof(app, name)}
    assert wanting == PROVEN


@pytest.mark.db
def test_what_was_posted_is_carried_along_and_done_after_the_password(late, app):
    with app.app_context():
        url = disable_url()
    asked = send(late, url)
    assert asked.status == 200
    assert "再输一次密码" in asked.text
    with app.app_context():
        assert cast.account("staff").disabled_at is None
    wrong = late.submit(asked, {"proof_password": WRONG}, status=422)
    assert "密码不正确" in wrong.text_of("#proof_password-error")
    assert wrong.one("[name=reason]").get("value") == "离岗"
    assert WRONG not in wrong.body
    late.submit(wrong, {"proof_password": cast.PASSWORD})
    with app.app_context():
        assert cast.account("staff").disabled_at is not None
        [entry] = events(AuditEvent.ACCOUNTS_DISABLED)
        assert entry.data["reason"] == "离岗"
        assert cast.PASSWORD not in repr([each.data for each in events(*AuditEvent)])


def test_within_five_minutes_nobody_asks_again(late, app):
    with app.app_context():
        first, second = disable_url(), disable_url("other")
    late.submit(send(late, first), {"proof_password": cast.PASSWORD})
    assert send(late, second).status == 303


def test_whoever_has_just_signed_in_is_not_asked(browse, app, now):
    browser = browse("sysadmin")
    now.move(minutes=5, seconds=-1)
    with app.app_context():
        url = disable_url()
    assert send(browser, url).status == 303


def test_password_is_never_carried_to_the_next_page(late, app):
    with app.app_context():
        url = disable_url()
    data = {"csrf_token": late.token(), "reason": "离岗"}
    asked = late.post(url, data, status=200)
    confirm = late.submit(asked, {"proof_password": cast.PASSWORD}, status=200)
    assert "确认停用" in confirm.text
    assert cast.PASSWORD not in confirm.body
    assert confirm.all("[name=proof_password]") == []
    late.submit(confirm)
    with app.app_context():
        assert cast.account("staff").disabled_at is not None


def test_page_is_come_back_to_after_the_password(late):
    asked = late.get("/accounts/slips/new", status=303)
    assert asked.location == "/confirm-password?next=/accounts/slips/new"
    page = late.follow(asked)
    refused = late.submit(page, {"proof_password": WRONG}, status=422)
    done = late.submit(refused, {"proof_password": cast.PASSWORD})
    assert done.location == "/accounts/slips/new"
    late.follow(done)


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_it_leads_to_no_other_site(browse, target):
    staff = browse("staff")
    page = staff.get("/confirm-password")
    done = staff.submit(page, {"proof_password": cast.PASSWORD, "next": target})
    assert done.location == "/"


@pytest.mark.db
def test_session_gets_a_new_id_and_no_longer_life(late, app, now):
    old = late.client.get_cookie("clean-window").value
    with app.app_context():
        [before] = sessions()
    page = late.get("/confirm-password")
    late.submit(page, {"proof_password": cast.PASSWORD})
    with app.app_context():
        [after] = sessions()
    assert after.token_hash != before.token_hash
    assert after.created_at == before.created_at
    assert after.proven_at == now.now
    assert late.client.get("/").status_code == 200
    thief = app.test_client()
    thief.set_cookie("clean-window", old)
    assert thief.get("/").location.startswith("/demo/")


def test_guessing_locks_the_name(late, app):
    for _ in range(5):
        page = late.get("/confirm-password")
        late.submit(page, {"proof_password": WRONG}, status=422)
    page = late.get("/confirm-password")
    late.submit(page, {"proof_password": cast.PASSWORD}, status=422)
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_LOCKED)) == 1


def test_whoever_may_not_is_not_even_asked(browse, app, now):
    staff = browse("staff")
    now.move(minutes=6)
    with app.app_context():
        url = disable_url("other")
    assert send(staff, url).status == 403


def test_htmx_is_sent_to_the_page(late, app):
    answer = late.client.get("/accounts/slips/new", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer.headers["HX-Redirect"].startswith("/confirm-password")
    with app.test_request_context():
        assert url_for("accounts.confirm_password") == "/confirm-password"
        assert db.session.get(Account, 1) is not None
