"""Pages of 部门考核表: one department's, with its facts and its paper."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from app.accounts.models import Department
from app.assessment import papers, sheet_papers, sheets
from app.assessment.models import AssessmentCycle, DepartmentSheet
from app.assessment.views import blueprint
from app.assessment.views.portraits import record_url
from app.files import papers as paper_pages
from app.kernel import db
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

READ = Permission.ASSESSMENT_PORTRAIT_READ


@blueprint.get("/sheets/<int:record_id>")
@require(READ)
def show_sheet(record_id: int) -> ResponseReturnValue:
    """Show a department's sheet; each fact leads to its record."""
    sheet = load(record_id)
    return render_template(
        "assessment/show_sheet.html",
        sheet=sheet,
        cycle=db.session.get_one(AssessmentCycle, sheet.cycle_id),
        department=db.session.get_one(Department, sheet.department_id),
        shown=sheet_papers.read_sheet(record_id),
        rows=[(each, record_url(each)) for each in sheet_papers.rows_of_sheet(record_id)],
        is_printed=paper_pages.is_ready(papers.SHEET, record_id),
    )


def load(record_id: int) -> DepartmentSheet:
    """Load a sheet that I may read, or answer 404."""
    sheet = sheets.get_sheet_for(signed_in(), record_id)
    if sheet is None:
        abort(404)
    return sheet


paper_pages.add_routes(blueprint, papers.SHEET, "/sheets/<int:record_id>", READ, load)
