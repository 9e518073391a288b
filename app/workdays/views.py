"""The pages of both calendars: a year at a glance, one day, the usual hours, a year's notice."""

from collections.abc import Callable
from datetime import date
from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.forms import BaseForm, RefusedError, StaleEditError
from app.kernel.permissions import Permission, signed_in
from app.workdays import imports, lists, notices, service
from app.workdays.forms import (
    DayForm,
    DeadlineForm,
    HoursForm,
    ImportForm,
    hours_data,
    renew,
)
from app.workdays.models import DAY_KIND_LABELS, FIRST_YEAR, LAST_YEAR
from app.workdays.months import SIGNS, build_months
from app.workdays.periods import show_periods, show_week

blueprint = Blueprint("workdays", __name__, url_prefix="/workdays")

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value


@blueprint.get("")
@blueprint.get("/<int:year>")
@require(Permission.WORKDAYS_CALENDAR_READ)
def list_days(year: int | None = None) -> ResponseReturnValue:
    """Show a year, by default this one: its special days as a list, all its days as months."""
    today = clock.today()
    year = check_year(year or today.year)
    calendar = service.get_calendar()
    context = {
        "year": year,
        "years": year_tabs(".list_days", year),
        "can_edit": signed_in().can(Permission.WORKDAYS_CALENDAR_EDIT),
        "is_provisional": calendar.is_provisional(year),
        "listing": listing.show(
            lists.DAYS,
            service.select_days(year=year),
            request.args,
            url=url_for(".list_days", year=year),
            export_url=url_for(".export_days", year=year),
        ),
        "months": build_months(
            calendar, year=year, entries=service.list_days(year=year), today=today
        ),
        "weekdays": formats.WEEKDAYS,
        "signs": SIGNS,
    }
    if htmx.is_fragment_request():
        return render_template("workdays/_days.html", **context)
    return render_template(
        "workdays/list_days.html",
        form=DeadlineForm(formdata=None, received=clock.local(clock.now()), days=1),
        hours=[(each.valid_from, show_week(each.week)) for each in service.list_hours(on=today)],
        **context,
    )


@blueprint.get("/export")
@blueprint.get("/<int:year>/export")
@require(Permission.WORKDAYS_CALENDAR_READ)
def export_days(year: int | None = None) -> ResponseReturnValue:
    """Give the list as an Excel file."""
    year = check_year(year or clock.today().year)
    return answer_export(
        lists.DAYS,
        service.select_days(year=year),
        what="special_day",
        name=f"{year}年工作日与开放时间.xlsx",
        user=signed_in(),
    )


def check_year(year: int) -> int:
    """Answer 404 for a year that the table can't hold."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        abort(404)
    return year


def year_tabs(endpoint: str, year: int) -> list[dict[str, object]]:
    """Give the way to the year before and the year after."""
    return [
        {"label": f"{each}年", "url": url_for(endpoint, year=each), "is_current": each == year}
        for each in range(max(FIRST_YEAR, year - 1), min(LAST_YEAR, year + 1) + 1)
    ]


@blueprint.get("/deadline")
@require(Permission.WORKDAYS_CALENDAR_READ)
def show_deadline() -> ResponseReturnValue:
    """Count working days from when something was received."""
    form = DeadlineForm(formdata=request.args or None)
    deadline = None
    if request.args and form.validate():
        received, days = form.read_question()
        try:
            deadline = service.get_deadline(received=received, days=days)
        except RefusedError as refused:
            form.add_errors(refused.errors)
    name = "_deadline" if htmx.is_fragment_request() else "show_deadline"
    page = render_template(f"workdays/{name}.html", form=form, deadline=deadline)
    return page, 422 if form.errors else 200


@blueprint.route("/days/<string(length=10):day>/edit", methods=["GET", "POST"])
@require(Permission.WORKDAYS_CALENDAR_EDIT)
def edit_day(day: str) -> ResponseReturnValue:
    """Say whether one works on a day, and when the hall is open."""
    on, user = read_day(day), signed_in()
    form = DayForm(obj=service.get_day(day=on))
    if request.method != "POST":
        return show_day(form, on)
    status = save(
        form,
        lambda: service.change_day(entry=form.read_entry(on), changed_by_id=user.person_id),
    )
    if status:
        return show_day(form, on, status=status)
    flash(f"{formats.day(on)}已保存。", "success")
    return redirect(url_for(".list_days", year=on.year), 303)


def read_day(text: str) -> date:
    """Read a day out of an address, or answer 404."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        abort(404)
    # ISO 8601 has other forms of ten characters, such as 2026-W07-6.
    if day.isoformat() != text:
        abort(404)
    check_year(day.year)
    return day


def show_day(form: DayForm, day: date, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of a day; after a stale edit beside what is stored by now."""
    changes = None
    if status == STALE:
        changes = renew(form, DayForm(formdata=None, obj=service.get_day(day=day)))
    hours = show_periods(service.get_calendar().periods(day))
    page = render_template(
        "workdays/edit_day.html", form=form, day=day, hours=hours, changes=changes
    )
    return page, status


@blueprint.route("/hours/edit", methods=["GET", "POST"])
@require(Permission.WORKDAYS_CALENDAR_EDIT)
def edit_hours() -> ResponseReturnValue:
    """Set the hall's usual hours from a day on."""
    user, form = signed_in(), HoursForm(data=latest_hours())
    if request.method != "POST":
        return show_hours(form)
    status = save(
        form, lambda: service.change_hours(entry=form.read_entry(), changed_by_id=user.person_id)
    )
    if status:
        return show_hours(form, status=status)
    flash("开放时间已保存。", "success")
    return redirect(url_for(".list_days"), 303)


def latest_hours() -> dict[str, object]:
    """Give the usual hours that a change builds on: the planned ones, if there are any."""
    today = clock.today()
    return hours_data(service.list_hours(on=today)[-1], today=today)


def show_hours(form: HoursForm, *, status: int = 200) -> ResponseReturnValue:
    """Show the form of the usual hours; after a stale edit beside what is stored by now."""
    changes = None
    if status == STALE:
        changes = renew(form, HoursForm(formdata=None, data=latest_hours()))
    return render_template("workdays/edit_hours.html", form=form, changes=changes), status


@blueprint.route("/import", methods=["GET", "POST"])
@blueprint.route("/<int:year>/import", methods=["GET", "POST"])
@require(Permission.WORKDAYS_CALENDAR_EDIT)
def import_year(year: int | None = None) -> ResponseReturnValue:
    """Show what a year's notice would change, then register it: all of it or nothing."""
    year, user, form = check_year(year or clock.today().year), signed_in(), ImportForm()
    if request.method != "POST":
        form.notice.data = imports.get_notice(year=year) or notices.notice_title(year)
        return show_import(form, year)
    status = save(
        form,
        lambda: imports.import_year(
            year=year,
            notice=form.notice.data or "",
            seen=form.seen.data,
            imported_by_id=user.person_id,
        ),
    )
    if status:
        return show_import(form, year, status=status)
    flash(f"{year}年的放假安排已登记。", "success")
    return redirect(url_for(".list_days", year=year), 303)


def show_import(form: ImportForm, year: int, *, status: int = 200) -> ResponseReturnValue:
    """Show the differences as they are now, for agreeing to just these."""
    differences = imports.preview_import(year=year)
    form.seen.data = imports.fingerprint(differences)
    name = "_differences" if htmx.is_fragment_request() else "import_year"
    page = render_template(
        f"workdays/{name}.html",
        form=form,
        year=year,
        years=year_tabs(".import_year", year),
        differences=differences,
        notice=imports.get_notice(year=year),
        is_official=bool(notices.official_days(year)),
        is_stale=status == STALE,
        labels=DAY_KIND_LABELS,
    )
    return page, status


def save(form: BaseForm, act: Callable[[], object]) -> int:
    """Call a service in a write, if the form is valid.

    Gives 0 when it was done, otherwise the status with which the form comes back: 422 with
    messages, or 409 when what it was filled in on has changed.
    """
    if not form.validate():
        return REFUSED
    try:
        with db.write():
            act()
    except StaleEditError:
        return STALE
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return REFUSED
    return 0
