"""AN1: thirty people answer through the real site in a secret order; whoever holds all that is kept
of it - database, nightly copies, write-ahead log, log, steps, notices, sessions, jobs, access log -
matches no more of them than by chance. The same is tried on a site that does keep an order, where
it must succeed: an attack that can't succeed proves nothing.
"""

import itertools
import json
import logging
import random
import shutil
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from sqlalchemy import select

from app.accounts import sessions
from app.accounts.models import Account, AccountKind
from app.audit.models import AuditEvent
from app.jobs.models import Job
from app.kernel import db
from app.surveys import questions, results, service, urn
from app.surveys.models import SurveyBallot, SurveyComment, SurveyRoll
from app.surveys.questions import Condition, Question, QuestionKind
from tests.site.rows import differences, read_rows
from tests.support import cast
from tests.support.pages import Browser
from tests.surveys.factories import (
    BALLOT,
    close,
    events,
    filled,
    open_survey,
    put,
    put_in_use,
    stored,
)

PEOPLE = 30
DAYS = 3
# "Fail at 5 of 30."
MOST_MATCHED = 5


def word_of(number):
    """Give words by which the test knows whose ballot it is; they come from nobody's name."""
    return f"标记{number:04d}"


@pytest.fixture
def hall(app, now, caplog, monkeypatch):
    """Let thirty answer over three days, a copy of the database being made each night.

    Keys and orders are drawn from a seed: of four honest guesses one hits five people by chance
    in every sixtieth run.
    """
    chance = random.Random(20261123)
    monkeypatch.setattr(urn, "draw_key", lambda: f"{chance.getrandbits(128):032x}")
    monkeypatch.setattr(urn, "shuffled", lambda values: chance.sample(list(values), len(values)))
    with app.app_context():
        put_in_use()
        people = cast.add_staff(PEOPLE)
        public_id = open_survey(people)
        db.session.close()
    draws = random.Random(20261120)
    order = draws.sample(people, PEOPLE)
    marks = dict(zip(order, draws.sample(range(1000), PEOPLE), strict=True))
    var, copies, requests = app.config["SITE"].var, [], []
    caplog.set_level(logging.DEBUG)
    for day in range(DAYS):
        today = order[day * PEOPLE // DAYS : (day + 1) * PEOPLE // DAYS]
        browsers = {person_id: enter(app, person_id) for person_id in today}
        before = read_rows(app)
        for person_id, browser in browsers.items():
            now.move(minutes=2)
            page = browser.get(f"/surveys/{public_id}/answer")
            values = {**BALLOT, "answer_q8": word_of(marks[person_id])}
            browser.submit(page, values, form="#ballot-form")
            # What a proxy that keeps its lines would know.
            requests.append(person_id)
        assert differences(before, read_rows(app)) == []
        copies.append(copy(var, f"night-{day}"))
        now.move(hours=18)
    with app.app_context():
        close(public_id)
        db.session.close()
    copies.append(copy(var, "after"))
    owners = {word_of(mark): person_id for person_id, mark in marks.items()}
    return app, public_id, owners, requests, copies, caplog


def enter(app, person_id):
    """Let somebody in: a browser with his session."""
    with app.app_context(), db.write():
        account = db.session.scalars(
            select(Account).where(
                Account.person_id == person_id, Account.kind == AccountKind.BUSINESS
            )
        ).one()
        token = sessions.begin_session(account).token
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return Browser(app=app, client=client)


def copy(var, name):
    """Copy what a backup copies: database with its log of writes, files; never the urn."""
    folder = var / name
    folder.mkdir()
    for each in var.glob("db*"):
        if each.is_file():
            shutil.copyfile(each, folder / each.name)
    return folder


def words_of(app):
    """Give the answers in words in the order in which the database keeps them."""
    with closing(sqlite3.connect(app.config["SITE"].var / "db")) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM survey_comment")]


def matched(guess, owners):
    """Count how many words a guess gives to whoever wrote them."""
    return sum(owners[word] == person for word, person in guess)


def test_thirty_people_can_not_be_matched_with_their_ballots(hall):
    app, public_id, owners, requests, copies, caplog = hall
    with app.app_context():
        assert stored() == (PEOPLE, PEOPLE, PEOPLE)
        roll = [
            each.person_id
            for each in db.session.query(SurveyRoll).filter(SurveyRoll.has_answered.is_(True))
        ]
        kept = sqlite3.connect(app.config["SITE"].var / "db")
        as_stored = [row[0] for row in kept.execute("SELECT person_id FROM survey_roll")]
        kept.close()
    words = words_of(app)
    positions = sorted(words, key=lambda word: positions_in(copies[-1], word))
    guesses = {
        "order of keys against the log of requests": zip(words, requests, strict=True),
        "order of keys against the roll": zip(words, sorted(roll), strict=True),
        "order of keys against the roll as it is kept": zip(words, as_stored, strict=True),
        "place in the files and the log of writes": zip(positions, requests, strict=True),
    }
    for name, guess in guesses.items():
        assert matched(guess, owners) < MOST_MATCHED, name
    check_copies(copies, owners)
    check_traces(app, public_id, owners, caplog)


def positions_in(folder, word):
    """Tell where a word stands first in the log of writes, or in the database."""
    content = (folder / "db").read_bytes()
    wal = folder / "db-wal"
    content += wal.read_bytes() if wal.exists() else b""
    return content.find(word.encode())


def check_copies(copies, owners):
    """Copies of different nights differ in no mark and no ballot: there is no day to match by."""
    for folder in copies[:-1]:
        held = b"".join(each.read_bytes() for each in folder.iterdir())
        assert not any(word.encode() in held for word in owners)
        with closing(sqlite3.connect(folder / "db")) as connection:
            marks = connection.execute("SELECT sum(has_answered) FROM survey_roll").fetchone()
            ballots = connection.execute("SELECT count(*) FROM survey_ballot").fetchone()
        assert (marks, ballots) == ((0,), (0,))


def check_traces(app, public_id, owners, caplog):
    """Nothing beside roll and ballots knows that anybody answered, or when, or what."""
    with app.app_context():
        rows = read_rows(app)
        tables = {
            key[0]
            for key, values in rows.items()
            if any(public_id in str(value) for value in values.values())
        }
        told = [
            json.dumps(values, default=str, ensure_ascii=False)
            for key, values in rows.items()
            if key[0] in {"audit_entry", "open_step", "notice", "job", "sign_in_session"}
        ]
        assert db.session.query(Job).count() == 0
        columns = {each.name for each in SurveyBallot.__table__.columns}
        with urn.opened() as box:
            assert box.list_surveys() == []
    # The log holds its opening and its end, and no page of anybody.
    assert tables == {"survey", "audit_entry"}
    assert sum("surveys." in each for each in told if public_id in each) == 2
    assert columns == {"id", "survey_id", "group_label", "answers"}
    for word in owners:
        assert not any(word in each for each in told)
        assert word not in caplog.text
    assert public_id not in caplog.text


def test_the_attack_succeeds_where_keys_grow(app, monkeypatch):
    """The same site with a key that counts, as others have it: everybody is found."""
    keys = (f"{number:032x}" for number in itertools.count())
    monkeypatch.setattr(urn, "draw_key", lambda: next(keys))
    with app.app_context():
        put_in_use()
        people = cast.add_staff(PEOPLE)
        arrived = random.Random(3).sample(people, PEOPLE)
        public_id = open_survey(people)
        for number, person_id in enumerate(arrived):
            put(public_id, person_id, words=word_of(number))
        close(public_id)
        db.session.close()
    owners = {word_of(number): person_id for number, person_id in enumerate(arrived)}
    assert matched(zip(words_of(app), arrived, strict=True), owners) == PEOPLE


def test_two_hundred_draws_are_no_better_than_chance(app):
    """AN1: the released order against the order of arrival, on two hundred drawn urns."""
    draws, hits, trials = random.Random(7), 0, 200
    for _ in range(trials):
        arrived = list(range(PEOPLE))
        draws.shuffle(arrived)
        keys = {number: urn.draw_key() for number in arrived}
        released = sorted(arrived, key=keys.__getitem__)
        hits += sum(a == b for a, b in zip(released, arrived, strict=True))
    # One of thirty by chance; its spread over 200 trials is 0.07, and p > 0.05 ends at 0.14.
    assert abs(hits / trials - 1) < 0.25


@pytest.mark.db
def test_the_only_one_of_a_department_is_not_found_by_his_mark(app):
    """Whoever holds roll and ballots sees no group of fewer than five, nor words of so few."""
    with app.app_context():
        asked = questions.load(questions.dump(questions.STANDARD))
        why = Question(
            code="q9", kind=QuestionKind.TEXT, text="为什么？", is_required=False,
            condition=Condition(code="q1", chosen=(3,)),
        )  # fmt: skip
        put_in_use(is_by_department=True, change=lambda _before: [*asked, why])
        people = cast.add_staff(22)
        public_id = open_survey(people)
        labels = dict(db.session.query(SurveyRoll.person_id, SurveyRoll.group_label).all())
        few = [each for each in people if labels[each] == cast.DEPARTMENTS[0]][:1]
        many = [each for each in people if labels[each] == cast.DEPARTMENTS[1]]
        for place, person_id in enumerate([*many, *few]):
            answered = filled(rate=3 if person_id in few else place % 2, words="大家都写的话")
            answered.written["q9"] = "只有一个人被问到"
            service.cast(public_id=public_id, person_id=person_id, filled=answered)
        close(public_id)
        kept = Counter(label for (label,) in db.session.query(SurveyBallot.group_label))
        words = {body for (body,) in db.session.query(SurveyComment.body)}
        assert kept == {results.OTHERS: len(many) + 1}
        assert words == {"大家都写的话"}
        db.session.close()


def test_answering_touches_no_session_and_a_refusal_names_nobody(app, now, browse):
    with app.app_context():
        put_in_use()
        public_id = open_survey(
            [cast.person_id(who) for who in ("staff", "other", "lead", "chief", "clerk")]
        )
        db.session.close()
    browser, stranger = browse("staff"), browse("officer")
    browser.get("/")
    before = read_rows(app)
    now.move(minutes=5)
    page = browser.get(f"/surveys/{public_id}/answer")
    now.move(minutes=5)
    browser.submit(page, {"answer_q1": None}, form="#ballot-form", status=422)
    browser.submit(page, BALLOT, form="#ballot-form")
    stranger.get(f"/surveys/{public_id}/answer", status=404)
    assert differences(before, read_rows(app)) == []
    with app.app_context():
        assert service.get_invitation(public_id, cast.person_id("staff")).has_answered
        roleless = cast.person_id("sysadmin")
    enter(app, roleless).get(f"/surveys/{public_id}/answer", status=403)
    with app.app_context():
        entry = events()[-1]
        assert (entry.event, entry.person_id) == (AuditEvent.ACCESS_REFUSED, None)
        assert (entry.address, entry.request_id, entry.acted_as) == ("", "", "visitor")
