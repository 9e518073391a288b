"""Commands for the person who runs the site."""

import click
from flask.cli import AppGroup

from app.accounts import appointments, first_run, passwords, service
from app.accounts.administration import ACCOUNT_KIND_LABELS
from app.accounts.credentials import about as about_account
from app.accounts.models import Account, AccountKind
from app.accounts.own_account import set_password as replace_password
from app.accounts.policy import About, problems, security_profile
from app.accounts.roles import GRANTABLE
from app.kernel import clock, db
from app.kernel.forms import RefusedError
from app.kernel.permissions import ROLE_LABELS, Role

ADMINISTRATORS = tuple(kind for kind in AccountKind if kind is not AccountKind.BUSINESS)

commands = AppGroup("accounts", help="人员与登录。")


@commands.command("add-person")
@click.option("--staff-number", required=True, help="工号")
@click.option("--name", required=True, help="姓名")
@click.option("--department", required=True, help="部门名称；没有的会新建，排在最后")
@click.option("--post", default="窗口", help="岗位")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([role.value for role in GRANTABLE])
)
@click.password_option(prompt="密码", confirmation_prompt="再输一次", help="初始密码")
def add_person(  # noqa: PLR0917 - click hands over one argument per option.
    staff_number: str, name: str, department: str, post: str, roles: tuple[str, ...], password: str
) -> None:
    """Add a person who can sign in."""
    about = About(
        hall_name=service.hall_name(), login_name=staff_number, staff_number=staff_number, name=name
    )
    password_hash = hash_checked(password, about)
    with db.write():
        if service.find_account(service.normalise(staff_number)) is not None:
            raise click.ClickException(f"工号{staff_number}已经有人使用。")
        known = {each.name: each.id for each in service.list_departments()}
        department_id = known.get(department) or service.add_department(
            name=department, position=len(known) + 1
        )
        service.add_person(
            staff_number=staff_number,
            name=name,
            department_id=department_id,
            post=post,
            password_hash=password_hash,
            roles=[Role(role) for role in roles] or [Role.STAFF],
            joined_on=clock.today(),
        )
    click.echo(f"已添加：{name}（{staff_number}）", err=True)


@commands.command("grant")
@click.option("--staff-number", required=True, help="工号")
@click.option("--role", required=True, type=click.Choice([role.value for role in GRANTABLE]))
@click.option("--department", help="只管一个部门的，写部门名称；不写就是全中心")
def grant(staff_number: str, role: str, department: str | None) -> None:
    """Give a person a role, where nobody is left who could ask or decide."""
    with db.write():
        account = known_account(staff_number)
        departments = {each.name: each.id for each in service.list_departments()}
        if department is not None and department not in departments:
            raise click.ClickException(f"没有部门{department}。")
        scope = departments.get(department) if department else None
        first_run.give(account.person_id, Role(role), scope, None)
    click.echo(f"已给{staff_number}：{ROLE_LABELS[Role(role)]}。", err=True)


@commands.command("set-administrator")
@click.option("--staff-number", required=True, help="工号")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in ADMINISTRATORS]))
@click.option("--login-name", required=True, help="管理员登录名")
@click.password_option(prompt="密码", confirmation_prompt="再输一次", help="管理员账号的密码")
def set_administrator(staff_number: str, kind: str, login_name: str, password: str) -> None:
    """Make a person an administrator, where nobody is left who could appoint one."""
    about = About(
        hall_name=service.hall_name(), login_name=login_name, staff_number=staff_number, name=""
    )
    password_hash = hash_checked(password, about)
    with db.write():
        account = known_account(staff_number)
        try:
            appointments.set_administrator(
                person_id=account.person_id,
                kind=AccountKind(kind),
                login_name=login_name,
                password_hash=password_hash,
            )
        except RefusedError as refused:
            raise click.ClickException(str(refused)) from refused
    click.echo(f"已设{staff_number}为{ACCOUNT_KIND_LABELS[AccountKind(kind)]}。", err=True)


def known_account(staff_number: str) -> Account:
    """Give the account of a 工号; raises ClickException for an unknown one."""
    known = service.find_account(service.normalise(staff_number))
    if known is None:
        raise click.ClickException(f"没有工号{staff_number}。")
    return known


@commands.command("set-password")
@click.option("--staff-number", required=True, help="工号")
@click.password_option(prompt="新密码", confirmation_prompt="再输一次", help="新密码")
def set_password(staff_number: str, password: str) -> None:
    """Give a person a new password and end his sessions."""
    known = known_account(staff_number)
    password_hash = hash_checked(password, about_account(known))
    with db.write():
        account = db.session.get_one(Account, known.id)
        replace_password(account=account, password_hash=password_hash)
    click.echo(f"已重设{staff_number}的密码，原有登录全部失效。", err=True)


def hash_checked(password: str, about: About) -> str:
    """Hash a typed password; raises ClickException for one that the policy refuses."""
    found = problems(password, about, security_profile())
    if found:
        raise click.ClickException("".join(found))
    return passwords.hash_password(password)
