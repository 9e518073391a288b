"""The people of the demonstration hall 清源区政务服务中心: invented, the same for the same day."""

import itertools
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from app.accounts import crowds, demo_appointments, hall, passwords, service
from app.accounts.demo_days import BEGUN, assessed_quarters, at, weekday
from app.accounts.demo_names import invent
from app.accounts.models import DUTIES_OF, AccountKind, DepartmentKind, Employment, Person
from app.accounts.passwords import NO_PASSWORD
from app.accounts.privacy import demo as privacy_demo
from app.accounts.roster import demo as roster_demo
from app.accounts.roster.demo_hall import DEPARTMENTS, LEFT, MIXED, Home
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import clock, db
from app.kernel.permissions import Role

HALL_NAME = "清源区政务服务中心"
# For the cast; it stands on the entrance page for everybody to read.
PASSWORD = "Qingyuan-2026"  # noqa: S105

SECTION_KINDS = (Employment.CIVIL, Employment.INSTITUTION)
# At the windows of 进驻部门 the centre's own people sit beside those whom others send and assess.
WINDOW_KINDS = (
    Employment.STATIONED, Employment.INSTITUTION, Employment.INSTITUTION, Employment.DISPATCHED,
)  # fmt: skip
CHIEF, LEAD, BACK_OFFICE, SPECIAL = "科室负责人", "窗口负责人", "后台", "专业窗口"
MIXED_POSTS = ("综合窗口", "综合窗口", "导服", "综合窗口", "综合窗口", "帮办", "导服")
LEADERS = ("中心主任", "中心副主任")
# From this size on a department has somebody behind the windows, and somebody who helps.
HAS_BACK_OFFICE, HAS_ASSISTANT = 5, 8
# Those who came this week wait for their activation slip, in the departments that recruit.
RECRUITS = (MIXED, "区税务局", "区市场监管局", "不动产登记中心", "公证处", "区公安分局", "供电公司")
CAST_DAYS = 1100
# Id and post of people, by department.
Staff = Mapping[str, Sequence[tuple[int, str]]]
# Of the others nobody came later than this, or earlier than the years after it.
LEAST_DAYS, STEP_DAYS, MOST_YEARS = 150, 131, 9
# But one: he came in the last weeks of a quarter, and has too few days in it for a total.
LATE_COMER, LATE_DAYS = 1197, 13


@dataclass(frozen=True, kw_only=True)
class Member:
    """Somebody of the cast whom a visitor may enter as.

    Of 三员 each has an administrator's account beside his own, and is entered as with that.
    """

    staff_number: str
    name: str
    department: str
    post: str
    roles: tuple[Role, ...]
    says: str
    kind: AccountKind = AccountKind.BUSINESS
    login_name: str = ""
    # Whether his roles hold in his own department only.
    is_scoped: bool = False

    @property
    def enters_as(self) -> str:
        """What he types to sign in."""
        return self.login_name or self.staff_number

    @property
    def duties(self) -> tuple[Role, ...]:
        """As what he is entered."""
        return tuple(DUTIES_OF[self.kind]) or self.roles


CAST = (
    Member(
        staff_number="QY0301", name="沈知远", department="不动产登记中心", post="专业窗口",
        roles=(Role.STAFF,), says="有一场一月一考等着参加",
    ),
    Member(
        staff_number="QY0402", name="梁静怡", department="业务科", post="综合窗口",
        roles=(Role.STAFF,), says="已经交卷，可以看上月成绩单",
    ),
    Member(
        staff_number="QY0103", name="陆文博", department="办公室", post="经办人",
        roles=(Role.CLERK,), says="命题、组卷、送审，看成绩",
    ),
    Member(
        staff_number="QY0201", name="顾晓岚", department="业务科", post="科室负责人",
        roles=(Role.SECTION_CHIEF,), says="审核发布试卷，公布成绩",
    ),
    Member(
        staff_number="QY0104", name="翟景行", department="办公室", post="后台", roles=(Role.STAFF,),
        kind=AccountKind.SYSADMIN, login_name="QY-xitong", says="账号、重设密码、申请角色",
    ),
    Member(
        staff_number="QY0105", name="任语桐", department="办公室", post="后台", roles=(Role.STAFF,),
        kind=AccountKind.SECADMIN, login_name="QY-anquan", says="授权和收回角色，定安全规则",
    ),
    Member(
        staff_number="QY0106", name="曾安澜", department="办公室", post="后台", roles=(Role.STAFF,),
        kind=AccountKind.AUDITOR, login_name="QY-shenji", says="查审计日志",
    ),
    Member(
        staff_number="QY0302", name="葛书宁", department="不动产登记中心", post="窗口负责人",
        roles=(Role.WINDOW_LEAD,), says="签收整改和建议单，填写本部门承诺", is_scoped=True,
    ),
    Member(
        staff_number="QY0501", name="祝承安", department="督查科", post="后台",
        roles=(Role.INSPECTOR,), says="现场巡查，开整改通知单",
    ),
    Member(
        staff_number="QY0502", name="时予安", department="督查科", post="后台",
        roles=(Role.INSPECTOR,), says="复查别人开的整改",
    ),
    Member(
        staff_number="QY0503", name="乔月明", department="督查科", post="后台",
        roles=(Role.FEEDBACK_OFFICER,), says="受理企业群众的意见，回访",
    ),
    Member(
        staff_number="QY0101", name="柏长青", department="办公室", post="中心副主任",
        roles=(Role.LEADER,), says="审定承诺，签发建议单",
    ),
    Member(
        staff_number="QY0102", name="庄思齐", department="办公室", post="科室负责人",
        roles=(Role.OFFICE,), says="受理金点子，核验，管大厅屏",
    ),
    Member(
        staff_number="QY0107", name="樊若水", department="办公室", post="后台",
        roles=(Role.PARTY_BRANCH,), says="确认党员示范岗",
    ),
    Member(
        staff_number="QY0108", name="符明远", department="办公室", post="后台",
        roles=(Role.DISCIPLINE,), says="签收移送单",
    ),
)  # fmt: skip


def fill(day: date) -> None:
    """Make the hall, its departments and some two hundred and forty people."""
    # Accounts are as of this moment, whatever the day: a password is renewed after ninety days.
    set_at = clock.now()
    # The crowd has a password that nobody knows; the cast's stands on the entrance page.
    password_hash = passwords.hash_password(secrets.token_urlsafe())
    cast_hash = passwords.hash_password(PASSWORD)
    with clock.frozen(at(day - BEGUN, 9)), db.write():
        service.set_hall_name(HALL_NAME)
        service.separate_administrators()
        fill_profile()
        homes = add_departments()
        join_cast = day - timedelta(days=CAST_DAYS)
        for member in CAST:
            add(member, homes[member.department], cast_hash, join_cast, set_at)
        people = [*crowd(day)]
        ids = crowds.add_people(
            [newcomer(each, homes, password_hash) for each in people], password_set_at=set_at
        )
        append(AuditEvent.SITE_SET_UP, person_id=None, demonstration=True)
    with db.write():
        roster_demo.fill(day, homes, with_leaders(staff_by_department(people, ids)))
    demo_appointments.fill(day)
    privacy_demo.fill(day)


def add_departments() -> dict[str, int]:
    """Add the departments in their 序列; gives their ids by name."""
    return {
        home.name: service.add_department(name=home.name, position=position, kind=home.kind)
        for position, home in enumerate(DEPARTMENTS, start=1)
    }


def fill_profile() -> None:
    """Say what the invented hall prints about itself; nobody answers these numbers."""
    profile = replace(
        hall.get_profile(),
        former_name="清源区行政服务中心",
        number_prefix="优建",
        supervision_phone="0000-5550123",
        office_hours="周一至周五9:00—17:00，周六9:00—12:00",
    )
    hall.change_profile(profile=profile, changed_by_id=None)


def add(
    member: Member,
    department_id: int,
    password_hash: str,
    joined_on: date,
    set_at: datetime | None = None,
) -> None:
    """Add one of the cast to the open write, of 三员 with his administrator's account."""
    colleague = Colleague(member=member, joined_on=joined_on)
    person = newcomer(colleague, {member.department: department_id}, password_hash)
    [person_id] = crowds.add_people([person], password_set_at=set_at)
    if member.kind is not AccountKind.BUSINESS:
        with clock.frozen(set_at or clock.now()):
            service.add_account(
                person_id=person_id,
                login_name=member.login_name,
                password_hash=password_hash,
                kind=member.kind,
            )


@dataclass(frozen=True, kw_only=True)
class Colleague:
    """Somebody with the day on which he came; a recruit still waits for his activation slip."""

    member: Member
    joined_on: date
    is_recruit: bool = False


def newcomer(colleague: Colleague, homes: Mapping[str, int], password_hash: str) -> crowds.Newcomer:
    """Give somebody as he is added."""
    member = colleague.member
    place = int(member.staff_number[2:])
    return crowds.Newcomer(
        staff_number=member.staff_number,
        name=member.name,
        department_id=homes[member.department],
        post=member.post,
        password_hash=NO_PASSWORD if colleague.is_recruit else password_hash,
        roles=member.roles,
        joined_on=colleague.joined_on,
        employment=employment_of(member, place),
        phone=f"1990000{place:04d}",
        is_scoped=member.is_scoped,
    )


def employment_of(member: Member, place: int) -> Employment:
    """Say who employs somebody: 综合窗口 and its helpers come from a labour company."""
    if member.post in {CHIEF, *LEADERS}:
        return Employment.CIVIL
    if member.department == MIXED:
        return Employment.DISPATCHED
    # 派驻纪检组 is an outside body: it has a desk in the hall, and belongs to another.
    if Role.DISCIPLINE in member.roles:
        return Employment.STATIONED
    if member.post == LEAD:
        return Employment.STATIONED
    is_section = KINDS[member.department] is DepartmentKind.SECTION
    kinds = SECTION_KINDS if is_section else WINDOW_KINDS
    return kinds[place % len(kinds)]


KINDS = {home.name: home.kind for home in DEPARTMENTS}


def crowd(day: date) -> Iterator[Colleague]:
    """Invent everybody else, so that each department has its number; then those who left since."""
    names = invent({member.name for member in CAST})
    numbers = itertools.count(1001)
    recruits = {*RECRUITS}
    for department, post in [*posts(), *((name, post) for name, post, _ in LEFT)]:
        number = next(numbers)
        late = assessed_quarters(day)[1].last - timedelta(days=LATE_DAYS)
        is_recruit = post in {SPECIAL, "综合窗口"} and department in recruits
        recruits -= {department} if is_recruit else set()
        yield Colleague(
            member=Member(
                staff_number=f"QY{number}",
                name=next(names),
                department=department,
                post=post,
                roles=(Role.LEADER,) if post in LEADERS else (Role.STAFF,),
                says="",
            ),
            joined_on=weekday(
                late
                if number == LATE_COMER
                else day - timedelta(days=days_here(number, is_recruit=is_recruit))
            ),
            is_recruit=is_recruit,
        )


def posts() -> Iterator[tuple[str, str]]:
    """Give the department and post of everybody beside the cast."""
    for home in DEPARTMENTS:
        free = home.size - sum(member.department == home.name for member in CAST)
        for post in itertools.islice(posts_of(home), free):
            yield home.name, post


def posts_of(home: Home) -> Iterator[str]:
    """Give the posts of a department, whoever leads it first."""
    of_cast = {member.post for member in CAST if member.department == home.name}
    if home.name == "办公室":
        yield from (post for post in LEADERS if post not in of_cast)
    if home.kind is DepartmentKind.SECTION:
        yield from {CHIEF} - of_cast
        yield from itertools.cycle(MIXED_POSTS if home.name == MIXED else (BACK_OFFICE,))
    yield from {LEAD} - of_cast
    yield from ("帮办",) if home.size >= HAS_ASSISTANT else ()
    yield from (BACK_OFFICE,) if home.size >= HAS_BACK_OFFICE else ()
    yield from itertools.repeat(SPECIAL)


def days_here(number: int, *, is_recruit: bool) -> int:
    """Say how long ago somebody came: spread over the years, recruits within this week."""
    if is_recruit:
        return 1 + number % 4
    return LEAST_DAYS + number * STEP_DAYS % (MOST_YEARS * 365)


def with_leaders(staff: Staff) -> Staff:
    """Put those of the cast who lead a department or the centre before its other people."""
    leading = [each for each in CAST if each.post in {CHIEF, LEAD, *LEADERS}]
    rows = db.session.execute(
        select(Person.staff_number, Person.id).where(
            Person.staff_number.in_([each.staff_number for each in leading])
        )
    )
    ids = dict(rows.all())
    first: dict[str, list[tuple[int, str]]] = {}
    for each in leading:
        first.setdefault(each.department, []).append((ids[each.staff_number], each.post))
    return {name: [*first.get(name, []), *found] for name, found in staff.items()}


def staff_by_department(people: Iterable[Colleague], ids: Iterable[int]) -> Staff:
    """Give id and post of everybody beside the cast, by department, in the order of adding."""
    found: dict[str, list[tuple[int, str]]] = {home.name: [] for home in DEPARTMENTS}
    for person_id, each in zip(ids, people, strict=True):
        found[each.member.department].append((person_id, each.member.post))
    return found
