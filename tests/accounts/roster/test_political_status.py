"""政治面貌: nowhere while it is switched off; seen by clerk and 党支部 alone where it is on."""

import re

import pytest
from sqlalchemy import event, update

from app.accounts import service
from app.accounts.models import Person, PoliticalStatus
from app.accounts.roster.imports import template
from app.accounts.roster.people_views import PEOPLE
from app.accounts.settings import POLITICAL_STATUS
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from app.settings import service as settings
from tests.accounts import rosters
from tests.accounts.factories import events
from tests.accounts.roster.factories import JOINED, TODAY, join, person
from tests.accounts.rosters import HEADER, line, whole_cast
from tests.settings.factories import set_value
from tests.support import cast

pytestmark = pytest.mark.db
KEY = POLITICAL_STATUS.key
WORDS = re.compile("政治面貌|中共党员|political")


@pytest.fixture
def colleague(app):
    """Give somebody of whom it is stored, from a time when it was switched on."""
    with app.app_context():
        person_id = join(phone="13912345678")
        store(person_id, PoliticalStatus.MEMBER)
        return person_id


@pytest.fixture
def kept(app, colleague):
    """Switch it on."""
    with app.app_context():
        set_value(KEY, "yes", TODAY)


def store(person_id, status):
    with db.write():
        db.session.execute(
            update(Person).where(Person.id == person_id).values(political_status=status)
        )


def stored(person_id):
    db.session.rollback()
    return db.session.query(Person.political_status).filter_by(id=person_id).scalar()


def grant(who, role, department=None):
    homes = cast.department_ids()
    with db.write():
        service.grant_at_set_up(
            person_id=cast.person_id(who),
            role=role,
            department_id=None if department is None else homes[department],
            starts_on=JOINED,
        )


def url(person_id, act=""):
    return f"/people/{person_id}{act}"


SHOW, EDIT = "/political-status/show", "/political-status/edit"


def test_it_is_off_until_the_hall_switches_it_on(app):
    with app.app_context():
        assert settings.get(POLITICAL_STATUS) is False
        assert POLITICAL_STATUS.is_policy


def test_while_off_no_page_form_or_file_knows_it(browse, app, colleague):
    with app.app_context():
        grant("clerk", Role.PARTY_BRANCH)
    clerk = browse("clerk")
    pages = ("", "/edit", "/transfer", "/leave", "/absences/new")
    for address in ("/people", "/people/new", *(url(colleague, each) for each in pages)):
        assert not WORDS.search(clerk.get(address).body), address
    clerk.get(url(colleague, EDIT), status=404)
    sent = {"csrf_token": clerk.token(), "political_status": "none", "version": "1"}
    clerk.post(url(colleague, EDIT), sent, status=404)
    clerk.post(url(colleague, SHOW), sent, status=404)
    with app.app_context():
        assert stored(colleague) is PoliticalStatus.MEMBER
        assert events(AuditEvent.RECORD_READ) == []


@pytest.mark.parametrize("is_on", [False, True])
def test_no_list_export_or_import_ever_carries_it(browse, app, colleague, is_on):
    if is_on:
        with app.app_context():
            set_value(KEY, "yes", TODAY)
    clerk = browse("clerk")
    assert not WORDS.search(str([column.label for column in PEOPLE.columns]))
    assert not WORDS.search(clerk.get("/people").body)
    exported = rosters.read_sheet(clerk.client.get("/people/export").data, max_rows=100)
    assert not WORDS.search(str(exported))
    assert not WORDS.search(str(rosters.read_sheet(template.template_file(), max_rows=9).header))


def test_a_column_of_it_in_a_roster_is_neither_read_nor_kept(app, monkeypatch, colleague):
    monkeypatch.setitem(app.extensions, "wake-worker", lambda _job_id: None)
    with app.app_context():
        rows = [[*row, "中共党员"] for row in (*whole_cast(), line("N1", "沈一诺"))]
        rosters.apply(rosters.upload(rosters.book(rows, header=(*HEADER, "政治面貌"))))
        found = db.session.query(Person).filter_by(staff_number="N1").one()
        assert found.political_status is None
        assert not WORDS.search(str(rosters.last_import().content))


@pytest.mark.parametrize("is_on", [False, True])
def test_no_page_reads_the_column_along(browse, app, colleague, is_on):
    if is_on:
        with app.app_context():
            set_value(KEY, "yes", TODAY)
    asked = []

    def remember(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    with app.app_context():
        engine = db.database.engine
    event.listen(engine, "before_cursor_execute", remember)
    try:
        clerk = browse("clerk")
        for address in ("/people", url(colleague), url(colleague, "/edit"), "/people/export"):
            clerk.client.get(address)
    finally:
        event.remove(engine, "before_cursor_execute", remember)
    assert len(asked) > 10
    # What is counted is not sent.
    read = [each for each in asked if not each.startswith("SELECT count(*)")]
    assert not [each for each in read if "political_status" in each]


def test_the_clerk_enters_it_and_every_look_is_in_the_log(browse, app, kept, colleague):
    clerk = browse("clerk")
    page = clerk.get(url(colleague))
    assert "中共党员" not in page.text
    shown = clerk.submit(page, form="form[action$='status/show']", status=200)
    assert "政治面貌 中共党员" in shown.text
    form = clerk.get(url(colleague, EDIT))
    options = ["".join(each.itertext()) for each in form.all("#political_status option")]
    assert options == ["未填", "中共党员", "预备党员", "共青团员", "民主党派", "群众"]
    assert form.one("#political_status option[selected]").get("value") == "member"
    clerk.submit(form, {"political_status": "none"})
    with app.app_context():
        assert stored(colleague) is PoliticalStatus.NONE
        looks = events(AuditEvent.RECORD_READ)
        assert [(each.object_type, each.object_id) for each in looks] == [
            ("person_political", str(colleague))
        ] * 2
        [change] = events(AuditEvent.ACCOUNTS_PERSON_CHANGED)
        assert change.data == {"changed": ["political_status"]}
        # Neither what it was nor what it is stands in the log.
        log = str([row.data for row in db.session.query(AuditEntry)])
        assert "member" not in log
    clerk.submit(clerk.get(url(colleague, EDIT)), {"political_status": ""})
    with app.app_context():
        assert stored(colleague) is None


def test_a_choice_that_there_is_not_is_refused(browse, app, kept, colleague):
    clerk = browse("clerk")
    page = clerk.submit(
        clerk.get(url(colleague, EDIT)), {"political_status": "neutral"}, status=422
    )
    assert page.all("#political_status-error")
    with app.app_context():
        assert stored(colleague) is PoliticalStatus.MEMBER


def test_a_stale_edit_shows_what_is_stored(browse, app, kept, colleague):
    clerk = browse("clerk")
    form = clerk.get(url(colleague, EDIT))
    with app.app_context(), db.write():
        person(colleague).political_status = PoliticalStatus.YOUTH_LEAGUE
    page = clerk.submit(form, {"political_status": "none"}, status=409)
    assert "最新内容：共青团员" in page.text
    clerk.submit(page)
    with app.app_context():
        assert stored(colleague) is PoliticalStatus.NONE


def test_the_branch_looks_and_does_not_enter(browse, app, kept, colleague):
    with app.app_context():
        grant("other", Role.PARTY_BRANCH)
    branch = browse("other")
    page = branch.get(url(colleague))
    assert not page.all(f"a[href$='{EDIT}']")
    assert "中共党员" in branch.submit(page, form="form[action$='status/show']", status=200).text
    branch.get(url(colleague, EDIT), status=403)


@pytest.mark.parametrize("who", ["staff", "chief", "sysadmin", "secadmin", "auditor", "other"])
def test_nobody_else_sees_it_on_any_page(browse, app, kept, colleague, who):
    with app.app_context():
        grant("other", Role.LEADER)
        grant("staff", Role.WINDOW_LEAD)
    visitor = browse(who)
    answer = visitor.client.get(url(colleague))
    assert not WORDS.search(answer.get_data(as_text=True))
    token = {"csrf_token": visitor.token()}
    for act in (SHOW, EDIT):
        sent = visitor.client.post(url(colleague, act), data=token)
        assert sent.status_code == 403
        assert not WORDS.search(sent.get_data(as_text=True))
    assert visitor.client.get(url(colleague, EDIT)).status_code == 403
    with app.app_context():
        assert events(AuditEvent.RECORD_READ) == []


def test_a_clerk_of_another_department_reads_the_page_and_not_this(browse, app, kept, colleague):
    with app.app_context():
        grant("other", Role.CLERK, 0)
        grant("other", Role.LEADER)
    liaison = browse("other")
    assert not WORDS.search(liaison.get(url(colleague)).body)
    token = {"csrf_token": liaison.token()}
    liaison.post(url(colleague, SHOW), token, status=404)
    liaison.get(url(colleague, EDIT), status=403)
    with app.app_context():
        mine = cast.person_id("staff")
    assert liaison.get(url(mine, EDIT))
