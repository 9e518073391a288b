"""亮身份: who is on duty at a window today, as plate, card and public page show him.

清廉10 "亮身份": name, 工号, post, a photo only with recorded consent, 党员示范岗 only where the
branch has confirmed it. "替岗/顶岗: identity belongs to whoever is on duty": whoever is absent
today is left out, and who stands in for him takes his place.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.privacy.models import PersonPhoto
from app.accounts.roster.models import Absence, Placement, Post
from app.accounts.roster.placements import absent, not_left, placed
from app.commitments import plates
from app.kernel import clock, db


@dataclass(frozen=True, kw_only=True)
class OnDuty:
    """Somebody at a window today. Nothing else about him is public."""

    person_id: int
    name: str
    staff_number: str
    post: str
    has_photo: bool
    is_model_post: bool


def on_duty(window_ids: Collection[int]) -> Mapping[int, list[OnDuty]]:
    """Give who is on duty at each window today, by 工号."""
    seats = find_seats(window_ids)
    people = {person for found in seats.values() for person in found}
    rows = read_people(people)
    holders = plates.list_holders(window_ids)
    return {
        window: [
            OnDuty(**rows[person], is_model_post=(window, person) in holders)  # type: ignore[arg-type]
            for person in sorted(found, key=lambda each: str(rows[each]["staff_number"]))
        ]
        for window, found in ((window, found & rows.keys()) for window, found in seats.items())
    }


def windows_of(person_id: int) -> set[int]:
    """Give the windows at which somebody is on duty today: his own, or of whom he stands in for."""
    absent = read_absent()
    if person_id in absent or not read_people([person_id]):
        return set()
    seated = {person_id, *(each for each, cover in absent.items() if cover == person_id)}
    found = select(Placement.window_id).where(
        Placement.person_id.in_(seated), Placement.window_id.is_not(None), *placed(clock.today())
    )
    return {each for each in db.session.scalars(found) if each is not None}


def find_seats(window_ids: Collection[int]) -> dict[int, set[int]]:
    """Give the persons at each window: those placed there who are not absent, and their 替岗."""
    today = clock.today()
    seats: dict[int, set[int]] = {window: set() for window in window_ids}
    absent = read_absent()
    placements = db.session.execute(
        select(Placement.window_id, Placement.person_id).where(
            Placement.window_id.in_(window_ids), *placed(today)
        )
    )
    for window, person in placements:
        seat = seats[window or 0]
        if person not in absent:
            seat.add(person)
        elif (cover := absent[person]) is not None and cover not in absent:
            seat.add(cover)
    return seats


def read_absent() -> dict[int, int | None]:
    """Give who is absent today, with who stands in for him."""
    today = clock.today()
    rows = db.session.execute(
        select(Absence.person_id, Absence.covered_by_id).where(*absent(today))
    )
    return dict(rows.all())


def read_people(person_ids: Collection[int]) -> dict[int, dict[str, object]]:
    """Give what is shown of persons in service; whoever has left is not among them."""
    today = clock.today()
    rows = db.session.execute(
        select(Person.id, Person.name, Person.staff_number, Post.name, PersonPhoto.file_id)
        .join(Placement, Placement.person_id == Person.id)
        .join(Post, Post.id == Placement.post_id)
        .outerjoin(PersonPhoto, PersonPhoto.person_id == Person.id)
        .where(
            Person.id.in_(person_ids), Person.joined_on <= today, not_left(today), *placed(today)
        )
    )
    return {
        person_id: {
            "person_id": person_id,
            "name": name,
            "staff_number": number,
            "post": post,
            "has_photo": photo is not None,
        }
        for person_id, name, number, post, photo in rows
    }
