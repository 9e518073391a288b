"""Ordering work, doing it and telling how far it is.

Pages order a job inside their own write and poll its row. Whoever does it calls `run_job`: taking
the lease is one guarded update, so the same job never runs twice at once, and what was done before
a crash is not done again (`done` says where to go on). Handlers must be harmless to repeat.
"""

import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import or_, select, update

from app.jobs.models import MAX_TRIES, OPEN_STATES, Job, JobState, WorkerBeat
from app.kernel import clock, db
from app.kernel.feature import features
from app.kernel.permissions import Principal

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
BEAT_MAX_AGE = timedelta(seconds=60)
FAILURE_TEXT = "没有做成，请再试一次；仍不行的，请把任务编号告诉管理员。"


class LeaseLostError(Exception):
    """Another worker has taken this job over; stop at once."""


class JobRefusedError(Exception):
    """The job can't be done, and trying again would not help; the message says what to do."""


@dataclass
class Run:
    """One try at a job, as its handler sees it."""

    job_id: int
    owner: str
    payload: Mapping[str, Any]
    done: int
    total: int = field(default=1)

    def progress(self, *, done: int, total: int) -> None:
        """Write down how far the work is and keep the lease; raises LeaseLostError."""
        with db.write():
            keep_lease(self, done=done, total=total)
        self.done, self.total = done, total


def order(
    *, kind: str, key: str, title: str, payload: Mapping[str, Any], ordered_by_id: int | None
) -> str:
    """Add a job to the open write and wake the worker after the commit.

    Returns the public id; the same `key` while a job is open gives the open one.
    """
    public_id, _ = order_once(
        kind=kind, key=key, title=title, payload=payload, ordered_by_id=ordered_by_id
    )
    return public_id


def order_once(
    *, kind: str, key: str, title: str, payload: Mapping[str, Any], ordered_by_id: int | None
) -> tuple[str, bool]:
    """Order a job as `order` does; gives its public id, and whether it is a new one."""
    public_id = secrets.token_urlsafe(12)
    db.session.execute(
        db.insert(Job)
        .values(
            public_id=public_id,
            kind=kind,
            key=key,
            title=title,
            state=JobState.WAITING,
            payload=dict(payload),
            result={},
            ordered_by_id=ordered_by_id,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing()
    )
    job = db.session.scalars(select(Job).where(Job.key == key, Job.state.in_(OPEN_STATES))).one()
    if job.public_id == public_id:
        job_id, wake = job.id, wake_up()
        db.after_commit(lambda: wake(job_id))
    return job.public_id, job.public_id == public_id


def wake_up() -> Callable[[int], None]:
    """Give the call that wakes a worker; a lost wake-up only costs until its next look-round."""
    call: Callable[[int], None] = current_app.extensions["wake-worker"]
    return call


def get_job_for(principal: Principal, public_id: str) -> Job | None:
    """Give a job that this person ordered."""
    return db.session.scalar(
        select(Job).where(Job.public_id == public_id, Job.ordered_by_id == principal.person_id)
    )


def get_open_job(key: str) -> Job | None:
    """Give the open job with this key, if there is one."""
    return db.session.scalar(select(Job).where(Job.key == key, Job.state.in_(OPEN_STATES)))


def is_running(key: str) -> bool:
    """Tell whether work has begun on the open job; while a write asks, none can begin."""
    open_job = select(Job.state).where(Job.key == key, Job.state.in_(OPEN_STATES))
    return db.session.scalar(open_job.with_for_update()) is JobState.RUNNING


def list_startable() -> list[int]:
    """Give the ids of open jobs that no living worker holds, oldest first."""
    free = or_(Job.lease_until.is_(None), Job.lease_until < clock.now())
    found = db.session.scalars(
        select(Job.id).where(Job.state.in_(OPEN_STATES), free).order_by(Job.id)
    )
    return list(found)


def run_job(job_id: int) -> None:
    """Do one job if its lease is free; failures are written down and tried again later."""
    run = take_lease(job_id)
    if run is None:
        return
    try:
        result = handler_of(job_id)(run)
        finish(run, result=result)
    except LeaseLostError:
        logger.warning("job %s: the lease was lost", job_id)
    except JobRefusedError as refusal:
        fail(run, text=str(refusal), is_final=True)
    except Exception:
        logger.exception("job %s failed", job_id)
        fail(run, text=FAILURE_TEXT, is_final=False)


def take_lease(job_id: int) -> Run | None:
    """Take the right to do a job; None when it is held, finished or given up."""
    owner, now = secrets.token_hex(8), clock.now()
    free = or_(Job.lease_until.is_(None), Job.lease_until < now)
    with db.write():
        give_up_exhausted(job_id)
        taken = db.session.execute(
            update(Job)
            .where(Job.id == job_id, Job.state.in_(OPEN_STATES), free, Job.tries < MAX_TRIES)
            .values(
                state=JobState.RUNNING,
                owner=owner,
                lease_until=now + LEASE,
                tries=Job.tries + 1,
            )
        )
        if taken.rowcount != 1:  # type: ignore[attr-defined]
            return None
        job = db.session.get_one(Job, job_id)
        return Run(job_id=job_id, owner=owner, payload=job.payload, done=job.done, total=job.total)


def give_up_exhausted(job_id: int) -> None:
    """Mark a job as failed whose worker died at every try."""
    db.session.execute(
        update(Job)
        .where(
            Job.id == job_id,
            Job.state == JobState.RUNNING,
            Job.tries >= MAX_TRIES,
            Job.lease_until < clock.now(),
        )
        .values(state=JobState.FAILED, error=FAILURE_TEXT, finished_at=clock.now())
    )


def handler_of(job_id: int) -> Callable[[Run], Mapping[str, Any]]:
    """Find who does this kind of job."""
    kind = db.session.scalar(select(Job.kind).where(Job.id == job_id))
    for feature in features(current_app):
        if kind is not None and kind in feature.jobs:
            return feature.jobs[kind]
    raise JobRefusedError(FAILURE_TEXT)


def keep_lease(run: Run, *, done: int, total: int) -> None:
    """Renew the lease in the open write; raises LeaseLostError when another worker has it."""
    kept = db.session.execute(
        update(Job)
        .where(Job.id == run.job_id, Job.owner == run.owner, Job.state == JobState.RUNNING)
        .values(done=done, total=total, lease_until=clock.now() + LEASE)
    )
    if kept.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLostError


def finish(run: Run, *, result: Mapping[str, Any]) -> None:
    """Write down that the job is done and what it made."""
    with db.write():
        keep_lease(run, done=run.total, total=run.total)
        job = db.session.get_one(Job, run.job_id)
        job.state, job.result, job.lease_until = JobState.DONE, dict(result), None
        job.finished_at = clock.now()


def fail(run: Run, *, text: str, is_final: bool) -> None:
    """Write down a failure; one that may pass is tried again once the lease has run out."""
    with db.write():
        job = db.session.get_one(Job, run.job_id)
        if job.owner != run.owner:
            return
        job.error = text
        if is_final or job.tries >= MAX_TRIES:
            job.state, job.finished_at, job.lease_until = JobState.FAILED, clock.now(), None


def beat() -> None:
    """Write down that the worker is alive."""
    with db.write():
        row = db.session.get(WorkerBeat, 1)
        if row is None:
            db.session.add(WorkerBeat(id=1, at=clock.now()))
        else:
            row.at = clock.now()


def is_worker_alive() -> bool:
    """Tell whether the worker was seen lately."""
    at = db.session.scalar(select(WorkerBeat.at))
    return at is not None and clock.now() - at < BEAT_MAX_AGE
