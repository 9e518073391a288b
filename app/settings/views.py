"""The pages of business numbers: all of them at a glance, and one with its history and its form."""

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.kernel import clock, db, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.forms import RefusedError, StaleEditError, text_in
from app.kernel.permissions import Permission, signed_in
from app.settings import lists, service
from app.settings.forms import ChangeForm, make_form
from app.settings.service import Standing

blueprint = Blueprint("settings", __name__, url_prefix="/settings")

REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY.value
STALE = HTTPStatus.CONFLICT.value


@blueprint.get("")
@require(Permission.SETTINGS_VALUE_READ)
def list_settings() -> ResponseReturnValue:
    """Show all business numbers as they stand today."""
    view = listing.show(
        lists.SETTINGS,
        lists.select_settings(service.list_standings(on=clock.today())),
        request.args,
        url=url_for(".list_settings"),
        export_url=url_for(".export_settings"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("settings/list_settings.html", listing=view)


@blueprint.get("/export")
@require(Permission.SETTINGS_VALUE_READ)
def export_settings() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    return answer_export(
        lists.SETTINGS,
        lists.select_settings(service.list_standings(on=clock.today())),
        what="setting",
        name="参数设置.xlsx",
        user=signed_in(),
    )


@blueprint.route("/<string:key>", methods=["GET", "POST"])
@require(Permission.SETTINGS_VALUE_READ)
def edit_setting(key: str) -> ResponseReturnValue:
    """Show one business number and what it ever was; whoever sets it changes it here."""
    user, standing = signed_in(), load(key)
    tomorrow = clock.today() + timedelta(days=1)
    form = make_form(standing, tomorrow=tomorrow)
    if request.method != "POST":
        return show_setting(form, standing)
    if not service.may_change(user, standing.setting):
        abort(403)
    if not form.validate():
        return show_setting(form, standing, status=REFUSED)
    try:
        with db.write():
            service.change_setting(
                setting=standing.setting,
                change=form.read_change(),
                set_by_id=user.person_id,
                set_by=user.name,
            )
    except StaleEditError:
        return show_stale(form, key)
    except RefusedError as refused:
        form.add_errors(refused.errors)
        return show_setting(form, standing, status=REFUSED)
    flash(
        f"{standing.setting.label}已保存，{formats.day(form.read_change().valid_from)}起生效。",
        "success",
    )
    return redirect(url_for(".edit_setting", key=key), 303)


def load(key: str) -> Standing:
    """Give how a setting stands today, or answer 404."""
    standing = service.get_standing(key, on=clock.today())
    if standing is None:
        abort(404)
    return standing


def show_stale(form: ChangeForm, key: str) -> ResponseReturnValue:
    """Show what is stored by now beside what was typed; sending it again decides."""
    standing = load(key)
    setting = standing.setting
    form.version.data = standing.version
    stored = [f"{setting.show(standing.value)}（现在）"]
    stored += [f"{setting.show(value)}（{formats.day(day)}起）" for day, value in standing.planned]
    changes = [(setting.label, "、".join(stored), text_in(form.value))]
    return show_setting(form, standing, status=STALE, changes=changes)


def show_setting(
    form: ChangeForm,
    standing: Standing,
    *,
    status: int = 200,
    changes: list[tuple[str, str, str]] | None = None,
) -> ResponseReturnValue:
    """Show the page; htmx gets the list of former values alone."""
    setting = standing.setting
    view = listing.show(
        lists.list_history(setting),
        service.select_history(setting.key),
        request.args,
        url=url_for(".edit_setting", key=setting.key),
        export_url=url_for(".export_history", key=setting.key),
    )
    if htmx.is_fragment_request() and request.method != "POST":
        return render_template("_listing/_list.html", listing=view)
    page = render_template(
        "settings/edit_setting.html",
        form=form,
        setting=setting,
        facts=lists.texts_of(standing),
        default=setting.show(setting.default),
        can_change=service.may_change(signed_in(), setting),
        changes=changes,
        listing=view,
    )
    return page, status


@blueprint.get("/<string:key>/export")
@require(Permission.SETTINGS_VALUE_READ)
def export_history(key: str) -> ResponseReturnValue:
    """Give one setting's values as an Excel file."""
    setting = load(key).setting
    return answer_export(
        lists.list_history(setting),
        service.select_history(key),
        what="setting_value",
        name=f"{setting.label}的变更.xlsx",
        user=signed_in(),
    )
