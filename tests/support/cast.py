"""The fixed cast: two departments, two staff, one of each other role, and 三员. Names are invented.

Each of 三员 is a person with a business account without a role, and an administrator's account of
his own: signing in as `sysadmin` means with that one.
"""

from datetime import date

from sqlalchemy import select

from app.accounts import passwords, service
from app.accounts.models import Account, AccountKind
from app.kernel import clock, db
from app.kernel.permissions import Principal, Role

PASSWORD = "Quiet-Window-2026"
JOINED_ON = date(2025, 1, 6)
HALL_NAME = "试验区政务服务中心"

# Key, 工号, name, department, post, roles.
CAST = {
    "staff": ("SY001", "单知远", "不动产登记中心", "专业窗口", [Role.STAFF]),
    "other": ("SY002", "梁静怡", "区税务局", "综合窗口", [Role.STAFF]),
    "clerk": ("SY003", "陆文博", "区税务局", "经办人", [Role.CLERK]),
    "chief": ("SY004", "顾晓岚", "不动产登记中心", "科室负责人", [Role.SECTION_CHIEF]),
}
# The same, for the other roles; they come last, so that nobody else's number depends on them.
OTHERS = {
    "lead": ("SY005", "葛书宁", "不动产登记中心", "科室负责人", [Role.WINDOW_LEAD]),
    "inspector": ("SY006", "祝承安", "区税务局", "后台", [Role.INSPECTOR]),
    "branch": ("SY007", "樊若水", "区税务局", "后台", [Role.PARTY_BRANCH]),
    "officer": ("SY008", "乔月明", "区税务局", "后台", [Role.FEEDBACK_OFFICER]),
    "office": ("SY009", "庄思齐", "区税务局", "后台", [Role.OFFICE]),
    "leader": ("SY010", "柏长青", "区税务局", "后台", [Role.LEADER]),
    "discipline": ("SY014", "符明远", "区税务局", "后台", [Role.DISCIPLINE]),
}
# Whose role holds in his own department only; that of all others in the whole centre.
SCOPED = {"lead"}
# Key, 工号 of the person, name, login name of the administrator's account, its kind.
ADMINISTRATORS = {
    "sysadmin": ("SY011", "翟景行", "xt-zhai", AccountKind.SYSADMIN),
    "secadmin": ("SY012", "任语桐", "aq-ren", AccountKind.SECADMIN),
    "auditor": ("SY013", "曾安澜", "sj-zeng", AccountKind.AUDITOR),
}
DEPARTMENTS = ("不动产登记中心", "区税务局")


def fill() -> None:
    """Put the cast into an empty database; inside an application context."""
    password_hash = passwords.hash_password(PASSWORD)
    with db.write():
        service.set_hall_name(HALL_NAME)
        ids = {
            name: service.add_department(name=name, position=place)
            for place, name in enumerate(DEPARTMENTS, start=1)
        }
        for who, member in CAST.items():
            add_member(who, member, ids, password_hash)
        for staff_number, name, login_name, kind in ADMINISTRATORS.values():
            added = service.add_person(
                staff_number=staff_number,
                name=name,
                department_id=ids[DEPARTMENTS[0]],
                post="后台",
                password_hash=password_hash,
                roles=[],
                joined_on=JOINED_ON,
            )
            service.add_account(
                person_id=added, login_name=login_name, password_hash=password_hash, kind=kind
            )
        service.separate_administrators()
        for who, member in OTHERS.items():
            add_member(who, member, ids, password_hash)


Member = tuple[str, str, str, str, list[Role]]


def add_member(who: str, member: Member, ids: dict[str, int], password_hash: str) -> None:
    """Add one of the cast to the open write, with his roles."""
    staff_number, name, department, post, roles = member
    added = service.add_person(
        staff_number=staff_number,
        name=name,
        department_id=ids[department],
        post=post,
        password_hash=password_hash,
        roles=[] if who in SCOPED else roles,
        joined_on=JOINED_ON,
    )
    for role in roles if who in SCOPED else []:
        service.grant_at_set_up(
            person_id=added, role=role, starts_on=JOINED_ON, department_id=ids[department]
        )


def person_id(who: str) -> int:
    """Give the id of a member of the cast."""
    return account(who).person_id


def account(who: str) -> Account:
    """Give the account that a member of the cast signs in with."""
    login_name = ADMINISTRATORS[who][2] if who in ADMINISTRATORS else member_of(who)[0]
    found = service.find_account(service.normalise(login_name))
    assert found is not None
    return found


def principal(who: str) -> Principal:
    """Give a member of the cast as services see who acts, with what he holds today."""
    found = account(who)
    return Principal(
        account_id=found.id,
        person_id=found.person_id,
        name=name_of(who),
        staff_number="",
        department_id=0,
        department_name="",
        grants=service.grants_of(found, clock.today()),
        session_id="",
        is_administrator=found.kind is not AccountKind.BUSINESS,
    )


def department_ids() -> list[int]:
    """Give the ids of the cast's departments."""
    return [department.id for department in service.list_departments()]


def add_staff(count: int) -> list[int]:
    """Add more staff, half of them in each department; returns their ids."""
    password_hash = db.session.scalars(select(Account.password_hash)).first() or ""
    homes = department_ids()
    with db.write():
        return [
            service.add_person(
                staff_number=f"SY{place:04d}",
                name=f"员工{place}",
                department_id=homes[place % len(homes)],
                post="综合窗口",
                password_hash=password_hash,
                roles=[Role.STAFF],
                joined_on=JOINED_ON,
            )
            for place in range(1000, 1000 + count)
        ]


def name_of(who: str) -> str:
    """Give the name of a member of the cast."""
    return ADMINISTRATORS[who][1] if who in ADMINISTRATORS else member_of(who)[1]


def member_of(who: str) -> Member:
    """Give what is known of one of the cast with a business account."""
    return CAST.get(who) or OTHERS[who]
