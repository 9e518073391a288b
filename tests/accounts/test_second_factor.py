"""动态口令 (AU10): two steps, no session between them, and no code twice."""

import pytest
from sqlalchemy import select, update

from app.accounts import second_factor
from app.accounts.policy import SecurityProfile
from app.accounts.sign_in_models import RecoveryCode, SecondFactor
from app.audit.models import AuditEvent
from app.kernel import db
from tests.accounts.factories import (
    SECRET,
    WRONG,
    code_now,
    events,
    sessions,
    try_sign_in,
    with_factor,
)
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture
def codes(app, now):
    with app.app_context():
        return with_factor("staff", now)


def first_step(browse):
    visitor = browse(None)
    assert try_sign_in(visitor, "SY001").location == "/sign-in/code"
    return visitor


def second_step(visitor, code, status=303):
    page = visitor.get("/sign-in/code")
    return visitor.submit(page, {"code": code}, status=status)


def test_it_is_set_up_by_its_picture_or_by_typing(browse, app):
    staff = browse("staff")
    page = staff.get("/account/second-factor")
    assert page.one("main img").get("src").startswith("data:image/svg+xml")
    assert "style=" not in page.one("main img").get("src")
    secret = page.one("[name=secret]").get("value")
    assert page.text_of("main code").replace(" ", "") == secret
    wrong = staff.submit(page, {"code": "000000"}, form="#factor-form", status=422)
    assert wrong.one("[name=secret]").get("value") == secret
    done = staff.submit(wrong, {"code": code_now(secret)}, form="#factor-form", status=200)
    shown = [each.text for each in done.all("main li code")]
    assert len(set(shown)) == 10
    assert shown[0] not in staff.get("/account").body
    with app.app_context():
        stored = set(db.session.scalars(select(RecoveryCode.code_hash)))
        assert stored == {second_factor.hash_recovery(each.replace("-", "")) for each in shown}
        assert len(events(AuditEvent.ACCOUNTS_FACTOR_ADDED)) == 1


def test_no_session_before_the_second_step(browse, app, codes):
    visitor = first_step(browse)
    assert visitor.client.get("/").location.startswith("/demo/")
    with app.app_context():
        assert sessions() == []
    assert second_step(visitor, code_now()).location == "/"
    assert visitor.client.get("/").status_code == 200
    with app.app_context():
        assert len(sessions()) == 1


def test_page_that_was_wanted_is_carried_through_both_steps(browse, codes):
    visitor = browse(None)
    values = {"staff_number": "SY001", "password": cast.PASSWORD}
    step = visitor.submit(visitor.get("/sign-in?next=/exams"), values)
    page = visitor.follow(step)
    assert visitor.submit(page, {"code": code_now()}).location == "/exams"


def test_wrong_password_does_not_tell_of_a_second_factor(browse, codes):
    page = try_sign_in(browse(None), "SY001", WRONG, status=422)
    assert "动态口令" not in page.text


def test_code_is_taken_once(browse, codes):
    second_step(first_step(browse), code_now())
    page = second_step(first_step(browse), code_now(), status=422)
    assert "已经用过" in page.text_of("#code-error")


def test_code_before_a_used_one_is_used_up_too(browse, codes, now):
    earlier = code_now(steps=-1)
    second_step(first_step(browse), code_now())
    second_step(first_step(browse), earlier, status=422)
    now.move(seconds=30)
    assert second_step(first_step(browse), code_now()).location == "/"


@pytest.mark.parametrize(("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422)])
def test_one_step_before_and_after_counts(browse, codes, steps, status):
    second_step(first_step(browse), code_now(steps=steps), status=status)


def test_five_wrong_codes_stop_tries_for_five_minutes(browse, app, codes, now):
    visitor = first_step(browse)
    for _ in range(5):
        second_step(visitor, "000000", status=422)
    second_step(first_step(browse), code_now(), status=422)
    second_step(first_step(browse), codes[0], status=422)
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_FACTOR_FAILED)) == 7
    now.move(minutes=5)
    assert second_step(first_step(browse), code_now()).location == "/"


def test_signing_in_anew_forgets_no_wrong_code(browse, codes):
    for _ in range(5):
        second_step(first_step(browse), "000000", status=422)
    second_step(first_step(browse), code_now(), status=422)


def test_first_step_is_good_for_five_minutes(browse, codes, now):
    visitor = first_step(browse)
    page = visitor.get("/sign-in/code")
    now.move(minutes=5, seconds=1)
    assert visitor.submit(page, {"code": code_now()}).location == "/sign-in"
    assert visitor.get("/sign-in/code", status=303).location == "/sign-in"


def test_challenge_is_used_up_with_the_sign_in(browse, codes, now):
    visitor = first_step(browse)
    cookie = visitor.client.get_cookie("clean-window").value
    second_step(visitor, code_now())
    now.move(seconds=60)
    thief = browse(None)
    thief.client.set_cookie("clean-window", cookie)
    assert thief.get("/sign-in/code", status=303).location == "/sign-in"


def test_recovery_code_works_once(browse, app, codes):
    assert second_step(first_step(browse), codes[3].lower()).location == "/"
    second_step(first_step(browse), codes[3], status=422)
    assert second_step(first_step(browse), codes[4].replace("-", " ")).location == "/"
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_RECOVERY_CODE_USED)) == 2
    assert "还有8个恢复码" in browse("staff").get("/account").text


def test_recovery_code_of_somebody_else_opens_nothing(browse, app, codes, now):
    with app.app_context():
        foreign = with_factor("other", now)
    second_step(first_step(browse), foreign[0], status=422)


def test_page_of_a_sitting_sends_password_and_code_together(browse, codes):
    visitor = browse(None)
    token = visitor.client.get("/sign-in/again").get_json()["csrf_token"]
    sent = {"staff_number": "SY001", "password": cast.PASSWORD, "csrf_token": token}
    answer = visitor.client.post("/sign-in/again", data=sent)
    assert (answer.status_code, answer.get_json()["error"]) == (422, "second_factor")
    assert visitor.client.get("/").location.startswith("/demo/")
    wrong = visitor.client.post("/sign-in/again", data={**sent, "code": "000000"})
    assert (wrong.status_code, wrong.get_json()["error"]) == (422, "second_factor")
    right = visitor.client.post("/sign-in/again", data={**sent, "code": code_now()})
    assert right.status_code == 200
    assert visitor.client.get("/").status_code == 200


def test_its_owner_can_remove_it(browse, app, codes):
    staff = browse("staff")
    asked = staff.submit(
        staff.get("/account"), form='form[action="/account/second-factor/remove"]', status=200
    )
    assert "恢复码同时作废" in asked.text
    staff.submit(asked)
    assert try_sign_in(browse(None), "SY001").location == "/"
    with app.app_context():
        assert db.session.scalars(select(RecoveryCode)).all() == []


def test_level_three_makes_it_compulsory_for_administrators(browse, app, monkeypatch):
    monkeypatch.setitem(app.config, "SECURITY_PROFILE", SecurityProfile(is_level_three=True))
    chief, staff = browse("sysadmin"), browse("staff")
    assert staff.client.get("/").status_code == 200
    assert chief.get("/accounts", status=303).location == "/account/second-factor"
    page = chief.get("/account/second-factor")
    secret = page.one("[name=secret]").get("value")
    chief.submit(page, {"code": code_now(secret)}, form="#factor-form", status=200)
    assert chief.client.get("/accounts").status_code == 200
    page = chief.get("/account")
    assert "不能关闭" in page.text
    refused = chief.post(
        "/account/second-factor/remove", {"csrf_token": chief.token(), "confirmed": "yes"}
    )
    assert "不能关闭" in chief.follow(refused).text
    with app.app_context():
        assert second_factor.has_factor(cast.account("sysadmin").id)


def test_disabled_account_gets_no_further_than_the_first_step(browse, app, codes, now):
    visitor = first_step(browse)
    with app.app_context(), db.write():
        account = cast.account("staff")
        db.session.execute(
            update(type(account)).where(type(account).id == account.id).values(disabled_at=now.now)
        )
    second_step(visitor, code_now(), status=422)


def test_secret_that_was_not_made_here_is_refused(app):
    assert second_factor.is_secret(SECRET)
    for secret in ("", "A" * 31, "a" * 32, "0" * 32, "A" * 33):
        assert not second_factor.is_secret(secret)
    with app.app_context():
        assert db.session.scalars(select(SecondFactor)).all() == []
