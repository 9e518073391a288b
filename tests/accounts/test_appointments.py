"""任命: asked by one, confirmed by another, begun by the person himself (AC5, AC6)."""

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts import appointments, service, sessions
from app.accounts.appointment_models import Appointment
from app.accounts.models import Account, AccountKind
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.accounts.factories import (
    FRESH,
    events,
    grant,
    try_sign_in,
    with_one_administrator,
)
from tests.support import cast

ASKED = {
    "number": "SY002",
    "kind": "secadmin",
    "login_name": "anquan-01",
    "reason": "主任办公会2026年11月20日",
}


def ask(browser, status=303, **changes):
    page = browser.get("/administrators/new")
    return browser.submit(page, {**ASKED, **changes}, form="#appointment-form", status=status)


def confirm(browser, url, decision="confirm"):
    assert browser.get(url).all("form[action$=decide]")
    token = browser.token()
    data = {"decision": decision, "confirmed": "yes", "csrf_token": token}
    return browser.post(f"{url}/decide", data, status=303)


def begin(browser, password=FRESH, status=303):
    page = browser.get("/account/appointment")
    values = {"password": password, "repeated": password}
    return browser.submit(page, values, form="#accept-form", status=status)


@pytest.mark.db
def test_an_administrator_is_appointed_by_two_and_begins_himself(browse, app):
    url = ask(browse("sysadmin")).location
    other = browse("other")
    assert "去启用" not in other.get("/").text
    other.get("/account/appointment", status=404)
    officer = browse("secadmin")
    assert "任安全管理员" in officer.get("/").text
    confirm(officer, url)
    assert "你被任命为安全管理员" in other.get("/").text
    begin(other)
    assert "已启用" in officer.get(url).text
    visitor = browse(None)
    assert try_sign_in(visitor, "ANQUAN-01", FRESH).location == "/"
    visitor.get("/roles")
    visitor.get("/audit", status=403)
    with app.app_context():
        chain = events(
            AuditEvent.ACCOUNTS_ADMINISTRATOR_REQUESTED,
            AuditEvent.ACCOUNTS_ADMINISTRATOR_CONFIRMED,
            AuditEvent.ACCOUNTS_ADMINISTRATOR_ACCEPTED,
        )
        people = [cast.person_id(who) for who in ("sysadmin", "secadmin", "other")]
        assert [entry.person_id for entry in chain] == people
        assert FRESH not in repr([entry.data for entry in chain])


def test_the_leader_of_the_centre_may_confirm(browse, app):
    with app.app_context():
        grant("chief", Role.LEADER)
    url = ask(browse("sysadmin")).location
    leader = browse("chief")
    assert "去确认" in leader.get("/").text
    confirm(leader, url)
    with app.app_context():
        assert appointments.find_mine(cast.person_id("other")) is not None


def test_a_refused_appointment_is_over(browse, app):
    url = ask(browse("sysadmin")).location
    confirm(browse("secadmin"), url, "refuse")
    assert "未同意" in browse("sysadmin").get(url).text
    browse("other").get("/account/appointment", status=404)
    ask(browse("sysadmin"))


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_an_appointment_can_be_withdrawn_until_it_has_begun(browse, app, is_confirmed):
    sysadmin = browse("sysadmin")
    url = ask(sysadmin).location
    if is_confirmed:
        confirm(browse("secadmin"), url)
    sysadmin.submit(sysadmin.get(url), form="form[action$=withdraw]")
    assert "已撤回" in sysadmin.get(url).text
    assert not sysadmin.get(url).all("form[action$=withdraw]")
    browse("other").get("/account/appointment", status=404)


def test_who_was_appointed_may_decline(browse, app):
    url = ask(browse("sysadmin")).location
    confirm(browse("secadmin"), url)
    other = browse("other")
    page = other.get("/account/appointment")
    asked = other.submit(page, form="form[action$=decline]", status=200)
    other.submit(asked)
    other.get("/account/appointment", status=404)
    assert "本人不接受" in browse("sysadmin").get(url).text_of("h1")


@pytest.mark.db
@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"number": "SY999"}, "number", "没有这个在岗的人"),
        ({"number": "xt-zhai"}, "number", "没有这个在岗的人"),
        ({"number": "SY011"}, "number", "不能任命本人"),
        ({"number": "SY012"}, "number", "已有在用的管理员账号"),
        ({"login_name": "SY001"}, "login_name", "已经有人使用"),
        ({"login_name": "ＳＪ-ZENG"}, "login_name", "只用字母"),
        ({"login_name": "SJ-ZENG"}, "login_name", "已经有人使用"),
        ({"login_name": ""}, "login_name", "请写登录名"),
        ({"reason": " "}, "reason", "请写依据"),
        ({"kind": "administrator"}, "kind", ""),
        ({"kind": "business"}, "kind", ""),
    ],
)
def test_what_can_not_be_is_refused_beside_its_field(browse, app, changes, field, says):
    answer = ask(browse("sysadmin"), status=422, **changes)
    assert says in answer.text_of(f"#{field}-error")
    with app.app_context():
        assert not db.session.query(Appointment).count()


def test_a_person_has_one_appointment_at_a_time(browse, app):
    ask(browse("sysadmin"))
    answer = ask(browse("sysadmin"), status=422, login_name="anquan-02")
    assert "已有一项任命在办" in answer.text_of("#number-error")


@pytest.mark.db
def test_the_database_keeps_asker_decider_and_person_apart(app):
    with app.app_context():
        sysadmin, other, staff = (cast.person_id(who) for who in ("sysadmin", "other", "staff"))
        values = {
            "person_id": other,
            "kind": AccountKind.SECADMIN,
            "login_name": "a",
            "reason": "例会",
            "requested_by_id": sysadmin,
            "requested_at": clock.now(),
        }
        decided = {"decided_at": clock.now(), "is_confirmed": True}
        for wrong in (
            {"kind": AccountKind.BUSINESS},
            {"requested_by_id": other},
            {"decided_by_id": sysadmin, **decided},
            {"decided_by_id": other, **decided},
            {"decided_at": clock.now(), "is_confirmed": True},
            {"accepted_at": clock.now()},
            {
                "decided_by_id": staff,
                **decided,
                "is_confirmed": False,
                "accepted_at": clock.now(),
            },
        ):
            with pytest.raises(IntegrityError), db.write():
                db.session.add(Appointment(**{**values, **wrong}))
        with db.write():
            db.session.add(Appointment(**values))
        with pytest.raises(IntegrityError), db.write():
            db.session.add(Appointment(**values))


def test_nobody_confirms_what_he_asked_for_or_what_is_about_him(app):
    with app.app_context():
        with_one_administrator()
        with db.write():
            first = appointments.ask(
                user=cast.principal("sysadmin"), number="SY002", kind=AccountKind.AUDITOR,
                login_name="shenji-01", reason="例会",
            )  # fmt: skip
        grant("other", Role.LEADER)
        for who in ("sysadmin", "other"):
            with pytest.raises(RefusedError), db.write():
                appointments.decide(
                    user=cast.principal(who), appointment_id=first, is_confirmed=True
                )
        assert appointments.find_mine(cast.person_id("other")) is None


@pytest.mark.parametrize(
    ("password", "says"),
    [(cast.PASSWORD, "不能与业务账号的密码相同"), ("short", "至少10位"), ("anquan-01 Aa1", "")],
)
def test_the_new_account_has_a_password_of_its_own(browse, app, password, says):
    confirm(browse("secadmin"), ask(browse("sysadmin")).location)
    answer = begin(browse("other"), password, status=422)
    assert says in answer.text_of("#password-error")
    with app.app_context():
        assert service.find_account("anquan-01") is None


def test_an_earlier_account_of_the_same_person_comes_back(browse, app):
    with app.app_context(), db.write():
        db.session.get_one(Account, cast.account("auditor").id).disabled_at = clock.now()
    sysadmin = browse("sysadmin")
    url = ask(sysadmin, number="SY013", login_name="sj-zeng", kind="secadmin").location
    confirm(browse("secadmin"), url)
    with app.app_context():
        with db.write():
            signed = sessions.begin_session(service.find_account("sy013"))
        with db.write():
            appointments.accept(
                user=sessions.load_principal(signed.token), password_hash="a new hash"
            )
        account = cast.account("auditor")
        assert (account.kind, account.disabled_at) == (AccountKind.SECADMIN, None)
        assert account.password_hash == "a new hash"


@pytest.mark.db
def test_list_of_appointments_is_searched_filtered_and_exported(browse, app):
    sysadmin = browse("sysadmin")
    url = ask(sysadmin).location
    ask(sysadmin, number="SY001", kind="auditor", login_name="shenji-01")
    confirm(browse("secadmin"), url)
    assert len(sysadmin.get("/administrators").all("tbody tr")) == 2
    for query in ("q=梁静怡", "kind=auditor", "state=open&kind=secadmin"):
        assert len(sysadmin.get(f"/administrators?{query}").all("tbody tr")) == 1
    assert not sysadmin.get("/administrators?state=accepted").all("tbody tr")
    sysadmin.client.get("/administrators/export")


def test_a_leader_of_one_department_confirms_nobody(browse, app):
    url = ask(browse("sysadmin")).location
    with app.app_context(), db.write():
        service.grant_at_set_up(
            person_id=cast.person_id("chief"), role=Role.LEADER, starts_on=cast.JOINED_ON,
            department_id=cast.department_ids()[0],
        )  # fmt: skip
    leader = browse("chief")
    confirm(leader, url)
    assert "由中心领导办理" in leader.get(url).text
    with app.app_context():
        assert appointments.find_mine(cast.person_id("other")) is None


def reset(browser, account_id, status=422):
    data = {"reason": "忘记密码", "confirmed": "yes", "csrf_token": browser.token()}
    return browser.post(f"/accounts/{account_id}/reset", data, status=status)


@pytest.mark.parametrize("who", ["other", "chief"])
def test_no_administrator_gets_at_the_account_of_who_confirms_or_was_appointed(browse, app, who):
    with app.app_context():
        grant("chief", Role.LEADER)
        account_id = cast.account(who).id
    sysadmin = browse("sysadmin")
    ask(sysadmin)
    assert "请由管理机器的人用命令重设" in reset(sysadmin, account_id).text


def test_whose_password_was_just_reset_is_not_appointed(browse, app, now):
    sysadmin = browse("sysadmin")
    with app.app_context():
        account_id = cast.account("other").id
    reset(sysadmin, account_id, status=200)
    assert "还没有激活" in ask(sysadmin, status=422).text_of("#number-error")
    with app.app_context(), db.write():
        db.session.get_one(Account, account_id).password_hash = "a hash"
    assert "满30天才能任命" in ask(sysadmin, status=422).text_of("#number-error")
    now.move(days=31)
    ask(browse("sysadmin"))


def test_one_login_name_is_promised_once(browse, app):
    sysadmin = browse("sysadmin")
    ask(sysadmin)
    answer = ask(sysadmin, status=422, number="SY001")
    assert "已经有人使用" in answer.text_of("#login_name-error")


def test_a_login_name_that_was_taken_meanwhile_is_said_to_whom_it_concerns(browse, app):
    confirm(browse("secadmin"), ask(browse("sysadmin")).location)
    with app.app_context(), db.write():
        service.add_person(
            staff_number="ANQUAN-01", name="秦望舒", department_id=cast.department_ids()[0],
            post="导服", password_hash="", roles=[], joined_on=cast.JOINED_ON,
        )  # fmt: skip
    answer = begin(browse("other"), status=422)
    assert "请联系系统管理员撤回后重新任命" in answer.text


def test_no_page_in_between_holds_the_new_password(browse, app, now):
    confirm(browse("secadmin"), ask(browse("sysadmin")).location)
    other = browse("other")
    page = other.get("/account/appointment")
    now.move(minutes=6)
    asked = other.submit(
        page, {"password": FRESH, "repeated": FRESH}, form="#accept-form", status=200
    )
    assert asked.all("[name=proof_password]")
    assert FRESH not in asked.body


@pytest.mark.db
def test_a_disabled_administrator_is_appointed_anew_and_never_just_enabled(browse, app):
    with app.app_context():
        account_id = cast.account("auditor").id
        with db.write():
            db.session.get_one(Account, account_id).disabled_at = clock.now()
    sysadmin = browse("sysadmin")
    data = {"reason": "回来了", "csrf_token": sysadmin.token()}
    answer = sysadmin.post(f"/accounts/{account_id}/enable", data, status=422)
    assert "重新任命" in answer.text
    with app.app_context():
        assert db.session.get_one(Account, account_id).disabled_at is not None
