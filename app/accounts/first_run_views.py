"""Setting a site up, giving the first roles, opening the hall."""

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts import first_run, passwords, service, sessions, setup_code
from app.accounts.browser_session import remember
from app.accounts.first_run import FirstPerson
from app.accounts.first_run_forms import OWN, FirstRolesForm, SetUpForm
from app.accounts.policy import About, problems, security_profile
from app.accounts.role_views import load_grant
from app.accounts.views import blueprint
from app.kernel import db
from app.kernel.acts import move, save
from app.kernel.declared import proven, public, require
from app.kernel.forms import ask_first, text_in
from app.kernel.permissions import ROLE_LABELS, Permission, Role, signed_in

WRONG_CODE = "启动码不对。请看启动时屏幕上最后显示的那一个，注意不要带空格。"
SAME_NAME = "不能与工号相同：两个账号分开登录。"
SAME_PASSWORD = "不能与业务账号的密码相同。"  # noqa: S105 - a message.
OPEN_QUESTION = "完成以后，角色要由一人申请、另一人授权，不能再由你一个人给出。"


@blueprint.route("/set-up", methods=["GET", "POST"])
@public
def set_up() -> ResponseReturnValue:
    """Let the first person of a new site in; gone as soon as there is one."""
    if service.is_set_up():
        abort(404)
    form = SetUpForm()
    if not form.is_submitted():
        return show_set_up(form)
    if not (form.validate() and is_acceptable(form)):
        return show_set_up(form, status=422)
    first = FirstPerson(
        hall_name=text_in(form.hall_name),
        department_name=text_in(form.department_name),
        staff_number=text_in(form.staff_number),
        name=text_in(form.name),
        password_hash=passwords.hash_password(text_in(form.password)),
        login_name=text_in(form.login_name),
        administrator_hash=passwords.hash_password(text_in(form.administrator_password)),
    )
    with db.write():
        if service.is_set_up():
            abort(409)
        signed = sessions.begin_session(first_run.set_up(first))
    setup_code.use_up()
    remember(signed)
    return redirect(url_for("home.show_first_run"), 303)


def show_set_up(form: SetUpForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form, with the rules for its passwords."""
    page = render_template("accounts/set_up.html", form=form, profile=security_profile())
    return page, status


def is_acceptable(form: SetUpForm) -> bool:
    """Check what needs more than the form: the code, both passwords, and that they differ."""
    errors: dict[str, str] = {}
    if not setup_code.is_right(text_in(form.code)):
        errors["code"] = WRONG_CODE
    number, login_name = text_in(form.staff_number), text_in(form.login_name)
    if service.normalise(number) == service.normalise(login_name):
        errors["login_name"] = SAME_NAME
    for field, used in ((form.password, number), (form.administrator_password, login_name)):
        found = problems(text_in(field), about(form, used), security_profile())
        if found:
            errors[field.name] = "".join(found)
    if text_in(form.password) == text_in(form.administrator_password):
        errors.setdefault("administrator_password", SAME_PASSWORD)
    form.add_errors(errors)
    return not errors


def about(form: SetUpForm, login_name: str) -> About:
    """Gather what a password of the first person must not hold."""
    return About(
        hall_name=text_in(form.hall_name),
        login_name=login_name,
        staff_number=text_in(form.staff_number),
        name=text_in(form.name),
    )


@blueprint.route("/first-run/roles", methods=["GET", "POST"])
@require(Permission.ACCOUNTS_HALL_OPEN)
@proven
def list_first_roles() -> ResponseReturnValue:
    """Show the roles given so far, and give one to everybody named."""
    form = FirstRolesForm()
    form.prepare()
    if not first_run.is_first_run():
        flash(first_run.CLOSED, "info")
        return redirect(url_for("home.show_home"), 303)
    if not form.is_submitted():
        form.role.data = Role.SECTION_CHIEF
        return show_first_roles(form)

    def act() -> tuple[int]:
        given = first_run.give_roles(
            role=form.role.data,
            lines=form.lines(),
            is_own_department=form.scope.data == OWN,
            by_id=signed_in().person_id,
        )
        return (given,)

    done = save(form, act)
    if done is None:
        return show_first_roles(form, status=422)
    label = ROLE_LABELS[form.role.data]
    flash(f"已给{done[0]}人{label}。" if done[0] else f"这些人已经是{label}了。", "success")
    return redirect(url_for("accounts.list_first_roles"), 303)


def show_first_roles(form: FirstRolesForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the page."""
    page = render_template(
        "accounts/list_first_roles.html",
        form=form,
        rows=first_run.list_first_roles(),
        asked=first_run.list_asked(signed_in().person_id),
        roles=ROLE_LABELS,
        missing=[
            (ROLE_LABELS[role], first_run.NEEDED_BY[role]) for role in first_run.missing_roles()
        ],
    )
    return page, status


@blueprint.post("/first-run/roles/asked")
@require(Permission.ACCOUNTS_HALL_OPEN)
@proven
def give_asked_roles() -> ResponseReturnValue:
    """Give every role that the imported roster asks for."""
    return move(
        lambda: first_run.give_asked(by_id=signed_in().person_id),
        done="名单里申请的角色都已给出。",
        to=url_for("accounts.list_first_roles"),
    )


@blueprint.post("/first-run/roles/<int:grant_id>/withdraw")
@require(Permission.ACCOUNTS_HALL_OPEN)
@proven
def withdraw_first_role(grant_id: int) -> ResponseReturnValue:
    """Take back a role that was given by mistake."""
    load_grant(grant_id)
    return move(
        lambda: first_run.withdraw_role(grant_id=grant_id, by_id=signed_in().person_id),
        done="已撤回。",
        to=url_for("accounts.list_first_roles"),
    )


@blueprint.post("/first-run/open")
@require(Permission.ACCOUNTS_HALL_OPEN)
@proven
def open_hall() -> ResponseReturnValue:
    """End the first run."""
    back_url = url_for("home.show_first_run")
    asked = ask_first(
        title="确认完成首次启用？", question=OPEN_QUESTION, label="完成", back_url=back_url
    )
    if asked is not None:
        return asked
    return move(
        lambda: first_run.open_hall(by_id=signed_in().person_id),
        done="首次启用已完成。",
        to=back_url,
    )
