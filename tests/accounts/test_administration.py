"""账号: what administrators do with the accounts of others (AC7, AU6, SE5, SE7)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import administration, service
from app.accounts.models import Account, AccountKind, SessionEnd
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Grant, Principal, Role
from tests.accounts.factories import (
    WRONG,
    choose_password,
    code_now,
    disable,
    events,
    let_leave,
    sessions,
    try_sign_in,
    wait_for_code,
    with_factor,
)
from tests.support import cast

REASON = "本人到场，核对过工牌。"


def url_of(who, act=""):
    return f"/accounts/{cast.account(who).id}{'/' + act if act else ''}"


def do(browser, app, who, act, status=303, **fields):
    with app.app_context():
        url = url_of(who, act)
    token = browser.token()
    data = {"reason": REASON, "confirmed": "yes", "csrf_token": token, **fields}
    return browser.post(url, data, status=status)


def is_in(browser):
    return browser.client.get("/").status_code == 200


def lock(browse, typed="SY001"):
    visitor = browse(None)
    for _ in range(5):
        try_sign_in(visitor, typed, WRONG, status=422)


@pytest.mark.db
def test_list_shows_every_state_and_finds_it_again(browse, app, now):
    lock(browse)
    with app.app_context():
        disable("other")
        wait_for_code("clerk")
        let_leave("chief", (now.now.date()).replace(day=1))
    sysadmin = browse("sysadmin")
    for state, login in (
        ("locked", "sy001"), ("disabled", "sy002"), ("waiting", "sy003"), ("left", "sy004"),
    ):  # fmt: skip
        page = sysadmin.get(f"/accounts?state={state}")
        assert [each.text for each in page.all("tbody th a")] == [login]
    page = sysadmin.get("/accounts?state=in_use")
    assert len(page.all("tbody tr")) == 6 + len(cast.OTHERS)
    assert len(sysadmin.get("/accounts?q=翟景行").all("tbody tr")) == 2
    assert len(sysadmin.get("/accounts?kind=auditor").all("tbody tr")) == 1
    for sort in ("login", "-name", "department", "kind", "-last"):
        assert len(sysadmin.get(f"/accounts?sort={sort}").all("tbody tr")) == 10 + len(cast.OTHERS)


@pytest.mark.db
def test_unlocking_needs_a_reason_and_is_logged(browse, app):
    lock(browse)
    sysadmin = browse("sysadmin")
    with app.app_context():
        page = sysadmin.get(url_of("staff"))
    assert "已锁定" in page.text
    refused = sysadmin.submit(page, {"reason": " "}, form="#acts form", status=422)
    assert "请写明原因" in refused.text_of("#reason-error")
    sysadmin.submit(page, {"reason": REASON}, form="#acts form")
    assert try_sign_in(browse(None), "SY001").location == "/"
    with app.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_UNLOCKED)
        assert entry.data["reason"] == REASON
        assert entry.person_id == cast.person_id("sysadmin")


def test_what_is_not_locked_is_not_unlocked(browse, app):
    page = do(browse("sysadmin"), app, "staff", "unlock", status=422)
    assert "没有锁定" in page.text
    with app.app_context():
        assert events(AuditEvent.ACCOUNTS_UNLOCKED) == []


@pytest.mark.db
def test_reset_gives_a_code_for_a_day_and_shows_it_once(browse, app, now):
    staff, sysadmin = browse("staff"), browse("sysadmin")
    with app.app_context():
        token = sysadmin.token()
        url = url_of("staff", "reset")
    asked = sysadmin.post(url, {"reason": REASON, "csrf_token": token}, status=200)
    assert "激活码只显示这一次" in asked.text
    assert is_in(staff)
    page = sysadmin.submit(asked, status=200)
    code = page.all(".summary dd")[2].text
    assert not is_in(staff)
    with app.app_context():
        assert code not in sysadmin.get(url_of("staff")).body
        [entry] = events(AuditEvent.ACCOUNTS_CODE_ISSUED)
        assert entry.data["hours"] == 24
        assert code not in repr(entry.data)
    try_sign_in(browse(None), "SY001", cast.PASSWORD, status=422)
    visitor = browse(None)
    try_sign_in(visitor, "SY001", code)
    choose_password(visitor)
    assert is_in(visitor)


def test_password_of_an_administrator_is_not_reset_here(browse, app):
    page = do(browse("sysadmin"), app, "secadmin", "reset", status=422)
    assert "由管理机器的人用命令重设" in page.text
    assert try_sign_in(browse(None), "aq-ren").location == "/"


@pytest.mark.db
def test_disabled_account_is_out_at_once_and_back_when_enabled(browse, app):
    staff, sysadmin = browse("staff"), browse("sysadmin")
    do(sysadmin, app, "staff", "disable")
    assert not is_in(staff)
    try_sign_in(browse(None), "SY001", status=422)
    with app.app_context():
        [ended] = [each for each in sessions() if each.ended_at is not None]
        assert ended.end_reason is SessionEnd.ACCOUNT_DISABLED
    do(sysadmin, app, "staff", "enable")
    assert not is_in(staff)
    assert try_sign_in(browse(None), "SY001").location == "/"
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_DISABLED, AuditEvent.ACCOUNTS_ENABLED)) == 2


@pytest.mark.db
@pytest.mark.parametrize("who", ["secadmin", "auditor"])
def test_last_account_of_a_duty_stays(browse, app, who):
    page = do(browse("sysadmin"), app, who, "disable", status=422)
    assert "最后一个在用的" in page.text
    with app.app_context():
        assert cast.account(who).disabled_at is None


def second(who, kind, login):
    """Give somebody of the cast a second account of a duty."""
    with db.write():
        return service.add_account(
            person_id=cast.person_id(who),
            login_name=login,
            password_hash=cast.account("staff").password_hash,
            kind=kind,
        ).id


@pytest.mark.db
def test_last_but_one_may_go(browse, app):
    with app.app_context():
        second("staff", AccountKind.SECADMIN, "aq-shan")
    do(browse("sysadmin"), app, "secadmin", "disable")
    with app.app_context():
        assert cast.account("secadmin").disabled_at is not None


def test_one_who_has_left_stands_for_nobody(browse, app, now):
    with app.app_context():
        second("staff", AccountKind.SECADMIN, "aq-shan")
        let_leave("staff", now.now.date().replace(day=1))
    do(browse("sysadmin"), app, "secadmin", "disable", status=422)


@pytest.mark.db
def test_of_two_that_are_disabled_at_once_one_stays(app):
    with app.app_context():
        ids = [cast.account("secadmin").id, second("staff", AccountKind.SECADMIN, "aq-shan")]
        user = principal_of("sysadmin")

    def shut(account_id):
        with app.app_context():
            try:
                with db.write():
                    administration.disable(user=user, account_id=account_id, reason=REASON)
            except RefusedError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(shut, ids))
    with app.app_context():
        left = [db.session.get_one(Account, each).disabled_at is None for each in ids]
    assert sorted(done) == [False, True]
    assert sorted(left) == [False, True]


def principal_of(who):
    account = cast.account(who)
    return Principal(
        account_id=account.id,
        person_id=account.person_id,
        name="",
        staff_number="",
        department_id=1,
        department_name="",
        grants=frozenset({Grant(role=Role.SYSADMIN, department_id=None)}),
        session_id="",
    )


def test_nobody_acts_on_his_own_account(browse, app):
    for act in ("disable", "unlock", "reset", "enable"):
        page = do(browse("sysadmin"), app, "sysadmin", act, status=422)
        assert "不能办理自己的账号" in page.text
    with app.app_context():
        page = browse("sysadmin").get(url_of("sysadmin"))
    assert page.all("#acts") == []


def test_a_disabled_administrator_is_offered_no_way_back_here(browse, app):
    with app.app_context():
        extra = second("staff", AccountKind.SECADMIN, "aq-shan")
        with db.write():
            db.session.get_one(Account, extra).disabled_at = clock.now()
    page = browse("sysadmin").get(f"/accounts/{extra}")
    assert not page.all("[formaction$=enable]")
    assert "重新任命" in page.text_of("#acts")


def test_nobody_acts_on_his_own_business_account_either(browse, app):
    with app.app_context():
        own = service.business_account(cast.person_id("sysadmin")).id
    sysadmin = browse("sysadmin")
    data = {"reason": REASON, "confirmed": "yes", "csrf_token": sysadmin.token()}
    answer = sysadmin.post(f"/accounts/{own}/reset", data, status=422)
    assert "不能办理自己的账号" in answer.text


@pytest.mark.db
def test_sessions_of_others_are_listed_and_ended(browse, app):
    office, phone, sysadmin = browse("staff"), browse("staff"), browse("sysadmin")
    with app.app_context():
        page = sysadmin.get(url_of("staff"))
    forms = page.all('#sessions form[action$="/end"]')
    assert len(forms) == 3
    sysadmin.submit(page, form=f'form[action="{forms[0].get("action")}"]')
    assert sorted(map(is_in, (office, phone))) == [False, True]
    do(sysadmin, app, "staff", "sessions/end")
    assert not is_in(office)
    assert not is_in(phone)
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_SESSIONS_ENDED)) == 2


@pytest.mark.db
def test_security_administrator_resets_a_lost_second_factor(browse, app, now):
    with app.app_context():
        with_factor("staff", now)
    staff = browse("staff")
    do(browse("sysadmin"), app, "staff", "second-factor/reset", status=403)
    do(browse("secadmin"), app, "staff", "second-factor/reset")
    assert not is_in(staff)
    assert try_sign_in(browse(None), "SY001").location == "/"
    with app.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_FACTOR_REMOVED)
        assert entry.person_id == cast.person_id("secadmin")
        assert code_now()


def test_list_leaves_as_a_file_and_is_logged(browse, app):
    page = browse("secadmin").get("/accounts/export?state=in_use")
    assert page.data[:2] == b"PK"
    with app.app_context():
        [entry] = events(AuditEvent.RECORD_EXPORTED)
        assert entry.object_type == "account"
