"""Reminders: one for each rung and person, and none twice."""

from datetime import timedelta

from sqlalchemy import select

from app.inbox import reminders
from app.inbox.models import Notice
from app.kernel import clock, db
from app.kernel.permissions import Permission
from tests.inbox.factories import put_step
from tests.support import cast


def texts(who):
    """Give the notices of one of the cast."""
    found = select(Notice.text).where(Notice.person_id == cast.person_id(who)).order_by(Notice.id)
    return list(db.session.scalars(found))


def remind_in(days):
    """Let the worker look some days later, twice."""
    with clock.frozen(clock.now() + timedelta(days=days)):
        reminders.remind()
        reminders.remind()


def test_a_step_is_called_to_mind_the_day_before_on_the_day_and_after_it(app):
    with app.app_context():
        put_step(1, who="staff", due_in=timedelta(days=4))
        remind_in(0)
        assert texts("staff") == []
        for days in (3, 4, 5, 6):
            remind_in(days)
        found = [text.partition("：")[0] for text in texts("staff")]
        assert len(found) == 3
        assert found[0].endswith("到期")
        assert found[1] == "今天到期"
        assert found[2].startswith("已逾期")


def test_all_who_hold_the_permission_there_are_told_and_nobody_else(app):
    with app.app_context():
        here, elsewhere = cast.department_ids()
        put_step(1, permission=Permission.ACCOUNTS_AUTHORISATION_GIVE, department_id=here)
        remind_in(4)
        assert len(texts("lead")) == 1
        assert len(texts("chief")) == 1
        put_step(
            2, permission=Permission.ACCOUNTS_AUTHORISATION_GIVE, department_id=elsewhere,
            barred=["chief"],
        )  # fmt: skip
        remind_in(4)
        assert len(texts("lead")) == 1
        assert len(texts("chief")) == 1
