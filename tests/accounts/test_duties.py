"""管理员: appointed by one, confirmed by another, begun by the person; 三员分立 (AC5, AC6, AC7)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts import appointments, duties, first_run, roles, service, sessions
from app.accounts.appointment_models import Appointment
from app.accounts.models import Account, AccountKind, Hall, RoleGrant
from app.accounts.roster import people
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.accounts.factories import (
    FRESH,
    events,
    grant,
    let_leave,
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


def appoint(number, kind, login_name, confirmed_by="chief"):
    """Let somebody be appointed and begin, past the pages."""
    with db.write():
        appointment_id = appointments.ask(
            user=cast.principal("sysadmin"),
            number=number,
            kind=kind,
            login_name=login_name,
            reason="例会",
        )
    with db.write():
        appointments.decide(
            user=cast.principal(confirmed_by), appointment_id=appointment_id, is_confirmed=True
        )
    with db.write():
        account = service.find_account(service.normalise(number))
        signed = sessions.begin_session(account)
    with db.write():
        appointments.accept(user=sessions.load_principal(signed.token), password_hash="a hash")


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
def test_three_duties_are_separated_once_each_has_somebody(browse, app):
    with app.app_context():
        with_one_administrator()
        grant("chief", Role.LEADER)
    sysadmin = browse("sysadmin")
    page = sysadmin.get("/administrators")
    assert "还缺安全管理员、审计管理员" in page.text
    assert not page.all("form[action$=separate]")
    with app.app_context():
        with pytest.raises(RefusedError, match="还没有安全管理员、审计管理员"), db.write():
            duties.separate(user=cast.principal("sysadmin"))
        appoint("SY001", AccountKind.SECADMIN, "anquan-01")
        appoint("SY002", AccountKind.AUDITOR, "shenji-01")
    page = sysadmin.get("/administrators")
    asked = sysadmin.submit(page, form="form[action$=separate]", status=200)
    sysadmin.submit(asked)
    sysadmin.get("/administrators", status=303)
    with app.app_context():
        assert duties.is_separated()
        [changed] = events(AuditEvent.ACCOUNTS_KIND_CHANGED)
        assert changed.object_id == str(cast.account("sysadmin").id)
        assert cast.account("sysadmin").kind is AccountKind.SYSADMIN
        held = {kind: [person.name for _, person in who] for kind, who in duties.list_duties()}
        assert held == {
            AccountKind.SYSADMIN: ["翟景行"],
            AccountKind.SECADMIN: ["单知远"],
            AccountKind.AUDITOR: ["梁静怡"],
        }
        [entry] = events(AuditEvent.ACCOUNTS_DUTIES_SEPARATED)
        assert entry.person_id == cast.person_id("sysadmin")
        with pytest.raises(RefusedError, match="已经分设"), db.write():
            duties.separate(user=cast.principal("sysadmin"))


def test_others_with_all_duties_are_disabled_by_the_separation(app):
    with app.app_context():
        with_one_administrator()
        grant("chief", Role.LEADER)
        appoint("SY001", AccountKind.SECADMIN, "anquan-01")
        appoint("SY002", AccountKind.AUDITOR, "shenji-01")
        appoint("SY003", AccountKind.ADMINISTRATOR, "guanli-02")
        with db.write():
            duties.separate(user=cast.principal("sysadmin"))
        assert service.find_account("guanli-02").disabled_at is not None
        [entry] = events(AuditEvent.ACCOUNTS_DISABLED)
        assert entry.data["reason"] == "三员分设"


def test_an_appointment_of_the_time_before_does_not_outlive_the_separation(app):
    with app.app_context():
        with_one_administrator()
        grant("chief", Role.LEADER)
        appoint("SY001", AccountKind.SECADMIN, "anquan-01")
        appoint("SY002", AccountKind.AUDITOR, "shenji-01")
        with db.write():
            left = appointments.ask(
                user=cast.principal("sysadmin"), number="SY003", kind=AccountKind.ADMINISTRATOR,
                login_name="guanli-02", reason="例会",
            )  # fmt: skip
        with db.write():
            appointments.decide(
                user=cast.principal("chief"), appointment_id=left, is_confirmed=True
            )
        with db.write():
            duties.separate(user=cast.principal("sysadmin"))
        with pytest.raises(RefusedError, match="不再适用"), db.write():
            appointments.accept(user=cast.principal("clerk"), password_hash="a hash")
        assert service.find_account("guanli-02") is None


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


def test_an_administrator_who_has_left_does_not_stand_in_the_way(app, now):
    with app.app_context():
        with_one_administrator()
        grant("chief", Role.LEADER)
        appoint("SY001", AccountKind.SECADMIN, "anquan-01")
        appoint("SY002", AccountKind.AUDITOR, "shenji-01")
        appoint("SY003", AccountKind.ADMINISTRATOR, "guanli-02")
        let_leave("clerk", clock.today() - timedelta(days=1))
        with db.write():
            duties.separate(user=cast.principal("sysadmin"))
        assert duties.is_separated()
        assert service.find_account("guanli-02").disabled_at is not None


def test_whoever_runs_the_machine_can_set_an_administrator(app):
    runner = app.test_cli_runner()
    words = ["accounts", "set-administrator", "--staff-number", "SY002", "--kind", "auditor"]
    words += ["--login-name", "shenji-07", "--password", FRESH]
    assert runner.invoke(args=words).exit_code == 0
    again = runner.invoke(args=words)
    assert again.exit_code == 1
    assert "一人只能有一个" in again.output
    with app.app_context():
        assert service.find_account("shenji-07").kind is AccountKind.AUDITOR
        [entry] = events(AuditEvent.ACCOUNTS_ADMINISTRATOR_SET)
        assert entry.person_id is None


def test_whoever_runs_the_machine_can_give_a_role(app):
    runner = app.test_cli_runner()
    words = ["accounts", "grant", "--staff-number", "sy002", "--role", "leader"]
    assert runner.invoke(args=words).exit_code == 0
    assert runner.invoke(args=[*words, "--department", "没有这个部门"]).exit_code == 1
    assert runner.invoke(args=[*words[:-1], "sysadmin"]).exit_code == 2
    with app.app_context():
        assert Role.LEADER in cast.principal("other").roles


@pytest.mark.db
def test_who_comes_back_from_a_departure_is_no_administrator_any_more(app, now):
    with app.app_context():
        with db.write():
            service.add_account(
                person_id=cast.person_id("other"), login_name="sj-liang", password_hash="a hash",
                kind=AccountKind.AUDITOR,
            )  # fmt: skip
        clerk, auditor = cast.person_id("clerk"), cast.person_id("auditor")
        with db.write():
            people.let_leave(person_id=auditor, left_on=clock.today(), by_id=clerk)
        now.move(days=2)
        with db.write():
            people.cancel_leaving(person_id=auditor, by_id=clerk)
        assert cast.account("auditor").disabled_at is not None
        [entry] = events(AuditEvent.ACCOUNTS_DISABLED)
        assert (entry.person_id, entry.data["reason"]) == (clerk, "撤销离岗")


@pytest.mark.db
@pytest.mark.parametrize("round_", range(3))
def test_nobody_begins_with_all_duties_while_they_are_separated(app, round_):
    """Held at the hall's row, one of the two waits: see `accept`."""
    with app.app_context():
        with_one_administrator()
        grant("chief", Role.LEADER)
        appoint("SY001", AccountKind.SECADMIN, "anquan-01")
        appoint("SY002", AccountKind.AUDITOR, "shenji-01")
        with db.write():
            last = appointments.ask(
                user=cast.principal("sysadmin"), number="SY003", kind=AccountKind.ADMINISTRATOR,
                login_name="guanli-02", reason="例会",
            )  # fmt: skip
        leader = cast.principal("chief")
        with db.write():
            appointments.decide(user=leader, appointment_id=last, is_confirmed=True)
        acts = {
            "accept": partial(appointments.accept, user=cast.principal("clerk"), password_hash="x"),
            "separate": partial(duties.separate, user=cast.principal("sysadmin")),
        }
    barrier = Barrier(len(acts))

    def do(name):
        with app.app_context():
            barrier.wait()
            with suppress(RefusedError), db.write():
                acts[name]()

    with ThreadPoolExecutor(len(acts)) as pool:
        for name in sorted(acts, reverse=bool(round_ % 2)):
            pool.submit(do, name)
    with app.app_context():
        assert duties.is_separated()
        found = service.find_account("guanli-02")
        assert found is None or found.disabled_at is not None


@pytest.mark.db
def test_what_was_refused_meanwhile_is_not_given_by_the_first_run(app):
    """The rows are held and read anew: a refusal that came first stands."""
    with app.app_context():
        with_one_administrator()
        sysadmin = cast.person_id("sysadmin")
        with db.write():
            db.session.get_one(Hall, 1).set_up_on = clock.today()
            asked = roles.request_role(
                person_id=cast.person_id("staff"), role=Role.INSPECTOR, department_id=None,
                starts_on=clock.today(), ends_on=None, requested_by_id=sysadmin,
            )  # fmt: skip
        # As a page that was drawn before saw it.
        assert len(first_run.list_asked(sysadmin)) == 1
        with db.write():
            roles.decide(grant_id=asked, is_granted=False, decided_by_id=cast.person_id("chief"))
        with db.write():
            assert first_run.give_asked(by_id=sysadmin) == 0
        assert not db.session.get_one(RoleGrant, asked).is_granted
