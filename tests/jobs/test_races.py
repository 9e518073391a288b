"""The same work ordered and taken up by many at once is ordered and done once."""

import threading

import pytest

from app.jobs import service
from app.jobs.models import Job, JobState
from app.kernel import db
from tests.exams.factories import at_once
from tests.support import cast

pytestmark = pytest.mark.db

MANY = 20


@pytest.fixture
def wakes(app, monkeypatch):
    """Note wake-ups in place of the queue."""
    seen = []
    monkeypatch.setitem(app.extensions, "wake-worker", seen.append)
    return seen


def order(key):
    with db.write():
        return service.order(
            kind="test.kind",
            key=key,
            title="一件长活",
            payload={},
            ordered_by_id=cast.person_id("clerk"),
        )


def test_the_same_work_ordered_by_twenty_at_once_is_one_job(app, wakes):
    def act():
        with app.app_context():
            return order("the same")

    assert len(set(at_once([act] * MANY))) == 1
    with app.app_context():
        assert db.session.query(Job).count() == 1
        assert len(wakes) == 1


def test_different_work_ordered_at_once_is_all_done(app, wakes):
    def act(place):
        def run():
            with app.app_context():
                return order(f"work {place}")

        return run

    assert len(set(at_once([act(place) for place in range(MANY)]))) == MANY
    assert len(set(wakes)) == MANY


def test_twenty_workers_at_once_do_a_job_once(app, wakes, monkeypatch):
    done, may_end = [], threading.Event()

    def handle(run):
        done.append(run.owner)
        assert may_end.wait(10)
        return {}

    monkeypatch.setattr(service, "handler_of", lambda job_id: handle)
    with app.app_context():
        order("once")
        job_id = db.session.query(Job).one().id
    threading.Timer(0.5, may_end.set).start()

    def work():
        with app.app_context():
            service.run_job(job_id)

    at_once([work] * MANY)
    assert len(done) == 1
    with app.app_context():
        job = db.session.query(Job).one()
        assert (job.state, job.tries) == (JobState.DONE, 1)


def test_of_two_workers_after_a_lost_lease_one_finishes(app, wakes, now):
    """The first was only slow; when it comes back the job is another's."""
    with app.app_context():
        order("slow")
        job_id = db.session.query(Job).one().id
        slow = service.take_lease(job_id)
        now.move(seconds=21)
        quick = service.take_lease(job_id)
        with pytest.raises(service.LeaseLostError):
            service.finish(slow, result={"by": "slow"})
        service.fail(slow, text="zu spät", is_final=True)
        job = db.session.query(Job).one()
        assert (job.state, job.error) == (JobState.RUNNING, "")
        service.finish(quick, result={"by": "quick"})
        db.session.expire_all()
        assert db.session.query(Job).one().result == {"by": "quick"}


def test_a_lease_is_kept_by_progress(app, wakes, now):
    with app.app_context():
        order("long")
        run = service.take_lease(db.session.query(Job).one().id)
        for done in range(1, 5):
            now.move(seconds=19)
            run.progress(done=done, total=5)
            assert service.list_startable() == []
        now.move(seconds=21)
        assert len(service.list_startable()) == 1


def test_whether_work_has_begun_is_known_under_a_lock(app, wakes):
    with app.app_context():
        order("asked")
        with db.write():
            assert not service.is_running("asked")
            assert not service.is_running("unheard of")
        service.take_lease(db.session.query(Job).one().id)
        with db.write():
            assert service.is_running("asked")
