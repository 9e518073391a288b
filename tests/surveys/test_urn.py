"""The urn: a ballot is put in once, waits outside of the database, and is neither lost nor doubled."""

import threading

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from app.kernel import db
from app.kernel.forms import RefusedError
from app.surveys import service, urn
from app.surveys.models import Survey, SurveyRoll
from tests.support import cast
from tests.surveys.factories import close, get, open_survey, put, put_in_use, stored

WHO = ("staff", "other", "clerk", "chief", "lead", "inspector", "branch", "office", "leader")


@pytest.fixture
def asked(app):
    """Open a survey for nine; gives its address and those who are asked."""
    with app.app_context():
        put_in_use()
        people = [cast.person_id(who) for who in WHO]
        yield open_survey(people), people
        db.session.close()


@pytest.mark.db
def test_ballots_wait_in_the_urn_and_are_released_at_once(asked, app):
    public_id, people = asked
    before = (0, 0, 0)
    for place, person_id in enumerate(people[:8]):
        assert put(public_id, person_id, rate=place % 3, words="希望多讲案例")
        assert stored() == before
        assert urn.holds_name(public_id, person_id)
    assert not put(public_id, people[0], rate=4)
    service.close_due()
    assert stored() == before
    close(public_id)
    assert stored() == (8, 8, 8)
    assert get(public_id).counted == 8
    with urn.opened() as box:
        assert box.list_surveys() == []
        assert box.read_ballots(public_id) == []
    close(public_id)
    assert stored() == (8, 8, 8)


@pytest.mark.db
def test_fewer_than_five_are_destroyed_and_their_number_is_kept(asked, now):
    public_id, people = asked
    for person_id in people[:4]:
        put(public_id, person_id, words="谁也看不到")
    close(public_id)
    assert (stored(), get(public_id).counted) == ((0, 0, 0), 4)
    now.move(days=10)
    told = service.result_of(source="tests.event", source_id=1)
    assert (told.n, told.mean, told.hidden_reason) == (None, None, service.TOO_FEW)


def test_words_need_eight(asked):
    public_id, people = asked
    for place, person_id in enumerate(people[:7]):
        put(public_id, person_id, rate=place % 3, words="只有七个人")
    close(public_id)
    assert stored() == (7, 7, 0)


@pytest.mark.parametrize("point", ["before", "after"])
@pytest.mark.db
def test_a_crash_between_database_and_urn_loses_and_doubles_nothing(asked, monkeypatch, point):
    """The process ends right before the database has committed, or right after it."""
    public_id, people = asked
    for place, person_id in enumerate(people[:6]):
        put(public_id, person_id, rate=place % 3)
    where, name = (service, "log") if point == "before" else (urn.Urn, "empty")
    with monkeypatch.context() as broken:
        broken.setattr(where, name, crash)
        with pytest.raises(KeyboardInterrupt):
            close(public_id)
    done = point == "after"
    assert stored() == ((6, 6, 0) if done else (0, 0, 0))
    with urn.opened() as box:
        assert len(box.read_names(public_id)) == len(box.read_ballots(public_id)) == 6
    close(public_id)
    assert stored() == (6, 6, 0)
    with urn.opened() as box:
        assert box.list_surveys() == []


def crash(*_args, **_values):
    raise KeyboardInterrupt


@pytest.mark.db
def test_of_many_at_once_one_ballot_of_a_person_is_taken(asked, app):
    public_id, people = asked
    db.session.close()
    taken = []

    def vote():
        with app.app_context():
            taken.append(put(public_id, people[0]))
            db.session.close()

    threads = [threading.Thread(target=vote) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(taken) == [False] * 7 + [True]


def test_nobody_else_and_nobody_late_puts_anything_in(asked, now):
    public_id, people = asked
    with pytest.raises(RefusedError):
        put(public_id, cast.person_id("officer"))
    now.move(days=30)
    with pytest.raises(RefusedError):
        put(public_id, people[0])


@pytest.mark.db
def test_urn_holds_no_order_time_or_link(asked, app):
    public_id, people = asked
    for person_id in people:
        put(public_id, person_id)
    engine = urn.engine_of(app)
    is_sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        for table in (urn.names, urn.ballots):
            assert {each.name for each in table.columns} <= {"survey", "person_id", "id", "content"}
            if not is_sqlite:
                # All rows were written by the same, the last transaction: none tells which came last.
                marks = connection.execute(
                    text(f"SELECT count(DISTINCT xmin::text) FROM {table.fullname}")  # noqa: S608
                )
                assert marks.scalar() == 1
        if is_sqlite:
            sql = text("SELECT sql FROM sqlite_master WHERE type = 'table'")
            made = connection.scalars(sql).all()
            assert len(made) == 2
            assert all("WITHOUT ROWID" in each for each in made)
            wanted = {"journal_mode": "delete", "synchronous": 2, "secure_delete": 1}
            for name, value in wanted.items():
                assert connection.exec_driver_sql(f"PRAGMA {name}").scalar() == value
    if is_sqlite:
        path = urn.path_of(app.config["SITE"])
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.name == "urn"


def test_no_byte_of_a_destroyed_ballot_is_left(asked, app):
    public_id, people = asked
    for person_id in people[:3]:
        put(public_id, person_id, words="这句话只在票箱里")
    close(public_id)
    var = app.config["SITE"].var
    needle = "这句话只在票箱里".encode()
    found = [each for each in var.rglob("*") if each.is_file() and needle in each.read_bytes()]
    assert found == []


def test_urn_is_not_opened_inside_a_write(asked):
    with pytest.raises(RuntimeError), db.write(), urn.opened():
        pass


@pytest.mark.db
@pytest.mark.parametrize(
    "statement",
    [
        update(Survey).values(title="改名"),
        update(Survey).values(questions=[]),
        update(Survey).values(groups=["某部门"]),
        update(SurveyRoll).values(group_label="某部门"),
    ],
)
def test_what_was_fixed_at_the_opening_is_not_changed_by_sql_either(asked, statement):
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(statement)
