"""Booking: no window is emptied, who is left over waits, leave and absence are two things."""

from datetime import date

import pytest

from app.accounts.roster import people as roster
from app.accounts.roster.models import AbsenceKind
from app.kernel import db
from app.training.models import SeatState
from tests.support import cast
from tests.training.factories import (
    add_crowd,
    announce,
    book,
    do,
    new_class,
    placement_of,
    seats_of,
    tick,
)


@pytest.mark.db
def test_no_window_falls_below_its_least_staffing_in_opening_hours(browse, app):
    people = add_crowd(app, 3, window="D01")
    url = new_class(browse)
    announce(browse, url)
    answer = book(browse, url, *people, status=422)
    assert "D01窗口15:30至16:30只剩0人，少于最少1人" in answer.text
    assert "分两期" in answer.text
    assert seats_of(app, url) == {}
    book(browse, url, *people[:2])
    assert "只剩0人" in book(browse, url, people[2], status=422).text
    evening = new_class(browse, starts="17:10", ends="18:00")
    announce(browse, evening)
    book(browse, evening, *people)
    assert len(seats_of(app, evening)) == 3


@pytest.mark.db
def test_a_free_place_goes_to_the_first_in_line_whose_window_can_spare_him(browse, app):
    at_window = add_crowd(app, 2, window="D02")
    with app.app_context():
        staff = cast.person_id("staff")
    url = new_class(browse, seats="1")
    announce(browse, url)
    first, second = at_window
    book(browse, url, first)
    book(browse, url, second)
    page = book(browse, url, staff)
    page = browse("lead").get(page.location)
    assert "候补2人" in page.text
    with app.app_context(), db.write():
        placement_of(first).window_id = None
    # Nobody would be left at D02 without the second: who comes after him moves up.
    leave(browse, url, seats_of(app, url)[first].id)
    seats = seats_of(app, url)
    assert [seats[each].state for each in (first, second, staff)] == [
        SeatState.LEAVE,
        SeatState.WAITING,
        SeatState.BOOKED,
    ]
    assert "候补转为已报" in browse("staff").get("/notices").text


def leave(browse, url, seat_id, status=303):
    """Give leave to somebody."""
    browser = browse("lead")
    page = browser.get(f"{url}/seats/{seat_id}/free")
    return browser.submit(page, {"reason": "公差"}, form="#free-form", status=status)


def test_leave_is_before_the_class_and_absence_after_it(browse, app, now):
    people = add_crowd(app, 4)
    url = new_class(browse)
    announce(browse, url)
    book(browse, url, *people)
    leave(browse, url, seats_of(app, url)[people[0]].id)
    now.move(days=6, hours=5, minutes=35)
    answer = leave(browse, url, seats_of(app, url)[people[1]].id, status=422)
    assert "没有到的，课后记为缺席" in answer.text
    tick(browse, url, app, *people[2:])
    do(browse, "clerk", url, "hold")
    text = browse("clerk").get(url).text
    for part in ("应到 3人", "请假 1人", "实到 2人", "缺席 1人"):
        assert part in text
    page = browse("lead").get(f"{url}/seats")
    assert "请假（公差）" in page.text
    assert "缺席" in page.text


def test_nobody_is_booked_twice_at_a_time_or_by_the_lead_of_others(browse, app):
    people = add_crowd(app, 2)
    with app.app_context():
        other = cast.person_id("other")
    urls = [new_class(browse, title=title) for title in ("第一课", "第二课")]
    for url in urls:
        announce(browse, url)
    book(browse, urls[0], *people)
    answer = book(browse, urls[1], people[0], status=422)
    assert "同一时间已报“第一课”" in answer.text
    answer = book(browse, urls[1], other, status=422)
    assert seats_of(app, urls[1]) == {}
    book(browse, urls[1], other, who="clerk")
    browse("lead").get(f"{urls[1]}/seats/{seats_of(app, urls[1])[other].id}/free", status=404)


def test_who_waits_is_proposed_for_the_second_session_and_leaves_the_first(browse, app):
    people = add_crowd(app, 3)
    url = new_class(browse, seats="1")
    announce(browse, url)
    book(browse, url, *people)
    waiting = [each for each, seat in seats_of(app, url).items() if seat.state == "waiting"]
    public_id = url.rpartition("/")[2]
    second = new_class(browse, url=f"/training/classes/new?copy={public_id}&part=2", seats="9")
    announce(browse, second)
    page = browse("lead").get(f"{second}/seats")
    ticked = [int(each.get("value")) for each in page.all("input[name=person_ids][checked]")]
    assert sorted(ticked) == sorted(waiting)
    book(browse, second, *waiting)
    assert {seats_of(app, url)[each].state for each in waiting} == {SeatState.WITHDRAWN}


def test_only_those_for_whom_a_class_is_and_who_are_there_are_offered(browse, app):
    people = add_crowd(app, 2)
    guides = new_class(browse, post_groups=["guide"])
    announce(browse, guides)
    assert "没有可以报名的人" in browse("lead").get(f"{guides}/seats").text
    with app.app_context(), db.write():
        roster.add_absence(
            person_id=people[0],
            kind=AbsenceKind.ANNUAL,
            starts_on=date(2026, 11, 25),
            ends_on=date(2026, 11, 27),
            covered_by_id=None,
            by_id=cast.person_id("clerk"),
        )
    url = new_class(browse)
    announce(browse, url)
    page = browse("lead").get(f"{url}/seats")
    offered = {int(each.get("value")) for each in page.all("input[name=person_ids]")}
    assert people[1] in offered
    assert people[0] not in offered
