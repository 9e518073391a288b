"""The page 成绩情况 of an exam: figures with denominators, by department, by marks, by month."""

from collections.abc import Sequence
from decimal import Decimal

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from app.audit.service import record_export
from app.exams.attendance import PassCounts
from app.exams.models import Exam, ExamPhase
from app.exams.printing import packages
from app.exams.service import figures, papers, reported, results, topics
from app.exams.service.figures import OTHERS, MonthFigures
from app.exams.views import blueprint
from app.kernel import charts, clock, formats, spreadsheets
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in

READ = Permission.EXAMS_REPORT_READ
HEADS = ("应考", "缓考", "免考", "缺考", "实考", "合格", "参考率", "合格率")
LEAST_MONTHS = 2
MOST_BARS = 10


def load_reported(exam_id: int) -> Exam:
    """Load an exam whose figures I may read, or answer 404."""
    exam = reported.get_reported_for(signed_in(), exam_id)
    if exam is None:
        abort(404)
    return exam


@blueprint.get("/papers/<int:exam_id>/report")
@require(READ)
def show_report(exam_id: int) -> ResponseReturnValue:
    """Show how an exam went; no person is named or ranked."""
    exam = load_reported(exam_id)
    departments = figures.read_departments(exam)
    spans, trend = figures.read_distribution(exam), figures.read_trend(exam)
    whole, asked_topics = results.read_figures(exam), topics.read_topics(exam)
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
        spans=span_rows(spans, whole.sat),
        trend=trend,
        course=course(trend),
        topics=asked_topics,
        bars=bars_of(asked_topics),
        may_see_results=(may_see := sees_results(exam)),
        kept=packages.list_kept(exam_id) if may_see else [],
        may_write=may_see and signed_in().can(Permission.EXAMS_RESULT_GRADE),
        export_url=url_for("exams.export_report", exam_id=exam_id),
    )


def sees_results(exam: Exam) -> bool:
    """Tell whether I may see the marks of everybody in an exam: as an organiser, not sitting it."""
    user = signed_in()
    is_organiser = user.can(Permission.EXAMS_RESULT_READ)
    return is_organiser and papers.get_paper_for(user, exam.id) is not None


def course(months: Sequence[MonthFigures]) -> charts.Line | None:
    """Draw 合格率 month by month; nothing where there is no course to see."""
    if len(months) < LEAST_MONTHS:
        return None
    return charts.line(
        [
            charts.Value(
                label=f"{clock.local(each.closes_at).month}月",
                value=100 * each.passed / each.sat if each.sat else None,
                text=formats.percent(each.passed, each.sat).rstrip("%"),
            )
            for each in months
        ]
    )


def bars_of(found: Sequence[topics.Topic]) -> charts.Bars | None:
    """Draw the 知识点 with the most errors; nothing where no question has any."""
    if not found:
        return None
    return charts.bars(
        [
            charts.Value(
                label=each.name,
                value=100 * each.share,
                text=formats.percent(each.wrong, each.asked),
            )
            for each in found[:MOST_BARS]
        ],
        highest=100,
    )


def attendance_share(counts: PassCounts) -> str:
    """Write 参考率 with its parts."""
    return formats.share(counts.sat, counts.expected)


def pass_share(counts: PassCounts) -> str:
    """Write 合格率 with its parts."""
    return formats.share(counts.passed, counts.sat)


def span_rows(spans: Sequence[tuple[str, int]], sat: int) -> list[list[str]]:
    """Give the lines of 成绩分布."""
    return [[label, f"{count}人", formats.percent(count, sat)] for label, count in spans]


@blueprint.get("/papers/<int:exam_id>/report/export")
@require(READ)
def export_report(exam_id: int) -> Response:
    """Give the tables of the page as an Excel file, a sheet each."""
    exam = load_reported(exam_id)
    record_export(person_id=signed_in().person_id, what="exam-report", state=f"exam={exam_id}")
    book = spreadsheets.write_book(
        [
            ("部门情况", ["部门", *HEADS], department_rows(exam)),
            ("成绩分布", ["占满分", "人数", "占实考"], distribution_rows(exam)),
            ("知识点", ["知识点", "答错人次", "作答人次", "错误率", "依据"], topic_rows(exam)),
            ("近12个月", ["考试", *HEADS, "平均得分率"], month_rows(exam)),
        ]
    )
    return spreadsheets.answer_with(book, f"{exam.title}成绩情况.xlsx")


def distribution_rows(exam: Exam) -> list[list[object]]:
    """Give the lines of 成绩分布; a share in percent."""
    spans = figures.read_distribution(exam)
    sat = sum(count for _, count in spans)
    return [[label, count, percent(count, sat)] for label, count in spans]


def topic_rows(exam: Exam) -> list[list[object]]:
    """Give the lines of the 知识点."""
    return [
        [each.name, each.wrong, each.asked, percent(each.wrong, each.asked), "；".join(each.bases)]
        for each in topics.read_topics(exam)
    ]


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


def counted(each: PassCounts) -> list[object]:
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
