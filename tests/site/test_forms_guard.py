"""Nothing is written for a form that the site did not hand out itself (SE8).

Each POST route is asked by whoever may use it, without a token and from another site, as a plain
form, by htmx and as a multipart form: refused, and every row of every table is as it was. The guard
stands before all routes, so each is sent one form without a token and one from elsewhere, in turn;
with `--long` each is sent all of them.
"""

import hashlib
import io
import os
from pathlib import Path

import pytest

from tests.site.hall import FRAGMENT
from tests.site.table import POSTS, TABLE, name_of
from tests.support import cast

PROBE = {"staff_number": "SY001", "password": cast.PASSWORD, "reason": "x", "state": "retired"}
FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:8000"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
OTHER_METHODS = ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]


def permitted(row):
    """Name somebody whom only the missing token can stop."""
    allowed = {"200", "303", "409", "422", "400"}
    return next((who for who in ("staff", "clerk", "chief") if row[who] in allowed), "staff")


def rows_now(hall):
    """Hash what SQLite keeps: whatever is committed is seen in one of its two files."""
    file = Path(hall.app.config["SITE"].var) / "db"
    log = file.with_name("db-wal")
    parts = [file.read_bytes(), log.read_bytes() if log.exists() else b""]
    return [hashlib.sha256(each).hexdigest() for each in parts]


def test_what_is_committed_is_seen_in_the_bytes(hall):
    before = rows_now(hall)
    hall.visit("staff").send("GET", "/exams")
    assert rows_now(hall) == before
    hall.visit("staff").send("POST", "/sign-out")
    assert rows_now(hall) != before


def test_form_that_is_not_ours_is_refused_and_changes_nothing(hall):
    wrong = []
    before = rows_now(hall)
    for place, row in enumerate(POSTS):
        visitor = hall.visit(permitted(row))
        url, token = hall.url(row), {"X-CSRFToken": visitor.token()}
        bare = [way() for way in in_turn(WITHOUT_TOKEN, place)]
        foreign = [{"headers": token | own} for own in in_turn(FOREIGN, place)]
        for form in [*bare, *foreign]:
            status = visitor.client.post(url, **{"data": PROBE, **form}).status_code
            wrong += [f"{name_of(row)}: {status} for {form}"] if status != 400 else []
        assert rows_now(hall) == before, name_of(row)
    assert not wrong, "\n".join(wrong)


def with_file():
    """Give a form with a file in it; it is read once only."""
    file = {**PROBE, "file": (io.BytesIO(b"a,b"), "a.csv")}
    return {"data": file, "content_type": "multipart/form-data"}


# The form in every way without a token, or with one that somebody made up.
WITHOUT_TOKEN = [
    dict,
    lambda: {"headers": FRAGMENT},
    with_file,
    lambda: {"data": {**PROBE, "csrf_token": "forged"}},
    lambda: {"headers": {"X-CSRFToken": "forged"}},
    lambda: {"data": None, "json": PROBE},
]


def in_turn(ways, place):
    """Choose one of several ways for a route, or all of them."""
    return ways if "LONG" in os.environ else [ways[place % len(ways)]]


def test_no_route_knows_another_way_to_write(hall):
    visitor, before = hall.visit("clerk"), rows_now(hall)
    for place, row in enumerate(TABLE):
        url = hall.url(row)
        for method in in_turn(OTHER_METHODS, place):
            assert visitor.client.open(url, method=method).status_code == 405, name_of(row)
    assert rows_now(hall) == before


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_own_form_passes(headers, hall):
    assert hall.visit("staff").send("POST", "/sign-out", headers=headers).status_code == 303


@pytest.mark.db
def test_token_and_session_are_new_after_sign_in(hall):
    visitor = hall.visit("anon")
    with visitor.client.session_transaction() as session:
        session["planted"] = "before"
    old = visitor.token()
    answer = visitor.client.post(
        "/sign-in", data={"staff_number": "SY001", "password": cast.PASSWORD, "csrf_token": old}
    )
    assert answer.status_code == 303
    with visitor.client.session_transaction() as session:
        assert set(session) == {"_user_id"}
    assert visitor.client.post("/sign-out", headers={"X-CSRFToken": old}).status_code == 400
    fresh = visitor.token()
    assert visitor.client.post("/sign-out", headers={"X-CSRFToken": fresh}).status_code == 303


def test_token_of_one_session_opens_no_other(hall):
    stranger = hall.visit("other").token()
    visitor = hall.visit("staff")
    visitor.token()
    assert visitor.client.post("/sign-out", headers={"X-CSRFToken": stranger}).status_code == 400
