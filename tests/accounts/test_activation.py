"""A new account opens with a one-time code, which leads to a password of one's own (AU3)."""

from datetime import timedelta

import pytest

from app.accounts import credentials, passwords, service
from app.accounts.sign_in_models import ActivationCode
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.accounts.factories import (
    FRESH,
    UNKNOWN,
    WRONG,
    choose_password,
    counted_verifications,
    counted_writes,
    events,
    faceless,
    sessions,
    try_sign_in,
    wait_for_code,
)
from tests.support import cast


@pytest.fixture
def code(app):
    with app.app_context():
        return wait_for_code("staff")


@pytest.mark.db
def test_the_code_leads_to_a_password_that_opens_the_site(browse, app, code):
    visitor = browse(None)
    assert try_sign_in(visitor, "SY001", code).location == "/"
    assert visitor.get("/", status=303).location == "/account/password"
    assert "现在的密码" not in visitor.get("/account/password").text
    assert choose_password(visitor).location == "/account"
    assert cast.name_of("staff") in visitor.get("/").text
    assert try_sign_in(browse(None), "SY001", FRESH).location == "/"
    with app.app_context():
        assert db.session.query(ActivationCode).count() == 0
        [entry] = events(AuditEvent.ACCOUNTS_PASSWORD_CHANGED)
        assert entry.person_id == cast.person_id("staff")


@pytest.mark.db
def test_code_is_gone_once_it_has_set_a_password(browse, code):
    visitor = browse(None)
    try_sign_in(visitor, "SY001", code)
    choose_password(visitor)
    try_sign_in(browse(None), "SY001", code, status=422)


def test_old_password_opens_nothing_once_there_is_a_code(browse, code):
    try_sign_in(browse(None), "SY001", cast.PASSWORD, status=422)


@pytest.mark.db
def test_second_sign_in_with_a_code_ends_the_first(browse, code):
    first, second = browse(None), browse(None)
    try_sign_in(first, "SY001", code)
    try_sign_in(second, "SY001", code)
    assert first.client.get("/account/password").location.startswith("/demo/")
    assert second.client.get("/account/password").status_code == 200


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda c: c.replace("-", ""), lambda c: f" {c} "],
    ids=["small letters", "no hyphens", "blanks"],
)
def test_code_may_be_typed_as_people_type(browse, code, change):
    assert try_sign_in(browse(None), "SY001", change(code)).location == "/"


@pytest.mark.db
def test_code_holds_until_its_last_moment_and_no_longer(browse, code, now):
    now.move(hours=24, seconds=-1)
    assert try_sign_in(browse(None), "SY001", code).location == "/"
    now.move(seconds=1)
    try_sign_in(browse(None), "SY001", code, status=422)


def test_whoever_must_set_a_password_may_still_sign_out(browse, app, code):
    visitor = browse(None)
    try_sign_in(visitor, "SY001", code)
    page = visitor.get("/account/password")
    visitor.submit(page, form="form[action$=sign-out]")
    assert visitor.client.get("/").location.startswith("/demo/")


@pytest.mark.db
@pytest.mark.parametrize("state", ["wrong code", "expired", "never issued"])
def test_refusal_of_a_code_is_like_every_other(browse, app, monkeypatch, now, state):
    """AU8: the same page, one verification and as many writes as for a name that nobody has."""
    with app.app_context():
        code = wait_for_code("staff")
        if state == "never issued":
            with db.write():
                home = cast.department_ids()[0]
                service.add_person(
                    staff_number="SY700",
                    name="新来的",
                    department_id=home,
                    post="帮办",
                    password_hash=credentials.NO_PASSWORD,
                    roles=[Role.STAFF],
                    joined_on=cast.JOINED_ON,
                )
    typed = "SY700" if state == "never issued" else "SY001"
    if state == "expired":
        now.move(hours=25)
    costs = []
    for name in (UNKNOWN, typed):
        password = code if state == "expired" else WRONG
        with (
            app.app_context(),
            counted_verifications(monkeypatch) as asked,
            counted_writes() as written,
        ):
            page = try_sign_in(browse(None), name, password, status=422)
        costs.append((faceless(page, name), len(asked), len(written)))
    assert costs[0] == costs[1]
    assert costs[0][1] == 1


def test_empty_password_opens_no_account_without_one(app):
    with app.app_context():
        wait_for_code("staff", hours=1)
        account = cast.account("staff")
        assert account.password_hash == credentials.NO_PASSWORD
        assert credentials.credential_of(account) != credentials.NO_PASSWORD
    assert not passwords.verify(credentials.NO_PASSWORD, "")


def test_codes_are_random_readable_and_stored_as_a_hash(app, code):
    codes = {credentials.make_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(len(each) == 14 and not set(each) & set("01OILSZ25U") for each in codes)
    with app.app_context():
        [row] = db.session.query(ActivationCode)
        assert credentials.bare(code) not in row.code_hash
        assert row.code_hash.startswith("$argon2id$")


def test_history_keeps_no_more_hashes_than_it_needs(app):
    with app.app_context():
        for place in range(8):
            with db.write():
                credentials.store_password(
                    account=cast.account("staff"), password_hash=f"hash {place}", remembered=5
                )
        found = list(credentials.list_earlier(cast.account("staff"), 5))
        assert found == [f"hash {place}" for place in (7, 6, 5, 4, 3)]


def test_whoever_was_signed_in_is_out_when_his_code_is_used(browse, app, now):
    office = browse("staff")
    with app.app_context():
        code = wait_for_code("staff")
    try_sign_in(browse(None), "SY001", code)
    assert office.client.get("/account").location.startswith("/demo/")
    with app.app_context():
        assert len([each for each in sessions() if each.ended_at is None]) == 1
        assert clock.now() - now.now == timedelta(0)
