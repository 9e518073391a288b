"""The fixed cast: two departments, two staff, a 经办人 and a chief. All names are invented."""

from datetime import date

from sqlalchemy import select

from app.accounts import passwords, service
from app.accounts.models import Account
from app.kernel import db
from app.kernel.permissions import Role

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
        for staff_number, name, department, post, roles in CAST.values():
            service.add_person(
                staff_number=staff_number,
                name=name,
                department_id=ids[department],
                post=post,
                password_hash=password_hash,
                roles=roles,
                joined_on=JOINED_ON,
            )


def person_id(who: str) -> int:
    """Give the id of a member of the cast."""
    account = service.find_account(service.normalise(CAST[who][0]))
    assert account is not None
    return account.person_id


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
    return CAST[who][1]
