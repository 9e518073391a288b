"""Refusals for want of a permission (AL1): written down, and a flood of them fills no disk."""

import pytest

from app.audit.models import AuditEvent
from tests.audit.factories import entries
from tests.audit.test_acts import log_that_is_full
from tests.support import cast

pytestmark = pytest.mark.db


def refusals():
    return entries(AuditEvent.ACCESS_REFUSED)


def test_a_refusal_is_written_down_with_who_and_what(app, browse):
    browse("staff").get("/questions", status=403)
    with app.app_context():
        [entry] = refusals()
        assert (entry.person_id, entry.acted_as) == (cast.person_id("staff"), "staff")
        assert (entry.object_type, entry.object_id) == ("page", "questions.list_questions")
        assert entry.result == "refused"
        assert entry.request_id
        assert entry.address == "127.0.0.1"


def test_a_flood_is_one_entry_a_minute_with_a_count(app, browse, now):
    now.move(days=1)
    staff = browse("staff")
    for _ in range(30):
        staff.get("/questions", status=403)
    with app.app_context():
        assert len(refusals()) == 1
    now.move(minutes=1)
    staff.get("/questions", status=403)
    with app.app_context():
        assert len(refusals()) == 2
        assert refusals()[1].data["repeated"] == 29


def test_persons_and_pages_are_told_apart(app, browse):
    for who in ("staff", "other"):
        for url in ("/questions", "/exams/papers"):
            browse(who).get(url, status=403)
    with app.app_context():
        assert len({(each.person_id, each.object_id) for each in refusals()}) == 4


def test_what_is_not_there_is_no_refusal(app, browse):
    browse(None).get("/questions", status=303)
    browse("clerk").get("/questions/9999", status=404)
    with app.app_context():
        assert refusals() == []


def test_without_the_log_he_is_refused_all_the_same(app, browse):
    staff = browse("staff")
    with log_that_is_full(app):
        answer = staff.get("/questions", status=None)
    assert answer.status >= 400
    assert "题库" not in answer.text
