"""demo and run: ports, the marker that --reset looks for, and a hall from start to Ctrl-C."""

import fcntl
import http.client
import os
import signal
import socket
import subprocess
import sys

import pytest

from manage_parts import serving
from manage_parts.console import ROOT, Refusal


def test_a_taken_port_gives_the_next_free_one_and_says_so(capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving.listener("127.0.0.1", port) as ear:
            chosen = ear.getsockname()[1]
    assert port < chosen < port + serving.PORTS_TRIED
    assert f"{port} 已被占用，改用 {chosen}" in capsys.readouterr().err


def test_a_foreign_address_is_refused_with_a_reason():
    with pytest.raises(Refusal, match=r"192\.0\.2\.1"):
        serving.listener("192.0.2.1", 8000)


@pytest.mark.parametrize(
    "words", [["--listen", "somewhere"], ["--date", "31.2.2026"], ["--port", "99999"]]
)
def test_wrong_usage_exits_with_2(words):
    with pytest.raises(SystemExit) as left:
        serving.parser("demo").parse_args(words)
    assert left.value.code == 2


@pytest.mark.parametrize(("host", "warns"), [("127.0.0.1", False), ("::1", False), ("::", True)])
def test_only_an_open_address_is_warned_about(host, warns, capsys):
    serving.warn_if_open(host, is_demo=True)
    assert ("任何人都能以任何身份进入" in capsys.readouterr().err) is warns


def test_reset_deletes_a_demonstration(tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "DEMO").touch()
    (tmp_path / "other").touch()
    serving.remove_demo(tmp_path / "demo")
    assert [entry.name for entry in tmp_path.iterdir()] == ["other"]


def test_reset_refuses_a_folder_without_the_marker(tmp_path):
    (tmp_path / "db").touch()
    with pytest.raises(Refusal, match="DEMO"):
        serving.remove_demo(tmp_path)
    assert (tmp_path / "db").exists()


def test_reset_refuses_while_the_demonstration_runs(tmp_path):
    (tmp_path / "DEMO").touch()
    with serving.locked(tmp_path, fcntl.LOCK_SH), pytest.raises(Refusal, match="正在运行"):
        serving.remove_demo(tmp_path)
    assert (tmp_path / "DEMO").exists()


def test_reset_before_the_first_demonstration_is_nothing(tmp_path):
    serving.remove_demo(tmp_path / "demo")


def test_the_demonstration_never_sees_the_data_of_a_real_hall(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://real")
    monkeypatch.delenv("CLEAN_WINDOW_VAR", raising=False)
    demo = serving.site_environment(is_demo=True)
    assert "DATABASE_URL" not in demo
    assert demo["CLEAN_WINDOW_VAR"] == str(ROOT / "var" / "demo")
    real = serving.site_environment(is_demo=False)
    assert real["CLEAN_WINDOW_VAR"] == str(ROOT / "var")
    assert "CLEAN_WINDOW_DEMO" not in real


# The real web server with a site of four lines and a worker that sleeps.
SITE = """
import os
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(os.getppid()).encode()]
def serve():
    return app
"""
HALL = """
import argparse, os, sys
from pathlib import Path
from manage_parts import serving, supervisor
supervisor.ROOT = Path(sys.argv[1])
serving.flask = lambda *words: ["sleep", "600"]
options = argparse.Namespace(listen="127.0.0.1", port=18000)
sys.exit(serving.serve(options, dict(os.environ, CLEAN_WINDOW_DEMO="1")))
"""


def open_hall(folder, site=SITE):
    (folder / "wsgi.py").write_text(site)
    command = [sys.executable, "-c", HALL, str(folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=ROOT, **pipes)


def ask_for_master(port):
    """The site answers with the process id of its master."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/")
    answer = int(connection.getresponse().read())
    connection.close()
    return answer


def test_the_hall_opens_survives_kill_9_without_refusing_anybody_and_stops_on_ctrl_c(tmp_path):
    with open_hall(tmp_path) as hall:
        announced = hall.stdout.readline()
        assert announced.startswith("演示大厅已就绪：http://127.0.0.1:180")
        port = int(announced.partition("127.0.0.1:")[2].partition("/")[0])
        first = ask_for_master(port)
        os.killpg(first, signal.SIGKILL)
        # The question waits at the socket, which manage keeps open, for the next master.
        second = ask_for_master(port)
        hall.send_signal(signal.SIGINT)
        _, said = hall.communicate(timeout=20)
    assert first != second
    assert hall.returncode == 0
    assert "网站已退出" in said
    assert "已停止" in said
    with pytest.raises(ConnectionRefusedError):
        ask_for_master(port)


def test_a_site_that_can_not_start_ends_manage_with_1(tmp_path):
    with open_hall(tmp_path, "raise RuntimeError('broken')") as hall:
        shown, said = hall.communicate(timeout=20)
    assert hall.returncode == 1
    assert shown == ""
    assert "broken" in said
    assert "没有起来" in said
