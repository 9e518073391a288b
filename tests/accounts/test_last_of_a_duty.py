"""The hall is never without one of 三员, whoever leaves (SE5), and the tables know no way round."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from app.accounts import administration, service
from app.accounts.models import Account, AccountKind, Hall, RoleGrant
from app.accounts.roster import people
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.accounts.test_grant_walks import acting, past_the_services, raw_account, raw_grant
from tests.support import cast


def leave(who, *, in_days=0):
    with db.write():
        people.let_leave(
            person_id=cast.person_id(who),
            left_on=clock.today() + timedelta(days=in_days),
            by_id=cast.person_id("clerk"),
        )


def stand_in(who, kind, login_name):
    with db.write():
        return service.add_account(
            person_id=cast.person_id(who), login_name=login_name, password_hash="x", kind=kind
        ).id


@pytest.mark.db
@pytest.mark.parametrize("who", list(cast.ADMINISTRATORS))
def test_whoever_holds_the_last_account_of_a_duty_does_not_leave(browse, app, who):
    with app.app_context():
        url = f"/people/{cast.person_id(who)}/leave"
    clerk = browse("clerk")
    page = clerk.submit(clerk.get(url), form="form[action$='/leave']", status=422)
    assert "最后一个在用的" in page.text
    with app.app_context(), pytest.raises(RefusedError, match="请先设好接替的人"):
        leave(who, in_days=30)


@pytest.mark.db
def test_with_a_successor_he_leaves(app):
    with app.app_context():
        stand_in("staff", AccountKind.AUDITOR, "sj-shan")
        leave("auditor")
        with pytest.raises(RefusedError):
            leave("staff")


@pytest.mark.db
def test_whoever_has_a_last_day_stands_in_for_nobody(app):
    """His account is in use until then, and the hall would be without the duty afterwards."""
    with app.app_context():
        stand_in("staff", AccountKind.SECADMIN, "aq-shan")
        leave("staff", in_days=5)
        sysadmin = cast.account("sysadmin")
        with pytest.raises(RefusedError, match="最后一个在用的"), db.write():
            administration.disable(
                user=acting(sysadmin.person_id, sysadmin.id),
                account_id=cast.account("secadmin").id,
                reason="岗位变动",
            )


@pytest.mark.db
def test_of_two_who_leave_at_once_one_stays(app):
    with app.app_context():
        stand_in("staff", AccountKind.SECADMIN, "aq-shan")

    def go(who):
        with app.app_context():
            try:
                leave(who)
            except RefusedError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, ["staff", "secadmin"])) == [False, True]


@pytest.mark.db
def test_of_one_who_leaves_and_one_who_is_disabled_at_once_one_stays(app):
    with app.app_context():
        spare = stand_in("staff", AccountKind.SECADMIN, "aq-shan")
        sysadmin = cast.account("sysadmin")
        user = acting(sysadmin.person_id, sysadmin.id)

    def disable():
        with db.write():
            administration.disable(user=user, account_id=spare, reason="岗位变动")

    def go(do):
        with app.app_context():
            try:
                do()
            except RefusedError:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        done = sorted(pool.map(go, [disable, lambda: leave("secadmin")]))
    assert done == [False, True]


# ---------- past the services, on both engines


@pytest.mark.db
@pytest.mark.parametrize("kind", [each for each in AccountKind if each is not AccountKind.BUSINESS])
def test_no_row_gives_a_second_duty(app, kind):
    with app.app_context():
        values = raw_account(cast.person_id("auditor"), kind, 1)
        assert not past_the_services(insert(Account).values(**values))
        values["disabled_at"] = clock.now()
        assert past_the_services(insert(Account).values(**values)), "a past one may stand there"
        back = update(Account).where(Account.login_name == "raw-1").values(disabled_at=None)
        assert not past_the_services(back)


@pytest.mark.db
def test_no_row_joins_what_is_separated(app):
    with app.app_context():
        together = raw_account(cast.person_id("staff"), AccountKind.ADMINISTRATOR, 1)
        switch = update(Hall).values(has_separate_administrators=True)
        assert not past_the_services(insert(Account).values(**together))
        with db.write():
            db.session.get_one(Hall, 1).has_separate_administrators = False
        assert past_the_services(insert(Account).values(**together))
        assert not past_the_services(switch)


CASES = {
    "by who asked": ("staff", Role.OFFICE, "clerk", "clerk", True),
    "by himself": ("staff", Role.OFFICE, "clerk", "staff", True),
    "by himself, refused": ("staff", Role.OFFICE, "clerk", "staff", False),
    "by nobody": ("staff", Role.OFFICE, "clerk", None, True),
    "a duty": ("staff", Role.AUDITOR, "clerk", "secadmin", True),
    "a duty by set-up": ("staff", Role.SYSADMIN, None, None, True),
}


@pytest.mark.db
@pytest.mark.parametrize("case", CASES)
def test_no_row_is_a_grant_that_nobody_else_decided(app, case):
    with app.app_context():
        whom, role, asker, decider, is_granted = CASES[case]
        ids = {who: cast.person_id(who) for who in {whom, asker, decider} - {None}}
        values = raw_grant(ids[whom], role, ids.get(asker), ids.get(decider), is_granted)
        assert not past_the_services(insert(RoleGrant).values(**values))
        sound = raw_grant(ids[whom], Role.OFFICE, ids.get(asker), cast.person_id("secadmin"), True)
        assert past_the_services(insert(RoleGrant).values(**sound)), "only the fault is refused"
