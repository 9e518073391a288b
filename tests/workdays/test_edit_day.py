"""Registering one day, for deadlines and for the hall."""

from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from app.workdays import service
from app.workdays.models import DayKind
from app.workdays.service import DayEntry
from tests.support import cast
from tests.workdays.factories import MORNING, add_day, add_hours, add_year

URL = "/workdays/days/2026-12-25/edit"
DAY = date(2026, 12, 25)


def stored(app, day=DAY):
    with app.app_context():
        return service.get_day(day=day)


@pytest.mark.db
def test_a_day_off_is_registered_with_its_reason(browse, app):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(URL), {"kind": "off", "name": "停电"})
    assert answer.location == "/workdays/2026"
    assert "2026年12月25日已保存。" in clerk.follow(answer).text
    assert stored(app) == DayEntry(day=DAY, kind=DayKind.OFF, name="停电", version=1)
    with app.app_context():
        wanted = AuditEntry.event == AuditEvent.WORKDAYS_DAY_CHANGED
        entry = db.session.scalars(select(AuditEntry).where(wanted)).one()
        assert entry.person_id == cast.person_id("clerk")


def test_a_day_gets_hours_of_its_own(browse, app):
    clerk = browse("clerk")
    clerk.submit(clerk.get(URL), {"hall": "own", "periods": "9：00至12：00", "name": "只开半天"})
    assert stored(app).periods == MORNING
    page = clerk.get(URL)
    assert "大厅这一天现在是：09:00—12:00" in page.text
    assert page.one("[name=periods]").get("value") == "09:00—12:00"
    assert page.one("[name=hall][checked]").get("value") == "own"


def test_a_day_is_closed_and_opened_again(browse, app):
    clerk = browse("clerk")
    clerk.submit(clerk.get(URL), {"hall": "closed", "name": "搬迁"})
    assert stored(app).periods == ()
    clerk.submit(clerk.get(URL), {"hall": "usual"})
    assert stored(app) == DayEntry(day=DAY, version=2)


@pytest.mark.parametrize(
    ("values", "field", "advice"),
    [
        ({"kind": "off"}, "name", "请写明事由"),
        ({"kind": "off", "name": " 　"}, "name", "请写明事由"),
        ({"kind": "off", "name": "长" * 41}, "name", "事由最多40个字。"),
        ({"kind": None}, "kind", "请选择是不是工作日。"),
        ({"kind": "half"}, "kind", ""),
        ({"hall": "own", "name": "半天"}, "periods", "请填写开放时段"),
        ({"hall": "own", "name": "半天", "periods": "上午"}, "periods", "请写成"),
        ({"name": "半天", "periods": "9:00-12:00"}, "periods", "没有选“另定时段”"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(browse, app, values, field, advice):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(URL), values, status=422)
    assert advice in answer.text_of(f"#{field}-error")
    assert stored(app).version == 0


def test_what_was_typed_stays_in_a_refused_form(browse):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(URL), {"hall": "own", "periods": "上午"}, status=422)
    assert answer.one("[name=periods]").get("value") == "上午"


def test_a_stale_edit_shows_the_difference_and_can_be_decided(browse, app):
    clerk = browse("clerk")
    page = clerk.get(URL)
    with app.app_context():
        add_day(DAY, DayKind.OFF, "停电")
    answer = clerk.submit(page, {"kind": "work", "name": "加班"}, status=409)
    assert answer.text_of("#changes tbody") == ("工作日 放假 上班（含调休） 事由 停电 加班")
    assert stored(app).name == "停电"
    clerk.submit(answer)
    assert stored(app) == DayEntry(day=DAY, kind=DayKind.WORK, name="加班", version=2)


def test_a_stale_edit_that_agrees_says_so(browse, app):
    clerk = browse("clerk")
    page = clerk.get(URL)
    with app.app_context():
        add_day(DAY, DayKind.OFF, "停电")
    answer = clerk.submit(page, {"kind": "off", "name": "停电"}, status=409)
    assert "与你填的相同" in answer.text_of("#changes")
    assert not answer.all("#changes table")


@pytest.mark.parametrize("version", ["", "junk", "-1", "7"])
def test_a_forged_version_is_a_stale_one(browse, version):
    clerk = browse("clerk")
    clerk.submit(clerk.get(URL), {"kind": "off", "name": "停电", "version": version}, status=409)


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-W07-6", "2003-12-31", "2101-01-01", "not-a-date", "20260214"]
)
def test_what_is_no_day_of_the_calendar_is_not_found(browse, day):
    browse("clerk").get(f"/workdays/days/{day}/edit", status=404)


def test_staff_can_neither_open_nor_send_the_form(browse, app):
    staff = browse("staff")
    staff.get(URL, status=403)
    values = {"kind": "off", "hall": "usual", "name": "停电", "version": 0}
    staff.post(URL, {**values, "csrf_token": staff.token()}, status=403)
    assert stored(app).version == 0


def test_an_imported_holiday_can_be_worked_by_decision_of_the_hall(browse, app):
    with app.app_context():
        add_year(2026)
        add_hours()
    clerk, url = browse("clerk"), "/workdays/days/2026-10-06/edit"
    clerk.submit(clerk.get(url), {"kind": "work", "name": "值守上班"})
    with app.app_context():
        calendar = service.get_calendar()
    assert calendar.is_workday(date(2026, 10, 6))
    assert calendar.is_open(date(2026, 10, 6))
