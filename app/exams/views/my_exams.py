"""我的考试: the exams that I am on the roll of, and what to know before one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.audit.exports import answer_export
from app.exams import attendance, excuse_flow
from app.exams.models import (
    EXAM_PHASE_LABELS,
    EXCUSE_KIND_LABELS,
    Exam,
    ExamPhase,
    Sitting,
    SittingResult,
    SittingStanding,
)
from app.exams.rule_lines import rule_lines
from app.exams.service import batches, excuses, results, sittings
from app.exams.views import blueprint
from app.exams.views.exam_columns import time_columns, title_column
from app.exams.views.report import LEAST_MONTHS
from app.kernel import charts, clock, formats, htmx, listing
from app.kernel.declared import require
from app.kernel.permissions import Permission, signed_in


@dataclass(frozen=True, kw_only=True)
class ExamRow:
    """An exam in my list."""

    exam: Exam
    sitting: Sitting
    result: SittingResult | None


def my_state(row: ExamRow) -> str:
    """Say how far my sitting is."""
    now = clock.now()
    is_due = row.sitting.standing is SittingStanding.DUE
    if is_due and row.exam.phase(now) is ExamPhase.SCHEDULED:
        return EXAM_PHASE_LABELS[ExamPhase.SCHEDULED]
    return attendance.state_of(row.exam, row.sitting, now)


def my_marks(row: ExamRow) -> listing.Cell | str:
    """Show my marks once they are released."""
    if row.exam.released_at is None:
        return "未公布"
    if row.result is None:
        return "—"
    verdict = "合格" if row.result.is_passed else "不合格"
    return listing.Cell(
        text=f"{formats.marks(row.result.marks)}分，{verdict}",
        href=url_for("exams.show_result", public_id=row.sitting.public_id),
    )


def exam_of(row: ExamRow) -> Exam:
    """Give the exam of a line."""
    return row.exam


MY_EXAMS: listing.Listing[ExamRow] = listing.Listing(
    id="exam-list",
    noun="场考试",
    title="我的考试",
    row=lambda found: ExamRow(exam=found[0], sitting=found[1], result=found[2]),
    columns=[
        title_column(exam_of, "exams.show_notice"),
        *time_columns(exam_of),
        listing.Column(name="state", label="我的状态", cell=my_state),
        listing.Column(name="marks", label="成绩", cell=my_marks),
    ],
    search=(Exam.title,),
    search_label="考试名称",
    filters=[
        listing.Filter(
            name="released",
            label="成绩",
            options=[("yes", "已公布"), ("no", "未公布")],
            where=lambda value: (
                Exam.released_at.is_not(None) if value == "yes" else Exam.released_at.is_(None)
            ),
        )
    ],
    default_sort="-closes",
    tie_break=Exam.id.desc(),
    empty_text="还没有安排你参加的考试。",
)


@blueprint.get("")
@require(Permission.EXAMS_SITTING_SIT)
def list_exams() -> ResponseReturnValue:
    """List the exams that I am on the roll of."""
    view = listing.show(
        MY_EXAMS,
        results.with_marks(sittings.select_exams_for(signed_in())),
        request.args,
        url=url_for("exams.list_exams"),
        export_url=url_for("exams.export_exams"),
    )
    if htmx.is_fragment_request():
        return render_template("_listing/_list.html", listing=view)
    year = results.list_own_year(signed_in().person_id)
    return render_template("exams/list_exams.html", listing=view, course=own_course(year))


def own_course(year: Sequence[tuple[Exam, SittingResult]]) -> charts.Line | None:
    """Draw my marks month by month, in percent of the full marks; nothing of a single month."""
    if len(year) < LEAST_MONTHS:
        return None
    return charts.line(
        [
            charts.Value(
                label=f"{clock.local(exam.closes_at).month}月",
                value=float(100 * result.marks / exam.full_marks) if exam.full_marks else None,
                text=f"{100 * result.marks / exam.full_marks:.0f}" if exam.full_marks else "",
            )
            for exam, result in year
        ]
    )


@blueprint.get("/export")
@require(Permission.EXAMS_SITTING_SIT)
def export_exams() -> ResponseReturnValue:
    """Give my list as an Excel file."""
    user = signed_in()
    return answer_export(
        MY_EXAMS,
        results.with_marks(sittings.select_exams_for(user)),
        what="my-exams",
        name="我的考试.xlsx",
        user=user,
    )


@blueprint.get("/<int:exam_id>")
@require(Permission.EXAMS_SITTING_SIT)
def show_notice(exam_id: int) -> ResponseReturnValue:
    """Show what to know before an exam, and the way in."""
    found = sittings.get_exam_for(signed_in(), exam_id)
    if found is None:
        abort(404)
    exam, sitting = found
    now = clock.now()
    return render_template(
        "exams/show_notice.html",
        exam=exam,
        sitting=sitting,
        is_open=exam.phase(now) is ExamPhase.OPEN and not sitting.is_over(now),
        is_over=sitting.is_over(now),
        state=attendance.state_of(exam, sitting, now),
        phase=EXAM_PHASE_LABELS[exam.phase(now)],
        batch=batches.batch_text(exam, sitting),
        wait=batches.why_not_now(exam, sitting, now),
        rules=rule_lines(exam, {each.kind for each in sittings.list_asked(exam, sitting)}),
        is_excused=sitting.standing is not SittingStanding.DUE,
        **excuse_lines(sitting),
    )


def excuse_lines(sitting: Sitting) -> dict[str, str]:
    """Say what came of an application for me, if there is one."""
    excuse = excuses.get_excuse_of(sitting.id)
    if excuse is None:
        return {"excuse_label": "", "excuse_text": ""}
    state = excuse_flow.FLOW.state(excuse.state).label
    return {
        "excuse_label": EXCUSE_KIND_LABELS[excuse.kind],
        "excuse_text": f"{excuse_flow.reason_of(excuse)}（{state}）",
    }
