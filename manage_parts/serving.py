"""demo and run: the database brought up to date, then site and worker until Ctrl-C."""

import argparse
import datetime as dt
import errno
import fcntl
import http.client
import ipaddress
import os
import shutil
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from manage_parts import processes
from manage_parts.console import ROOT, Refusal, say
from manage_parts.environment import PYTHON
from manage_parts.supervisor import Child, Supervisor

HIGHEST_PORT = 65535
PORTS_TRIED = 50
ANSWER_WITHIN_SECONDS = 60
REAL_SITE = ("DATABASE_URL", "FILES_URL")
"""What could lead the demonstration into the data of a real hall."""
GUNICORN = (
    *("--workers", "2", "--worker-class", "gthread", "--threads", "4"),
    *("--timeout", "60", "--graceful-timeout", "8", "--no-control-socket"),
    # Loaded once and forked: half the start, and the two share their memory. `serve()` leaves no
    # connection open, and the gate and the pools begin anew in each child.
    "--preload",
    # No access log: it would keep who looked at what, outside the audit log and its rules.
    *("--log-level", "warning", "--error-logfile", "-"),
)


def demo(options: argparse.Namespace) -> int:
    """Run the demonstration hall."""
    environment = site_environment(is_demo=True)
    if not is_loopback(options.listen):
        environment["CLEAN_WINDOW_DEMO_OPEN"] = "1"
    folder = Path(environment["CLEAN_WINDOW_VAR"])
    if options.reset:
        remove_demo(folder)
    must("demo-fill", *dated(options.date), environment=environment)
    # Shared, so that only a --reset in another terminal sees that the demonstration runs.
    with locked(folder, fcntl.LOCK_SH):
        return serve(options, environment)


def run(options: argparse.Namespace) -> int:
    """Run the site of a real hall."""
    environment = site_environment(is_demo=False)
    must("setup-code", environment=environment)
    return serve(options, environment)


def parser(verb: str) -> argparse.ArgumentParser:
    """Describe the options of demo and run."""
    made = argparse.ArgumentParser(prog=f"manage {verb}", add_help=False)
    made.add_argument("--listen", default="127.0.0.1", metavar="ADDRESS", type=address)
    made.add_argument("--port", default=8000, type=port_number)
    if verb == "demo":
        made.add_argument("--date", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
        made.add_argument("--reset", action="store_true")
    return made


def address(text: str) -> str:
    """Accept an IP address, or the one name that needs no resolver."""
    return str(ipaddress.ip_address("127.0.0.1" if text == "localhost" else text))


def port_number(text: str) -> int:
    """Accept a port; 0 lets the kernel choose one."""
    if not 0 <= int(text) <= HIGHEST_PORT:
        raise ValueError(text)
    return int(text)


def dated(date: dt.date | None) -> list[str]:
    """Leave the date out if none was named: only the site knows the last working day."""
    return ["--date", date.isoformat()] if date else []


def site_environment(*, is_demo: bool) -> dict[str, str]:
    """Say where the data lies, and keep the demonstration away from that of a real hall."""
    var = Path(os.environ.get("CLEAN_WINDOW_VAR") or ROOT / "var").absolute()
    if not is_demo:
        return dict(os.environ, CLEAN_WINDOW_VAR=str(var), FLASK_SKIP_DOTENV="1")
    plain = {name: value for name, value in os.environ.items() if name not in REAL_SITE}
    demonstration = {"CLEAN_WINDOW_DEMO": "1", "CLEAN_WINDOW_PLAIN_HTTP": "1"}
    return plain | demonstration | {"CLEAN_WINDOW_VAR": str(var / "demo"), "FLASK_SKIP_DOTENV": "1"}


def flask(*words: str) -> list[object]:
    """Begin a Flask command that works from every folder.

    -P keeps the caller's folder off the path, where a file `json.py` would be imported.
    """
    return [PYTHON, "-P", "-m", "flask", "--app", ROOT / "wsgi.py", *words]


def must(*words: str, environment: Mapping[str, str]) -> None:
    """Run a Flask command whose failure ends manage."""
    status = processes.call(flask(*words), environment, cwd=ROOT)
    if status:
        raise Refusal(f"{words[0]} 没有成功，原因见上。", status)


def remove_demo(folder: Path) -> None:
    """Delete the demonstration's data, after making sure that it is nothing else."""
    if not folder.exists():
        return
    if not (folder / "DEMO").is_file():
        raise Refusal(f"{folder} 里没有演示标记 DEMO，不敢删除。请自行查看这个文件夹。")
    with locked(folder, fcntl.LOCK_EX) as is_free:
        if not is_free:
            raise Refusal("演示正在运行，请先用 Ctrl-C 停止它，再加 --reset。")
        shutil.rmtree(folder)


@contextmanager
def locked(folder: Path, kind: int) -> Iterator[bool]:
    """Hold a lock on a folder if it is free, and say whether it was."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield was_free(descriptor, kind)
    finally:
        os.close(descriptor)


def was_free(descriptor: int, kind: int) -> bool:
    """Take a lock without waiting."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def serve(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run site and worker until Ctrl-C; 1 if the site never answered."""
    is_demo = environment.get("CLEAN_WINDOW_DEMO") == "1"
    warn_if_open(options.listen, is_demo=is_demo)
    with listener(options.listen, options.port) as ear:
        site = Child("网站", gunicorn(ear.fileno()), environment, pass_fds=[ear.fileno()])
        worker = Child("后台任务", flask("worker"), environment)
        watch = Opening(site, ear, "演示大厅" if is_demo else "网站")
        stopped = Supervisor([site, worker]).run(watch)
    say("已停止。" if stopped else "网站没有起来，原因见上。")
    return 0 if stopped else 1


def gunicorn(ear: int) -> list[object]:
    """Call the web server on a socket that manage keeps open.

    Nobody can take the port between our look and its start, and browsers wait through a restart
    instead of being refused.
    """
    heartbeat = ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
    bind = ["--bind", f"fd://{ear}"]
    return [PYTHON, "-m", "gunicorn", *GUNICORN, *heartbeat, *bind, "wsgi:serve()"]


def listener(host: str, port: int) -> socket.socket:
    """Listen on the port or, if it is taken, on the next free one, and say so."""
    for candidate in range(port, min(port + PORTS_TRIED, HIGHEST_PORT + 1)):
        ear = try_to_listen(host, candidate)
        if ear is not None:
            if candidate != port:
                say(f"端口 {port} 已被占用，改用 {candidate}。")
            return ear
    raise Refusal(f"从 {port} 起的 {PORTS_TRIED} 个端口都被占用了，请用 --port 另选。")


def try_to_listen(host: str, port: int) -> socket.socket | None:
    """Listen, None if somebody else does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            return None
        raise Refusal(f"不能在 {host} 的端口 {port} 上监听：{error.strerror}") from error


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    return ipaddress.ip_address(host).is_loopback


def warn_if_open(host: str, *, is_demo: bool) -> None:
    """Say what it means that others in the network can reach the site."""
    if is_loopback(host):
        return
    if is_demo:
        say(f"注意：演示在 {host} 上监听，网络里的任何人都能以任何身份进入！")
    else:
        say(f"注意：网站在 {host} 上用不加密的 HTTP 监听，应放在带 TLS 的反向代理之后。")


class Opening:
    """Watches the start: announces the first answer, gives up on a site that can't start."""

    def __init__(self, site: Child, ear: socket.socket, name: str) -> None:
        self.site, self.name = site, name
        self.host, self.port = ear.getsockname()[:2]
        self.deadline = time.monotonic() + ANSWER_WITHIN_SECONDS
        self.is_open = False

    def __call__(self) -> bool:
        """Go on while the site has answered once, or may still do so."""
        if not self.is_open and answers(reachable(self.host), self.port):
            self.is_open = True
            self.announce()
        # A site that dies before its first answer does not get better by being restarted.
        return self.is_open or (self.site.is_alive() and time.monotonic() < self.deadline)

    def announce(self) -> None:
        """Print where to go; the one line of manage on stdout, since it is the result."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        where = "本机地址" if ipaddress.ip_address(self.host).is_unspecified else shown
        sys.stdout.write(f"{self.name}已就绪：http://{where}:{self.port}/  （按 Ctrl-C 停止）\n")
        sys.stdout.flush()


def reachable(host: str) -> str:
    """Give an address at which manage itself can reach a site that listens on `host`."""
    if ipaddress.ip_address(host).is_unspecified:
        return "::1" if ":" in host else "127.0.0.1"
    return host


def answers(host: str, port: int) -> bool:
    """Ask the site for its health, past any proxy."""
    connection = http.client.HTTPConnection(host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
