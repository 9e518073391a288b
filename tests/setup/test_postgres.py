"""The throw-away PostgreSQL of a test run."""

import os
import pwd
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import psycopg
import pytest

from manage_parts import postgres
from manage_parts.console import ROOT, Refusal


def socket_folder(url):
    return Path(unquote(url.partition("host=")[2]))


@pytest.mark.parametrize("user", [None, "nobody"])
def test_the_cluster_belongs_to_an_ordinary_user_and_goes_without_trace(user):
    if user and os.geteuid() != 0:
        pytest.skip("only root can lend a cluster to somebody else")
    with postgres.cluster(user) as url:
        place = socket_folder(url)
        with psycopg.connect(host=str(place), user="postgres", dbname="postgres") as connection:
            row = connection.execute("SELECT usesuper FROM pg_user WHERE usename=user").fetchone()
            assert row == (True,)
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        owner = pwd.getpwuid((place / "data").stat().st_uid).pw_name
        assert owner == (user or postgres.ordinary_user().pw_name)
        assert owner != "root"
    assert not place.exists()


def test_a_cluster_that_can_not_start_says_why(monkeypatch):
    monkeypatch.setattr(postgres, "SETTINGS", {"no_such_setting": "1"})
    with pytest.raises(Refusal, match="no_such_setting"), postgres.cluster():
        pytest.fail("it started")


BROKEN_OFF = """
import os, signal
from manage_parts import commands, postgres, processes
signal.signal(signal.SIGTERM, commands.leave)
with postgres.cluster() as url:
    print(url, flush=True)
    processes.call(["sleep", "600"], dict(os.environ), cwd="/")
"""


def test_a_run_that_is_broken_off_stops_its_cluster_too():
    command = [sys.executable, "-c", BROKEN_OFF]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        place = socket_folder(run.stdout.readline().strip())
        assert place.exists()
        run.send_signal(signal.SIGTERM)
    assert run.returncode == 128 + signal.SIGTERM
    assert not place.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(host=str(place), user="postgres", dbname="postgres")
