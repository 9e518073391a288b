"""One throw-away PostgreSQL for a run of the tests, owned by an ordinary user.

It answers on a Unix socket only and never syncs to disk: nothing that checks durability may use
it. initdb refuses root, therefore root lends the cluster to `postgres` or `nobody`.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from manage_parts import processes
from manage_parts.console import Refusal
from manage_parts.packages import postgresql_programs

ORDINARY_USERS = ("postgres", "nobody")
READY_WITHIN_SECONDS = 30
STOPPED_WITHIN_SECONDS = 10
IMMEDIATE = signal.SIGQUIT
"""PostgreSQL's immediate shutdown: the data is thrown away a moment later."""
INITDB = ("--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
SETTINGS = MappingProxyType(
    {
        "listen_addresses": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "timezone": "UTC",
    }
)


@contextmanager
def cluster(user: str | None = None) -> Iterator[str]:
    """Run a cluster and give the SQLAlchemy URL of its superuser; it is gone afterwards."""
    owner = pwd.getpwnam(user) if user else ordinary_user()
    # Short, since a socket's path may have 107 characters, and below a folder that every user
    # may pass, which the caller's TMPDIR need not be.
    folder = Path(tempfile.mkdtemp(prefix="cw-pg-", dir="/tmp"))
    try:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        with running(folder, owner):
            yield f"postgresql+psycopg://postgres@/postgres?host={quote(str(folder), safe='')}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def ordinary_user() -> pwd.struct_passwd:
    """Take the current user; for root the first that exists of those who may own a cluster."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in ORDINARY_USERS if name in known)


@contextmanager
def running(folder: Path, owner: pwd.struct_passwd) -> Iterator[None]:
    """Make the data directory, start the server, wait until it answers, and stop it always."""
    programs = postgresql_programs()
    if programs is None:
        raise Refusal("找不到 PostgreSQL 的程序 initdb。", 3)
    check([programs / "initdb", *INITDB, "-D", folder / "data"], owner)
    settings = [f"-c{name}={value}" for name, value in SETTINGS.items()]
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, *settings]
    with (folder / "log").open("wb") as log:
        server = processes.start(command, plain(), stdout=log, stderr=log, **lent_to(owner))
    try:
        wait_until_ready(server, [programs / "pg_isready", "-q", "-h", folder], folder / "log")
        yield
    finally:
        stop(server)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask for the immediate shutdown, and kill what does not follow."""
    server.send_signal(IMMEDIATE)
    with suppress(subprocess.TimeoutExpired):
        server.wait(STOPPED_WITHIN_SECONDS)
    processes.kill_group(server.pid)
    server.wait()


def check(command: Sequence[object], owner: pwd.struct_passwd) -> None:
    """Run a program as the owner, and show what it said if it fails."""
    words = [str(word) for word in command]
    done = subprocess.run(
        words, env=plain(), capture_output=True, text=True, check=False, **lent_to(owner)
    )
    if done.returncode:
        raise Refusal(f"测试用的 PostgreSQL 没能建立：\n{done.stdout}{done.stderr}")


def lent_to(owner: pwd.struct_passwd) -> dict[str, Any]:
    """Give the options of subprocess with which root starts a program as somebody else."""
    common = {"cwd": "/", "stdin": subprocess.DEVNULL, "start_new_session": True}
    if os.geteuid() != 0:
        return common
    return common | {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def plain() -> dict[str, str]:
    """Leave every PG* variable of the caller out."""
    return {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


def wait_until_ready(
    server: subprocess.Popen[bytes], question: Sequence[object], log: Path
) -> None:
    """Ask until the server answers; give up with its log when it died or takes too long."""
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    words = [str(word) for word in question]
    while subprocess.run(words, env=plain(), check=False).returncode:
        if server.poll() is not None or time.monotonic() > deadline:
            raise Refusal(f"测试用的 PostgreSQL 没有起来：\n{log.read_text(errors='replace')}")
        time.sleep(0.05)
