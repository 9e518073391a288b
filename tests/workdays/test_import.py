"""Registering a year's notice: listed first, then all of it or nothing."""

from datetime import date

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from app.workdays import imports, notices, service
from app.workdays.models import CalendarSource, CalendarYear, DayKind, SpecialDay
from tests.workdays.factories import MORNING, add_day, add_year

URL = "/workdays/2026/import"
ROWS = "#differences tbody tr"
NATIONAL_DAY = date(2026, 10, 1)


def count_days():
    return db.session.scalar(select(func.count()).select_from(SpecialDay))


@pytest.mark.db
def test_the_differences_are_listed_and_then_applied(browse, app):
    clerk = browse("clerk")
    page = clerk.get(URL)
    assert len(page.all(ROWS)) == 39
    assert "2月14日 星期六 按星期 调休上班 春节调休 按通知改" in page.text
    with app.app_context():
        assert count_days() == 0
    answer = clerk.submit(page, {"notice": "国办发明电〔2025〕某号"})
    assert answer.location == "/workdays/2026"
    assert "2026年的放假安排已登记。" in clerk.follow(answer).text
    with app.app_context():
        assert count_days() == 39
        assert imports.get_notice(year=2026) == "国办发明电〔2025〕某号"
        assert service.get_calendar().announced == {2026}
        wanted = AuditEntry.event == AuditEvent.WORKDAYS_YEAR_IMPORTED
        entry = db.session.scalars(select(AuditEntry).where(wanted)).one()
        assert (len(entry.data["changed"]), entry.data["kept"]) == (39, [])


def test_a_registered_year_has_no_differences_and_may_get_its_number(browse, app):
    with app.app_context():
        add_year(2026)
    clerk = browse("clerk")
    page = clerk.get(URL)
    assert "年历与通知一致，没有要改的日子。" in page.text
    assert f"已登记：{notices.notice_title(2026)}" in page.text
    clerk.submit(page, {"notice": "补上文号的通知"})
    with app.app_context():
        assert imports.get_notice(year=2026) == "补上文号的通知"
        assert db.session.get(SpecialDay, NATIONAL_DAY).version == 1


def test_another_year_answers_with_the_fragment(browse):
    page = browse("clerk").get("/workdays/2025/import", fragment=True)
    assert page.one("#differences") is not None
    assert not page.all("h1")


def test_days_typed_by_the_hall_are_listed_and_kept(browse, app):
    with app.app_context():
        add_day(NATIONAL_DAY, DayKind.WORK, "值守上班")
        add_day(date(2026, 10, 2), DayKind.OFF, "国庆")
    clerk = browse("clerk")
    page = clerk.get(URL)
    assert len(page.all(ROWS)) == 38
    assert "10月1日 星期四 调休上班 值守上班 放假 国庆节 保留手工登记的" in page.text
    clerk.submit(page)
    with app.app_context():
        assert service.get_day(day=NATIONAL_DAY).kind is DayKind.WORK
        assert service.get_day(day=date(2026, 10, 2)).name == "国庆"
        wanted = AuditEntry.event == AuditEvent.WORKDAYS_YEAR_IMPORTED
        entry = db.session.scalars(select(AuditEntry).where(wanted)).one()
        assert entry.data["kept"] == ["2026-10-01"]


def test_a_day_with_own_hours_takes_the_notice_and_keeps_hours_and_reason(app):
    with app.app_context():
        add_day(NATIONAL_DAY, name="值守", periods=MORNING)
        add_year(2026)
        entry = service.get_day(day=NATIONAL_DAY)
        assert (entry.kind, entry.name, entry.periods) == (DayKind.OFF, "值守", MORNING)
        assert imports.preview_import(year=2026) == []


def test_a_day_that_the_notice_no_longer_names_is_ordinary_again(app, monkeypatch):
    with app.app_context():
        add_year(2026)
        shorter = dict(notices.official_days(2026))
        del shorter[NATIONAL_DAY]
        monkeypatch.setattr(notices, "official_days", lambda year: shorter)
        [difference] = imports.preview_import(year=2026)
        assert (difference.new_kind, difference.new_name) == (DayKind.ORDINARY, "")
        add_year(2026)
        assert service.get_day(day=NATIONAL_DAY).kind is DayKind.ORDINARY
        assert len(service.list_days(year=2026)) == 38


def test_only_the_list_that_was_seen_is_applied(browse, app):
    clerk = browse("clerk")
    page = clerk.get(URL)
    with app.app_context():
        add_day(NATIONAL_DAY, DayKind.WORK, "值守上班")
    answer = clerk.submit(page, status=409)
    assert "有人改过这一年的日子" in answer.text
    assert "保留手工登记的" in answer.text
    with app.app_context():
        assert count_days() == 1
    clerk.submit(answer)
    with app.app_context():
        assert count_days() == 39


@pytest.mark.db
def test_an_import_that_fails_half_way_leaves_nothing(app, monkeypatch):
    applied = []

    def fail_late(difference):
        applied.append(difference)
        if len(applied) == 20:
            raise OSError("the disk is full")

    apply = imports.apply
    monkeypatch.setattr(imports, "apply", lambda each: (apply(each), fail_late(each)))
    with app.app_context():
        with pytest.raises(OSError, match="disk"):
            add_year(2026)
        assert count_days() == 0
        assert imports.get_notice(year=2026) is None


def test_a_year_without_data_is_announced_once_its_days_are_typed(browse, app):
    clerk, url = browse("clerk"), "/workdays/2027/import"
    page = clerk.get(url)
    assert "程序没有自带2027年的通知" in page.text
    assert page.one("[name=notice]").get("value") == ""
    refused = clerk.submit(page, {"notice": "2027年通知"}, status=422)
    assert "2027年还没有登记任何放假日" in refused.text_of(".error-summary")
    with app.app_context():
        add_day(date(2027, 1, 1), DayKind.OFF, "元旦")
    clerk.submit(clerk.get(url), {"notice": "2027年通知"})
    with app.app_context():
        assert not service.get_calendar().is_provisional(2027)
        assert db.session.get(CalendarYear, 2027).source is CalendarSource.TYPED


def test_a_notice_without_a_name_is_refused(browse):
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(URL), {"notice": " "}, status=422)
    assert "请填写依据的通知。" in answer.text_of("#notice-error")
    assert len(answer.all(ROWS)) == 39


def test_years_that_the_table_cannot_hold_are_not_found(browse):
    browse("clerk").get("/workdays/1999/import", status=404)


def test_without_a_year_it_is_this_one(browse):
    assert browse("clerk").get("/workdays/import").text_of("title").startswith("登记2026年")


def test_staff_can_neither_open_nor_send_the_form(browse, app):
    staff = browse("staff")
    staff.get(URL, status=403)
    staff.post(URL, {"csrf_token": staff.token(), "notice": "通知", "seen": ""}, status=403)
    with app.app_context():
        assert count_days() == 0


def test_missing_years_are_imported_once(app):
    with app.app_context():
        with db.write():
            assert imports.import_missing_years(around=date(2026, 11, 20)) == [2025, 2026]
        with db.write():
            assert imports.import_missing_years(around=date(2026, 11, 20)) == []
