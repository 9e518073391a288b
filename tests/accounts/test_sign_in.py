"""The sign-in page: by 工号, however it is typed, and with one answer for whoever is refused."""

from datetime import date, timedelta

import argon2
import pytest

from app.accounts import passwords, service
from app.accounts.models import SignInThrottle
from app.audit.models import AuditEvent
from app.kernel import clock, db
from tests.accounts.factories import (
    UNKNOWN,
    WRONG,
    change_account,
    counted_verifications,
    counted_writes,
    disable,
    events,
    faceless,
    let_leave,
    number_of,
    password_hash,
    try_sign_in,
)
from tests.support import cast

YESTERDAY = date(2026, 11, 19)
OLDER = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


def prepare(state):
    """Bring the member `staff` into a state; returns what is typed, and the password."""
    if state == "disabled":
        disable("staff")
    elif state == "departed":
        let_leave("staff", YESTERDAY)
    elif state == "locked":
        now = clock.now()
        with db.write():
            db.session.add(
                SignInThrottle(
                    login_name="sy001",
                    failures=5,
                    last_failed_at=now,
                    locked_until=now + timedelta(minutes=15),
                )
            )
    typed = UNKNOWN if state == "unknown" else number_of("staff")
    return typed, WRONG if state == "wrong" else cast.PASSWORD


@pytest.mark.db
def test_the_right_password_opens_the_home_page(browse, app):
    visitor = browse(None)
    answer = try_sign_in(visitor, "SY001")
    assert answer.location == "/"
    assert cast.name_of("staff") in visitor.get("/").text
    with app.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_SIGNED_IN)
        assert entry.person_id == cast.person_id("staff")
        assert entry.data == {}


@pytest.mark.parametrize(
    "typed",
    ["sy001", "ＳＹ００１", "ｓｙ００１", "  SY001 ", "　SY001　", "Sy００1", "SY001\u3000"],
)
def test_width_case_and_blanks_of_the_number_make_no_difference(browse, typed):
    assert try_sign_in(browse(None), typed).location == "/"


@pytest.mark.parametrize("typed", ["SY 001", "SY0O1", "SY01", "SY001x"])
def test_another_number_is_another_number(browse, typed):
    try_sign_in(browse(None), typed, status=422)


@pytest.mark.parametrize(
    "password", [f" {cast.PASSWORD}", f"{cast.PASSWORD} ", cast.PASSWORD.lower()]
)
def test_a_password_is_taken_as_it_was_typed(browse, password):
    try_sign_in(browse(None), "SY001", password, status=422)


def test_a_password_may_begin_and_end_with_blanks(browse, app):
    with app.app_context():
        change_account("staff", password_hash=passwords.hash_password("  two blanks  "))
    assert try_sign_in(browse(None), "SY001", "  two blanks  ").location == "/"


@pytest.mark.parametrize(
    ("values", "field", "advice"),
    [
        ({"staff_number": ""}, "staff_number", "请输入工号"),
        ({"staff_number": " 　"}, "staff_number", "请输入工号"),
        ({"password": ""}, "password", "请输入密码"),
        ({"staff_number": "S" * 65}, "staff_number", "64"),
        ({"password": "p" * 257}, "password", "256"),
        ({"staff_number": "SY\x00001"}, "staff_number", "控制字符"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(browse, app, values, field, advice):
    visitor = browse(None)
    typed = {"staff_number": "SY001", "password": cast.PASSWORD, **values}
    answer = visitor.submit(visitor.get("/sign-in"), typed, status=422)
    assert advice in answer.text_of(f"#{field}-error")
    with app.app_context():
        assert events(AuditEvent.ACCOUNTS_SIGN_IN_FAILED) == []


def test_a_refusal_keeps_the_number_and_forgets_the_password(browse):
    answer = try_sign_in(browse(None), "SY001", WRONG, status=422)
    assert answer.one("[name=staff_number]").get("value") == "SY001"
    assert not answer.one("[name=password]").get("value")
    assert WRONG not in answer.body


@pytest.mark.db
@pytest.mark.parametrize("state", ["wrong", "disabled", "departed", "locked"])
def test_a_refusal_is_the_same_for_every_cause(browse, app, monkeypatch, state):
    """AU8: the same page, one verification and as many writes as for a name that nobody has."""
    costs = []
    for each in ("unknown", state):
        with app.app_context():
            typed, password = prepare(each)
            with counted_verifications(monkeypatch) as asked, counted_writes() as written:
                page = try_sign_in(browse(None), typed, password, status=422)
            kinds = [statement.split(None, 1)[0] for statement in written]
        shown = {name: page.headers[name] for name in ("Content-Type", "Cache-Control", "Vary")}
        costs.append((faceless(page, typed), shown, len(asked), len(kinds)))
    assert costs[0] == costs[1]
    assert costs[0][2] == 1


@pytest.mark.db
def test_the_fifth_failure_costs_the_same_for_a_name_that_nobody_has(browse, app, monkeypatch):
    costs = {}
    for typed in ("SY001", UNKNOWN):
        costs[typed] = []
        for _ in range(7):
            with app.app_context(), counted_writes() as written:
                with counted_verifications(monkeypatch) as asked:
                    page = try_sign_in(browse(None), typed, WRONG, status=422)
                costs[typed].append((faceless(page, typed), len(asked), len(written)))
    assert costs["SY001"] == costs[UNKNOWN]
    assert {asked for _, asked, _ in costs[UNKNOWN]} == {1}


def test_an_unknown_name_is_checked_against_a_hash_that_costs_the_same(browse, app, monkeypatch):
    with app.app_context():
        with counted_verifications(monkeypatch) as asked:
            try_sign_in(browse(None), UNKNOWN, status=422)
        [dummy] = asked
        real = argon2.extract_parameters(password_hash("staff"))
        assert argon2.extract_parameters(dummy) == real


def test_a_refusal_is_logged_without_what_was_typed(browse, app):
    try_sign_in(browse(None), "SY001", WRONG, status=422)
    try_sign_in(browse(None), UNKNOWN, WRONG, status=422)
    with app.app_context():
        known, unknown = events(AuditEvent.ACCOUNTS_SIGN_IN_FAILED)
        assert known.person_id == cast.person_id("staff")
        assert unknown.person_id is None
        assert [known.data, unknown.data] == [{"failures": 1}, {"failures": 1}]
        assert known.address == "127.0.0.1"


def test_somebody_can_sign_in_on_his_last_day(browse, app):
    with app.app_context():
        let_leave("staff", date(2026, 11, 20))
    assert try_sign_in(browse(None), "SY001").location == "/"


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/exams?q=1", "/exams?q=1"),
        ("", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/%2f%2fevil.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_sign_in_only_a_page_of_this_site_is_opened(browse, target, leads_to):
    visitor = browse(None)
    page = visitor.get("/sign-in")
    values = {"staff_number": "SY001", "password": cast.PASSWORD, "next": target}
    assert visitor.submit(page, values).location == leads_to


def test_the_page_that_was_wanted_is_carried_through_a_refusal(browse):
    visitor = browse(None)
    page = visitor.get("/sign-in?next=/exams")
    refused = visitor.submit(page, {"staff_number": "SY001", "password": WRONG}, status=422)
    values = {"staff_number": "SY001", "password": cast.PASSWORD}
    assert visitor.submit(refused, values).location == "/exams"


@pytest.mark.db
def test_a_hash_with_older_parameters_is_made_anew_at_sign_in(browse, app):
    with app.app_context():
        change_account("staff", password_hash=OLDER.hash(cast.PASSWORD))
    try_sign_in(browse(None), "SY001")
    with app.app_context():
        stored = argon2.extract_parameters(password_hash("staff"))
        assert (stored.memory_cost, stored.time_cost, stored.parallelism) == (19 * 1024, 2, 1)
        assert stored.type is argon2.Type.ID
    assert try_sign_in(browse(None), "SY001").location == "/"


def test_a_refused_sign_in_makes_no_hash_anew(browse, app):
    with app.app_context():
        old = OLDER.hash(cast.PASSWORD)
        change_account("staff", password_hash=old, disabled_at=clock.now())
    try_sign_in(browse(None), "SY001", status=422)
    with app.app_context():
        assert password_hash("staff") == old


def test_a_current_hash_stays_as_it_is(browse, app):
    with app.app_context():
        before = password_hash("staff")
    try_sign_in(browse(None), "SY001")
    with app.app_context():
        assert password_hash("staff") == before


@pytest.mark.parametrize("typed", ["SY001", "ＳＹ００１ ", "sy001"])
def test_one_form_of_a_number_is_looked_up_however_it_is_typed(typed):
    assert service.normalise(typed) == "sy001"
