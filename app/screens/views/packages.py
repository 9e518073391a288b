"""Pages of packages: ordering one, what it holds, fetching it."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.audit.service import record_export
from app.files import service as files
from app.kernel import db, htmx, listing
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in
from app.screens import lists, package_lists, packages
from app.screens.forms import PackageForm
from app.screens.models import ScreenGroup, ScreenPackage
from app.screens.views import blueprint
from app.screens.views.groups import load, render_group


@blueprint.post("/screens/<int:group_id>/packages")
@require(Permission.SCREENS_PACKAGE_ORDER)
def order_package(group_id: int) -> ResponseReturnValue:
    """Order the pictures of a group in one size."""
    group, form, user = load(group_id), PackageForm(), signed_in()

    def order() -> str:
        return packages.order_package(
            group=group,
            width=form.width.data or 0,
            height=form.height.data or 0,
            ordered_by_id=user.person_id,
        )

    job = save(form, order)
    if job is None:
        return render_group(group, form, status=422)
    return redirect(url_for("jobs.show_job", public_id=job), 303)


@blueprint.get("/screens/packages/<string:public_id>")
@require(Permission.SCREENS_PACKAGE_ORDER)
def show_package(public_id: str) -> ResponseReturnValue:
    """Show what a package holds, and what is to be taken down."""
    package, group = load_package(public_id)
    view = listing.show(
        lists.ITEMS,
        lists.select_items(package.id),
        request.args,
        url=url_for("screens.show_package", public_id=public_id),
        export_url=url_for("screens.export_items", public_id=public_id),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template(
        "screens/show_package.html",
        package=package,
        group=group,
        listing=view,
        file=packages.file_of(package),
        until=package.made_at + packages.KEPT,
        outdated=packages.list_outdated(group, package),
        gone=package_lists.compare(packages.held_before(package), packages.list_items(package.id)),
    )


@blueprint.get("/screens/packages/<string:public_id>/export")
@require(Permission.SCREENS_PACKAGE_ORDER)
def export_items(public_id: str) -> ResponseReturnValue:
    """Give the list of a package's pictures as an Excel file."""
    package, _ = load_package(public_id)
    return answer_export(
        lists.ITEMS,
        lists.select_items(package.id),
        what="screen_package",
        name="图片包清单.xlsx",
        user=signed_in(),
    )


@blueprint.get("/screens/packages/<string:public_id>/file")
@require(Permission.SCREENS_PACKAGE_ORDER)
def export_package(public_id: str) -> ResponseReturnValue:
    """Hand the zip over; the event is committed before its first byte goes."""
    package, _ = load_package(public_id)
    file = packages.file_of(package)
    if file is None:
        abort(404)
    try:
        response = files.answer_with(file, is_inline=False)
    except files.DamagedFileError:
        abort(404)
    record_export(
        person_id=signed_in().person_id, what="screen_package", state=f"package={public_id}"
    )
    with db.write():
        packages.note_fetched(public_id=public_id)
    return response


def load_package(public_id: str) -> tuple[ScreenPackage, ScreenGroup]:
    """Load a package with its group, or answer 404."""
    found = packages.get_package_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found
