"""How `./manage test` divides its work over calls of pytest."""

import pytest

from manage_parts import testing
from manage_parts.console import ROOT


def test_all_tests_run_in_two_calls_the_browser_last(tmp_path, monkeypatch):
    monkeypatch.setattr(testing, "BROWSER_TESTS", tmp_path)
    first, second = testing.calls([])
    assert "-n" in first
    assert f"--ignore={testing.BROWSER_TESTS}" in first
    assert second == [*testing.BROWSER_SPREAD, str(testing.BROWSER_TESTS)]


def test_a_single_file_is_read_from_the_callers_folder_and_not_spread(monkeypatch):
    monkeypatch.chdir(ROOT / "tests" / "setup")
    (call,) = testing.calls(["test_testing.py::test_x"])
    assert call == [f"{ROOT}/tests/setup/test_testing.py::test_x"]
    (call,) = testing.calls(["tests/setup"])
    assert call == ["-n", "3", "--dist", "loadfile", f"{ROOT}/tests/setup"]


@pytest.mark.parametrize(
    ("statuses", "joined"), [([0, 0], 0), ([1, 0], 1), ([0, 5], 0), ([5], 5), ([0, -9], 9)]
)
def test_the_worse_status_counts(statuses, joined):
    assert testing.worst(statuses) == joined


def test_rounds_come_from_long_unless_the_user_sets_them(monkeypatch):
    monkeypatch.delenv("ROUNDS", raising=False)
    monkeypatch.delenv("LONG", raising=False)
    monkeypatch.setenv("CLEAN_WINDOW_VAR", "/real")
    plain, long = (testing.test_environment(is_long=is_long) for is_long in (False, True))
    assert (plain["ROUNDS"], plain.get("LONG")) == ("200", None)
    assert (long["ROUNDS"], long["LONG"]) == ("2000", "1")
    assert "CLEAN_WINDOW_VAR" not in plain
    monkeypatch.setenv("ROUNDS", "7")
    assert testing.test_environment(is_long=False)["ROUNDS"] == "7"


def test_words_after_two_dashes_go_to_pytest():
    request = testing.read_arguments(["--long", "tests/x", "--", "-k", "name"])
    assert (request.paths, request.extra, request.is_long) == (["tests/x"], ["-k", "name"], True)


def test_folders_lie_in_memory_where_there_is_room_and_are_gone_afterwards(tmp_path, monkeypatch):
    monkeypatch.setattr(testing, "MEMORY", tmp_path)
    monkeypatch.setattr(testing, "MEMORY_BYTES", 1)
    with testing.folder_in_memory() as words:
        [root] = words.values()
        assert [str(each) for each in tmp_path.iterdir()] == [root]
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(testing, "MEMORY_BYTES", 2**70)
    with testing.folder_in_memory() as words:
        assert words == {}
