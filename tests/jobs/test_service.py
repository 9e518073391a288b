"""Long work: rows are the truth, a lease is held once, a killed worker's job goes on."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.jobs import service
from app.jobs.models import MAX_TRIES, Job, JobState
from app.kernel import db
from tests.support import cast

pytestmark = pytest.mark.db


@pytest.fixture
def wakes(app, monkeypatch):
    """Note wake-ups in place of the queue, which is another process's business."""
    seen = []
    monkeypatch.setitem(app.extensions, "wake-worker", seen.append)
    return seen


@pytest.fixture
def handler(monkeypatch):
    """Let the only kind of job do what the test says."""
    acts = {}
    monkeypatch.setattr(service, "handler_of", lambda job_id: acts["do"])
    return acts


def order(key: str = "k") -> str:
    with db.write():
        return service.order(
            kind="test.kind",
            key=key,
            title="一件长活",
            payload={"n": 1},
            ordered_by_id=cast.person_id("clerk"),
        )


def job() -> Job:
    return db.session.scalars(select(Job).order_by(Job.id)).one()


def test_an_order_wakes_the_worker_after_the_commit_and_only_once(app, wakes):
    with app.app_context():
        first, second = order(), order()
        assert first == second
        assert wakes == [job().id]


def test_the_same_work_can_be_ordered_again_when_it_has_ended(app, wakes, handler):
    handler["do"] = lambda run: {}
    with app.app_context():
        first = order()
        service.run_job(job().id)
        assert order() != first


def test_an_order_in_a_write_that_fails_leaves_no_job_and_wakes_nobody(app, wakes):
    with app.app_context():
        with pytest.raises(RuntimeError), db.write():
            service.order(kind="x", key="x", title="x", payload={}, ordered_by_id=None)
            raise RuntimeError
        assert db.session.scalars(select(Job)).all() == []
        assert wakes == []


def test_a_job_is_done_and_says_what_it_made(app, wakes, handler):
    handler["do"] = lambda run: {"made": run.payload["n"]}
    with app.app_context():
        order()
        service.run_job(job().id)
        assert (job().state, job().result, job().tries) == (JobState.DONE, {"made": 1}, 1)
        assert service.list_startable() == []


def test_of_twenty_workers_one_gets_the_lease(app, wakes):
    runs = []

    def try_it(job_id: int) -> None:
        with app.app_context():
            runs.append(service.take_lease(job_id))

    with app.app_context():
        order()
        job_id = job().id
    threads = [threading.Thread(target=try_it, args=(job_id,)) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([run for run in runs if run is not None]) == 1


def test_after_the_lease_another_worker_goes_on_where_the_killed_one_was(app, wakes, handler, now):
    seen = []
    handler["do"] = lambda run: seen.append(run.done) or {}
    with app.app_context():
        order()
        killed = service.take_lease(job().id)
        killed.progress(done=3, total=10)
        assert service.list_startable() == []
        now.move(seconds=service.LEASE.total_seconds() + 1)
        assert service.list_startable() == [job().id]
        service.run_job(job().id)
        assert seen == [3]
        with pytest.raises(service.LeaseLostError):
            killed.progress(done=4, total=10)


def test_a_worker_that_lost_its_lease_writes_nothing_more(app, wakes, handler, now):
    with app.app_context():
        order()
        job_id = job().id

        def overtaken(run):
            now.move(seconds=service.LEASE.total_seconds() + 1)
            other = service.take_lease(job_id)
            service.finish(other, result={"by": "other"})
            run.progress(done=1, total=1)
            return {"by": "first"}

        handler["do"] = overtaken
        service.run_job(job_id)
        assert (job().state, job().result) == (JobState.DONE, {"by": "other"})


def test_a_fault_is_tried_again_and_given_up_in_the_end(app, wakes, handler, now):
    def fail(run):
        raise ValueError("broken")

    handler["do"] = fail
    with app.app_context():
        order()
        for turn in range(1, MAX_TRIES + 1):
            service.run_job(job().id)
            assert job().tries == turn
            now.move(seconds=service.LEASE.total_seconds() + 1)
        assert job().state is JobState.FAILED
        assert job().error == service.FAILURE_TEXT
        assert service.list_startable() == []


def test_a_job_whose_worker_died_at_every_try_ends_as_failed(app, wakes, now):
    with app.app_context():
        order()
        for _ in range(MAX_TRIES):
            assert service.take_lease(job().id) is not None
            now.move(seconds=service.LEASE.total_seconds() + 1)
        assert service.take_lease(job().id) is None
        assert job().state is JobState.FAILED


def test_a_refusal_is_final_and_says_why(app, wakes, handler):
    def refuse(run):
        raise service.JobRefusedError("成绩还没有公布，不能制作成绩单。")

    handler["do"] = refuse
    with app.app_context():
        order()
        service.run_job(job().id)
        assert (job().state, job().tries) == (JobState.FAILED, 1)
        assert job().error == "成绩还没有公布，不能制作成绩单。"


def test_a_kind_that_nobody_does_fails_at_once(app, wakes):
    with app.app_context():
        order()
        service.run_job(job().id)
        assert job().state is JobState.FAILED


def test_the_worker_counts_as_alive_for_a_minute_after_its_beat(app, now):
    with app.app_context():
        assert not service.is_worker_alive()
        service.beat()
        service.beat()
        assert service.is_worker_alive()
        now.move(seconds=service.BEAT_MAX_AGE / timedelta(seconds=1) + 1)
        assert not service.is_worker_alive()


# ---------- the page ----------


def test_the_page_shows_progress_and_its_fragment_stops_at_the_end(app, browse, wakes, handler):
    with app.app_context():
        public_id = order()
        run = service.take_lease(job().id)
        run.progress(done=1, total=3)
    clerk = browse("clerk")
    assert "1 / 3" in clerk.get(f"/jobs/{public_id}").text
    assert "hx-trigger" in clerk.get(f"/jobs/{public_id}", fragment=True).body
    with app.app_context():
        service.finish(run, result={"endpoint": "home.show_home", "values": {}, "label": "回首页"})
    done = clerk.get(f"/jobs/{public_id}", fragment=True, status=286)
    assert "hx-trigger" not in done.body
    assert done.one("a.btn").get("href") == "/"


def test_somebody_elses_job_is_not_found(app, browse, wakes):
    with app.app_context():
        public_id = order()
    browse("chief").get(f"/jobs/{public_id}", status=404)


def test_a_failed_job_says_so_with_its_number(app, browse, wakes, handler):
    def refuse(run):
        raise service.JobRefusedError("打印字体里没有这些字。")

    handler["do"] = refuse
    with app.app_context():
        public_id = order()
        service.run_job(job().id)
    page = browse("clerk").get(f"/jobs/{public_id}")
    assert "打印字体里没有这些字" in page.text
    assert public_id in page.text
