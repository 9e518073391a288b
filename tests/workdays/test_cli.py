"""`workdays add` for scripts: one JSON document on stdout, with and without a database."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from app import create_app
from app.kernel.config import ROOT, read_config
from app.workdays import service
from app.workdays.models import DayKind
from tests.workdays.factories import add_day, add_year


@pytest.fixture
def run(app):
    """Run a command on a migrated database."""
    return lambda *words: app.test_cli_runner().invoke(args=["workdays", *words])


@pytest.fixture
def run_bare(tmp_path):
    """Run a command where there is no data directory at all."""
    site = create_app(read_config({"CLEAN_WINDOW_VAR": str(tmp_path / "none")}))
    return lambda *words: site.test_cli_runner().invoke(args=["workdays", *words])


def test_the_answer_is_one_json_document(run_bare, tmp_path):
    result = run_bare("add", "2026-02-12", "5", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "received": "2026-02-12T09:00:00+08:00",
        "days": 5,
        "due": "2026-02-26T17:00:00+08:00",
        "provisional": False,
    }
    assert "程序自带的放假通知" in result.stderr
    assert not (tmp_path / "none").exists()


def test_the_time_of_receipt_counts(run_bare):
    result = run_bare("add", "2026-11-20", "0", "--at", "17:01", "--json")
    assert json.loads(result.stdout)["received"] == "2026-11-20T17:01:00+08:00"
    assert json.loads(result.stdout)["due"] == "2026-11-23T17:00:00+08:00"


def test_a_year_without_notice_is_provisional(run_bare):
    assert json.loads(run_bare("add", "2026-12-31", "1", "--json").stdout)["provisional"] is True


def test_without_json_it_answers_in_words(run_bare):
    assert run_bare("add", "2026-12-31", "0").stdout == "2026年12月31日 17:00\n"
    assert run_bare("add", "2026-12-31", "1").stdout == "2027年1月1日 17:00（暂定）\n"


@pytest.mark.parametrize(
    "words",
    [
        ["2026-02-30", "1"],
        ["2026-11-20", "-1"],
        ["2026-11-20", "1001"],
        ["2026-11-20", "1", "--at", "25:00"],
        ["1999-01-01", "1"],
    ],
)
def test_refused_input_ends_with_1(run_bare, words):
    result = run_bare("add", *words, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Error: " in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["2026-11-20"],
        ["2026-11-20", "two"],
        ["2026/11/20", "1"],
        ["20.11.2026", "1"],
        ["2026-11-20", "1", "--at", "noon"],
        ["2026-11-20", "1", "--att", "09:00"],
    ],
)
def test_wrong_usage_ends_with_2(run_bare, words):
    result = run_bare("add", *words, "--json")
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.db
def test_a_migrated_database_outranks_the_notices(app, run):
    with app.app_context():
        add_year(2026)
        add_day(date(2026, 2, 13), DayKind.OFF, "停电")
    result = run("add", "2026-02-12", "1", "--json")
    assert json.loads(result.stdout)["due"] == "2026-02-14T17:00:00+08:00"
    assert result.stderr == ""


@pytest.mark.db
def test_a_new_hall_gets_the_notices_around_today(app, run):
    result = run("import-missing")
    assert result.exit_code == 0
    assert (result.stdout, result.stderr[:4]) == ("", "已登记：")
    assert "没有新的年份" in run("import-missing").stderr
    with app.app_context():
        assert service.get_calendar().announced


def test_the_command_runs_from_a_shell_without_a_data_directory(tmp_path):
    environment = {
        "PATH": os.environ["PATH"],
        "CLEAN_WINDOW_VAR": str(tmp_path / "none"),
        "FLASK_SKIP_DOTENV": "1",
    }
    words = [sys.executable, "-P", "-m", "flask", "--app", str(Path(ROOT) / "wsgi.py")]
    done = subprocess.run(
        [*words, "workdays", "add", "2026-09-28", "15", "--json"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["due"] == "2026-10-23T17:00:00+08:00"
    assert not (tmp_path / "none").exists()
