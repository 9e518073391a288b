"""Whoever must set a password first gets nothing else (AU3): every route leads to that page."""

import pytest

from tests.accounts.factories import try_sign_in, wait_for_code
from tests.site.table import TABLE

FREE = {"accounts.change_password", "accounts.sign_out", "accounts.confirm_password"}
PAGE = "/account/password"


@pytest.fixture
def held(hall):
    """Give a visit of `staff`, in the middle of an exam, who signed in with a new code."""
    visitor = hall.visit("anon")
    with hall.app.app_context():
        code = wait_for_code("staff")
    try_sign_in(visitor.browser, "SY001", code)
    return visitor


@pytest.mark.db
def test_every_other_route_leads_there(held, hall):
    asked = 0
    for row in TABLE:
        if row["anon"] not in {"303/401", "401"} or row["endpoint"] in FREE:
            continue
        asked += 1
        answer = held.send(row["method"], hall.url(row))
        if answer.is_json:
            assert (answer.status_code, answer.get_json()["error"]) == (403, "held"), row
        else:
            assert (answer.status_code, answer.location) == (303, PAGE), row
        fragment = held.send(row["method"], hall.url(row), fragment=True)
        assert fragment.status_code == 403
        assert fragment.is_json or fragment.headers["HX-Redirect"] == PAGE
    assert asked > 80


def test_page_itself_and_signing_out_stay_open(held):
    assert held.browser.get(PAGE).one("#password-form") is not None
    assert held.send("POST", "/sign-out").status_code == 303
