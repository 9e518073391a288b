"""宣贯: what each post must read, told from placements and never copied to anybody.

"根据人员变动情况,定期组织开展制度宣贯,做到应知尽知、应会尽会" (效能1). Whoever joins or is
transferred has the list of his new post from that day on. A new version asks again. Only that
somebody has confirmed is kept, and when: never how long he read.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.roster.models import Absence, Placement
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import Principal
from app.regulations.models import (
    ReadingConfirmation,
    ReadingItem,
    Regulation,
    RegulationVersion,
)
from app.workdays import service as workdays
from app.workdays.calendar import Calendar
from app.workdays.lights import Light, light_of

MORNING = time(9)
DAY = timedelta(days=1)
NOT_YOURS = "这一版现在不在你的必读清单里，不用确认。"


@dataclass(frozen=True, kw_only=True)
class Spell:
    """Days without a gap: on one post, or in the hall. `end` is the first day after, if any."""

    start: date
    end: date | None


@dataclass(frozen=True, kw_only=True)
class Text:
    """A version that can be read, for the days on which it is the one to be read."""

    version_id: int
    regulation_id: int
    name: str
    number: int
    span: Spell


@dataclass(frozen=True, kw_only=True)
class Reading:
    """That one person must read one version, from when, until when, and whether he has."""

    person_id: int
    text: Text
    begins_on: date
    # The first day on which it is no longer asked of him: transferred, replaced, off the list.
    ends_on: date | None
    due_at: datetime
    confirmed_at: datetime | None

    @property
    def title(self) -> str:
        """Name what is to be read."""
        return f"《{self.text.name}》第{self.text.number}版"

    @property
    def due_on(self) -> date:
        """Give the day on which it falls due."""
        return clock.local(self.due_at).date()

    @property
    def is_in_time(self) -> bool:
        """Tell whether it was confirmed by its deadline."""
        return self.confirmed_at is not None and self.confirmed_at <= self.due_at

    @property
    def is_late(self) -> bool:
        """Tell whether its day has passed without a confirmation; the day itself is not late."""
        return self.confirmed_at is None and self.due_on < clock.today()

    def holds_on(self, day: date) -> bool:
        """Tell whether it is asked of him on a day."""
        return self.begins_on <= day and (self.ends_on is None or self.ends_on > day)


@dataclass(frozen=True, kw_only=True)
class Sources:
    """Everything that readings are told from, read at once."""

    spells: Mapping[int, Mapping[int | None, Sequence[Spell]]]
    items: Sequence[ReadingItem]
    texts: Mapping[int, Sequence[Text]]
    confirmed: Mapping[tuple[int, int], datetime]
    absences: Mapping[int, Sequence[tuple[date, date]]]
    calendar: Calendar


def list_readings(person_ids: Collection[int] | None = None) -> list[Reading]:
    """Give all that people must read or had to, each version once; by person and deadline.

    Six queries, however many they are.
    """
    sources = read_sources(person_ids)
    found: dict[tuple[int, int], Reading] = {}
    deadlines: dict[tuple[date, int], datetime] = {}
    for reading in told(sources, deadlines):
        key = reading.person_id, reading.text.version_id
        known = found.get(key)
        # Asked by two lists, or again after a transfer back: it counts once, by the later end.
        if known is None or rank(reading) < rank(known):
            found[key] = reading
    return sorted(found.values(), key=lambda each: (each.person_id, each.due_at, each.title))


def rank(reading: Reading) -> tuple[bool, date, date]:
    """Order what asks for the same: what still stands first, then what began first."""
    return reading.ends_on is not None, reading.begins_on, reading.due_on


def list_today(person_ids: Collection[int] | None = None) -> list[Reading]:
    """Give what is asked of people today."""
    today = clock.today()
    return [each for each in list_readings(person_ids) if each.holds_on(today)]


def told(sources: Sources, deadlines: dict[tuple[date, int], datetime]) -> Iterator[Reading]:
    """Tell the readings from placements, lists and versions."""
    for person_id, by_post in sources.spells.items():
        for item in sources.items:
            for spell in by_post.get(item.post_id, ()):
                asked = meet(spell, Spell(start=item.starts_on, end=item.ended_on))
                for text in sources.texts.get(item.regulation_id, ()) if asked else ():
                    span = meet(asked, text.span) if asked else None
                    if span is None:
                        continue
                    yield Reading(
                        person_id=person_id,
                        text=text,
                        begins_on=span.start,
                        ends_on=span.end,
                        due_at=due_of(sources, person_id, span.start, item.days, deadlines),
                        confirmed_at=sources.confirmed.get((person_id, text.version_id)),
                    )


def meet(one: Spell, other: Spell) -> Spell | None:
    """Give the days that two spells share; None where they share none."""
    start = max(one.start, other.start)
    ends = [each for each in (one.end, other.end) if each is not None]
    end = min(ends) if ends else None
    return Spell(start=start, end=end) if end is None or end > start else None


def due_of(
    sources: Sources,
    person_id: int,
    begins_on: date,
    days: int,
    deadlines: dict[tuple[date, int], datetime],
) -> datetime:
    """Give until when somebody has time: of one who is away on that day counted from his return."""
    due = deadline(sources.calendar, begins_on, days, deadlines)
    for starts_on, ends_on in sources.absences.get(person_id, ()):
        if starts_on <= clock.local(due).date() <= ends_on:
            due = deadline(sources.calendar, ends_on, days, deadlines)
    return due


def deadline(
    calendar: Calendar, day: date, days: int, known: dict[tuple[date, int], datetime]
) -> datetime:
    """Give the end of so many working days after a day; each is counted once."""
    if (day, days) not in known:
        morning = clock.from_local(datetime.combine(day, MORNING))
        known[day, days] = calendar.add_workdays(morning, days).due
    return known[day, days]


# ---------- what it is told from


def read_sources(person_ids: Collection[int] | None) -> Sources:
    """Read everything."""
    return Sources(
        spells=read_spells(person_ids),
        items=db.session.scalars(select(ReadingItem).order_by(ReadingItem.id)).all(),
        texts=read_texts(),
        confirmed=read_confirmed(person_ids),
        absences=read_absences(person_ids),
        calendar=workdays.get_calendar(),
    )


def read_spells(
    person_ids: Collection[int] | None,
) -> Mapping[int, Mapping[int | None, Sequence[Spell]]]:
    """Read who held which post when; None stands for the hall, whatever the post."""
    statement = (
        select(Placement, Person.left_on)
        .join(Person, Person.id == Placement.person_id)
        .order_by(Placement.person_id, Placement.starts_on)
    )
    if person_ids is not None:
        statement = statement.where(Placement.person_id.in_(person_ids))
    found: dict[int, dict[int | None, list[Spell]]] = defaultdict(lambda: defaultdict(list))
    for placement, left_on in db.session.execute(statement):
        ends = [each for each in (placement.ends_on, left_on) if each is not None]
        end = min(ends) + DAY if ends else None
        if end is not None and end <= placement.starts_on:
            continue
        for post_id in (placement.post_id, None):
            add_spell(found[placement.person_id][post_id], placement.starts_on, end)
    return found


def add_spell(spells: list[Spell], start: date, end: date | None) -> None:
    """Add days, joined to the spell before where there is no gap."""
    if spells and spells[-1].end == start:
        start = spells.pop().start
    spells.append(Spell(start=start, end=end))


def read_texts() -> Mapping[int, Sequence[Text]]:
    """Read the approved versions of each rule, each for the days on which it is to be read.

    A version that was approved after its 生效日 is asked for from its approval on.
    """
    rows = db.session.execute(
        select(RegulationVersion, Regulation.name)
        .join(Regulation, Regulation.id == RegulationVersion.regulation_id)
        .where(RegulationVersion.number.is_not(None))
        .order_by(RegulationVersion.regulation_id, RegulationVersion.number.desc())
    ).all()
    found: dict[int, list[Text]] = defaultdict(list)
    following: dict[int, date] = {}
    for version, name in rows:
        if version.never_held:
            continue
        start = version.effective_on
        if version.approved_at is not None:
            start = max(start, clock.local(version.approved_at).date())
        ends = [following.get(version.regulation_id), version.withdrawn_on]
        known = [each for each in ends if each is not None]
        end = min(known) if known else None
        following[version.regulation_id] = start
        if end is None or end > start:
            found[version.regulation_id].append(
                Text(
                    version_id=version.id,
                    regulation_id=version.regulation_id,
                    name=name,
                    number=version.number or 0,
                    span=Spell(start=start, end=end),
                )
            )
    return found


def read_confirmed(person_ids: Collection[int] | None) -> Mapping[tuple[int, int], datetime]:
    """Read who has confirmed which version, and when."""
    statement = select(ReadingConfirmation)
    if person_ids is not None:
        statement = statement.where(ReadingConfirmation.person_id.in_(person_ids))
    return {
        (each.person_id, each.version_id): each.confirmed_at
        for each in db.session.scalars(statement)
    }


def read_absences(
    person_ids: Collection[int] | None,
) -> Mapping[int, Sequence[tuple[date, date]]]:
    """Read who was away when, the earliest first."""
    statement = (
        select(Absence.person_id, Absence.starts_on, Absence.ends_on)
        .where(Absence.cancelled_at.is_(None))
        .order_by(Absence.starts_on)
    )
    if person_ids is not None:
        statement = statement.where(Absence.person_id.in_(person_ids))
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    for person_id, starts_on, ends_on in db.session.execute(statement):
        found[person_id].append((starts_on, ends_on))
    return found


# ---------- for pages


def light_for(reading: Reading, calendar: Calendar) -> Light:
    """Derive the light of what is still to be confirmed."""
    begun = clock.from_local(datetime.combine(reading.begins_on, MORNING))
    return light_of(
        opened_at=min(begun, reading.due_at),
        due_at=reading.due_at,
        is_returned=False,
        calendar=calendar,
        now=clock.now(),
    )


def find_today(person_id: int, version_id: int) -> Reading | None:
    """Give what is asked of somebody today about a version."""
    mine = list_today((person_id,))
    return next((each for each in mine if each.text.version_id == version_id), None)


def confirm(*, version_id: int, user: Principal) -> None:
    """Write down 「我已阅读并理解」, once; raises RefusedError where it is not asked for."""
    if find_today(user.person_id, version_id) is None:
        raise RefusedError(form=NOT_YOURS)
    row = {
        "person_id": user.person_id,
        "version_id": version_id,
        "confirmed_at": clock.now(),
    }
    statement = (
        db.insert(ReadingConfirmation)
        .values(row)
        .on_conflict_do_nothing(index_elements=["person_id", "version_id"])
        .returning(ReadingConfirmation.id)
    )
    # A second tap changes nothing: it keeps the moment of the first.
    if db.session.scalar(statement) is not None:
        append(
            AuditEvent.REGULATIONS_CONFIRMED,
            person_id=user.person_id,
            object_type="regulation_version",
            object_id=version_id,
        )
