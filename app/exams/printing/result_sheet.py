"""个人成绩单: the PDF of one result, with every question that was answered wrong.

"Each person marks and wrong items with article." It is printed for the person himself after the
release, and for the office that hands the sheets out; the same result gives the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.accounts import service as accounts
from app.exams.models import Exam, Sitting
from app.exams.printing.layout import moment_or_dash, print_out
from app.exams.service import results
from app.files.papers import PaperKind
from app.jobs import service as jobs
from app.kernel import db, formats, pdf
from app.questions.kinds import QUESTION_KIND_LABELS

NOT_RELEASED = "成绩还没有公布，不能制作成绩单。"


@dataclass(frozen=True, kw_only=True)
class SheetItem:
    """One question that was answered wrong."""

    number: int
    kind: str
    stem: str
    options: tuple[str, ...]
    chosen: str
    key: str
    basis: str
    analysis: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything that stands on a result sheet, as text; the snapshot behind its check code."""

    hall: str
    exam: str
    name: str
    staff_number: str
    department: str
    started_at: str
    handed_in_at: str
    marks: str
    full_marks: str
    pass_marks: str
    verdict: str
    correct_count: int
    question_count: int
    released_at: str
    run: int
    has_demonstration: bool
    wrong_items: tuple[SheetItem, ...]


def read_sheet(sitting_id: int) -> Sheet:
    """Collect the snapshot of a result; raises JobRefusedError where there is none."""
    sitting = db.session.get_one(Sitting, sitting_id)
    exam = db.session.get_one(Exam, sitting.exam_id)
    result = results.get_result(exam, sitting)
    if result is None or exam.released_at is None:
        raise jobs.JobRefusedError(NOT_RELEASED)
    person, department = results.read_sitter(sitting)
    return Sheet(
        hall=accounts.hall_name(),
        exam=exam.title,
        name=person.name,
        staff_number=person.staff_number,
        department=department,
        started_at=moment_or_dash(sitting.started_at),
        handed_in_at=moment_or_dash(sitting.handed_in_at),
        marks=formats.marks(result.marks),
        full_marks=formats.marks(exam.full_marks),
        pass_marks=formats.marks(exam.pass_marks),
        verdict="合格" if result.is_passed else "不合格",
        correct_count=result.correct_count,
        question_count=exam.question_count,
        released_at=formats.moment(out_at(exam) or exam.released_at),
        run=result.run,
        has_demonstration=any(item.is_demonstration for item in result.items),
        wrong_items=tuple(sheet_item(item) for item in result.wrong_items),
    )


def out_at(exam: Exam) -> datetime | None:
    """Give since when the marks that count are out: the release, or the correction after it."""
    if exam.released_at is None or exam.graded_at is None:
        return exam.released_at
    return max(exam.released_at, exam.graded_at)


def sheet_item(item: results.ResultItem) -> SheetItem:
    """Give a wrong question as the sheet prints it."""
    return SheetItem(
        number=item.place,
        kind=QUESTION_KIND_LABELS[item.kind],
        stem=item.stem,
        options=tuple(write_option(option) for option in item.options),
        chosen=item.chosen,
        key=f"{item.key}（更正后{item.further}也算对）" if item.further else item.key,
        basis=item.basis,
        analysis=item.analysis,
    )


def write_option(option: Mapping[str, str]) -> str:
    """Write an option with its letter; 正确 and 错误 have none."""
    return f"{option['label']}. {option['text']}" if len(option["label"]) == 1 else option["text"]


def lay_out(sheet: Sheet, code: str) -> pdf.Document:
    """Lay the sheet out; its date is that of the marks."""
    return print_out(
        "result_sheet",
        sheet,
        code,
        title=f"{sheet.exam}成绩单",
        hall=sheet.hall,
        dated=sheet.released_at,
    )


RESULT_SHEET = PaperKind(
    name="exams.result",
    title="个人成绩单",
    word="sheet",
    endpoint="exams.show_sheet",
    snapshot=read_sheet,
    document=lay_out,
    file_name=lambda sheet: f"{sheet.exam}成绩单-{sheet.name}",
)
