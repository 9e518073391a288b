"""`audit verify` (AL4): four verdicts told apart, each at the right entry, whatever was done."""

import json

import pytest
from sqlalchemy import text

from app import create_app
from app.audit import heads, verify
from app.audit.chain import digest, fields_of
from app.kernel import clock, db
from app.kernel.config import read_config
from tests.audit.factories import (
    check,
    entries,
    head,
    outcome,
    rehash,
    tamper,
    without_triggers,
    write,
)


@pytest.mark.db
def test_a_log_that_nobody_touched_is_intact(app):
    with app.app_context():
        write(3)
        heads.write_daily_head()
        write(3)
        found = check()
        assert (found.verdict, found.at, found.cut) == ("intact", None, None)
        assert (found.first, found.last, found.checked) == (1, head().seq, head().seq)
        assert (found.last_hash, found.outside_heads) == (head().hash, 1)


@pytest.mark.db
def test_an_entry_that_was_altered_is_named(app):
    with app.app_context():
        write(6)
        tamper(app, "UPDATE audit_entry SET address = '10.0.0.9' WHERE seq = 4")
        assert outcome() == ("altered", 4)


@pytest.mark.db
def test_an_entry_that_was_altered_with_its_hash_is_named_by_its_follower(app):
    with app.app_context():
        write(6)
        tamper(app, "UPDATE audit_entry SET object_id = 'other' WHERE seq = 4")
        rehash(app, 4)
        assert outcome() == ("altered", 4)


@pytest.mark.db
def test_an_entry_that_was_hung_elsewhere_is_named(app):
    with app.app_context():
        write(6)
        tamper(app, "UPDATE audit_entry SET prev_hash = :h WHERE seq = 4", h="f" * 64)
        rehash(app, 4)
        assert outcome() == ("altered", 4)


@pytest.mark.db
def test_a_missing_entry_is_told_from_an_altered_one(app):
    with app.app_context():
        write(6)
        tamper(app, "DELETE FROM audit_entry WHERE seq IN (3, 4)")
        found = check()
        assert (found.verdict, found.at) == ("missing", 3)
        assert "第3条至第4条" in found.detail


@pytest.mark.db
def test_a_log_without_its_end_is_truncated(app):
    with app.app_context():
        write(6)
        last = head().seq
        tamper(app, "DELETE FROM audit_entry WHERE seq > :seq", seq=last - 2)
        assert outcome() == ("truncated", last - 1)


@pytest.mark.db
def test_a_log_shortened_together_with_its_head_is_found_by_the_outside_head(app):
    with app.app_context():
        write(6)
        heads.write_daily_head()
        last = head().seq
        kept = entries()[last - 3]
        with without_triggers(app) as connection:
            connection.execute(text("DELETE FROM audit_entry WHERE seq > :s"), {"s": kept.seq})
            connection.execute(
                text("UPDATE audit_head SET seq = :s, hash = :h"),
                {"s": kept.seq, "h": kept.hash},
            )
        assert outcome() == ("truncated", kept.seq + 1)
        (heads.folder() / f"{clock.today()}.json").unlink()
        assert outcome() == ("intact", None), "without it nothing shows: that is what it is for"


@pytest.mark.db
def test_a_log_that_was_written_anew_is_found_by_the_outside_head(app):
    with app.app_context():
        write(6)
        heads.write_daily_head()
        last = head().seq
        rows = entries()
        with without_triggers(app) as connection:
            rechain(connection, rows, changed=last - 3)
        assert outcome() == ("head_mismatch", last)


def rechain(connection, rows, *, changed):
    """Change an entry and chain it and everything after it anew, the head too."""
    before = rows[changed - 2].hash
    for row in rows[changed - 1 :]:
        if row.seq == changed:
            row.object_id = "forged"
        fields = fields_of(row)
        hash_ = digest(fields, before)
        connection.execute(
            text("UPDATE audit_entry SET object_id=:o, prev_hash=:p, hash=:h WHERE seq=:s"),
            {"o": row.object_id, "p": before, "h": hash_, "s": row.seq},
        )
        before = hash_
    connection.execute(text("UPDATE audit_head SET hash = :h"), {"h": before})
    db.session.rollback()


@pytest.mark.db
@pytest.mark.parametrize(
    ("statement", "verdict", "ahead"),
    [
        ("UPDATE audit_head SET hash = 'x'", "head_mismatch", 0),
        ("UPDATE audit_head SET seq = seq + 2", "truncated", 1),
        ("UPDATE audit_head SET seq = seq - 1", "head_mismatch", 0),
        ("DELETE FROM audit_head", "head_mismatch", None),
    ],
)
def test_a_head_that_was_moved_is_told(app, statement, verdict, ahead):
    with app.app_context():
        write(4)
        last = head().seq
        tamper(app, statement)
        assert outcome() == (verdict, 1 if ahead is None else last + ahead)


@pytest.mark.db
def test_a_cut_that_nobody_vouches_for_hides_nothing(app):
    with app.app_context():
        write(6)
        kept = entries()[3]
        with without_triggers(app) as connection:
            connection.execute(
                text(
                    "INSERT INTO audit_cut (seq, hash, at, older_than) SELECT seq, hash, :at,"
                    " :older FROM audit_entry WHERE seq = :s"
                ).bindparams(s=kept.seq),
                {"at": "2026-11-20 02:00:00.000000", "older": "2025-01-01 00:00:00.000000"},
            )
            connection.execute(text("DELETE FROM audit_entry WHERE seq <= :s"), {"s": kept.seq})
        assert outcome() == ("missing", 1)


def test_an_outside_head_that_can_not_be_read_is_told(app):
    with app.app_context():
        write(2)
        heads.write_daily_head()
        (heads.folder() / "2026-11-19.json").write_text("{}", encoding="utf-8")
        found = check()
        assert (found.verdict, found.at) == ("head_mismatch", None)
        assert "2026-11-19" in found.detail


def test_it_reads_in_batches_and_tells_how_far_it_is(app, monkeypatch):
    monkeypatch.setattr(verify, "BATCH", 4)
    told = []
    with app.app_context():
        write(10)
        total = head().seq
        verify.check([], lambda done, whole: told.append((done, whole)))
    assert told[0] == (4, total)
    assert told[-1] == (total, total)


# ---------- the command


@pytest.fixture
def run(app):
    return lambda *words: app.test_cli_runner().invoke(args=["audit", *words])


@pytest.mark.db
def test_the_command_answers_with_one_document_and_status_zero(app, run):
    with app.app_context():
        write(2)
        last = head()
    result = run("verify", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["verdict"] == "intact"
    assert (found["last"], found["last_hash"]) == tuple(last)
    assert "已核对" in result.stderr


@pytest.mark.db
def test_the_command_fails_with_status_one_and_says_where(app, run):
    with app.app_context():
        write(4)
        tamper(app, "UPDATE audit_entry SET data = '{}' WHERE seq = 2")
    result = run("verify", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert (found["verdict"], found["at"]) == ("altered", 2)
    plain = run("verify")
    assert plain.exit_code == 1
    assert plain.stdout == "有改动：第2条被改动过。\n"


def test_wrong_usage_is_told_from_a_broken_log(run):
    assert run("verify", "--xml").exit_code == 2


def test_without_a_database_the_command_says_so(tmp_path):
    site = create_app(read_config({"CLEAN_WINDOW_VAR": str(tmp_path / "none")}))
    result = site.test_cli_runner().invoke(args=["audit", "verify", "--json"])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "db-upgrade" in result.stderr
    assert not (tmp_path / "none").exists()


def test_verifying_uses_no_more_memory_for_a_longer_log(app, monkeypatch):
    """It holds a batch and no more, however long the log is."""
    sizes = []
    batches = verify.batches

    def watch(bounds):
        for rows in batches(bounds):
            sizes.append(len(rows))
            yield rows

    monkeypatch.setattr(verify, "BATCH", 10)
    monkeypatch.setattr(verify, "batches", watch)
    with app.app_context():
        write(45)
        assert check().verdict == "intact"
    assert max(sizes) == 10
    assert len(sizes) >= 5
