"""Names in lists, the roll of an exam, roles in a period."""

from datetime import date

import pytest

from app.accounts import service
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import grant, let_leave
from tests.support import cast

pytestmark = pytest.mark.db

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def roll(on=DAY, departments=None):
    given = cast.department_ids() if departments is None else departments
    people = service.list_examinees(department_ids=given, on=on)
    ids = {cast.person_id(who): who for who in cast.CAST}
    return [ids.get(each.person_id, each.person_id) for each in people]


def test_staff_are_on_the_roll_and_nobody_else():
    assert roll() == ["staff", "other"]


@pytest.mark.parametrize("role", [Role.CLERK, Role.SECTION_CHIEF])
def test_staff_who_are_also_organisers_are_on_the_roll(role):
    """Who of them knows a key, and so is 免考(命题), the exam's own room says by the log."""
    grant("staff", role)
    assert roll() == ["staff", "other"]


def test_only_the_chosen_departments_sit():
    first, second = cast.department_ids()
    assert roll(departments=[first]) == ["staff"]
    assert roll(departments=[second]) == ["other"]
    assert roll(departments=[]) == []


def test_whoever_has_left_or_not_yet_come_does_not_sit():
    let_leave("staff", DAY)
    assert roll() == ["staff", "other"]
    assert roll(on=date(2026, 11, 21)) == ["other"]
    assert roll(on=date(2025, 1, 5)) == []


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单知远", "shan1 zhi1 yuan3"),
        ("曾安", "zeng1 an1"),
        ("张单", "zhang1 dan1"),
        ("夏侯明", "xia4 hou4 ming2"),
        ("Li Lei", "Li Lei"),
    ],
)
def test_names_are_found_by_how_they_are_read(name, key):
    def bare(text):
        return "".join(c for c in text if not c.isdigit())

    assert bare(service.sort_key(name)) == bare(key)


def test_a_surname_read_otherwise_sorts_where_it_is_read():
    names = ["单一", "沈一", "戴一"]
    assert sorted(names, key=service.sort_key) == ["戴一", "单一", "沈一"]


def test_a_hall_without_a_profile_has_a_plain_name():
    assert service.hall_name() == cast.HALL_NAME
    with db.write():
        service.set_hall_name("另一个大厅")
    assert service.hall_name() == "另一个大厅"
