"""Every act through HTTP leaves its mark in the log (AL1), unless UNAUDITED_WRITES names it."""

import pytest

from app.audit.service import UNAUDITED_WRITES
from tests.site.moves import MOVES, act
from tests.site.rows import differences, read_rows
from tests.site.table import POSTS
from tests.support import cast

# It is gone in a hall that is set up; tests/accounts/test_set_up.py looks at its event.
ELSEWHERE = {"accounts.set_up"}
SLOW_PATH = {"exams.save_answer", "exams.save_answers"}


# What is posted only because looking leaves a mark.
READS = {"accounts.show_phone", "accounts.show_political_status"}


def test_every_route_that_writes_has_an_act_to_be_tested_with():
    assert set(MOVES) == {row["endpoint"] for row in POSTS} - ELSEWHERE


def test_only_saving_an_answer_goes_without_the_log():
    assert set(UNAUDITED_WRITES) == SLOW_PATH
    assert all(len(reason) > 10 for reason in UNAUDITED_WRITES.values())


@pytest.mark.parametrize("endpoint", MOVES)
def test_act_leaves_its_mark_in_the_log(endpoint, hall):
    before = read_rows(hall.app)
    act(hall, endpoint)
    after = read_rows(hall.app)
    assert differences(before, after)
    added = [
        after[key]
        for key in after.keys() - before.keys()
        if key[0] == "audit_entry"
        and (endpoint in READS or not after[key]["event"].startswith("record."))
    ]
    assert bool(added) == (endpoint not in UNAUDITED_WRITES)
    for entry in added:
        assert len(entry["request_id"]) == 12
        assert entry["address"] == "127.0.0.1"


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
