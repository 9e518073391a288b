"""Pages of roles: who asked, who granted, what holds today; asking, deciding and ending."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts import roles
from app.accounts.models import Person, RoleGrant
from app.accounts.person_columns import person_columns
from app.accounts.roles import GrantRow
from app.accounts.roster.people_forms import EndRoleForm, RoleForm
from app.accounts.roster.people_views import draw_form, load
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import proven, require
from app.kernel.forms import ask_first, date_in, text_in
from app.kernel.permissions import ROLE_LABELS, Permission, Role, signed_in

ASK, DECIDE = Permission.ACCOUNTS_ROLE_REQUEST, Permission.ACCOUNTS_ROLE_DECIDE


def period(row: GrantRow) -> str:
    """Write the days on which a grant holds."""
    start = formats.day(row.grant.starts_on)
    return f"{start}至{formats.day(row.grant.ends_on)}" if row.grant.ends_on else f"{start}起"


def state_cell(row: GrantRow) -> listing.Cell:
    """Show how far a grant is; one that waits leads to its decision."""
    text, kind = roles.state_of(row.grant, clock.today())
    return listing.Cell(text=text, kind=kind)


def state_is(value: str) -> listing.Condition:
    """Filter by how far a grant is."""
    today = clock.today()
    waits = roles.waits()
    holds = RoleGrant.is_granted.is_(True) & (
        RoleGrant.ends_on.is_(None) | (RoleGrant.ends_on >= today)
    )
    return {"waiting": waits, "valid": holds, "past": ~waits & ~holds}[value]


ROLES: listing.Listing[GrantRow] = listing.Listing(
    id="role-list",
    noun="项授权",
    title="角色授权",
    row=roles.row_of,
    columns=[
        *person_columns(lambda row: url_for("accounts.show_role", grant_id=row.grant.id)),
        listing.Column(
            name="role",
            label="角色",
            cell=lambda row: ROLE_LABELS[row.grant.role],
            sort=RoleGrant.role,
            is_short=True,
        ),
        listing.Column(name="scope", label="范围", cell=lambda row: row.department),
        listing.Column(name="period", label="期限", cell=period, sort=RoleGrant.starts_on),
        listing.Column(name="asker", label="申请人", cell=lambda row: row.requested_by),
        listing.Column(name="decider", label="授权人", cell=lambda row: row.decided_by),
        listing.Column(name="state", label="状态", cell=state_cell, sort=RoleGrant.decided_at),
    ],
    search=(Person.name, Person.staff_number, Person.name_key),
    search_label="姓名、拼音或工号",
    filters=[
        listing.Filter(
            name="state",
            label="状态",
            options=[("waiting", "待授权"), ("valid", "有效"), ("past", "已结束")],
            where=state_is,
        ),
        listing.Filter(
            name="role",
            label="角色",
            options=roles.role_choices(),
            where=lambda value: RoleGrant.role == Role(value),
        ),
    ],
    default_sort="person",
    tie_break=RoleGrant.id.desc(),
    empty_text="还没有授权记录。",
)


@blueprint.get("/roles")
@require(Permission.ACCOUNTS_ROLE_READ)
def list_roles() -> ResponseReturnValue:
    """List all grants, those that wait and those that are past included."""
    view = listing.show(
        ROLES,
        roles.select_grants_for(signed_in()),
        request.args,
        url=url_for("accounts.list_roles"),
        export_url=url_for("accounts.export_roles"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("accounts/list_roles.html", listing=view)


@blueprint.get("/roles/export")
@require(Permission.ACCOUNTS_ROLE_READ)
def export_roles() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        ROLES,
        roles.select_grants_for(signed_in()),
        what="roles",
        name="角色授权.xlsx",
        user=signed_in(),
    )


@blueprint.get("/roles/<int:grant_id>")
@require(Permission.ACCOUNTS_ROLE_READ)
def show_role(grant_id: int) -> ResponseReturnValue:
    """Show one grant with its path, and what I may do about it."""
    row = load_grant(grant_id)
    user, today = signed_in(), clock.today()
    text, kind = roles.state_of(row.grant, today)
    holds = row.grant.is_granted and not (row.grant.ends_on and row.grant.ends_on < today)
    is_mine = user.person_id in {row.grant.person_id, row.grant.requested_by_id}
    return render_template(
        "accounts/show_role.html",
        row=row,
        role=ROLE_LABELS[row.grant.role],
        state=text,
        kind=kind,
        period=period(row),
        may_decide=user.can(DECIDE) and roles.is_waiting(row.grant) and not is_mine,
        may_withdraw=roles.is_waiting(row.grant)
        and user.person_id == row.grant.requested_by_id
        and user.can(ASK),
        may_end=user.can(DECIDE) and holds and user.person_id != row.grant.person_id,
    )


@blueprint.route("/people/<int:person_id>/roles/new", methods=["GET", "POST"])
@require(ASK)
def new_role(person_id: int) -> ResponseReturnValue:
    """Ask that a person may act in a role."""
    row = load(person_id)
    form = RoleForm()
    form.prepare()
    back = url_for("accounts.show_person", person_id=person_id)
    title = f"为{row.person.name}申请角色"
    if request.method != "POST":
        form.starts_on.data = clock.today()
        return draw_form(form, title, back)

    def act() -> bool:
        roles.request_role(
            person_id=person_id,
            role=form.role.data,
            department_id=form.department_id.data or None,
            starts_on=date_in(form.starts_on),
            ends_on=form.ends_on.data,
            requested_by_id=signed_in().person_id,
        )
        return True

    if not save(form, act):
        return draw_form(form, title, back, status=422)
    flash("已申请，等安全管理员授权。", "success")
    return redirect(back, 303)


@blueprint.post("/roles/<int:grant_id>/decide")
@require(DECIDE)
@proven
def decide_role(grant_id: int) -> ResponseReturnValue:
    """Grant what was asked for, or refuse it."""
    row = load_grant(grant_id)
    decision = request.form.get("decision")
    if decision not in {"grant", "refuse"}:
        abort(400)
    word = "授权" if decision == "grant" else "不同意"
    asked = ask_first(
        title=f"确认{word}？",
        question=f"{row.person.name}，{ROLE_LABELS[row.grant.role]}，{row.department}，{period(row)}。",
        label=f"确认{word}",
        back_url=url_for("accounts.show_role", grant_id=grant_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: roles.decide(
            grant_id=grant_id,
            is_granted=decision == "grant",
            decided_by_id=signed_in().person_id,
        ),
        done=f"已{word}。",
        to=url_for("accounts.show_role", grant_id=grant_id),
    )


@blueprint.post("/roles/<int:grant_id>/withdraw")
@require(ASK)
def withdraw_role(grant_id: int) -> ResponseReturnValue:
    """Take back my own request."""
    load_grant(grant_id)
    return move(
        lambda: roles.withdraw(grant_id=grant_id, withdrawn_by_id=signed_in().person_id),
        done="已撤回申请。",
        to=url_for("accounts.show_role", grant_id=grant_id),
    )


@blueprint.route("/roles/<int:grant_id>/end", methods=["GET", "POST"])
@require(DECIDE)
@proven
def end_role(grant_id: int) -> ResponseReturnValue:
    """Take a role away from now on, with the reason."""
    row = load_grant(grant_id)
    form = EndRoleForm()
    back = url_for("accounts.show_role", grant_id=grant_id)
    title = f"收回{row.person.name}的{ROLE_LABELS[row.grant.role]}"
    if request.method != "POST":
        return draw_form(form, title, back)

    def act() -> bool:
        roles.end_role(
            grant_id=grant_id, reason=text_in(form.reason), ended_by_id=signed_in().person_id
        )
        return True

    if not save(form, act):
        return draw_form(form, title, back, status=422)
    flash("已收回，对方下次操作时要重新登录。", "success")
    return redirect(back, 303)


def load_grant(grant_id: int) -> GrantRow:
    """Load a grant that I may see, or answer 404."""
    mine = roles.select_grants_for(signed_in())
    found = db.session.execute(mine.where(RoleGrant.id == grant_id)).one_or_none()
    if found is None:
        abort(404)
    return roles.row_of(found)
