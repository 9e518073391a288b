"""One entry with all that it holds, in Chinese; looking at it is an entry of its own."""

import pytest

from app.audit.models import AuditEvent
from tests.audit.factories import entries, head, tamper, write
from tests.support import cast

pytestmark = pytest.mark.db


def test_an_entry_shows_all_that_it_holds(app, browse):
    with app.app_context():
        write(
            event=AuditEvent.ACCOUNTS_PERSON_ADDED,
            object_type="person",
            object_id=3,
            roles=["clerk", "staff"],
        )
        entry = entries()[-1]
    page = browse("auditor").get(f"/audit/{entry.seq}")
    for said in (
        "添加人员",
        "人员 3",
        "经办人、窗口工作人员",
        "陆文博（SY003）",
        "系统",
        entry.hash,
    ):
        assert said in page.text
    assert "不是网页请求" in page.text


def test_who_acted_and_as_what_stands_there(app, browse):
    clerk = browse("clerk")
    clerk.get("/questions/export")
    with app.app_context():
        entry = entries(AuditEvent.RECORD_EXPORTED)[0]
        assert entry.acted_as == "clerk"
        assert entry.result == "done"
    text = browse("auditor").get(f"/audit/{entry.seq}").text
    assert "经办人" in text
    assert "127.0.0.1" in text
    assert entry.request_id in text


def test_looking_at_an_entry_is_written_down(app, browse):
    with app.app_context():
        write()
        seq = head().seq
    browse("auditor").get(f"/audit/{seq}")
    with app.app_context():
        last = entries()[-1]
        assert (last.event, last.object_type) == (AuditEvent.RECORD_READ, "audit_log")
        assert (last.object_id, last.person_id) == (str(seq), cast.person_id("auditor"))


def test_an_entry_that_is_not_there_is_not_found_and_not_written_down(app, browse):
    with app.app_context():
        before = head()
    browse("auditor").get("/audit/99999", status=404)
    with app.app_context():
        assert head() == before


def test_an_entry_from_before_roles_were_kept_says_so(app, browse):
    with app.app_context():
        write()
        seq = head().seq
        tamper(app, "UPDATE audit_entry SET acted_as = '' WHERE seq = :seq", seq=seq)
    assert "当时没有记录" in browse("auditor").get(f"/audit/{seq}").text
