"""The page 成绩情况 of an exam: figures with denominators, by department, by marks, by month."""

from decimal import Decimal

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from app.audit.service import record_export
from app.exams.models import Exam, ExamPhase
from app.exams.service import figures, results
from app.exams.service.figures import OTHERS, DepartmentFigures, MonthFigures
from app.exams.views import blueprint
from app.exams.views.papers import load
from app.kernel import charts, clock, spreadsheets
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

READ = Permission.EXAMS_RESULT_READ
HEADS = ("应考", "缓考", "免考", "缺考", "实考", "合格", "参考率", "合格率")
LEAST_MONTHS = 2


@blueprint.get("/papers/<int:exam_id>/report")
@require(READ)
def show_report(exam_id: int) -> ResponseReturnValue:
    """Show how an exam went; no person is named or ranked."""
    exam = load(exam_id)
    departments = figures.read_departments(exam)
    spans, trend = figures.read_distribution(exam), figures.read_trend(exam)
    whole = results.read_figures(exam)
    return render_template(
        "exams/show_report.html",
        exam=exam,
        figures=whole,
        is_graded=exam.graded_run > 0,
        is_closed=exam.phase(clock.now()) not in {ExamPhase.SCHEDULED, ExamPhase.OPEN},
        departments=departments,
        merged=sum(each.merged for each in departments if each.name == OTHERS),
        least=figures.LEAST,
        # Each column is named by where it begins: longer names don't fit on a phone.
        histogram=charts.histogram(
            [(str(figures.start_of(place)), count) for place, (_, count) in enumerate(spans)]
        )
        if exam.graded_run
        else None,
        spans=[[label, f"{count}人", share(count, whole.sat)] for label, count in spans],
        trend=trend,
        course=course(trend),
        export_url=url_for("exams.export_report", exam_id=exam_id),
    )


def course(trend: list[MonthFigures]) -> charts.Line | None:
    """Draw 合格率 month by month; nothing where there is no course to see."""
    if len(trend) < LEAST_MONTHS:
        return None
    return charts.line(
        [
            charts.Value(
                label=f"{clock.local(each.closes_at).month}月",
                value=100 * each.passed / each.sat if each.sat else None,
                text=share(each.passed, each.sat).rstrip("%"),
            )
            for each in trend
        ]
    )


def share(part: int, whole: int) -> str:
    """Write a share; a dash without a denominator."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"


@blueprint.get("/papers/<int:exam_id>/report/export")
@require(READ)
def export_report(exam_id: int) -> Response:
    """Give the tables of the page as an Excel file, a sheet each."""
    exam = load(exam_id)
    record_export(person_id=signed_in().person_id, what="exam-report", state=f"exam={exam_id}")
    book = spreadsheets.write_book(
        [
            ("部门情况", ["部门", *HEADS], department_rows(exam)),
            ("成绩分布", ["占满分", "人数"], figures.read_distribution(exam)),
            ("近12个月", ["考试", *HEADS, "平均得分率"], month_rows(exam)),
        ]
    )
    return spreadsheets.answer_with(book, f"{exam.title}成绩情况.xlsx")


def department_rows(exam: Exam) -> list[list[object]]:
    """Give the lines of the 部门情况表 with their sum."""
    whole = results.read_figures(exam)
    lines = [[each.name, *counted(each)] for each in figures.read_departments(exam)]
    return [*lines, ["合计", *counted(whole)]]


def month_rows(exam: Exam) -> list[list[object]]:
    """Give the lines of the trend."""
    return [
        [each.title, *counted(each), None if each.share is None else round(each.share, 1)]
        for each in figures.read_trend(exam)
    ]


def counted(each: DepartmentFigures | MonthFigures | results.Figures) -> list[object]:
    """Give the columns of HEADS; a rate in percent, empty without a denominator."""
    return [
        each.due,
        each.deferred,
        each.exempt,
        each.missing,
        each.sat,
        each.passed,
        percent(each.sat, each.expected),
        percent(each.passed, each.sat),
    ]


def percent(part: int, whole: int) -> Decimal | None:
    """Give a share in percent to one place, as the page rounds it."""
    return Decimal(f"{part * 100 / whole:.1f}") if whole else None
