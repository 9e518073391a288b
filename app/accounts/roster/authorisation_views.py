"""Pages of 事项授权: the list, giving one, ending it with a date, cancelling it before that."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department, Person
from app.accounts.person_columns import person_columns
from app.accounts.roster import authorisations, people, periods
from app.accounts.roster.authorisations import GIVE, READ, AuthorisationRow, Giver, Home
from app.accounts.roster.models import Authorisation, ServiceItem
from app.accounts.roster.people_views import draw_form
from app.accounts.roster.period_forms import AuthorisationForm, EndPeriodForm
from app.accounts.roster.register_views import tabs_of
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.kernel import clock, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import ask_first, date_in, text_in
from app.kernel.permissions import Principal, signed_in

CANCEL_QUESTION = "取消后，这一项授权从未生效；要恢复，请重新授权。"
NO_ITEMS = "你负责的部门还没有在用的事项。请经办人先在“事项目录”里登记，再来授权。"

AUTHORISATIONS: listing.Listing[AuthorisationRow] = listing.Listing(
    id="authorisation-list",
    noun="项授权",
    title="事项授权",
    row=authorisations.row_of,
    columns=[
        *person_columns(lambda row: url_of(row.authorisation.id)),
        listing.Column(
            name="home", label="所在部门", cell=lambda row: row.home.name, sort=Home.position
        ),
        listing.Column(
            name="item", label="事项名称", cell=lambda row: row.item.name, sort=ServiceItem.name
        ),
        listing.Column(
            name="code",
            label="事项编码",
            cell=lambda row: row.item.code,
            is_short=True,
            sort=ServiceItem.code,
        ),
        listing.Column(
            name="department",
            label="事项部门",
            cell=lambda row: row.department.name,
            sort=Department.position,
        ),
        *periods.period_columns(Authorisation, lambda row: row.authorisation),
        listing.Column(
            name="giver",
            label="授权人",
            cell=lambda row: row.giver.name,
            is_short=True,
            sort=Giver.name_key,
        ),
        listing.Column(
            name="state",
            label="状态",
            cell=lambda row: periods.state_cell(row.authorisation),
        ),
    ],
    search=(
        *(Person.name, Person.staff_number, Person.name_key),
        *(ServiceItem.name, ServiceItem.code),
    ),
    search_label="姓名、拼音、工号、事项名称或编码",
    default_sort="person",
    tie_break=Authorisation.id.desc(),
    # Printed as it stands: one sheet holds about so many.
    per_page=40,
    empty_text="还没有事项授权。",
)


def listing_for(user: Principal) -> listing.Listing[Any]:
    """Give the list with the departments that somebody may choose from."""
    department = periods.department_filter(
        ServiceItem.department_id, user.departments_of(READ), "事项部门"
    )
    return replace(AUTHORISATIONS, filters=[department, periods.state_filter(Authorisation)])


@blueprint.get("/authorisations")
@require(READ)
def list_authorisations() -> ResponseReturnValue:
    """List the authorisations that I may see."""
    user, new_url = signed_in(), url_for("accounts.new_authorisation")
    may_give = user.can(GIVE)
    view = listing.show(
        listing_for(user),
        authorisations.select_authorisations_for(user),
        request.args,
        url=url_for("accounts.list_authorisations"),
        export_url=url_for("accounts.export_authorisations"),
        empty_action=("给第一个人授权", new_url) if may_give else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "accounts/list_authorisations.html",
        listing=view,
        tabs=tabs_of("list_authorisations"),
        new_url=new_url if may_give else None,
    )


@blueprint.get("/authorisations/export")
@require(READ)
def export_authorisations() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        listing_for(user),
        authorisations.select_authorisations_for(user),
        what="authorisations",
        name="事项授权.xlsx",
        user=user,
    )


@blueprint.route("/authorisations/new", methods=["GET", "POST"])
@require(GIVE)
def new_authorisation() -> ResponseReturnValue:
    """Authorise a person for a 事项 of a department that I answer for."""
    form, user = AuthorisationForm(), signed_in()
    form.prepare(authorisations.list_items_to_give(user))
    note = "" if form.service_item_id.choices else NO_ITEMS
    if request.method != "POST":
        form.staff_number.data = request.args.get("person", "")[:32]
        form.starts_on.data = clock.today()
        return draw_new(form, note)

    def act() -> int:
        return authorisations.give_authorisation(
            person_id=people.need_colleague(text_in(form.staff_number), field="staff_number"),
            service_item_id=form.service_item_id.data,
            starts_on=date_in(form.starts_on),
            ends_on=form.ends_on.data,
            granted_by_id=user.person_id,
        )

    given = save(form, act)
    if given is None:
        return draw_new(form, note, status=422)
    flash("已授权。", "success")
    return redirect(url_of(given), 303)


def draw_new(form: AuthorisationForm, note: str, *, status: int = 200) -> ResponseReturnValue:
    """Draw the form."""
    back = url_for("accounts.list_authorisations")
    return draw_form(form, "事项授权", back, note=note, status=status)


@blueprint.get("/authorisations/<int:authorisation_id>")
@require(READ)
def show_authorisation(authorisation_id: int) -> ResponseReturnValue:
    """Show one authorisation, and what I may do about it."""
    return draw(load(authorisation_id), EndPeriodForm())


def draw(row: AuthorisationRow, form: EndPeriodForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the page of an authorisation."""
    today, given = clock.today(), row.authorisation
    is_open = given.cancelled_at is None and not periods.is_over(given, today)
    may_act = is_open and may_decide(row) and given.person_id != signed_in().person_id
    page = render_template(
        "accounts/show_authorisation.html",
        row=row,
        days=periods.days(given),
        state=periods.state_cell(given),
        form=form,
        may_end=may_act and given.starts_on <= today,
        may_cancel=may_act and given.starts_on > today,
        question=CANCEL_QUESTION,
    )
    return page, status


@blueprint.post("/authorisations/<int:authorisation_id>/end")
@require(GIVE)
def end_authorisation(authorisation_id: int) -> ResponseReturnValue:
    """Let an authorisation end on a day."""
    row, form = load_mine(authorisation_id), EndPeriodForm()

    def act() -> bool:
        authorisations.end_authorisation(
            authorisation_id=authorisation_id,
            ends_on=date_in(form.ends_on),
            ended_by_id=signed_in().person_id,
        )
        return True

    if not save(form, act):
        return draw(row, form, status=422)
    flash("已写明结束日期。", "success")
    return redirect(url_of(authorisation_id), 303)


@blueprint.post("/authorisations/<int:authorisation_id>/cancel")
@require(GIVE)
def cancel_authorisation(authorisation_id: int) -> ResponseReturnValue:
    """Take back an authorisation that has not begun."""
    load_mine(authorisation_id)
    asked = ask_first(
        title="取消这一项授权？",
        question=CANCEL_QUESTION,
        label="确认取消",
        back_url=url_of(authorisation_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: authorisations.cancel_authorisation(
            authorisation_id=authorisation_id, cancelled_by_id=signed_in().person_id
        ),
        done="已取消。",
        to=url_of(authorisation_id),
    )


def url_of(authorisation_id: int) -> str:
    """Give the address of the page of an authorisation."""
    return url_for("accounts.show_authorisation", authorisation_id=authorisation_id)


def may_decide(row: AuthorisationRow) -> bool:
    """Tell whether I answer for the department of the 事项."""
    return signed_in().can(GIVE, department_id=row.department.id)


def load(authorisation_id: int) -> AuthorisationRow:
    """Load an authorisation that I may see, or answer 404."""
    row = authorisations.get_authorisation_for(signed_in(), authorisation_id)
    if row is None:
        abort(404)
    return row


def load_mine(authorisation_id: int) -> AuthorisationRow:
    """Load one that I may decide on: 404 where I may not see it, 403 where only read."""
    row = load(authorisation_id)
    if not may_decide(row):
        abort(403)
    return row
