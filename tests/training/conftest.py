"""A second member of the Party branch: who drafted a class of 党建课堂 does not decide on it."""

import pytest

from app.accounts import service as accounts
from app.kernel import db
from app.kernel.permissions import Role
from tests.support import cast


@pytest.fixture
def second_branch(app, monkeypatch):
    """Add a second member, who can be named like the cast: `browse("branch2")`."""
    member = ("SY016", "樊清越", "区税务局", "后台", [Role.PARTY_BRANCH])
    monkeypatch.setitem(cast.OTHERS, "branch2", member)
    with app.app_context(), db.write():
        accounts.add_person(
            staff_number=member[0],
            name=member[1],
            department_id=cast.department_ids()[1],
            post=member[3],
            password_hash="nobody signs in with it",
            roles=member[4],
            joined_on=cast.JOINED_ON,
        )
