"""A GET or HEAD changes nothing (SE9), whoever asks and however much there is.

Four things are exempt, each by one named function: audit.record_read, audit.record_export,
audit.record_refusal and accounts.touch_session. Their rows are named here to the letter; any other difference is a fault.
"""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from app.accounts.models import SignInSession
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import clock, db
from tests.site import world as worlds
from tests.site.hall import Hall
from tests.site.moves import ENTRIES
from tests.site.rows import differences, read_rows
from tests.site.table import GETS, TABLE, WHO, find_row, name_of, status_of
from tests.site.world import ROLES, World

READS = {
    "exams.show_person_result": AuditEvent.RECORD_READ,
    "audit.list_entries": AuditEvent.RECORD_READ,
    "audit.show_entry": AuditEvent.RECORD_READ,
}
EXPORTS = {
    f"{room}.export_{what}": AuditEvent.RECORD_EXPORTED
    for room, what in (
        ("audit", "entries"),
        ("accounts", "imports"),
        ("accounts", "differences"),
        ("exams", "exams"),
        ("exams", "papers"),
        ("exams", "results"),
        ("questions", "questions"),
        ("workdays", "days"),
        ("accounts", "people"),
        ("accounts", "roles"),
        *(("accounts", f"{word}s") for word in ENTRIES),
        ("settings", "settings"),
        ("settings", "history"),
        ("accounts", "accounts"),
        ("accounts", "copy"),
    )
}
RECORDED = READS | EXPORTS
LISTS = {
    "accounts.list_imports": "clerk",
    "exams.list_exams": "staff",
    "exams.list_papers": "clerk",
    "exams.list_results": "clerk",
    "exams.choose_questions": "clerk",
    "questions.list_questions": "clerk",
    "workdays.list_days": "clerk",
    "settings.list_settings": "secadmin",
    "home.show_home": "staff",
    "audit.list_entries": "auditor",
    "accounts.list_accounts": "sysadmin",
}


def ask_everything(hall, rows, *, who):
    """Fetch each address as a page and a fragment, and ask for its head; none may fail."""
    visitor = hall.visit(who)
    for row in rows:
        url = hall.url(row)
        page = visitor.browser.get(url, status=status_of(row, who))
        fragment = visitor.send("GET", url, fragment=True)
        head = visitor.send("HEAD", url)
        assert fragment.status_code < 500, name_of(row)
        assert head.status_code == page.status, name_of(row)
        assert head.data == b"", name_of(row)


@pytest.mark.db
@pytest.mark.parametrize("who", WHO)
def test_reading_everything_changes_nothing_but_the_named_rows(who, hall):
    before = read_rows(hall.app)
    ask_everything(hall, GETS, who=who)
    recorded = [
        ("audit_entry", "added", RECORDED[row["endpoint"]])
        for row in GETS
        if row["endpoint"] in RECORDED and row[who] == "200"
    ]
    refused = {row["endpoint"] for row in GETS if row[who].startswith("403")}
    # Once each for the page, the fragment and the head; of refusals one within the minute.
    expected = recorded * 3 + [("audit_entry", "added", AuditEvent.ACCESS_REFUSED)] * len(refused)
    assert differences(before, read_rows(hall.app)) == sorted(expected, key=repr)
    assert recorded or who == "anon"


@pytest.mark.parametrize("who", ROLES)
def test_an_empty_hall_can_be_looked_at_by_everybody(who, app):
    objects = {"year": {"year": 2026}, "day": {"day": "2026-12-04"}}
    with app.app_context():
        world = World(objects=objects, tokens=worlds.begin_sessions())
    before = read_rows(app)
    rows = [row for row in GETS if not row["object"] or row["object"] in objects]
    ask_everything(Hall(app, lambda: world, world), rows, who=who)
    kinds = {difference[:2] for difference in differences(before, read_rows(app))}
    assert kinds <= {("audit_entry", "added")}


def test_a_crowded_hall_can_be_looked_at_by_everybody(crowded):
    before = read_rows(crowded.app)
    for who in ROLES:
        rows = [row for row in GETS if row[who].startswith("200") and row["object"] != "asset"]
        ask_everything(crowded, rows, who=who)
    added = set(differences(before, read_rows(crowded.app)))
    assert added == {("audit_entry", "added", each) for each in set(RECORDED.values())}


@pytest.mark.parametrize("who", ROLES)
def test_objects_that_do_not_exist_are_not_found(who, hall):
    names = (
        *("exam_id", "question_id", "late_answer_id", "number", "seq"),
        *("person_id", "grant_id", "entry_id", "absence_id", "member_id", "account_id"),
    )
    numbers = dict.fromkeys(names, 999_999)
    nothing = {
        **numbers,
        "public_id": "x" * 16,
        "year": 1999,
        "day": "2026-02-30",
        "key": "no.such",
        "handle": "x" * 24,
    }
    visitor = hall.visit(who)
    hall.world = World(objects=dict.fromkeys(hall.world.objects, nothing), tokens={})
    for row in TABLE:
        if row["object"] not in {"", "asset", "own_photo"}:
            status = visitor.send(row["method"], hall.url(row)).status_code
            assert status in {403, 404}, f"{name_of(row)}: {status}"


@pytest.mark.db
def test_looking_keeps_the_session_alive_and_nothing_else(hall, now):
    before, visitor = read_rows(hall.app), hall.visit("staff")
    for seconds in (30, 31, 20, 45, 20):
        now.move(seconds=seconds)
        visitor.send("GET", "/exams")
    expected = [("sign_in_session", "changed", ("seen_at",))]
    assert differences(before, read_rows(hall.app)) == expected
    with hall.app.app_context():
        seen = db.session.scalars(select(func.max(SignInSession.seen_at))).one()
    # After 61 s, and after 65 s more; then not again within the minute.
    assert seen == clock.now() - timedelta(seconds=20)


@pytest.mark.db
@pytest.mark.parametrize("row", [row for row in GETS if row["endpoint"] in RECORDED], ids=name_of)
def test_record_is_written_before_the_first_byte(row, hall):
    """Without the event there is no answer: the log can't be got round by making it fail."""
    # Where nobody gets it, somebody who is told that there is none: a refusal is logged as well.
    who = next((who for who in ("clerk", *ROLES) if row[who] == "200"), None) or next(
        who for who in ("clerk", *ROLES) if row[who].startswith("404")
    )

    def refuse(*_arguments):
        raise RuntimeError("the log is full")

    event.listen(AuditEntry, "before_insert", refuse)
    try:
        answer = hall.visit(who).send("GET", hall.url(row))
    finally:
        event.remove(AuditEntry, "before_insert", refuse)
    assert answer.status_code == (500 if row[who] == "200" else status_of(row, who))


@pytest.mark.parametrize("endpoint", LISTS)
def test_number_of_queries_does_not_grow_with_the_number_of_rows(endpoint, crowded, hall):
    """Both halls lie in one database, so the crowded one is put back first."""
    row = find_row("GET", endpoint)
    crowded.put_back()
    many = count_queries(crowded, row)
    hall.put_back()
    assert many == count_queries(hall, row)


def count_queries(hall, row):
    """Count what one page asks the database; the second time, when the process is warm."""
    visitor, asked = hall.visit(LISTS[row["endpoint"]]), []
    visitor.send("GET", hall.url(row))

    def remember(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    with hall.app.app_context():
        engine = db.database.engine
    event.listen(engine, "before_cursor_execute", remember)
    try:
        assert visitor.send("GET", hall.url(row)).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    print("\n".join(asked))
    return len(asked)
