"""我的账号: a new password (AU5, AU9), one's own sessions (SE7), and how long a session lives (SE3)."""

from datetime import timedelta

import pytest

from app.accounts.models import SessionEnd
from app.accounts.policy import PasswordProfile, SecurityProfile
from app.audit.models import AuditEvent
from tests.accounts.factories import FRESH, WRONG, choose_password, events, sessions, try_sign_in
from tests.exams.factories import Examinee, publish_exam
from tests.support import cast


def is_in(browser):
    return browser.client.get("/").status_code == 200


def test_name_at_the_top_leads_to_the_account(browse):
    for who in ("staff", "clerk", "sysadmin", "auditor"):
        browser = browse(who)
        assert browser.get("/").one("a.who").get("href") == "/account"
        assert "我的账号" in browser.get("/account").text


@pytest.mark.db
def test_new_password_ends_all_other_sessions(browse, app):
    office, phone = browse("staff"), browse("staff")
    choose_password(office)
    assert is_in(office)
    assert not is_in(phone)
    try_sign_in(browse(None), "SY001", cast.PASSWORD, status=422)
    assert try_sign_in(browse(None), "SY001", FRESH).location == "/"
    with app.app_context():
        ended = [each for each in sessions() if each.ended_at is not None]
        assert {each.end_reason for each in ended} == {SessionEnd.PASSWORD_CHANGED}


@pytest.mark.db
def test_present_password_is_wanted(browse, app):
    staff = browse("staff")
    page = choose_password(staff, present=WRONG, status=422)
    assert "密码不正确" in page.text_of("#present-error")
    page = choose_password(staff, present="", status=422)
    assert try_sign_in(browse(None), "SY001").location == "/"


def test_guessing_the_present_password_locks_like_signing_in(browse, app):
    staff = browse("staff")
    for _ in range(5):
        choose_password(staff, present=WRONG, status=422)
    choose_password(staff, status=422)
    try_sign_in(browse(None), "SY001", status=422)
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_LOCKED)) == 1


@pytest.mark.parametrize(
    ("values", "field", "word"),
    [
        ({"password": "aB3$", "repeated": "aB3$"}, "password", "至少10位"),
        ({"password": "Woaini1314!", "repeated": "Woaini1314!"}, "password", "太常见"),
        ({"password": "Danzhiyuan-77", "repeated": "Danzhiyuan-77"}, "password", "不能含有"),
        ({"password": FRESH, "repeated": "another"}, "repeated", "不一样"),
        ({"password": cast.PASSWORD, "repeated": cast.PASSWORD}, "password", "最近5次"),
    ],
)
def test_what_the_policy_refuses_is_said_beside_its_field(browse, values, field, word):
    page = choose_password(browse("staff"), status=422, **values)
    assert word in page.text_of(f"#{field}-error")
    assert values["password"] not in page.body


@pytest.mark.db
def test_last_five_passwords_are_refused_and_the_sixth_comes_back(browse):
    staff, used = browse("staff"), [cast.PASSWORD]
    for place in range(5):
        fresh = f"Harvest-Lantern-{place}"
        choose_password(staff, fresh, present=used[-1])
        used.append(fresh)
    for old in used[1:]:
        page = choose_password(staff, old, present=used[-1], status=422)
        assert "最近5次" in page.text_of("#password-error")
    choose_password(staff, cast.PASSWORD, present=used[-1])


@pytest.mark.parametrize("length", [64, 72, 200])
def test_long_password_is_taken_whole(browse, length):
    password = "Harvest-Lantern-88 " * 11
    password = password[:length]
    choose_password(browse("staff"), password)
    try_sign_in(browse(None), "SY001", password[:-1], status=422)
    try_sign_in(browse(None), "SY001", password[:-1] + "x", status=422)
    assert try_sign_in(browse(None), "SY001", password).location == "/"


@pytest.mark.db
def test_password_of_ninety_days_is_renewed_at_the_next_sign_in(browse, app, now):
    choose_password(browse("staff"))
    now.move(days=90, seconds=-1)
    visitor = browse(None)
    try_sign_in(visitor, "SY001", FRESH)
    now.move(seconds=1)
    # In the middle of work nobody is led away.
    assert is_in(visitor)
    visitor = browse(None)
    try_sign_in(visitor, "SY001", FRESH)
    assert visitor.get("/", status=303).location == "/account/password"
    assert "90天" in visitor.get("/account/password").text
    choose_password(visitor, "Autumn-Lantern-88", present=FRESH)
    assert is_in(visitor)


def test_profile_asvs_knows_no_renewal(browse, app, now, monkeypatch):
    profile = SecurityProfile(passwords=PasswordProfile.ASVS)
    monkeypatch.setitem(app.config, "SECURITY_PROFILE", profile)
    now.move(days=400)
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    assert is_in(visitor)
    assert "不用定期更换" in visitor.get("/account").text


@pytest.mark.db
def test_sessions_are_listed_and_ended_one_by_one(browse, app):
    office, phone, tablet = browse("staff"), browse("staff"), browse("staff")
    stranger = browse("other")
    page = office.get("/account")
    assert len(page.all("#sessions li")) == 3
    assert page.text.count("本机") == 1
    action = page.all('form[action$="/end"]')[0].get("action")
    assert stranger.post(action, {"csrf_token": stranger.token()}, status=404)
    office.submit(page, form=f'form[action="{action}"]')
    assert sorted(map(is_in, (office, phone, tablet))) == [False, True, True]
    office.submit(office.get("/account"), form='form[action$="end-others"]')
    assert list(map(is_in, (office, phone, tablet, stranger))) == [True, False, False, True]
    with app.app_context():
        assert [each.data["sessions"] for each in events(AuditEvent.ACCOUNTS_SESSIONS_ENDED)] == [
            1,
            1,
        ]


def test_browser_is_named_in_plain_words(browse):
    visitor = browse(None)
    visitor.headers["User-Agent"] = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
        " Chrome/86.0.4240.198 Safari/537.36"
    )
    try_sign_in(visitor, "SY001")
    page = visitor.get("/account")
    assert "Windows 电脑 · Chrome 浏览器" in page.text_of("#sessions")
    assert "127.0.0.1" in page.text_of("#sessions")


def test_no_secret_of_a_session_stands_on_the_page(browse, app):
    body = browse("staff").get("/account").body
    with app.app_context():
        assert all(each.token_hash not in body for each in sessions())


def test_saving_in_an_exam_keeps_a_session_alive_but_never_beyond_eight_hours(browse, app, now):
    """SE3: nobody is thrown out while he answers, and no exam makes a session endless."""
    with app.app_context():
        exam_id = publish_exam(minutes=240, closes_at=now.now + timedelta(hours=10))
    examinee, begun = Examinee(browse("staff"), exam_id), now.now
    examinee.start()
    within, beyond = [], []
    for turn in range(1, 22):
        now.move(minutes=25)
        answer = examinee.browser.client.post(
            f"{examinee.url}/answers/1",
            data={"answer": "A", "revision": str(turn), "csrf_token": examinee._token},
        )
        is_over = now.now - begun >= timedelta(hours=8)
        (beyond if is_over else within).append(answer.status_code)
    # After four hours the answers are late (409), but it is still he who sends them.
    assert within == [200] * 9 + [409] * 10
    assert beyond == [401] * 2
