"""People of one department who can make a pair, named like the cast: `browse("mentor")`."""

from datetime import timedelta

import pytest

from app.accounts import service as accounts
from app.kernel import clock, db
from app.kernel.permissions import Role
from tests.mentoring import world
from tests.support import cast

LONG_AGO = cast.JOINED_ON
# Key, 工号, name, since how many days; None is as long as the cast.
PEOPLE = (
    ("mentor", "SY8201", "席慕云", None),
    ("novice", "SY8202", "宁远舟", 20),
    ("assessor", "SY8203", "卓文清", None),
)
SECOND_CHIEF = ("chief2", "SY8204", "温如玉", [Role.SECTION_CHIEF])


@pytest.fixture
def pair_people(app, monkeypatch):
    """Add a master, an apprentice and an assessor to the department of `staff`, and 事项."""
    with app.app_context():
        home = cast.department_ids()[0]
        for who, number, name, days in PEOPLE:
            joined = LONG_AGO if days is None else clock.today() - timedelta(days=days)
            add(monkeypatch, who, (number, name, "不动产登记中心", "专业窗口", [Role.STAFF]),
                home, joined)  # fmt: skip
        who, number, name, roles = SECOND_CHIEF
        add(monkeypatch, who, (number, name, "不动产登记中心", "科室负责人", roles), home, LONG_AGO)
        world.add_items()


def add(monkeypatch, who, member, department_id, joined_on):
    """Add one of them."""
    monkeypatch.setitem(cast.OTHERS, who, member)
    with db.write():
        accounts.add_person(
            staff_number=member[0],
            name=member[1],
            department_id=department_id,
            post=member[3],
            password_hash="nobody signs in with it",
            roles=member[4],
            joined_on=joined_on,
        )
