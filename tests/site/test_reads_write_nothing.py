"""A GET or HEAD changes nothing (SE9), whoever asks and however much there is.

Four things are exempt, each by one named function: audit.record_read, audit.record_export,
audit.record_refusal and accounts.touch_session. What they write is named to the letter in
records.py, and test_access.py reads every page as everybody; here stand halls of another size,
objects that do not exist, and what happens when the record can't be written.
"""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from werkzeug.routing import IntegerConverter

from app.accounts.models import SignInSession
from app.audit.models import AuditEntry
from app.kernel import clock, db
from app.questions.key_reading import OBJECT
from tests.site import world as worlds
from tests.site.hall import Hall
from tests.site.records import KEYS, MARKED, RECORDED
from tests.site.rows import differences, read_rows
from tests.site.table import GETS, TABLE, find_row, name_of, status_of
from tests.site.world import ROLES, World

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
    "screens.list_groups": "clerk",
    "screens.show_package": "clerk",
    "inspections.list_inspections": "inspector",
    "inspections.list_findings": "inspector",
    "inspections.list_duties": "clerk",
    "rectifications.list_orders": "chief",
}


def ask_everything(hall, rows, *, who):
    """Fetch each address that somebody may look at as a page and a fragment; none may fail."""
    visitor = hall.visit(who)
    for row in rows:
        if row[who].startswith("200") and row["object"] != "asset":
            url = hall.url(row)
            visitor.browser.get(url)
            fragment = visitor.send("GET", url, fragment=True)
            assert fragment.status_code == status_of(row, who, is_fragment=True), name_of(row)


def test_an_empty_hall_can_be_looked_at_by_everybody(app):
    """Home is asked by everybody, since each has another; what else there is by two of them."""
    objects = {"year": {"year": 2026}, "day": {"day": "2026-12-04"}}
    with app.app_context():
        world = World(objects=objects, tokens=worlds.begin_sessions())
    before = read_rows(app)
    there = [row for row in GETS if not row["object"] or row["object"] in objects]
    for who in ROLES:
        rows = [row for row in there if row["rule"] == "/" or who in readers(row)]
        ask_everything(Hall(app, lambda: world, world), rows, who=who)
    kinds = {difference[:2] for difference in differences(before, read_rows(app))}
    assert kinds <= {("audit_entry", "added")}


def test_a_crowded_hall_can_be_looked_at_by_everybody(crowded):
    """Home is asked by everybody, since each has another; what else there is by who gets it first."""
    before = read_rows(crowded.app)
    for who in ROLES:
        rows = [row for row in GETS if row["rule"] == "/" or who in readers(row)[:1]]
        ask_everything(crowded, rows, who=who)
    added = set(differences(before, read_rows(crowded.app)))
    logged = {("audit_entry", "added", each) for each in set(RECORDED.values())}
    assert added == logged | set(MARKED.values())


def readers(row) -> list[str]:
    """Name two of those who get a page; who else gets it is the business of test_access.py."""
    found = [who for who in ROLES if row[who].startswith("200")]
    return [*found[:1], *found[1:][-1:]]


# What has no address of its own to go wrong; a 校验码 that is nobody's is answered with 不符.
NO_THING = {"", "asset", "own_photo", "own_appointment", "document"}
# What stands in an address of something that is not there, where it is neither number nor mark.
NOTHING = {"year": 1999, "day": "2026-02-30", "key": "no.such", "moment": "never"}


def arguments_of(app):
    """Give a value that belongs to nothing for each part of each address."""
    return {
        name: 999_999 if isinstance(converter, IntegerConverter) else "x" * 24
        for rule in app.url_map.iter_rules()
        for name, converter in rule._converters.items()
    }


@pytest.mark.parametrize("who", ROLES)
def test_objects_that_do_not_exist_are_not_found(who, hall):
    nothing = {**arguments_of(hall.app), **NOTHING}
    visitor = hall.visit(who)
    hall.world = World(objects=dict.fromkeys(hall.world.objects, nothing), tokens={})
    for row in TABLE:
        # Who may not even ask is refused whatever it is: test_access.py.
        if row["object"] not in NO_THING and row[who] != "403":
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


@pytest.mark.parametrize(("endpoint", "looked_at"), KEYS.items())
def test_a_page_that_shows_keys_writes_down_who_opened_it_once_an_hour(endpoint, looked_at, hall):
    name, who = looked_at
    url = hall.address(endpoint, name)
    before = key_reads(hall.app)
    visitor = hall.visit(who)
    assert visitor.send("GET", url).status_code == 200
    assert visitor.send("GET", url).status_code == 200
    assert key_reads(hall.app) == before + 1


def key_reads(app):
    """Count the events that somebody opened keys."""
    with app.app_context():
        found = select(func.count()).select_from(AuditEntry).where(AuditEntry.object_type == OBJECT)
        return db.session.scalar(found)
