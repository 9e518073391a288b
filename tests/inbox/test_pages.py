"""待办, 通知, the badge, and the card on the home page."""

from datetime import timedelta

from app.inbox import service
from app.kernel import db
from tests.inbox.factories import put_step
from tests.support import cast


def test_what_waits_stands_in_the_list_with_its_light(browse, app):
    with app.app_context():
        put_step(1, title="先到期的事", due_in=timedelta(days=1))
        put_step(2, title="后到期的事", due_in=timedelta(days=9))
    page = browse("chief").get("/inbox")
    assert page.text.index("先到期的事") < page.text.index("后到期的事")
    assert "还有" in page.text
    assert "临期" in page.text
    assert "待审核" in page.text


def test_the_badge_counts_what_waits_and_a_tab_what_was_not_read(browse, app):
    with app.app_context():
        put_step(1)
        with db.write():
            service.tell(
                [cast.person_id("chief")], "请看。", endpoint="home.show_home", arguments={}
            )
        put_step(2)
    page = browse("chief").get("/workdays")
    assert page.text_of(".waiting .count") == "，2项"
    tabs = browse("chief").get("/notices").all(".tabs a")
    assert ["".join(tab.itertext()).strip() for tab in tabs] == ["待办2", "通知1"]
    assert browse("staff").get("/account").all(".waiting .count") == []


def test_the_home_page_shows_the_most_urgent_and_how_many_more(browse, app):
    with app.app_context():
        for place in range(5):
            put_step(place + 1, title=f"第{place}件", due_in=timedelta(days=place + 1))
    page = browse("chief").get("/")
    assert "第0件" in page.text
    assert "第3件" not in page.text
    assert "还有2件待办" in page.text


def test_notices_are_read_when_one_says_so(browse, app):
    with app.app_context(), db.write():
        service.tell([cast.person_id("staff")], "请看。", endpoint="home.show_home", arguments={})
    browser = browse("staff")
    assert "未读" in browser.get("/notices").text
    page = browser.get("/notices")
    browser.submit(page, form="form[action$='/notices/read']", status=303)
    assert "全部标为已读" not in browser.get("/notices").text


def test_overdue_steps_can_be_filtered(browse, app):
    with app.app_context():
        put_step(1, title="还早的事")
    page = browse("chief").get("/inbox?due=late")
    assert "还早的事" not in page.text
    assert "没有符合条件的记录" in page.text
