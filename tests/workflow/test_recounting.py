"""Deadlines counted anew: open ones only, listed before they are moved, and just that list."""

from datetime import timedelta

import pytest

from app.inbox import service as inbox
from app.inbox.models import OpenStep
from app.kernel import clock, db
from app.kernel.forms import StaleEditError
from app.suggestions.order_flow import ORDER_FLOW
from app.suggestions.order_models import ImprovementOrder
from app.workdays import service as workdays
from app.workdays.models import DayKind
from app.workflow import recounting, service
from tests.inbox.factories import put_step
from tests.suggestions import world
from tests.support import cast

FORM = "form[action$='/deadlines/recount']"


def put_counted_step(record_id=1, days=4):
    """Let something wait that is due as the calendar says."""
    due = workdays.get_deadline(received=clock.now(), days=days).due
    return put_step(record_id, due_in=due - clock.now(), title=f"第{record_id}件")


def close_tomorrow():
    """Let the next working day become a day off."""
    day = workdays.get_calendar().next_workday(clock.today())
    with db.write():
        entry = workdays.DayEntry(day=day, kind=DayKind.OFF, name="调休")
        workdays.change_day(entry=entry, changed_by_id=None)


@pytest.mark.db
def test_a_day_off_moves_open_deadlines_once_somebody_agrees(browse, app):
    with app.app_context():
        number = put_counted_step(1)
        put_counted_step(2)
        with db.write():
            inbox.close_step("tests.slip", 2)
        before = db.session.get(OpenStep, number).due_at
        assert recounting.list_moved() == []
        close_tomorrow()
        assert db.session.get(OpenStep, number).due_at == before
    browser = browse("clerk")
    assert "1件待办的期限要重算" in browser.get("/").text
    page = browser.get("/deadlines/recount")
    assert "第1件" in page.text
    assert "第2件" not in page.text
    browser.submit(page, form=FORM, status=303)
    assert "都与工作日历一致" in browser.get("/deadlines/recount").text
    with app.app_context():
        moved = db.session.get(OpenStep, number).due_at
        assert timedelta(days=1) <= moved - before <= timedelta(days=4)
        assert workdays.get_calendar().is_workday(clock.local(moved).date())


def test_only_the_list_that_was_seen_is_applied(browse, app):
    with app.app_context():
        put_counted_step(1)
        close_tomorrow()
    browser = browse("clerk")
    page = browser.get("/deadlines/recount")
    with app.app_context():
        put_step(3, due_in=timedelta(days=40), title="后来的一件")
        before = {step.id: step.due_at for step in db.session.query(OpenStep)}
    answer = browser.submit(page, form=FORM, status=409)
    assert "还没有重算" in answer.text
    assert "后来的一件" in answer.text
    with app.app_context():
        assert {step.id: step.due_at for step in db.session.query(OpenStep)} == before
        with pytest.raises(StaleEditError), db.write():
            recounting.recount(seen="", recounted_by_id=cast.person_id("clerk"))


def test_path_of_a_record_keeps_why_its_deadline_moved(browse, app):
    with app.app_context():
        order = world.draft()
        before = order.due_at
        close_tomorrow()
    clerk = browse("clerk")
    clerk.submit(clerk.get("/deadlines/recount"), form=FORM)
    assert "工作日历有变动，期限由" in clerk.get(f"/suggestions/orders/{order.id}").text
    with app.app_context():
        after = db.session.get_one(ImprovementOrder, order.id).due_at
        assert after > before
        assert service.rebuild_state(ORDER_FLOW, order.id) == ("draft", after)
        assert inbox.get_open(ORDER_FLOW.name, order.id).due_at == after
