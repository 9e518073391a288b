"""A page that is open and asks by itself keeps nobody signed in (SE3)."""

import pytest

from app.accounts.models import SignInSession
from app.jobs import service as jobs
from app.kernel import db, declared
from tests.exams import factories as exams
from tests.support import cast

POLLED = {
    "jobs.show_job",
    "exams.show_receipt",
    "exams.ask_call_back",
    "exams.send_pulse",
    "exams.show_live",
    "training.show_code",
}


@pytest.fixture(autouse=True)
def quiet(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "wake-worker", lambda job_id: None)


@pytest.fixture
def job_url(app):
    with app.app_context(), db.write():
        public_id = jobs.order(
            kind="x", key="x", title="x", payload={}, ordered_by_id=cast.person_id("staff")
        )
    return f"/jobs/{public_id}"


@pytest.fixture
def receipt_url(app):
    with app.app_context():
        exam_id = exams.publish_exam(releases_when_complete=True)
        public_id = exams.sit(exam_id, "staff")
    return f"/exams/sittings/{public_id}/receipt"


def test_what_pages_ask_by_themselves_is_declared(app):
    assert {each for each in app.view_functions if declared.is_polled(app, each)} == POLLED


@pytest.mark.db
@pytest.mark.parametrize("page", ["job_url", "receipt_url"])
def test_an_open_page_that_polls_is_signed_out_when_its_time_is_over(browse, now, request, page):
    url = request.getfixturevalue(page)
    staff = browse("staff")
    staff.get(url)
    for _ in range(29):
        now.move(minutes=1)
        staff.get(url, fragment=True)
    now.move(minutes=1)
    answer = staff.get(url, fragment=True, status=401)
    assert answer.headers["HX-Redirect"]


@pytest.mark.db
def test_opening_the_page_itself_is_somebody(browse, now, job_url):
    staff = browse("staff")
    for _ in range(4):
        now.move(minutes=20)
        staff.get(job_url)
    staff.get(job_url, fragment=True)


def test_other_fragments_are_somebody(browse, app, now):
    clerk = browse("clerk")
    now.move(minutes=20)
    clerk.get("/people", fragment=True)
    with app.app_context():
        [seen] = db.session.query(SignInSession.seen_at).all()
    assert seen[0] == now.now


def test_a_polling_request_still_gives_way_to_a_sign_out(browse, job_url):
    staff = browse("staff")
    staff.get(job_url, fragment=True)
    page = staff.get("/")
    staff.submit(page, form="form[action$=sign-out]")
    staff.get(job_url, fragment=True, status=401)
