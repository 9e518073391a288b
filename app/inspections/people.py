"""Who can be on a round, who was at a window on a day, and who stood in for whom."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select

from app.accounts.models import Person
from app.accounts.roster.holders import list_holders
from app.accounts.roster.models import Absence, Placement
from app.accounts.roster.placements import absent, not_left, placed
from app.accounts.service import names_of
from app.kernel import db
from app.kernel.permissions import Permission, Role, roles_with

LEADERS = (Role.LEADER, Role.SECTION_CHIEF)


def list_inspectors(on: date) -> list[Person]:
    """Give who may inspect on a day, by pinyin."""
    return list_holders(roles_with(Permission.INSPECTIONS_ROUND_MAKE), on)


def list_leaders(on: date) -> list[Person]:
    """Give who can be 带班领导 on a day, by pinyin."""
    return list_holders(LEADERS, on)


def list_absences(window_id: int, on: date) -> list[Absence]:
    """Give the leave of those who belong at a window on a day."""
    return list(
        db.session.scalars(
            select(Absence)
            .join(Placement, Placement.person_id == Absence.person_id)
            .where(
                Placement.window_id == window_id,
                *placed(on),
                *absent(on),
            )
            .order_by(Absence.id)
        )
    )


def people_at(window_id: int, on: date) -> list[int]:
    """Give who should be at a window: who belongs there and is not on leave, and who stands in."""
    absences = list_absences(window_id, on)
    away = {each.person_id for each in absences}
    home = db.session.scalars(
        select(Placement.person_id)
        .join(Person, Person.id == Placement.person_id)
        .where(Placement.window_id == window_id, *placed(on), not_left(on))
        .order_by(Placement.person_id)
    ).all()
    covers = [each.covered_by_id for each in absences if each.covered_by_id is not None]
    return list(dict.fromkeys([*(each for each in home if each not in away), *covers]))


def absence_note(window_id: int, on: date) -> str:
    """Say who is on leave at a window and who stands in; the empty text where nobody is."""
    absences = list_absences(window_id, on)
    ids = {each.person_id for each in absences} | {each.covered_by_id for each in absences}
    names = names_of(ids)
    return "；".join(note_of(each, names) for each in absences)[:300]


def note_of(absence: Absence, names: Mapping[int, str]) -> str:
    """Put one leave into words: neither of what kind it is nor how long, which would tell it."""
    cover = f"，{names[absence.covered_by_id]}替岗" if absence.covered_by_id else "，未登记替岗"
    return f"{names[absence.person_id]}请假{cover}"


def is_away(person_id: int, on: date) -> bool:
    """Tell whether somebody is on leave on a day."""
    found = select(Absence.id).where(Absence.person_id == person_id, *absent(on))
    return db.session.scalar(found.limit(1)) is not None


def find_in_department(department_id: int, number: str, on: date) -> int | None:
    """Give somebody who works in a department on a day, by his 工号."""
    return db.session.scalar(
        select(Person.id)
        .join(Placement, Placement.person_id == Person.id)
        .where(
            func.lower(Person.staff_number) == number.strip().lower(),
            Placement.department_id == department_id,
            *placed(on),
        )
    )
