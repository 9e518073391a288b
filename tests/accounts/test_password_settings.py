"""The rules of passwords as settings: each within its bounds, read by one look a request."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.accounts import password_settings, policy, slips
from app.accounts.policy import PasswordProfile, SecurityProfile, security_profile
from app.accounts.sign_in_models import ActivationCode
from app.kernel import clock, db
from tests.accounts.factories import choose_password, try_sign_in
from tests.settings.factories import find, set_value
from tests.support import cast

BOUNDS = {
    "accounts.password_min_length": (10, 32),
    "accounts.password_renewal_days": (30, 180),
    "accounts.passwords_remembered": (5, 12),
    "accounts.activation_days": (1, 30),
    "accounts.reset_hours": (1, 24),
}


@contextmanager
def counted_looks():
    """Count the questions to the table of settings inside the block."""
    found = []

    def note(connection, cursor, statement, parameters, context, executemany):
        if "setting_value" in statement:
            found.append(statement)

    engine = db.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.db
def test_without_any_value_the_profile_is_the_one_of_the_rule_book(app):
    with app.app_context():
        assert security_profile() == SecurityProfile()


@pytest.mark.db
def test_every_number_of_the_profile_comes_from_its_setting(app):
    values = {
        "accounts.password_profile": "asvs",
        "accounts.password_min_length": "12",
        "accounts.password_renewal_days": "30",
        "accounts.passwords_remembered": "8",
        "accounts.activation_days": "3",
        "accounts.reset_hours": "2",
        "accounts.level_three": "yes",
    }
    assert set(values) == {each.key for each in password_settings.SETTINGS}
    with app.app_context():
        for key, text in values.items():
            set_value(key, text)
        assert security_profile() == SecurityProfile(
            passwords=PasswordProfile.ASVS,
            min_length=12,
            renewal_days=30,
            remembered=8,
            activation_days=3,
            reset_hours=2,
            is_level_three=True,
        )


@pytest.mark.parametrize("key", BOUNDS)
def test_no_number_leaves_its_bounds(app, key):
    with app.app_context():
        setting = find(key)
    lowest, highest = BOUNDS[key]
    assert (setting.lowest, setting.highest) == (lowest, highest)
    assert setting.is_policy
    for text in (str(lowest - 1), str(highest + 1)):
        with pytest.raises(ValueError, match=f"{lowest}到{highest}"):
            setting.parse(text)
    assert setting.load(-5) == lowest


def test_only_the_security_administrator_sets_them(browse, app):
    for who, status in (("secadmin", 303), ("sysadmin", 403), ("clerk", 403)):
        browser = browse(who)
        url = "/settings/accounts.password_min_length"
        values = {"value": "12", "valid_from": "2026-11-21", "reason": "例会", "version": "0"}
        browser.post(url, {**values, "csrf_token": browser.token()}, status=status)


@pytest.mark.db
def test_a_longer_minimum_counts_for_the_next_password_and_its_hint(browse, app):
    with app.app_context():
        set_value("accounts.password_min_length", "20")
    staff = browse("staff")
    assert "至少20位" in staff.get("/account/password").text
    page = choose_password(staff, "Harvest-Lantern-88", status=422)
    assert "至少20位" in page.text
    choose_password(staff, "Harvest-Lantern-8888-Quiet")


def test_the_profile_of_length_alone_asks_for_no_kinds_and_no_renewal(browse, app, now):
    with app.app_context():
        set_value("accounts.password_profile", "asvs")
    now.move(days=400)
    staff = browse("staff")
    assert "不用定期更换" in staff.get("/account").text
    assert "四类" not in staff.get("/account/password").text
    choose_password(staff, "quietlanternsharvest")


@pytest.mark.db
def test_a_shorter_renewal_counts_at_the_next_sign_in(browse, app, now):
    with app.app_context():
        set_value("accounts.password_renewal_days", "30")
    now.move(days=29)
    browse("staff").get("/account")
    now.move(days=2)
    assert browse("staff").get("/account", status=303).location == "/account/password"


def test_level_three_leads_administrators_to_their_second_factor(browse, app):
    browse("sysadmin").get("/accounts")
    with app.app_context():
        set_value("accounts.level_three", "yes")
    assert browse("sysadmin").get("/accounts", status=303).location == "/account/second-factor"
    browse("clerk").get("/people")


def test_slips_and_resets_last_as_long_as_the_settings_say(browse, app):
    with app.app_context():
        set_value("accounts.activation_days", "3")
        set_value("accounts.reset_hours", "2")
        assert clock.local(slips.valid_until()).date() == clock.today() + timedelta(days=3)
        account_id = cast.account("chief").id
    sysadmin = browse("sysadmin")
    values = {"reason": "忘记", "confirmed": "yes", "csrf_token": sysadmin.token()}
    page = sysadmin.post(f"/accounts/{account_id}/reset", values, status=200)
    assert "2小时" in page.text
    with app.app_context():
        code = db.session.get_one(ActivationCode, account_id)
        assert code.valid_until == clock.now() + timedelta(hours=2)


def test_the_message_of_a_refused_sign_in_has_the_numbers_in_force(browse, app):
    with app.app_context():
        set_value("accounts.lock_after", "3")
        set_value("accounts.lock_minutes", "60")
    page = try_sign_in(browse(None), "SY001", "wrong", status=422)
    assert "连续输错3次会锁定60分钟" in page.text


@pytest.mark.db
@pytest.mark.parametrize("url", ["/", "/account", "/account/password", "/people"])
def test_a_page_looks_at_the_settings_once(browse, app, url):
    clerk = browse("clerk")
    with app.app_context(), counted_looks() as looks:
        clerk.get(url)
    assert len(looks) == 1


def test_outside_of_a_request_the_profile_costs_one_look(app):
    with app.app_context(), counted_looks() as looks:
        security_profile()
    assert len(looks) == 1


def test_a_replacement_is_for_tests_and_wins(app, monkeypatch):
    profile = SecurityProfile(min_length=15)
    monkeypatch.setitem(app.config, "SECURITY_PROFILE", profile)
    with app.app_context():
        assert policy.security_profile() is profile
