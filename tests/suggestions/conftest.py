"""A second 投诉反馈专员: the second visit is made by another person than the first."""

import pytest

from app.accounts import service as accounts
from app.kernel import db
from app.kernel.permissions import Role
from tests.support import cast


@pytest.fixture
def second_officer(app, monkeypatch):
    """Add a second feedback officer, who can be named like the cast: `browse("officer2")`."""
    member = ("SY015", "纪云舒", "区税务局", "后台", [Role.FEEDBACK_OFFICER])
    monkeypatch.setitem(cast.OTHERS, "officer2", member)
    with app.app_context(), db.write():
        accounts.add_person(
            staff_number=member[0],
            name=member[1],
            department_id=cast_department(),
            post=member[3],
            password_hash="nobody signs in with it",
            roles=member[4],
            joined_on=cast.JOINED_ON,
        )


def cast_department():
    """Give the department of most of the cast."""
    return next(each.id for each in accounts.list_departments() if each.name == "区税务局")
