"""The page of a job and its fragment, which asks for itself until the work has ended."""

import pytest

from app.jobs import service
from app.jobs.models import Job
from app.kernel import db
from tests.support import cast


@pytest.fixture(autouse=True)
def quiet(app, monkeypatch):
    monkeypatch.setitem(app.extensions, "wake-worker", lambda job_id: None)


@pytest.fixture
def public_id(app):
    with app.app_context():
        return order()


def order(who="staff", key="k"):
    with db.write():
        return service.order(
            kind="test.kind",
            key=key,
            title="个人成绩单：十一月",
            payload={},
            ordered_by_id=cast.person_id(who) if who else None,
        )


def job_id(public_id):
    return db.session.query(Job).filter_by(public_id=public_id).one().id


def test_a_waiting_job_asks_for_itself_once_a_second(browse, public_id):
    page = browse("staff").get(f"/jobs/{public_id}")
    live = page.one(f"#job-{public_id}")
    assert live.get("hx-get") == f"/jobs/{public_id}"
    assert live.get("hx-trigger") == "every 1s"
    assert live.get("hx-swap") == "outerHTML"
    assert "排队中" in page.text
    assert "刷新进度" in page.body


@pytest.mark.db
def test_the_fragment_replaces_itself_until_the_end(app, browse, public_id):
    staff = browse("staff")
    with app.app_context():
        run = service.take_lease(job_id(public_id))
        run.progress(done=2, total=5)
    fragment = staff.get(f"/jobs/{public_id}", fragment=True)
    assert fragment.one("progress").get("value") == "2"
    assert fragment.one("progress").get("max") == "5"
    assert "进行中" in fragment.text
    with app.app_context():
        service.finish(run, result={})
    done = staff.get(f"/jobs/{public_id}", fragment=True, status=286)
    assert done.one(f"#job-{public_id}").get("hx-get") is None
    assert "已完成" in done.text
    assert not done.all("progress")
    # A person who reloads gets the page as ever.
    assert "已完成" in staff.get(f"/jobs/{public_id}").text


def test_a_failed_job_stops_asking_and_says_what_to_do(app, browse, public_id):
    with app.app_context():
        run = service.take_lease(job_id(public_id))
        service.fail(run, text="打印字体里没有这些字。", is_final=True)
    page = browse("staff").get(f"/jobs/{public_id}", fragment=True, status=286)
    assert "打印字体里没有这些字。" in page.text_of(".alert-error")
    assert public_id in page.text_of(".alert-error")
    assert page.one(f"#job-{public_id}").get("hx-get") is None


def test_a_fault_that_will_be_tried_again_is_not_shown_as_failed(app, browse, public_id):
    with app.app_context():
        run = service.take_lease(job_id(public_id))
        service.fail(run, text=service.FAILURE_TEXT, is_final=False)
    page = browse("staff").get(f"/jobs/{public_id}", fragment=True)
    assert "进行中" in page.text
    assert not page.all(".alert-error")


@pytest.mark.parametrize("who", ["other", "clerk", "chief"])
def test_somebody_elses_job_is_not_found(browse, public_id, who):
    person = browse(who)
    person.get(f"/jobs/{public_id}", status=404)
    person.get(f"/jobs/{public_id}", status=404, fragment=True)


def test_a_job_that_nobody_ordered_is_nobodys(app, browse):
    with app.app_context():
        public_id = order(who=None)
    for who in ("staff", "clerk", "chief"):
        browse(who).get(f"/jobs/{public_id}", status=404)


@pytest.mark.parametrize("public_id", ["0", "nobodys-job-here", "x" * 300])
def test_what_does_not_exist_is_not_found(browse, public_id):
    browse("staff").get(f"/jobs/{public_id}", status=404)


def test_whoever_is_signed_out_meanwhile_is_led_to_sign_in(browse, public_id):
    nobody = browse(None)
    assert nobody.get(f"/jobs/{public_id}", status=303).location.startswith("/")
    answer = nobody.client.get(f"/jobs/{public_id}", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "HX-Redirect" in answer.headers
    assert answer.get_data() == b""
