"""部门成绩单: the sheet that goes to the lead of one department, and to nobody else.

"Names of 不合格 and 缺考 on a separate sheet to that department's lead only": by 姓氏笔画, without
marks and without a rank.
"""

from dataclasses import dataclass

from app.accounts import service as accounts
from app.accounts.models import Department
from app.exams.models import Exam
from app.exams.printing.layout import print_out
from app.exams.printing.notice import NOT_GRADED, DepartmentRow, department_row
from app.exams.service import departments, figures, notices
from app.exams.service.makeups import MAKEUP_REASON_LABELS
from app.files.papers import PaperKind
from app.jobs import service as jobs
from app.kernel import clock, db, formats, pdf


@dataclass(frozen=True, kw_only=True)
class NamedLine:
    """Who is to sit again for one reason; names with their 工号."""

    reason: str
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class MonthLine:
    """One exam of the department's year."""

    exam: str
    row: DepartmentRow


@dataclass(frozen=True, kw_only=True)
class DepartmentSheet:
    """Everything that stands on the sheet of a department."""

    hall: str
    exam: str
    department: str
    row: DepartmentRow
    named: tuple[NamedLine, ...]
    arrangement: str
    year: tuple[MonthLine, ...]
    dated: str
    run: int


def read_department(exam_id: int, department_id: int) -> DepartmentSheet:
    """Read all that the sheet says; raises JobRefusedError before the exam is graded."""
    exam = db.session.get_one(Exam, exam_id)
    department = db.session.get_one(Department, department_id)
    if not exam.graded_run:
        raise jobs.JobRefusedError(NOT_GRADED)
    named = departments.list_named(exam, department_id)
    return DepartmentSheet(
        hall=accounts.hall_name(),
        exam=exam.title,
        department=department.name,
        row=department_row("", department.name, departments.read_counts(exam, department_id)),
        named=tuple(
            NamedLine(
                reason=MAKEUP_REASON_LABELS[reason],
                people=tuple((each.name, each.staff_number) for each in people),
            )
            for reason, people in named.items()
        ),
        arrangement=notices.read_words(exam).arrangement,
        year=tuple(
            MonthLine(exam=each.title, row=department_row("", each.title, each))
            for each in figures.read_trend(exam, department_id)
        ),
        dated=formats.moment(exam.graded_at or clock.now()),
        run=exam.graded_run,
    )


def lay_out(sheet: DepartmentSheet, code: str) -> pdf.Document:
    """Lay the sheet out; its date is that of the marks."""
    return print_out(
        "department",
        sheet,
        code,
        title=f"{sheet.exam}部门成绩单 {sheet.department}",
        hall=sheet.hall,
        dated=sheet.dated,
    )


DEPARTMENT_SHEET = PaperKind(
    name="exams.department",
    title="部门成绩单",
    word="department",
    endpoint="exams.show_department_paper",
    snapshot=read_department,
    document=lay_out,
    file_name=lambda sheet: f"{sheet.exam}部门成绩单-{sheet.department}",
    has_parts=True,
)
