"""Roles: asked for by one, granted by another; nobody decides what is his own (AC5, AC6)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts import roles, service
from app.accounts.models import RoleGrant, SessionEnd
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.accounts.factories import events, sessions
from tests.support import cast

TODAY = date(2026, 11, 20)


def ask(who="clerk", whom="staff", role=Role.INSPECTOR, starts_on=TODAY, **values):
    with db.write():
        return roles.request_role(
            person_id=cast.person_id(whom),
            role=role,
            department_id=values.pop("department_id", None),
            starts_on=starts_on,
            ends_on=values.pop("ends_on", None),
            requested_by_id=cast.person_id(who),
        )


def decide(grant_id, who="secadmin", *, is_granted=True):
    with db.write():
        roles.decide(grant_id=grant_id, is_granted=is_granted, decided_by_id=cast.person_id(who))


def held(whom="staff"):
    return {grant.role for grant in service.read_grants(cast.person_id(whom), TODAY)}


@pytest.mark.db
def test_a_role_is_asked_for_by_one_and_granted_by_another(browse, app):
    with app.app_context():
        staff = cast.person_id("staff")
    clerk = browse("clerk")
    page = clerk.get(f"/people/{staff}/roles/new")
    clerk.submit(page, {"role": "inspector"})
    with app.app_context():
        assert held() == {Role.STAFF}
        grant_id = db.session.scalars(select(RoleGrant.id).order_by(RoleGrant.id.desc())).first()
    officer = browse("secadmin")
    page = officer.get(f"/roles/{grant_id}")
    asked = officer.submit(page, form="form[action$=decide]:last-of-type", status=200)
    assert "巡查员" in asked.text
    officer.submit(asked)
    with app.app_context():
        assert held() == {Role.STAFF, Role.INSPECTOR}
        [granted] = events(AuditEvent.ACCOUNTS_ROLE_GRANTED)
        assert granted.person_id == cast.person_id("secadmin")
        assert granted.data["for_person"] == staff


@pytest.mark.db
def test_whoever_gets_or_loses_a_role_signs_in_anew(browse, app):
    visitor = browse("staff")
    with app.app_context():
        grant_id = ask()
        decide(grant_id)
        mine = [each for each in sessions() if each.account_id == cast.account("staff").id]
        assert [each.end_reason for each in mine] == [SessionEnd.ROLES_CHANGED]
    assert visitor.client.get("/").status_code == 303


@pytest.mark.db
def test_a_role_ends_at_once_and_the_reason_is_kept(browse, app):
    with app.app_context():
        grant_id = ask()
        decide(grant_id)
    officer = browse("secadmin")
    officer.submit(officer.get(f"/roles/{grant_id}/end"), {"reason": "岗位变动"})
    with app.app_context():
        assert held() == {Role.STAFF}
        [ended] = events(AuditEvent.ACCOUNTS_ROLE_ENDED)
        assert ended.data["reason"] == "岗位变动"


@pytest.mark.db
def test_neither_asker_nor_the_person_himself_decides(app):
    with app.app_context():
        own = ask(whom="secadmin", role=Role.OFFICE)
        asked_by_decider = ask(who="secadmin")
        for grant_id in (own, asked_by_decider):
            with pytest.raises(RefusedError):
                decide(grant_id)
            with pytest.raises(IntegrityError), db.write():
                db.session.execute(
                    update(RoleGrant)
                    .where(RoleGrant.id == grant_id)
                    .values(
                        decided_by_id=cast.person_id("secadmin"),
                        decided_at=RoleGrant.requested_at,
                        is_granted=True,
                    )
                )


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.SECADMIN, Role.AUDITOR])
@pytest.mark.db
def test_the_duty_of_an_administrator_is_no_role(app, role):
    with app.app_context():
        with pytest.raises(RefusedError):
            ask(role=role)
        with pytest.raises(IntegrityError), db.write():
            service.grant_at_set_up(person_id=cast.person_id("staff"), role=role, starts_on=TODAY)
            db.session.flush()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"role": Role.STAFF}, "已经有了"),
        ({"ends_on": TODAY - timedelta(days=1)}, "不能早于开始日期"),
        ({"ends_on": TODAY + timedelta(days=2000)}, "最长三年"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(app, values, message):
    with app.app_context(), pytest.raises(RefusedError, match=message):
        ask(**values)


def test_a_role_is_not_granted_into_the_past(app):
    with app.app_context():
        grant_id = ask(starts_on=TODAY - timedelta(days=30))
        decide(grant_id)
        assert db.session.get_one(RoleGrant, grant_id).starts_on == TODAY


@pytest.mark.db
def test_what_was_decided_is_not_decided_again(app):
    with app.app_context():
        grant_id = ask()
        decide(grant_id, is_granted=False)
        with pytest.raises(RefusedError, match="已经办理过"):
            decide(grant_id)
        assert held() == {Role.STAFF}


def test_a_scoped_role_is_good_in_its_department_only(app):
    with app.app_context():
        first, second = cast.department_ids()
        decide(ask(role=Role.WINDOW_LEAD, department_id=first))
        [grant] = [
            each
            for each in service.read_grants(cast.person_id("staff"), TODAY)
            if each.role is Role.WINDOW_LEAD
        ]
        assert grant.department_id == first != second


@pytest.mark.db
def test_who_asked_may_withdraw_and_others_may_not(browse, app):
    with app.app_context():
        grant_id = ask()
    secadmin = browse("secadmin")
    assert not secadmin.get(f"/roles/{grant_id}").all("form[action$=withdraw]")
    sysadmin = browse("sysadmin")
    data = {"csrf_token": sysadmin.token()}
    sysadmin.post(f"/roles/{grant_id}/withdraw", data, status=303)
    assert "只能撤回自己提出的申请" in sysadmin.get(f"/roles/{grant_id}").text
    clerk = browse("clerk")
    clerk.submit(clerk.get(f"/roles/{grant_id}"), form="form[action$=withdraw]")
    assert "已撤回" in clerk.get(f"/roles/{grant_id}").text_of("h1")
    with app.app_context():
        assert events(AuditEvent.ACCOUNTS_ROLE_WITHDRAWN)
        with pytest.raises(RefusedError, match="已经办理过"):
            decide(grant_id)
        assert ask() != grant_id


def test_a_role_that_ends_on_its_first_day_was_taken_back(app):
    with app.app_context():
        grant_id = ask()
        decide(grant_id)
        with db.write():
            roles.end_role(
                grant_id=grant_id, reason="给错了", ended_by_id=cast.person_id("secadmin")
            )
        assert roles.state_of(db.session.get_one(RoleGrant, grant_id), TODAY)[0] == "已收回"


def test_a_clerk_of_one_department_sees_the_roles_of_its_people(browse, app):
    with app.app_context():
        grant_id = ask(whom="other")
        with db.write():
            db.session.execute(
                update(RoleGrant)
                .where(RoleGrant.role == Role.CLERK)
                .values(department_id=cast.department_ids()[0])
            )
    clerk = browse("clerk")
    assert "梁静怡" not in clerk.get("/roles").text
    clerk.get(f"/roles/{grant_id}", status=404)
    assert "单知远" in clerk.get("/roles").text
