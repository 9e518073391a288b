"""What goes without the log is named (AL1); that each act leaves its mark there: test_acts.py."""

import pytest

from app.audit.service import UNAUDITED_WRITES
from tests.site.moves import MOVES, act
from tests.site.rows import read_rows
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
    "exams.send_pulse",
    "exams.save_answer",
    "exams.save_answers",
    "inbox.read_notices",
    "surveys.answer_survey",
}


def test_every_route_that_writes_has_an_act_to_be_tested_with():
    assert set(MOVES) == {row["endpoint"] for row in POSTS} - ELSEWHERE


def test_only_saving_an_answer_goes_without_the_log():
    assert set(UNAUDITED_WRITES) == SLOW_PATH
    assert all(len(reason) > 10 for reason in UNAUDITED_WRITES.values())


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
