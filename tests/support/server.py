"""The real site and worker as processes on a data directory of their own, to be killed and started.

gunicorn serves `tests.support.served:serve()` with the flags of `./manage demo`; a killed site comes
back on the same port. Each part is a session of its own, so that kill -9 takes all of it at once.
Importing everything takes two seconds of a core, so parts are forked from a nursery, this file run as
a program, which has imported what they need and made nothing: each builds its own application.
"""

import atexit
import ctypes
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from flask import Flask
from flask import cli as flask_cli
from gunicorn.app import wsgiapp
from gunicorn.workers import gthread
from huey import consumer
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.engine import make_url

from app.kernel import clock, db
from app.kernel.config import ROOT
from manage_parts import testing
from manage_parts.serving import GUNICORN
from tests.support import cast
from tests.support.database import make_app, run_alone

READY_WITHIN_SECONDS = 60
# Below the range from which the kernel takes ports for outgoing connections: a client that tries again
# and again while the site is down could otherwise be connected to itself, and hold the port.
PORTS = range(12000, 32000)
# What a data directory may not take along from another: locks, logs, and what belongs to the database.
NOT_COPIED = shutil.ignore_patterns("*.lock", "*.log", "*-shm", "*-wal", "fault", "clock-offset")


class Part:
    """One of the two processes, with whatever children it has."""

    def __init__(self, words: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._words, self._environment, self._log = words, environment, log
        self.leader: int | None = None

    def start(self) -> None:
        """Start in a new session; it ends with the tests, however they end."""
        assert not self.is_alive(), "it runs already"
        self.leader = nursery().start(self._words, self._environment, self._log)

    def is_alive(self) -> bool:
        return self.leader is not None and self.leader in self.members()

    def kill9(self) -> None:
        """Kill the whole session at once and wait until nothing of it runs any more."""
        if self.leader is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.leader, signal.SIGKILL)
        wait_until(lambda: not self.members(), "the killed processes are gone")

    def stop(self) -> None:
        """Ask to end, wait, and kill what does not."""
        if self.leader is not None and self.is_alive():
            os.kill(self.leader, signal.SIGTERM)
            with suppress(AssertionError):
                wait_until(lambda: not self.members(), "it has stopped", 15)
        self.kill9()

    def members(self) -> list[int]:
        """Give the living processes of the session, the leader first."""
        return sorted(_members(self.leader)) if self.leader else []


def _members(session: int) -> Iterator[int]:
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            # The name may hold blanks and brackets; what follows its last bracket does not.
            state, _parent, _group, leader = (
                (folder / "stat").read_text().rpartition(")")[2].split()[:4]
            )
            if int(leader) == session and state not in "ZX":
                yield int(folder.name)


class Hall:
    """A running site with its worker; `app` is the same site inside the test's own process."""

    def __init__(
        self,
        var: Path,
        app: Flask,
        *,
        url: str | None = None,
        is_demo: bool = False,
        web_processes: int = 2,
    ) -> None:
        self.var, self.app, self.port = var, app, free_port()
        # Jobs that a test orders are found by the worker's look-round; only the site wakes it.
        app.extensions["wake-worker"] = lambda _job_id: None
        self.url = url or f"sqlite:///{var / 'db'}"
        environment = self._environment(url, is_demo=is_demo)
        gunicorn = [
            *("gunicorn", *GUNICORN, "--workers", str(web_processes)),
            *("--bind", f"127.0.0.1:{self.port}", "tests.support.served:serve()"),
        ]
        flask = ["flask", "--app", "tests.support.served", "worker"]
        self.site = Part(gunicorn, environment, var / "site.log")
        self.worker = Part(flask, environment, var / "worker.log")

    def _environment(self, url: str | None, *, is_demo: bool) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not testing.is_of_a_site(name)}
        return {
            **kept,
            "FLASK_SKIP_DOTENV": "1",
            "CLEAN_WINDOW_VAR": str(self.var),
            "CLEAN_WINDOW_PLAIN_HTTP": "1",
            **({"CLEAN_WINDOW_DEMO": "1"} if is_demo else {}),
            **({"DATABASE_URL": url} if url else {}),
        }

    # ---------- running ----------

    @property
    def base(self) -> str:
        """The address of the site, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start both parts and wait for the first answer."""
        self.worker.start()
        self.start_site()

    def start_site(self) -> None:
        """Start the site and wait for its first answer."""
        self.site.start()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until the site answers; shows its log where it died instead."""

        def answers() -> bool:
            assert self.site.is_alive(), f"the site has died:\n{self.log()}"
            return is_up(self.port)

        wait_until(answers, "the site answers", READY_WITHIN_SECONDS)

    def stop(self) -> None:
        """End both parts in good order and let go of the database."""
        self.site.stop()
        self.worker.stop()
        with self.app.app_context():
            db.database.engine.dispose()

    def log(self) -> str:
        """Give what the processes have said."""
        files = (self.var / "site.log", self.var / "worker.log")
        return "\n".join(
            file.read_text(errors="replace")[-6000:] for file in files if file.exists()
        )

    # ---------- time and faults ----------

    def now(self) -> datetime:
        """Give the time that the site has."""
        file = self.var / "clock-offset"
        offset = float(file.read_text()) if file.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=offset)

    def move_clock(self, **distance: float) -> None:
        """Move the site's time, as in `move_clock(minutes=5)`."""
        offset = (self.now() - datetime.now(UTC) + timedelta(**distance)).total_seconds()
        new = self.var / "clock-offset.new"
        new.write_text(str(offset), encoding="ascii")
        new.replace(self.var / "clock-offset")

    def arm(self, point: str, act: str = "exit") -> None:
        """Let the next process that reaches a point (see served.py) act there, once."""
        new = self.var / "fault.new"
        new.write_text(f"{point} {act}", encoding="ascii")
        new.replace(self.var / "fault")

    def has_struck(self) -> bool:
        """Tell whether the armed point was reached."""
        return not (self.var / "fault").exists()

    # ---------- the database ----------

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Call services in this process, with the site's time."""
        with self.app.app_context(), clock.frozen(self.now()):
            yield

    def ask(self, sql: str, **values: object) -> list[tuple]:
        """Read through a connection that is opened for this question alone."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]


def is_up(port: int) -> bool:
    """Ask a site for its health."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def wait_until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    """Wait for something that must come; fails saying what did not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """Find a port of the loopback that nobody uses."""
    for port in random.SystemRandom().sample(PORTS, 50):
        with socket.socket() as ear:
            try:
                ear.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError


# ---------- data directories ----------


def make_template(var: Path) -> Path:
    """Make a migrated data directory with the cast, to be copied."""
    app = make_app(var)
    with app.app_context():
        cast.fill()
        db.database.engine.dispose()
    return var


def make_hall(template: Path, var: Path, *, postgres: str | None = None, **options: object) -> Hall:
    """Make a hall on a copy of a template, or on a PostgreSQL database of its own with the cast."""
    if postgres is None:
        shutil.copytree(template, var, ignore=NOT_COPIED)
        return Hall(var, make_app(var), **options)
    url = make_url(postgres).set(database=f"hall_{os.getpid()}_{var.name.replace('-', '_')}")
    run_alone(postgres, f'CREATE DATABASE "{url.database}"')
    text_url = url.render_as_string(hide_password=False)
    app = make_app(var, text_url)
    with app.app_context():
        cast.fill()
    return Hall(var, app, url=text_url, **options)


def make_demo_hall(var: Path, *words: str) -> Hall:
    """Make the demonstration hall; `words` are options of `demo-fill`."""
    app = make_app(var)
    result = app.test_cli_runner().invoke(args=["demo-fill", *words])
    assert result.exit_code == 0, result.output
    return Hall(var, app, is_demo=True)


def drop_database(hall: Hall, postgres: str) -> None:
    """Remove the PostgreSQL database of a stopped hall."""
    run_alone(postgres, f'DROP DATABASE "{make_url(hall.url).database}" WITH (FORCE)')


# ---------- the nursery ----------

PR_SET_PDEATHSIG = 1
IMPORTED_BEFOREHAND = (psycopg, gthread, consumer)
PROGRAMS = {"gunicorn": wsgiapp.run, "flask": flask_cli.main}
_nurseries: list["Nursery"] = []


class Nursery:
    """A process of this file that forks parts on demand."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        atexit.register(self.close)

    def start(self, words: list[str], environment: Mapping[str, str], log: Path) -> int:
        """Start a part; returns the id of its leader."""
        assert self._process.stdin
        assert self._process.stdout
        order = {"words": words, "environment": dict(environment), "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the nursery has died; what it said stands above"
        return int(answer)

    def close(self) -> None:
        """End the nursery, and with it whatever it has started."""
        self._process.communicate()


def nursery() -> Nursery:
    """Give the nursery of this process of tests."""
    if not _nurseries:
        _nurseries.append(Nursery())
    return _nurseries[0]


def nurse() -> None:
    """Fork parts as lines of standard input ask for them, until it ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    started = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            become(**json.loads(line))
        started.append(child)
    for leader in started:
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL)


def become(words: list[str], environment: dict[str, str], log: str) -> None:
    """Turn this fork into a program, in a session of its own; never returns."""
    os.setsid()
    # Only now: whoever knows the id may kill the session.
    os.write(1, f"{os.getpid()}\n".encode())
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = words
    try:
        PROGRAMS[words[0]]()
    except SystemExit as leaving:
        os._exit(leaving.code if isinstance(leaving.code, int) else bool(leaving.code))
    except BaseException:  # noqa: BLE001 - a fork must never go on in its parent's code.
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    nurse()
