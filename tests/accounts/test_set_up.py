"""The first person of a new site is let in once, by the code that the start printed (AU2)."""

import shutil
from pathlib import Path

import pytest

from app.accounts import setup_code
from app.accounts.models import Account, AccountKind, Department, Hall, Person
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import events, try_sign_in
from tests.support.database import make_app
from tests.support.pages import Browser

FORM = {
    "hall_name": "清源区政务服务中心",
    "department_name": "办公室",
    "staff_number": "QY0001",
    "name": "秦望舒",
    "password": "Ten letters at least 1",
    "repeated": "Ten letters at least 1",
    "login_name": "guanli-01",
    "administrator_password": "Another lantern 88",
    "administrator_repeated": "Another lantern 88",
}


@pytest.fixture(scope="module")
def empty_site(tmp_path_factory):
    var = Path(tmp_path_factory.mktemp("empty"))
    app = make_app(var)
    with app.app_context():
        db.database.engine.dispose()
    shutil.copyfile(var / "db", var / "db.template")
    return app


@pytest.fixture
def site(empty_site, now):
    """A site that nobody can sign in to yet."""
    var = empty_site.config["SITE"].var
    with empty_site.app_context():
        db.database.engine.dispose()
        setup_code.use_up()
    for name in ("db-wal", "db-shm"):
        (var / name).unlink(missing_ok=True)
    shutil.copyfile(var / "db.template", var / "db")
    return empty_site


@pytest.fixture
def code(site):
    with site.app_context():
        return setup_code.make()


def visit(site):
    return Browser(app=site, client=site.test_client())


def send(visitor, status=303, **values):
    page = visitor.get("/set-up")
    return visitor.submit(page, {**FORM, **values}, status=status)


def test_the_code_lets_the_first_person_in_with_two_accounts(site, code):
    visitor = visit(site)
    assert visitor.get("/sign-in", status=303).location == "/set-up"
    assert send(visitor, code=code).location == "/first-run"
    page = visitor.get("/")
    assert "秦望舒" in page.text
    assert "清源区政务服务中心" in page.text
    with site.app_context():
        person = db.session.query(Person).one()
        assert (person.staff_number, person.joined_on.isoformat()) == ("QY0001", "2026-11-20")
        assert db.session.query(Department).one().name == "办公室"
        hall = db.session.get(Hall, 1)
        assert (hall.name, hall.set_up_on, hall.opened_on) == (
            "清源区政务服务中心", person.joined_on, None,
        )  # fmt: skip
        kinds = {each.login_name: each.kind for each in db.session.query(Account)}
        assert kinds == {"qy0001": AccountKind.BUSINESS, "guanli-01": AccountKind.ADMINISTRATOR}
        [entry] = events(AuditEvent.SITE_SET_UP)
        assert entry.person_id == person.id
        [added] = events(AuditEvent.ACCOUNTS_PERSON_ADDED)
        assert added.data == {"roles": [Role.CLERK]}
    assert try_sign_in(visit(site), "qy0001", FORM["password"]).location == "/"
    administrator = visit(site)
    assert try_sign_in(administrator, "guanli-01", FORM["administrator_password"]).location == "/"
    assert "人员与设置" in administrator.get("/").text_of("#side")


def test_the_code_is_gone_once_it_was_used(site, code):
    send(visit(site), code=code)
    assert not (site.config["SITE"].var / "secrets" / "set-up-code").exists()
    visit(site).get("/set-up", status=404)
    with site.app_context():
        assert not setup_code.is_right(code)


def test_two_who_have_the_page_open_make_one_first_person(site, code):
    first, second = visit(site), visit(site)
    opened = second.get("/set-up")
    send(first, code=code)
    second.submit(opened, {**FORM, "code": code, "staff_number": "QY0002"}, status=404)
    with site.app_context():
        assert db.session.query(Person).count() == 1


@pytest.mark.parametrize("typed", ["wrong", "0" * 18, " ", "密"])
def test_a_wrong_code_lets_nobody_in_and_keeps_what_was_typed(site, code, typed):
    answer = send(visit(site), status=422, code=typed)
    assert answer.all("#code-error")
    assert answer.one("[name=name]").get("value") == "秦望舒"
    assert FORM["password"] not in answer.body
    with site.app_context():
        assert db.session.query(Person).count() == 0
        assert setup_code.is_right(code)


def test_without_a_printed_code_nothing_opens_the_site(site):
    send(visit(site), status=422, code="")
    send(visit(site), status=422, code="0")


def test_a_newer_code_voids_the_older(site, code):
    with site.app_context():
        newer = setup_code.make()
    send(visit(site), status=422, code=code)
    assert send(visit(site), code=f" {newer} ").location == "/first-run"


def test_the_code_is_readable_by_the_owner_alone(site, code):
    assert setup_path(site).stat().st_mode & 0o777 == 0o600
    assert len(code) >= 16


def setup_path(site):
    with site.app_context():
        return setup_code.path_of_code()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"hall_name": " 　"}, "hall_name"),
        ({"department_name": ""}, "department_name"),
        ({"staff_number": ""}, "staff_number"),
        ({"name": "　"}, "name"),
        ({"name": "长" * 41}, "name"),
        ({"password": "nine char", "repeated": "nine char"}, "password"),
        ({"repeated": "another one"}, "repeated"),
        ({"login_name": ""}, "login_name"),
        ({"login_name": "有汉字"}, "login_name"),
        ({"login_name": " ＱＹ0001 "}, "login_name"),
        ({"login_name": "qy0001"}, "login_name"),
        (
            {"administrator_password": "guanli-01 Aa", "administrator_repeated": "guanli-01 Aa"},
            "administrator_password",
        ),
        (
            {
                "administrator_password": FORM["password"],
                "administrator_repeated": FORM["password"],
            },
            "administrator_password",
        ),
        ({"administrator_repeated": "another one"}, "administrator_repeated"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(site, code, values, field):
    answer = send(visit(site), status=422, code=code, **values)
    assert answer.all(f"#{field}-error")
    with site.app_context():
        assert db.session.query(Person).count() == 0
        assert setup_code.is_right(code)


def test_a_site_with_people_has_no_such_page(browse):
    browse(None).get("/set-up", status=404)
    browse("clerk").get("/set-up", status=404)


def test_the_command_prints_a_code_only_while_nobody_can_sign_in(site):
    runner = site.test_cli_runner()
    printed = runner.invoke(args=["setup-code"]).stdout.strip()
    send(visit(site), code=printed)
    again = runner.invoke(args=["setup-code"])
    assert (again.stdout, again.exit_code) == ("", 0)
