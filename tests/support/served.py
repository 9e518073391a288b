"""The site as tests serve it: the real application, with a clock that can be moved and fault points.

Both are put on from outside; nothing of them stands in `app/`. The processes read two files in their
data directory: `clock-offset` (seconds to add to the real time) and `fault` (a point and an act, such
as `written:answer exit`). The first process that reaches the named point takes the file away and acts.
"""

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from sqlalchemy import event

from app.files import service as files
from app.jobs import service as jobs
from app.kernel import clock, db, pdf
from wsgi import app
from wsgi import serve as serve_site

VAR = Path(app.config["SITE"].var)
OFFSET_FILE, FAULT_FILE = VAR / "clock-offset", VAR / "fault"
KILLED = 137
# How far into a call `during:` strikes: the PDF's child process is then at work.
WHILE_AT_WORK_SECONDS = 0.3
CHANGES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")

_thread = threading.local()


def serve() -> Flask:
    """Give the application to gunicorn."""
    return serve_site()


def moved_time() -> datetime:
    """Give the time to which the test has moved the clock."""
    try:
        offset = float(OFFSET_FILE.read_text(encoding="ascii"))
    except FileNotFoundError:
        offset = 0.0
    return datetime.now(UTC) + timedelta(seconds=offset)


def reach(point: str) -> None:
    """Act if the test has named this point."""
    try:
        wanted, act = FAULT_FILE.read_text(encoding="ascii").split()
    except FileNotFoundError:
        return
    if wanted != point:
        return
    try:
        FAULT_FILE.unlink()
    except FileNotFoundError:
        # Another process was there first: a fault strikes once.
        return
    ACTS[act]()


def leave() -> None:
    """End this process as kill -9 would: no handler runs, no buffer is written."""
    os._exit(KILLED)


def stand_still() -> None:
    """Stop this process where it is, with whatever it holds."""
    os.kill(os.getpid(), signal.SIGSTOP)


ACTS: dict[str, Callable[[], object]] = {
    "exit": leave,
    "stop": stand_still,
    "wait": lambda: time.sleep(2),
}


# ---------- points in the database: written:TABLE, committing:TABLE, committed:TABLE ----------


def written() -> set[str]:
    """Give the tables that this thread's open transaction has changed."""
    if not hasattr(_thread, "tables"):
        _thread.tables = set()
    tables: set[str] = _thread.tables
    return tables


def watch_database() -> None:
    """Put the points on the engine and on the sessions."""
    engine = db.database.engine
    event.listen(engine, "begin", lambda _connection: written().clear())
    event.listen(engine, "after_cursor_execute", note_statement)
    event.listen(engine, "commit", lambda _connection: reach_all("committing"))
    event.listen(db.session, "after_commit", lambda _session: reach_all("committed"))


def note_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    """Note which table a statement has changed."""
    found = CHANGES.match(statement)
    if found:
        written().add(found[1])
        reach(f"written:{found[1]}")


def reach_all(stage: str) -> None:
    """Reach a stage for every table that the transaction has changed."""
    for table in sorted(written()):
        reach(f"{stage}:{table}")


# ---------- points around calls: before:NAME, during:NAME, after:NAME ----------


def with_points(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Put points around a function."""

    @wraps(function)
    def call(*arguments: Any, **options: Any) -> Any:
        reach(f"before:{name}")
        timer = threading.Timer(WHILE_AT_WORK_SECONDS, reach, [f"during:{name}"])
        timer.daemon = True
        timer.start()
        try:
            return function(*arguments, **options)
        finally:
            timer.cancel()
            reach(f"after:{name}")

    return call


def watch_calls() -> None:
    """Put points around the steps between two transactions."""
    for name, module, attribute in (
        ("render", pdf, "render"),
        ("put_content", files, "put_content"),
        ("sync_folder", files, "sync_folder"),
        ("finish", jobs, "finish"),
    ):
        setattr(module, attribute, with_points(name, getattr(module, attribute)))
    jobs.Run.progress = with_points("progress", jobs.Run.progress)  # type: ignore[method-assign]
    app.extensions["wake-worker"] = with_points("wake", app.extensions["wake-worker"])


# ---------- points in the answer: answering:ENDPOINT, half-answered:ENDPOINT ----------


def watch_answers() -> None:
    """Put points between the view and the network, and into the middle of the bytes."""
    app.after_request(strike_answer)


def strike_answer(response: Response) -> Response:
    """Die before the first byte, or after half of them."""
    reach(f"answering:{request.endpoint}")
    point = f"half-answered:{request.endpoint}"
    with suppress(FileNotFoundError):
        if FAULT_FILE.read_text(encoding="ascii").startswith(f"{point} "):
            content = response.get_data()
            response.response = halves(content, point)
    return response


def halves(content: bytes, point: str) -> Iterator[bytes]:
    """Give the first half of an answer, then reach the point."""
    middle = len(content) // 2
    yield content[:middle]
    reach(point)
    yield content[middle:]


clock.set_source(moved_time)
with app.app_context():
    watch_database()
watch_calls()
watch_answers()
