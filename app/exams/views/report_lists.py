"""成绩情况 of all exams, and 部门成绩: each exam and each department with its figures."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department
from app.audit.exports import answer_export
from app.exams.attendance import PassCounts
from app.exams.models import Exam, Sitting
from app.exams.service import reported
from app.exams.views import blueprint
from app.exams.views.exam_columns import time_columns
from app.kernel import formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, Principal, signed_in

READ, NAMES = Permission.EXAMS_REPORT_READ, Permission.EXAMS_DEPARTMENT_READ


@dataclass(frozen=True, kw_only=True)
class ReportRow:
    """One exam with its figures, or one department in it."""

    exam: Exam
    department: Department | None
    counts: PassCounts
    total: Decimal

    @property
    def mean(self) -> str:
        """Write the mean of the marks; a dash where nobody sat."""
        return f"{self.total / self.counts.sat:.1f}" if self.counts.sat else "—"


def row_of(found: Any) -> ReportRow:  # noqa: ANN401 - a row of the database.
    """Build a line of either list."""
    exam, *department, due, deferred, exempt, sat, passed, total = found
    return ReportRow(
        exam=exam,
        department=department[0] if department else None,
        counts=PassCounts(due=due, deferred=deferred, exempt=exempt, sat=sat, passed=passed),
        total=Decimal(total),
    )


def figure_columns() -> list[listing.Column[ReportRow]]:
    """Give the columns of figures, the same in both lists."""
    return [
        number_column("due", "应考", lambda row: row.counts.due),
        number_column("missing", "缺考", lambda row: row.counts.missing),
        number_column("sat", "实考", lambda row: row.counts.sat),
        rate_column("attendance", "参考率", lambda row: (row.counts.sat, row.counts.expected)),
        rate_column("pass", "合格率", lambda row: (row.counts.passed, row.counts.sat)),
        listing.Column(name="mean", label="平均分", cell=lambda row: row.mean, align="right"),
    ]


def number_column(
    name: str, label: str, value: Callable[[ReportRow], int]
) -> listing.Column[ReportRow]:
    """Show a number of people."""
    return listing.Column(
        name=name,
        label=label,
        cell=lambda row: str(value(row)),
        export=value,
        align="right",
        is_wide=True,
    )


def rate_column(
    name: str, label: str, parts: Callable[[ReportRow], tuple[int, int]]
) -> listing.Column[ReportRow]:
    """Show a rate with its denominator."""
    return listing.Column(
        name=name,
        label=label,
        cell=lambda row: formats.share(*parts(row)),
        align="right",
        is_short=True,
    )


REPORTS: listing.Listing[ReportRow] = listing.Listing(
    id="report-list",
    noun="场考试",
    title="成绩情况",
    row=row_of,
    columns=[
        listing.Column(
            name="title",
            label="考试",
            cell=lambda row: listing.Cell(
                text=row.exam.title, href=url_for("exams.show_report", exam_id=row.exam.id)
            ),
            sort=Exam.title,
        ),
        time_columns(lambda row: row.exam)[1],
        *figure_columns(),
    ],
    search=(Exam.title,),
    search_label="考试名称",
    default_sort="-closes",
    tie_break=Exam.id.desc(),
    empty_text="还没有公布过成绩。",
)


def department_listing(user: Principal) -> listing.Listing[ReportRow]:
    """Declare the list of departments in exams; the filter offers those that one may see."""
    return listing.Listing(
        id="department-list",
        noun="条",
        title="部门成绩",
        row=row_of,
        columns=[
            listing.Column(
                name="title",
                label="考试",
                cell=lambda row: listing.Cell(text=row.exam.title, href=department_url(row)),
                sort=Exam.title,
            ),
            listing.Column(
                name="department",
                label="部门",
                cell=lambda row: row.department.name if row.department else "—",
                sort=Department.position,
            ),
            time_columns(lambda row: row.exam)[1],
            *figure_columns(),
        ],
        search=(Exam.title, Department.name),
        search_label="考试或部门",
        filters=[
            listing.Filter(
                name="department",
                label="部门",
                options=[(str(each.id), each.name) for each in reported.list_departments_for(user)],
                where=lambda value: Sitting.department_id == int(value),
            )
        ],
        default_sort="-closes",
        tie_break=(Department.position, Exam.id.desc()),
        empty_text="还没有公布过成绩。",
    )


def department_url(row: ReportRow) -> str:
    """Give the page of a department in an exam."""
    department_id = row.department.id if row.department else 0
    return url_for("exams.show_department", exam_id=row.exam.id, department_id=department_id)


@blueprint.get("/reports")
@require(READ)
def list_reports() -> ResponseReturnValue:
    """List the exams whose figures I may read."""
    view = listing.show(
        REPORTS,
        reported.select_figures_for(signed_in()),
        request.args,
        url=url_for("exams.list_reports"),
        export_url=url_for("exams.export_reports"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_reports.html", listing=view)


@blueprint.get("/reports/export")
@require(READ)
def export_reports() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    found = reported.select_figures_for(user)
    return answer_export(REPORTS, found, what="exam-reports", name="成绩情况.xlsx", user=user)


@blueprint.get("/departments")
@require(NAMES)
def list_department_results() -> ResponseReturnValue:
    """List the departments whose names I may read, exam by exam."""
    user = signed_in()
    found = department_listing(user)
    view = listing.show(
        found,
        reported.select_departments_for(user),
        request.args,
        url=url_for("exams.list_department_results"),
        export_url=url_for("exams.export_department_results"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    return render_template("exams/list_department_results.html", listing=view)


@blueprint.get("/departments/export")
@require(NAMES)
def export_department_results() -> ResponseReturnValue:
    """Give the list as an Excel file."""
    user = signed_in()
    found = reported.select_departments_for(user)
    return answer_export(
        department_listing(user), found, what="exam-departments", name="部门成绩.xlsx", user=user
    )
