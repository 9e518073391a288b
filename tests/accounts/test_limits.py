"""AU7: failures are limited by address and from everywhere; successes never are."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import create_app
from app.accounts import limits, passwords
from app.accounts.sign_in import decide_sign_in
from app.accounts.sign_in_models import AddressThrottle
from app.audit.models import AuditEvent
from app.kernel import db
from tests.accounts.factories import UNKNOWN, WRONG, events, faceless, try_sign_in
from tests.support import cast
from tests.support.pages import Browser

pytestmark = pytest.mark.db


# Far beyond what is permitted to fail; all six hundred of a hall in the long form.
SIGN_INS = 600 if os.environ.get("LONG") == "1" else 60


@pytest.fixture
def few(monkeypatch):
    """Let three failures per address and eight from everywhere be enough."""
    monkeypatch.setattr(limits, "MOST_PER_ADDRESS", 3)
    monkeypatch.setattr(limits, "MOST_FROM_EVERYWHERE", 8)


def visitor_at(app, address):
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return Browser(app=app, client=client)


def fail(app, address, times, start=0):
    """Fail with a new name each time, so that no name is locked."""
    visitor = visitor_at(app, address)
    for place in range(start, start + times):
        try_sign_in(visitor, f"XX{address}{place}"[:60], WRONG, status=422)


def test_hall_behind_one_address_signs_in_as_often_as_it_likes(app, few, monkeypatch):
    monkeypatch.setattr(passwords, "verify", lambda *_: True)
    monkeypatch.setattr(passwords, "needs_rehash", lambda _: False)
    numbers = ["SY001", "SY002", "SY003", "SY004"]
    client = app.test_client()
    token = client.get("/sign-in/again").get_json()["csrf_token"]
    for place in range(SIGN_INS):
        sent = {
            "staff_number": numbers[place % 4],
            "password": cast.PASSWORD,
            "csrf_token": token,
        }
        answer = client.post("/sign-in/again", data=sent)
        assert answer.status_code == 200
        token = answer.get_json()["csrf_token"]
    with app.app_context():
        assert db.session.query(AddressThrottle).count() == 0


def test_address_that_failed_too_often_is_refused_like_everybody(app, few):
    fail(app, "203.0.113.9", 3)
    refused = try_sign_in(visitor_at(app, "203.0.113.9"), "SY001", status=422)
    unknown = try_sign_in(visitor_at(app, "203.0.113.9"), UNKNOWN, status=422)
    assert faceless(refused, "SY001") == faceless(unknown, UNKNOWN)
    assert try_sign_in(visitor_at(app, "203.0.113.10"), "SY001").location == "/"
    with app.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_ADDRESS_LIMITED)
        assert (entry.data, entry.address) == ({"is_global": False}, "203.0.113.9")


def test_it_is_over_after_five_minutes_however_often_somebody_tries(app, few, now):
    fail(app, "203.0.113.9", 3)
    now.move(minutes=4)
    fail(app, "203.0.113.9", 2, start=3)
    now.move(minutes=1)
    assert try_sign_in(visitor_at(app, "203.0.113.9"), "SY001").location == "/"


def test_failures_from_many_addresses_are_limited_together(app, few):
    for place in range(4):
        fail(app, f"203.0.113.{place}", 2)
    try_sign_in(visitor_at(app, "198.51.100.1"), "SY001", status=422)
    with app.app_context():
        [entry] = events(AuditEvent.ACCOUNTS_ADDRESS_LIMITED)
        assert entry.data == {"is_global": True}


def test_restart_forgets_no_failure(app, few):
    fail(app, "203.0.113.9", 3)
    restarted = create_app(app.config["SITE"])
    try_sign_in(visitor_at(restarted, "203.0.113.9"), "SY001", status=422)
    with restarted.app_context():
        db.database.engine.dispose()


def test_household_of_ipv6_is_one_address(app, few):
    for place in range(3):
        fail(app, f"2001:db8:1:2::{place + 1}", 1, start=place)
    try_sign_in(visitor_at(app, "2001:db8:1:2:ffff::1"), "SY001", status=422)
    assert try_sign_in(visitor_at(app, "2001:db8:1:3::1"), "SY001").location == "/"


def test_addresses_are_forgotten_with_their_window(app, now):
    fail(app, "203.0.113.9", 1)
    now.move(minutes=6)
    fail(app, "203.0.113.10", 1)
    with app.app_context():
        found = {row.address: row.failures for row in db.session.query(AddressThrottle)}
    assert found == {"": 1, "203.0.113.10": 1}


def test_failures_at_the_same_moment_are_all_counted(app):
    def fail_once(place):
        with app.app_context(), db.write():
            decide_sign_in(f"name{place}", is_right=False)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail_once, range(8)))
    with app.app_context():
        assert db.session.get(AddressThrottle, "").failures == 8


def test_limits_leave_room_for_a_hall_and_none_for_a_machine():
    assert (limits.MOST_PER_ADDRESS, limits.MOST_FROM_EVERYWHERE) == (100, 1000)
    assert limits.WINDOW.total_seconds() == 300
