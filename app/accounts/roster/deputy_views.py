"""Pages of A/B角: the list, registering one, ending it with a date, cancelling it before that."""

from dataclasses import replace
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department, Person
from app.accounts.person_columns import person_columns
from app.accounts.roster import deputies, people, periods
from app.accounts.roster.deputies import DeputyRow, StandIn
from app.accounts.roster.models import Deputy, Placement
from app.accounts.roster.people_views import draw_form
from app.accounts.roster.period_forms import DeputyForm, EndPeriodForm
from app.accounts.roster.register_views import tabs_of
from app.accounts.views import blueprint
from app.audit.exports import answer_export
from app.kernel import clock, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import ask_first, date_in, text_in
from app.kernel.permissions import Permission, Principal, signed_in

READ, EDIT = Permission.ACCOUNTS_ROSTER_READ, Permission.ACCOUNTS_ROSTER_EDIT
CANCEL_QUESTION = "取消后，这一段A/B角从未生效；要恢复，请重新登记。"

DEPUTIES: listing.Listing[DeputyRow] = listing.Listing(
    id="deputy-list",
    noun="项A/B角",
    title="AB角",
    row=deputies.row_of,
    columns=[
        *person_columns(lambda row: url_of(row.deputy.id), label="A角", number_label="A角工号"),
        listing.Column(
            name="department",
            label="部门",
            cell=lambda row: row.department.name,
            sort=Department.position,
        ),
        listing.Column(
            name="stand-in", label="B角", cell=lambda row: row.stand_in.name, sort=StandIn.name_key
        ),
        listing.Column(
            name="stand-in-number", label="B角工号", cell=lambda row: row.stand_in.staff_number
        ),
        *periods.period_columns(Deputy, lambda row: row.deputy),
        listing.Column(name="state", label="状态", cell=lambda row: periods.state_cell(row.deputy)),
    ],
    search=(
        *(Person.name, Person.staff_number, Person.name_key),
        *(StandIn.name, StandIn.staff_number, StandIn.name_key),
    ),
    search_label="A角或B角的姓名、拼音、工号",
    default_sort="person",
    tie_break=Deputy.id.desc(),
    empty_text="还没有登记A/B角。",
)


def listing_for(user: Principal) -> listing.Listing[Any]:
    """Give the list with the departments that somebody may choose from."""
    department = periods.department_filter(Placement.department_id, user.departments_of(READ))
    return replace(DEPUTIES, filters=[department, periods.state_filter(Deputy)])


@blueprint.get("/deputies")
@require(READ)
def list_deputies() -> ResponseReturnValue:
    """List the A/B角 of the people whom I may see."""
    user, new_url = signed_in(), url_for("accounts.new_deputy")
    may_edit = user.can(EDIT)
    view = listing.show(
        listing_for(user),
        deputies.select_deputies_for(user),
        request.args,
        url=url_for("accounts.list_deputies"),
        export_url=url_for("accounts.export_deputies"),
        empty_action=("登记第一项A/B角", new_url) if may_edit else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "accounts/list_deputies.html",
        listing=view,
        tabs=tabs_of("list_deputies"),
        new_url=new_url if may_edit else None,
    )


@blueprint.get("/deputies/export")
@require(READ)
def export_deputies() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        listing_for(user),
        deputies.select_deputies_for(user),
        what="deputies",
        name="AB角.xlsx",
        user=user,
    )


@blueprint.route("/deputies/new", methods=["GET", "POST"])
@require(EDIT)
def new_deputy() -> ResponseReturnValue:
    """Register who stands in for a person."""
    form, user, back = DeputyForm(), signed_in(), url_for("accounts.list_deputies")
    if request.method != "POST":
        form.staff_number.data = request.args.get("person", "")[:32]
        form.starts_on.data = clock.today()
        return draw_form(form, "登记A/B角", back)

    def act() -> int:
        person_id = deputies.need_mine(user, text_in(form.staff_number), field="staff_number")
        deputy_id = people.need_colleague(text_in(form.deputy_number), field="deputy_number")
        return deputies.add_deputy(
            person_id=person_id,
            deputy_id=deputy_id,
            starts_on=date_in(form.starts_on),
            ends_on=form.ends_on.data,
            added_by_id=user.person_id,
        )

    added = save(form, act)
    if added is None:
        return draw_form(form, "登记A/B角", back, status=422)
    flash("已登记A/B角。", "success")
    return redirect(url_of(added), 303)


@blueprint.get("/deputies/<int:deputy_id>")
@require(READ)
def show_deputy(deputy_id: int) -> ResponseReturnValue:
    """Show one A/B角, and what I may do about it."""
    return draw(load(deputy_id), EndPeriodForm())


def draw(row: DeputyRow, form: EndPeriodForm, *, status: int = 200) -> ResponseReturnValue:
    """Draw the page of an A/B角."""
    today = clock.today()
    is_open = row.deputy.cancelled_at is None and not periods.is_over(row.deputy, today)
    may_edit = people.may_edit(signed_in(), row.department.id)
    page = render_template(
        "accounts/show_deputy.html",
        row=row,
        days=periods.days(row.deputy),
        state=periods.state_cell(row.deputy),
        form=form,
        may_end=may_edit and is_open and row.deputy.starts_on <= today,
        may_cancel=may_edit and is_open and row.deputy.starts_on > today,
        question=CANCEL_QUESTION,
    )
    return page, status


@blueprint.post("/deputies/<int:deputy_id>/end")
@require(EDIT)
def end_deputy(deputy_id: int) -> ResponseReturnValue:
    """Let an A/B角 end on a day."""
    row, form = load_mine(deputy_id), EndPeriodForm()

    def act() -> bool:
        deputies.end_deputy(
            deputy_id=deputy_id,
            ends_on=date_in(form.ends_on),
            ended_by_id=signed_in().person_id,
        )
        return True

    if not save(form, act):
        return draw(row, form, status=422)
    flash("已写明结束日期。", "success")
    return redirect(url_of(deputy_id), 303)


@blueprint.post("/deputies/<int:deputy_id>/cancel")
@require(EDIT)
def cancel_deputy(deputy_id: int) -> ResponseReturnValue:
    """Take back an A/B角 that has not begun."""
    load_mine(deputy_id)
    asked = ask_first(
        title="取消这一项A/B角？",
        question=CANCEL_QUESTION,
        label="确认取消",
        back_url=url_of(deputy_id),
    )
    if asked is not None:
        return asked
    return move(
        lambda: deputies.cancel_deputy(deputy_id=deputy_id, cancelled_by_id=signed_in().person_id),
        done="已取消。",
        to=url_of(deputy_id),
    )


def url_of(deputy_id: int) -> str:
    """Give the address of the page of an A/B角."""
    return url_for("accounts.show_deputy", deputy_id=deputy_id)


def load(deputy_id: int) -> DeputyRow:
    """Load an A/B角 that I may see, or answer 404."""
    row = deputies.get_deputy_for(signed_in(), deputy_id)
    if row is None:
        abort(404)
    return row


def load_mine(deputy_id: int) -> DeputyRow:
    """Load one of a person whose roster I keep: 404 where I may not see it, 403 where only read."""
    row = load(deputy_id)
    if not people.may_edit(signed_in(), row.department.id):
        abort(403)
    return row
