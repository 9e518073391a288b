"""Handing in: once, for good, with the same receipt each time (EX4, EX5)."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.exams.models import HandedInBy
from app.exams.service import sittings
from app.kernel import db
from app.kernel.forms import RefusedError
from tests.exams.factories import (
    answers_of,
    direct,
    events,
    get_exam,
    publish_exam,
    sit,
    sitting_of,
)
from tests.support import cast


def rows(table):
    return sorted(map(repr, db.session.execute(text(f"SELECT * FROM {table}"))))  # noqa: S608


ONE_MORE = "INSERT INTO answer SELECT sitting_id, 2, chosen, is_flagged, 1, saved_at FROM answer"


@pytest.mark.db
def test_handing_in_ends_the_sitting_with_a_receipt(app, now, exam_id, enter):
    staff = enter()
    staff.save(1, ["C"], 1)
    staff.save(2, [], 1, flagged="1")
    now.move(minutes=7)
    page = staff.hand_in()
    assert "1/3题" in page.text
    assert "2026年11月20日 10:07" in page.text
    assert "系统已按" not in page.text
    with app.app_context():
        sitting = sitting_of(exam_id, "staff")
        assert sitting.receipt in page.text
        assert (sitting.handed_in_at, sitting.handed_in_by) == (now.now, HandedInBy.PERSON)
        [entry] = events(AuditEvent.EXAMS_HANDED_IN)
        assert entry.person_id == cast.person_id("staff")
        assert entry.object_id == sitting.public_id
        assert entry.data == {"by": "person"}


def test_every_repeat_gives_the_same_receipt(app, now, exam_id, enter):
    staff = enter()
    first = staff.hand_in()
    now.move(minutes=25)
    again = staff.hand_in()
    assert again.text_of("main") == first.text_of("main")
    now.move(minutes=25)
    assert staff.hand_in().text_of("main") == first.text_of("main")
    with app.app_context():
        assert len(events(AuditEvent.EXAMS_HANDED_IN)) == 1


def test_the_page_asks_once_more_and_says_what_is_missing(exam_id, enter):
    staff = enter()
    staff.save(1, ["C"], 1)
    page = staff.browser.get(f"{staff.url}/hand-in")
    assert "已答1道题，还有2道题未作答" in page.text
    answer = staff.browser.submit(page)
    assert answer.location == f"{staff.url}/receipt"
    assert staff.browser.get(f"{staff.url}/hand-in", status=303).location == answer.location


@pytest.mark.db
def test_after_handing_in_nothing_is_saved(app, exam_id, enter):
    staff = enter()
    staff.save(1, ["C"], 1)
    staff.hand_in()
    answer = staff.save(1, ["A"], 2, status=409)
    message = answer.pop("message")
    assert answer == {"error": "sealed", "kept": False, "seconds_left": 0}
    assert "没有保存" in message
    staff.save(2, ["A", "B"], 1, status=409)
    with app.app_context():
        assert answers_of(sitting_of(exam_id, "staff").id) == {1: (["C"], 1)}


@pytest.mark.db
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answer SET chosen = '[\"A\"]'",
        "UPDATE answer SET revision = 9",
        "DELETE FROM answer",
        ONE_MORE,
        "UPDATE sitting SET handed_in_at = NULL, handed_in_by = NULL WHERE started_at IS NOT NULL",
        "UPDATE sitting SET deadline_at = closes_at FROM exam WHERE sitting.started_at IS NOT NULL",
        "UPDATE sitting SET receipt = 'X' WHERE started_at IS NOT NULL",
        "DELETE FROM sitting WHERE started_at IS NOT NULL",
    ],
)
def test_the_database_too_refuses_to_change_what_was_handed_in(app, exam_id, statement):
    with app.app_context():
        sit(exam_id, "staff", {1: ["C"]})
        sitting = sitting_of(exam_id, "staff")
        with pytest.raises(IntegrityError):
            direct(statement)
        db.session.expire_all()
        after = sitting_of(exam_id, "staff")
        assert (after.handed_in_at, after.deadline_at) == (
            sitting.handed_in_at,
            sitting.deadline_at,
        )
        assert answers_of(sitting.id) == {1: (["C"], 1)}


@pytest.mark.db
def test_before_handing_in_the_same_statements_pass(app, exam_id):
    """Without this the refusals above might have another reason."""
    with app.app_context():
        sit(exam_id, "staff", {1: ["C"]}, hand_in=False)
        direct(
            "INSERT INTO answer SELECT sitting_id, 2, chosen, is_flagged, 1, saved_at FROM answer"
        )
        direct("UPDATE answer SET chosen = '[\"A\"]'")
        direct("UPDATE sitting SET receipt = 'X' WHERE started_at IS NOT NULL")
        direct("DELETE FROM answer")


@pytest.mark.db
def test_a_sitting_that_was_not_begun_can_not_be_handed_in(app, browse, exam_id):
    with app.app_context():
        public_id = sitting_of(exam_id, "staff").public_id
    staff = browse("staff")
    answer = staff.post(f"/exams/sittings/{public_id}/hand-in", {"csrf_token": staff.token()})
    assert answer.location == f"/exams/{exam_id}"
    assert "还没有开始作答" in staff.follow(answer).text
    with app.app_context():
        assert sitting_of(exam_id, "staff").handed_in_at is None
        with pytest.raises(RefusedError), db.write():
            sittings.hand_in(
                sitting_id=sitting_of(exam_id, "staff").id,
                received_at=get_exam(exam_id).opens_at,
            )
        assert events(AuditEvent.EXAMS_HANDED_IN) == []


def test_the_receipt_asks_for_itself_only_where_marks_come_by_themselves(exam_id, enter):
    staff = enter()
    page = staff.hand_in()
    assert page.one("#release-state").get("hx-get") is None
    fragment = staff.browser.get(f"{staff.url}/receipt", fragment=True)
    assert fragment.all("#release-state")
    assert "<html" not in fragment.body


def test_a_receipt_asks_seldom_while_others_sit_and_often_while_marks_are_made(app, browse):
    """Hundreds of open receipts must leave the site to those who still answer."""
    with app.app_context():
        exam_id = publish_exam(releases_when_complete=True)
        receipt = f"/exams/sittings/{sit(exam_id, 'staff')}/receipt"
    page = browse("staff").get(receipt)
    assert page.one("#release-state").get("hx-trigger") == "every 15s"
    with app.app_context():
        sit(exam_id, "other")
    fragment = browse("staff").get(receipt, fragment=True)
    assert fragment.one("#release-state").get("hx-trigger") == "every 1s"
