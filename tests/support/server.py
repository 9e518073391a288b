"""The real site and worker as processes on a data directory of their own, to be killed and started.

gunicorn serves `tests.support.served:serve()` with the flags of `./manage demo`; a killed site comes
back on the same port. Each part is a session of its own, so that kill -9 takes all of it at once.
Start parts from the main thread only: the kernel ends them with the thread that started them.
"""

import http.client
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
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

    def __init__(self, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self._command, self._environment, self._log = command, environment, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start in a new session; the kernel ends it when the tests are killed."""
        assert not self.is_alive(), "it runs already"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *self._command],
                env=dict(self._environment),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill9(self) -> None:
        """Kill the whole session at once and wait until nothing of it runs any more."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_until(lambda: not self.members(), "the killed processes are gone")

    def stop(self) -> None:
        """Ask to end, wait, and kill what does not."""
        if self.process is not None and self.is_alive():
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
        self.kill9()

    def members(self) -> list[int]:
        """Give the living processes of the session, the leader first."""
        return sorted(_members(self.process.pid)) if self.process else []


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
        self.url = url or f"sqlite:///{var / 'db'}"
        environment = self._environment(url, is_demo=is_demo)
        gunicorn = [
            *(sys.executable, "-m", "gunicorn", *GUNICORN, "--workers", str(web_processes)),
            *("--bind", f"127.0.0.1:{self.port}", "tests.support.served:serve()"),
        ]
        flask = [sys.executable, "-m", "flask", "--app", "tests.support.served", "worker"]
        self.site = Part(gunicorn, environment, var / "site.log")
        self.worker = Part(flask, environment, var / "worker.log")

    def _environment(self, url: str | None, *, is_demo: bool) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not testing.is_of_a_site(name)}
        # The tests' machine may forbid compiled files in the tree; elsewhere they save a second a start.
        kept.pop("PYTHONDONTWRITEBYTECODE", None)
        return {
            **kept,
            "PYTHONPYCACHEPREFIX": str(self.var.parent / "compiled"),
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
        return "\n".join(file.read_text(errors="replace")[-6000:] for file in files if file.exists())

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


def drop_database(hall: Hall, postgres: str) -> None:
    """Remove the PostgreSQL database of a stopped hall."""
    run_alone(postgres, f'DROP DATABASE "{make_url(hall.url).database}" WITH (FORCE)')
