"""How a year's official notice comes into the table: all of it or nothing.

"Admin-editable table filled from chinesecalendar; a year without its official notice counts Monday
to Friday, says 暂定." What an import changes is listed before it is applied; what the hall typed
itself it never overwrites. A year that the package lacks is typed and then confirmed here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError, StaleEditError
from app.kernel.types import json_digest
from app.workdays import notices, service
from app.workdays.models import CalendarSource, CalendarYear, DayKind, SpecialDay


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A day on which table and notice disagree; one that was typed is kept as it is."""

    day: date
    kind: DayKind
    name: str
    new_kind: DayKind
    new_name: str
    is_kept: bool


def get_notice(*, year: int) -> str | None:
    """Give the notice that is registered for a year, or None while the year is 暂定."""
    return db.session.scalar(select(CalendarYear.notice).where(CalendarYear.year == year))


def preview_import(*, year: int) -> list[Difference]:
    """List the days that an import would change, and those typed otherwise that it would keep.

    Empty where the table says what the notice says, and for a year that the package lacks.
    """
    official = notices.official_days(year)
    if not official:
        return []
    rows = {each.day: each for each in db.session.scalars(service.select_rows(year=year))}
    days = sorted({*rows, *official})
    found = (compare(day, rows.get(day), official.get(day)) for day in days)
    return [each for each in found if each is not None]


def compare(
    day: date, row: SpecialDay | None, official: notices.OfficialDay | None
) -> Difference | None:
    """Compare one day of the table with the notice; None where they agree.

    By hand one keeps a day off or a day of work. 按星期 registers nothing, so that it gives way.
    """
    kind, name = (row.kind, row.name) if row else (DayKind.ORDINARY, "")
    new_kind, new_name = DayKind.ORDINARY, ""
    if official:
        new_kind = DayKind.WORK if official.is_workday else DayKind.OFF
        new_name = official.name
    is_typed = row is not None and row.source is CalendarSource.TYPED
    is_kept = is_typed and kind is not DayKind.ORDINARY
    # A day on which the hall keeps hours of its own keeps their reason, too.
    has_own_name = is_kept or (row is not None and row.periods is not None)
    if kind is new_kind and (name == new_name or has_own_name):
        return None
    return Difference(
        day=day,
        kind=kind,
        name=name,
        new_kind=new_kind,
        new_name=name if has_own_name and not is_kept else new_name,
        is_kept=is_kept,
    )


def fingerprint(differences: Sequence[Difference]) -> str:
    """Give a short hash of a list, so that only the list that was seen is applied."""
    return json_digest([{**asdict(each), "day": each.day.isoformat()} for each in differences])[:16]


def import_year(
    *, year: int, notice: str, seen: str | None, imported_by_id: int | None
) -> list[Difference]:
    """Register a year's notice with all its days, or nothing; returns what was changed.

    A year that the package lacks counts as announced once its days have been typed. `seen` is the
    fingerprint of the list that a person agreed to, None for commands. Raises StaleEditError when
    the list is another one by now, RefusedError for a year without any day off.
    """
    differences = preview_import(year=year)
    if seen is not None and seen != fingerprint(differences):
        raise StaleEditError
    is_official = bool(notices.official_days(year))
    has_day_off = any(each.kind is DayKind.OFF for each in service.list_days(year=year))
    if not is_official and not has_day_off:
        raise RefusedError(form=f"{year}年还没有登记任何放假日，请先按通知逐日登记。")
    changes = [each for each in differences if not each.is_kept]
    for each in changes:
        apply(each)
    source = CalendarSource.IMPORTED if is_official else CalendarSource.TYPED
    row = db.session.get(CalendarYear, year) or CalendarYear(year=year)
    row.notice, row.source, row.registered_at = notice, source, clock.now()
    db.session.add(row)
    service.flush()
    append(
        AuditEvent.WORKDAYS_YEAR_IMPORTED,
        person_id=imported_by_id,
        object_type="calendar_year",
        object_id=year,
        notice=notice,
        changed=[each.day.isoformat() for each in changes],
        kept=[each.day.isoformat() for each in differences if each.is_kept],
    )
    return changes


def apply(difference: Difference) -> None:
    """Write one day of a notice into the open write."""
    row = db.session.get(SpecialDay, difference.day, with_for_update=True)
    if row is None:
        row = SpecialDay(day=difference.day)
        db.session.add(row)
    row.kind, row.name = difference.new_kind, difference.new_name
    row.source = CalendarSource.IMPORTED


def import_missing_years(*, around: date) -> list[int]:
    """Import the notices of last, this and next year that exist and are not registered yet."""
    missing = [
        year
        for year in range(around.year - 1, around.year + 2)
        if year in notices.official_years() and get_notice(year=year) is None
    ]
    for year in missing:
        title = notices.notice_title(year)
        import_year(year=year, notice=title, seen=None, imported_by_id=None)
    return missing
