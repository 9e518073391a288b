"""三员分立: who holds which duty, the switch, and who is no administrator any more (AC5, AC7)."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest

from app.accounts import appointments, duties, service, sessions
from app.accounts.models import AccountKind
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
    with_one_administrator,
)
from tests.support import cast


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
