"""Heads outside the database (AL4): a file a day, whole or not at all, for its owner alone."""

import json
from pathlib import Path

import pytest

from app.audit import heads
from app.jobs import worker
from app.kernel import clock
from tests.audit.factories import head, write

pytestmark = pytest.mark.db


def test_the_head_of_the_day_is_kept_once(app, now):
    with app.app_context():
        write(2)
        first = head()
        heads.write_daily_head()
        write(2)
        heads.write_daily_head()
        [kept] = heads.read_heads()
        assert (kept.name, kept.seq, kept.hash) == ("2026-11-20", first.seq, first.hash)
        now.move(days=1)
        heads.write_daily_head()
        assert [each.name for each in heads.read_heads()] == ["2026-11-20", "2026-11-21"]
        assert heads.latest_head().seq == head().seq


def test_the_file_is_its_owners_alone_and_nothing_is_left_beside_it(app):
    with app.app_context():
        heads.write_daily_head()
        [path] = heads.folder().iterdir()
        assert path.name == "2026-11-20.json"
        assert path.stat().st_mode & 0o777 == 0o600
        assert heads.folder().stat().st_mode & 0o077 == 0
        content = json.loads(path.read_text(encoding="utf-8"))
        assert set(content) == {"seq", "hash", "at"}
        assert content["at"] == clock.now().isoformat(timespec="seconds")


def test_a_head_that_could_not_be_written_whole_is_not_there(app, monkeypatch):
    def fail(*_arguments):
        raise OSError("disk full")

    with app.app_context():
        monkeypatch.setattr(heads.os, "fsync", fail)
        with pytest.raises(OSError, match="disk full"):
            heads.write_daily_head()
        assert heads.read_heads() == []
        monkeypatch.undo()
        heads.write_daily_head()
        assert len(heads.read_heads()) == 1


def test_the_day_is_the_halls(app, now):
    with app.app_context():
        now.move(hours=14, minutes=1)
        heads.write_daily_head()
        assert heads.latest_head().name == "2026-11-21"


def test_the_worker_keeps_it(app):
    [task] = [each for each in worker.periodic_tasks(app) if each.name == "audit.head"]
    with app.app_context():
        task.run()
        assert heads.latest_head() is not None


def test_the_short_code_is_sixteen_digits_in_groups(app):
    assert heads.short_code("0123456789abcdef" * 4) == "0123 4567 89ab cdef"
    with app.app_context():
        heads.write_daily_head()
        kept = heads.latest_head()
        assert kept.code.replace(" ", "") == kept.hash[:16]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"seq": "x", "hash": "y", "at": ""}'])
def test_a_file_that_is_no_head_is_told(app, text):
    with app.app_context():
        heads.write_daily_head()
        Path(heads.folder() / "2026-11-20.json").write_text(text, encoding="utf-8")
        assert not heads.latest_head().is_readable
