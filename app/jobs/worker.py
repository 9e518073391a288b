"""The worker process: huey carries wake-ups, the job rows say what is to be done.

A wake-up may be lost (huey is at-most-once): once a second the worker looks round for jobs without
a living lease, so a lost one costs a second, and a killed worker's jobs go on after the lease.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import click
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey
from huey.consumer import Consumer

from app.jobs import service
from app.kernel import clock
from app.kernel.config import Config
from app.kernel.feature import ORDER_JOB, Periodic, features
from app.kernel.site import add_health_check

logger = logging.getLogger(__name__)

LOOK_ROUND_SECONDS = 1.0
BEAT_SECONDS = 15.0


def init(app: Flask) -> None:
    """Offer the wake-up to services, the worker as a command, and its pulse to the health page."""

    @cache
    def queue() -> Queue:
        # Opened at the first use: commands run where there is no data directory yet.
        return open_queue(app)

    def wake(job_id: int) -> None:
        try:
            queue().run_job(job_id)
        except Exception:
            logger.exception("job %s: the wake-up was lost; the look-round will find it", job_id)

    def close() -> None:
        if queue.cache_info().currsize:
            queue().huey.storage.close()

    app.extensions["wake-worker"] = wake
    app.extensions["close-queue"] = close
    app.extensions[ORDER_JOB] = service.order
    app.cli.command("worker", help="Do jobs and periodic tasks.")(lambda: work(app, queue().huey))
    add_health_check(app, service.is_worker_alive)


@dataclass(frozen=True)
class Queue:
    """The queue, and the task that wakes the worker."""

    huey: Huey
    run_job: Callable[[int], object]


def open_queue(app: Flask) -> Queue:
    """Open the queue with its one task."""
    huey = make_queue(app.config["SITE"])
    return Queue(huey, huey.task(name="run_job")(in_context(app, service.run_job)))


def make_queue(config: Config) -> Huey:
    """Open the queue: PostgreSQL's where the site runs on it, else a file of its own, fsynced."""
    if config.database_url.startswith("postgresql"):
        dsn = config.database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        return PostgresHuey("clean-window", dsn=dsn, results=False, create_tables=False)
    return SqliteHuey("clean-window", filename=str(config.var / "queue"), fsync=True, results=False)


def in_context(app: Flask, function: Callable[..., Any]) -> Callable[..., None]:
    """Call a function inside the application, with a database session of its own."""

    def call(*arguments: object) -> None:
        with app.app_context():
            function(*arguments)

    return call


def work(app: Flask, queue: Huey) -> None:
    """Do jobs and periodic tasks until the process is told to stop."""
    if isinstance(queue, PostgresHuey):
        queue.storage.initialize_schema()
    stop = threading.Event()
    rounds = threading.Thread(target=look_round, args=(app, queue, stop), daemon=True)
    rounds.start()
    consumer = Consumer(queue, workers=1, worker_type="thread", periodic=False, max_delay=1.0)
    click.echo("后台任务进程已启动。", err=True)
    try:
        consumer.run()
    finally:
        stop.set()


def look_round(app: Flask, queue: Huey, stop: threading.Event) -> None:
    """Beat, call what is due, and wake for jobs that nobody holds; never do one here."""
    due: dict[str, float] = {}
    while not stop.is_set():
        try:
            with app.app_context():
                one_round(app, queue, due)
        except Exception:
            logger.exception("the worker's look-round failed")
        stop.wait(LOOK_ROUND_SECONDS)


def one_round(app: Flask, queue: Huey, due: dict[str, float]) -> None:
    """Go round once; `due` remembers when each periodic task is next to be called."""
    now = clock.now().timestamp()
    if due.get("beat", 0) <= now:
        service.beat()
        due["beat"] = now + BEAT_SECONDS
    for task in periodic_tasks(app):
        if due.get(task.name, 0) <= now:
            due[task.name] = now + task.every.total_seconds()
            task.run()
    if len(queue) == 0:
        # Wake-ups that were lost, and jobs whose worker was killed.
        for job_id in service.list_startable():
            app.extensions["wake-worker"](job_id)


def periodic_tasks(app: Flask) -> list[Periodic]:
    """Give the periodic tasks of all rooms."""
    return [task for feature in features(app) for task in feature.periodic]
