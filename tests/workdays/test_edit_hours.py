"""Setting the hall's usual hours from a day on."""

from datetime import date

import pytest

from app.workdays import service
from tests.workdays.factories import ALL_DAY, EXTENDED_WEEK, MORNING, add_hours

URL = "/workdays/hours/edit"
TODAY = date(2026, 11, 20)


def stored(app):
    with app.app_context():
        return service.list_hours(on=TODAY)


@pytest.mark.db
def test_extended_saturdays_are_registered_from_a_day_on(browse, app):
    clerk = browse("clerk")
    values = {"valid_from": "2026-12-01", "saturday": "9:00-12:00"}
    answer = clerk.submit(clerk.get(URL), values)
    assert "开放时间已保存。" in clerk.follow(answer).text
    assert stored(app)[-1].valid_from == date(2026, 12, 1)
    assert stored(app)[-1].week == EXTENDED_WEEK


def test_the_form_starts_from_the_hours_in_force_and_from_today(browse, app):
    with app.app_context():
        add_hours()
    page = browse("clerk").get(URL)
    assert page.one("[name=valid_from]").get("value") == "2026-11-20"
    assert page.one("[name=saturday]").get("value") == "09:00—12:00"
    assert page.one("[name=sunday]").get("value") == ""


def test_the_form_starts_from_planned_hours_where_they_begin(browse, app):
    with app.app_context():
        add_hours()
        add_hours(date(2026, 12, 1), week=(MORNING,) * 7, version=1)
    page = browse("clerk").get(URL)
    assert page.one("[name=valid_from]").get("value") == "2026-12-01"
    assert page.one("[name=sunday]").get("value") == "09:00—12:00"


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"valid_from": ""}, "生效日期：请填写生效日期。"),
        ({"valid_from": "2026-11-19"}, "生效日期：生效日期不能早于今天"),
        ({"valid_from": "2062-12-01"}, "生效日期：生效日期最多提前一年"),
        ({"monday": "全天"}, "星期一：请写成"),
        (
            dict.fromkeys(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"], ""),
            "一周至少要有一天开放",
        ),
    ],
)
def test_what_is_wrong_is_said_on_top(browse, app, values, advice):
    with app.app_context():
        add_hours()
    clerk = browse("clerk")
    answer = clerk.submit(clerk.get(URL), values, status=422)
    assert advice in answer.text_of(".error-summary")
    assert len(stored(app)) == 1


def test_a_stale_edit_shows_the_difference_and_can_be_decided(browse, app):
    clerk = browse("clerk")
    page = clerk.get(URL)
    with app.app_context():
        add_hours(TODAY)
    answer = clerk.submit(page, {"monday": "9:00-12:00"}, status=409)
    assert answer.text_of("#changes tbody") == (
        "星期一 09:00—17:00 09:00—12:00 星期六 09:00—12:00 —"
    )
    clerk.submit(answer)
    assert stored(app)[-1].week == (MORNING, *(ALL_DAY,) * 4, (), ())


def test_staff_can_neither_open_nor_send_the_form(browse, app):
    staff = browse("staff")
    staff.get(URL, status=403)
    staff.post(URL, {"csrf_token": staff.token(), "valid_from": "2026-12-01"}, status=403)
    assert stored(app)[0].version == 0
