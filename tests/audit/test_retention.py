"""日志留存 (AL5): only what is older than the retention goes, behind a cut, and the chain goes on."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.audit import heads, retention, verify
from app.audit.models import LEAST_DAYS, AuditCut, AuditEntry, AuditEvent
from app.kernel import clock, db
from tests.audit.factories import check, entries, head, outcome, tamper, write, write_at
from tests.settings.factories import set_value

pytestmark = pytest.mark.db


def put_cut(seq, *, days, at=None, hash_=None):
    """Put a cut into the open write, as a purge does."""
    stands = select(AuditEntry.hash).where(AuditEntry.seq == seq)
    at = at or clock.now()
    db.session.add(
        AuditCut(
            seq=seq,
            hash=hash_ or db.session.scalars(stands).one(),
            at=at,
            older_than=at - timedelta(days=days),
        )
    )
    db.session.flush()


def delete_up_to(seq):
    db.session.execute(text("DELETE FROM audit_entry WHERE seq <= :seq"), {"seq": seq})


@pytest.fixture
def old(app, now):
    """Let four years go by after the cast was written; then two more entries."""
    with app.app_context():
        write(4)
        last = head().seq
        heads.write_daily_head()
        now.move(days=4 * 366)
        write(2)
        return last


def test_the_purge_takes_old_entries_and_the_chain_goes_on_from_the_cut(app, old):
    with app.app_context():
        retention.purge_old_entries()
        found = entries()
        assert found[0].seq == old + 1
        [purged] = entries(AuditEvent.AUDIT_PURGED)
        assert purged.seq == found[-1].seq
        assert purged.object_id == str(old)
        assert purged.data["removed"] == old
        assert found[0].prev_hash == purged.data["hash"]
        whole = check()
        assert (whole.verdict, whole.cut, whole.first) == ("intact", old, old + 1)


def test_a_purge_with_nothing_old_does_nothing(app):
    with app.app_context():
        write(3)
        before = head()
        retention.purge_old_entries()
        assert head() == before
        assert db.session.scalar(select(func.count()).select_from(AuditCut)) == 0


def test_a_purge_can_be_repeated_and_goes_in_pieces(app, old, now, monkeypatch):
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 3)
    with app.app_context():
        retention.purge_old_entries()
        assert entries()[0].seq == old + 1
        assert outcome() == ("intact", None)
        cuts = db.session.scalar(select(func.count()).select_from(AuditCut))
        assert cuts == -(-old // 3)
        now.move(days=4 * 366)
        write(1)
        retention.purge_old_entries()
        assert outcome() == ("intact", None)
        assert entries()[0].event is AuditEvent.WORKDAYS_DAY_CHANGED


def test_nobody_can_ask_for_less_than_183_days(app, old):
    with app.app_context():
        before = head()
        with pytest.raises(retention.RetentionTooShortError):
            retention.purge(days=LEAST_DAYS - 1)
        assert head() == before
    setting = retention.RETENTION_DAYS
    assert (setting.default, setting.minimum, LEAST_DAYS) == (1098, 183, 183)
    assert setting.is_policy
    with pytest.raises(ValueError, match="183"):
        setting.parse("182")
    # A row written past the page undercuts nothing.
    assert setting.load(1) == LEAST_DAYS


@pytest.mark.db
def test_the_setting_says_how_long_entries_are_kept(app, now):
    with app.app_context():
        write(4)
        last = head().seq
        now.move(days=300)
        retention.purge_old_entries()
        assert entries()[0].seq == 1
        set_value("audit.retention_days", "301", valid_from=clock.today())
        retention.purge_old_entries()
        assert entries()[0].seq == 1
        now.move(days=1)
        set_value("audit.retention_days", "183", valid_from=clock.today(), version=1)
        retention.purge_old_entries()
        assert entries()[0].seq == last + 1
        assert outcome() == ("intact", None)


def test_the_page_of_the_chain_names_the_days_in_force(app, browse, now):
    assert "1098" in browse("auditor").get("/audit/chain").text
    with app.app_context():
        set_value("audit.retention_days", "400", valid_from=clock.today())
    assert "400" in browse("auditor").get("/audit/chain").text


def test_the_database_refuses_a_cut_under_183_days(app, old):
    with app.app_context():
        with pytest.raises(IntegrityError, match="183 days"), db.write():
            put_cut(old, days=LEAST_DAYS - 1)
        with pytest.raises(IntegrityError), db.write():
            put_cut(old, days=-1)


def test_the_database_refuses_a_cut_that_takes_younger_entries(app, old):
    refused = pytest.raises(IntegrityError, match="183 days")
    with app.app_context(), refused, db.write():
        put_cut(old + 1, days=LEAST_DAYS)


def test_the_database_refuses_a_cut_that_stands_on_no_entry(app, old):
    refused = pytest.raises(IntegrityError, match="entry of the chain")
    with app.app_context(), refused, db.write():
        put_cut(old, days=LEAST_DAYS, hash_="e" * 64)


def test_behind_a_cut_only_older_entries_can_be_deleted(app, old):
    with app.app_context():
        with pytest.raises(IntegrityError, match="append-only"), db.write():
            delete_up_to(1)
        with pytest.raises(IntegrityError, match="append-only"), db.write():
            put_cut(old - 1, days=LEAST_DAYS)
            delete_up_to(old)
        with db.write():
            put_cut(old - 1, days=LEAST_DAYS)
            delete_up_to(old - 1)
        # Such a cut is told by no entry: whoever bypasses the purge is found.
        assert outcome() == ("missing", 1)


def test_a_cut_is_kept(app, old):
    with app.app_context():
        retention.purge_old_entries()
        for statement in ("UPDATE audit_cut SET seq = 1", "DELETE FROM audit_cut"):
            with pytest.raises(IntegrityError, match="cut is kept"), db.write():
                db.session.execute(text(statement))


def test_a_cut_that_was_forged_is_found(app, old):
    with app.app_context():
        retention.purge_old_entries()
        tamper(app, "UPDATE audit_cut SET hash = :h", h="d" * 64)
        assert outcome() == ("missing", 1)


def test_an_outside_head_that_stands_on_the_cut_is_compared(app, old):
    with app.app_context():
        retention.purge_old_entries()
        path = next(heads.folder().glob("*.json"))
        assert heads.read_head(path).seq == old
        text_ = path.read_text(encoding="utf-8")
        path.write_text(text_.replace(heads.read_head(path).hash, "c" * 64), encoding="utf-8")
        assert outcome() == ("head_mismatch", old)


def test_entries_behind_a_younger_one_stay(app, now):
    """The clock was set back once: an old time behind a young entry is no reason to cut there."""
    with app.app_context():
        first = head().seq
        now.move(days=4 * 366)
        write(1)
        write_at(clock.now() - timedelta(days=5 * 366), count=2)
        retention.purge_old_entries()
        assert [each.seq for each in entries()][:3] == [first + 1, first + 2, first + 3]
        assert outcome() == ("intact", None)


def test_a_purge_without_its_event_does_not_happen(app, old, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError("disk full")

    monkeypatch.setattr(retention, "append", refuse)
    with app.app_context():
        before = len(entries())
        with pytest.raises(OSError, match="disk full"):
            retention.purge_old_entries()
        assert len(entries()) == before


def test_entries_that_a_purge_takes_away_meanwhile_are_not_missing(app, old, monkeypatch):
    """The verification began before the purge, and reads after it."""
    with app.app_context():
        bounds = verify_bounds_before_purge(monkeypatch)
        assert outcome() == ("intact", None)
        assert len(bounds) == 2


def verify_bounds_before_purge(monkeypatch):
    """Let a purge happen right after the verification has looked where to begin."""
    seen, read = [], verify.read_bounds

    def read_then_purge():
        seen.append(read())
        db.session.close()
        retention.purge_old_entries()
        return seen[-1]

    monkeypatch.setattr(verify, "read_bounds", read_then_purge)
    return seen
