"""Rooms whose numbers can be set: sign-in and new papers go by what is in force."""

from datetime import timedelta

import pytest

from app.accounts.sign_in import SignInRefusedError, sign_in
from tests.settings.factories import TODAY, TOMORROW, set_value
from tests.support import cast


@pytest.mark.db
def test_a_shorter_idle_limit_ends_sessions_from_its_day_on(browse, app, now):
    with app.app_context():
        set_value("accounts.idle_minutes", "10", TOMORROW)
    staff = browse("staff")
    now.move(minutes=20)
    staff.get("/")
    now.move(hours=14, minutes=30)
    tomorrow = browse("staff")
    now.move(minutes=9)
    tomorrow.get("/")
    now.move(minutes=10, seconds=1)
    tomorrow.get("/", status=303)


def test_a_shorter_day_ends_sessions_that_are_in_use(browse, app, now):
    with app.app_context():
        set_value("accounts.session_hours", "1")
    staff = browse("staff")
    for _ in range(3):
        now.move(minutes=19)
        staff.get("/")
    now.move(minutes=4)
    staff.get("/", status=303)


@pytest.mark.db
def test_three_failures_lock_for_as_long_as_is_set(app, now):
    with app.app_context():
        set_value("accounts.lock_after", "3")
        set_value("accounts.lock_minutes", "60")
        for _ in range(3):
            with pytest.raises(SignInRefusedError):
                sign_in(login_name="SY001", password="wrong")
        now.move(minutes=59)
        with pytest.raises(SignInRefusedError):
            sign_in(login_name="SY001", password=cast.PASSWORD)
        now.move(minutes=2)
        sign_in(login_name="SY001", password=cast.PASSWORD)


def test_a_new_paper_starts_from_what_the_office_has_set(browse, app):
    clerk = browse("clerk")
    page = clerk.get("/exams/papers/new")
    found = [page.one(f"[name={name}]").get("value") for name in ("minutes", "pass_marks")]
    assert found == ["40", "60"]
    with app.app_context():
        set_value("exams.usual_minutes", "45", TODAY)
        set_value("exams.usual_pass_marks", "72.5", TODAY + timedelta(days=0))
    page = clerk.get("/exams/papers/new")
    found = [page.one(f"[name={name}]").get("value") for name in ("minutes", "pass_marks")]
    assert found == ["45", "72.5"]
