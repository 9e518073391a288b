"""Pages of groups: the list, one with its playlist, registering, changing, stopping."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.kernel import db, htmx, listing
from app.kernel.acts import move, save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError, ask_first, text_in
from app.kernel.permissions import Permission, signed_in
from app.screens import legibility, lists, playlists, service
from app.screens.forms import GroupForm, NewGroupForm, PackageForm
from app.screens.models import (
    ORIENTATION_LABELS,
    PACE_LABELS,
    ScreenGroup,
    ScreenOrientation,
    ScreenPackage,
)
from app.screens.packages import select_packages
from app.screens.views import blueprint

RECENT_PACKAGES = 10
MOST_NAMED = 8
STOP_QUESTION = "停播后，这一组的所有大厅屏一分钟内改为显示大厅名称和12345热线，直到恢复播放。"
STALE = "别人在你打开之后改过这组大厅屏，你的修改还没有保存。请对照上面的最新内容再保存。"
USUAL_SIZES = {
    ScreenOrientation.LANDSCAPE: (1920, 1080),
    ScreenOrientation.PORTRAIT: (1080, 1920),
}
LOCAL_HOSTS = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a group's screens get their page, and whether they keep it without the server."""

    url: str
    has_worker: bool


@blueprint.get("/screens")
@require(Permission.SCREENS_GROUP_READ)
def list_groups() -> ResponseReturnValue:
    """List the groups."""
    user = signed_in()
    may_edit = service.may_edit(user)
    view = listing.show(
        lists.GROUPS,
        service.select_groups_for(user),
        request.args,
        url=url_for("screens.list_groups"),
        export_url=url_for("screens.export_groups"),
        empty_action=("登记第一组大厅屏", url_for("screens.new_group")) if may_edit else None,
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("screens/list_groups.html", listing=view, may_edit=may_edit)


@blueprint.get("/screens/export")
@require(Permission.SCREENS_GROUP_READ)
def export_groups() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.GROUPS,
        service.select_groups_for(user),
        what="screen_group",
        name="大厅屏.xlsx",
        user=user,
    )


@blueprint.route("/screens/new", methods=["GET", "POST"])
@require(Permission.SCREENS_GROUP_EDIT)
def new_group() -> ResponseReturnValue:
    """Register a group."""
    check_may_edit()
    form = NewGroupForm()
    form.prepare()
    if request.method != "POST":
        return show_form(form)
    user = signed_in()

    def add() -> int:
        return service.add_group(
            slug=text_in(form.slug), settings=form.settings(), added_by_id=user.person_id
        )

    group_id = save(form, add)
    if group_id is None:
        return show_form(form, status=422)
    flash("已登记。在大厅屏的浏览器里打开下面的播放网址即可。", "success")
    return redirect(group_url(group_id), 303)


@blueprint.route("/screens/<int:group_id>/edit", methods=["GET", "POST"])
@require(Permission.SCREENS_GROUP_EDIT)
def edit_group(group_id: int) -> ResponseReturnValue:
    """Change a group."""
    check_may_edit()
    group, form = load(group_id), GroupForm()
    form.prepare()
    if request.method != "POST":
        form.fill(group, service.settings_of(group))
        return show_form(form, group=group)
    user = signed_in()

    def edit() -> bool:
        service.edit_group(
            group_id=group_id,
            seen_version=form.version.data,
            settings=form.settings(),
            edited_by_id=user.person_id,
        )
        return True

    try:
        is_saved = save(form, edit)
    except StaleEditError:
        form.add_errors({"": STALE})
        form.version.data = group.version
        return show_form(form, group=group, is_stale=True, status=409)
    if not is_saved:
        return show_form(form, group=group, status=422)
    flash("已保存。大厅屏一分钟内更新。", "success")
    return redirect(group_url(group_id), 303)


@blueprint.get("/screens/<int:group_id>")
@require(Permission.SCREENS_GROUP_READ)
def show_group(group_id: int) -> ResponseReturnValue:
    """Show a group: what it plays, from how far it can be read, its packages."""
    group = load(group_id)
    width, height = USUAL_SIZES[group.orientation]
    return render_group(group, PackageForm(formdata=None, width=width, height=height))


def render_group(
    group: ScreenGroup, form: PackageForm, *, status: int = 200
) -> ResponseReturnValue:
    """Render the page of a group."""
    user, items = signed_in(), playlists.list_items(group)
    seconds = playlists.loop_seconds(items)
    page = render_template(
        "screens/show_group.html",
        group=group,
        form=form,
        items=items,
        loop_seconds=seconds,
        is_long=seconds > playlists.LONGEST_LOOP_SECONDS,
        state=lists.state_cell(group),
        orientation=ORIENTATION_LABELS[group.orientation],
        pace=PACE_LABELS[group.pace],
        departments=department_text(group),
        address=address_of(group),
        legibility=legibility.judge(
            playlists.layout_of(group), inches=group.inches, metres=group.metres
        ),
        packages=recent_packages(group),
        stop_question=STOP_QUESTION,
        may_edit=service.may_edit(user) and user.can(Permission.SCREENS_GROUP_EDIT),
        may_order=user.can(Permission.SCREENS_PACKAGE_ORDER),
    )
    return page, status


def department_text(group: ScreenGroup) -> str:
    """Name the departments that a group shows; of many only the number."""
    if group.takes_all:
        return "全部部门"
    names = service.list_department_names(group.id)
    return "、".join(names) if len(names) <= MOST_NAMED else f"选定的{len(names)}个部门"


def address_of(group: ScreenGroup) -> Address:
    """Give where a group's page stands, as the browser of this request reaches the site."""
    url = url_for("screens.show_player", slug=group.slug, _external=True)
    parts = urlsplit(url)
    has_worker = parts.scheme == "https" or parts.hostname in LOCAL_HOSTS
    return Address(url=url, has_worker=has_worker)


def recent_packages(group: ScreenGroup) -> list[ScreenPackage]:
    """Give the last packages of a group."""
    found = select_packages(group.id).order_by(ScreenPackage.id.desc()).limit(RECENT_PACKAGES)
    return list(db.session.scalars(found))


@blueprint.post("/screens/<int:group_id>/stop")
@require(Permission.SCREENS_GROUP_EDIT)
def stop_group(group_id: int) -> ResponseReturnValue:
    """Let the screens show the neutral page."""
    check_may_edit()
    load(group_id)
    asked = ask_first(
        title="确认停播？", question=STOP_QUESTION, label="确认停播", back_url=group_url(group_id)
    )
    if asked is not None:
        return asked

    def act() -> None:
        service.stop_group(group_id=group_id, stopped_by_id=signed_in().person_id)

    return move(act, done="已停播。", to=group_url(group_id))


@blueprint.post("/screens/<int:group_id>/reopen")
@require(Permission.SCREENS_GROUP_EDIT)
def reopen_group(group_id: int) -> ResponseReturnValue:
    """Let the screens play again."""
    check_may_edit()
    load(group_id)

    def act() -> None:
        service.reopen_group(group_id=group_id, reopened_by_id=signed_in().person_id)

    return move(act, done="已恢复播放。", to=group_url(group_id))


def check_may_edit() -> None:
    """Refuse whoever may edit in one department only: a group is the whole hall's."""
    if not service.may_edit(signed_in()):
        abort(403)


def load(group_id: int) -> ScreenGroup:
    """Load a group that I may see, or answer 404."""
    group = service.get_group_for(signed_in(), group_id)
    if group is None:
        abort(404)
    return group


def group_url(group_id: int) -> str:
    """Give the address of a group's page."""
    return url_for("screens.show_group", group_id=group_id)


def show_form(
    form: GroupForm, *, group: ScreenGroup | None = None, is_stale: bool = False, status: int = 200
) -> ResponseReturnValue:
    """Show the form; for a stale edit together with what is stored now."""
    page = render_template(
        "screens/edit_group.html",
        form=form,
        group=group,
        is_stale=is_stale,
        departments=department_text(group) if group and is_stale else "",
        orientations=ORIENTATION_LABELS,
        paces=PACE_LABELS,
    )
    return page, status
