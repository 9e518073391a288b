"""成绩通报 and 部门成绩: what people write into the one, the page of the other, both papers."""

from dataclasses import dataclass

from flask import Response, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.accounts.models import Department
from app.audit.service import record_export
from app.exams.models import Exam
from app.exams.notice_form import NoticeForm
from app.exams.printing import DEPARTMENT_SHEET, NOTICE
from app.exams.printing.notice import read_notice
from app.exams.printing.notice_word import write_docx
from app.exams.service import departments, figures, notices, reported
from app.exams.service.makeups import MAKEUP_REASON_LABELS
from app.exams.views import blueprint
from app.exams.views.papers import load as load_paper
from app.exams.views.report import attendance_share, course, load_reported, pass_share
from app.files import papers as printed
from app.kernel import downloads
from app.kernel.acts import save
from app.kernel.declared import require
from app.kernel.forms import StaleEditError
from app.kernel.permissions import Permission, signed_in

READ, NAMES = Permission.EXAMS_REPORT_READ, Permission.EXAMS_DEPARTMENT_READ
WRITE = Permission.EXAMS_RESULT_GRADE
STALE = "别人在你打开之后改过这份通报，你的修改还没有保存。请对照最新的内容再保存。"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def load_graded(exam_id: int) -> Exam:
    """Load an exam with results whose figures I may read, or answer 404."""
    exam = load_reported(exam_id)
    if not exam.graded_run:
        abort(404)
    return exam


@blueprint.route("/papers/<int:exam_id>/notice", methods=["GET", "POST"])
@require(WRITE)
def edit_notice(exam_id: int) -> ResponseReturnValue:
    """Write what stands in the 通报 beside its figures."""
    exam = load_paper(exam_id)
    if not exam.graded_run:
        abort(404)
    form, words = NoticeForm(), notices.read_words(exam)
    if not form.is_submitted():
        form.fill(words, notices.write_praised(exam, words.praised_ids))
        return render_form(exam, form)
    user = signed_in()

    def write() -> bool:
        typed = form.words(notices.find_praised(exam, form.praised_text))
        notices.write_words(exam=exam, words=typed, edited_by_id=user.person_id)
        return True

    try:
        is_saved = save(form, write)
    except StaleEditError:
        form.add_errors({"": STALE})
        form.version.data = words.version
        return render_form(exam, form, status=409)
    if not is_saved:
        return render_form(exam, form, status=422)
    flash("已保存，可以打印成绩通报。", "success")
    return redirect(url_for("exams.show_report", exam_id=exam_id), 303)


def render_form(exam: Exam, form: NoticeForm, *, status: int = 200) -> ResponseReturnValue:
    """Render the form; what is stored stands above it once somebody else has changed it."""
    stored = notices.read_words(exam)
    page = render_template(
        "exams/edit_notice.html",
        exam=exam,
        form=form,
        is_stale=status == 409,  # noqa: PLR2004 - the status of a stale edit.
        stored=stored,
        praised=notices.write_praised(exam, stored.praised_ids),
    )
    return page, status


@blueprint.get("/papers/<int:exam_id>/notice.docx")
@require(READ)
def export_notice(exam_id: int) -> Response:
    """Give the 通报 as a Word file."""
    exam = load_graded(exam_id)
    notice = read_notice(exam_id)
    record_export(person_id=signed_in().person_id, what="exam-notice", state=f"exam={exam.id}")
    return downloads.answer(write_docx(notice), f"{notice.title}.docx", DOCX)


printed.add_routes(blueprint, NOTICE, "/papers/<int:exam_id>", READ, load_graded)


# ---------- one department


@dataclass(frozen=True, kw_only=True)
class DepartmentTarget:
    """A department in an exam, as its paper names it."""

    exam: Exam
    department: Department

    @property
    def id(self) -> int:
        """Give the record of the paper."""
        return self.exam.id

    @property
    def part(self) -> int:
        """Give the part of the record."""
        return self.department.id


def load_department(exam_id: int, department_id: int) -> DepartmentTarget:
    """Load a department in an exam whose names I may read, or answer 404."""
    found = reported.get_department_for(signed_in(), exam_id, department_id)
    if found is None:
        abort(404)
    return DepartmentTarget(exam=found[0], department=found[1])


@blueprint.get("/papers/<int:exam_id>/departments/<int:department_id>")
@require(NAMES)
def show_department(exam_id: int, department_id: int) -> ResponseReturnValue:
    """Show a department in an exam: figures, who is to sit again, and its year."""
    target = load_department(exam_id, department_id)
    exam, year = target.exam, figures.read_trend(target.exam, department_id)
    named = departments.list_named(exam, department_id)
    return render_template(
        "exams/show_department.html",
        exam=exam,
        department=target.department,
        counts=departments.read_counts(exam, department_id),
        named=[(MAKEUP_REASON_LABELS[reason], people) for reason, people in named.items()],
        words=notices.read_words(exam),
        year=[
            [each.title, each.due, each.sat, attendance_share(each), pass_share(each)]
            for each in year
        ],
        course=course(year),
    )


printed.add_routes(
    blueprint,
    DEPARTMENT_SHEET,
    "/papers/<int:exam_id>/departments/<int:department_id>",
    NAMES,
    load_department,
)
