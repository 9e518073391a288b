"""Adding many people at once: the rows and events of `service.add_person`, one INSERT per table.

For the demonstration and for measuring; a roster that somebody brings goes through
app/accounts/roster/imports.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.accounts import service
from app.accounts.models import Account, AccountKind, Employment, Person, RoleGrant
from app.accounts.roster import placements
from app.accounts.roster.imports.applying import insert_all
from app.accounts.roster.models import Placement
from app.accounts.sign_in_models import PasswordHistory
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.permissions import Role


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody to be added, as `service.add_person` takes him.

    `roles` hold in the whole centre. An empty hash leaves the account to be activated.
    """

    staff_number: str
    name: str
    department_id: int
    post: str
    password_hash: str
    roles: Sequence[Role]
    joined_on: date
    employment: Employment | None = None
    phone: str = ""
    # Whether his roles hold in his own department only.
    is_scoped: bool = False


def add_people(people: Sequence[Newcomer], *, password_set_at: datetime | None = None) -> list[int]:
    """Add people to the open write; returns their ids in the same order.

    Their passwords count as set at `password_set_at`, by default now.
    """
    ids = insert_all(Person, [person_row(each) for each in people])
    pairs = list(zip(ids, people, strict=True))
    posts = {name: placements.find_or_add_post(name) for name in {each.post for each in people}}
    insert_all(Placement, [placement_row(number, each, posts) for number, each in pairs])
    add_accounts(pairs, password_set_at or clock.now())
    insert_all(RoleGrant, [row for number, each in pairs for row in grant_rows(number, each)])
    for number, each in pairs:
        append(
            AuditEvent.ACCOUNTS_PERSON_ADDED,
            person_id=None,
            object_type="person",
            object_id=number,
            roles=sorted(each.roles),
        )
    return ids


def person_row(person: Newcomer) -> dict[str, Any]:
    """Give the columns of a person himself."""
    return {
        "staff_number": person.staff_number.strip(),
        "name": person.name,
        "name_key": service.sort_key(person.name),
        "employment": person.employment,
        "phone": person.phone,
        "joined_on": person.joined_on,
        "left_on": None,
        "version": 1,
    }


def placement_row(number: int, person: Newcomer, posts: Mapping[str, int]) -> dict[str, Any]:
    """Give the columns of somebody's first placement; a window is given to him later."""
    return {
        "person_id": number,
        "department_id": person.department_id,
        "window_id": None,
        "post_id": posts[person.post],
        "starts_on": person.joined_on,
        "ends_on": None,
    }


def add_accounts(pairs: Sequence[tuple[int, Newcomer]], set_at: datetime) -> None:
    """Add the business accounts, and what is remembered of their passwords."""
    rows = [
        {
            "person_id": number,
            "kind": AccountKind.BUSINESS,
            "login_name": service.normalise(each.staff_number),
            "password_hash": each.password_hash,
            "password_set_at": set_at,
            "must_change_password": not each.password_hash,
            "disabled_at": None,
        }
        for number, each in pairs
    ]
    accounts = insert_all(Account, rows)
    db.session.add_all(
        PasswordHistory(account_id=account_id, password_hash=row["password_hash"], set_at=set_at)
        for account_id, row in zip(accounts, rows, strict=True)
        if row["password_hash"]
    )


def grant_rows(number: int, person: Newcomer) -> list[dict[str, Any]]:
    """Give the columns of somebody's roles, granted at set-up."""
    now = clock.now()
    return [
        {
            "person_id": number,
            "role": role,
            "department_id": person.department_id if person.is_scoped else None,
            "starts_on": person.joined_on,
            "ends_on": None,
            "requested_by_id": None,
            "requested_at": now,
            "decided_by_id": None,
            "decided_at": now,
            "is_granted": True,
        }
        for role in person.roles
    ]
