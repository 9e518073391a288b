"""The people of the demonstration hall 清源区政务服务中心: invented, the same for the same day."""

import itertools
import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.accounts import hall, passwords, service
from app.accounts.models import DUTIES_OF, AccountKind, DepartmentKind, Employment
from app.accounts.passwords import NO_PASSWORD
from app.accounts.privacy import demo as privacy_demo
from app.accounts.roster import demo as roster_demo
from app.audit.models import AuditEvent
from app.audit.service import append
from app.kernel import db
from app.kernel.permissions import Role

HALL_NAME = "清源区政务服务中心"
# For the cast; it stands on the entrance page for everybody to read.
PASSWORD = "Qingyuan-2026"  # noqa: S105

# In the hall's fixed 序列, with the number of staff; four departments are under five people.
DEPARTMENTS = (
    ("办公室", 7), ("业务科", 9), ("区公安分局", 8), ("区人力资源社会保障局", 8),
    ("区规划资源局", 6), ("不动产登记中心", 9), ("区市场监管局", 10), ("区税务局", 10),
    ("区卫生健康委", 5), ("区民政局", 3), ("区医疗保障局", 7), ("区气象局", 2),
)  # fmt: skip
SECTIONS = ("办公室", "业务科")
SECTION_KINDS = (Employment.CIVIL, Employment.INSTITUTION)
STATIONED_KINDS = (Employment.STATIONED, Employment.STATIONED, Employment.DISPATCHED)
SURNAMES = "沈陆顾梁秦许曾单仇任邵倪严金尤姚范奚程汤彭陶翟葛夏侯龚施"
GIVEN_NAMES = (
    "知远", "静怡", "晓岚", "文博", "思齐", "佳宁", "子衿", "书瑶", "明哲", "若溪", "嘉树", "望舒",
    "清越", "景行", "语桐", "安澜", "云帆", "雨涵", "一诺", "星河",
)  # fmt: skip
WAITING_EVERY = 20
POSTS = ("综合窗口", "专业窗口", "帮办", "导服", "后台")


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
        staff_number="QY0104", name="翟景行", department="办公室", post="后台", roles=(),
        kind=AccountKind.SYSADMIN, login_name="QY-xitong", says="账号、重设密码、申请角色",
    ),
    Member(
        staff_number="QY0105", name="任语桐", department="办公室", post="后台", roles=(),
        kind=AccountKind.SECADMIN, login_name="QY-anquan", says="授权和收回角色，定安全规则",
    ),
    Member(
        staff_number="QY0106", name="曾安澜", department="办公室", post="后台", roles=(),
        kind=AccountKind.AUDITOR, login_name="QY-shenji", says="查审计日志",
    ),
)  # fmt: skip


def fill(day: date) -> None:
    """Make the hall, its departments and some eighty people who all joined before the quarter."""
    # The crowd has a password that nobody knows; the cast's stands on the entrance page.
    password_hash = passwords.hash_password(secrets.token_urlsafe())
    cast_hash = passwords.hash_password(PASSWORD)
    joined_on = day - timedelta(days=400)
    with db.write():
        service.set_hall_name(HALL_NAME)
        service.separate_administrators()
        fill_profile()
        ids = {
            name: service.add_department(name=name, position=position, kind=kind_of(name))
            for position, (name, _) in enumerate(DEPARTMENTS, start=1)
        }
        for member in CAST:
            add(member, ids[member.department], cast_hash, joined_on)
        for place, member in enumerate(crowd()):
            # Some still wait for their activation slip.
            known = NO_PASSWORD if place % WAITING_EVERY == 0 else password_hash
            add(member, ids[member.department], known, joined_on)
        roster_demo.fill(day, ids)
        append(AuditEvent.SITE_SET_UP, person_id=None, demonstration=True)
    privacy_demo.fill(day)


def kind_of(department: str) -> DepartmentKind:
    """Tell the centre's own sections from 进驻部门."""
    return DepartmentKind.SECTION if department in SECTIONS else DepartmentKind.STATIONED


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


def add(member: Member, department_id: int, password_hash: str, joined_on: date) -> None:
    """Add one person to the open write, and the administrator's account of one of 三员."""
    place = int(member.staff_number[2:])
    kinds = SECTION_KINDS if member.department in SECTIONS else STATIONED_KINDS
    person_id = service.add_person(
        staff_number=member.staff_number,
        name=member.name,
        department_id=department_id,
        post=member.post,
        password_hash=password_hash,
        roles=member.roles,
        joined_on=joined_on,
        employment=kinds[place % len(kinds)],
        phone=f"1990000{place:04d}",
    )
    if member.kind is not AccountKind.BUSINESS:
        service.add_account(
            person_id=person_id,
            login_name=member.login_name,
            password_hash=password_hash,
            kind=member.kind,
        )


def crowd() -> list[Member]:
    """Invent everybody else, so that each department has its number."""
    taken = {member.name for member in CAST}
    names = (
        surname + given
        for given, surname in itertools.product(GIVEN_NAMES, SURNAMES)
        if surname + given not in taken
    )
    # Every seventh, so that neighbours in a list don't share a given name.
    spread = list(names)
    spread = [spread[index * 7 % len(spread)] for index in range(len(spread))]
    numbers = itertools.count(1001)
    people = iter(spread)
    return [
        Member(
            staff_number=f"QY{next(numbers)}",
            name=next(people),
            department=department,
            post=POSTS[place % len(POSTS)],
            roles=(Role.STAFF,),
            says="",
        )
        for department, size in DEPARTMENTS
        for place in range(size - sum(member.department == department for member in CAST))
    ]
