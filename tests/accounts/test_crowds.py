"""Adding many people at once leaves the rows and events of adding each by himself."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts import crowds, service
from app.accounts.models import Account, Employment, Person, RoleGrant
from app.accounts.passwords import NO_PASSWORD
from app.accounts.roster.models import Placement, Post
from app.accounts.sign_in_models import PasswordHistory
from app.audit.models import AuditEntry
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.support import cast

pytestmark = pytest.mark.db

JOINED = date(2025, 3, 3)
# What two people can't share, and what follows from the place in the log.
OWN = {"id", "person_id", "account_id", "staff_number", "login_name"}
OF_PLACE = {"seq", "prev_hash", "hash", "object_id"}


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def values(row):
    kept = {column.name for column in row.__table__.columns} - OWN - OF_PLACE
    return {name: getattr(row, name) for name in kept}


def rows_of(person_id):
    """Give everything that is stored of somebody, and the event of his coming."""
    accounts = db.session.scalars(select(Account).where(Account.person_id == person_id)).all()
    history = select(PasswordHistory).where(PasswordHistory.account_id == accounts[0].id)
    came = select(AuditEntry).where(
        AuditEntry.object_type == "person", AuditEntry.object_id == str(person_id)
    )
    found = [
        db.session.get_one(Person, person_id),
        *db.session.scalars(select(Placement).where(Placement.person_id == person_id)),
        *accounts,
        *db.session.scalars(history),
        *db.session.scalars(
            select(RoleGrant).where(RoleGrant.person_id == person_id).order_by(RoleGrant.role)
        ),
        *db.session.scalars(came),
    ]
    return [(type(row).__name__, values(row)) for row in found]


def person(number, **more):
    given = {
        "staff_number": number,
        "name": "单彧",
        "department_id": cast.department_ids()[1],
        "post": "夜间导服",
        "password_hash": "nobody signs in with it",
        "roles": [Role.STAFF, Role.INSPECTOR],
        "joined_on": JOINED,
        "employment": Employment.DISPATCHED,
        "phone": "19900001234",
    }
    return {**given, **more}


@pytest.mark.parametrize("more", [{}, {"password_hash": NO_PASSWORD}, {"roles": []}])
def test_rows_and_event_are_those_of_adding_one(more):
    with db.write():
        alone = service.add_person(**person("SY501", **more))
    with db.write():
        _, among = crowds.add_people(
            [crowds.Newcomer(**person("SY502")), crowds.Newcomer(**person("SY503 ", **more))]
        )
    assert rows_of(among) == rows_of(alone)
    assert db.session.get_one(Person, among).staff_number == "SY503"
    assert db.session.scalars(select(Post.name).where(Post.name == "夜间导服")).all() == [
        "夜间导服"
    ]


def test_a_password_may_have_been_set_at_another_time():
    before = clock.now() - timedelta(days=5)
    with db.write():
        [added] = crowds.add_people([crowds.Newcomer(**person("SY504"))], password_set_at=before)
    assert service.business_account(added).password_set_at == before
