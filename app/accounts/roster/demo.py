"""The roster of the demonstration hall: windows, 事项, committees, and what changed of late.

A transfer in mid-quarter, people on leave with colleagues in their place, some who have left, roles
that wait for their grant: each page has something to show. All of it is invented, and written by
the services, each act on its day.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from operator import itemgetter

from sqlalchemy import select

from app.accounts import roles, service
from app.accounts.demo_days import BEGUN, at, mid_quarter, weekday
from app.accounts.models import Person, RoleGrant
from app.accounts.roster import committees, demo_pairs, people, registers
from app.accounts.roster.demo_hall import DEPARTMENTS, LEFT, MIXED, SECTIONS, window_numbers
from app.accounts.roster.models import (
    Absence,
    AbsenceKind,
    Committee,
    CommitteeOffice,
    Placement,
    Post,
    PostGroup,
    ServiceItem,
    ServiceWindow,
)
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.permissions import Role

CLERK, CHIEF, GRANTER = "QY0103", "QY0201", "QY0105"
Act = tuple[datetime, Callable[[], object]]

COMMITTEES = (
    ("效能建设领导小组", "审定方案，季度听取进展，协调部门间的事项。"),
    ("清廉窗口建设工作小组", "落实任务分解表，汇总台账，准备季度工作会材料。"),
)
# Whose leads sit in the leading group, beside the heads of the centre and its sections.
LARGE = ("区公安分局", "区人力资源社会保障局", "区市场监管局", "区税务局", "不动产登记中心")

# Department, the how-manieth of those who work alike there, why, first and last day told from the
# demonstration's, and who stands in.
ABSENCES: tuple[tuple[str, int, AbsenceKind, int, int, int | None], ...] = (
    ("区医疗保障局", 1, AbsenceKind.MATERNITY, -118, 40, 2),
    ("区税务局", 3, AbsenceKind.MATERNITY, -50, 108, 4),
    ("区教育局", 1, AbsenceKind.SICK, -33, -29, None),
    ("区公安分局", 2, AbsenceKind.ANNUAL, -28, -24, 3),
    ("不动产登记中心", 4, AbsenceKind.SICK, -6, 8, 5),
    (MIXED, 2, AbsenceKind.ANNUAL, -2, 1, 3),
    ("区市场监管局", 3, AbsenceKind.ANNUAL, -1, 3, None),
    ("公积金管理部", 1, AbsenceKind.ANNUAL, 0, 4, None),
    ("区规划资源局", 1, AbsenceKind.ERRAND, 0, 1, None),
    ("区卫生健康委", 1, AbsenceKind.TRAINING, 0, 0, None),
    ("区应急管理局", 1, AbsenceKind.DUTY, 0, 0, None),
)
# Department, the how-manieth, role, days ago, and what was decided; None waits.
GRANTS: tuple[tuple[str, int, Role, int, bool | None], ...] = (
    ("督查科", 0, Role.INSPECTOR, 45, True),
    ("业务科", 1, Role.FEEDBACK_OFFICER, 45, True),
    ("业务科", 2, Role.PARTY_BRANCH, 44, True),
    ("区税务局", 2, Role.WINDOW_LEAD, 12, False),
    ("区公安分局", 1, Role.WINDOW_LEAD, 1, None),
    ("业务科", 0, Role.INSPECTOR, 1, None),
)


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who and what there is to act with; people by department, each with his post."""

    day: date
    departments: Mapping[str, int]
    staff: Mapping[str, Sequence[tuple[int, str]]]
    clerk: int
    chief: int
    granter: int

    def with_post(self, department: str, *posts: str) -> list[int]:
        """Give those of a department who have one of these posts."""
        return [number for number, post in self.staff[department] if post in posts]

    def someone(self, department: str, place: int) -> int:
        """Give one of those who do a department's usual work."""
        usual = {MIXED: "综合窗口", **{name: "后台" for name in SECTIONS if name != MIXED}}
        return self.with_post(department, usual.get(department, "专业窗口"))[place]

    def moment_of(self, days: int, hour: int = 15) -> datetime:
        """Give when something was written down: on a weekday, and not before the site began."""
        day = weekday(self.day + timedelta(days=days))
        return at(max(day, self.day - BEGUN + timedelta(days=1)), hour)

    def lead(self, department: str) -> int:
        """Give who leads a section or a department's windows."""
        return self.with_post(department, "科室负责人", "窗口负责人")[0]


def fill(
    day: date,
    departments: Mapping[str, int],
    staff: Mapping[str, Sequence[tuple[int, str]]],
) -> None:
    """Fill the registers and let things happen, as of a working day; in the open write."""
    numbers = dict(
        db.session.execute(
            select(Person.staff_number, Person.id).where(
                Person.staff_number.in_((CLERK, CHIEF, GRANTER))
            )
        ).all()
    )
    stage = Stage(
        day=day,
        departments=departments,
        staff=staff,
        clerk=numbers[CLERK],
        chief=numbers[CHIEF],
        granter=numbers[GRANTER],
    )
    with clock.frozen(at(day - BEGUN, 10)):
        fill_registers(stage)
        fill_committees(stage)
        name_leads(stage)
        seat_people()
    let_things_happen(stage)


def fill_registers(stage: Stage) -> None:
    """Give every department its windows and its 事项."""
    windows = [
        ServiceWindow(
            number=number,
            name="综合受理窗口" if home.name == MIXED else f"{home.name.removeprefix('区')}窗口",
            department_id=stage.departments[home.name],
        )
        for home, number in window_numbers()
    ]
    items = [(home, *item) for home in DEPARTMENTS for item in home.items]
    enter(registers.WINDOWS, windows, stage.clerk)
    enter(
        registers.SERVICE_ITEMS,
        [
            ServiceItem(
                code=f"QY-{number:03d}",
                name=name,
                department_id=stage.departments[home.name],
                depth=depth,
                is_frequent=is_frequent,
                manual_version="2026版",
            )
            for number, (home, name, depth, is_frequent) in enumerate(items, start=1)
        ],
        stage.clerk,
    )


def enter(
    register: registers.Register, entries: Sequence[registers.Entry], entered_by_id: int
) -> None:
    """Add entries to a register as `registers.save_entry` does, all at once."""
    db.session.add_all(entries)
    db.session.flush()
    for entry in entries:
        append(
            AuditEvent.ACCOUNTS_REGISTER_CHANGED,
            person_id=entered_by_id,
            object_type=register.model.__tablename__,
            object_id=entry.id,
            before={},
            after=registers.values_of(register, entry),
        )


def fill_committees(stage: Stage) -> None:
    """Set up both committees, each with a chair and members."""
    found = [Committee(name=name, duty=duty) for name, duty in COMMITTEES]
    enter(registers.COMMITTEES, found, stage.clerk)
    leaders = stage.with_post("办公室", "中心主任", "中心副主任")
    sections = [stage.lead("办公室"), stage.chief, stage.lead(MIXED), stage.lead("督查科")]
    leading = [*leaders, *sections, *(stage.lead(name) for name in LARGE)]
    working = [*sections, stage.clerk, stage.someone("督查科", 0)]
    offices = (CommitteeOffice.CHAIR, CommitteeOffice.VICE_CHAIR)
    for committee, members in zip(found, (leading, working), strict=True):
        for rank, person_id in enumerate(members):
            committees.add_member(
                committee_id=committee.id,
                person_id=person_id,
                office=offices[rank] if rank < len(offices) else CommitteeOffice.MEMBER,
                starts_on=clock.today(),
                by_id=stage.clerk,
            )


def name_leads(stage: Stage) -> None:
    """Make whoever leads a department's windows its 窗口负责人; some have an A/B角."""
    for home in DEPARTMENTS:
        if home.name not in SECTIONS:
            service.grant_at_set_up(
                person_id=stage.lead(home.name),
                role=Role.WINDOW_LEAD,
                starts_on=clock.today(),
                department_id=stage.departments[home.name],
            )


def seat_people() -> None:
    """Give whoever works at windows one of his department's."""
    groups = (PostGroup.GENERAL, PostGroup.SPECIAL)
    rows = db.session.scalars(
        select(Placement)
        .join(Post, Post.id == Placement.post_id)
        .where(Post.post_group.in_(groups))
        .order_by(Placement.id)
    )
    windows: dict[int, list[int]] = {}
    for window in db.session.scalars(select(ServiceWindow).order_by(ServiceWindow.number)):
        windows.setdefault(window.department_id, []).append(window.id)
    seats = {department: itertools.cycle(mine) for department, mine in windows.items()}
    for placement in rows:
        if placement.department_id in seats:
            placement.window_id = next(seats[placement.department_id])
    db.session.flush()


def let_things_happen(stage: Stage) -> None:
    """Do what happened since, in the order in which it did, the clock standing at each."""
    acts = [*absences(stage), *transfers(stage), *departures(stage), *grants(stage)]
    acts += [*demo_pairs.pairs(stage), *demo_pairs.authorise(stage)]
    for moment, act in sorted(acts, key=itemgetter(0)):
        with clock.frozen(moment):
            act()


def absences(stage: Stage) -> Iterator[Act]:
    """Let people be absent, some with a colleague in their place; one leave is taken back."""
    for department, place, kind, first, last, cover in ABSENCES:
        act = partial(
            people.add_absence,
            person_id=stage.someone(department, place),
            kind=kind,
            starts_on=stage.day + timedelta(days=first),
            ends_on=stage.day + timedelta(days=last),
            covered_by_id=None if cover is None else stage.someone(department, cover),
            by_id=stage.clerk,
        )
        yield stage.moment_of(min(first, 0) - 1), act
    plan = partial(
        people.add_absence,
        person_id=stage.someone("区商务委", 0),
        kind=AbsenceKind.ANNUAL,
        starts_on=stage.day + timedelta(days=5),
        ends_on=stage.day + timedelta(days=9),
        covered_by_id=None,
        by_id=stage.clerk,
    )
    yield stage.moment_of(-8), plan
    yield stage.moment_of(-2), partial(cancel_last_absence, stage)


def cancel_last_absence(stage: Stage) -> None:
    """Take back the leave that was planned for later."""
    person_id = stage.someone("区商务委", 0)
    found = db.session.scalars(select(Absence.id).where(Absence.person_id == person_id)).one()
    people.cancel_absence(person_id=person_id, absence_id=found, by_id=stage.clerk)


def transfers(stage: Stage) -> Iterator[Act]:
    """Transfer one in mid-quarter, one within his section, and one from next month on."""
    middle = mid_quarter(stage.day)
    following = (stage.day.replace(day=1) + timedelta(days=32)).replace(day=1)
    ago = (middle - stage.day).days
    rows = (
        (stage.someone("区规划资源局", 2), "区市场监管局", "E08", "专业窗口", middle, ago - 1),
        (stage.with_post(MIXED, "导服")[0], MIXED, "F08", "综合窗口", None, -35),
        (stage.someone("区商务委", 1), MIXED, "F07", "综合窗口", following, -1),
    )
    for person_id, department, window, post, starts_on, days in rows:
        written = stage.moment_of(days)
        act = partial(
            people.transfer,
            person_id=person_id,
            place=place(stage, department, window, post),
            starts_on=starts_on or clock.local(written).date() + timedelta(days=3),
            by_id=stage.clerk,
        )
        yield written, act


def place(stage: Stage, department: str, window: str, post: str) -> people.Place:
    """Find a place by the words that stand above it."""
    window_id = select(ServiceWindow.id).where(ServiceWindow.number == window)
    post_id = select(Post.id).where(Post.name == post)
    return people.Place(
        department_id=stage.departments[department],
        window_id=db.session.scalars(window_id).one(),
        post_id=db.session.scalars(post_id).one(),
    )


def departures(stage: Stage) -> Iterator[Act]:
    """Let those leave who are beyond the number, and let one more say when he will."""
    gone = [(stage.staff[name][-1][0], -days) for name, _, days in LEFT]
    for person_id, days in [*gone, (stage.someone("区农业农村委", 1), 9)]:
        act = partial(
            people.let_leave,
            person_id=person_id,
            left_on=weekday(stage.day + timedelta(days=days)),
            by_id=stage.clerk,
        )
        yield stage.moment_of(min(days, 0) - 1), act


def grants(stage: Stage) -> Iterator[Act]:
    """Let roles be asked for by the 经办人; most are decided within the hour."""
    for department, number, role, days, is_granted in GRANTS:
        person_id = stage.someone(department, number)
        written = stage.moment_of(-days, 10)
        starts_on = clock.local(written).date()
        act = partial(
            roles.request_role,
            person_id=person_id,
            role=role,
            department_id=stage.departments[department] if role is Role.WINDOW_LEAD else None,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=365),
            requested_by_id=stage.clerk,
        )
        yield written, act
        if is_granted is not None:
            decision = partial(decide, person_id, is_granted=is_granted, by_id=stage.granter)
            yield written + timedelta(hours=1), decision


def decide(person_id: int, *, is_granted: bool, by_id: int) -> None:
    """Decide on the role that waits for somebody."""
    waiting = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id, RoleGrant.decided_at.is_(None)
    )
    grant_id = db.session.scalars(waiting).one()
    roles.decide(grant_id=grant_id, is_granted=is_granted, decided_by_id=by_id)
