"""Registering and changing a person: what is refused is said beside its field, and kept as typed."""

import pytest

from app.accounts import passwords, service
from app.audit.models import AuditEvent
from app.kernel.permissions import Role
from tests.accounts.factories import events
from tests.accounts.roster.factories import TODAY, add_post, join, person
from tests.support import cast

TYPED = {"staff_number": "SY950", "name": "程子衿", "joined_on": "2026-11-20"}


def register(browse, status=303, **values):
    clerk = browse("clerk")
    return clerk.submit(clerk.get("/people/new"), {**TYPED, **values}, status=status)


@pytest.mark.db
def test_a_new_person_is_on_the_roster_as_staff_and_not_yet_activated(browse, app):
    with app.app_context():
        post = add_post()
    page = browse("clerk").follow(register(browse, employment="dispatched", post_id=post))
    assert "程子衿" in page.text_of("h1")
    assert "派遣" in page.text
    with app.app_context():
        account = service.find_account("sy950")
        assert account.password_hash == passwords.NO_PASSWORD
        [grant] = service.read_grants(account.person_id, TODAY)
        assert grant.role is Role.STAFF
        added = events(AuditEvent.ACCOUNTS_PERSON_ADDED)[-1]
        assert (added.person_id, added.object_id) == (
            cast.person_id("clerk"),
            str(account.person_id),
        )


@pytest.mark.parametrize("number", ["SY001", "ｓｙ００１", "xt-zhai"])
def test_a_number_that_somebody_signs_in_with_is_refused(browse, number):
    page = register(browse, status=422, staff_number=number)
    assert "已经有人使用" in page.text_of("#staff_number-error")
    assert page.one("#name").get("value") == "程子衿"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "程3"}, "name"),
        ({"staff_number": ""}, "staff_number"),
        ({"staff_number": "SY 950"}, "staff_number"),
        ({"phone": "call me"}, "phone"),
        ({"joined_on": ""}, "joined_on"),
        ({"joined_on": "2062-11-20"}, "joined_on"),
    ],
)
def test_what_makes_no_sense_is_refused(browse, app, values, field):
    page = register(browse, status=422, **values)
    assert page.all(f"#{field}-error")
    with app.app_context():
        assert service.find_account("sy950") is None


@pytest.mark.db
def test_a_changed_number_is_the_one_to_sign_in_with(browse, app):
    with app.app_context():
        colleague = join()
    clerk = browse("clerk")
    page = clerk.get(f"/people/{colleague}/edit")
    clerk.submit(page, {"staff_number": "SY901", "name": "单望舒"})
    with app.app_context():
        assert service.find_account("sy900") is None
        assert service.find_account("sy901").person_id == colleague
        assert person(colleague).name_key.startswith("shan")
        [event] = events(AuditEvent.ACCOUNTS_PERSON_CHANGED)
        assert event.data["changed"] == ["staff_number", "name"]


@pytest.mark.db
def test_a_stale_edit_shows_what_is_stored_and_keeps_what_was_typed(browse, app):
    with app.app_context():
        colleague = join()
    clerk = browse("clerk")
    old = clerk.get(f"/people/{colleague}/edit")
    clerk.submit(clerk.get(f"/people/{colleague}/edit"), {"name": "汤清越"})
    page = clerk.submit(old, {"name": "汤景行"}, status=409)
    assert "汤清越" in page.text_of(".alert-warning")
    assert page.one("#name").get("value") == "汤景行"
    clerk.submit(page)
    with app.app_context():
        assert person(colleague).name == "汤景行"
