"""The roster of the demonstration hall: windows, 事项, committees, and what changed of late.

A transfer in mid-quarter, somebody on maternity leave with a colleague in his place, A/B角 and 授权
that hold, are over, are yet to begin or were taken back: each page has something to show. All of it
is invented.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import select

from app.accounts.models import Person
from app.accounts.roster import authorisations, deputies, placements
from app.accounts.roster.models import (
    Absence,
    AbsenceKind,
    Committee,
    CommitteeMember,
    CommitteeOffice,
    Placement,
    Post,
    PostGroup,
    ServiceItem,
    ServiceWindow,
)
from app.kernel import db

WINDOW_LETTERS = "ABCDEFGHJK"
WINDOWS_EACH = 3
ITEMS = (
    ("不动产登记中心", "不动产登记（买卖转移）", "一次办好", True),
    ("不动产登记中心", "不动产抵押登记", "全程网办", True),
    ("区市场监管局", "企业设立登记", "全程网办", True),
    ("区市场监管局", "食品经营许可", "一次办好", True),
    ("区税务局", "发票领用", "全程网办", True),
    ("区税务局", "契税申报", "一次办好", False),
    ("区人力资源社会保障局", "灵活就业参保登记", "全程网办", True),
    ("区医疗保障局", "异地就医备案", "全程网办", True),
    ("区公安分局", "户口迁移", "一次办好", False),
    ("区卫生健康委", "公共场所卫生许可", "一次办好", False),
    ("区民政局", "婚姻登记预约", "网上预约", False),
    ("区规划资源局", "建设工程规划许可", "一次办好", False),
)
COMMITTEES = (
    ("效能建设领导小组", "审定方案，季度听取进展，协调部门间的事项。"),
    ("清廉窗口建设工作小组", "落实任务分解表，汇总台账，准备季度工作会材料。"),
)
# Of the cast: who types, who authorises, and a 综窗 who handles the 事项 of others.
CLERK, CHIEF, GENERAL = "QY0103", "QY0201", "QY0402"
# A角, B角 (places in the list of people), first and last day from the day of the demonstration on.
PAIRS = (
    (41, 42, -90, None),
    (42, 41, -90, None),
    (43, 42, -30, 60),
    (44, 45, -200, -20),
    (44, 46, -19, None),
    (47, 48, 15, 90),
    (50, 51, 30, None),
)
# Days from and until of 事项授权: without an end, with one, over, yet to begin.
PERIODS = ((-180, None), (-90, 180), (-300, -30), (20, None))
LATER = (45, None)


def fill(day: date, departments: Mapping[str, int]) -> None:
    """Fill the registers and let a few things happen, as of a working day; in the open write."""
    people = list(db.session.scalars(select(Person).order_by(Person.id)))
    add_windows(departments)
    add_items(departments)
    add_committees(people, day - timedelta(days=300))
    db.session.flush()
    seat_people()
    let_things_happen(people, day, departments)
    numbers = {each.staff_number: each.id for each in people}
    pair_up([each.id for each in people], day, by_id=numbers[CLERK])
    authorise(day, at_windows(), numbers)


def add_windows(departments: Mapping[str, int]) -> None:
    """Give every 进驻部门 a few windows under one letter."""
    stationed = list(departments.items())[2:]
    for letter, (name, department_id) in zip(WINDOW_LETTERS, stationed, strict=True):
        for place in range(1, WINDOWS_EACH + 1):
            db.session.add(
                ServiceWindow(
                    number=f"{letter}{place:02d}",
                    name=f"{name.removeprefix('区')}窗口",
                    department_id=department_id,
                )
            )


def add_items(departments: Mapping[str, int]) -> None:
    """Put some 事项 into the 事项目录."""
    for number, (department, name, depth, is_frequent) in enumerate(ITEMS, start=1):
        db.session.add(
            ServiceItem(
                code=f"QY-{number:03d}",
                name=name,
                department_id=departments[department],
                depth=depth,
                is_frequent=is_frequent,
                manual_version="2026版",
            )
        )


def add_committees(people: list[Person], since: date) -> None:
    """Set up both committees, each with a chair and members."""
    for place, (name, duty) in enumerate(COMMITTEES):
        committee = Committee(name=name, duty=duty)
        db.session.add(committee)
        db.session.flush()
        members = people[place * 4 + 8 : place * 4 + 13]
        offices = (CommitteeOffice.CHAIR, CommitteeOffice.VICE_CHAIR)
        for rank, person in enumerate(members):
            db.session.add(
                CommitteeMember(
                    committee_id=committee.id,
                    person_id=person.id,
                    office=offices[rank] if rank < len(offices) else CommitteeOffice.MEMBER,
                    starts_on=since,
                )
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
    for count, placement in enumerate(rows):
        mine = windows.get(placement.department_id)
        if mine:
            placement.window_id = mine[count % len(mine)]


def let_things_happen(people: list[Person], day: date, departments: Mapping[str, int]) -> None:
    """Let one be transferred, and one be absent with a colleague in his place."""
    moved, absent, standing_in = people[30], people[40], people[41]
    last = placements.get_placement(moved.id, day)
    if last is not None:
        placements.transfer(
            person_id=moved.id,
            department_id=departments["区市场监管局"],
            window_id=None,
            post_id=last.post_id,
            starts_on=day - timedelta(days=25),
        )
    db.session.add(
        Absence(
            person_id=absent.id,
            kind=AbsenceKind.MATERNITY,
            starts_on=day - timedelta(days=20),
            ends_on=day + timedelta(days=120),
            covered_by_id=standing_in.id,
        )
    )


def pair_up(people: Sequence[int], day: date, *, by_id: int) -> None:
    """Register A/B角 in every state, two of them for each other; the last is taken back."""
    added = [
        deputies.add_deputy(
            person_id=people[first],
            deputy_id=people[second],
            starts_on=day + timedelta(days=begin),
            ends_on=None if end is None else day + timedelta(days=end),
            added_by_id=by_id,
        )
        for first, second, begin, end in PAIRS
    ]
    deputies.cancel_deputy(deputy_id=added[-1], cancelled_by_id=by_id)


def at_windows() -> dict[int, list[int]]:
    """Give who works at the windows of each department."""
    found: dict[int, list[int]] = {}
    rows = db.session.scalars(
        select(Placement)
        .where(Placement.window_id.is_not(None), Placement.ends_on.is_(None))
        .order_by(Placement.id)
    )
    for row in rows:
        found.setdefault(row.department_id, []).append(row.person_id)
    return found


def authorise(day: date, people: Mapping[int, Sequence[int]], numbers: Mapping[str, int]) -> None:
    """Let the section chief authorise people for most 事项, in every state, one of them a 综窗."""
    items = db.session.scalars(select(ServiceItem).order_by(ServiceItem.code)).all()
    wanted = [
        (person_id, item.id, PERIODS[(count + place) % len(PERIODS)])
        for count, item in enumerate(items[:-2])
        for place, person_id in enumerate(people.get(item.department_id, ())[:3])
    ]
    wanted += [(numbers[GENERAL], items[0].id, PERIODS[0]), (numbers[GENERAL], items[2].id, LATER)]
    given = [
        authorisations.give_authorisation(
            person_id=person_id,
            service_item_id=item_id,
            starts_on=day + timedelta(days=begin),
            ends_on=None if end is None else day + timedelta(days=end),
            granted_by_id=numbers[CHIEF],
        )
        for person_id, item_id, (begin, end) in wanted
    ]
    authorisations.cancel_authorisation(authorisation_id=given[-1], cancelled_by_id=numbers[CHIEF])
