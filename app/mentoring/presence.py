"""Whether those of a pair are still here, and where: told from the roster on every read.

Who has left the hall can neither teach nor learn nor assess, and nothing is asked of the others for
the time after his last day. Who was moved may go on where he works now; people decide that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.accounts.models import Department, Person
from app.accounts.roster.models import Placement, Post
from app.accounts.roster.placements import get_placement
from app.kernel import clock, db, formats
from app.mentoring.models import OVER, MentoringPair

MASTER, APPRENTICE, ASSESSOR = "师傅", "徒弟", "考核人"
LEFT = "{word}{name}{day}离岗。"
NO_ASSESSOR = "考核人{name}已离岗，请先在“变更计划”里另选考核人。"
MOVED = "{word}{name}从{day}起在{place}。还能带的照常带；不能带的请提出提前结束，不计任何负面记录。"
ELSEWHERE = "徒弟{name}现在不在{department}，请退回后重新提出结对。"


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Somebody of a pair who works elsewhere than when it was approved, and since when."""

    person_id: int
    starts_on: date
    text: str


def parties(pair: MentoringPair) -> tuple[tuple[str, int], ...]:
    """Name the two."""
    return (MASTER, pair.master_id), (APPRENTICE, pair.apprentice_id)


def left_on(person_id: int) -> date | None:
    """Give the last day of somebody who has left; None for whoever is still here."""
    day = db.session.get_one(Person, person_id).left_on
    return day if day is not None and day < clock.today() else None


def over_since(pair: MentoringPair) -> date | None:
    """Give the last day on which both of the two were here; None while they are."""
    days = [left_on(person_id) for _, person_id in parties(pair)]
    return min((each for each in days if each is not None), default=None)


def left_text(pair: MentoringPair) -> str:
    """Say who of the two has left, and when; '' while both are here."""
    found = []
    for word, person_id in parties(pair):
        day = left_on(person_id)
        if day is not None:
            name = db.session.get_one(Person, person_id).name
            found.append(LEFT.format(word=word, name=name, day=formats.day(day)))
    return "".join(found)


def no_assessor_text(pair: MentoringPair) -> str:
    """Say that the assessor has left; '' while he is here."""
    if left_on(pair.assessor_id) is None:
        return ""
    return NO_ASSESSOR.format(name=db.session.get_one(Person, pair.assessor_id).name)


def elsewhere_text(pair: MentoringPair) -> str:
    """Say that the apprentice works in another department than the pair's; '' where he doesn't."""
    placement = get_placement(pair.apprentice_id, clock.today())
    if placement is None or placement.department_id == pair.department_id:
        return ""
    return ELSEWHERE.format(
        name=db.session.get_one(Person, pair.apprentice_id).name,
        department=db.session.get_one(Department, pair.department_id).name,
    )


def list_moved(pair: MentoringPair) -> Iterator[Moved]:
    """Give who of the two works elsewhere than on the day of the approval."""
    if pair.approved_at is None:
        return
    then = clock.local(pair.approved_at).date()
    for word, person_id in parties(pair):
        before, now = (get_placement(person_id, day) for day in (then, clock.today()))
        if before is None or now is None or place_of(before) == place_of(now):
            continue
        text = MOVED.format(
            word=word,
            name=db.session.get_one(Person, person_id).name,
            day=formats.day(now.starts_on),
            place=name_place(now),
        )
        yield Moved(person_id=person_id, starts_on=now.starts_on, text=text)


def place_of(placement: Placement) -> tuple[int, int]:
    """Give what makes a place of work another one: department and post, not the window."""
    return placement.department_id, placement.post_id


def name_place(placement: Placement) -> str:
    """Name a place of work."""
    department = db.session.get_one(Department, placement.department_id)
    return f"{department.name}{db.session.get_one(Post, placement.post_id).name}"


def warnings_of(pair: MentoringPair) -> list[str]:
    """Give what the page of a pair says on top about its people; nothing once it is over."""
    if pair.state in OVER:
        return []
    found = [left_text(pair), no_assessor_text(pair), *(each.text for each in list_moved(pair))]
    return [each for each in found if each]
