"""值班表: made for a week, copied from the last, following the hall's opening days."""

from datetime import date, timedelta

import pytest

from app.inspections.models import DutyEntry
from app.workdays import imports
from tests.inspections import factories
from tests.support import inside
from tests.support.inside import count, one, person, rows
from tests.workdays.factories import add_hours


@pytest.fixture
def hall(app):
    inside.use(app)
    inside.write(lambda: imports.import_missing_years(around=date(2026, 11, 20)))
    return factories.furnish()


def fill_in(hall, **changes):
    return {
        "since": "2026-11-23",
        "until": "2026-11-29",
        "period": "morning",
        "first_id": person("inspector"),
        "second_id": hall["mate"],
        "leader_id": person("leader"),
        "areas": "A区、B区",
        **changes,
    }


@pytest.mark.db
def test_week_is_filled_on_open_days_only(hall, browse):
    clerk = browse("clerk")
    page = clerk.get("/inspections/roster/new")
    clerk.submit(page, fill_in(hall), form="#duty-form")
    assert [each.day.day for each in rows(DutyEntry)] == [23, 24, 25, 26, 27]
    assert "共5条值班" in clerk.get("/inspections/roster").text


@pytest.mark.db
def test_saturday_counts_where_the_hall_is_open(hall, browse):
    inside.run(add_hours)
    clerk = browse("clerk")
    clerk.submit(clerk.get("/inspections/roster/new"), fill_in(hall), form="#duty-form")
    assert [each.day.day for each in rows(DutyEntry)][-1] == 28, "周六延时服务"


@pytest.mark.db
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"since": "2026-10-01", "until": "2026-10-05"}, "大厅都不开放"),
        ({"until": "2026-11-01"}, "结束日期应在开始日期之后"),
        ({"second_id": "first"}, "不能是同一个人"),
    ],
)
def test_what_can_not_be_is_refused(changes, message, hall, browse):
    if changes.get("second_id"):
        changes = {"second_id": person("inspector")}
    clerk = browse("clerk")
    page = clerk.get("/inspections/roster/new")
    answer = clerk.submit(page, fill_in(hall, **changes), form="#duty-form", status=422)
    assert message in answer.text
    assert count(DutyEntry) == 0


@pytest.mark.db
def test_same_period_is_not_filled_twice(hall, browse):
    clerk = browse("clerk")
    for status in (303, 422):
        page = clerk.get("/inspections/roster/new")
        answer = clerk.submit(page, fill_in(hall), form="#duty-form", status=status)
    assert "这个时段已经排了值班" in answer.text
    assert count(DutyEntry) == 5


@pytest.mark.db
def test_last_week_is_copied_once_over_open_days(hall, browse, now):
    clerk = browse("clerk")
    page = clerk.get("/inspections/roster/new")
    clerk.submit(page, fill_in(hall, since="2026-11-16", until="2026-11-20"), form="#duty-form")
    form = clerk.get("/inspections/roster/copy")
    clerk.submit(form, form="#week-form")
    days = [each.day for each in rows(DutyEntry)]
    assert days[5:] == [date(2026, 11, 23) + timedelta(days=n) for n in range(5)]
    refused = clerk.submit(form, form="#week-form", status=422)
    assert "没有可以复制的" in refused.text


@pytest.mark.db
def test_one_line_is_changed_and_a_stale_edit_is_refused(hall, browse):
    factories.add_duty(hall)
    office = browse("office")
    url = f"/inspections/roster/{one(DutyEntry).id}/edit"
    page = office.get(url)
    office.submit(page, {"areas": "C区", "second_id": hall["third"]}, form="#duty-form")
    entry = one(DutyEntry)
    assert (entry.areas, entry.second_id) == ("C区", hall["third"])
    stale = office.submit(page, {"areas": "D区"}, form="#duty-form", status=409)
    assert "别人刚改过" in stale.text
    assert one(DutyEntry).areas == "C区"


def test_past_day_is_not_rewritten(hall, browse, now):
    factories.add_duty(hall)
    now.move(days=1)
    clerk = browse("clerk")
    url = f"/inspections/roster/{one(DutyEntry).id}/edit"
    answer = clerk.submit(clerk.get(url), {"areas": "C区"}, form="#duty-form", status=422)
    assert "已经过去" in answer.text


def test_departments_do_not_learn_who_comes_when(hall, browse):
    for who in ("staff", "lead", "branch"):
        browse(who).get("/inspections/roster", status=403)
