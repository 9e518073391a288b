"""A form sets what it asks for and nothing else (AC4): not with the name of every column added."""

from datetime import date, datetime
from enum import Enum

import pytest
from sqlalchemy import Boolean, Integer
from sqlalchemy import Enum as EnumType

from app.kernel import db
from tests.site.moves import MOVES, filled_in, url_of
from tests.site.rows import read_rows

# Drawn anew at each act, or counted by the request; the hashes of the log cover what is drawn.
DRAWN = {"token_hash", "public_id", "request_id", "receipt", "code_hash", "password_hash", "secret"}
# Of an idea the address is drawn, and its open step holds the arguments of that.
DRAWN |= {"hash", "prev_hash", "client_id", "slip_number", "arguments"}
# What a form does ask for, although it is sent only when ticked or pressed.
OFFERED = {
    "accounts.new_person": {"employment"},
    "accounts.edit_person": {"employment"},
    "accounts.new_service_item": {"is_frequent"},
    "accounts.edit_service_item": {"is_frequent"},
    "accounts.print_slips": {"again", "department"},
    "exams.save_answer": {"flagged"},
    "inspections.new_item": {"shows_absence"},
    "inspections.edit_item": {"shows_absence"},
    "suggestions.accept_idea": {"is_hard"},
    "suggestions.new_public_idea": {"has_consent"},
    "suggestions.record_idea": {"has_consent"},
    "training.new_class": {"post_groups", "has_test", "has_survey"},
    "training.edit_class": {"post_groups", "has_test", "has_survey"},
    "exams.choose_questions": {"remove", "up"},
    "exams.new_paper": {"releases_when_complete"},
    "exams.edit_paper": {"releases_when_complete"},
    # Every move takes a reason, asked for or not.
    "commitments.submit_sheet": {"reason"},
    "commitments.drop_sheet": {"reason"},
    "commitments.take_over_sheet": {"reason"},
}


def columns():
    """Give every column of every table, and a value that would hurt."""
    found = {}
    for table in db.Base.metadata.sorted_tables:
        for column in table.columns:
            found.setdefault(column.name, value_for(column.type))
    return found


def value_for(kind):
    """Give a value that a column of this type would take."""
    impl = getattr(kind, "impl", kind)
    if isinstance(impl, EnumType):
        return impl.enums[-1]
    if isinstance(impl, Boolean):
        return "1"
    if isinstance(impl, Integer):
        return "2"
    python_type = getattr(impl, "python_type", str)
    if python_type in {date, datetime}:
        return "2020-01-01T00:00" if python_type is datetime else "2020-01-01"
    assert not issubclass(python_type, Enum)
    return "x"


def outcome(hall, endpoint, extra):
    """Do an act in a fresh hall; give all rows without what is drawn, and the answer's status."""
    hall.put_back()
    visit = hall.visit(MOVES[endpoint].who)
    data = filled_in(hall, visit, endpoint).to_dict(flat=False)
    known = data.keys() | OFFERED.get(endpoint, set())
    sent = {**{name: value for name, value in extra.items() if name not in known}, **data}
    answer = visit.send("POST", url_of(hall, endpoint), sent)
    rows = [
        (key[0], *((name, repr(value)) for name, value in row.items() if name not in DRAWN))
        for key, row in read_rows(hall.app).items()
    ]
    return answer.status_code, sorted(rows)


@pytest.mark.parametrize("endpoint", MOVES)
def test_name_of_a_column_that_the_form_has_not_sets_nothing(endpoint, hall):
    extra = columns()
    assert {"is_passed", "marks", "role", "department_id", "drafted_by_id", "state"} <= set(extra)
    plain = outcome(hall, endpoint, {})
    assert plain[0] == MOVES[endpoint].status
    assert outcome(hall, endpoint, extra) == plain
