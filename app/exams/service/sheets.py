"""个人成绩单: the PDF of one result, made by the worker from a frozen snapshot.

The 校验码 printed on it is a hash of that snapshot: a copy can be held against the site.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import Exam, ResultSheet, Sitting
from app.exams.service import results
from app.files import service as files
from app.files.models import StoredFile
from app.files.papers import code_of, print_document
from app.jobs import service as jobs
from app.kernel import clock, db, formats, pdf
from app.kernel.feature import JobRun
from app.questions.kinds import QUESTION_KIND_LABELS

SHEET_JOB = "exams.sheet"
STEPS = 3


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


def get_sheet(sitting: Sitting, exam: Exam) -> tuple[ResultSheet, StoredFile] | None:
    """Give the sheet made from the result that counts, with its file."""
    found = db.session.execute(
        select(ResultSheet, StoredFile)
        .join(StoredFile, StoredFile.id == ResultSheet.file_id)
        .where(ResultSheet.sitting_id == sitting.id, ResultSheet.run == exam.graded_run)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def order_sheet(*, sitting: Sitting, exam: Exam, ordered_by_id: int) -> str:
    """Order the sheet of a released result; returns the job's public id."""
    db.session.get_one(Sitting, sitting.id, with_for_update=True)
    key = f"{SHEET_JOB}:{sitting.id}:{exam.graded_run}"
    if jobs.get_open_job(key) is None:
        append(
            AuditEvent.EXAMS_SHEET_ORDERED,
            person_id=ordered_by_id,
            object_type="sitting",
            object_id=sitting.public_id,
        )
    return jobs.order(
        kind=SHEET_JOB,
        key=key,
        title=f"个人成绩单：{exam.title}",
        payload={"sitting_id": sitting.id, "run": exam.graded_run},
        ordered_by_id=ordered_by_id,
    )


def make_sheet(job: JobRun) -> Mapping[str, Any]:
    """Make the PDF of a result; a sheet that exists already is kept."""
    sitting = db.session.get_one(Sitting, int(job.payload["sitting_id"]))
    exam = db.session.get_one(Exam, sitting.exam_id)
    answer = {
        "endpoint": "exams.show_sheet",
        "values": {"public_id": sitting.public_id},
        "label": "打开成绩单",
    }
    if get_sheet(sitting, exam) is not None:
        return answer
    job.progress(done=1, total=STEPS)
    sheet = build_sheet(sitting, exam)
    code = code_of(sheet)
    content = print_document(document_of(sheet, code, out_at=out_at(exam) or clock.now()))
    job.progress(done=2, total=STEPS)
    sha256 = files.put_content(content)
    with db.write():
        store(sitting.id, exam.graded_run, sheet, code, sha256, len(content))
    job.progress(done=STEPS, total=STEPS)
    return answer


def store(  # noqa: PLR0917 - the parts of one row.
    sitting_id: int, run: int, sheet: Sheet, code: str, sha256: str, size: int
) -> None:
    """Add the file and the sheet to the open write, once."""
    if db.session.get(ResultSheet, (sitting_id, run)) is not None:
        return
    file = files.add_file(
        sha256=sha256,
        size=size,
        media_type="application/pdf",
        name=f"{sheet.exam}成绩单-{sheet.name}.pdf",
    )
    db.session.add(
        ResultSheet(
            sitting_id=sitting_id,
            run=run,
            file_id=file.id,
            check_code=code,
            snapshot=asdict(sheet),
            made_at=clock.now(),
        )
    )
    db.session.flush()


def forget_person(person_id: int) -> None:
    """Delete the sheets of one who left long ago, in the open write: his name stands on them."""
    of_person = select(Sitting.id).where(Sitting.person_id == person_id)
    for sheet in db.session.scalars(
        select(ResultSheet).where(ResultSheet.sitting_id.in_(of_person))
    ).all():
        file = db.session.get_one(StoredFile, sheet.file_id)
        db.session.delete(sheet)
        db.session.flush()
        files.erase_file(file)


def build_sheet(sitting: Sitting, exam: Exam) -> Sheet:
    """Collect the snapshot of a result; raises JobRefusedError where there is none."""
    result = results.get_result(exam, sitting)
    if result is None or exam.released_at is None:
        message = "成绩还没有公布，不能制作成绩单。"
        raise jobs.JobRefusedError(message)
    person, department = db.session.execute(
        select(Person, Department.name)
        .join(Department, Department.id == sitting.department_id)
        .where(Person.id == sitting.person_id)
    ).one()
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


def moment_or_dash(value: datetime | None) -> str:
    """Write an instant, or a dash where there is none."""
    return "—" if value is None else formats.moment(value)


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


def document_of(sheet: Sheet, code: str, *, out_at: datetime) -> pdf.Document:
    """Lay the sheet out; its date is that of the marks, so the same result gives the same bytes."""
    folder = Path(current_app.root_path) / "templates"
    styles = ("pdf/base.css", "exams/pdf/result_sheet.css")
    return pdf.Document(
        html=render_template("exams/pdf/result_sheet.html", sheet=sheet, check_code=code),
        stylesheets=tuple((folder / name).read_text(encoding="utf-8") for name in styles),
        assets={},
        title=f"{sheet.exam}成绩单",
        author=sheet.hall,
        created_at=out_at,
    )
