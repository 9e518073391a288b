"""Each act through HTTP, once as its page sends it and once with the name of every column added.

It leaves its mark in the log (AL1), unless UNAUDITED_WRITES names it; it has begun as a writer; a
form sets what it asks for and nothing else (AC4); and what people typed, markup and template code
included, is kept to the letter and shown as text (XS1). An act costs more than a look at it.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

import pytest
from sqlalchemy import Boolean, Integer, event
from sqlalchemy import Enum as EnumType

from app.audit.service import UNAUDITED_WRITES
from app.kernel import db
from tests.site.moves import MOVES, filled_in, url_of
from tests.site.poison import CANARY, RAW
from tests.site.rows import Moved, is_key_read, moved, stand

# Drawn anew at each act, or counted by the request; the hashes of the log cover what is drawn.
DRAWN = {
    "device",
    "seed",
    "token_hash",
    "public_id",
    "request_id",
    "receipt",
    "code_hash",
    "password_hash",
    "secret",
}
# Of an idea the address is drawn, and its open step holds the arguments of that.
DRAWN |= {"hash", "prev_hash", "client_id", "slip_number", "arguments"}
# What a form does ask for, although it is sent only when ticked or pressed.
OFFERED = {
    "exams.edit_drawing": {"is_shuffled"},
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
    "exams.new_paper": {"releases_when_complete", "is_double_marked"},
    "exams.edit_paper": {"releases_when_complete", "is_double_marked"},
    "surveys.edit_questionnaire": {"is_by_department"},
    # Every move takes a reason, asked for or not.
    "commitments.submit_sheet": {"reason"},
    "commitments.drop_sheet": {"reason"},
    "commitments.take_over_sheet": {"reason"},
}


# What is put in waits outside of the database; tests/surveys looks at it there.
MOST_PARTS, TOO_LARGE = 440, 413
IN_THE_URN = {"surveys.answer_survey"}
# What is posted only because looking leaves a mark.
READS = {
    "accounts.show_phone", "accounts.show_political_status", "suggestions.show_contact",
}  # fmt: skip


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


@dataclass(frozen=True)
class Outcome:
    """An answer's status, the rows of the tables that an act moved, and what its answer shows.

    Of the rows is left out what is drawn anew at each act; `tables` holds all of it.
    """

    status: int
    rows: list[tuple[Any, ...]]
    shown: str = field(compare=False)
    tables: list[Moved] = field(compare=False)


def outcome(hall, endpoint, data, *, is_looked_at=False):
    """Send an act's form in a fresh hall; look at the page that follows if that is asked for."""
    hall.put_back()
    visit = hall.visit(MOVES[endpoint].who)
    if MOVES[endpoint].who == "anon":
        # A public form is good for the visitor to whom it was shown.
        data = {**data, **page_fields(hall, visit, endpoint)}
    answer = visit.send("POST", url_of(hall, endpoint), data)
    shown = answer.get_data(as_text=True)
    if is_looked_at and "Location" in answer.headers:
        shown += visit.send("GET", answer.headers["Location"]).get_data(as_text=True)
    tables = moved(hall)
    rows = [
        (key[0], *((name, repr(value)) for name, value in row.items() if name not in DRAWN))
        for table in tables
        for key, row in table.after.items()
        if not is_key_read(row)
    ]
    gone = [
        (table.table, ("gone", repr(key)))
        for table in tables
        for key in table.before.keys() - table.after.keys()
    ]
    return Outcome(answer.status_code, sorted([*rows, *gone], key=repr), shown, tables)


def form_of(hall, endpoint):
    """Give what an act's page sends in a hall just put back, with something in its free texts."""
    stand(hall)
    data = page_fields(hall, hall.visit(MOVES[endpoint].who), endpoint)
    return data | dict.fromkeys(MOVES[endpoint].texts, CANARY)


def page_fields(hall, visit, endpoint):
    """Give what a visitor's page sends but his texts.

    Of whoever signed in, each visit sends the token itself; that of a public form stays in it.
    """
    data = filled_in(hall, visit, endpoint).to_dict(flat=False)
    left_out = {*MOVES[endpoint].texts, *(() if visit.who == "anon" else ("csrf_token",))}
    return {name: value for name, value in data.items() if name not in left_out}


def with_more(endpoint, data, extra):
    """Add what the form doesn't ask for."""
    known = data.keys() | OFFERED.get(endpoint, set())
    return {**{name: value for name, value in extra.items() if name not in known}, **data}


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
def test_act_is_logged_and_sets_only_what_its_form_asks_for(endpoint, hall):
    """A deferred transaction that turns into a write fails at once when another one writes."""
    extra = columns()
    assert {"is_passed", "marks", "role", "department_id", "drafted_by_id", "state"} <= set(extra)
    data, is_typed = form_of(hall, endpoint), bool(MOVES[endpoint].texts)
    with begun_writes(hall.app) as begun:
        plain = outcome(hall, endpoint, data, is_looked_at=is_typed)
    assert set(begun) == ({"BEGIN IMMEDIATE"} if endpoint not in IN_THE_URN else set())
    assert plain.status == MOVES[endpoint].status
    check_mark(plain.tables, endpoint)
    check_text(plain, is_typed=is_typed)
    found = outcome(hall, endpoint, with_more(endpoint, data, extra))
    if found.status == TOO_LARGE:
        parts = [with_more(endpoint, data, part) for part in parts_of(extra)]
        assert all(outcome(hall, endpoint, part) == plain for part in parts)
    else:
        assert found == plain


def check_text(found, *, is_typed):
    """Look for what was typed: kept as it is, and never markup on the page that follows."""
    kept = {value for _table, *values in found.rows for _name, value in values}
    assert not is_typed or repr(CANARY) in kept
    assert not RAW.search(found.shown)


def parts_of(extra):
    """Divide what is added to a file: a body with more than 500 parts is refused as such."""
    names = sorted(extra)
    return [
        {name: extra[name] for name in names[n : n + MOST_PARTS]}
        for n in range(0, len(names), MOST_PARTS)
    ]


def check_mark(found, endpoint):
    """Look at what an act has left in the log, among all that it moved."""
    added = [
        row
        for table in found
        for row in table.after.values()
        if table.table == "audit_entry"
        and (endpoint in READS or not row["event"].startswith("record."))
    ]
    assert bool(found) == (endpoint not in IN_THE_URN)
    assert bool(added) == (endpoint not in UNAUDITED_WRITES)
    # Of somebody without an account nothing is kept that leads back to him.
    is_nobody = MOVES[endpoint].who == "anon" and endpoint.startswith("suggestions.")
    for entry in added:
        assert len(entry["request_id"]) == (0 if is_nobody else 12)
        assert entry["address"] == ("" if is_nobody else "127.0.0.1")
