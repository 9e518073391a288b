"""Words and figures as the papers of this room print them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.assessment import scoring
from app.assessment.models import PortraitRow
from app.kernel import formats

NOTHING = "—"
MOST_CHARACTERS, MOST_CLAUSE = 44, 26


@dataclass(frozen=True, kw_only=True)
class Line:
    """A fact as papers print it."""

    day: str
    dimension: str
    text: str
    clause: str
    points: str
    number: str


def points_text(row: PortraitRow) -> str:
    """Write what a row added or took: +2, −3, 免扣."""
    if row.points is None:
        return NOTHING
    if row.note == scoring.FREE:
        return "免扣"
    sign = "+" if row.points > 0 else "−" if row.points < 0 else ""
    return f"{sign}{formats.marks(abs(row.points))}"


def clipped(text: str, most: int = MOST_CHARACTERS) -> str:
    """Cut a text that has no room."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def signed(names: Mapping[int, str], person_id: int | None, at: datetime | None) -> str:
    """Write who signed when; nothing where nobody has."""
    return "" if at is None else f"{names.get(person_id or 0, '')}　{formats.moment(at)}"
