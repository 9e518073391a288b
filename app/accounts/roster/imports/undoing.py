"""Taking back the last import, whole or not at all.

"Every import has 下载模板, a sample file and an undo." What has come to depend on the import since,
a sign-in of somebody whom it added, a later transfer, a role that was granted, is never lost: then
the undoing is refused and says because of whom. Decision 020 says why rows are deleted here.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from app.accounts.models import Account, Department, Person, RoleGrant
from app.accounts.roster import departures
from app.accounts.roster.departures import chunks
from app.accounts.roster.imports.applying import load_people, set_field
from app.accounts.roster.imports.models import RosterImport, RosterImportState
from app.accounts.roster.imports.service import ERASED, note
from app.accounts.roster.models import Placement, Post, ServiceWindow
from app.accounts.service import sort_key
from app.audit.models import AuditEvent
from app.kernel import clock, db
from app.kernel.db import Base
from app.kernel.forms import RefusedError

MOST_NAMED = 10
NOT_LAST = "只能撤销最近一次导入的名单。"


def undo_roster(*, public_id: str, undone_by_id: int) -> None:
    """Take back the last import; raises RefusedError with who stands in the way."""
    imported = db.session.scalars(
        select(RosterImport).where(RosterImport.public_id == public_id).with_for_update()
    ).one()
    check_is_last(imported)
    made = imported.made
    hindrances = [*find_hindrances(made)]
    if hindrances:
        named = "；".join(dict.fromkeys(hindrances[:MOST_NAMED]))
        more = f"；等{len(hindrances)}处" if len(hindrances) > MOST_NAMED else ""
        raise RefusedError(
            form=f"不能撤销，导入以后又有了别的办理：{named}{more}。请逐个更正，或者导入改好的名单。"
        )
    take_back(made)
    imported.state, imported.made = RosterImportState.UNDONE, {}
    imported.undone_at, imported.undone_by_id = clock.now(), undone_by_id
    note(
        AuditEvent.ACCOUNTS_ROSTER_UNDONE, imported, person_id=undone_by_id, deleted=made["people"]
    )


def ended_by(made: Mapping[str, Any]) -> list[departures.Ended]:
    """Give what ended with the people who left; an import of before kept no list of it."""
    return [departures.from_list(each) for each in made.get("ended", ())]


def check_is_last(imported: RosterImport) -> None:
    """Refuse any import but the last applied one."""
    last = db.session.scalar(
        select(RosterImport.id)
        .where(RosterImport.state == RosterImportState.APPLIED)
        .order_by(RosterImport.applied_at.desc(), RosterImport.id.desc())
        .limit(1)
    )
    if imported.state is not RosterImportState.APPLIED or last != imported.id:
        raise RefusedError(form=NOT_LAST)
    if imported.erased_at is not None:
        raise RefusedError(form=ERASED)


def find_hindrances(made: Mapping[str, Any]) -> Iterable[str]:
    """Tell what has come to depend on an import since, one text for each."""
    yield from find_later_placements(made)
    yield from find_later_edits(made)
    changed = departures.find_changed(ended_by(made))
    yield from name_people(set(changed), "的角色、A/B角或事项授权后来又有变动")
    own = {
        "placement": {*made["placements"], *made["begun"]},
        "account": {*made["accounts"]},
        "role_grant": {*made["grants"]},
        "service_window": {*made["windows"]},
    }
    yield from name_people(
        {
            *referred("person", made["people"], own),
            *owners_of(referred("account", made["accounts"], own)),
            *decided_since(made["grants"]),
        },
        "已有后续记录",
    )
    places: tuple[tuple[type[Department | ServiceWindow | Post], str], ...] = (
        (Department, "departments"),
        (ServiceWindow, "windows"),
        (Post, "posts"),
    )
    for model, key in places:
        for each in referred(model.__tablename__, made[key], own):
            name = db.session.scalar(select(model.name).where(model.id == each))
            yield f"{name}已在使用"


def find_later_placements(made: Mapping[str, Any]) -> Iterable[str]:
    """Tell whose placement has changed since: it was ended, or another followed."""
    mine = {*made["begun"], *made["placements"]}
    gone = {row[0]: date.fromisoformat(row[1]) for row in made["departed"]}
    left = {*made["people"], *gone}
    people: set[int] = set()
    for some in chunks([*made["begun"]]):
        people |= set(
            db.session.scalars(
                select(Placement.person_id).where(
                    Placement.id.in_(some), Placement.ends_on.is_not(None)
                )
            )
        )
    touched = [*of_placements(mine), *gone]
    for some in chunks(touched):
        rows = db.session.execute(
            select(Placement.person_id, Placement.id, Placement.starts_on, Placement.ends_on)
            .where(Placement.person_id.in_(some))
            .order_by(Placement.starts_on)
        )
        last = {row.person_id: row for row in rows}
        for person_id, row in last.items():
            if person_id in gone and row.ends_on not in {gone[person_id], None}:
                people.add(person_id)
            if person_id not in left and row.id not in mine:
                people.add(person_id)
    yield from name_people(people, "后来又调动或离岗")


def of_placements(ids: Iterable[int]) -> set[int]:
    """Give whose placements these are."""
    found: set[int] = set()
    for some in chunks(list(ids)):
        found |= set(db.session.scalars(select(Placement.person_id).where(Placement.id.in_(some))))
    return found


def find_later_edits(made: Mapping[str, Any]) -> Iterable[str]:
    """Tell whose particulars are others than the import has written."""
    people = load_people([*map(int, made["after"]), *(row[0] for row in made["departed"])])
    edited = {
        int(key)
        for key, fields in made["after"].items()
        if any(text_in(people[int(key)], name) != value for name, value in fields.items())
    }
    edited |= {row[0] for row in made["departed"] if text_in(people[row[0]], "left_on") != row[1]}
    yield from name_people(edited, "信息后来又改过")


def text_in(person: Person, name: str) -> str:
    """Give a field of a person as the text in which an import keeps it."""
    value = getattr(person, name)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def name_people(ids: Iterable[int], what: str) -> Iterable[str]:
    """Name people in a text each."""
    return [f"{person.name}（{person.staff_number}）{what}" for person in load_people(ids).values()]


def owners_of(account_ids: Iterable[int]) -> set[int]:
    """Give whose accounts these are."""
    found: set[int] = set()
    for some in chunks(list(account_ids)):
        found |= set(db.session.scalars(select(Account.person_id).where(Account.id.in_(some))))
    return found


def decided_since(grant_ids: Sequence[int]) -> set[int]:
    """Give whose role was asked for by the import and decided since."""
    found: set[int] = set()
    for some in chunks(grant_ids):
        found |= set(
            db.session.scalars(
                select(RoleGrant.person_id).where(
                    RoleGrant.id.in_(some),
                    RoleGrant.decided_by_id.is_not(None),
                )
            )
        )
    return found


def referred(table: str, ids: Sequence[int], own: Mapping[str, set[int]]) -> set[int]:
    """Give which rows some row of any table points at, rows of the import itself left out.

    It walks the foreign keys of the whole site, so that a room of tomorrow counts as well.
    """
    found: set[int] = set()
    pointing = defaultdict(list)
    for each in Base.metadata.sorted_tables:
        for key in each.foreign_keys:
            if key.column.table.name == table:
                pointing[each].append(key.parent)
    for source, columns in pointing.items():
        mine = own.get(source.name, set())
        for column in columns:
            for some in chunks(ids):
                identity = source.c.id if mine else column
                rows = db.session.execute(
                    select(column, identity).where(column.in_(some)).distinct()
                )
                found |= {row[0] for row in rows if not mine or row[1] not in mine}
    return found


def take_back(made: Mapping[str, Any]) -> None:
    """Write everything as it was before; the order is that of the foreign keys."""
    remove(RoleGrant, made["grants"])
    remove(Account, made["accounts"])
    remove(Placement, [*made["placements"], *made["begun"]])
    reopen([*made["closed"], *(row[2] for row in made["departed"] if row[2] is not None)])
    people = load_people([*map(int, made["changed"]), *(row[0] for row in made["departed"])])
    for key, fields in made["changed"].items():
        for name, value in fields.items():
            set_field(people[int(key)], name, value)
        if "name" in fields:
            people[int(key)].name_key = sort_key(fields["name"])
    for row in made["departed"]:
        people[row[0]].left_on = None
    db.session.flush()
    departures.put_back(ended_by(made))
    for model, key in (
        (Person, "people"),
        (ServiceWindow, "windows"),
        (Post, "posts"),
        (Department, "departments"),
    ):
        remove(model, made[key])


def remove(model: type[Base], ids: Sequence[int]) -> None:
    """Delete rows that the import had added."""
    for some in chunks(ids):
        db.session.execute(delete(model).where(model.__table__.c.id.in_(some)))


def reopen(placement_ids: Sequence[int]) -> None:
    """Let placements go on without an end, as before."""
    for some in chunks(placement_ids):
        db.session.execute(update(Placement).where(Placement.id.in_(some)).values(ends_on=None))
