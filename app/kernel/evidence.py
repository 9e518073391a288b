"""Facts on which a quarter is assessed: each room gives its own, and `assessment` reads no other.

"Every point on a portrait opens the record that it came from; no data is not zero." A room declares
its rules in `Feature.evidence_rules` and gives all facts of a period at once, through
`Feature.evidence`: amounts and denominators only, never points. How many points a fact is worth
stands in the scheme of the assessment. Learning hours, sign-ins and time online are no evidence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from app.kernel import clock
from app.kernel.permissions import Permission, Principal


@dataclass(frozen=True, order=True)
class Span:
    """The days from `first` to `last`, both included, in the hall's time."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.first <= day <= self.last

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The first instant of it, and the first one after it."""
        return clock.start_of(self.first), clock.start_of(self.last + timedelta(days=1))


class EvidenceState(StrEnum):
    """Whether a fact counts now."""

    COUNTED = "counted"
    # 申诉中: neither for nor against until it is decided.
    SUSPENDED = "suspended"
    # Found not to be so: it leaves no trace in a score.
    OVERTURNED = "overturned"


class EvidenceKind(StrEnum):
    """What amounts of a rule mean."""

    # A share: `amount` of `denominator`, such as 86.00 of 100 marks, or 3 of 4 re-checks.
    SHARE = "share"
    # Something that was well done: `amount` of it, no denominator.
    MERIT = "merit"
    # Something that was amiss: `amount` of it, no denominator; `grade` says how grave.
    FAULT = "fault"
    # Told on a portrait beside the figures, and never scored: 表扬, 带教.
    MENTION = "mention"


@dataclass(frozen=True, kw_only=True)
class EvidenceRule:
    """A rule by which a room gives facts. `name` stands in stored rows: `exams.mark`.

    `version` goes up whenever the meaning of the amounts changes. `basis` quotes the sentence of
    the plan that it carries. `grades` are the values that `Evidence.grade` may have, with labels.
    """

    name: str
    version: int
    label: str
    unit: str
    kind: EvidenceKind
    basis: str
    # Facts on departments; otherwise on persons.
    is_department: bool = False
    # A fact on a department that each of its people reads on his own portrait; it never scores.
    for_members: bool = False
    grades: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One fact on a person, or on a department.

    One event counts once: of facts with the same `event_key` on the same person, in whichever
    rooms, only the gravest counts. `endpoint` and `values` open the record for the person himself,
    his 窗口负责人 and those who assess. `text` says the fact in one line without a judgement,
    `clause` quotes what it rests on, `number` is that of its paper (来源单号).
    """

    rule: str
    person_id: int | None = None
    department_id: int | None = None
    occurred_on: date
    amount: Decimal
    denominator: Decimal | None = None
    state: EvidenceState = EvidenceState.COUNTED
    event_key: str
    grade: str = ""
    text: str
    clause: str = ""
    number: str = ""
    endpoint: str
    values: Mapping[str, Any] = field(default_factory=dict)


class EvidenceSource(Protocol):
    """Gives all facts of a room that occurred in a span, in a bounded number of queries."""

    def __call__(self, span: Span) -> Iterator[Evidence]:
        """Read them."""


def may_open(user: Principal, *, person_id: int | None, department_id: int | None) -> bool:
    """Tell whether somebody may open the record behind a fact on a person.

    The person himself may, and whoever reads portraits in the department where it happened.
    """
    if user.person_id == person_id and not user.is_administrator:
        return True
    scope = user.departments_of(Permission.ASSESSMENT_PORTRAIT_READ)
    return scope is None or department_id in scope
