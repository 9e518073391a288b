"""The worker's look-round: it beats, calls what is due, and wakes for jobs that nobody holds."""

import pytest

from app.jobs import service, worker
from app.jobs.models import Job
from app.kernel import clock, db
from tests.support import cast


class Queue:
    """Stands for huey's queue: only its length is asked for."""

    def __init__(self, length=0):
        self.length = length

    def __len__(self):
        return self.length


@pytest.fixture
def wakes(app, monkeypatch):
    seen = []
    monkeypatch.setitem(app.extensions, "wake-worker", seen.append)
    return seen


@pytest.fixture
def swept(app, monkeypatch):
    """Count the calls of the periodic task that sweeps exams."""
    calls = []
    [task] = [each for each in worker.periodic_tasks(app) if each.name == "exams.sweep"]
    counted = type(task)(name=task.name, every=task.every, run=lambda: calls.append(clock.now()))
    monkeypatch.setattr(worker, "periodic_tasks", lambda app: [counted])
    return calls


def order(key="k"):
    with db.write():
        service.order(
            kind="test.kind",
            key=key,
            title="一件长活",
            payload={},
            ordered_by_id=cast.person_id("clerk"),
        )
    return db.session.query(Job).filter_by(key=key).one().id


@pytest.mark.db
def test_a_lost_wake_up_is_found_at_the_next_round(app, wakes, swept):
    with app.app_context():
        job_id = order()
        wakes.clear()
        worker.one_round(app, Queue(), {})
        assert wakes == [job_id]
        service.take_lease(job_id)
        wakes.clear()
        worker.one_round(app, Queue(), {})
        assert wakes == []


def test_nobody_is_woken_again_while_the_queue_is_at_work(app, wakes, swept):
    with app.app_context():
        order()
        wakes.clear()
        worker.one_round(app, Queue(1), {})
        assert wakes == []


def test_a_killed_workers_job_is_woken_once_its_lease_is_over(app, wakes, swept, now):
    with app.app_context():
        job_id = order()
        service.take_lease(job_id)
        wakes.clear()
        now.move(seconds=20)
        worker.one_round(app, Queue(), {})
        assert wakes == []
        now.move(seconds=1)
        worker.one_round(app, Queue(), {})
        assert wakes == [job_id]


def test_periodic_tasks_run_at_the_start_and_then_when_they_are_due(app, wakes, swept, now):
    due = {}
    with app.app_context():
        for seconds in (0, 1, 1, 1, 2, 1):
            now.move(seconds=seconds)
            worker.one_round(app, Queue(), due)
    assert len(swept) == 3


def test_a_missed_periodic_call_is_made_once_not_many_times(app, wakes, swept, now):
    due = {}
    with app.app_context():
        worker.one_round(app, Queue(), due)
        now.move(hours=5)
        worker.one_round(app, Queue(), due)
    assert len(swept) == 2


def test_the_worker_beats_every_fifteen_seconds(app, wakes, swept, now):
    due = {}
    with app.app_context():
        worker.one_round(app, Queue(), due)
        begun = db.session.query(service.WorkerBeat).one().at
        now.move(seconds=14)
        worker.one_round(app, Queue(), due)
        assert db.session.query(service.WorkerBeat).one().at == begun
        now.move(seconds=1)
        worker.one_round(app, Queue(), due)
        db.session.expire_all()
        assert db.session.query(service.WorkerBeat).one().at == now.now
        assert service.is_worker_alive()


def test_the_sweep_of_exams_is_the_periodic_task(app):
    [task] = [each for each in worker.periodic_tasks(app) if each.name == "exams.sweep"]
    assert (task.name, task.every.total_seconds()) == ("exams.sweep", 3)


@pytest.mark.parametrize(
    ("url", "kind"),
    [("sqlite:////tmp/x/db", "SqliteHuey"), ("postgresql+psycopg://u@h/d", "PostgresHuey")],
)
def test_the_queue_lies_where_the_database_lies(app, monkeypatch, url, kind):
    made = {}

    def note(name):
        return lambda *arguments, **options: made.update(kind=name, **options)

    for name in ("SqliteHuey", "PostgresHuey"):
        monkeypatch.setattr(worker, name, note(name))
    settings = app.config["SITE"]
    values = {field: getattr(settings, field) for field in settings.__dataclass_fields__}
    worker.make_queue(type(settings)(**{**values, "database_url": url}))
    assert made["kind"] == kind
    assert made.get("dsn", "postgresql://u@h/d") == "postgresql://u@h/d"


def test_the_health_page_tells_a_dead_worker(app, browse, wakes, swept, now):
    visitor = browse(None)
    assert visitor.get("/healthz").body == '{"status":"degraded"}\n'
    with app.app_context():
        service.beat()
    assert visitor.get("/healthz").body == '{"status":"ok"}\n'
    now.move(seconds=61)
    assert visitor.get("/healthz").body == '{"status":"degraded"}\n'
