"""成绩材料包: the 通报, each department's sheet and each person's, as one zip in folders.

"Batch as job with progress, zip by department": the office hands the folders out. A zip is kept for
two weeks; the papers in it stay, and a second zip takes them as they are.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.accounts.models import Department, Person
from app.audit.models import AuditEvent
from app.audit.service import append
from app.exams.models import Exam, ExamPackage, Sitting, SittingResult
from app.exams.printing.department import DEPARTMENT_SHEET
from app.exams.printing.notice import NOTICE
from app.exams.printing.result_sheet import RESULT_SHEET
from app.exams.service import papers, results
from app.exams.service.results import is_counted
from app.files import service as files
from app.files.models import StoredFile
from app.files.packing import KEPT, MEDIA_TYPE, Part, folder, pack
from app.jobs import service as jobs
from app.kernel import clock, db
from app.kernel.feature import JobRun
from app.kernel.forms import RefusedError

PACKAGE_JOB = "exams.package"
NOT_RELEASED = "成绩公布以后才能打包。"
ASKED_ELSEWHERE = (
    "成绩单里有题正用于尚未公布成绩的考试，打包会透露答案。等那场考试公布成绩后再打包。"
)


def order_package(*, exam: Exam, ordered_by_id: int) -> str:
    """Order a package in the open write; gives the job's public id. Raises RefusedError."""
    reason = find_reason(exam)
    if reason:
        raise RefusedError(form=reason)
    job, is_new = jobs.order_once(
        kind=PACKAGE_JOB,
        key=f"{PACKAGE_JOB}:{exam.id}:{ordered_by_id}",
        title=f"打包成绩材料：{exam.title}",
        payload={"exam_id": exam.id, "ordered_by_id": ordered_by_id},
        ordered_by_id=ordered_by_id,
    )
    if is_new:
        append(
            AuditEvent.EXAMS_PACKAGE_ORDERED,
            person_id=ordered_by_id,
            object_type="exam",
            object_id=exam.id,
        )
    return job


def find_reason(exam: Exam) -> str:
    """Say why the sheets of an exam must not go out now; empty where they may.

    A sheet holds the keys of wrong questions: while one of these is asked in an exam whose marks
    are not out, everybody's sheets would tell it to those who still sit that exam.
    """
    if exam.released_at is None:
        return NOT_RELEASED
    hidden = papers.list_unreleased_questions()
    return ASKED_ELSEWHERE if results.is_asked_elsewhere(exam.id, hidden) else ""


def list_parts(exam: Exam) -> list[Part]:
    """Give the papers of a package: the 通报, and by department its sheet and those of its people.

    Within a department the people stand as lists do, by pinyin.
    """
    departments = db.session.execute(
        select(Department.id, Department.position, Department.name)
        .join(Sitting, Sitting.department_id == Department.id)
        .where(Sitting.exam_id == exam.id)
        .group_by(Department.id, Department.position, Department.name)
        .order_by(Department.position)
    )
    people = db.session.execute(
        select(Sitting.id, Department.position, Department.name)
        .join(SittingResult, is_counted(exam))
        .join(Department, Department.id == Sitting.department_id)
        .join(Person, Person.id == Sitting.person_id)
        .where(Sitting.exam_id == exam.id)
        .order_by(Department.position, Person.name_key, Person.id)
    )
    parts = [Part(kind=NOTICE, record_id=exam.id, folder="")]
    parts += [
        Part(
            kind=DEPARTMENT_SHEET,
            record_id=exam.id,
            part=department_id,
            folder=folder(position, name),
        )
        for department_id, position, name in departments
    ]
    parts += [
        Part(kind=RESULT_SHEET, record_id=sitting_id, folder=folder(position, name))
        for sitting_id, position, name in people
    ]
    return parts


def make_package(job: JobRun) -> Mapping[str, Any]:
    """Print what is not printed yet, pack all and keep the zip; a job's handler."""
    exam = db.session.get_one(Exam, int(job.payload["exam_id"]))
    # Another paper may have been published since it was ordered.
    reason = find_reason(exam)
    if reason:
        raise jobs.JobRefusedError(reason)
    parts = list_parts(exam)
    content = pack(parts, lambda done, total: job.progress(done=done, total=total))
    sha256 = files.put_content(content)
    package = ExamPackage(
        public_id=secrets.token_urlsafe(12),
        exam_id=exam.id,
        papers=len(parts),
        ordered_by_id=int(job.payload["ordered_by_id"]),
        made_at=clock.now(),
    )
    with db.write():
        store(package, f"{exam.title}成绩材料.zip", sha256, len(content))
    return {
        "endpoint": "exams.export_package",
        "values": {"public_id": package.public_id},
        "label": "下载材料包",
    }


def store(package: ExamPackage, name: str, sha256: str, size: int) -> None:
    """Keep a package, in the open write."""
    file = files.add_file(sha256=sha256, size=size, media_type=MEDIA_TYPE, name=name)
    package.file_id = file.id
    db.session.add(package)
    db.session.flush()
    append(
        AuditEvent.EXAMS_PACKAGE_MADE,
        person_id=package.ordered_by_id,
        object_type="exam_package",
        object_id=package.public_id,
        records=package.papers,
    )


def get_package(public_id: str) -> ExamPackage | None:
    """Give a package; the caller decides who may fetch it."""
    return db.session.scalar(select(ExamPackage).where(ExamPackage.public_id == public_id))


def list_kept(exam_id: int) -> Sequence[ExamPackage]:
    """Give the packages of an exam that can still be fetched, the newest first."""
    return db.session.scalars(
        select(ExamPackage)
        .where(
            ExamPackage.exam_id == exam_id,
            ExamPackage.file_id.is_not(None),
            ExamPackage.made_at > clock.now() - KEPT,
        )
        .order_by(ExamPackage.id.desc())
    ).all()


def file_of(package: ExamPackage) -> StoredFile | None:
    """Give the zip of a package, as long as it is kept."""
    return files.get_kept(package.file_id, package.made_at, KEPT)


def erase(package: ExamPackage) -> None:
    """Erase the zip of a package in the open write."""
    files.let_go(package)
    append(
        AuditEvent.EXAMS_PACKAGE_ERASED,
        person_id=None,
        object_type="exam_package",
        object_id=package.public_id,
    )


def erase_old() -> None:
    """Erase the zips that are two weeks old; the worker calls it."""
    files.erase_expired(ExamPackage, KEPT, erase)
