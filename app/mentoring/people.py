"""Who may be whose master, with the reasons in words; the site names them, people choose.

"The site proposes, people decide": nobody is ranked or scored, the list is in the order of pinyin.
A master has been in his post for long enough, has room for one more apprentice, knows the same
事项, is present, and does not lead the apprentice ("不与直接考核人结对").
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select

from app.accounts.models import Department, Person, RoleGrant
from app.accounts.roster import periods
from app.accounts.roster.models import Absence, Authorisation, Deputy, Placement, Post, ServiceItem
from app.accounts.roster.placements import absent, get_placement, not_left, placed
from app.accounts.service import in_force
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.listing import Statement
from app.kernel.permissions import Permission, Principal, Role, roles_with
from app.mentoring.models import OVER, MentoringPair
from app.mentoring.months import add_months, length_text
from app.mentoring.settings import MASTER_LIMIT, MASTER_MONTHS, NEWCOMER_MONTHS
from app.settings import service as settings

JOIN = Permission.MENTORING_PAIR_JOIN
DRAFT = Permission.MENTORING_PAIR_DRAFT
MOST_NAMED = 3
NOT_A_CANDIDATE = "这个人现在不在可选的师傅里（在岗时间、徒弟人数、事项或在岗情况有变），请重新选。"
HAS_MASTER = "这名徒弟已经在结对中，请先办完原来的。"
NOT_AN_ASSESSOR = "考核人不能是师傅、徒弟、徒弟所在部门的负责人或其B角，请另选。"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Somebody who may be the master of one apprentice, with what speaks for it."""

    person: Person
    department: str
    post: str
    since: date
    is_same_department: bool
    apprentices: int
    items: Sequence[str]

    @property
    def reasons(self) -> list[str]:
        """Give the reasons, as people read them."""
        limit = settings.get(MASTER_LIMIT)
        found = [f"在现岗位{length_text(self.since, clock.today())}"]
        if self.is_same_department:
            found.append("与徒弟同部门")
        if self.items:
            more = f"等{len(self.items)}项" if len(self.items) > MOST_NAMED else ""
            found.append(f"有徒弟部门事项的授权：{'、'.join(self.items[:MOST_NAMED])}{more}")
        return [
            *found,
            f"现带徒弟{self.apprentices}名，上限{limit}名",
            "今天在岗",
            "不是徒弟的负责人",
        ]


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """Somebody who may need a master: not long in his post, and without one."""

    person: Person
    department: str
    post: str
    since: date


def is_active() -> ColumnElement[bool]:
    """Give the condition that a pair has not come to an end."""
    return MentoringPair.state.not_in(OVER)


def may_join(today: date) -> ColumnElement[bool]:
    """Give the condition that a person can agree and keep records on the site."""
    roles = [role for role in roles_with(JOIN) if role is not Role.SECTION_CHIEF]
    holds = select(RoleGrant.person_id).where(RoleGrant.role.in_(roles), *in_force(today))
    return Person.id.in_(holds)


def select_newcomers_for(user: Principal) -> Statement:
    """Select those of my departments who came to their post lately and have no master."""
    today = clock.today()
    since = add_months(today, -settings.get(NEWCOMER_MONTHS))
    has_master = select(MentoringPair.apprentice_id).where(is_active())
    statement = (
        select(Person, Department.name, Post.name, Placement.starts_on)
        .join(Placement, Placement.person_id == Person.id)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .where(
            *placed(today),
            Placement.starts_on > since,
            not_left(today),
            may_join(today),
            Person.id.not_in(has_master),
        )
    )
    departments = user.departments_of(DRAFT)
    if departments is not None:
        statement = statement.where(Placement.department_id.in_(departments))
    return statement


def newcomer_of(found: Sequence[Any]) -> Newcomer:
    """Name the parts of a result row."""
    person, department, post, since = found
    return Newcomer(person=person, department=department, post=post, since=since)


def get_newcomer_for(user: Principal, person_id: int) -> Newcomer | None:
    """Give somebody whom I may find a master for; also one who has been in his post for longer."""
    found = db.session.execute(
        select(Person, Department.name, Post.name, Placement.starts_on, Placement.department_id)
        .join(Placement, Placement.person_id == Person.id)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .where(Person.id == person_id, *placed(clock.today()), not_left(clock.today()))
    ).one_or_none()
    if found is None or not user.can(DRAFT, department_id=found[-1]):
        return None
    return newcomer_of(found[:-1])


def count_apprentices() -> ScalarSelect[int]:
    """Give how many apprentices somebody has now, as a column beside each person."""
    return (
        select(func.count())
        .select_from(MentoringPair)
        .where(MentoringPair.master_id == Person.id, is_active())
        .correlate(Person)
        .scalar_subquery()
    )


def select_candidates(apprentice_id: int) -> Statement:
    """Select who may be the master of somebody today."""
    today, department_id = clock.today(), department_of(apprentice_id)
    ready = add_months(today, -settings.get(MASTER_MONTHS))
    knows = select(Authorisation.person_id).join(
        ServiceItem, ServiceItem.id == Authorisation.service_item_id
    ).where(
        ServiceItem.department_id == department_id, periods.in_force(Authorisation, today)
    )  # fmt: skip
    away = select(Absence.person_id).where(*absent(today))
    # Whoever has a master is nobody's.
    learning = select(MentoringPair.apprentice_id).where(is_active())
    return (
        select(
            Person,
            Department.name,
            Post.name,
            Placement.starts_on,
            (Placement.department_id == department_id).label("is_same"),
            count_apprentices().label("apprentices"),
        )
        .join(Placement, Placement.person_id == Person.id)
        .join(Department, Department.id == Placement.department_id)
        .join(Post, Post.id == Placement.post_id)
        .where(
            *placed(today),
            Placement.starts_on <= ready,
            not_left(today),
            may_join(today),
            Person.id != apprentice_id,
            Person.id.not_in(learning),
            Person.id.not_in(list_leads(department_id, today)),
            Person.id.not_in(away),
            or_(Placement.department_id == department_id, Person.id.in_(knows)),
            count_apprentices() < settings.get(MASTER_LIMIT),
        )
    )


def department_of(person_id: int) -> int:
    """Give where somebody works today; raises RefusedError for one who does not."""
    placement = get_placement(person_id, clock.today())
    if placement is None:
        raise RefusedError(form="徒弟现在没有在岗的部门，不能结对。")
    return placement.department_id


def list_leads(department_id: int, day: date) -> Collection[int]:
    """Give who leads a department's windows on a day."""
    here = or_(RoleGrant.department_id.is_(None), RoleGrant.department_id == department_id)
    found = select(RoleGrant.person_id).where(
        RoleGrant.role == Role.WINDOW_LEAD, here, *in_force(day)
    )
    return set(db.session.scalars(found))


def candidates_of(apprentice_id: int, rows: Sequence[Sequence[Any]]) -> list[Candidate]:
    """Turn result rows into candidates, with what they are authorised for in one query more."""
    items = items_of({each[0].id for each in rows}, department_of(apprentice_id))
    return [
        Candidate(
            person=person,
            department=department,
            post=post,
            since=since,
            is_same_department=bool(is_same),
            apprentices=count,
            items=items.get(person.id, ()),
        )
        for person, department, post, since, is_same, count in rows
    ]


def items_of(people: Collection[int], department_id: int) -> dict[int, list[str]]:
    """Give the 事项 of a department for which some people are authorised today."""
    found: dict[int, list[str]] = {}
    rows = db.session.execute(
        select(Authorisation.person_id, ServiceItem.name)
        .join(ServiceItem, ServiceItem.id == Authorisation.service_item_id)
        .where(
            Authorisation.person_id.in_(people),
            ServiceItem.department_id == department_id,
            periods.in_force(Authorisation, clock.today()),
        )
        .order_by(ServiceItem.name, ServiceItem.id)
    )
    for person_id, name in rows:
        found.setdefault(person_id, []).append(name)
    return found


def get_candidate(apprentice_id: int, master_id: int) -> Candidate | None:
    """Give one candidate as he is today; None for somebody who is not on the list."""
    rows = db.session.execute(select_candidates(apprentice_id).where(Person.id == master_id)).all()
    found = candidates_of(apprentice_id, rows)
    return found[0] if found else None


def need_candidate(apprentice_id: int, master_id: int) -> Candidate:
    """Give a candidate of today, his row locked against a second pair; raises RefusedError."""
    periods.lock_people(sorted({apprentice_id, master_id}))
    found = get_candidate(apprentice_id, master_id)
    if found is None:
        raise RefusedError(form=NOT_A_CANDIDATE)
    return found


def check_room(pair: MentoringPair) -> None:
    """Refuse a pair whose master has no room for it, his row locked; raises RefusedError."""
    periods.lock_people([pair.master_id])
    others = select(func.count()).where(
        MentoringPair.master_id == pair.master_id, is_active(), MentoringPair.id != pair.id
    )
    limit = settings.get(MASTER_LIMIT)
    if (db.session.scalar(others) or 0) >= limit:
        raise RefusedError(form=f"这位师傅同时带的徒弟已经有{limit}名，请另选师傅。")


def refuse_second_master(apprentice_id: int) -> None:
    """Refuse a second pair of one apprentice; raises RefusedError."""
    found = select(MentoringPair.id).where(
        MentoringPair.apprentice_id == apprentice_id, is_active()
    )
    if db.session.scalar(found.limit(1)) is not None:
        raise RefusedError(form=HAS_MASTER)


def list_assessors(*, master_id: int, apprentice_id: int, department_id: int) -> list[Person]:
    """Give who may assess a pair: 业务科室负责人 first, then colleagues; all of them by pinyin.

    Neither of the two, nor who leads the apprentice, nor that one's stand-in.
    """
    today = clock.today()
    barred = {master_id, apprentice_id, *leads_and_deputies(department_id, today)}
    chiefs = set(
        db.session.scalars(
            select(RoleGrant.person_id).where(
                RoleGrant.role == Role.SECTION_CHIEF, *in_force(today)
            )
        )
    )
    there = select(Placement.person_id).where(
        Placement.department_id == department_id, *placed(today)
    )
    found = db.session.scalars(
        select(Person)
        .where(
            Person.id.not_in(barred),
            not_left(today),
            Person.joined_on <= today,
            or_(Person.id.in_(chiefs), Person.id.in_(there) & may_join(today)),
        )
        .order_by(Person.name_key, Person.id)
    ).all()
    return sorted(found, key=lambda each: each.id not in chiefs)


def leads_and_deputies(department_id: int, day: date) -> set[int]:
    """Give who leads a department's windows, and who stands in for those."""
    leads = list_leads(department_id, day)
    deputies = select(Deputy.deputy_id).where(
        Deputy.person_id.in_(leads), periods.in_force(Deputy, day)
    )
    return {*leads, *db.session.scalars(deputies)}


def check_assessor(
    *, assessor_id: int, master_id: int, apprentice_id: int, department_id: int
) -> None:
    """Refuse an assessor who stands too near to the pair; raises RefusedError."""
    allowed = list_assessors(
        master_id=master_id, apprentice_id=apprentice_id, department_id=department_id
    )
    if assessor_id not in {each.id for each in allowed}:
        raise RefusedError(assessor_id=NOT_AN_ASSESSOR)
