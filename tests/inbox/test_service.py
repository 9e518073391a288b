"""What waits for whom: by name, by permission and department, for the B角 of one who is away."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from app.accounts.roster import deputies
from app.accounts.roster.models import Absence, AbsenceKind
from app.inbox import service
from app.kernel import clock, db
from app.kernel.permissions import Permission
from tests.inbox.factories import open_steps, put_step, steps_of
from tests.support import cast

GIVE = Permission.ACCOUNTS_AUTHORISATION_GIVE


@pytest.mark.db
def test_a_step_is_seen_by_its_person_or_by_the_holders_of_its_permission(app):
    with app.app_context():
        here, elsewhere = cast.department_ids()
        put_step(1, who="staff")
        put_step(2)
        put_step(3, permission=GIVE, department_id=here)
        put_step(4, permission=GIVE, department_id=elsewhere)
        put_step(5, permission=GIVE)
        assert steps_of("staff") == [1]
        assert steps_of("chief") == [2, 3, 4, 5]
        assert steps_of("lead") == [3]
        assert steps_of("other") == []
        assert service.count_steps(cast.principal("chief")) == 4


def test_whoever_is_barred_does_not_see_a_step(app):
    with app.app_context():
        put_step(1, barred=["chief"])
        assert steps_of("chief") == []


def test_an_account_of_an_administrator_has_no_business(app):
    with app.app_context():
        put_step(1, who="sysadmin")
        assert steps_of("sysadmin") == []


def test_a_closed_step_waits_for_nobody(app):
    with app.app_context():
        put_step(1)
        with db.write():
            service.close_step("tests.slip", 1)
        assert steps_of("chief") == []
        put_step(1)
        assert steps_of("chief") == [1]


@pytest.mark.db
def test_a_record_waits_in_one_step_at_a_time(app):
    with app.app_context():
        put_step(1)
        with pytest.raises(IntegrityError):
            put_step(1, who="staff")
        assert len(open_steps()) == 1


def send_away(who, *, deputy):
    """Let somebody be away today, with another of the cast as his B角."""
    today = clock.today()
    with db.write():
        deputies.add_deputy(
            person_id=cast.person_id(who),
            deputy_id=cast.person_id(deputy),
            starts_on=today,
            ends_on=None,
            added_by_id=cast.person_id("clerk"),
        )
        db.session.add(
            Absence(
                person_id=cast.person_id(who),
                kind=AbsenceKind.ANNUAL,
                starts_on=today,
                ends_on=today,
            )
        )


def test_decisions_of_one_who_is_away_wait_for_his_deputy_too(app):
    with app.app_context():
        put_step(1, is_approval=True)
        put_step(2, is_approval=False)
        put_step(3, is_approval=True, barred=["other"])
        put_step(4, is_approval=True, barred=["chief"])
        assert steps_of("other") == []
        send_away("chief", deputy="other")
        assert steps_of("other") == [1]
        with clock.frozen(clock.now() + timedelta(days=1)):
            assert steps_of("other") == []


def test_a_notice_with_a_key_comes_once(app):
    with app.app_context():
        people = [cast.person_id("staff"), cast.person_id("other")]
        for _ in range(3):
            with db.write():
                service.tell(people, "看一看", endpoint="home.show_home", arguments={}, key="once")
        assert service.count_unread(cast.principal("staff")) == 1
        with db.write():
            service.mark_read(person_id=people[0])
        assert service.count_unread(cast.principal("staff")) == 0
        assert service.count_unread(cast.principal("other")) == 1


@pytest.mark.db
def test_titles_can_be_put_in_place_of_what_must_go(app):
    with app.app_context():
        put_step(1, title="不该留下的话")
        with db.write():
            service.close_step("tests.slip", 1)
            service.retitle("tests.slip", 1, "已移交")
        put_step(1, title="已移交")
        stored = db.session.query(service.OpenStep.title).all()
        assert {title for (title,) in stored} == {"已移交"}
