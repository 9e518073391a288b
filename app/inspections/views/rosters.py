"""Pages of the 值班表."""

from datetime import timedelta
from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from app.audit.exports import answer_export
from app.inspections import lists, people, rosters
from app.inspections.forms import DutyForm, WeekForm
from app.inspections.rosters import DutyRow
from app.inspections.views import blueprint
from app.kernel import clock, formats, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, signed_in

READ, EDIT = Permission.INSPECTIONS_ROSTER_READ, Permission.INSPECTIONS_ROSTER_EDIT
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value


@blueprint.get("/roster")
@require(READ)
def list_duties() -> ResponseReturnValue:
    """List the 值班表."""
    view = listing.show(
        lists.DUTIES,
        rosters.select_duties(),
        request.args,
        url=url_for(".list_duties"),
        export_url=url_for(".export_duties"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "inspections/list_duties.html", listing=view, can_edit=signed_in().can(EDIT)
    )


@blueprint.get("/roster/export")
@require(READ)
def export_duties() -> ResponseReturnValue:
    """Give the 值班表 as an Excel file."""
    return answer_export(
        lists.DUTIES,
        rosters.select_duties(),
        what="duty_entry",
        name="巡查值班表.xlsx",
        user=signed_in(),
    )


@blueprint.route("/roster/new", methods=["GET", "POST"])
@require(EDIT)
def new_duty() -> ResponseReturnValue:
    """Put a duty into one day or several."""
    today, user = clock.today(), signed_in()
    inspectors = [each.id for each in people.list_inspectors(today)]
    pair = dict(zip(("first_id", "second_id"), inspectors, strict=False))
    form = prepare(DutyForm(since=today, until=today, version=0, **pair))
    if request.method != "POST":
        return show_form(form)
    days = save(form, lambda: rosters.add_duties(duty=form.read_duty(), added_by_id=user.person_id))
    if days is None:
        return show_form(form, status=REFUSED)
    flash(f"已排{days}天值班。", "success")
    return redirect(url_for(".list_duties"), 303)


@blueprint.route("/roster/<int:entry_id>/edit", methods=["GET", "POST"])
@require(EDIT)
def edit_duty(entry_id: int) -> ResponseReturnValue:
    """Change who is on duty in one period."""
    row, user = load(entry_id), signed_in()
    entry = row.entry
    form = prepare(DutyForm(obj=entry, since=entry.day, until=entry.day))
    if request.method != "POST":
        return show_form(form, row)

    def act() -> bool:
        rosters.change_duty(
            entry_id=entry_id,
            seen_version=form.version.data,
            duty=form.read_duty(),
            changed_by_id=user.person_id,
        )
        return True

    try:
        if save(form, act) is None:
            return show_form(form, row, status=REFUSED)
    except StaleEditError:
        form.form_errors.append("别人刚改过这一条，请返回看过最新内容再改。")
        return show_form(form, row, status=STALE)
    flash("值班已保存。", "success")
    return redirect(url_for(".list_duties"), 303)


def load(entry_id: int) -> DutyRow:
    """Load one line, or answer 404."""
    row = rosters.get_duty(entry_id)
    if row is None:
        abort(404)
    return row


def prepare(form: DutyForm) -> DutyForm:
    """Fill in who may be chosen."""
    today = clock.today()
    form.prepare(people.list_inspectors(today), people.list_leaders(today))
    return form


def show_form(
    form: DutyForm, row: DutyRow | None = None, *, status: int = 200
) -> ResponseReturnValue:
    """Show the form of a duty; day and period of one that is there stay."""
    return render_template("inspections/edit_duty.html", form=form, row=row), status


@blueprint.route("/roster/copy", methods=["GET", "POST"])
@require(EDIT)
def copy_week() -> ResponseReturnValue:
    """Copy the week before into this week or the next one."""
    today, user = clock.today(), signed_in()
    monday = today - timedelta(days=today.weekday())
    weeks = {each.isoformat(): each for each in (monday, monday + rosters.WEEK)}
    form = WeekForm(monday=(monday + rosters.WEEK).isoformat())
    form.monday.choices = [
        SelectChoice(text, f"{formats.month_day(each)}开始的一周") for text, each in weeks.items()
    ]
    if request.method != "POST":
        return render_template("inspections/copy_week.html", form=form)
    count = save(
        form,
        lambda: rosters.copy_week(monday=weeks[form.monday.data], copied_by_id=user.person_id),
    )
    if count is None:
        return render_template("inspections/copy_week.html", form=form), REFUSED
    flash(f"已复制{count}条值班。", "success")
    return redirect(url_for(".list_duties"), 303)
