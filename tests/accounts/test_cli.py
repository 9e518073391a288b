"""Adding a person from the command line."""

import pytest

from app.accounts import service
from app.accounts.models import Person
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import try_sign_in
from tests.support import cast

PASSWORD = " A passphrase with blanks 1 "


def add(app, *more, number="SY100", name="曾安澜", department="区税务局"):
    runner = app.test_cli_runner()
    words = ["accounts", "add-person", "--staff-number", number, "--name", name]
    words += ["--department", department, "--password", PASSWORD, *more]
    return runner.invoke(args=words)


@pytest.mark.db
def test_whoever_was_added_can_sign_in_with_exactly_that_password(browse, app):
    result = add(app)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "曾安澜" in result.stderr
    assert PASSWORD.strip() not in result.output
    try_sign_in(browse(None), "SY100", PASSWORD.strip(), status=422)
    assert try_sign_in(browse(None), "SY100", PASSWORD).location == "/"


def test_without_a_role_somebody_is_staff(app):
    add(app)
    add(app, "--role", "clerk", "--role", "section_chief", number="SY101")
    with app.app_context():
        found = {
            person.staff_number: {
                grant.role for grant in service.read_grants(person.id, person.joined_on)
            }
            for person in db.session.query(Person).filter(
                Person.staff_number.in_(["SY100", "SY101"])
            )
        }
    assert found == {"SY100": {Role.STAFF}, "SY101": {Role.CLERK, Role.SECTION_CHIEF}}


def test_a_new_department_comes_last(app):
    add(app, department="区气象局")
    add(app, number="SY101", department="区气象局")
    with app.app_context():
        assert [each.name for each in service.list_departments()][-1] == "区气象局"
        assert len(service.list_departments()) == 3


@pytest.mark.db
def test_a_number_that_somebody_has_is_refused(app):
    for number in ("SY001", "ｓｙ００１"):
        result = add(app, number=number)
        assert result.exit_code == 1
        assert "SY001" in result.stderr or "ｓｙ００１" in result.stderr
        assert "Traceback" not in result.output
    with app.app_context():
        assert db.session.query(Person).count() == len(cast.CAST) + len(cast.OTHERS) + len(
            cast.ADMINISTRATORS
        )
