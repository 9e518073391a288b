"""Values from a day on: which one holds, what is refused, and that nobody goes below a bound."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.accounts.settings import IDLE_MINUTES, LOCK_AFTER, LOCK_MINUTES, SESSION_HOURS
from app.audit.models import AuditEntry, AuditEvent
from app.exams.settings import USUAL_PASS_MARKS
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.settings import service
from app.settings.models import SettingValue
from tests.settings.factories import TODAY, TOMORROW, find, set_value

KEY = "accounts.idle_minutes"
MARKS = "exams.usual_pass_marks"


@pytest.fixture(autouse=True)
def inside(app):
    with app.app_context():
        yield


def test_a_setting_without_a_row_has_its_default():
    assert service.get(IDLE_MINUTES) == 30
    standing = service.get_standing(KEY, on=TODAY)
    assert (standing.since, standing.planned, standing.version) == (None, [], 0)
    assert service.get_standing("accounts.none", on=TODAY) is None


@pytest.mark.db
def test_each_day_has_the_value_that_was_in_force_on_it():
    set_value(MARKS, "70.5")
    set_value(MARKS, "80", TODAY + timedelta(days=10), version=1)
    days = [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=9), TODAY + timedelta(days=10)]
    values = [service.get(USUAL_PASS_MARKS, on=day) for day in days]
    assert values == [Decimal(60), Decimal("70.5"), Decimal("70.5"), Decimal(80)]
    standing = service.get_standing(MARKS, on=TODAY)
    assert standing.since == TODAY
    assert standing.planned == [(TODAY + timedelta(days=10), Decimal(80))]


@pytest.mark.db
def test_a_plan_is_corrected_by_a_new_row_and_the_last_one_holds():
    set_value(KEY, "20", TOMORROW)
    set_value(KEY, "25", TOMORROW, version=1)
    assert service.get(IDLE_MINUTES, on=TOMORROW) == 25
    numbers = db.session.scalars(select(SettingValue.number).order_by(SettingValue.id))
    assert list(numbers) == [1, 2]


def test_a_day_that_has_begun_is_not_changed_twice(now):
    set_value(KEY, "20")
    with pytest.raises(RefusedError, match="不能一天里改两次"):
        set_value(KEY, "25", version=1)
    set_value(KEY, "25", TOMORROW, version=1)
    now.move(days=1)
    with pytest.raises(RefusedError, match="不能一天里改两次"):
        set_value(KEY, "15", TOMORROW, version=2)
    assert service.get(IDLE_MINUTES) == 25


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "4"}, "value"),
        ({"text": "31"}, "value"),
        ({"text": "30"}, "value"),
        ({"text": "junk"}, "value"),
        ({"valid_from": TODAY - timedelta(days=1)}, "valid_from"),
        ({"valid_from": TODAY + timedelta(days=367)}, "valid_from"),
        ({"reason": ""}, "reason"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes, field):
    with pytest.raises(RefusedError) as caught:
        set_value(KEY, **{"text": "20", **changes})
    assert list(caught.value.errors) == [field]
    assert db.session.scalar(select(SettingValue)) is None


def test_a_stale_change_is_not_taken():
    set_value(KEY, "20", TOMORROW)
    with pytest.raises(StaleEditError):
        set_value(KEY, "25", TOMORROW)


@pytest.mark.db
def test_every_change_is_in_the_log_with_before_and_after():
    set_value(MARKS, "70", TOMORROW)
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == AuditEvent.SETTINGS_CHANGED)
    ).one()
    assert (entry.object_type, entry.object_id) == ("setting", MARKS)
    assert entry.data == {
        "before": "60.00",
        "after": "70.00",
        "valid_from": "2026-11-21",
        "reason": "例会决定",
    }


@pytest.mark.db
@pytest.mark.parametrize("statement", ["UPDATE setting_value SET value = '1'", "DELETE FROM setting_value"])  # fmt: skip
def test_the_database_refuses_to_change_what_was_set(statement):
    set_value(KEY, "20")
    with pytest.raises(IntegrityError), db.write():
        db.session.execute(text(statement))


@pytest.mark.db
@pytest.mark.parametrize("changes", [{"number": 0}, {"reason": ""}, {}])
def test_the_database_keeps_number_reason_and_uniqueness(changes):
    set_value(KEY, "20")
    row = {
        "key": KEY, "valid_from": TODAY, "number": 1, "value": 25, "reason": "x",
        "set_by": "x", "set_at": clock.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError), db.write():
        db.session.add(SettingValue(**{**row, **changes}))
        db.session.flush()


@pytest.mark.db
def test_a_race_for_the_same_day_is_a_stale_edit(monkeypatch):
    set_value(KEY, "20", TOMORROW)
    monkeypatch.setattr(service, "read_rows", lambda: {KEY: []})
    with pytest.raises(StaleEditError):
        set_value(KEY, "25", TOMORROW)


@pytest.mark.db
@pytest.mark.parametrize(
    ("setting", "worst", "held"),
    [(IDLE_MINUTES, 600, 30), (SESSION_HOURS, 99, 12), (LOCK_AFTER, 1000, 5), (LOCK_MINUTES, 0, 15)],
    ids=lambda value: getattr(value, "key", None),
)  # fmt: skip
def test_not_even_a_row_written_past_the_site_weakens_a_policy(setting, worst, held):
    with db.write():
        db.session.add(
            SettingValue(
                key=setting.key,
                valid_from=date(2020, 1, 1),
                number=1,
                value=worst,
                reason="x",
                set_by="x",
                set_at=clock.now(),
            )
        )
    assert service.get(setting) == held


def test_one_request_reads_the_rows_once(app):
    with app.test_request_context("/"):
        first = service.read_rows()
        assert service.read_rows() is first
        with db.write():
            assert service.read_rows() is not first
        assert service.read_rows() is not first
    assert service.read_rows() is not service.read_rows()


def test_every_setting_has_a_key_of_its_own_and_names_its_source():
    settings = service.list_settings()
    keys = [each.key for each in settings]
    assert len(set(keys)) == len(keys)
    assert all(each.source and each.label and each.group for each in settings)
    assert find(KEY).is_policy
