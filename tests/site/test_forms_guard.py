"""Nothing is written for a form that the site did not hand out itself (SE8).

Each POST route is asked by whoever may use it, without a token and from another site, as a plain
form, by htmx and as a multipart form: refused, and every row of every table is as it was.
"""

import hashlib
import io
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


@pytest.mark.parametrize("row", POSTS, ids=name_of)
def test_form_that_is_not_ours_is_refused_and_changes_nothing(row, hall):
    visitor = hall.visit(permitted(row))
    url, token = hall.url(row), {"X-CSRFToken": visitor.token()}
    before = rows_now(hall)
    answers = {**without_token(visitor.client, url), **from_elsewhere(visitor.client, url, token)}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(
        answers, 400
    )
    assert rows_now(hall) == before


def without_token(client, url):
    """Send the form in every way without a token, or with one that somebody made up."""
    file = {**PROBE, "file": (io.BytesIO(b"a,b"), "a.csv")}
    return {
        "plain": client.post(url, data=PROBE),
        "htmx": client.post(url, data=PROBE, headers=FRAGMENT),
        "multipart": client.post(url, data=file, content_type="multipart/form-data"),
        "forged field": client.post(url, data={**PROBE, "csrf_token": "forged"}),
        "forged header": client.post(url, data=PROBE, headers={"X-CSRFToken": "forged"}),
        "json": client.post(url, json=PROBE),
    }


def from_elsewhere(client, url, token):
    """Send the form with its token, from the pages of other sites."""
    return {str(own): client.post(url, data=PROBE, headers={**token, **own}) for own in FOREIGN}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_route_knows_another_way_to_write(method, hall):
    visitor, before = hall.visit("clerk"), rows_now(hall)
    for row in TABLE:
        url = hall.url(row)
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
