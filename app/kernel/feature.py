"""The record by which a room enters the site: `create_app` walks the list of them, nobody else.

A room offers what others may read through sockets (plain callables), so that a reader imports no
room at all. To remove a room: delete its line in FEATURES, its package, its templates and tests.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from flask import Blueprint, Flask
from flask.cli import AppGroup

from app.kernel.evidence import EvidenceRule, EvidenceSource
from app.kernel.indicators import Indicator
from app.kernel.permissions import Permission, Principal
from app.kernel.personal import PersonalTable
from app.kernel.setting import Setting
from app.kernel.slides import Slide


class Section(StrEnum):
    """A part of the site: one line of the side navigation, with its entries below when it is open.

    "at most seven navigation entries per role"; in the order in which they stand.
    """

    HOME = "首页"
    EXAMS = "学习考试"
    COMMITMENTS = "三亮承诺"
    INSPECTIONS = "巡查整改"
    SUGGESTIONS = "建议征集"
    ASSESSMENT = "制度与考核"
    PEOPLE = "人员与设置"


@dataclass(frozen=True, kw_only=True)
class NavigationEntry:
    """One entry of the side navigation; shown to whoever holds the permission.

    `endpoints` names every page that belongs under this entry, for the mark 当前.
    """

    section: Section

    label: str
    endpoint: str
    permission: Permission
    position: int
    endpoints: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class HomeTask:
    """One thing that waits for a person, large on the home page."""

    title: str
    facts: tuple[str, ...]
    hint: str
    action: str
    url: str


@dataclass(frozen=True, kw_only=True)
class HomeEntry:
    """One line on the home page: something that is done, or that a person should know."""

    text: str
    aside: str
    url: str | None = None


@dataclass(frozen=True, kw_only=True)
class HomeCard:
    """What a room shows a person on the home page."""

    tasks: tuple[HomeTask, ...] = ()
    open: tuple[HomeEntry, ...] = ()
    done: tuple[HomeEntry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StepState:
    """How far a step of the first run is: whether it is done, and the fact that shows it."""

    is_done: bool
    fact: str


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """One step of a hall's first run; whoever holds the permission can take it.

    `actor` says who that is, to anybody else. `action` is the label of the way to `endpoint`.
    """

    title: str
    hint: str
    actor: str
    action: str
    endpoint: str
    permission: Permission
    position: int
    read: Callable[[], StepState]


@dataclass(frozen=True, kw_only=True)
class TourStop:
    """One station of the demonstration's tour: the script of HALL.md 8, one thing at a time.

    `position` is its place in the script. `says` tells in two sentences what one sees and does.
    `staff_number` is of the demonstration's cast, "" for what needs no account. `find` gives the
    address of the very record, found by its traits, or None where this demonstration has none: then
    the station is left out. `shows` are words that stand on that page.
    """

    name: str
    position: int
    title: str
    says: str
    seconds: int
    staff_number: str
    find: Callable[[], str | None]
    shows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionUse:
    """Where a question of the bank was used; without a `url` the reader may not open it.

    `asked` persons answered it with a mean of `facility` percent of its marks, once that is known.
    """

    title: str
    on: date
    url: str | None = None
    asked: int = 0
    facility: Decimal | None = None


class JobRun(Protocol):
    """What a job's handler gets: its payload, where to go on, and a way to tell how far it is."""

    payload: Mapping[str, Any]
    done: int

    def progress(self, *, done: int, total: int) -> None:
        """Write down the progress and keep the lease; raises when the lease was lost."""


JobHandler = Callable[[JobRun], Mapping[str, Any]]
# Where create_app puts the way to order a job, for rooms below the one that keeps them.
ORDER_JOB = "order-job"
# And the way to read a setting, for rooms below the one that keeps their values.
READ_SETTING = "read-setting"


class JobOrder(Protocol):
    """Adds a job to the open write and gives its public id; see app/jobs/service.py."""

    def __call__(
        self,
        *,
        kind: str,
        key: str,
        title: str,
        payload: Mapping[str, Any],
        ordered_by_id: int | None,
    ) -> str:
        """Order it."""


@dataclass(frozen=True, kw_only=True)
class Periodic:
    """A task that the worker calls again and again; it must be harmless to call too often."""

    name: str
    every: timedelta
    run: Callable[[], None]


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """A database trigger in both dialects; the registry of them is compared with the database.

    `postgres` holds the whole statement; it may call the function `refuse(message)`, which every
    database of the site has and which raises an integrity violation.
    """

    name: str
    table: str
    sqlite: str
    postgres: str


@dataclass(frozen=True, kw_only=True)
class Feature:
    """Everything that a room offers to the site."""

    name: str
    blueprint: Blueprint | None = None
    navigation: Sequence[NavigationEntry] = ()
    cli: AppGroup | None = None
    jobs: Mapping[str, JobHandler] = field(default_factory=dict)
    periodic: Sequence[Periodic] = ()
    triggers: Sequence[Trigger] = ()
    # Business numbers that the hall may change, each within its own bounds.
    settings: Sequence[Setting[Any]] = ()
    # Demonstration data, through the room's own services; a function of one day.
    demo: Callable[[date], None] | None = None
    # Stations of the demonstration's tour; a real hall never asks for them.
    tour: Sequence[TourStop] = ()
    # What the home page shows this person.
    card: Callable[[Principal], HomeCard] | None = None
    # What a new hall has to do in this room before its first exam.
    first_steps: Sequence[FirstStep] = ()
    # Questions whose key this person must not see, because he sits or may sit a paper with them.
    hidden_questions: Callable[[Principal], frozenset[int]] | None = None
    # Where a question was used, for a reader who may see the question with its key.
    question_uses: Callable[[int, Principal], Sequence[QuestionUse]] | None = None
    # Names of persons with 工号, for rooms below the one that keeps persons.
    person_names: Callable[[Collection[int]], Mapping[int, str]] | None = None
    # Ids of the persons whose name or 工号 holds a word; the other way round.
    find_persons: Callable[[str], Collection[int]] | None = None
    # What the room holds about a person, for the copy that he may ask for.
    personal_data: Callable[[int], Sequence[PersonalTable]] | None = None
    # Workflows of the room (app/workflow/definition.py) and kinds of papers that it prints
    # (app/files/papers.py); the kernel knows neither.
    flows: Sequence[Any] = ()
    papers: Sequence[Any] = ()
    # Deletes in the open write what the room holds only for the sake of one who left long ago.
    forget_person: Callable[[int], None] | None = None
    # What hall screens may show now: approved and in force; in the hall's 序列.
    slides: Callable[[], Sequence[Slide]] | None = None
    # Facts for the assessment, each by a rule that stands beside (evidence.py).
    evidence_rules: Sequence[EvidenceRule] = ()
    evidence: EvidenceSource | None = None
    # Live figures for the measures of the plans (indicators.py).
    indicators: Sequence[Indicator] = ()
    # Wires what needs the application itself, such as a loader or a hook.
    init: Callable[[Flask], None] | None = None


def features(app: Flask) -> Sequence[Feature]:
    """Give the rooms of this site."""
    rooms: Sequence[Feature] = app.extensions["clean-window"]
    return rooms
