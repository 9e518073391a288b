"""Pages of packages: ordering one of a quarter, those that were made, fetching one."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.assessment import lists, packages
from app.assessment.models import PortraitPackage
from app.assessment.views import blueprint
from app.assessment.views.cycles import load as load_cycle
from app.audit.exports import answer_export
from app.audit.service import record_export
from app.files import service as files
from app.files.packing import KEPT
from app.kernel import db, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

READ = Permission.ASSESSMENT_PORTRAIT_READ


@blueprint.post("/cycles/<int:record_id>/packages")
@require(READ)
def order_package(record_id: int) -> ResponseReturnValue:
    """Order all papers of a quarter that I may read; a lead one package for each department."""
    load_cycle(record_id)
    user = signed_in()
    scope = user.departments_of(READ)
    with db.write():
        made = [
            packages.order_package(cycle_id=record_id, department_id=each, user=user)
            for each in ([None] if scope is None else sorted(scope))
        ]
    return redirect(url_for("jobs.show_job", public_id=made[0]), 303)


@blueprint.get("/packages")
@require(READ)
def list_packages() -> ResponseReturnValue:
    """List the packages that I may fetch."""
    view = listing.show(
        lists.PACKAGES,
        packages.select_packages_for(signed_in()),
        request.args,
        url=url_for(".list_packages"),
        export_url=url_for(".export_packages"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("assessment/list_packages.html", listing=view)


@blueprint.get("/packages/export")
@require(READ)
def export_packages() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    return answer_export(
        lists.PACKAGES,
        packages.select_packages_for(user),
        what="portrait_packages",
        name="考核材料包.xlsx",
        user=user,
    )


@blueprint.get("/packages/<string:public_id>")
@require(READ)
def show_package(public_id: str) -> ResponseReturnValue:
    """Show what a package holds."""
    package, name, whose = load_package(public_id)
    return render_template(
        "assessment/show_package.html",
        package=package,
        name=name,
        whose=whose,
        file=packages.file_of(package),
        until=package.made_at + KEPT,
    )


@blueprint.get("/packages/<string:public_id>/file")
@require(READ)
def export_package(public_id: str) -> ResponseReturnValue:
    """Hand the zip over; the event is committed before its first byte goes."""
    package, _, _ = load_package(public_id)
    response = files.answer_if_there(packages.file_of(package), is_inline=False)
    record_export(
        person_id=signed_in().person_id, what="portrait_package", state=f"package={public_id}"
    )
    return response


def load_package(public_id: str) -> tuple[PortraitPackage, str, str]:
    """Load a package that I may fetch, or answer 404."""
    found = packages.get_package_for(signed_in(), public_id)
    if found is None:
        abort(404)
    return found
