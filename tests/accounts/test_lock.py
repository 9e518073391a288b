"""等保, 登录失败处理: five failures lock a login name for fifteen minutes (AU6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app import create_app
from app.accounts import sign_in
from app.accounts.models import SignInThrottle
from app.audit.models import AuditEvent
from app.kernel import db
from tests.accounts.factories import UNKNOWN, WRONG, events, throttle, try_sign_in
from tests.support.pages import Browser

pytestmark = pytest.mark.db


def fail(browse, times, typed="SY001"):
    visitor = browse(None)
    page = visitor.get("/sign-in")
    for _ in range(times):
        visitor.submit(page, {"staff_number": typed, "password": WRONG}, status=422)


def test_four_failures_lock_nobody_out(browse):
    fail(browse, 4)
    assert try_sign_in(browse(None), "SY001").location == "/"


def test_the_fifth_failure_locks_for_fifteen_minutes(browse, app, now):
    fail(browse, 5)
    now.move(minutes=15, seconds=-1)
    try_sign_in(browse(None), "SY001", status=422)
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_LOCKED)) == 1
    now.move(seconds=1)
    assert try_sign_in(browse(None), "SY001").location == "/"


def test_trying_on_does_not_lock_for_longer(browse, app, now):
    fail(browse, 5)
    until = now.now + timedelta(minutes=15)
    now.move(minutes=10)
    fail(browse, 3)
    with app.app_context():
        assert throttle("sy001").locked_until == until


def test_after_the_lock_five_failures_are_needed_again(browse, app, now):
    fail(browse, 5)
    now.move(minutes=16)
    fail(browse, 4)
    assert try_sign_in(browse(None), "SY001").location == "/"
    now.move(minutes=1)
    fail(browse, 5)
    try_sign_in(browse(None), "SY001", status=422)
    with app.app_context():
        assert len(events(AuditEvent.ACCOUNTS_LOCKED)) == 2


def test_signing_in_forgets_the_failures(browse, app):
    fail(browse, 4)
    try_sign_in(browse(None), "SY001")
    with app.app_context():
        assert throttle("sy001") is None
    fail(browse, 4)
    assert try_sign_in(browse(None), "SY001").location == "/"


def test_a_lock_survives_a_restart(browse, app):
    fail(browse, 5)
    restarted = create_app(app.config["SITE"])
    visitor = Browser(app=restarted, client=restarted.test_client())
    try_sign_in(visitor, "SY001", status=422)
    assert try_sign_in(visitor, "SY002").location == "/"
    with restarted.app_context():
        db.database.engine.dispose()


def test_a_lock_holds_for_one_name_only(browse):
    fail(browse, 6)
    assert try_sign_in(browse(None), "SY002").location == "/"


def test_a_name_that_nobody_has_is_locked_too(browse, app):
    fail(browse, 5, typed=UNKNOWN)
    with app.app_context():
        assert throttle("sy999").locked_until is not None
        [entry] = events(AuditEvent.ACCOUNTS_LOCKED)
        assert entry.person_id is None


def test_a_lock_can_not_be_walked_round_by_another_spelling(browse):
    for typed in ("SY001", "sy001", "ＳＹ００１", " SY001 ", "Sy001"):
        try_sign_in(browse(None), typed, WRONG, status=422)
    try_sign_in(browse(None), "SY001", status=422)


def test_failures_are_forgotten_after_a_day(browse, now):
    fail(browse, 4)
    now.move(days=1, seconds=1)
    fail(browse, 1)
    assert try_sign_in(browse(None), "SY001").location == "/"


def test_old_failures_of_others_are_swept(browse, app, now):
    fail(browse, 2, typed=UNKNOWN)
    now.move(days=1, seconds=1)
    fail(browse, 1)
    with app.app_context():
        assert throttle("sy999") is None
        assert throttle("sy001").failures == 1


def test_failures_at_the_same_moment_are_all_counted(app):
    def fail_once(_):
        with app.app_context(), db.write():
            outcome = sign_in.decide_sign_in("sy001", is_right=False)
            assert outcome is sign_in.Refusal.WRONG

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail_once, range(8)))
    with app.app_context():
        assert throttle("sy001").failures == 8
        assert len(events(AuditEvent.ACCOUNTS_LOCKED)) == 1


def test_the_table_keeps_a_count_that_makes_sense(app, now):
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.add(SignInThrottle(login_name="x", failures=-1, last_failed_at=now.now))
