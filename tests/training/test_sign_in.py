"""Signing in by the code on the wall, by tick, from the printed sheet."""

import re

import pytest

from app.training.models import SignInWay
from tests.support import cast
from tests.training.factories import add_crowd, announce, book, new_class, seats_of, tick


@pytest.fixture
def today(browse, app, now):
    """Give a class that begins in five minutes, with staff and two others on its list."""
    people = add_crowd(app, 2)
    with app.app_context():
        staff = cast.person_id("staff")
    url = new_class(browse)
    announce(browse, url)
    book(browse, url, staff, *people)
    now.move(days=6, hours=5, minutes=25)
    return url, [staff, *people]


def code_on(browse, url):
    """Read the code on the wall."""
    text = browse("clerk").get(f"{url}/code").text_of(".wall-code")
    return "".join(re.findall("[0-9]", text))


def type_code(browse, url, code, who="staff", status=303):
    """Type a code on the page of the home card."""
    browser = browse(who)
    page = browser.get(f"{url}/sign-in")
    return browser.submit(page, {"code": code}, form="#code-form", status=status)


@pytest.mark.db
def test_the_code_on_the_wall_signs_in_and_is_worth_nothing_soon_after(browse, app, now, today):
    url, people = today
    old = code_on(browse, url)
    now.move(seconds=40)
    assert code_on(browse, url) != old
    assert "签到码不对" in type_code(browse, url, old, status=422).text
    code = code_on(browse, url)
    now.move(seconds=15)
    type_code(browse, url, f"{code[:3]} {code[3:]}")
    seat = seats_of(app, url)[people[0]]
    assert seat.signed_way is SignInWay.CODE
    assert "已签到" in browse("staff").get(url).text
    assert "不在这一课的名单里" in type_code(browse, url, code, who="chief", status=422).text


def test_six_digits_are_not_guessed(browse, app, today):
    url, people = today
    wrong = "000000" if code_on(browse, url) != "000000" else "111111"
    for _ in range(5):
        assert "签到码不对" in type_code(browse, url, wrong, status=422).text
    answer = type_code(browse, url, code_on(browse, url), status=422)
    assert "错了太多次" in answer.text
    assert seats_of(app, url)[people[0]].signed_at is None
    tick(browse, url, app, people[0])
    assert seats_of(app, url)[people[0]].signed_way is SignInWay.TICK


def test_a_late_tick_and_one_taken_back_say_why(browse, app, now, today):
    url, people = today
    tick(browse, url, app, people[0])
    now.move(minutes=30)
    assert "写明原因" in tick(browse, url, app, *people[:2], status=422).text
    tick(browse, url, app, *people[:2], reason="窗口有群众，晚到十分钟。")
    seats = seats_of(app, url)
    assert seats[people[1]].signed_reason == "窗口有群众，晚到十分钟。"
    assert "迟到：" in browse("clerk").get(f"{url}/sign-ins").text
    assert "写明原因" in tick(browse, url, app, people[1], status=422).text
    tick(browse, url, app, people[1], reason="点错了人。")
    assert seats_of(app, url)[people[0]].signed_at is None
    tick(browse, url, app, *people, way="paper")
    assert seats_of(app, url)[people[2]].signed_way is SignInWay.PAPER


def test_who_signs_in_while_the_organiser_ticks_stays_signed_in(browse, app, now, today):
    url, people = today
    clerk = browse("clerk")
    page = clerk.get(f"{url}/sign-ins")
    now.move(minutes=22)
    code = clerk.get(f"{url}/code").text_of(".wall-code")
    type_code(browse, url, code)
    ticked = seats_of(app, url)[people[1]].id
    values = {"seat_ids": [str(ticked)], "way": "tick", "reason": "散场时补点。"}
    clerk.submit(page, values, form="#ticks-form")
    seats = seats_of(app, url)
    assert seats[people[0]].signed_way is SignInWay.CODE
    assert seats[people[1]].signed_way is SignInWay.TICK


def test_the_home_page_leads_to_signing_in_and_nothing_is_taken_too_early(browse, app, now):
    with app.app_context():
        staff = cast.person_id("staff")
    url = new_class(browse)
    announce(browse, url)
    book(browse, url, staff)
    assert "业务课堂 一次性告知怎么讲清" in browse("staff").get("/").text
    assert "已报" in browse("staff").get("/training/own-classes").text
    assert "现在不能签到" in type_code(browse, url, "123456", status=422).text
    assert "还没有到签到的时间" in tick(browse, url, app, staff, status=422).text
    assert not browse("clerk").get(f"{url}/code").all(".wall-code")
    now.move(days=6, hours=5, minutes=25)
    page = browse("staff").get("/")
    assert f"{url}/sign-in" in page.links()
