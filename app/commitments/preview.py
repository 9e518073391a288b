"""A version as the public will see it, drafts included; for the page of people who work on it."""

from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.roster.models import ServiceWindow
from app.commitments import identity, sheets
from app.commitments.disclosure import Disclosed, disclose
from app.commitments.identity import OnDuty
from app.commitments.models import RatingCode
from app.commitments.sheets import SheetRow
from app.kernel import db


@dataclass(frozen=True, kw_only=True)
class CodeLine:
    """A window, and whether its 好差评码 is there."""

    window_id: int
    number: str
    has_code: bool


def preview_of(row: SheetRow) -> Disclosed:
    """Give what a version says, whatever its state."""
    return disclose([row])[0]


def people_of(row: SheetRow) -> list[OnDuty]:
    """Give who is on duty at the window of a sheet; nobody for that of a whole department."""
    if row.sheet.window_id is None:
        return []
    return identity.on_duty([row.sheet.window_id])[row.sheet.window_id]


def codes_of(row: SheetRow) -> list[CodeLine]:
    """Give the windows for which a sheet may hold, and which of them have a code."""
    windows: list[ServiceWindow] = (
        [row.window] if row.window else sheets.list_windows(row.department.id)
    )
    present = set(
        db.session.scalars(
            select(RatingCode.window_id).where(
                RatingCode.window_id.in_([each.id for each in windows])
            )
        )
    )
    return [
        CodeLine(window_id=each.id, number=each.number, has_code=each.id in present)
        for each in windows
    ]
