"""The home page of 管理员: roles that wait for a decision, accounts that wait for a slip."""

from datetime import timedelta

import pytest

from app.accounts import roles
from app.accounts.credentials import hash_code, issue_code
from app.accounts.models import Account
from app.accounts.passwords import NO_PASSWORD
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.accounts.factories import change_account
from tests.support import cast

pytestmark = pytest.mark.db

WHO = ("staff", "other", "clerk", "chief", "sysadmin", "secadmin", "auditor")


def ask(app, who, by):
    """Ask for a role of somebody; returns the grant's id."""
    with app.app_context(), db.write():
        return roles.request_role(
            person_id=cast.person_id(who),
            role=Role.INSPECTOR,
            department_id=None,
            starts_on=clock.today(),
            ends_on=clock.today() + timedelta(days=30),
            requested_by_id=cast.person_id(by),
        )


def homes(browse):
    return {who: browse(who).get("/").text for who in WHO}


def test_roles_that_wait_stand_on_the_home_page_of_who_decides(app, browse):
    grant_id = ask(app, "staff", "clerk")
    shown = homes(browse)
    assert [who for who in WHO if "1项角色等你授权" in shown[who]] == ["secadmin"]
    assert "单知远：巡查员" in shown["secadmin"]
    secadmin = browse("secadmin")
    listed = secadmin.get(secadmin.get("/").one(".task a").get("href"))
    assert [link.get("href") for link in listed.all("tbody a")] == [f"/roles/{grant_id}"]
    with app.app_context(), db.write():
        roles.decide(grant_id=grant_id, is_granted=True, decided_by_id=cast.person_id("secadmin"))
    assert "等你授权" not in browse("secadmin").get("/").text


@pytest.mark.parametrize(("who", "by"), [("secadmin", "clerk"), ("staff", "secadmin")])
def test_what_is_his_own_waits_for_another(app, browse, who, by):
    ask(app, who, by)
    assert "等你授权" not in browse("secadmin").get("/").text


def test_accounts_without_a_slip_stand_on_the_home_page_of_who_keeps_them(app, browse):
    with app.app_context():
        change_account("other", password_hash=NO_PASSWORD)
    shown = homes(browse)
    assert [who for who in WHO if "1个账号等着激活" in shown[who]] == ["sysadmin"]
    assert "梁静怡" in shown["sysadmin"]
    sysadmin = browse("sysadmin")
    page = sysadmin.get(sysadmin.get("/").one(".task a").get("href"))
    assert "其中1个没有有效的激活码" in page.text
    with app.app_context(), db.write():
        issue_code(
            account=db.session.get_one(Account, cast.account("other").id),
            code_hash=hash_code("ABCD-EFGH"),
            valid_until=clock.now() + timedelta(days=7),
            issued_by_id=cast.person_id("sysadmin"),
        )
    assert "等着激活" not in browse("sysadmin").get("/").text
