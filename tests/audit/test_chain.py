"""The chain (AL4): linked at the end of the write, without gaps, and never forked."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Person
from app.audit import service
from app.audit.models import GENESIS, AuditEvent
from app.kernel import db
from tests.audit.factories import check, entries, head, write
from tests.support import cast

pytestmark = pytest.mark.db


def test_every_entry_holds_the_hash_of_the_one_before(app):
    with app.app_context():
        write(5)
        found = entries()
        assert [each.seq for each in found] == list(range(1, len(found) + 1))
        assert found[0].prev_hash == GENESIS
        assert all(later.prev_hash == earlier.hash for earlier, later in pairwise(found))
        assert len({each.hash for each in found}) == len(found)
        assert tuple(head()) == (found[-1].seq, found[-1].hash)


def test_a_write_that_fails_leaves_no_gap_and_no_hold_on_the_head(app):
    with app.app_context():
        before = head()
        with pytest.raises(IntegrityError), db.write():
            service.append(AuditEvent.SITE_SET_UP, person_id=999_999)
        assert head() == before
        write()
        assert head().seq == before.seq + 1
        assert check().verdict == "intact"


def test_events_of_one_write_keep_their_order(app):
    with app.app_context():
        with db.write():
            for number in range(4):
                service.append(AuditEvent.SITE_SET_UP, person_id=None, object_id=number)
        assert [each.object_id for each in entries()[-4:]] == ["0", "1", "2", "3"]


def test_the_head_is_locked_last_whenever_the_event_was_appended(app):
    """So nobody waits for another lock while everybody waits for him."""
    asked = []

    def remember(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    with app.app_context():
        clerk, engine = cast.person_id("clerk"), db.database.engine
        event.listen(engine, "before_cursor_execute", remember)
        try:
            with db.write():
                service.append(AuditEvent.SITE_SET_UP, person_id=clerk)
                row = db.session.scalars(
                    select(Person).where(Person.id == clerk).with_for_update()
                ).one()
                row.phone = "13900000001"
                db.session.flush()
        finally:
            event.remove(engine, "before_cursor_execute", remember)
        place = next(n for n, each in enumerate(asked) if "FROM audit_head" in each)
        assert any("UPDATE person" in each for each in asked[:place])
        words = [each.split()[0] + " " + each.split()[2] for each in asked[place + 1 :]]
        assert words == ["INSERT audit_entry", "UPDATE SET"]
        if engine.dialect.name == "postgresql":
            assert "FOR KEY SHARE" in asked[place - 1]
            assert asked[place].endswith("FOR UPDATE")


def test_writers_at_once_make_one_chain(app):
    with app.app_context():
        before = head().seq
        db.session.close()

    def act(number):
        with app.app_context():
            write(5, object_type=f"writer-{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(6)))
    with app.app_context():
        assert head().seq == before + 30
        assert check().verdict == "intact"


def test_writers_who_hold_rows_of_persons_do_not_block_each_other_for_ever(app):
    """One holds a person and then appends about another: the head is never held while waiting."""

    def act(pair):
        own, other = pair
        with app.app_context():
            for _ in range(10):
                with db.write():
                    service.append(AuditEvent.SITE_SET_UP, person_id=other)
                    db.session.scalars(
                        select(Person.id).where(Person.id == own).with_for_update()
                    ).all()
        return True

    with app.app_context():
        clerk = cast.person_id("clerk")
        db.session.close()
    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(act, [(clerk, clerk)] * 4))
    with app.app_context():
        assert check().verdict == "intact"


def test_the_head_only_moves_on(app):
    with app.app_context():
        write()
        for statement in (
            "UPDATE audit_head SET seq = seq - 1",
            "UPDATE audit_head SET hash = 'x'",
            "DELETE FROM audit_head",
        ):
            with pytest.raises(IntegrityError, match="head"), db.write():
                db.session.execute(text(statement))


def test_an_act_that_makes_no_event_takes_no_lock_of_the_log(app):
    asked = []

    def remember(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    with app.app_context():
        engine = db.database.engine
        event.listen(engine, "before_cursor_execute", remember)
        try:
            with db.write():
                db.session.execute(text("UPDATE hall SET name = 'x'"))
        finally:
            event.remove(engine, "before_cursor_execute", remember)
        assert not [each for each in asked if "audit" in each]
