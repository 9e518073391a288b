"""Every act through HTTP leaves its mark in the log (AL1), unless UNAUDITED_WRITES names it."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from app.audit.service import UNAUDITED_WRITES
from app.kernel import db
from tests.site.moves import MOVES, act
from tests.site.rows import differences, read_rows
from tests.site.table import POSTS
from tests.support import cast

# They are over in a hall like this one; tests/accounts/test_set_up.py, test_first_run.py and
# test_duties.py look at their events.
ELSEWHERE = {
    "accounts.set_up", "accounts.separate_duties", "accounts.list_first_roles",
    "accounts.give_asked_roles", "accounts.withdraw_first_role", "accounts.open_hall",
    "inspections.make_checklist",
}  # fmt: skip
SLOW_PATH = {
    "inspections.new_handover",
    "suggestions.hand_over_idea",
    "suggestions.receive_handover",
    "exams.save_answer",
    "exams.save_answers",
    "inbox.read_notices",
    "surveys.answer_survey",
}


# What is put in waits outside of the database; tests/surveys looks at it there.
IN_THE_URN = {"surveys.answer_survey"}
# What is posted only because looking leaves a mark.
READS = {
    "accounts.show_phone", "accounts.show_political_status", "suggestions.show_contact",
}  # fmt: skip


def test_every_route_that_writes_has_an_act_to_be_tested_with():
    assert set(MOVES) == {row["endpoint"] for row in POSTS} - ELSEWHERE


def test_only_saving_an_answer_goes_without_the_log():
    assert set(UNAUDITED_WRITES) == SLOW_PATH
    assert all(len(reason) > 10 for reason in UNAUDITED_WRITES.values())


@contextmanager
def begun_writes(app):
    """Gather with which statement each transaction has begun in which something is written."""
    begun, written = {}, []

    def follow(connection, _cursor, statement, *_rest):
        word = statement.split()[0].upper()
        if word == "BEGIN":
            begun[id(connection)] = statement
        elif word in {"INSERT", "UPDATE", "DELETE"}:
            written.append(begun.get(id(connection)))

    with app.app_context():
        engine = db.database.engine
    event.listen(engine, "before_cursor_execute", follow)
    try:
        yield written
    finally:
        event.remove(engine, "before_cursor_execute", follow)


@pytest.mark.parametrize("endpoint", MOVES)
def test_act_leaves_its_mark_in_the_log_and_has_begun_as_a_writer(endpoint, hall):
    """A deferred transaction that turns into a write fails at once when another one writes."""
    before = read_rows(hall.app)
    with begun_writes(hall.app) as begun:
        act(hall, endpoint)
    assert set(begun) == ({"BEGIN IMMEDIATE"} if endpoint not in IN_THE_URN else set())
    after = read_rows(hall.app)
    assert bool(differences(before, after)) == (endpoint not in IN_THE_URN)
    added = [
        after[key]
        for key in after.keys() - before.keys()
        if key[0] == "audit_entry"
        and (endpoint in READS or not after[key]["event"].startswith("record."))
    ]
    assert bool(added) == (endpoint not in UNAUDITED_WRITES)
    # Of somebody without an account nothing is kept that leads back to him.
    is_nobody = MOVES[endpoint].who == "anon" and endpoint.startswith("suggestions.")
    for entry in added:
        assert len(entry["request_id"]) == (0 if is_nobody else 12)
        assert entry["address"] == ("" if is_nobody else "127.0.0.1")


@pytest.mark.db
def test_no_secret_and_no_answer_stands_in_the_log(hall):
    for endpoint in ("accounts.sign_in", "exams.save_answer", "exams.hand_in"):
        act(hall, endpoint)
    rows = read_rows(hall.app)
    log = repr([row for key, row in rows.items() if key[0] == "audit_entry"])
    hashes = [
        row["password_hash"]
        for key, row in rows.items()
        if key[0] == "account" and row["password_hash"]
    ]
    tokens = [*hall.world.tokens.values(), *(key[1] for key in rows if key[0] == "sign_in_session")]
    assert not [secret for secret in (*hashes, *tokens, cast.PASSWORD) if secret in log]
    assert "chosen" not in log
