"""One person: transfers, absence, departure and telephone, each with its day and its event."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts import service
from app.accounts.models import SessionEnd
from app.accounts.roster.models import Absence, AbsenceKind, Placement
from app.audit.models import AuditEvent
from app.kernel import db
from app.kernel.permissions import Role
from tests.accounts.factories import events, sessions
from tests.accounts.roster.factories import (
    JOINED,
    TODAY,
    add_window,
    join,
    move,
    person,
    placements_of,
)
from tests.support import cast


@pytest.fixture
def colleague(app):
    with app.app_context():
        return join(phone="13912345678")


def url(person_id, act=""):
    return f"/people/{person_id}{act}"


def fill(browse, person_id, act, status=303, **values):
    """Fill in one of the small forms about a person; gives the answer."""
    clerk = browse("clerk")
    page = clerk.get(url(person_id, act))
    return clerk.submit(page, values, form=f"form[action$='{act}']", status=status)


@pytest.mark.db
def test_a_transfer_ends_one_placement_the_day_before_the_next_begins(browse, app, colleague):
    with app.app_context():
        window, (first, second) = add_window(), cast.department_ids()
    fill(
        browse, colleague, "/transfer",
        department_id=first, window_id=window, starts_on="2026-11-16",
    )  # fmt: skip
    with app.app_context():
        assert placements_of(colleague) == [
            (second, JOINED, date(2026, 11, 15)),
            (first, date(2026, 11, 16), None),
        ]
        [event] = events(AuditEvent.ACCOUNTS_TRANSFERRED)
        assert event.person_id == cast.person_id("clerk")
    page = browse("clerk").get(url(colleague))
    assert "A12" in page.text
    assert "2026年1月5日至2026年11月15日" in page.text


def test_a_transfer_to_the_same_place_or_into_the_past_is_refused(browse, app, colleague):
    page = fill(browse, colleague, "/transfer", status=422, starts_on="2026-11-16")
    assert "没有变化" in page.text
    with app.app_context():
        first = cast.department_ids()[0]
    page = fill(
        browse, colleague, "/transfer", status=422, department_id=first, starts_on="2026-01-05"
    )
    assert "要晚于现岗位的开始日期" in page.text_of("#starts_on-error")
    with app.app_context():
        assert len(placements_of(colleague)) == 1


@pytest.mark.db
def test_a_transfer_taken_back_leaves_what_was_before(browse, app, colleague):
    with app.app_context():
        before = placements_of(colleague)
        move(colleague, date(2026, 11, 16))
    clerk = browse("clerk")
    asked = clerk.submit(
        clerk.get(url(colleague)), form="form[action$='transfer/cancel']", status=200
    )
    with app.app_context():
        assert len(placements_of(colleague)) == 2
    clerk.submit(asked)
    with app.app_context():
        assert placements_of(colleague) == before
        [event] = events(AuditEvent.ACCOUNTS_TRANSFER_CANCELLED)
        assert event.data["starts_on"] == "2026-11-16"


@pytest.mark.db
def test_the_database_lets_nobody_be_in_two_places_on_one_day(app, colleague):
    with app.app_context():
        move(colleague, date(2026, 11, 16))
        home = cast.department_ids()[0]
        post = db.session.query(Placement.post_id).first()[0]
        second = {"person_id": colleague, "department_id": home, "post_id": post}
        for days in ((date(2026, 2, 1), date(2026, 2, 3)), (date(2026, 12, 1), None)):
            with pytest.raises(IntegrityError), db.write():
                db.session.add(Placement(**second, starts_on=days[0], ends_on=days[1]))
        with pytest.raises(IntegrityError), db.write():
            db.session.query(Placement).filter_by(starts_on=JOINED).update(
                {"ends_on": date(2026, 11, 17)}
            )


@pytest.mark.db
def test_whoever_leaves_can_not_sign_in_from_the_next_day_on(browse, app, now):
    with app.app_context():
        staff = cast.person_id("staff")
    visitor = browse("staff")
    assert visitor.client.get("/").status_code == 200
    fill(browse, staff, "/leave", left_on="2026-11-20")
    assert visitor.client.get("/").status_code == 200
    now.move(days=1)
    assert visitor.client.get("/").status_code == 303


@pytest.mark.db
def test_a_departure_ends_roles_and_sessions_and_can_be_taken_back(browse, app):
    with app.app_context():
        staff = cast.person_id("staff")
    browse("staff")
    fill(browse, staff, "/leave", left_on="2026-11-18")
    with app.app_context():
        assert service.read_grants(staff, TODAY) == frozenset()
        mine = [each for each in sessions() if each.account_id == cast.account("staff").id]
        assert {each.end_reason for each in mine} == {SessionEnd.PERSON_LEFT}
        assert placements_of(staff)[-1][2] == date(2026, 11, 18)
    clerk = browse("clerk")
    page = clerk.get(url(staff))
    assert "11月18日离岗" in page.text
    clerk.submit(clerk.submit(page, form="form[action$='leave/cancel']", status=200))
    with app.app_context():
        assert person(staff).left_on is None
        assert placements_of(staff)[-1][2] is None
        # A role that has ended is asked for anew.
        assert service.read_grants(staff, TODAY) == frozenset()


def test_nobody_leaves_before_his_last_placement_began(browse, app, colleague):
    with app.app_context():
        move(colleague, date(2026, 11, 16))
    page = fill(browse, colleague, "/leave", status=422, left_on="2026-11-15")
    assert "不能早于现岗位的开始日期" in page.text_of("#left_on-error")
    with app.app_context():
        assert person(colleague).left_on is None


@pytest.mark.db
def test_an_absence_names_who_stands_in(browse, app, colleague):
    fill(
        browse, colleague, "/absences/new",
        kind="sick", starts_on="2026-11-20", ends_on="2026-11-22", covered_by="sy001",
    )  # fmt: skip
    page = browse("clerk").get(url(colleague))
    assert "由单知远替岗" in page.text
    assert "病假" in page.text_of("h1")
    assert "病假" in browse("clerk").get("/people?q=SY900").text


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"ends_on": "2026-11-19"}, "ends_on", "不能早于开始日期"),
        ({"covered_by": "SY900"}, "covered_by", "不能是本人"),
        ({"covered_by": "SY777"}, "covered_by", "没有这个工号"),
        ({"starts_on": ""}, "starts_on", "请写开始日期"),
        ({"starts_on": "1066-10-14"}, "starts_on", "请检查年份"),
    ],
)
def test_an_absence_that_makes_no_sense_is_refused(browse, app, colleague, values, field, message):
    typed = {"kind": "sick", "starts_on": "2026-11-20", "ends_on": "2026-11-22", **values}
    page = fill(browse, colleague, "/absences/new", status=422, **typed)
    assert message in page.text_of(f"#{field}-error")
    assert page.one("#kind option[selected]").get("value") == "sick"
    with app.app_context():
        assert db.session.query(Absence).count() == 0


@pytest.mark.db
def test_nobody_is_absent_twice_on_one_day_but_after_a_cancellation(browse, app, colleague):
    days = {"kind": "annual", "starts_on": "2026-11-20", "ends_on": "2026-11-24"}
    fill(browse, colleague, "/absences/new", **days)
    page = fill(browse, colleague, "/absences/new", status=422, **days)
    assert "已经登记过不在岗" in page.text
    with app.app_context(), pytest.raises(IntegrityError), db.write():
        db.session.add(
            Absence(
                person_id=colleague,
                kind=AbsenceKind.SICK,
                starts_on=TODAY + timedelta(days=2),
                ends_on=TODAY + timedelta(days=2),
            )
        )
    clerk = browse("clerk")
    clerk.submit(clerk.get(url(colleague)), form="form[action$='cancel'][action*=absences]")
    fill(browse, colleague, "/absences/new", **days)
    with app.app_context():
        assert db.session.query(Absence).count() == 2


@pytest.mark.db
def test_a_telephone_number_is_masked_until_somebody_says_who_looks(browse, app, colleague):
    clerk = browse("clerk")
    page = clerk.get(url(colleague))
    assert "139****5678" in page.text
    assert "13912345678" not in page.body
    assert "13912345678" not in clerk.get("/people").body
    shown = clerk.submit(page, form="form[action$='/phone']", status=200)
    assert "13912345678" in shown.text
    with app.app_context():
        [event] = events(AuditEvent.RECORD_READ)
        assert (event.object_type, event.object_id) == ("person_phone", str(colleague))
    assert not browse("chief").get(url(colleague)).all("form[action$='/phone']")


@pytest.mark.db
def test_a_clerk_of_one_department_sees_and_keeps_its_people_only(browse, app, colleague):
    with app.app_context(), db.write():
        service.grant_at_set_up(
            person_id=cast.person_id("other"),
            role=Role.CLERK,
            department_id=cast.department_ids()[0],
            starts_on=JOINED,
        )
        elsewhere, here = colleague, cast.person_id("staff")
    liaison = browse("other")
    assert "单知远" in liaison.get("/people").text
    assert "汤望舒" not in liaison.get("/people").text
    assert liaison.get(url(elsewhere), status=404)
    assert liaison.get(url(here, "/transfer"))
    # A reader of the whole centre who keeps one department may not change the others.
    with app.app_context(), db.write():
        service.grant_at_set_up(
            person_id=cast.person_id("other"), role=Role.LEADER, starts_on=JOINED
        )
    assert liaison.get(url(elsewhere))
    assert liaison.get(url(elsewhere, "/transfer"), status=403)
