"""What other rooms may ask of surveys: to open one for those who took part, and its result."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class SurveyResult:
    """The result of a survey as it may be shown; figures are None where they may not be."""

    title: str
    is_closed: bool
    invited: int
    n: int
    response_rate: Decimal | None
    mean: Decimal | None
    satisfied_share: Decimal | None
    hidden_reason: str


def open_for(
    *, source: str, source_id: int, title: str, person_ids: Collection[int], opened_by_id: int
) -> int | None:
    """Open a survey for those who took part in something, in the open write."""
    del source, source_id, title, person_ids, opened_by_id
    return None


def result_of(*, source: str, source_id: int) -> SurveyResult | None:
    """Give the result of the survey of a source."""
    del source, source_id
    return None
