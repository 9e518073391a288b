"""What waits on the home page: appointments, roles to be granted, accounts without a slip."""

from flask import url_for
from sqlalchemy import select

from app.accounts import appointments, roles, slips
from app.accounts.administration import ACCOUNT_KIND_LABELS
from app.accounts.models import Person, RoleGrant
from app.kernel import db
from app.kernel.feature import HomeCard, HomeTask
from app.kernel.permissions import ROLE_LABELS, Permission, Principal

MOST_FACTS = 3


def show_card(user: Principal) -> HomeCard:
    """Gather what somebody is appointed to, what he decides on, and accounts that he keeps."""
    tasks = own_task(user)
    if user.can(Permission.ACCOUNTS_ADMINISTRATOR_DECIDE):
        tasks += appointment_tasks(user)
    if user.can(Permission.ACCOUNTS_ROLE_DECIDE):
        tasks += role_task(user)
    if user.can(Permission.ACCOUNTS_ACCOUNT_MANAGE):
        tasks += slip_task()
    return HomeCard(tasks=tuple(tasks))


def role_task(user: Principal) -> list[HomeTask]:
    """Make one task of the roles that this person may decide on; what is his own is another's."""
    found = db.session.execute(
        select(Person.name, RoleGrant.role)
        .join(Person, Person.id == RoleGrant.person_id)
        .where(
            roles.waits(),
            RoleGrant.person_id != user.person_id,
            RoleGrant.requested_by_id.is_distinct_from(user.person_id),
        )
        .order_by(RoleGrant.id)
    ).all()
    if not found:
        return []
    return [
        HomeTask(
            title=f"{len(found)}项角色等你授权",
            facts=tuple(f"{name}：{ROLE_LABELS[role]}" for name, role in found[:MOST_FACTS]),
            hint="一人申请、另一人授权。授权后，对方下次操作时重新登录就生效。",
            action="去授权",
            url=url_for("accounts.list_roles", state="waiting"),
        )
    ]


def slip_task() -> list[HomeTask]:
    """Make one task of the accounts whose owners have no code to activate them."""
    found = slips.waiting(department_id=None, is_again=False)
    if not found:
        return []
    names = [person.name for _, person, _ in found]
    more = ("等",) if len(names) > MOST_FACTS else ()
    return [
        HomeTask(
            title=f"{len(found)}个账号等着激活",
            facts=("、".join(names[:MOST_FACTS]) + "".join(more),),
            hint="打印激活单，当面交给本人；本人用激活码设置密码后才能登录。",
            action="打印激活单",
            url=url_for("accounts.print_slips"),
        )
    ]


def own_task(user: Principal) -> list[HomeTask]:
    """Make the task of beginning as administrator, for whoever was appointed."""
    mine = None if user.is_administrator else appointments.find_mine(user.person_id)
    if mine is None:
        return []
    return [
        HomeTask(
            title=f"你被任命为{ACCOUNT_KIND_LABELS[mine.kind]}",
            facts=(f"登录名{mine.login_name}",),
            hint="自己设好管理员账号的密码，就可以启用。",
            action="去启用",
            url=url_for("accounts.accept_appointment"),
        )
    ]


def appointment_tasks(user: Principal) -> list[HomeTask]:
    """Make a task of each appointment that this person may confirm."""
    return [
        HomeTask(
            title=f"{row.person.name}任{ACCOUNT_KIND_LABELS[row.appointment.kind]}",
            facts=("待确认", f"{row.requested_by}提出"),
            hint=row.appointment.reason,
            action="去确认",
            url=url_for("accounts.show_appointment", appointment_id=row.appointment.id),
        )
        for row in appointments.list_waiting_for(user.person_id)
    ]
