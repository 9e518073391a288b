"""Reading and writing: reads can't write, a write is committed before anybody is told, traps stay shut."""

import threading

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.accounts.models import Department
from app.kernel import db

pytestmark = pytest.mark.db


def add_department(name: str, position: int) -> None:
    db.session.add(Department(name=name, position=position))
    db.session.flush()


def count() -> int:
    """Count departments through a new connection, as the next request would."""
    with db.database.engine.connect() as connection:
        return len(connection.execute(select(Department.id)).all())


def test_a_read_cannot_write(app):
    with app.app_context():
        db.session.add(Department(name="偷写", position=99))
        with pytest.raises((OperationalError, ProgrammingError, Exception)) as caught:
            db.session.flush()
        assert "read" in str(caught.value).lower()
        db.session.rollback()
        assert count() == 2


def test_a_write_is_there_for_a_new_connection_when_the_block_ends(app):
    with app.app_context():
        with db.write():
            add_department("新部门", 3)
        assert count() == 3


def test_an_exception_inside_a_write_leaves_nothing(app):
    with app.app_context():
        with pytest.raises(RuntimeError, match="half way"), db.write():
            add_department("新部门", 3)
            raise RuntimeError("half way")
        assert count() == 2
        assert not db.is_writing()


def test_a_write_inside_a_write_is_refused(app):
    with app.app_context(), pytest.raises(db.NestedWriteError), db.write(), db.write():
        pass


def test_after_a_write_the_same_context_reads_again(app):
    with app.app_context():
        with db.write():
            add_department("新部门", 3)
        db.session.add(Department(name="偷写", position=99))
        with pytest.raises(Exception, match=r"(?i)read"):
            db.session.flush()
        db.session.rollback()


def test_callbacks_run_after_the_commit_and_outside_the_gate(app):
    seen = []
    with app.app_context():
        with db.write():
            add_department("新部门", 3)
            db.after_commit(lambda: seen.append((count(), db.is_writing())))
            assert seen == []
        assert seen == [(3, False)]


def test_callbacks_of_a_failed_write_never_run(app):
    seen = []
    with app.app_context():
        with pytest.raises(RuntimeError), db.write():
            db.after_commit(lambda: seen.append(1))
            raise RuntimeError
        assert seen == []


def test_a_callback_outside_a_write_is_refused(app):
    with app.app_context(), pytest.raises(RuntimeError, match=r"db\.write"):
        db.after_commit(lambda: None)


def test_autocommit_is_refused_because_such_a_write_is_lost(app):
    with app.app_context():
        engine = db.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection, pytest.raises(db.AutocommitError):
            connection.execute(text("SELECT 1"))
        db.database.engine.dispose()


def test_writers_in_many_threads_never_meet_a_locked_database(app):
    """The trap of the deferred BEGIN: read, then write, in many threads at once."""
    failures = []

    def work(place: int) -> None:
        with app.app_context():
            try:
                for turn in range(5):
                    db.session.scalars(select(Department.id)).all()
                    with db.write():
                        highest = max(db.session.scalars(select(Department.position)))
                        add_department(f"部门{place}-{turn}", highest + 1)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it.
                failures.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        is_sqlite = db.database.engine.dialect.name == "sqlite"
        assert not is_sqlite or failures == []
        # PostgreSQL lets two writers read the same highest position: the database refuses one.
        assert all("uq_department_position" in str(each) for each in failures)
        assert count() >= 2 + 8 * 5 - len(failures) * 5


def test_every_write_begins_immediate_on_sqlite(app):
    begun = []
    with app.app_context():
        engine = db.database.engine
        if engine.dialect.name != "sqlite":
            return

        def note(connection, cursor, statement, *rest) -> None:
            if statement.startswith("BEGIN"):
                begun.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            with db.write():
                add_department("新部门", 3)
            count()
        finally:
            event.remove(engine, "before_cursor_execute", note)
    assert begun == ["BEGIN IMMEDIATE", "BEGIN"]
