"""The verbs of manage as a user types them.

The whole set-up on a machine without anything is `bare_machine.sh`, beside this file.
"""

import ast
import os
import signal
import subprocess
import sys

import pytest

from manage_parts import checking, commands
from manage_parts.console import ROOT


@pytest.fixture(autouse=True)
def signals():
    """Give TERM back: manage may end its own process on it, the test run may not."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_the_script_itself_exits_with_3_where_nothing_can_be_installed(tmp_path):
    command = [sys.executable, str(ROOT / "manage"), "setup"]
    nothing = {"PATH": str(tmp_path)}
    done = subprocess.run(
        command, cwd="/", env=nothing, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert "fonts-noto-cjk" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_parts_import_the_standard_library_only():
    for page in [ROOT / "manage", *(ROOT / "manage_parts").glob("*.py")]:
        nodes = list(ast.walk(ast.parse(page.read_text())))
        names = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
        names += [node.module for node in nodes if isinstance(node, ast.ImportFrom)]
        tops = {name.partition(".")[0] for name in names}
        assert tops <= sys.stdlib_module_names | {"manage_parts"}, page


@pytest.mark.parametrize("words", [[], ["help"], ["demo", "--help"]])
def test_help_names_every_verb(words, capsys):
    assert commands.main(words) == 0
    said = capsys.readouterr().out
    assert all(f"./manage {verb}" in said for verb in commands.VERBS)


def test_words_that_a_verb_does_not_know_are_refused(capsys):
    assert commands.main(["check", "--fast"]) == 2
    assert "--fast" in capsys.readouterr().err


def test_every_check_runs_and_only_a_failed_one_is_heard(monkeypatch, capsys):
    python = [sys.executable, "-c"]
    checks = {
        "good": [*python, "print('all is well')"],
        "bad": [*python, "print('a fault'); raise SystemExit(2)"],
        "late": [*python, ""],
    }
    monkeypatch.setattr(checking, "CHECKS", checks)
    assert checking.check() == 1
    said = capsys.readouterr().out
    assert [line.split()[:2] for line in said.splitlines()] == [
        ["通过", "good"],
        ["a", "fault"],
        ["未通过", "bad"],
        ["通过", "late"],
    ]


@pytest.mark.parametrize(("words", "var"), [(["x"], "var"), (["--demo", "x"], "var/demo")])
def test_any_other_verb_becomes_a_flask_command(words, var, monkeypatch):
    called = []
    monkeypatch.delenv("CLEAN_WINDOW_VAR", raising=False)
    monkeypatch.setattr(commands, "prepare", lambda: None)
    monkeypatch.setattr(commands.os, "execve", lambda *call: called.append(call))
    commands.site_command(words)
    (_program, command, given) = called[0]
    assert command[-3:] == ["--app", str(ROOT / "wsgi.py"), "x"]
    assert given["CLEAN_WINDOW_VAR"] == str(ROOT / var)


def test_a_folder_of_another_user_is_named_without_a_traceback(monkeypatch, capsys):
    def refuse(_arguments):
        raise PermissionError(13, "denied", "/somewhere/.venv")

    monkeypatch.setattr(commands, "act", refuse)
    assert commands.main(["demo"]) == 1
    assert "/somewhere/.venv" in capsys.readouterr().err


def test_manage_can_be_executed():
    assert os.access(ROOT / "manage", os.X_OK)
