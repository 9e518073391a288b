"""The real servers of a run: the site's gunicorn and worker on their own `var`, and the reference.

They are started as `./manage run` starts them (its own list of options), on a free port.
"""

import http.client
import os
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from manage_parts import serving
from manage_parts.supervisor import Child
from tests.load import proc
from tests.load.wire import HOST

BACKLOG = 512
START_TIMEOUT_SECONDS = 60
STOP_SECONDS = 10
HELLO = "tests.load.hello_app:app"
OF_A_SITE = ("CLEAN_WINDOW_", "DATABASE_URL", "FILES_URL")


class ServerDiedError(Exception):
    """A server ended before its first answer; its own words stand above."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    child: Child
    port: int

    @property
    def pid(self) -> int:
        """The master process."""
        assert self.child.process is not None
        return self.child.process.pid

    def cpu_seconds(self) -> float:
        """The processor time of all its processes so far."""
        return proc.cpu_seconds(self.pid)


@dataclass(frozen=True)
class Hall:
    """The servers of one run."""

    site: Server
    worker: Server
    hello: Server


@contextmanager
def hall(var: Path) -> Iterator[Hall]:
    """Run site, worker and reference beside one another."""
    with ExitStack() as stack:
        site = stack.enter_context(gunicorn(site_environment(var)))
        worker = stack.enter_context(
            running(Child("worker", serving.flask("worker"), site_environment(var)), 0)
        )
        hello = stack.enter_context(reference())
        for server in (site, hello):
            wait_for_answer(server)
        yield Hall(site=site, worker=worker, hello=hello)


def site_environment(var: Path) -> dict[str, str]:
    """Keep the run away from every real site: only its own data directory is named."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(OF_A_SITE)}
    return plain | {
        "CLEAN_WINDOW_VAR": str(var),
        "CLEAN_WINDOW_PLAIN_HTTP": "1",
        "FLASK_SKIP_DOTENV": "1",
    }


@contextmanager
def reference() -> Iterator[Server]:
    """Run the hello under the site's own gunicorn."""
    with (
        tempfile.TemporaryDirectory(prefix="cw-hello-") as folder,
        gunicorn(site_environment(Path(folder)), HELLO) as server,
    ):
        yield server


@contextmanager
def gunicorn(environment: Mapping[str, str], app: str | None = None) -> Iterator[Server]:
    """Run an application as manage runs the site."""
    with socket.create_server((HOST, 0), backlog=BACKLOG) as ear:
        command = serving.gunicorn(ear.fileno())
        words = [*command[:-1], app] if app else command
        child = Child("gunicorn", words, environment, pass_fds=[ear.fileno()])
        with running(child, ear.getsockname()[1]) as server:
            yield server


@contextmanager
def running(child: Child, port: int) -> Iterator[Server]:
    """Start a process and end it with all that it started."""
    try:
        child.start()
        yield Server(child, port)
    finally:
        stop(child)


def stop(child: Child) -> None:
    """Ask a process to end, wait, and kill what is left."""
    child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    while child.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    child.kill()


def wait_for_answer(server: Server, path: str = "/") -> None:
    """Wait for the first answer; raises ServerDiedError.

    The socket listens before the server runs, so one request waits through the whole start.
    """
    connection = http.client.HTTPConnection(HOST, server.port, timeout=START_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path)
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise ServerDiedError(server.child.name) from error
    finally:
        connection.close()
    if status >= http.HTTPStatus.BAD_REQUEST:
        raise ServerDiedError(f"{path}: {status}")
