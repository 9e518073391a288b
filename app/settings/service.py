"""Reading and changing business numbers. "Business numbers = typed settings in the Feature, stored
with effective date, audited."

A room declares a Setting and asks `get(SETTING)`, typed by its declaration. A change holds from a
day on: from today once, and from any later day as often as the plan is corrected before that day
begins. A day's value, once decided upon, is not changed a second time on that day.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import current_app, g, has_request_context
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.feature import features
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.permissions import Permission, Principal
from app.kernel.setting import Setting, Stored, Value
from app.settings.models import SettingValue

LONGEST_NOTICE = timedelta(days=366)

Rows = Sequence[SettingValue]
AnySetting = Setting[Any]


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change as somebody asks for it. `version` counts the setting's rows that he has seen."""

    text: str
    valid_from: date
    reason: str
    version: int


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a setting stands on a day: its value, since when, and what is planned next."""

    setting: AnySetting
    value: Any
    since: date | None
    planned: Sequence[tuple[date, Any]]
    version: int


def get(setting: Setting[Value], *, on: date | None = None) -> Value:
    """Give the value in force on a day, by default today; never outside of its bounds.

    Read once in a request: two answers in one request are the same.
    """
    value: Value = standing_of(setting, read_rows()[setting.key], on or clock.today()).value
    return value


def get_all(wanted: Sequence[AnySetting]) -> dict[str, Any]:
    """Give the values in force today of several settings by key, by one look at the rows."""
    rows, today = read_rows(), clock.today()
    return {each.key: standing_of(each, rows[each.key], today).value for each in wanted}


def read_rows() -> dict[str, list[SettingValue]]:
    """Give all rows by key, in the order in which they come into force."""
    # A worker's context outlives many jobs, so that only a request may keep what it has read; and
    # what a write decides on is read anew, for the rest of the request as well.
    if not has_request_context():
        return query_rows()
    if db.is_writing():
        g.pop("setting_rows", None)
        return query_rows()
    if "setting_rows" not in g:
        g.setting_rows = query_rows()
    kept: dict[str, list[SettingValue]] = g.setting_rows
    return kept


def query_rows() -> dict[str, list[SettingValue]]:
    """Read all rows: a few dozen in a hall's year."""
    rows: dict[str, list[SettingValue]] = defaultdict(list)
    order = (SettingValue.valid_from, SettingValue.number)
    for row in db.session.scalars(select(SettingValue).order_by(*order)):
        rows[row.key].append(row)
    return rows


def standing_of(setting: AnySetting, rows: Rows, on: date) -> Standing:
    """Tell how a setting stands, from its rows in order."""
    by_day: dict[date, Stored] = {row.valid_from: row.value for row in rows}
    past = [day for day in by_day if day <= on]
    return Standing(
        setting=setting,
        value=setting.load(by_day[past[-1]]) if past else setting.default,
        since=past[-1] if past else None,
        planned=[(day, setting.load(stored)) for day, stored in by_day.items() if day > on],
        version=len(rows),
    )


def list_settings() -> list[AnySetting]:
    """Give all settings of the site, in the order of the rooms."""
    return [setting for room in features(current_app) for setting in room.settings]


def list_standings(*, on: date) -> list[Standing]:
    """Tell how all settings stand on a day."""
    rows = read_rows()
    return [standing_of(setting, rows[setting.key], on) for setting in list_settings()]


def get_standing(key: str, *, on: date) -> Standing | None:
    """Tell how one setting stands; None for a key that no room has declared."""
    found = [setting for setting in list_settings() if setting.key == key]
    return standing_of(found[0], read_rows()[key], on) if found else None


def select_history(key: str) -> Select[SettingValue]:
    """Select all values that a setting was ever given."""
    return select(SettingValue).where(SettingValue.key == key)


def may_change(user: Principal, setting: AnySetting) -> bool:
    """Tell who sets what: policy the 安全管理员, other numbers the office."""
    return user.can(
        Permission.SETTINGS_POLICY_SET if setting.is_policy else Permission.SETTINGS_NUMBER_SET
    )


def change_setting(
    *, setting: AnySetting, change: Change, set_by_id: int | None, set_by: str
) -> None:
    """Give a setting a value from a day on.

    Raises RefusedError for what can't be, StaleEditError when the setting has got another row
    since `change.version`.
    """
    rows = list(read_rows()[setting.key])
    if len(rows) != change.version:
        raise StaleEditError
    value = check_change(setting, change, rows)
    same_day = [row for row in rows if row.valid_from == change.valid_from]
    before = standing_of(setting, rows, change.valid_from).value
    db.session.add(
        SettingValue(
            key=setting.key,
            valid_from=change.valid_from,
            number=len(same_day) + 1,
            value=setting.dump(value),
            reason=change.reason,
            set_by_id=set_by_id,
            set_by=set_by,
            set_at=clock.now(),
        )
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        # Somebody else has planned for the same day in the meantime.
        raise StaleEditError from error
    append(
        AuditEvent.SETTINGS_CHANGED,
        person_id=set_by_id,
        object_type="setting",
        object_id=setting.key,
        before=setting.dump(before),
        after=setting.dump(value),
        valid_from=change.valid_from.isoformat(),
        reason=change.reason,
    )


def check_change(setting: Setting[Value], change: Change, rows: Rows) -> Value:
    """Give the typed value; raises RefusedError with everything that is wrong."""
    errors, today = {}, clock.today()
    if not today <= change.valid_from <= today + LONGEST_NOTICE:
        errors["valid_from"] = "生效日期从今天起，最多提前一年；过去的数值不再改。"
    if change.valid_from == today and any(row.valid_from == today for row in rows):
        errors["valid_from"] = "今天的数值已经定过，不能一天里改两次；请从明天起生效。"
    if not change.reason:
        errors["reason"] = "请写明原因或依据。"
    value = setting.default
    try:
        value = setting.parse(change.text)
    except ValueError as error:
        errors["value"] = str(error)
    if not errors and value == standing_of(setting, rows, change.valid_from).value:
        errors["value"] = f"那一天的数值本来就是{setting.show(value)}，不用改。"
    if errors:
        raise RefusedError(**errors)
    return value
