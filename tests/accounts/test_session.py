"""Sessions: the table is the truth, the cookie only carries a secret (SE1, SE4)."""

import base64
import hashlib
import json
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.accounts.models import SessionEnd, SignInSession
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import disable, events, grant, let_leave, sessions, try_sign_in
from tests.support import cast
from tests.support.pages import Browser

COOKIE = "clean-window"


def cookie(browser):
    found = browser.client.get_cookie(COOKIE)
    return found.value if found else None


def contents(value):
    """Read a signed cookie as anybody can who holds it."""
    payload = value.rsplit(".", 2)[0]
    is_packed, payload = payload.startswith("."), payload.lstrip(".")
    raw = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    return json.loads(zlib.decompress(raw) if is_packed else raw)


def replayed(app, value):
    """Give another browser that holds a copy of a cookie."""
    client = app.test_client()
    client.set_cookie(COOKIE, value)
    return Browser(app=app, client=client)


def is_in(browser):
    return browser.client.get("/").status_code == 200


@pytest.mark.db
def test_the_database_holds_the_sessions_id_only_as_a_hash(browse, app):
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    token = contents(cookie(visitor))["_user_id"]
    assert len(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))) >= 16
    with app.app_context():
        [stored] = sessions()
        assert stored.token_hash == hashlib.sha256(token.encode()).hexdigest()
        everything = "".join(
            repr(tuple(row))
            for table in db.Base.metadata.sorted_tables
            for row in db.session.execute(table.select())
        )
    assert token not in everything


def test_every_sign_in_makes_a_new_id(browse):
    ids = set()
    for _ in range(3):
        visitor = browse(None)
        try_sign_in(visitor, "SY001")
        ids.add(contents(cookie(visitor))["_user_id"])
    assert len(ids) == 3


@pytest.mark.db
def test_a_cookie_set_before_sign_in_opens_nothing_after_it(browse, app):
    visitor = browse(None)
    visitor.get("/sign-in")
    planted = cookie(visitor)
    try_sign_in(visitor, "SY001")
    assert is_in(visitor)
    assert cookie(visitor) != planted
    assert not is_in(replayed(app, planted))


def test_a_session_id_that_somebody_invented_is_not_adopted(browse, app):
    invented = "x" * 43
    visitor = browse(None)
    with visitor.client.session_transaction() as session:
        session["_user_id"] = invented
    planted = cookie(visitor)
    try_sign_in(visitor, "SY001")
    assert contents(cookie(visitor))["_user_id"] != invented
    assert not is_in(replayed(app, planted))


def test_a_cookie_that_was_tampered_with_opens_nothing(browse, app):
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    value = cookie(visitor)
    place = len(value) // 3
    other = "A" if value[place] != "A" else "B"
    assert not is_in(replayed(app, value[:place] + other + value[place + 1 :]))


@pytest.mark.db
def test_signing_in_over_a_session_ends_that_session(browse, app):
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    first = cookie(visitor)
    try_sign_in(visitor, "SY002")
    assert cast.name_of("other") in visitor.get("/").text
    assert not is_in(replayed(app, first))
    with app.app_context():
        ended = [each for each in sessions() if each.ended_at is not None]
        assert [each.end_reason for each in ended] == [SessionEnd.REPLACED]


def test_a_refused_sign_in_leaves_the_session_alone(browse):
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    try_sign_in(visitor, "SY002", "not it", status=422)
    assert cast.name_of("staff") in visitor.get("/").text


@pytest.mark.db
def test_signing_out_kills_the_session_on_the_server(browse, app, now):
    visitor = browse(None)
    try_sign_in(visitor, "SY001")
    stolen = cookie(visitor)
    now.move(seconds=5)
    answer = visitor.submit(visitor.get("/"), form="form[action$=sign-out]")
    assert answer.location == "/sign-in"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert not is_in(visitor)
    assert not is_in(replayed(app, stolen))
    with app.app_context():
        [stored] = sessions()
        assert (stored.end_reason, stored.ended_at) == (SessionEnd.SIGNED_OUT, now.now)
        assert len(events(AuditEvent.ACCOUNTS_SIGNED_OUT)) == 1


def test_signing_out_of_one_browser_leaves_the_other_signed_in(browse):
    office, phone = browse(None), browse(None)
    try_sign_in(office, "SY001")
    try_sign_in(phone, "SY001")
    office.submit(office.get("/"), form="form[action$=sign-out]")
    assert is_in(phone)


@pytest.mark.db
def test_a_session_ends_after_half_an_hour_without_a_request(browse, now):
    staff = browse("staff")
    now.move(minutes=30, seconds=-1)
    assert is_in(staff)
    now.move(minutes=30)
    assert not is_in(staff)


def test_a_session_ends_after_eight_hours_however_busy_it_is(browse, now):
    staff = browse("staff")
    for _ in range(19):
        now.move(minutes=25)
        assert is_in(staff)
    now.move(minutes=5, seconds=-1)
    assert is_in(staff)
    now.move(seconds=1)
    assert not is_in(staff)


@pytest.mark.db
def test_a_session_is_touched_at_most_once_a_minute(browse, app, now):
    staff, begun = browse("staff"), now.now
    seen = []
    for seconds in (0, 30, 29, 1, 59, 1):
        now.move(seconds=seconds)
        staff.client.get("/")
        with app.app_context():
            seen.append((sessions()[0].seen_at - begun).total_seconds())
    assert seen == [0, 0, 0, 60, 60, 120]


def test_a_static_file_does_not_keep_a_session_alive(browse, app, now):
    staff = browse("staff")
    href = staff.get("/").one('link[href*="base.css"]').get("href")
    now.move(minutes=10)
    assert staff.client.get(href).status_code == 200
    with app.app_context():
        [stored] = sessions()
        assert stored.seen_at == now.now - timedelta(minutes=10)


def test_whoever_is_disabled_is_out_at_the_next_request(browse, app):
    staff = browse("staff")
    assert is_in(staff)
    with app.app_context():
        disable("staff")
    assert not is_in(staff)


def test_whoever_has_left_is_out_the_next_day(browse, app, now):
    staff = browse("staff")
    with app.app_context():
        let_leave("staff", (now.now + timedelta(hours=8)).date())
    assert is_in(staff)
    now.move(minutes=20)
    assert is_in(staff)
    # Midnight in the hall is 16:00 in UTC.
    now.now = now.now.replace(hour=16, minute=1)
    with app.app_context(), db.write():
        stored = db.session.scalars(select(SignInSession)).one()
        stored.created_at = stored.seen_at = now.now
    assert not is_in(staff)


@pytest.mark.parametrize(
    ("starts", "ends", "status"),
    [(0, None, 200), (1, None, 403), (-9, -1, 403), (-9, 0, 200)],
    ids=["from today", "from tomorrow", "until yesterday", "until today"],
)
def test_a_role_holds_from_its_first_day_to_its_last(browse, app, now, starts, ends, status):
    today = (now.now + timedelta(hours=8)).date()
    with app.app_context():
        last = None if ends is None else today + timedelta(days=ends)
        grant("staff", Role.CLERK, today + timedelta(days=starts), last)
    browse("staff").get("/questions", status=status)


@pytest.mark.db
def test_the_token_of_forms_changes_at_sign_in(browse):
    visitor = browse(None)
    before = visitor.token()
    try_sign_in(visitor, "SY001")
    visitor.who = "staff"
    assert visitor.token() != before
    visitor.post("/sign-out", {"csrf_token": before}, status=400)
    assert is_in(visitor)
    visitor.post("/sign-out", {"csrf_token": visitor.token()})


def test_the_token_of_one_session_is_worth_nothing_in_another(browse):
    staff, other = browse("staff"), browse("other")
    staff.post("/sign-out", {"csrf_token": other.token()}, status=400)
    assert is_in(staff)


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_back(browse, app):
    visitor = browse(None)
    answer = visitor.get("/exams?q=9", status=303)
    assert answer.location.endswith("?next=/exams?q%3D9")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0
