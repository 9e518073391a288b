"""Bytes without a row go after a day; what a row names, or was stored again of late, stays."""

import os
from datetime import timedelta

import pytest

from app.files import service as files
from app.files import sweeping
from app.kernel import clock, db


def put(content, *, hours):
    """Store bytes so many hours ago; gives where they lie."""
    path = files.path_of(files.put_content(content))
    age(path, hours)
    return path


def age(path, hours):
    at = (clock.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (at, at))


def name(path, content):
    with db.write():
        files.add_file(sha256=path.name, size=len(content), media_type="image/jpeg", name="x")


@pytest.mark.db
def test_what_no_row_names_goes_after_a_day(app):
    with app.app_context():
        old, young, named = (put(each, hours=h) for each, h in ((b"a", 25), (b"b", 23), (b"c", 99)))
        name(named, b"c")
        unfinished = old.parent / ".new-x"
        unfinished.write_bytes(b"half")
        age(unfinished, 25)
        sweeping.sweep_orphans()
        assert [each.exists() for each in (old, young, named, unfinished)] == [
            False,
            True,
            True,
            False,
        ]
        sweeping.sweep_orphans()


def test_bytes_that_are_stored_once_more_are_young_again(app):
    with app.app_context():
        path = put(b"again", hours=48)
        files.put_content(b"again")
        sweeping.sweep_orphans()
        assert path.exists()


def test_storing_once_more_renews_the_time_of_the_file(app):
    with app.app_context():
        path = put(b"renewed", hours=1000)
        before = path.stat().st_mtime
        files.put_content(b"renewed")
        assert path.stat().st_mtime > before


def test_the_worker_sweeps_several_times_a_day(app):
    [task] = [
        task
        for room in app.extensions["clean-window"]
        for task in room.periodic
        if task.run is sweeping.sweep_orphans
    ]
    assert timedelta(hours=1) <= task.every <= timedelta(days=1)


def test_a_site_without_a_file_has_nothing_to_sweep(app):
    with app.app_context():
        sweeping.sweep_orphans()
