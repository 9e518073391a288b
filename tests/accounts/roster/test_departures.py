"""Whoever leaves, by the form or by an import, loses the same; an undone import gives it back."""

from datetime import date

import pytest

from app.accounts import service, sessions
from app.accounts.models import RoleGrant
from app.accounts.roster import authorisations, deputies, people
from app.accounts.roster.imports import undoing
from app.accounts.roster.models import Authorisation, Deputy, ServiceItem
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Role
from tests.accounts import factories, rosters
from tests.accounts.rosters import line, whole_cast
from tests.site.rows import read_rows
from tests.support import cast

pytestmark = [pytest.mark.db, pytest.mark.usefixtures("hall")]
LAST_DAY = date(2026, 11, 19)
SOON = date(2026, 12, 1)
HELD = {"role_grant", "deputy", "authorisation", "sign_in_session"}


@pytest.fixture
def staff():
    """Give `staff` all that a person can hold: running, over, and yet to come."""
    person_id, other, chief = (cast.person_id(who) for who in ("staff", "other", "chief"))
    with db.write():
        service.grant_at_set_up(person_id=person_id, role=Role.INSPECTOR, starts_on=SOON)
        ask_for_role(person_id, Role.OFFICE)
        for first, second, starts_on, ends_on in (
            (person_id, other, date(2026, 10, 1), date(2026, 10, 31)),
            (person_id, other, date(2026, 11, 1), None),
            (other, person_id, date(2026, 11, 1), date(2026, 11, 30)),
            (other, person_id, SOON, None),
        ):
            deputies.add_deputy(
                person_id=first,
                deputy_id=second,
                starts_on=starts_on,
                ends_on=ends_on,
                added_by_id=cast.person_id("clerk"),
            )
        for place, starts_on in enumerate((date(2026, 11, 1), SOON)):
            authorisations.give_authorisation(
                person_id=person_id,
                service_item_id=add_item(place),
                starts_on=starts_on,
                ends_on=None,
                granted_by_id=chief,
            )
        sessions.begin_session(cast.account("staff"))
    return person_id


def ask_for_role(person_id, role):
    db.session.add(
        RoleGrant(
            person_id=person_id,
            role=role,
            starts_on=date(2026, 11, 2),
            requested_by_id=cast.person_id("clerk"),
            requested_at=clock.now(),
        )
    )


def add_item(place):
    item = ServiceItem(
        code=f"SX-{place}",
        name=f"事项{place}",
        department_id=cast.department_ids()[0],
        depth="",
        is_frequent=False,
        manual_version="",
    )
    db.session.add(item)
    db.session.flush()
    return item.id


def by_form(person_id):
    with db.write():
        people.let_leave(person_id=person_id, left_on=LAST_DAY, by_id=cast.person_id("clerk"))


def by_missing(person_id):
    """Leave him out of the file of the 20th, and tick him."""
    others = [row for row in whole_cast() if row[1] != "SY001"]
    rosters.apply(rosters.upload(rosters.book(others)), leaving=[person_id])


def by_date(person_id):
    """Write his last day into the file."""
    assert person_id == cast.person_id("staff")
    rows = [[*row] for row in whole_cast()]
    next(row for row in rows if row[1] == "SY001")[10] = LAST_DAY
    rosters.apply(rosters.upload(rosters.book(rows)))


def held(person_id):
    """Give what somebody holds, without when it was cancelled or ended to the second."""
    db.session.rollback()
    grants = db.session.query(RoleGrant).filter_by(person_id=person_id).order_by(RoleGrant.id)
    pairs = db.session.query(Deputy).order_by(Deputy.id)
    given = db.session.query(Authorisation).order_by(Authorisation.id)
    return {
        "roles": [(row.role, row.ends_on, row.is_granted) for row in grants],
        "deputies": [(row.starts_on, row.ends_on, row.cancelled_at is not None) for row in pairs],
        "given": [(row.starts_on, row.ends_on, row.cancelled_at is not None) for row in given],
        "sessions": [each.end_reason for each in factories.sessions()],
    }


@pytest.mark.parametrize("leave", [by_form, by_missing, by_date])
def test_whatever_he_holds_ends_alike_by_form_and_by_import(staff, leave):
    leave(staff)
    assert held(staff) == {
        "roles": [
            (Role.STAFF, LAST_DAY, True),
            # It would have begun after his last day: it never begins.
            (Role.INSPECTOR, None, False),
            (Role.OFFICE, LAST_DAY, None),
        ],
        "deputies": [
            (date(2026, 10, 1), date(2026, 10, 31), False),
            (date(2026, 11, 1), LAST_DAY, False),
            (date(2026, 11, 1), LAST_DAY, False),
            (SOON, None, True),
        ],
        "given": [(date(2026, 11, 1), LAST_DAY, False), (SOON, None, True)],
        "sessions": ["person_left"],
    }


@pytest.mark.parametrize(
    ("leave", "event"),
    [
        (by_form, AuditEvent.ACCOUNTS_LEFT),
        (by_missing, AuditEvent.ACCOUNTS_ROSTER_IMPORTED),
    ],
)
def test_the_log_says_what_ended_with_him(staff, leave, event):
    leave(staff)
    [entry] = factories.events(event)
    assert sorted(entry.data["ended_deputies"]) == [2, 3, 4]
    assert sorted(entry.data["ended_authorisations"]) == [1, 2]


def test_nobody_else_loses_anything(staff):
    other = cast.person_id("other")
    before = held(other)["roles"]
    by_missing(staff)
    assert held(other)["roles"] == before


def test_a_last_day_to_come_leaves_him_what_he_holds_until_then(staff):
    with db.write():
        people.let_leave(person_id=staff, left_on=date(2026, 12, 31), by_id=cast.person_id("clerk"))
    found = held(staff)
    assert found["sessions"] == [None]
    assert found["roles"][1] == (Role.INSPECTOR, date(2026, 12, 31), True)
    assert found["given"][1] == (SOON, date(2026, 12, 31), False)


def test_a_newcomer_who_has_left_already_holds_his_role_until_then():
    gone = line("N1", "沈一诺", 离岗日期="2026-10-30", 角色="巡查员")
    going = line("N2", "任清越", 离岗日期="2026-12-30", 角色="巡查员")
    last = db.session.query(RoleGrant.id).order_by(RoleGrant.id.desc()).first()[0]
    rosters.brought_in([*whole_cast(), gone, going])
    grants = db.session.query(RoleGrant).filter(RoleGrant.id > last).order_by(RoleGrant.id)
    assert [(each.role, each.ends_on) for each in grants] == [
        (Role.STAFF, date(2026, 10, 30)),
        (Role.STAFF, date(2026, 12, 30)),
        (Role.INSPECTOR, date(2026, 12, 30)),
    ]


def undo():
    with db.write():
        undoing.undo_roster(
            public_id=rosters.last_import().public_id, undone_by_id=cast.person_id("clerk")
        )


@pytest.mark.parametrize("leave", [by_missing, by_date])
def test_undoing_the_import_gives_all_of_it_back(staff, leave, hall):
    def rows():
        db.session.rollback()
        found = read_rows(hall)
        return {key: row for key, row in found.items() if key[0] in HELD - {"sign_in_session"}}

    before = rows()
    leave(staff)
    assert rows() != before
    undo()
    assert rows() == before


def test_undoing_is_refused_where_the_other_has_a_new_stand_in(staff, hall):
    by_missing(staff)
    with db.write():
        deputies.add_deputy(
            person_id=cast.person_id("other"),
            deputy_id=cast.person_id("chief"),
            starts_on=date(2026, 11, 20),
            ends_on=None,
            added_by_id=cast.person_id("clerk"),
        )
    before = read_rows(hall)
    with pytest.raises(RefusedError, match=r"单知远（SY001）的角色、A/B角或事项授权后来又有变动"):
        undo()
    db.session.rollback()
    assert read_rows(hall) == before


def test_undoing_is_refused_where_what_ended_has_been_changed(staff):
    by_missing(staff)
    with db.write():
        row = db.session.query(Authorisation).order_by(Authorisation.id).first()
        row.ends_on = date(2026, 11, 10)
    with pytest.raises(RefusedError, match="单知远"):
        undo()
