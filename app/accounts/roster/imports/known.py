"""What the site knows of people and places, read at once for comparing a roster with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.accounts.models import Account, AccountKind, Department, Person
from app.accounts.roster.imports.columns import compact
from app.accounts.roster.models import Placement, Post, ServiceWindow
from app.accounts.service import normalise
from app.kernel import db


@dataclass(frozen=True, kw_only=True)
class KnownPerson:
    """Somebody on the roster with his last placement; days in ISO form, '' where there is none."""

    id: int
    staff_number: str
    name: str
    employment: str
    phone: str
    joined_on: str
    left_on: str
    department_id: int | None
    window_id: int | None
    post_id: int | None
    window: str
    place: str
    placed_since: str

    @property
    def place_key(self) -> tuple[int | None, int | None, int | None]:
        """What a transfer is recognised by."""
        return self.department_id, self.window_id, self.post_id


@dataclass(frozen=True, kw_only=True)
class KnownDepartment:
    """A department."""

    id: int
    name: str
    is_closed: bool


@dataclass(frozen=True, kw_only=True)
class KnownWindow:
    """A window."""

    id: int
    number: str
    department_id: int
    is_closed: bool


@dataclass(frozen=True, kw_only=True)
class KnownPost:
    """A post."""

    id: int
    name: str
    post_group: str
    is_closed: bool


@dataclass(frozen=True, kw_only=True)
class Known:
    """Everything by the name that a file would call it."""

    people: Mapping[str, KnownPerson]
    without_zeros: Mapping[str, str]
    departments: Mapping[str, KnownDepartment]
    departments_by_id: Mapping[int, KnownDepartment]
    windows: Mapping[str, KnownWindow]
    windows_by_id: Mapping[int, KnownWindow]
    posts: Mapping[str, KnownPost]
    # Why somebody can't leave by an import: person id -> words.
    hindrances: Mapping[int, str]

    @property
    def open_departments(self) -> Sequence[KnownDepartment]:
        """The departments in use, in the hall's 序列."""
        return [each for each in self.departments_by_id.values() if not each.is_closed]

    @property
    def open_windows(self) -> Sequence[KnownWindow]:
        """The windows in use."""
        return [each for each in self.windows_by_id.values() if not each.is_closed]


def read_known(*, imported_by_id: int) -> Known:
    """Read it; six queries, however many people there are."""
    departments = [
        KnownDepartment(id=each.id, name=each.name, is_closed=each.closed_on is not None)
        for each in db.session.scalars(select(Department).order_by(Department.position))
    ]
    windows = [
        KnownWindow(
            id=each.id,
            number=each.number,
            department_id=each.department_id,
            is_closed=each.closed_on is not None,
        )
        for each in db.session.scalars(select(ServiceWindow).order_by(ServiceWindow.number))
    ]
    posts = [
        KnownPost(
            id=each.id,
            name=each.name,
            post_group=each.post_group.value,
            is_closed=each.closed_on is not None,
        )
        for each in db.session.scalars(select(Post))
    ]
    people = read_people(
        {each.id: each.name for each in departments},
        {each.id: each.number for each in windows},
        {each.id: each.name for each in posts},
    )
    return Known(
        people={normalise(each.staff_number): each for each in people},
        without_zeros={
            normalise(each.staff_number).lstrip("0"): each.staff_number
            for each in people
            if each.staff_number.startswith("0")
        },
        departments={compact(each.name): each for each in departments},
        departments_by_id={each.id: each for each in departments},
        windows={compact(each.number).casefold(): each for each in windows},
        windows_by_id={each.id: each for each in windows},
        posts={compact(each.name): each for each in posts},
        hindrances=read_hindrances(imported_by_id),
    )


def read_people(
    departments: Mapping[int, str], windows: Mapping[int, str], posts: Mapping[int, str]
) -> list[KnownPerson]:
    """Read everybody with his last placement."""
    last = {
        each.person_id: each
        for each in db.session.execute(
            select(
                Placement.person_id,
                Placement.department_id,
                Placement.window_id,
                Placement.post_id,
                Placement.starts_on,
            ).order_by(Placement.starts_on)
        )
    }
    found = []
    for person in db.session.execute(
        select(
            Person.id,
            Person.staff_number,
            Person.name,
            Person.employment,
            Person.phone,
            Person.joined_on,
            Person.left_on,
        ).order_by(Person.id)
    ):
        at = last.get(person.id)
        window = windows[at.window_id] if at and at.window_id else ""
        names = (departments[at.department_id], window, posts[at.post_id]) if at else ()
        found.append(
            KnownPerson(
                id=person.id,
                staff_number=person.staff_number,
                name=person.name,
                employment=person.employment.value if person.employment else "",
                phone=person.phone,
                joined_on=person.joined_on.isoformat(),
                left_on=person.left_on.isoformat() if person.left_on else "",
                department_id=at.department_id if at else None,
                window_id=at.window_id if at else None,
                post_id=at.post_id if at else None,
                window=window,
                place=" ".join(name for name in names if name),
                placed_since=at.starts_on.isoformat() if at else "",
            )
        )
    return found


def read_hindrances(imported_by_id: int) -> dict[int, str]:
    """Tell who can't leave by an import: administrators, and whoever imports."""
    holders = db.session.scalars(
        select(Account.person_id).where(
            Account.kind != AccountKind.BUSINESS, Account.disabled_at.is_(None)
        )
    )
    found = dict.fromkeys(holders, "这个人有管理员账号；请先停用管理员账号，再登记离岗")
    return {**found, imported_by_id: "不能把自己登记为离岗；请由别的经办人办理"}
