"""Commands for the person who runs the site."""

import click
from flask.cli import AppGroup

from app.accounts import passwords, service
from app.kernel import clock, db
from app.kernel.permissions import Role

commands = AppGroup("accounts", help="人员与登录。")


@commands.command("add-person")
@click.option("--staff-number", required=True, help="工号")
@click.option("--name", required=True, help="姓名")
@click.option("--department", required=True, help="部门名称；没有的会新建，排在最后")
@click.option("--post", default="窗口", help="岗位")
@click.option("--role", "roles", multiple=True, type=click.Choice([r.value for r in Role]))
@click.password_option(prompt="密码", confirmation_prompt="再输一次", help="初始密码")
def add_person(  # noqa: PLR0917 - click hands over one argument per option.
    staff_number: str, name: str, department: str, post: str, roles: tuple[str, ...], password: str
) -> None:
    """Add a person who can sign in."""
    password_hash = passwords.hash_password(password)
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
