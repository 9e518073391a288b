"""What the tables themselves refuse."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.models import (
    Account,
    AccountKind,
    Hall,
    Person,
    RoleGrant,
    SessionEnd,
    SignInSession,
)
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def refuses(row):
    with pytest.raises(IntegrityError), db.write():
        db.session.add(row)
    return True


def person(**values):
    given = {
        "staff_number": "SY500",
        "name": "汤语桐",
        "name_key": "tang",
        "joined_on": date(2026, 1, 5),
    }
    return Person(**given | values)


def session(now, **values):
    given = {
        "token_hash": "0" * 64,
        "account_id": cast.account("staff").id,
        "created_at": now.now,
        "seen_at": now.now,
        "proven_at": now.now,
        "address": "",
        "device": "",
    }
    return SignInSession(**given | values)


def test_a_number_belongs_to_one_person():
    assert refuses(person(staff_number="SY001"))


def test_nobody_leaves_before_he_came():
    assert refuses(person(left_on=date(2026, 1, 4)))


def test_a_login_name_belongs_to_one_account(now):
    with db.write():
        new = person()
        db.session.add(new)
        db.session.flush()
    assert refuses(
        Account(person_id=new.id, login_name="sy001", password_hash="x", password_set_at=now.now)
    )


def test_nobody_with_an_account_can_be_deleted():
    with pytest.raises(IntegrityError), db.write():
        db.session.delete(db.session.get_one(Person, cast.person_id("staff")))


def test_a_role_does_not_end_before_it_begins():
    day = date(2026, 11, 20)
    grant = RoleGrant(
        person_id=cast.person_id("staff"),
        role=Role.CLERK,
        starts_on=day,
        ends_on=day - timedelta(days=1),
        requested_at=clock.now(),
    )
    assert refuses(grant)


def test_there_is_one_hall():
    assert refuses(Hall(id=2, name="另一个大厅"))


def test_a_session_ends_with_a_reason_or_not_at_all(now):
    assert refuses(session(now, ended_at=now.now))
    assert refuses(session(now, end_reason=SessionEnd.SIGNED_OUT))
    with db.write():
        db.session.add(session(now, ended_at=now.now, end_reason=SessionEnd.SIGNED_OUT))
    assert refuses(session(now))


def administrator(who, kind, login_name):
    return Account(
        person_id=cast.person_id(who),
        kind=kind,
        login_name=login_name,
        password_hash="x",
        password_set_at=clock.now(),
    )


@pytest.mark.parametrize("kind", [each for each in AccountKind if each is not AccountKind.BUSINESS])
def test_nobody_holds_two_of_the_three_duties(kind):
    assert refuses(administrator("auditor", kind, "second"))


def test_where_duties_are_separated_nobody_holds_them_all():
    assert refuses(administrator("staff", AccountKind.ADMINISTRATOR, "all-in-one"))
    with db.write():
        db.session.get_one(Hall, 1).has_separate_administrators = False
    with db.write():
        db.session.add(administrator("staff", AccountKind.ADMINISTRATOR, "all-in-one"))
    with pytest.raises(IntegrityError), db.write():
        db.session.get_one(Hall, 1).has_separate_administrators = True


def test_whoever_gave_a_duty_up_may_take_another():
    with db.write():
        cast.account("auditor").disabled_at = clock.now()
    with db.write():
        db.session.add(administrator("auditor", AccountKind.SYSADMIN, "second"))
