"""Own numbers of papers, without gaps: 优建2026-012, counted within a series and a year.

"own numbers such as 优建2026-012". A number is given in the write that needs it; whoever is refused
after it takes none along, because the whole write goes.
"""

import secrets
from datetime import date

from sqlalchemy import select

from app.kernel import db
from app.workflow.models import PaperNumber

DIGITS = 3
# Nothing that looks like another character.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
DRAWN = 6


def next_number(series: str, *, on: date) -> str:
    """Give the next number of a series in the year of a day, in the open write."""
    row = {"series": series, "year": on.year, "last": 1}
    statement = (
        db.insert(PaperNumber)
        .values(row)
        .on_conflict_do_update(
            index_elements=["series", "year"], set_={"last": PaperNumber.last + 1}
        )
        .returning(PaperNumber.last)
    )
    last = db.session.scalar(statement)
    return f"{series}{on.year}-{last:0{DIGITS}d}"


def last_number(series: str, *, year: int) -> int:
    """Give how many numbers a series has given in a year."""
    found = select(PaperNumber.last).where(PaperNumber.series == series, PaperNumber.year == year)
    return db.session.scalar(found) or 0


def draw_number(series: str, *, on: date) -> str:
    """Draw a number for what nobody may count: it says the day, and not how many there are."""
    return f"{series}{on:%m%d}-{''.join(secrets.choice(ALPHABET) for _ in range(DRAWN))}"
