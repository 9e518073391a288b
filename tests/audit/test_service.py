"""The log: appended inside the act, never changed, and no act without it."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.accounts import service as accounts
from app.accounts.models import Department
from app.audit import service
from app.audit.models import AuditEntry, AuditEvent
from app.kernel import db
from tests.support import cast

pytestmark = pytest.mark.db


def entries(event: AuditEvent) -> list[AuditEntry]:
    found = select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.seq)
    return list(db.session.scalars(found))


def test_an_event_belongs_to_the_transaction_of_its_act(app):
    with app.app_context():
        with pytest.raises(RuntimeError), db.write():
            service.append(AuditEvent.SITE_SET_UP, person_id=None)
            raise RuntimeError
        assert entries(AuditEvent.SITE_SET_UP) == []


def test_an_event_outside_of_a_write_is_refused(app):
    with app.app_context():
        with pytest.raises(Exception, match=r"(?i)read"):
            service.append(AuditEvent.SITE_SET_UP, person_id=None)
        db.session.rollback()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET object_id = 'x'", "DELETE FROM audit_entry"]
)
def test_an_event_is_never_changed_or_removed(app, statement):
    with app.app_context():
        before = len(db.session.scalars(select(AuditEntry)).all())
        with pytest.raises(IntegrityError, match="append-only"), db.write():
            db.session.execute(text(statement))
        assert len(db.session.scalars(select(AuditEntry)).all()) == before > 0


def test_when_the_event_cannot_be_written_the_act_fails(app, monkeypatch):
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError("disk full")

    with app.app_context():
        monkeypatch.setattr(accounts, "append", refuse)
        home = cast.department_ids()[0]
        with pytest.raises(OSError, match="disk full"), db.write():
            accounts.add_person(
                staff_number="SY900",
                name="甲",
                department_id=home,
                post="",
                password_hash="x",
                roles=[],
                joined_on=cast.JOINED_ON,
            )
        assert accounts.find_account("sy900") is None


def test_an_export_is_written_down_with_what_was_chosen(app, browse):
    clerk = browse("clerk")
    clerk.get("/questions/export?kind=single&q=%E4%B8%89%E4%BA%AE")
    with app.app_context():
        [entry] = entries(AuditEvent.RECORD_EXPORTED)
        assert entry.person_id == cast.person_id("clerk")
        assert entry.object_type == "question"
        assert entry.data == {"filters": "kind=single&q=%E4%B8%89%E4%BA%AE"}
        assert entry.request_id
        assert entry.address == "127.0.0.1"


def test_every_event_has_one_wording_of_its_own(app):
    assert len({event.value for event in AuditEvent}) == len(AuditEvent)
    with app.app_context():
        assert db.session.scalars(select(Department)).first() is not None
