"""Writing the differences of a roster, all in one transaction and in bulk: 5,000 people in seconds.

New accounts have no password that anybody could type: they are activated later. Roles other than
窗口工作人员 are only asked for; somebody else grants them. Everything written is listed, so that
undoing.py can take exactly that back.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar, cast

from sqlalchemy import Table, func, insert, select

from app.accounts.models import (
    Account,
    AccountKind,
    Department,
    Employment,
    Person,
    RoleGrant,
)
from app.accounts.passwords import NO_PASSWORD
from app.accounts.roster import departures
from app.accounts.roster.departures import chunks
from app.accounts.roster.imports.compare import (
    Changed,
    Comparison,
    Departed,
    Joined,
    Moved,
    Place,
    show_day,
    show_value,
)
from app.accounts.roster.imports.models import RosterImport
from app.accounts.roster.imports.parse import Roster, RosterRow
from app.accounts.roster.models import Placement, Post, PostGroup, ServiceWindow
from app.accounts.service import normalise
from app.kernel import clock, db
from app.kernel.db import Base
from app.kernel.permissions import Role

Made = dict[str, Any]
Row = TypeVar("Row")


class Places:
    """Departments, windows and posts by name, the missing ones added to the open write."""

    def __init__(self, places: Sequence[Place]) -> None:
        self.departments = add_departments(
            each.department for each in places if each.department_id is None
        )
        self.posts = add_posts(
            {each.post: each.post_group for each in places if each.post_id is None}
        )
        self.windows = add_windows(
            {
                each.window: self.department_of(each)
                for each in places
                if each.window and each.window_id is None
            }
        )

    def department_of(self, place: Place) -> int:
        """Give the id of a place's department."""
        return place.department_id or self.departments[place.department]

    def values_of(self, place: Place) -> dict[str, Any]:
        """Give the columns of a placement there."""
        window_id = place.window_id
        if window_id is None and place.window:
            window_id = self.windows[place.window]
        return {
            "department_id": self.department_of(place),
            "window_id": window_id,
            "post_id": place.post_id or self.posts[place.post],
        }


def add_departments(names: Iterable[str]) -> dict[str, int]:
    """Add departments at the end of the 序列, in the order of the file."""
    last = db.session.scalar(select(func.max(Department.position))) or 0
    rows = [
        Department(name=name, position=position)
        for position, name in enumerate([*dict.fromkeys(names)], start=last + 1)
    ]
    return {row.name: row.id for row in add_all(rows)}


def add_posts(groups: Mapping[str, str]) -> dict[str, int]:
    """Add posts."""
    rows = [Post(name=name, post_group=PostGroup(group)) for name, group in groups.items()]
    return {row.name: row.id for row in add_all(rows)}


def add_windows(departments: Mapping[str, int]) -> dict[str, int]:
    """Add windows; until somebody names one, its number is its name."""
    by_number: dict[str, ServiceWindow] = {}
    for number, department_id in departments.items():
        window = ServiceWindow(number=number, name=number, department_id=department_id)
        by_number.setdefault(number.casefold(), window)
    add_all(list(by_number.values()))
    return {number: by_number[number.casefold()].id for number in departments}


def add_all(rows: Sequence[Row]) -> Sequence[Row]:
    """Add rows to the open write; they have their ids afterwards."""
    db.session.add_all(rows)
    db.session.flush()
    return rows


def write(found: Comparison, roster: Roster, imported: RosterImport, *, by_id: int) -> Made:
    """Write all differences; returns what undoing needs."""
    wanted = [each.place for each in found.joined] + [each.place for each in found.moved]
    places = Places(wanted)
    made: Made = {
        "departments": list(places.departments.values()),
        "windows": sorted(set(places.windows.values())),
        "posts": list(places.posts.values()),
    }
    write_changes(found.changed, {row.row: row.name_key for row in roster.rows})
    made["changed"] = {
        str(each.person_id): {change.field: change.before for change in each.changes}
        for each in found.changed
    }
    made["after"] = {
        str(each.person_id): {change.field: change.after for change in each.changes}
        for each in found.changed
    }
    made |= write_moves(found.moved, places, imported.effective_on)
    joined = write_joined(found.joined, places, by_id=by_id)
    made["after"] |= {
        str(key): particulars_of(each.row)
        for key, each in zip(joined["people"], found.joined, strict=True)
    }
    made |= joined
    return made | write_departures(found.departed)


def write_changes(changed: Sequence[Changed], name_keys: Mapping[int, str]) -> None:
    """Write new particulars; each edit counts the person's version up."""
    people = load_people(each.person_id for each in changed)
    for each in changed:
        person = people[each.person_id]
        for change in each.changes:
            set_field(person, change.field, change.after)
            if change.field == "name":
                person.name_key = name_keys[each.row]
    db.session.flush()


def set_field(person: Person, name: str, value: str) -> None:
    """Set one of the fields that a roster may change from its text."""
    if name == "joined_on":
        person.joined_on = date.fromisoformat(value)
    elif name == "employment":
        person.employment = Employment(value) if value else None
    elif name == "phone":
        person.phone = value
    else:
        person.name = value


def load_people(ids: Iterable[int]) -> dict[int, Person]:
    """Load people, a few hundred at a time: no database takes any number of parameters."""
    found: dict[int, Person] = {}
    for some in chunks(list(ids)):
        rows = db.session.scalars(select(Person).where(Person.id.in_(some)).with_for_update())
        found.update((row.id, row) for row in rows)
    return found


def open_placements(ids: Iterable[int]) -> dict[int, Placement]:
    """Load the placements without an end of these people."""
    found: dict[int, Placement] = {}
    for some in chunks(list(ids)):
        rows = db.session.scalars(
            select(Placement).where(Placement.person_id.in_(some), Placement.ends_on.is_(None))
        )
        found.update((row.person_id, row) for row in rows)
    return found


def write_moves(moved: Sequence[Moved], places: Places, effective_on: date) -> Made:
    """End the old placements on the day before, then begin the new ones."""
    before = open_placements(each.person_id for each in moved)
    for placement in before.values():
        placement.ends_on = effective_on - timedelta(days=1)
    # First the old ones: no two placements of one person may meet, not even for a moment.
    db.session.flush()
    begun = insert_all(
        Placement,
        [
            {
                **places.values_of(each.place),
                "person_id": each.person_id,
                "starts_on": effective_on,
                "ends_on": None,
            }
            for each in moved
        ],
    )
    return {
        "closed": [placement.id for placement in before.values()],
        "begun": begun,
    }


def write_joined(joined: Sequence[Joined], places: Places, *, by_id: int) -> Made:
    """Add people with their placements, accounts and roles: one INSERT for each table.

    Without objects for each row, which would take several times as long.
    """
    ids = insert_all(Person, [person_of(each.row) for each in joined])
    pairs = list(zip(joined, ids, strict=True))
    now = clock.now()
    return {
        "people": ids,
        "placements": insert_all(
            Placement,
            [
                {
                    **places.values_of(each.place),
                    "person_id": person_id,
                    "starts_on": date.fromisoformat(each.row.joined_on),
                    "ends_on": day_or_none(each.row.left_on),
                }
                for each, person_id in pairs
            ],
        ),
        "accounts": insert_all(
            Account,
            [
                {
                    "person_id": person_id,
                    "kind": AccountKind.BUSINESS,
                    "login_name": normalise(each.row.staff_number),
                    "password_hash": NO_PASSWORD,
                    "password_set_at": now,
                    "must_change_password": False,
                }
                for each, person_id in pairs
            ],
        ),
        "grants": insert_all(
            RoleGrant,
            [
                grant
                for each, person_id in pairs
                for grant in grants_of(
                    each.row, person_id, home=places.department_of(each.place), by_id=by_id
                )
            ],
        ),
    }


def insert_all(model: type[Base], rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows; gives their ids in the same order."""
    if not rows:
        return []
    # The table, not the class: the ORM would begin a new INSERT wherever a NULL comes or goes.
    table = cast("Table", model.__table__)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, list(rows)))


def day_or_none(text: str | None) -> date | None:
    """Read a day in ISO form; '' and None are none."""
    return date.fromisoformat(text) if text else None


def particulars_of(row: RosterRow) -> dict[str, str]:
    """Give what a new person has: undoing looks whether somebody has edited it since."""
    names = ("name", "employment", "phone", "joined_on", "left_on")
    return {name: getattr(row, name) or "" for name in names}


def person_of(row: RosterRow) -> dict[str, Any]:
    """Give a person's columns from his row."""
    return {
        "staff_number": row.staff_number,
        "name": row.name,
        "name_key": row.name_key,
        "employment": Employment(row.employment) if row.employment else None,
        "phone": row.phone or "",
        "joined_on": date.fromisoformat(row.joined_on),
        "left_on": day_or_none(row.left_on),
        "version": 1,
    }


def grants_of(row: RosterRow, person_id: int, *, home: int, by_id: int) -> list[dict[str, Any]]:
    """Everybody is staff; any other role is asked for, and somebody else decides.

    窗口负责人 is so in his own department, any other role is for the whole hall. Both end with his
    last day; whoever has left already is asked nothing for.
    """
    now, role = clock.now(), Role(row.role or Role.STAFF)
    usual = {"person_id": person_id, "requested_at": now}
    staff = {
        **usual,
        "role": Role.STAFF,
        "department_id": None,
        "starts_on": date.fromisoformat(row.joined_on),
        "ends_on": day_or_none(row.left_on),
        "requested_by_id": None,
        "decided_at": now,
        "is_granted": True,
    }
    if role is Role.STAFF or (row.left_on and row.left_on < clock.today().isoformat()):
        return [staff]
    asked = {
        **usual,
        "role": role,
        "department_id": home if role is Role.WINDOW_LEAD else None,
        "starts_on": clock.today(),
        "ends_on": day_or_none(row.left_on),
        "requested_by_id": by_id,
        "decided_at": None,
        "is_granted": None,
    }
    return [staff, asked]


def write_departures(departed: Sequence[Departed]) -> Made:
    """Let people leave: their last placement ends, and all that they hold (departures.py)."""
    people = load_people(each.person_id for each in departed)
    placements = open_placements(people)
    made = []
    for each in departed:
        left_on = date.fromisoformat(each.left_on)
        people[each.person_id].left_on = left_on
        placement = placements.get(each.person_id)
        if placement is not None:
            placement.ends_on = left_on
        made.append([each.person_id, each.left_on, placement.id if placement else None])
    db.session.flush()
    left = {each.person_id: date.fromisoformat(each.left_on) for each in departed}
    ended = departures.end_with(left)
    return {"departed": made, "ended": [each.as_list() for each in ended]}


def report_of(found: Comparison) -> dict[str, list[list[str]]]:
    """Give the differences as texts, by group: what pages and Excel show."""
    return {
        "joined": [
            [
                each.row.staff_number,
                each.row.name,
                each.place.text,
                show_day(each.row.joined_on),
            ]
            for each in found.joined
        ],
        "moved": [
            [each.staff_number, each.name, each.before, each.place.text] for each in found.moved
        ],
        "changed": [
            [
                each.staff_number,
                each.name,
                "；".join(f"{c.label} {show_value(c, c.before)}" for c in each.changes),
                "；".join(f"{c.label} {show_value(c, c.after)}" for c in each.changes),
            ]
            for each in found.changed
        ],
        "departed": [
            [each.staff_number, each.name, each.before, show_day(each.left_on)]
            for each in found.departed
        ],
    }
